/* status.h - `cisterna status`: what the pump is doing, in its own words. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_STATUS_H
#define APP_STATUS_H

#include "app/desk.h"

int status_run(const struct desk *desk);

#endif
