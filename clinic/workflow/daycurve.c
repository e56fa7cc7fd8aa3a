/* daycurve.c - the 24 hours of a program, minute by minute, told as steps. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/daycurve.h"

static int64_t minute_grain(rate_nl_day rate)
{
    return grain_of_rate(rate, (span_ms){ MINUTE_MS }).grain;
}

static rate_nl_day base_at(const struct program *program, unsigned set, unsigned minute)
{
    if (program->kind != PROGRAM_FLEX)
        return program->base;
    const struct day_set *day = &program->day_set[set];
    unsigned at = 0;
    while (at + 1U < day->count && day->step[at + 1].minute <= minute)
        at++;
    return day->step[at].rate;
}

/* What is still to come of a bolus that began before these minutes. */
static int64_t bolus_rest(const struct periodic_bolus *bolus, unsigned from_minutes)
{
    if (from_minutes < bolus->first_minutes)
        return 0;
    int64_t gone = (from_minutes - bolus->first_minutes) % bolus->interval_minutes;
    int64_t rest = grain_of_nl(bolus->volume).grain - gone * minute_grain(bolus->rate);
    return rest > 0 ? rest : 0;
}

static bool bolus_begins(const struct periodic_bolus *bolus, unsigned minutes)
{
    return minutes >= bolus->first_minutes && (minutes - bolus->first_minutes) % bolus->interval_minutes == 0;
}

void daycurve_make(const struct program *program, unsigned set, unsigned from_minutes, struct daycurve *curve)
{
    const struct periodic_bolus *bolus = &program->periodic;
    bool periodic = program->kind == PROGRAM_PERIODIC;
    int64_t rest = periodic ? bolus_rest(bolus, from_minutes) : 0;
    curve->count = 0;
    for (unsigned minute = 0; minute < DAY_MINUTES; minute++) {
        if (periodic && bolus_begins(bolus, from_minutes + minute))
            rest = grain_of_nl(bolus->volume).grain;
        int64_t most = minute_grain(bolus->rate), given = rest < most ? rest : most;
        int64_t grain = minute_grain(base_at(program, set, minute)) + given;
        rest -= given;
        if (curve->count > 0 && curve->step[curve->count - 1].grain == grain)
            curve->step[curve->count - 1].minutes++;
        else if (curve->count < DAYCURVE_STEPS_MAX)
            curve->step[curve->count++] = (struct daycurve_step){ (uint16_t)minute, 1, grain };
    }
}

vol_grain daycurve_sum(const struct daycurve *curve)
{
    vol_grain sum = { 0 };
    for (unsigned i = 0; i < curve->count; i++)
        sum.grain += curve->step[i].grain * curve->step[i].minutes;
    return sum;
}

struct ratio daycurve_mass(int64_t grain, conc_ng_ml conc)
{
    return ratio_mul(ratio_over(grain, GRAIN_PER_NL), ratio_of(conc.ng_ml));
}

unsigned daycurve_boluses(const struct program *program)
{
    if (program->kind != PROGRAM_PERIODIC)
        return 0;
    return (DAY_MINUTES + program->periodic.interval_minutes - 1U) / program->periodic.interval_minutes;
}
