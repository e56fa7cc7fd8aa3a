/* daydose.c - what a therapy amounts to in a day. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/daydose.h"

enum { FG_PER_NG = 1000000 };

int64_t daydose_shown(int64_t fg)
{
    return (fg + FG_PER_NG / 2) / FG_PER_NG * FG_PER_NG;
}

int64_t daydose_most(const struct therapy *therapy, uint16_t drug, unsigned parts)
{
    const struct program *program = &therapy->program;
    bool single = program->opening.kind == OPENING_SINGLE;
    int64_t grain = 0, extra_nl = 0;
    if ((parts & PART_BASE) != 0)
        grain = program_worst_volume(program, (span_ms){ DAY_MS }).grain;
    if ((parts & PART_PATIENT) != 0 && program->patient.allowed == 1)
        extra_nl += program->patient.volume.nl * program->patient.max_per_day;
    if ((parts & (single ? PART_SINGLE : PART_FILLING)) != 0)
        extra_nl += program->opening.volume.nl;
    int64_t nl = grain / GRAIN_PER_NL + extra_nl;
    if (drug == DRUG_NONE)
        return nl;
    int64_t conc = mixture_conc(&therapy->mixture, drug).ng_ml;
    return daydose_shown(nl * conc + grain % GRAIN_PER_NL * conc / GRAIN_PER_NL);
}
