/* limits.c - the static judgement of a program against its limits, with the careful counting of the governor. */
// SPDX-License-Identifier: Apache-2.0
#include "core/limits.h"

_Static_assert(HOUR_MS % WINDOW_BUCKETS == 0 && DAY_MS % WINDOW_BUCKETS == 0, "buckets divide their windows exactly");
_Static_assert(LIMIT_FG_MAX == (int64_t)DAY_VOLUME_NL_MAX * CONC_NG_ML_MAX, "largest flow and concentration");
_Static_assert(DAY_VOLUME_NL_MAX == (int)RATE_NL_DAY_MAX, "a day at the largest flow");

span_ms window_span(enum window_kind kind)
{
    return (span_ms){ kind == WINDOW_HOUR ? HOUR_MS : DAY_MS };
}

span_ms window_bucket_span(enum window_kind kind)
{
    return (span_ms){ window_span(kind).ms / WINDOW_BUCKETS };
}

mass_fg limits_mass(vol_grain prescribed, vol_fl quantum, conc_ng_ml conc)
{
    if (prescribed.grain == 0)
        return (mass_fg){ 0 };
    int64_t quanta = prescribed.grain / grain_of_fl(quantum).grain + 1;
    return (mass_fg){ quanta * mass_of_quantum(quantum, conc).fg };
}

static bool drug_limit_valid(const struct drug_limit *limit)
{
    int64_t hour = limit->window[WINDOW_HOUR].fg, day = limit->window[WINDOW_DAY].fg;
    return hour >= 1 && hour <= day && day <= LIMIT_FG_MAX;
}

/* The limits must name the drugs of the mixture, all of them, in its order. */
static verdict form_judge(const struct limits *limits, const struct mixture *mixture)
{
    if (!mixture_valid(mixture) || limits->count != mixture->count)
        return VERDICT_LIMITS_FORM;
    if (limits->bolus_max.nl < 0 || limits->bolus_max.nl > VOL_NL_MAX || limits->rate_max.nl_day < 0 ||
        limits->rate_max.nl_day > RATE_NL_DAY_MAX)
        return VERDICT_LIMITS_FORM;
    for (unsigned i = 0; i < limits->count; i++)
        if (limits->drug[i].drug != mixture->component[i].drug || !drug_limit_valid(&limits->drug[i]))
            return VERDICT_LIMITS_FORM;
    return 0;
}

/* A window as the governor counts it: with the bucket being filled beside the whole ones. */
static span_ms window_counted(enum window_kind kind)
{
    return (span_ms){ window_span(kind).ms + window_bucket_span(kind).ms };
}

/* Would this volume within one window pass the limit of any drug? Limits and mixture agree in form. */
static verdict window_judge(const struct limits *limits, enum window_kind kind, vol_grain volume,
                            const struct mixture *mixture, vol_fl quantum)
{
    for (unsigned i = 0; i < limits->count; i++)
        if (limits_mass(volume, quantum, mixture->component[i].conc).fg > limits->drug[i].window[kind].fg)
            return kind == WINDOW_HOUR ? VERDICT_HOUR_LIMIT : VERDICT_DAY_LIMIT;
    return 0;
}

verdict limits_judge_rate(const struct limits *limits, rate_nl_day rate, const struct mixture *mixture,
                          const struct model *model, calib_ppm calibration)
{
    verdict reasons = form_judge(limits, mixture);
    if (reasons != 0)
        return reasons;
    vol_fl quantum = quantum_volume(model->quantum, calibration);
    for (enum window_kind kind = WINDOW_HOUR; kind < WINDOW_KINDS; kind++)
        reasons |= window_judge(limits, kind, grain_of_rate(rate, window_counted(kind)), mixture, quantum);
    return rate.nl_day > limits->rate_max.nl_day ? reasons | VERDICT_FLOW_SUM : reasons;
}

/* The largest bolus that can come on top of the program: one at a time. */
static vol_nl bolus_on_top(const struct program *program)
{
    vol_nl patient = program->patient.volume;
    vol_nl single = { program->opening.kind == OPENING_SINGLE ? program->opening.volume.nl : 0 };
    return patient.nl > single.nl ? patient : single;
}

/* Flows and sizes: base with its boluses within the largest flow, every bolus within the largest bolus. */
static verdict flow_judge(const struct limits *limits, const struct program *program)
{
    rate_nl_day patient = { program_base_peak(program).nl_day + program->patient.rate.nl_day };
    int32_t most = limits->rate_max.nl_day;
    verdict reasons = program_peak(program).nl_day > most || patient.nl_day > most ? VERDICT_FLOW_SUM : 0;
    int64_t largest = bolus_on_top(program).nl;
    largest = program->periodic.volume.nl > largest ? program->periodic.volume.nl : largest;
    return largest > limits->bolus_max.nl ? reasons | VERDICT_BOLUS_SIZE : reasons;
}

verdict limits_judge(const struct limits *limits, const struct program *program, const struct mixture *mixture,
                     const struct model *model, calib_ppm calibration)
{
    if (!program_canonical(program))
        return VERDICT_THERAPY_FORM;
    verdict reasons = form_judge(limits, mixture);
    if (reasons != 0)
        return reasons;
    reasons = flow_judge(limits, program);
    vol_fl quantum = quantum_volume(model->quantum, calibration);
    vol_grain bolus = grain_of_nl(bolus_on_top(program));
    for (enum window_kind kind = WINDOW_HOUR; kind < WINDOW_KINDS; kind++) {
        /* A bolus that fits only beside the low hours of a day would be refused at the others: it must fit at all. */
        vol_grain most = { program_worst_volume(program, window_counted(kind)).grain + bolus.grain };
        reasons |= window_judge(limits, kind, most, mixture, quantum);
    }
    return reasons;
}
