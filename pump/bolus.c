// SPDX-License-Identifier: Apache-2.0
#include "pump/bolus.h"

#include "pump/engine.h"
#include "pump/forecast.h"
#include "pump/standing.h"

static int64_t length_ms(const struct bolus_ask *ask)
{
    return span_until_due(grain_of_nl(ask->volume), ask->rate).ms;
}

static void refuse(struct bolus_answer *answer, verdict reason, int64_t earliest_ms)
{
    answer->reasons |= reason;
    if (earliest_ms > answer->earliest.ms) {
        answer->earliest.ms = earliest_ms;
    }
}

/* Lockout from the start of the last one, count over any 24 hours, end of the permission: all monotonic. */
static void judge_permission(const struct pump *pump, instant_ms now, struct bolus_answer *answer)
{
    const struct patient_bolus *permit = &pump->therapy.program.patient;
    if (!permit->allowed) {
        refuse(answer, VERDICT_NO_PERMISSION, INT64_MAX);
        return;
    }
    if (now.ms >= pump->now.activated_ms + (int64_t)permit->expiry_days * DAY_MS) {
        refuse(answer, VERDICT_EXPIRED, INT64_MAX);
    }
    int64_t left = permit->max_per_day;
    for (unsigned i = pump->now.grants; i-- > 0;) {
        const struct grant *grant = &pump->now.grant[i];
        if (!grant->patient || now.ms - grant->at_ms >= DAY_MS) {
            continue;
        }
        int64_t free_ms = grant->at_ms + (int64_t)permit->lockout_minutes * MINUTE_MS;
        if (now.ms < free_ms) {
            refuse(answer, VERDICT_LOCKOUT, free_ms);
        }
        if (--left == 0) { /* this one and all later ones fill the day; it must leave first */
            refuse(answer, VERDICT_DAILY_COUNT, grant->at_ms + DAY_MS);
        }
    }
}

instant_ms bolus_from(const struct pump *pump, instant_ms now)
{
    struct bolus_answer answer = { 0, { now.ms } };
    if (!pump->has_therapy || pump->now.mode != MODE_RUNNING) {
        return INSTANT_NEVER;
    }
    judge_permission(pump, now, &answer);
    return answer.earliest;
}

/* Volume of the boluses that a window ending with the asked one's end may still hold, one bucket of carefulness
 * included. */
static int64_t booked_nl(const struct pump *pump, int64_t from_ms, unsigned *oldest)
{
    int64_t sum = 0;
    *oldest = GRANTS_MAX;
    for (unsigned i = 0; i < pump->now.grants; i++) {
        const struct grant *grant = &pump->now.grant[i];
        if (grant->at_ms + grant->length_ms > from_ms) {
            sum += grant->volume_nl;
            *oldest = *oldest == GRANTS_MAX ? i : *oldest;
        }
    }
    return sum;
}

/* Whole window of base, every bolus booked in it, and this one: each drug within its limit? */
static bool window_fits(const struct pump *pump, unsigned kind, int64_t bolus_nl)
{
    const struct limits *limits = &pump->therapy.limits;
    vol_grain volume = { pump->worst[kind].grain + grain_of_nl((vol_nl){ bolus_nl }).grain };
    for (unsigned row = 0; row < limits->count; row++) {
        conc_ng_ml conc = contents_highest(&pump->now.contents, limits->drug[row].drug);
        if (limits_mass(volume, pump->quantum, conc).fg > limits->drug[row].window[kind].fg) {
            return false;
        }
    }
    return true;
}

static void judge_windows(const struct pump *pump, const struct bolus_ask *ask, instant_ms now,
                          struct bolus_answer *answer)
{
    const verdict reason[WINDOW_KINDS] = { VERDICT_HOUR_LIMIT, VERDICT_DAY_LIMIT };
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        int64_t reach_ms = window_span((enum window_kind)kind).ms + window_bucket_span((enum window_kind)kind).ms;
        int64_t at_ms = now.ms;
        unsigned oldest;
        int64_t booked = booked_nl(pump, at_ms - reach_ms, &oldest);
        while (!window_fits(pump, kind, booked + ask->volume.nl) && oldest != GRANTS_MAX) {
            at_ms = pump->now.grant[oldest].at_ms + pump->now.grant[oldest].length_ms + reach_ms;
            booked = booked_nl(pump, at_ms - reach_ms, &oldest);
        }
        if (!window_fits(pump, kind, booked + ask->volume.nl)) {
            refuse(answer, reason[kind], INT64_MAX);
        } else if (at_ms > now.ms) {
            refuse(answer, reason[kind], at_ms);
        }
    }
}

static void judge_forecast(const struct pump *pump, const struct kept *kept, const struct bolus_ask *ask,
                           instant_ms now, struct bolus_answer *answer)
{
    struct ledger ledger;
    if (ledger_load(&kept->ledger, &ledger) != RESULT_OK) {
        refuse(answer, VERDICT_RECOVERING, INT64_MAX);
        return;
    }
    ledger_accrue(&ledger, pump->base, pump->course, now);
    struct forecast_ask forecast_ask = { .base = forecast_base(pump),
                                         .course = grain_of_nl(ask->volume),
                                         .course_rate = ask->rate,
                                         .contents = &pump->now.contents };
    struct forecast forecast = forecast_judge(pump, &kept->governor, &ledger, now, &forecast_ask);
    if (forecast.reasons != 0) {
        refuse(answer, forecast.reasons, forecast.earliest.ms);
    }
    if (engine_remaining(pump, &ledger).fl < (ask->volume.nl + pump->model.quantum.nl) * FL_PER_NL) {
        refuse(answer, VERDICT_RESERVOIR, INT64_MAX);
    }
}

/* When the bolus under way ends, as far as that is certain; a prime or bridge ends by volume. */
static int64_t course_end_ms(const struct pump *pump)
{
    if (course_exclusive(pump->now.course) || pump->now.grants == 0 || pump->now.course == COURSE_PERIODIC) {
        return course_exclusive(pump->now.course) ? INT64_MAX : pump->change_ms;
    }
    const struct grant *last = &pump->now.grant[pump->now.grants - 1];
    return last->at_ms + last->length_ms;
}

/* Can any bolus begin in the pump's present state? */
static void judge_state(const struct pump *pump, const struct kept *kept, instant_ms now, struct bolus_answer *answer)
{
    if (!pump->has_therapy || pump->now.mode != MODE_RUNNING) {
        refuse(answer, VERDICT_NOT_RUNNING, INT64_MAX);
        return;
    }
    if (governor_recovering(&kept->governor, now)) {
        refuse(answer, VERDICT_RECOVERING, kept->governor.recovered_ms);
    }
    if (pump->now.flow_since_ms != INT64_MAX) {
        refuse(answer, VERDICT_NOT_RUNNING, INT64_MAX); /* nothing flows: a bolus now would come at an unknown time */
    }
    if (pump->now.course != COURSE_NONE) {
        refuse(answer, VERDICT_COURSE_RUNNING, course_end_ms(pump));
    }
}

/* Size, flow and time of this one, each alone. False when it is so malformed that nothing more can be reckoned. */
static bool judge_ask(const struct pump *pump, const struct bolus_ask *ask, instant_ms now, struct bolus_answer *answer)
{
    const struct therapy *therapy = &pump->therapy;
    if (ask->rate.nl_day < pump->model.rate_min.nl_day || ask->rate.nl_day > pump->model.rate_max.nl_day) {
        refuse(answer, VERDICT_RATE_RANGE, INT64_MAX);
        return false;
    }
    if (ask->volume.nl > therapy->limits.bolus_max.nl || length_ms(ask) > DAY_MS) {
        refuse(answer, VERDICT_BOLUS_SIZE, INT64_MAX);
        return false;
    }
    int64_t flow = (int64_t)program_base_peak(&therapy->program).nl_day + ask->rate.nl_day;
    if (flow > pump->model.rate_max.nl_day || flow > therapy->limits.rate_max.nl_day) {
        refuse(answer, VERDICT_FLOW_SUM, INT64_MAX);
    }
    if (pump->now.periodic_next_ms != INT64_MAX && now.ms + length_ms(ask) >= pump->now.periodic_next_ms) {
        const struct periodic_bolus *periodic = &therapy->program.periodic;
        int64_t lasts_ms = span_until_due(grain_of_nl(periodic->volume), periodic->rate).ms;
        bool fits = lasts_ms + length_ms(ask) < (int64_t)periodic->interval_minutes * MINUTE_MS;
        refuse(answer, VERDICT_SCHEDULED_BOLUS, fits ? pump->now.periodic_next_ms + lasts_ms : INT64_MAX);
    }
    if (pump->now.grants == GRANTS_MAX && now.ms - pump->now.grant[0].at_ms < 2 * (int64_t)DAY_MS) {
        refuse(answer, VERDICT_DAILY_COUNT, pump->now.grant[0].at_ms + 2 * (int64_t)DAY_MS);
    }
    return true;
}

struct bolus_answer bolus_judge(const struct pump *pump, const struct kept *kept, const struct bolus_ask *ask,
                                instant_ms now)
{
    struct bolus_answer answer = { 0, { now.ms } };
    judge_state(pump, kept, now, &answer);
    if (answer.reasons & VERDICT_NOT_RUNNING) {
        return answer;
    }
    if (ask->patient) {
        judge_permission(pump, now, &answer);
    }
    if ((answer.reasons & VERDICT_NO_PERMISSION) == 0 && judge_ask(pump, ask, now, &answer) &&
        (answer.reasons & VERDICT_COURSE_RUNNING) == 0) {
        judge_windows(pump, ask, now, &answer);
        judge_forecast(pump, kept, ask, now, &answer);
    }
    return answer;
}

void bolus_book(struct pump *pump, const struct bolus_ask *ask, instant_ms now)
{
    struct standing *s = &pump->now;
    if (s->grants == GRANTS_MAX) {
        for (unsigned i = 1; i < GRANTS_MAX; i++) {
            s->grant[i - 1] = s->grant[i];
        }
        s->grants--;
    }
    s->grant[s->grants++] = (struct grant){ now.ms, (uint32_t)length_ms(ask), (int32_t)ask->volume.nl, ask->patient };
    pump->now_changed = true;
}

void bolus_begin(struct pump *pump, struct kept *kept, const struct bolus_ask *ask, instant_ms now)
{
    bolus_book(pump, ask, now);
    engine_reckon(pump, kept, now);
    course_begin(pump, kept, ask->patient ? COURSE_PATIENT : COURSE_CLINICIAN, ask->volume, ask->rate, now);
}
