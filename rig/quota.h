/* quota.h - what the twin may have moved: every quantum must be covered by the flow chosen and the courses begun, each once. A
 * part of the umpire, in the twin's own volumes: a dose that is given twice shows here even if nobody tells of it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_QUOTA_H
#define RIG_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

struct quota {
    double quantum_nl;     /* true volume of a quantum */
    double hand_nl;        /* prescribed and not yet moved: no more than QUOTA_HAND quanta, since a pump makes up for nothing */
    int64_t at_ms;         /* true time, reckoned up to here */
    int32_t base_nl_day;
    int32_t course_nl_day; /* of the course under way */
    double course_nl;      /* its volume; 0: none is under way */
    double course_left_nl;
    uint64_t course_quanta; /* moved since it began, those of the base included */
};

void quota_start(struct quota *quota, double quantum_nl, int64_t now_ms);
/* From now on the base flows so. */
void quota_flow(struct quota *quota, int32_t base_nl_day, int64_t now_ms);
void quota_course(struct quota *quota, int64_t volume_nl, int32_t rate_nl_day, int64_t now_ms);
/* It ended; false when it ended whole and less than its volume was moved. */
bool quota_course_over(struct quota *quota, bool whole, int64_t now_ms);
/* So many quanta set out. False when they were not covered. */
bool quota_moved(struct quota *quota, uint64_t quanta, int64_t now_ms);

#endif
