/* ward.h - all patients with the pumps in them and what these last told: what a list needs that shows first who needs attention.
 * Handlers: clinic/server/route.def says which requests they answer. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_WARD_H
#define CLINIC_SERVER_WARD_H

#include "clinic/server/request.h"

void ward_get(struct request *request, struct answer *answer);
void pump_get(struct request *request, struct answer *answer);

#endif
