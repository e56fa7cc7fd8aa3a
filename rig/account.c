// SPDX-License-Identifier: Apache-2.0
#include "rig/account.h"

#include "rig/agenda.h"

enum { GRAINS_PER_FL = 432, GRAINS_PER_NL = 432000000, GRAINS_PER_FLOW_MS = 5 }; /* docs/decisions/0001-grains.md */

bool account_lenient(const struct oracle *oracle, int64_t now_ms)
{
    return now_ms < oracle->recovering_until_ms || oracle->withheld || oracle->refused || oracle->mode == MODE_SAFE;
}

static bool exclusive(const struct oracle *oracle)
{
    return oracle->course == ACCOUNT_PRIME || oracle->course == ACCOUNT_BRIDGE;
}

static int32_t base_flow(const struct oracle *oracle, int64_t *until_ms)
{
    *until_ms = INT64_MAX;
    int64_t civil_until;
    switch (oracle->mode) {
    case MODE_RUNNING: {
        if (!oracle->now.is)
            return 0;
        int32_t flow = agenda_flow(&oracle->now.therapy.program, oracle->at_ms + oracle->offset_ms, &civil_until);
        if (civil_until != INT64_MAX)
            *until_ms = civil_until - oracle->offset_ms;
        return flow;
    }
    case MODE_MINIMUM:
        return oracle->facts.rate_min;
    case MODE_SAFE:
        return oracle->now.is ? oracle->now.therapy.safe_rate.nl_day : 0;
    default:
        return 0;
    }
}

/* The flows from at_ms on, and until when they hold. */
static void flows_find(struct oracle *oracle)
{
    oracle->flows_known = true;
    oracle->base = base_flow(oracle, &oracle->change_ms);
    int64_t per_ms = 0;
    if (oracle->course != ACCOUNT_NONE && oracle->mode != MODE_EMPTY && oracle->course_rate > 0) {
        if (exclusive(oracle))
            oracle->base = 0;
        per_ms = GRAINS_PER_FLOW_MS * (int64_t)oracle->course_rate;
        int64_t end_ms = oracle->at_ms + (oracle->course_left + per_ms - 1) / per_ms;
        if (end_ms > oracle->at_ms && end_ms < oracle->change_ms)
            oracle->change_ms = end_ms;
    }
}

void account_flows(struct oracle *oracle)
{
    oracle->flows_known = false;
}

/* What the course gives in a span: no more than it has left. After a reset, or while the pump may hold quanta back, the end
 * of a prime or bridge is not known to the grain: it goes on until the pump says that it is over. */
static int64_t course_gives(struct oracle *oracle, int64_t lasts_ms)
{
    if (oracle->course == ACCOUNT_NONE || oracle->mode == MODE_EMPTY)
        return 0;
    int64_t gives = GRAINS_PER_FLOW_MS * (int64_t)oracle->course_rate * lasts_ms;
    if (gives < oracle->course_left) {
        oracle->course_left -= gives;
        return gives;
    }
    if (exclusive(oracle) && (oracle->course_loose || account_lenient(oracle, oracle->at_ms))) {
        oracle->course_left -= gives;
        return gives;
    }
    gives = oracle->course_left;
    oracle->course_left = 0;
    return gives;
}

static void span_add(struct oracle *oracle, int64_t to_ms)
{
    int64_t span = oracle->off ? 0 : to_ms - oracle->at_ms;
    int64_t grain = GRAINS_PER_FLOW_MS * (int64_t)oracle->base * span;
    if (oracle->course != ACCOUNT_NONE)
        grain += course_gives(oracle, span);
    oracle->hi += grain;
    if (!account_lenient(oracle, to_ms))
        oracle->lo += grain;
    oracle->at_ms = to_ms;
}

void account_accrue(struct oracle *oracle, int64_t now_ms)
{
    while (oracle->at_ms < now_ms) {
        if (!oracle->flows_known || oracle->at_ms >= oracle->change_ms) {
            bool loose = exclusive(oracle) && (oracle->course_loose || account_lenient(oracle, oracle->at_ms));
            if (oracle->course != ACCOUNT_NONE && oracle->course_left <= 0 && !loose)
                oracle->course = ACCOUNT_NONE; /* it ended at the last change */
            flows_find(oracle);
        }
        span_add(oracle, now_ms < oracle->change_ms ? now_ms : oracle->change_ms);
    }
    bool judged = oracle->course_loose && !oracle->course_withheld && !account_lenient(oracle, now_ms);
    if (judged && oracle->course_left < -4 * oracle->quantum_grain)
        oracle_break(oracle, PROMISE_PRESCRIBED, now_ms, "a prime or bridge goes on beyond its volume");
    if (oracle->lo >= 2 * oracle->quantum_grain && !account_lenient(oracle, now_ms) &&
        now_ms - oracle->fired_ms > oracle->facts.busy_ms) {
        oracle_break(oracle, PROMISE_FLOW, now_ms,
                     "%lld thousandths of a quantum are prescribed and not commanded; the last was at %lld ms",
                     (long long)(oracle->lo * 1000 / oracle->quantum_grain), (long long)oracle->fired_ms);
    }
}

void account_course(struct oracle *oracle, uint8_t kind, int64_t volume_nl, int32_t flow)
{
    oracle->course = kind;
    oracle->course_rate = flow;
    oracle->course_left = volume_nl * GRAINS_PER_NL;
    oracle->course_loose = false;
    oracle->course_withheld = false;
    oracle->course_late = false;
    account_flows(oracle);
}

void account_course_over(struct oracle *oracle)
{
    oracle->course = ACCOUNT_NONE;
    oracle->course_left = 0;
    account_flows(oracle);
}

void account_drop(struct oracle *oracle)
{
    oracle->lo = 0;
    oracle->hi = 0;
}

void account_take(struct oracle *oracle, int64_t now_ms)
{
    int64_t q = oracle->quantum_grain;
    if (oracle->hi < q) {
        oracle_break(oracle, PROMISE_PRESCRIBED, now_ms,
                     "a quantum was commanded with only %lld thousandths of one prescribed and in hand",
                     (long long)(oracle->hi * 1000 / q));
    }
    /* A quantum in hand is commanded as soon as the motor is free: the pump cannot have had two. */
    if (oracle->lo != oracle->hi && oracle->hi > 2 * q)
        oracle->hi = 2 * q;
    if (oracle->lo < q)
        oracle->lo = q;
    if (oracle->hi < oracle->lo)
        oracle->lo = oracle->hi;
    oracle->lo -= q;
    oracle->hi -= q;
}
