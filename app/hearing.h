/* hearing.h - when a pump was heard, and whether the session with it still stands. A pump ends one after 120 s without a frame
 * and after 30 min in all, by its own clock (link/SPEC.md, section 6); what is sent into one that has ended counts as a
 * stranger's, and raises an alarm in the end. A simulated pump's clock may run many times as fast as ours, so its pace is
 * looked at. HZ-30. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_HEARING_H
#define APP_HEARING_H

#include <stdbool.h>
#include <stdint.h>

/* All zero: never heard. Ours and the pump's milliseconds, each by its own clock. */
struct hearing {
    int64_t heard_ms, pump_ms; /* the last time */
    int64_t opened_pump_ms;    /* the first time in this session */
    int64_t pace;              /* the pump's time in ours, rounded up; at least 1 once heard twice */
    bool opened;               /* a session was opened and nothing heard in it yet */
};

/* A session was opened: what is heard next is its beginning. */
void hearing_open(struct hearing *hearing);
/* The pump said what its clock shows. */
void hearing_take(struct hearing *hearing, int64_t now_ms, int64_t pump_ms);
/* May a session that was opened still be used? False may be said too early, never so that it harms: another one is opened. */
bool hearing_stands(const struct hearing *hearing, int64_t now_ms);

#endif
