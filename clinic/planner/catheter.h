/* catheter.h - the catheter as the record says it was implanted, and what has to be pushed out of it and of the pump's tubing.
 * REQ-RSVR-10. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PLANNER_CATHETER_H
#define CLINIC_PLANNER_CATHETER_H

#include "clinic/guard/guard.h"
#include "clinic/planner/sheet.h"


/* Either a volume, where the record tells one, or a length before it was cut and what was cut off. */
struct implanted_catheter {
    bool by_volume;
    vol_nl volume;
    int32_t length_mm, trimmed_mm;
};

/* Volume of the catheter alone: length times the model's volume of a centimetre (clinical facts 1.4, Prometra manual p. 33), to
 * the whole nL below. */
vol_nl catheter_held(const struct model *model, const struct implanted_catheter *catheter);
/* Tubing and catheter. */
vol_nl catheter_dead_volume(const struct model *model, const struct implanted_catheter *catheter);

/* False, and a hard finding, when it is none. */
bool catheter_judge(struct findings *findings, const struct implanted_catheter *catheter);
void catheter_inputs(struct sheet *sheet, const struct model *model, const struct implanted_catheter *catheter);

#endif
