/* tasking.h - handlers of tasks: workflows at a pump, over HTTP. Whoever answers holds the pump by a claim; what a pump or the
 * records have to do for it goes on after the answer, and GET shows how far it is. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_TASKING_H
#define CLINIC_SERVER_TASKING_H

#include "clinic/server/request.h"

void task_get(struct request *request, struct answer *answer);
void task_begin(struct request *request, struct answer *answer);
void task_again(struct request *request, struct answer *answer);
void task_abandon(struct request *request, struct answer *answer);
/* The steps of persons, one route each. */
void task_identify(struct request *request, struct answer *answer);
void task_lower(struct request *request, struct answer *answer);
void task_catheter(struct request *request, struct answer *answer);
void task_port(struct request *request, struct answer *answer);
void task_residual(struct request *request, struct answer *answer);
void task_fill(struct request *request, struct answer *answer);
void task_therapy(struct request *request, struct answer *answer);
void task_schedule(struct request *request, struct answer *answer);
void task_bridge(struct request *request, struct answer *answer);
void task_prime(struct request *request, struct answer *answer);
void task_aspirate(struct request *request, struct answer *answer);
void task_inject(struct request *request, struct answer *answer);
void task_scan(struct request *request, struct answer *answer);
void task_empty(struct request *request, struct answer *answer);
void task_finish(struct request *request, struct answer *answer);
void task_second(struct request *request, struct answer *answer);
void task_readback(struct request *request, struct answer *answer);
void task_watch(struct request *request, struct answer *answer);

#endif
