/* bolustime.c - what stands between now and the patient's next bolus. */
// SPDX-License-Identifier: Apache-2.0
#include "app/bolustime.h"

#include "core/catalog.h"
#include "pump/state.h"

/* At which flow the course under way is given; 0 when the therapy does not say. */
static rate_nl_day course_rate(uint32_t course, const struct program *program)
{
    switch (course) {
    case COURSE_PRIME:
    case COURSE_BRIDGE:
    case COURSE_SINGLE:
        return program->opening.rate;
    case COURSE_PERIODIC:
        return program->periodic.rate;
    case COURSE_PATIENT:
        return program->patient.rate;
    default: /* a clinician's is as the clinician said */
        return (rate_nl_day){ 0 };
    }
}

/* When it ends if nothing holds it up. */
static instant_ms course_end(const cisterna_Status *status, const struct therapy *therapy)
{
    rate_nl_day rate = therapy != NULL ? course_rate(status->course, &therapy->program) : (rate_nl_day){ 0 };
    if (rate.nl_day == 0)
        return INSTANT_NEVER;
    return (instant_ms){ status->now_ms + span_until_due(grain_of_nl((vol_nl){ status->course_left_nl }), rate).ms };
}

struct bolustime bolustime_of(const cisterna_Status *status, const struct therapy *therapy)
{
    if (status->mode != MODE_RUNNING)
        return (struct bolustime){ INSTANT_NEVER, "none in this mode" };
    if (status->bolus_from_ms == INSTANT_NEVER.ms)
        return (struct bolustime){ INSTANT_NEVER, "none: the therapy allows none, or its permission has ended" };
    if (status->course == COURSE_NONE)
        return (struct bolustime){ { status->bolus_from_ms }, "" };
    instant_ms end = course_end(status, therapy);
    if (end.ms == INSTANT_NEVER.ms)
        return (struct bolustime){ INSTANT_NEVER, "none before what is given besides has ended" };
    return (struct bolustime){ { end.ms > status->bolus_from_ms ? end.ms : status->bolus_from_ms },
                               "when what is given besides has ended" };
}
