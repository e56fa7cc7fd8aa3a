/* pace.h - how fast the time of a live implant passes beside ours: so many of its milliseconds in one, changed while it runs and
 * never by a jump; and a span that passes as fast as it goes. A span that is skipped waits while somebody talks with the pump,
 * whose conversations last as long as in life. Pure: both clocks are the caller's. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_PACE_H
#define RIG_PACE_H

#include <stdbool.h>

#include "core/quantity.h"
#include "core/result.h"

enum {
    PACE_SPEED_MAX = 1000000,
    PACE_TALK_MS = 400, /* guess: so long after a frame a conversation may still go on */
    PACE_WAIT_MS_MAX = 1000
};

struct pace {
    int64_t speed;       /* virtual ms for each ms; 0: as fast as it goes */
    int64_t began_ms;    /* by our clock, */
    instant_ms began_at; /* when the implant's showed this */
    instant_ms end;      /* never shows more */
    bool skips;
    instant_ms skip_to;
    int64_t talk_until_ms; /* by our clock: a skip waits until then */
};

/* Begins now, at this instant of the implant. */
struct pace pace_from(int64_t speed, instant_ms at, instant_ms end, int64_t now_ms);
/* What the implant's clock should show. */
instant_ms pace_shows(const struct pace *pace, int64_t now_ms);
/* From now on another speed, 1 to PACE_SPEED_MAX. The implant is at `at`: where it was behind, it does not catch up. */
void pace_change(struct pace *pace, int64_t speed, instant_ms at, int64_t now_ms);
/* From now on as fast as it goes, for this span (above 0). False, and nothing changed, when that is past the end. */
MUST_USE bool pace_skip(struct pace *pace, int64_t span, instant_ms at, int64_t now_ms);
/* Somebody talks with the pump, which is at `at`. */
void pace_talk(struct pace *pace, instant_ms at, int64_t now_ms);
/* The implant has come to `at`: a skip may be over, or go on after a conversation. */
void pace_reached(struct pace *pace, instant_ms at, int64_t now_ms);
/* Does time pass as fast as it goes just now? */
bool pace_runs_free(const struct pace *pace, int64_t now_ms);
/* How long to wait for the implant's next instant, ms of ours; 0 when it is due, at most PACE_WAIT_MS_MAX. */
int64_t pace_wait(const struct pace *pace, instant_ms next, int64_t now_ms);

#endif
