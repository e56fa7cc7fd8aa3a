/* asking.h - the ten questions, each reading its options into a sheet; called through clinic/planner/inquiry.h. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PLANNER_ASKING_H
#define CLINIC_PLANNER_ASKING_H

#include "clinic/planner/inquiry.h"

/* False with a fault in the inquiry. */
#define PLAN(word, function, ...)                                                                                              \
    bool function(struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet);
#include "clinic/planner/question.def"
#undef PLAN

#endif
