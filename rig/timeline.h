/* timeline.h - what clinic, patient and hardware do in a scenario, and when. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_TIMELINE_H
#define RIG_TIMELINE_H

#include "rig/scenario.h"

/* Reads the first therapy and the timeline of a scenario whose implant is already read; repeats and faults with an end
 * are spread out, and all is in time order. */
void timeline_read(const struct node *root, struct scenario *scenario);

/* Reads "fill" and "contents"; what the reservoir cannot hold is refused. */
bool timeline_fill_read(const struct node *node, const struct model *model, struct refill *refill);

#endif
