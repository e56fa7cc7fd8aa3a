/* course.c - boluses, primes and bridges: volumes with an end, one at a time. */
// SPDX-License-Identifier: Apache-2.0
#include "pump/engine.h"
#include "pump/loss.h"
#include "pump/standing.h"

bool course_exclusive(uint8_t kind)
{
    return kind == COURSE_PRIME || kind == COURSE_BRIDGE;
}

void course_begin(struct pump *pump, struct kept *kept, enum course_kind kind, vol_nl volume, rate_nl_day rate,
                  instant_ms now)
{
    struct ledger ledger;
    ledger_working(pump, kept, &ledger, now);
    ledger.course_left_grain = grain_of_nl(volume).grain;
    pump->now.course = (uint8_t)kind;
    pump->now.course_rate = rate;
    pump->now.course_volume_nl = volume.nl;
    pump->now.course_commanded = ledger.commanded_course;
    pump->now.course_missed = 0;
    ledger_store(&kept->ledger, &ledger);
    note(pump, now, ACTOR_PUMP, EVENT_COURSE_START, kind, volume.nl, rate.nl_day, 0);
    head_move(pump, now);
    engine_flows(pump, kept, now);
}

void course_end(struct pump *pump, struct kept *kept, enum course_cause cause, instant_ms now)
{
    struct ledger ledger;
    if (pump->now.course == COURSE_NONE) {
        return;
    }
    ledger_working(pump, kept, &ledger, now);
    ledger.course_left_grain = 0;
    ledger_store(&kept->ledger, &ledger);
    int64_t commanded = ledger.commanded_course - pump->now.course_commanded;
    int64_t metered = commanded - pump->now.course_missed - (ledger.intent == INTENT_COURSE);
    note(pump, now, ACTOR_PUMP, EVENT_COURSE_END, pump->now.course, commanded, metered, cause);
    if (course_exclusive(pump->now.course) && cause == COURSE_COMPLETE) {
        pump->now.bridge_open = 0;
    }
    pump->now.course = COURSE_NONE;
    pump->now.course_rate.nl_day = 0;
    if (governor_recovering(&kept->governor, now)) {
        governor_pace(&kept->governor, loss_pace(pump));
    }
    head_move(pump, now);
    engine_flows(pump, kept, now);
}

void course_missed(struct pump *pump, struct kept *kept, instant_ms now)
{
    struct ledger ledger;
    if (!course_exclusive(pump->now.course)) {
        return;
    }
    engine_reckon(pump, kept, now);
    ledger_working(pump, kept, &ledger, now);
    ledger.course_left_grain += pump->quantum_grain.grain;
    ledger_store(&kept->ledger, &ledger);
    engine_flows(pump, kept, now);
}
