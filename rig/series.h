/* series.h - the run as a table: one row every so often. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_SERIES_H
#define RIG_SERIES_H

#include <stdio.h>

#include "rig/rig.h"

enum { SERIES_DRUGS_MAX = 8 };

/* Which drugs have columns. */
struct series_drugs {
    unsigned count;
    uint16_t drug[SERIES_DRUGS_MAX];
};

/* Of the patient, in thousandths: pain 0 to 10, the others 0 to 1. */
struct sample_person {
    int64_t pain, relief, sedation, breathing, spasticity, withdrawal, confusion;
};

struct sample {
    instant_ms at;
    rate_nl_day rate;             /* base flow by the pump */
    vol_fl commanded, metered, remaining_calculated;
    vol_nl displaced, delivered, remaining_true; /* to the nearest nL */
    int64_t tip_ng_ml[SERIES_DRUGS_MAX];
    int64_t delivered_ng[SERIES_DRUGS_MAX];
    uint8_t mode;
    int64_t battery_left_ppm;
    struct sample_person person;                                                    /* and in the fluid of the canal */
    int64_t beside_tip_pg_ml[SERIES_DRUGS_MAX], cisterna_pg_ml[SERIES_DRUGS_MAX]; /* and around the brain */
};

/* All but the patient: rig/bedside.h. */
void series_sample(const struct twin *twin, const struct pump_status *status, const struct series_drugs *drugs,
                   struct sample *sample);
void series_head_write(FILE *stream, const struct series_drugs *drugs);
void series_row_write(FILE *stream, const struct series_drugs *drugs, const struct sample *sample,
                      const struct calendar *calendar);
/* A drug's name in small letters. */
void series_drug_name(char name[32], uint16_t drug);
/* Mass of a drug that has left the tip, to the nearest fg. */
mass_fg series_delivered(const struct twin *twin, uint16_t drug);

#endif
