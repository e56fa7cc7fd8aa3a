/* field.h - strong magnetic fields, and what a clinician plans for one. A rotor stands still in a scanner and goes on by itself
 * afterwards, so its program stays; a valve may open in one, so a valve-dosed pump is emptied first. REQ-THER-21,
 * REQ-ALRM-05, -10, HZ-03, HZ-19, HZ-20. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_FIELD_H
#define PUMP_FIELD_H

#include "pump/state.h"

/* Senses now. True while a strong field is felt. Its beginning and end are logged with their times and what was missed,
 * though nobody interrogates. field_stalled(): likewise, after a quantum stalled; true when a field was the cause. */
bool field_sense(struct pump *pump, const struct board *board, instant_ms now);
bool field_stalled(struct pump *pump, const struct board *board, instant_ms now);
/* Takes what a reading of the sensors says of the field. */
void field_felt(struct pump *pump, const struct kept *kept, bool felt, instant_ms now);

/* A clinician opens or closes MRI mode; the reasons when that is refused. A rotor keeps its program, and the mode ends
 * by itself: nothing of therapy depends on it. A valve-dosed pump must be at zero rate and confirmed empty, and stays
 * in the mode until its end is told or it is refilled. */
verdict field_begin(struct pump *pump, const struct kept *kept, instant_ms now);
verdict field_end(struct pump *pump, instant_ms now);
/* Is delivery barred because an emptied pump waits for its scan? */
bool field_bars(const struct pump *pump);
/* A refill was told: what was confirmed about the reservoir holds no more, or does now. */
void field_refilled(struct pump *pump, vol_nl holds, instant_ms now);
/* Must it be emptied before a scan? */
bool field_empty_first(const struct pump *pump);
/* Ends a planned span that is over. Returns when the next look is due. */
instant_ms field_look(struct pump *pump, instant_ms now);

#endif
