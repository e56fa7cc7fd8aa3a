// SPDX-License-Identifier: Apache-2.0
#include "rig/recipe.h"

#include <string.h>

enum { LEAST_QUANTA = 6, MOST_QUANTA = 16, MOST_MINUTES = 20 };
/* Far above what recipe_course() and a base of 1 mL a day can come to. */
enum { HOUR_NL = 500000, DAY_NL = 4000000, BOLUS_NL = 100000 };

void recipe_course(struct dice *dice, const struct model *model, vol_nl *volume, rate_nl_day *rate)
{
    volume->nl = dice_between(dice, LEAST_QUANTA, MOST_QUANTA) * model->quantum.nl;
    rate->nl_day = (int32_t)(volume->nl * DAY_MINUTES / dice_between(dice, 1, MOST_MINUTES));
}

void recipe_therapy(struct dice *dice, const struct pump_unit *unit, const struct mixture *mixture, struct therapy *therapy)
{
    memset(therapy, 0, sizeof *therapy);
    memcpy(therapy->name, "campaign of sessions", 20);
    memcpy(therapy->serial, unit->serial, SERIAL_BYTES);
    therapy->model = unit->model.code;
    therapy->revision = unit->model.revision;
    therapy->calibration = unit->calibration;
    therapy->dead_volume = model_dead_volume(&unit->model, RECIPE_CATHETER_MM);
    therapy->mixture = *mixture;
    therapy->program.kind = PROGRAM_CONTINUOUS;
    therapy->program.base.nl_day = (int32_t)dice_scale(dice, 100000, 1000000);
    struct patient_bolus *patient = &therapy->program.patient;
    *patient = (struct patient_bolus){ .allowed = 1, .max_per_day = PATIENT_BOLUSES_MAX, .expiry_days = 300 };
    patient->lockout_minutes = (uint16_t)dice_scale(dice, 1, 60);
    recipe_course(dice, &unit->model, &patient->volume, &patient->rate);
    if (dice_once_in(dice, 2)) {
        struct opening *opening = &therapy->program.opening;
        opening->kind = OPENING_SINGLE;
        recipe_course(dice, &unit->model, &opening->volume, &opening->rate);
    }
    therapy->limits = (struct limits){ .count = mixture->count, .bolus_max = { BOLUS_NL }, .rate_max = unit->model.rate_max };
    for (unsigned i = 0; i < mixture->count; i++) {
        int64_t conc = mixture->component[i].conc.ng_ml;
        therapy->limits.drug[i] = (struct drug_limit){ mixture->component[i].drug, { { HOUR_NL * conc }, { DAY_NL * conc } } };
    }
    therapy->safe_rate.nl_day = dice_once_in(dice, 2) ? unit->model.rate_min.nl_day : 0;
    therapy->restart_limit_hours = 720;
    therapy->under_delivery = PRIORITY_HIGH;
    therapy->reservoir_low.nl = unit->model.reservoir.nl / 10;
    therapy->mri_rule = MRI_KEEP_PROGRAM;
}
