/* ward.c - a bedside whose patient is weighed every minute. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/attack/ward.h"

#include <string.h>

enum { HOUR_MINUTES = 60, RING = DAY_MINUTES + 1 };

void ward_admit(struct ward *ward, const char *model, const struct mixture *mixture)
{
    memset(ward, 0, sizeof *ward);
    bedside_implant(&ward->bed, model, mixture);
    ward->drug = mixture->component[0].drug;
}

static double since(const struct ward *ward, uint32_t minutes)
{
    uint32_t back = minutes < ward->minutes ? minutes : ward->minutes;
    return ward->dose[ward->minutes % RING] - ward->dose[(ward->minutes - back) % RING];
}

void ward_pass(struct ward *ward, unsigned minutes)
{
    for (unsigned i = 0; i < minutes; i++) {
        bedside_pass(&ward->bed, MINUTE_MS);
        ward->minutes++;
        ward->dose[ward->minutes % RING] = (double)bedside_dose_fg(&ward->bed, ward->drug);
        double hour = since(ward, HOUR_MINUTES), day = since(ward, DAY_MINUTES);
        ward->worst_hour_fg = hour > ward->worst_hour_fg ? hour : ward->worst_hour_fg;
        ward->worst_day_fg = day > ward->worst_day_fg ? day : ward->worst_day_fg;
    }
}

struct kept *ward_memory(struct ward *ward)
{
    return (struct kept *)(void *)ward->bed.rig.twin.retained;
}

void ward_confuse_governor(struct ward *ward)
{
    ward_memory(ward)->governor.charge_fg[0] ^= 1;
}

double ward_mass(const struct mixture *mixture, int64_t nl)
{
    return (double)nl * mixture->component[0].conc.ng_ml;
}
