/* training.h - what becomes of a simulated pump and its patient in truth, and what is done to them for training. docs/training.md
 * Handlers: clinic/server/route.def says which requests they answer. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_TRAINING_H
#define CLINIC_SERVER_TRAINING_H

#include "clinic/server/request.h"

void twin_get(struct request *request, struct answer *answer);
void twin_post(struct request *request, struct answer *answer);

#endif
