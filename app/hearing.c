// SPDX-License-Identifier: Apache-2.0
#include "app/hearing.h"

/* Less than the pump's 120 s and 30 min by what a turn may take; and two hearings nearer to each other than PACE_MS tell no pace.
 * Guesses. */
enum { QUIET_MS = 100000, SESSION_MS = 25 * 60000, PACE_MS = 1000, PACE_MOST = 1000000 };

void hearing_open(struct hearing *hearing)
{
    hearing->opened = true;
}

void hearing_take(struct hearing *hearing, int64_t now_ms, int64_t pump_ms)
{
    int64_t ours = now_ms - hearing->heard_ms, theirs = pump_ms - hearing->pump_ms;
    if (hearing->heard_ms != 0 && ours >= PACE_MS) {
        int64_t pace = theirs > 0 ? theirs / ours + (theirs % ours != 0) : 1;
        hearing->pace = pace < 1 ? 1 : pace > PACE_MOST ? PACE_MOST : pace;
    }
    hearing->heard_ms = now_ms;
    hearing->pump_ms = pump_ms;
    if (hearing->opened)
        hearing->opened_pump_ms = pump_ms;
    hearing->opened = false;
}

bool hearing_stands(const struct hearing *hearing, int64_t now_ms)
{
    int64_t pace = hearing->pace < 1 ? 1 : hearing->pace, ours = now_ms - hearing->heard_ms;
    if (ours < 0 || ours >= QUIET_MS)
        return false;
    int64_t quiet = ours * pace;
    return quiet < QUIET_MS && hearing->pump_ms - hearing->opened_pump_ms + quiet < SESSION_MS;
}
