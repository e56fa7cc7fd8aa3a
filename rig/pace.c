/* pace.c - two clocks and what lies between them. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/pace.h"

struct pace pace_from(int64_t speed, instant_ms at, instant_ms end, int64_t now_ms)
{
    return (struct pace){ .speed = speed, .began_ms = now_ms, .began_at = at, .end = end };
}

/* A conversation holds a skip up; the time between goes at the usual speed. */
static bool talks(const struct pace *pace, int64_t now_ms)
{
    return now_ms < pace->talk_until_ms;
}

bool pace_runs_free(const struct pace *pace, int64_t now_ms)
{
    return pace->skips ? !talks(pace, now_ms) : pace->speed == 0;
}

instant_ms pace_shows(const struct pace *pace, int64_t now_ms)
{
    instant_ms most = pace->skips ? pace->skip_to : pace->end;
    if (pace_runs_free(pace, now_ms))
        return most;
    int64_t speed = pace->speed > 0 ? pace->speed : 1;
    int64_t at_ms = pace->began_at.ms + (now_ms - pace->began_ms) * speed;
    return (instant_ms){ at_ms < most.ms ? at_ms : most.ms };
}

static void anew(struct pace *pace, instant_ms at, int64_t now_ms)
{
    pace->began_at = at;
    pace->began_ms = now_ms;
}

void pace_change(struct pace *pace, int64_t speed, instant_ms at, int64_t now_ms)
{
    anew(pace, at, now_ms);
    pace->speed = speed;
}

bool pace_skip(struct pace *pace, int64_t span, instant_ms at, int64_t now_ms)
{
    if (span > pace->end.ms - at.ms)
        return false;
    anew(pace, at, now_ms);
    pace->skips = true;
    pace->skip_to = (instant_ms){ at.ms + span };
    return true;
}

void pace_talk(struct pace *pace, instant_ms at, int64_t now_ms)
{
    if (pace->skips && !talks(pace, now_ms))
        anew(pace, at, now_ms);
    pace->talk_until_ms = now_ms + PACE_TALK_MS;
}

void pace_reached(struct pace *pace, instant_ms at, int64_t now_ms)
{
    if (!pace->skips || at.ms < pace->skip_to.ms)
        return;
    pace->skips = false;
    anew(pace, at, now_ms);
}

int64_t pace_wait(const struct pace *pace, instant_ms next, int64_t now_ms)
{
    int64_t speed = pace->speed > 0 ? pace->speed : 1, ms = next.ms - pace_shows(pace, now_ms).ms;
    if (pace_runs_free(pace, now_ms) || ms <= 0)
        return 0;
    ms = ms / speed + 1;
    if (pace->skips && ms > pace->talk_until_ms - now_ms)
        ms = pace->talk_until_ms - now_ms;
    return ms < PACE_WAIT_MS_MAX ? ms : PACE_WAIT_MS_MAX;
}
