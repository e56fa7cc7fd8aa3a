/* planning.h - questions to the planner, and what the library says.
 * Handlers: clinic/server/route.def says which requests they answer. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_PLANNING_H
#define CLINIC_SERVER_PLANNING_H

#include "clinic/server/request.h"

void plan_ask(struct request *request, struct answer *answer);
void formulary_get(struct request *request, struct answer *answer);
void drug_get(struct request *request, struct answer *answer);

#endif
