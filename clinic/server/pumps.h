/* pumps.h - one writer a pump, and what pumps tell. HZ-24, HZ-28, HZ-38.
 * Handlers: clinic/server/route.def says which requests they answer. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_PUMPS_H
#define CLINIC_SERVER_PUMPS_H

#include "clinic/server/request.h"

void pumps_get(struct request *request, struct answer *answer);
void pump_claim(struct request *request, struct answer *answer);
void pump_release(struct request *request, struct answer *answer);
void pump_events(struct request *request, struct answer *answer);

#endif
