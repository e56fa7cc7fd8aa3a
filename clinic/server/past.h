/* past.h - what was done to a pump: visits, refills, therapies, alarms.
 * Handlers: clinic/server/route.def says which requests they answer. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_PAST_H
#define CLINIC_SERVER_PAST_H

#include "clinic/server/request.h"

void visits_get(struct request *request, struct answer *answer);
void refills_get(struct request *request, struct answer *answer);
void therapies_get(struct request *request, struct answer *answer);
void alarms_get(struct request *request, struct answer *answer);
void alarm_seen(struct request *request, struct answer *answer);

#endif
