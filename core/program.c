/* program.c - which flow at which moment, exactly; and the most that can come of it. */
// SPDX-License-Identifier: Apache-2.0
#include "core/program.h"

enum { WEEK_MINUTES_MAX = 10080, LOCKOUT_MINUTES_MAX = 1440, EXPIRY_DAYS_MAX = 366 };
#define WEEK_MS (INT64_C(7) * DAY_MS)

static bool rate_fits(rate_nl_day rate, int32_t least)
{
    return rate.nl_day >= least && rate.nl_day <= RATE_NL_DAY_MAX;
}

static bool volume_fits(vol_nl volume, int64_t least)
{
    return volume.nl >= least && volume.nl <= VOL_NL_MAX;
}

static bool day_set_canonical(const struct day_set *set, bool used)
{
    if (used ? set->count < 1 || set->count > PROGRAM_STEPS_MAX : set->count != 0)
        return false;
    for (unsigned i = 0; i < PROGRAM_STEPS_MAX; i++) {
        const struct program_step *step = &set->step[i];
        bool first = i == 0;
        if (i >= set->count) {
            if (step->minute != 0 || step->rate.nl_day != 0)
                return false;
        } else if (!rate_fits(step->rate, 0) || step->minute >= DAY_MINUTES ||
                   (first ? step->minute != 0 : step->minute <= set->step[i - 1].minute)) {
            return false;
        }
    }
    return true;
}

static bool week_canonical(const struct program *program)
{
    bool flex = program->kind == PROGRAM_FLEX;
    uint8_t count = program->day_set_count;
    if (flex ? count < 1 || count > PROGRAM_DAY_SETS_MAX : count != 0)
        return false;
    for (unsigned i = 0; i < PROGRAM_DAY_SETS_MAX; i++)
        if (!day_set_canonical(&program->day_set[i], i < count))
            return false;
    for (unsigned day = 0; day < WEEK_DAYS; day++)
        if (program->weekday_set[day] >= (flex ? count : 1))
            return false;
    return true;
}

static bool periodic_canonical(const struct periodic_bolus *bolus, bool used)
{
    if (!used)
        return bolus->volume.nl == 0 && bolus->rate.nl_day == 0 && bolus->interval_minutes == 0 &&
               bolus->first_minutes == 0;
    return volume_fits(bolus->volume, 1) && rate_fits(bolus->rate, 1) &&
           bolus->interval_minutes >= INTERVAL_MINUTES_MIN && bolus->interval_minutes <= WEEK_MINUTES_MAX &&
           bolus->first_minutes <= WEEK_MINUTES_MAX;
}

static bool opening_canonical(const struct opening *opening)
{
    if (opening->kind == OPENING_NONE)
        return opening->volume.nl == 0 && opening->rate.nl_day == 0;
    return opening->kind <= OPENING_SINGLE && volume_fits(opening->volume, 1) && rate_fits(opening->rate, 1);
}

static bool patient_canonical(const struct patient_bolus *bolus)
{
    if (bolus->allowed == 0)
        return bolus->volume.nl == 0 && bolus->rate.nl_day == 0 && bolus->lockout_minutes == 0 &&
               bolus->max_per_day == 0 && bolus->expiry_days == 0;
    return bolus->allowed == 1 && volume_fits(bolus->volume, 1) && rate_fits(bolus->rate, 1) &&
           bolus->lockout_minutes >= 1 && bolus->lockout_minutes <= LOCKOUT_MINUTES_MAX && bolus->max_per_day >= 1 &&
           bolus->max_per_day <= PATIENT_BOLUSES_MAX && bolus->expiry_days >= 1 &&
           bolus->expiry_days <= EXPIRY_DAYS_MAX;
}

bool program_canonical(const struct program *program)
{
    bool stopped = program->kind == PROGRAM_STOPPED;
    bool baseless = stopped || program->kind == PROGRAM_FLEX;
    if (program->kind > PROGRAM_MINIMUM || !rate_fits(program->base, 0) || (baseless && program->base.nl_day != 0))
        return false;
    if (stopped && (program->opening.kind != OPENING_NONE || program->patient.allowed != 0))
        return false;
    return week_canonical(program) && periodic_canonical(&program->periodic, program->kind == PROGRAM_PERIODIC) &&
           opening_canonical(&program->opening) && patient_canonical(&program->patient);
}

rate_nl_day program_base_peak(const struct program *program)
{
    rate_nl_day peak = program->base;
    for (unsigned set = 0; set < program->day_set_count; set++)
        for (unsigned i = 0; i < program->day_set[set].count; i++)
            if (program->day_set[set].step[i].rate.nl_day > peak.nl_day)
                peak = program->day_set[set].step[i].rate;
    return peak;
}

static bool rate_in_range(rate_nl_day rate, const struct model *model)
{
    return rate.nl_day >= model->rate_min.nl_day && rate.nl_day <= model->rate_max.nl_day;
}

static verdict base_judge(const struct program *program, const struct model *model)
{
    bool fit = true;
    switch ((enum program_kind)program->kind) {
    case PROGRAM_STOPPED:
        break;
    case PROGRAM_CONTINUOUS:
        fit = rate_in_range(program->base, model);
        break;
    case PROGRAM_FLEX:
        for (unsigned set = 0; set < program->day_set_count; set++)
            for (unsigned i = 0; i < program->day_set[set].count; i++)
                fit = fit && rate_in_range(program->day_set[set].step[i].rate, model);
        break;
    case PROGRAM_PERIODIC:
        fit = program->base.nl_day == 0 || rate_in_range(program->base, model);
        break;
    case PROGRAM_MINIMUM:
        fit = program->base.nl_day == model->rate_min.nl_day;
        break;
    }
    return fit ? 0 : VERDICT_RATE_RANGE;
}

/* A bolus runs on top of the base: by itself in range, and together not above the model's flow. */
static verdict bolus_judge(rate_nl_day rate, rate_nl_day base, const struct model *model)
{
    verdict reasons = rate_in_range(rate, model) ? 0 : VERDICT_RATE_RANGE;
    return rate.nl_day + base.nl_day > model->rate_max.nl_day ? reasons | VERDICT_FLOW_SUM : reasons;
}

/* A prime or bridge runs instead of the base, and only until the old fluid has been pushed out. */
static verdict opening_judge(const struct opening *opening, rate_nl_day base, const struct model *model,
                             vol_nl dead_volume)
{
    if (opening->kind == OPENING_NONE)
        return 0;
    if (opening->kind == OPENING_SINGLE)
        return bolus_judge(opening->rate, base, model);
    verdict reasons = rate_in_range(opening->rate, model) ? 0 : VERDICT_RATE_RANGE;
    return opening->volume.nl > dead_volume.nl ? reasons | VERDICT_PRIME_SIZE : reasons;
}

/* How long a volume takes at a rate; nothing when there is no such course. */
static int64_t course_ms(vol_nl volume, rate_nl_day rate)
{
    return rate.nl_day == 0 ? 0 : span_until_due(grain_of_nl(volume), rate).ms;
}

verdict program_judge(const struct program *program, const struct model *model, vol_nl dead_volume)
{
    const struct periodic_bolus *periodic = &program->periodic;
    bool hasty = program->kind == PROGRAM_PERIODIC && periodic->interval_minutes < INTERVAL_MINUTES_MIN;
    if (!program_canonical(program))
        return VERDICT_THERAPY_FORM | (hasty ? VERDICT_INTERVAL : 0);
    rate_nl_day base = program_base_peak(program);
    int64_t opening_ms = course_ms(program->opening.volume, program->opening.rate);
    verdict reasons = base_judge(program, model) | opening_judge(&program->opening, base, model, dead_volume);
    if (program->kind == PROGRAM_PERIODIC) {
        reasons |= bolus_judge(periodic->rate, base, model);
        if (course_ms(periodic->volume, periodic->rate) >= (int64_t)periodic->interval_minutes * MINUTE_MS ||
            opening_ms > (int64_t)periodic->first_minutes * MINUTE_MS)
            reasons |= VERDICT_INTERVAL;
    }
    if (program->patient.allowed != 0)
        reasons |= bolus_judge(program->patient.rate, base, model);
    bool slow = (program->opening.kind == OPENING_SINGLE && opening_ms > DAY_MS) ||
                course_ms(program->patient.volume, program->patient.rate) > DAY_MS;
    return slow ? reasons | VERDICT_BOLUS_SIZE : reasons;
}

rate_nl_day program_rate(const struct program *program, civil_ms civil, span_ms *unchanged)
{
    if (program->kind != PROGRAM_FLEX) {
        *unchanged = (span_ms){ INT64_MAX };
        return program->base;
    }
    const struct day_set *set = &program->day_set[program->weekday_set[civil_weekday(civil)]];
    int64_t time = civil_time_of_day(civil).ms;
    unsigned at = 0;
    while (at + 1 < set->count && (int64_t)set->step[at + 1].minute * MINUTE_MS <= time)
        at++;
    int64_t until = at + 1 < set->count ? (int64_t)set->step[at + 1].minute * MINUTE_MS : DAY_MS;
    *unchanged = (span_ms){ until - time };
    return set->step[at].rate;
}

/* What a day set prescribes from midnight until a time of day. */
static int64_t day_grain_until(const struct day_set *set, int64_t time_ms)
{
    int64_t grain = 0;
    for (unsigned i = 0; i < set->count; i++) {
        int64_t from = (int64_t)set->step[i].minute * MINUTE_MS;
        int64_t until = i + 1 < set->count ? (int64_t)set->step[i + 1].minute * MINUTE_MS : DAY_MS;
        if (from >= time_ms)
            break;
        int64_t end = until < time_ms ? until : time_ms;
        grain += grain_of_rate(set->step[i].rate, (span_ms){ end - from }).grain;
    }
    return grain;
}

/* What the week prescribes before each weekday's midnight; the eighth entry is the whole week. */
struct week_grain {
    int64_t before[WEEK_DAYS + 1];
};

static struct week_grain week_sum(const struct program *program)
{
    struct week_grain week = { .before = { 0 } };
    for (unsigned day = 0; day < WEEK_DAYS; day++) {
        const struct day_set *set = &program->day_set[program->weekday_set[day]];
        week.before[day + 1] = week.before[day] + day_grain_until(set, DAY_MS);
    }
    return week;
}

/* What the week prescribes from Monday 00:00 until a moment at or after it: whole weeks at once, so that the cost
 * does not grow with the span. */
static int64_t week_grain_until(const struct program *program, const struct week_grain *week, int64_t moment_ms)
{
    int64_t in_week = moment_ms % WEEK_MS;
    unsigned day = (unsigned)(in_week / DAY_MS);
    const struct day_set *set = &program->day_set[program->weekday_set[day]];
    return moment_ms / WEEK_MS * week->before[WEEK_DAYS] + week->before[day] + day_grain_until(set, in_week % DAY_MS);
}

vol_grain program_base_volume(const struct program *program, civil_ms from, span_ms span)
{
    if (program->kind != PROGRAM_FLEX)
        return grain_of_rate(program->base, span);
    struct week_grain week = week_sum(program);
    int64_t start = (int64_t)civil_weekday(from) * DAY_MS + civil_time_of_day(from).ms;
    return (vol_grain){ week_grain_until(program, &week, start + span.ms) - week_grain_until(program, &week, start) };
}

/* The most the week's base prescribes in any window. As a function of the window's start this is piecewise linear,
 * and it bends only where the window starts or ends at a step: so the maximum is at one of those. */
static int64_t week_worst(const struct program *program, int64_t window_ms)
{
    struct week_grain week = week_sum(program);
    int64_t worst = 0;
    for (unsigned day = 0; day < WEEK_DAYS; day++) {
        const struct day_set *set = &program->day_set[program->weekday_set[day]];
        for (unsigned i = 0; i < set->count; i++) {
            /* One week later, so that a window ending here does not begin before the week does. */
            int64_t step = WEEK_MS + day * (int64_t)DAY_MS + (int64_t)set->step[i].minute * MINUTE_MS;
            int64_t here = week_grain_until(program, &week, step);
            int64_t after = week_grain_until(program, &week, step + window_ms) - here;
            int64_t before = here - week_grain_until(program, &week, step - window_ms);
            worst = after > worst ? after : worst;
            worst = before > worst ? before : worst;
        }
    }
    return worst;
}

/* The most the periodic boluses prescribe in any window: every whole interval in it holds exactly one bolus, and
 * what is left of the window can hold no more than one bolus, nor more than the bolus flows in that time. */
static int64_t periodic_worst(const struct periodic_bolus *bolus, int64_t window_ms)
{
    int64_t interval = (int64_t)bolus->interval_minutes * MINUTE_MS;
    int64_t whole = grain_of_nl(bolus->volume).grain;
    int64_t partial = grain_of_rate(bolus->rate, (span_ms){ window_ms % interval }).grain;
    return window_ms / interval * whole + (partial < whole ? partial : whole);
}

vol_grain program_worst_volume(const struct program *program, span_ms window)
{
    if (program->kind == PROGRAM_FLEX)
        return (vol_grain){ week_worst(program, window.ms) };
    int64_t grain = grain_of_rate(program->base, window).grain;
    if (program->kind == PROGRAM_PERIODIC)
        grain += periodic_worst(&program->periodic, window.ms);
    return (vol_grain){ grain };
}

rate_nl_day program_peak(const struct program *program)
{
    rate_nl_day base = program_base_peak(program);
    int32_t peak = base.nl_day + program->periodic.rate.nl_day;
    int32_t opening = program->opening.rate.nl_day + (program->opening.kind == OPENING_SINGLE ? base.nl_day : 0);
    return (rate_nl_day){ opening > peak ? opening : peak };
}

vol_grain program_least_day(const struct program *program)
{
    vol_grain least = grain_of_rate(program->base, (span_ms){ DAY_MS });
    for (unsigned set = 0; program->kind == PROGRAM_FLEX && set < program->day_set_count; set++) {
        int64_t day = day_grain_until(&program->day_set[set], DAY_MS);
        least.grain = set == 0 || day < least.grain ? day : least.grain;
    }
    if (program->kind == PROGRAM_PERIODIC && program->periodic.interval_minutes > 0)
        least.grain += DAY_MINUTES / program->periodic.interval_minutes * grain_of_nl(program->periodic.volume).grain;
    return least;
}
