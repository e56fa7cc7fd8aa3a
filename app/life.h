/* life.h - `cisterna life`: how long the cell lasts at four flows, and what ten years do to the flash. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_LIFE_H
#define APP_LIFE_H

#include <stdbool.h>

/* Reckons and prints both tables, or one JSON object. Returns EXIT_DONE when every sector stays within its rating for
 * ten years, else EXIT_FAILED. */
int life_main(bool json);

#endif
