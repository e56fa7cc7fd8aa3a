/* hearing.h - what the oracle makes of the pump's own words: each entry of its log must be possible at its instant, and
 * what an interrogation shows must agree with the account. A part of the oracle. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_HEARING_H
#define RIG_HEARING_H

#include "rig/oracle.h"

/* One entry of the log, in order. */
void hearing_event(struct oracle *oracle, const struct event *event);

/* An interrogation, at an instant at which nothing is half done. */
struct hearing_look {
    int64_t now_ms;
    uint8_t mode, course;
    int64_t metered, remaining_fl, course_left_nl, offset_ms;
    int32_t course_rate;   /* nL/day, of the course under way */
    uint32_t alarms;       /* bit set by alarm_index */
    int64_t truth_fl;      /* what is in the reservoir */
    bool mechanism_sound;  /* what is metered is what moved, since the reservoir was filled */
    const uint8_t *bytes;  /* the therapy in force, read back; size 0: none */
    size_t size;
};
void hearing_look(struct oracle *oracle, const struct hearing_look *look);

#endif
