/* volume.h - which volume holds a mass of drug: for a screening bolus drawn from an ampoule, or to see what a volume means. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PLANNER_VOLUME_H
#define CLINIC_PLANNER_VOLUME_H

#include "clinic/guard/guard.h"
#include "clinic/planner/sheet.h"

struct volume_question {
    uint16_t drug;
    conc_ng_ml conc;
    mass_fg mass;
};

/* nL: mass / concentration. */
struct ratio volume_of_mass(mass_fg mass, conc_ng_ml conc);
void volume_sheet(const struct formulary *formulary, const struct volume_question *question, struct sheet *sheet);

#endif
