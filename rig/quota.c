// SPDX-License-Identifier: Apache-2.0
#include "rig/quota.h"

/* Slack, in quanta: what may be in hand when a flow changes, and how far a count may be off at either end of a course. No course
 * of the campaign is shorter than twice their sum, so that none hides in it. */
static const double QUOTA_HAND = 1.5, QUOTA_SHORT = 1.5;
static const double DAY_IN_MS = 86400000.0;

void quota_start(struct quota *quota, double quantum_nl, int64_t now_ms)
{
    *quota = (struct quota){ .quantum_nl = quantum_nl, .at_ms = now_ms };
}

static void pass(struct quota *quota, int64_t now_ms)
{
    double lasted_days = (double)(now_ms - quota->at_ms) / DAY_IN_MS;
    double gives_nl = quota->course_nl_day * lasted_days;
    if (gives_nl > quota->course_left_nl)
        gives_nl = quota->course_left_nl;
    quota->course_left_nl -= gives_nl;
    quota->hand_nl += gives_nl + quota->base_nl_day * lasted_days;
    if (quota->hand_nl > QUOTA_HAND * quota->quantum_nl)
        quota->hand_nl = QUOTA_HAND * quota->quantum_nl;
    quota->at_ms = now_ms;
}

void quota_flow(struct quota *quota, int32_t base_nl_day, int64_t now_ms)
{
    pass(quota, now_ms);
    quota->base_nl_day = base_nl_day;
}

void quota_course(struct quota *quota, int64_t volume_nl, int32_t rate_nl_day, int64_t now_ms)
{
    pass(quota, now_ms);
    quota->course_nl = quota->course_left_nl = (double)volume_nl;
    quota->course_nl_day = rate_nl_day;
    quota->course_quanta = 0;
}

bool quota_course_over(struct quota *quota, bool whole, int64_t now_ms)
{
    pass(quota, now_ms);
    double moved_nl = ((double)quota->course_quanta + QUOTA_SHORT) * quota->quantum_nl;
    bool enough = !whole || moved_nl >= quota->course_nl;
    quota->course_nl = quota->course_left_nl = 0;
    quota->course_nl_day = 0;
    return enough;
}

bool quota_moved(struct quota *quota, uint64_t quanta, int64_t now_ms)
{
    pass(quota, now_ms);
    quota->course_quanta += quota->course_nl > 0 ? quanta : 0;
    quota->hand_nl -= (double)quanta * quota->quantum_nl;
    if (quota->hand_nl >= -0.5 * quota->quantum_nl)
        return true;
    quota->hand_nl = 0;
    return false;
}
