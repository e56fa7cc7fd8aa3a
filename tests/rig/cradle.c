// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/cradle.h"

#include <string.h>

void cradle_made(struct implant_made *made, uint64_t seed)
{
    memset(made, 0, sizeof *made);
    made->unit.model = *model_find(MODEL_C20, 1);
    memcpy(made->unit.serial, CRADLE_SERIAL, sizeof CRADLE_SERIAL);
    memset(made->unit.secret, 0x51, sizeof made->unit.secret);
    memset(made->unit.card, 0x52, sizeof made->unit.card);
    made->catheter_mm = CRADLE_CATHETER_MM;
    made->seed = seed;
}

static struct therapy therapy_of(const struct live *live)
{
    const struct model *model = &live->implant.rig->unit.model;
    struct therapy therapy = { .name = "cradle", .model = model->code, .revision = model->revision,
                               .dead_volume = model_dead_volume(model, CRADLE_CATHETER_MM), .restart_limit_hours = 720,
                               .under_delivery = PRIORITY_HIGH, .mri_rule = MRI_KEEP_PROGRAM, .safe_rate = { 48000 } };
    memcpy(therapy.serial, CRADLE_SERIAL, sizeof CRADLE_SERIAL);
    therapy.mixture = (struct mixture){ .count = 1, .component = { { DRUG_MORPHINE, { 10000000 } } } };
    therapy.program.kind = PROGRAM_PERIODIC;
    therapy.program.base.nl_day = CRADLE_BASE_NL_DAY;
    therapy.program.periodic = (struct periodic_bolus){ { CRADLE_BOLUS_NL }, { 480000 }, 60, 30 };
    therapy.limits = (struct limits){ .count = 1, .bolus_max = { 8000 }, .rate_max = { 2000000 } };
    therapy.limits.drug[0] = (struct drug_limit){ DRUG_MORPHINE, { { INT64_C(200000000000) }, { INT64_C(3000000000000) } } };
    return therapy;
}

static bool fill(struct live *live, const struct patient_bolus *bolus)
{
    struct receipt receipt;
    struct therapy therapy = therapy_of(live);
    therapy.program.patient = *bolus;
    const struct rig_refill refill = { .told = { .left = { -1 }, .filled = { 20000000 }, .drawn_up = { 20000000 },
                                                 .fill = therapy.mixture, .dead_drug_free = true },
                                       .activate = &therapy };
    struct command clock = { .kind = COMMAND_SET_CLOCK, .calendar = { .offset = { 20000 * (int64_t)DAY_MS }, .zone = "+00" } };
    rig_command(live->implant.rig, ROLE_CLINICIAN, &clock, &receipt);
    if (receipt.outcome != OUTCOME_APPLIED)
        return false;
    struct command command;
    struct rig_transfer transfer; /* the live implant moves it itself, once it tells of it */
    if (!rig_refill_plan(live->implant.rig, &refill, &command, &transfer) ||
        !rig_stage(live->implant.rig, &therapy, command.token, &receipt))
        return false;
    rig_command(live->implant.rig, ROLE_CLINICIAN, &command, &receipt);
    return receipt.outcome == OUTCOME_APPLIED;
}

bool cradle_fill(struct live *live)
{
    return fill(live, &(struct patient_bolus){ .allowed = 0 });
}

bool cradle_fill_asked(struct live *live)
{
    return fill(live, &(struct patient_bolus){ .allowed = 1,
                                               .volume = { CRADLE_ASKED_NL },
                                               .rate = { 480000 },
                                               .lockout_minutes = CRADLE_LOCKOUT_MINUTES,
                                               .max_per_day = 4,
                                               .expiry_days = 90 });
}
