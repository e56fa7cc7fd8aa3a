/* heeding.h - how often each limit was shown and overridden, told. A rule that is overridden half of the time is a fault of
 * the rule. Screen rule L5, REQ-LIBR-04.
 * Handlers: clinic/server/route.def says which requests they answer. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_HEEDING_H
#define CLINIC_SERVER_HEEDING_H

#include "clinic/server/request.h"

void limits_get(struct request *request, struct answer *answer);

#endif
