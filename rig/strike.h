/* strike.h - lets faults strike a life, and end. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_STRIKE_H
#define RIG_STRIKE_H

#include "rig/life.h"

/* When each fault strikes first. */
void strike_plan(struct life *life);
/* The next instant at which one strikes or ends. */
int64_t strike_next(const struct life *life);
/* Lets strike and end what is due now. */
void strike_due(struct life *life);
/* Counts what was noticed of those that came before. */
void strike_count(struct life *life);

#endif
