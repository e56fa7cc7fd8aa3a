// SPDX-License-Identifier: Apache-2.0
#include "rig/agenda.h"

int32_t agenda_flow(const struct program *program, int64_t civil, int64_t *until_ms)
{
    *until_ms = INT64_MAX;
    if (program->kind == PROGRAM_STOPPED)
        return 0;
    if (program->kind != PROGRAM_FLEX)
        return program->base.nl_day;
    int64_t days = civil / 86400000, midnight = days * 86400000;
    const struct day_set *set = &program->day_set[program->weekday_set[(days + 3) % 7]]; /* 1970 began on a Thursday */
    int32_t flow = 0;
    *until_ms = midnight + 86400000;
    for (unsigned i = set->count; i-- > 0;) {
        int64_t begins = midnight + (int64_t)set->step[i].minute * 60000;
        if (civil >= begins)
            return set->step[i].rate.nl_day;
        *until_ms = begins;
    }
    return flow;
}
