/* emergency.h - `cisterna emergency`: what can be had of a pump without a key, while a magnet is held over it. link/SPEC.md,
 * section 8. `lower` ends with EXIT_DONE when the pump then gives no more than its safe rate, and says whether that is its doing;
 * with EXIT_REFUSED when the pump answers and flows on as before; with EXIT_UNKNOWN when nothing answers. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_EMERGENCY_H
#define APP_EMERGENCY_H

#include "app/desk.h"

int emergency_run(const struct desk *desk);

#endif
