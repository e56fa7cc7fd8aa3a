/* status.h - `cisterna status`: what the pump is doing, in its own words. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_STATUS_H
#define APP_STATUS_H

#include <jansson.h>

#include "app/desk.h"
#include "app/visit.h"

int status_run(const struct desk *desk);
/* What the pump of an open visit tells, as a new object; null with a message when it does not answer. */
json_t *status_json(struct visit *visit);

#endif
