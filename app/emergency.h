/* emergency.h - `cisterna emergency`: what can be had of a pump without a key, while a magnet is held over it. link/SPEC.md,
 * section 8. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_EMERGENCY_H
#define APP_EMERGENCY_H

#include "app/desk.h"

int emergency_run(const struct desk *desk);

#endif
