/* appointment.h - the refill appointments of a play, as a patient keeps them: in time, days late, or not at all. What the clinic
 * does at the instant of a refill belongs to the visit. Who comes late comes at the appointment's own time of day (guess). Where
 * the next appointment is there first, the visit is missed, and what belonged to it is not done. Who calls the clinic meanwhile
 * is seen when that time of day comes next (guess). */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_APPOINTMENT_H
#define RIG_APPOINTMENT_H

#include <stddef.h>

#include "core/quantity.h"
#include "core/result.h"

struct play;

struct appointment {
    bool judged;  /* the appointment at `made` was judged */
    bool awaited; /* it was not kept, and the patient has not come since */
    instant_ms made;
    instant_ms comes;                          /* while awaited */
    uint64_t appointments, kept, late, missed; /* of so many; awaited is the rest */
};

/* When an awaited patient comes; never, when nobody is awaited. */
instant_ms appointment_next(const struct appointment *appointment);
/* Before an action of the timeline is done: has it to wait for a visit, or was it done or given up with one? */
MUST_USE bool appointment_holds(struct play *play, size_t index);
/* Time has passed: an awaited patient who has come by now is seen. */
void appointment_pass(struct play *play);
/* The patient has called the clinic: an awaited visit is soon. True when it comes sooner by that. */
bool appointment_call(struct appointment *appointment, instant_ms now);
/* The run is over: what must apply and is still awaited fails it. */
void appointment_end(struct play *play);

#endif
