/* people.h - patients and the pumps in them.
 * Handlers: clinic/server/route.def says which requests they answer. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_PEOPLE_H
#define CLINIC_SERVER_PEOPLE_H

#include "clinic/server/request.h"

void patients_get(struct request *request, struct answer *answer);
void patients_post(struct request *request, struct answer *answer);
void patient_get(struct request *request, struct answer *answer);
void patient_put(struct request *request, struct answer *answer);
void patient_delete(struct request *request, struct answer *answer);
void implants_get(struct request *request, struct answer *answer);
void implants_post(struct request *request, struct answer *answer);

#endif
