/* pain.h - what patients say of their pain, and whether a rising dose still serves them.
 * Handlers: clinic/server/route.def says which requests they answer. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_PAIN_H
#define CLINIC_SERVER_PAIN_H

#include "clinic/server/request.h"

void scores_get(struct request *request, struct answer *answer);
void scores_post(struct request *request, struct answer *answer);
void benefit_get(struct request *request, struct answer *answer);

#endif
