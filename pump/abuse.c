// SPDX-License-Identifier: Apache-2.0
#include "pump/abuse.h"

#include "pump/alarm.h"

/* Above these within an hour: guesses. A patient in pain presses every other minute and must not be beeped at for it; more
 * than once a minute for an hour is a stuck button or a child. */
enum { REFUSED_TOLERATED = 60, STRANGERS_TOLERATED = 30 };

static void abuse_count(struct pump *pump, uint32_t *count, int64_t *since_ms, uint32_t tolerated, enum alarm_index alarm,
                        instant_ms now)
{
    if (*count == 0 || now.ms - *since_ms >= HOUR_MS) {
        *count = 0;
        *since_ms = now.ms;
    }
    ++*count;
    if (*count > tolerated) {
        alarm_raise(pump, alarm, *count, now);
    }
}

void abuse_refused(struct pump *pump, instant_ms now)
{
    abuse_count(pump, &pump->abuse.refused, &pump->abuse.refused_ms, REFUSED_TOLERATED, ALARM_AT_BOLUS_ABUSE, now);
}

void abuse_stranger(struct pump *pump, instant_ms now)
{
    abuse_count(pump, &pump->abuse.strangers, &pump->abuse.strangers_ms, STRANGERS_TOLERATED, ALARM_AT_RADIO_ABUSE, now);
}

/* An hour after its count began, a count that stayed within what is tolerated ends the alarm. */
static instant_ms abuse_over(struct pump *pump, uint32_t *count, int64_t since_ms, enum alarm_index alarm, instant_ms now)
{
    if (*count == 0) {
        return INSTANT_NEVER;
    }
    if (now.ms - since_ms < HOUR_MS) {
        return (instant_ms){ since_ms + HOUR_MS };
    }
    *count = 0;
    alarm_end(pump, alarm, now);
    return INSTANT_NEVER;
}

instant_ms abuse_look(struct pump *pump, instant_ms now)
{
    struct abuse *abuse = &pump->abuse;
    instant_ms patient = abuse_over(pump, &abuse->refused, abuse->refused_ms, ALARM_AT_BOLUS_ABUSE, now);
    instant_ms radio = abuse_over(pump, &abuse->strangers, abuse->strangers_ms, ALARM_AT_RADIO_ABUSE, now);
    return instant_min(patient, radio);
}
