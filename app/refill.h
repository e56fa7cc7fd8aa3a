/* refill.h - `cisterna refill`: tells the pump what was drawn out and put in, perhaps with a therapy that comes into force in the
 * same step. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_REFILL_H
#define APP_REFILL_H

#include "app/desk.h"

int refill_run(const struct desk *desk);

#endif
