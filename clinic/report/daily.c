/* daily.c - what a therapy amounts to in a day. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/daily.h"

struct ratio daily_program(const struct therapy *therapy)
{
    return ratio_over(program_worst_volume(&therapy->program, (span_ms){ DAY_MS }).grain, GRAIN_PER_NL);
}

struct ratio daily_most(const struct therapy *therapy)
{
    const struct patient_bolus *patient = &therapy->program.patient;
    int64_t asked = patient->allowed == 1 ? patient->volume.nl * patient->max_per_day : 0;
    return ratio_add(daily_program(therapy), ratio_of(asked));
}

struct ratio daily_mass(struct ratio nl, conc_ng_ml conc)
{
    return ratio_mul(nl, ratio_of(conc.ng_ml));
}
