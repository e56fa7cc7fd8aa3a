/* pair.h - `cisterna pair`: makes this programmer known to a pump. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PAIR_H
#define APP_PAIR_H

#include "app/desk.h"

int pair_run(const struct desk *desk);

#endif
