/* supervisor.h - modes, interruptions and losses: what the pump does when something other than a quantum is due.
 * REQ-THER-05, -16, -20, REQ-ALRM-04, -07, HZ-17, HZ-23, HZ-32, HZ-40. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_SUPERVISOR_H
#define PUMP_SUPERVISOR_H

#include "pump/state.h"

/* The pump looks at itself so often at least (supervisor_look()), and so never asks for a wake that is farther away. */
enum { LOOK_EVERY_MS = HOUR_MS };

enum happening {
    HAPPENING_ACTIVATE,
    HAPPENING_STOP,
    HAPPENING_MINIMUM,
    HAPPENING_RESUME,
    HAPPENING_EMPTY,
    HAPPENING_REFILLED,
    HAPPENING_FAULT,
    HAPPENINGS
};

/* The next mode, from the one table (pump/supervisor.def); MODE_SAFE for a mode number that does not exist. */
enum mode supervisor_next(uint8_t mode, enum happening happening);

/* Something happened: changes the mode by the table, ends what cannot go on in it (course, fraction in hand), sets
 * the flows. */
void supervisor_happen(struct pump *pump, struct kept *kept, enum happening happening, instant_ms now);

/* A quantum that should have flowed did not; and: one was metered again. */
void supervisor_no_flow(struct pump *pump, instant_ms now);
void supervisor_flow(struct pump *pump, instant_ms now);
/* How long therapy has been interrupted, the longest unacknowledged one included, until it has flowed as long again;
 * INTERRUPTED_UNKNOWN_MS when nobody knows how long it was. The second says -1 for that. */
span_ms supervisor_interrupted(const struct pump *pump, instant_ms now);
int64_t supervisor_interrupted_told(const struct pump *pump, instant_ms now);
/* Was it longer than this restart limit? Then the earlier dose needs an acknowledged re-titration. */
bool supervisor_restart_barred(const struct pump *pump, uint16_t restart_limit_hours, instant_ms now);

/* What stands against a command that would let the pump go on or give more, whatever else is judged: a safe state that is
 * held, an emptied pump that waits for its scan, a pump found not infusing. 0 when nothing does. */
verdict supervisor_bars(const struct pump *pump, const struct command *command);
/* The software has just started, for this cause (enum boot_cause), and the ledger is ready. Three starts nobody asked for
 * within a day hold the safe state; a time that is not known counts as none (REQ-PWR-03). */
void supervisor_booted(struct pump *pump, struct kept *kept, uint8_t cause, instant_ms now);

/* The power was off since the last moment known, until now: for an hour or more that is an interruption. It adds to one before
 * that has not been made good by as long a flow (a guess): unlike a stall it could not call meanwhile. */
void supervisor_powerless(struct pump *pump, int64_t known_ms, instant_ms now);
/* Nothing flowed for a time that nobody knows: longer than any restart limit, until a clinician has acknowledged it. */
void supervisor_unknown_stop(struct pump *pump);

/* A clinician acknowledged re-titration: the interruption so far no longer counts. */
void supervisor_acknowledge(struct pump *pump, instant_ms now);

/* The metered count reached its milestone: contents moved on, or the reservoir is low or empty. */
void supervisor_milestone(struct pump *pump, const struct board *board, instant_ms now);

/* Alarms to repeat, long stops, long interruptions, the driver's budget. Sets pump->look_ms. */
void supervisor_look(struct pump *pump, const struct board *board, instant_ms now);

#endif
