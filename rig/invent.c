// SPDX-License-Identifier: Apache-2.0
#include "rig/invent.h"

#include <string.h>

enum { TRIES = 40 };

static int64_t least_of(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most_of(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

void invent_implant(struct dice *dice, struct invent *implant, int32_t *catheter_mm)
{
    static const uint8_t codes[] = { MODEL_C20, MODEL_C20, MODEL_C20, MODEL_C20, MODEL_C40, MODEL_C40, MODEL_C40, MODEL_V20 };
    memset(implant, 0, sizeof *implant);
    implant->model = model_find(codes[dice_between(dice, 0, (int64_t)sizeof codes - 1)], 1);
    implant->calibration.ppm = (int32_t)dice_between(dice, -50000, 50000);
    memcpy(implant->serial, "SOAK-1", 7);
    *catheter_mm = (int32_t)dice_between(dice, 150, 900);
    implant->dead_volume = model_dead_volume(implant->model, *catheter_mm);
    implant->first_drug = (uint16_t)dice_between(dice, 1, 5);
    /* The valve pump's quantum is ten times a rotor's: it gets higher flows so that a year still holds many quanta. */
    implant->pace = implant->model->code == MODEL_V20 ? (int32_t)dice_scale(dice, 400000, 2000000)
                                                      : (int32_t)dice_scale(dice, 90000, 600000);
}

void invent_mixture(struct dice *dice, const struct invent *implant, struct mixture *mixture)
{
    memset(mixture, 0, sizeof *mixture);
    mixture->count = (uint8_t)(dice_once_in(dice, 3) ? dice_between(dice, 2, 3) : 1);
    unsigned first = (unsigned)dice_between(dice, 0, 4 - mixture->count);
    for (unsigned i = 0; i < mixture->count; i++) {
        mixture->component[i].drug = (uint16_t)(implant->first_drug + first + i);
        mixture->component[i].conc.ng_ml = (int32_t)dice_scale(dice, 20000, 50000000);
    }
}

static rate_nl_day flow_near(struct dice *dice, const struct invent *implant)
{
    int64_t flow = dice_between(dice, implant->pace / 2, (int64_t)implant->pace * 3 / 2);
    flow = most_of(flow, implant->model->rate_min.nl_day);
    return (rate_nl_day){ (int32_t)least_of(flow, implant->model->rate_max.nl_day) };
}

static void week(struct dice *dice, const struct invent *implant, struct program *program)
{
    program->day_set_count = (uint8_t)dice_between(dice, 1, 3);
    for (unsigned s = 0; s < program->day_set_count; s++) {
        struct day_set *set = &program->day_set[s];
        set->count = (uint8_t)dice_between(dice, 1, 8);
        for (unsigned i = 0; i < set->count; i++) {
            int64_t from = i == 0 ? 0 : set->step[i - 1].minute + 1;
            set->step[i].minute = (uint16_t)(i == 0 ? 0 : dice_between(dice, from, from + (1430 - from) / (set->count - i + 1)));
            set->step[i].rate = flow_near(dice, implant);
        }
    }
    for (unsigned day = 0; day < WEEK_DAYS; day++)
        program->weekday_set[day] = (uint8_t)dice_between(dice, 0, program->day_set_count - 1);
}

static int32_t peak_base(const struct program *program)
{
    int32_t peak = program->base.nl_day;
    for (unsigned s = 0; s < program->day_set_count; s++)
        for (unsigned i = 0; i < program->day_set[s].count; i++)
            peak = (int32_t)most_of(peak, program->day_set[s].step[i].rate.nl_day);
    return peak;
}

/* A bolus of this size lasts between five minutes and a quarter of a day, and fits on top of the base. */
static rate_nl_day bolus_rate(struct dice *dice, const struct invent *implant, const struct program *program, vol_nl volume)
{
    int64_t room = implant->model->rate_max.nl_day - peak_base(program);
    int64_t least = most_of(volume.nl * 4 + 1, implant->model->rate_min.nl_day);
    int64_t most = least_of(room, volume.nl * 288);
    return (rate_nl_day){ (int32_t)(most <= least ? least_of(least, room) : dice_between(dice, least, most)) };
}

static vol_nl bolus_volume(struct dice *dice, const struct invent *implant)
{
    return (vol_nl){ dice_scale(dice, implant->model->quantum.nl / 2, implant->model->quantum.nl * 24) };
}

static void permit(struct dice *dice, const struct invent *implant, struct program *program)
{
    struct patient_bolus *patient = &program->patient;
    patient->allowed = 1;
    patient->volume = bolus_volume(dice, implant);
    patient->rate = bolus_rate(dice, implant, program, patient->volume);
    patient->lockout_minutes = (uint16_t)dice_scale(dice, 10, 720);
    patient->max_per_day = (uint8_t)dice_between(dice, 1, 12);
    patient->expiry_days = (uint16_t)dice_between(dice, 10, 366);
}

static void program_make(struct dice *dice, const struct invent *implant, int32_t bridge_rate, struct program *program)
{
    int64_t kind = dice_between(dice, 0, 99);
    memset(program, 0, sizeof *program);
    program->kind = kind < 35 ? PROGRAM_CONTINUOUS : kind < 75 ? PROGRAM_FLEX : kind < 98 ? PROGRAM_PERIODIC : PROGRAM_MINIMUM;
    if (program->kind == PROGRAM_FLEX)
        week(dice, implant, program);
    else
        program->base = program->kind == PROGRAM_MINIMUM ? implant->model->rate_min : flow_near(dice, implant);
    if (program->kind == PROGRAM_PERIODIC) {
        program->periodic.volume = bolus_volume(dice, implant);
        program->periodic.rate = bolus_rate(dice, implant, program, program->periodic.volume);
        program->periodic.interval_minutes = (uint16_t)dice_between(dice, 400, 1600);
        program->periodic.first_minutes = (uint16_t)dice_between(dice, 1, 1000);
    }
    if (bridge_rate > 0) {
        program->opening.kind = OPENING_BRIDGE;
        program->opening.volume = implant->dead_volume;
        program->opening.rate.nl_day = bridge_rate;
        int64_t lasts = implant->dead_volume.nl * 1440 / bridge_rate + 60;
        if (program->kind == PROGRAM_PERIODIC)
            program->periodic.first_minutes = (uint16_t)least_of(10080, lasts + program->periodic.first_minutes);
    } else if (dice_once_in(dice, 6)) {
        program->opening.kind = OPENING_SINGLE;
        program->opening.volume = bolus_volume(dice, implant);
        program->opening.rate = bolus_rate(dice, implant, program, program->opening.volume);
        if (program->kind == PROGRAM_PERIODIC)
            program->periodic.first_minutes = (uint16_t)(program->periodic.first_minutes + 370);
    }
    if (dice_once_in(dice, 2))
        permit(dice, implant, program);
}

/* Wide enough for the flow at its peak all through the window and a bucket more, and some boluses. */
static void limits_make(struct dice *dice, const struct invent *implant, struct therapy *therapy)
{
    static const int64_t window_s[WINDOW_KINDS] = { 3600 + 113, 86400 + 2700 };
    const struct program *program = &therapy->program;
    struct limits *limits = &therapy->limits;
    int64_t quantum = implant->model->quantum.nl, boluses = dice_between(dice, 1, 5), slack = dice_scale(dice, 1, 1000);
    int64_t flow = peak_base(program);
    if (program->opening.kind == OPENING_BRIDGE)
        flow = most_of(flow, program->opening.rate.nl_day);
    int64_t bolus = most_of(most_of(program->patient.volume.nl, program->periodic.volume.nl), quantum);
    if (program->opening.kind == OPENING_SINGLE)
        bolus = most_of(bolus, program->opening.volume.nl);
    limits->count = therapy->mixture.count;
    limits->bolus_max.nl = most_of(bolus, 30 * quantum);
    limits->rate_max = implant->model->rate_max;
    for (unsigned row = 0; row < limits->count; row++) {
        limits->drug[row].drug = therapy->mixture.component[row].drug;
        for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
            int64_t interval_s = (int64_t)program->periodic.interval_minutes * 60;
            int64_t periodic = interval_s == 0 ? 0 : program->periodic.volume.nl * (window_s[kind] / interval_s + 2);
            int64_t nl = flow * window_s[kind] / 86400 + periodic + boluses * bolus + 3 * quantum;
            int64_t fg = nl * therapy->mixture.component[row].conc.ng_ml;
            limits->drug[row].window[kind].fg = least_of(fg + fg / 1000 * slack, LIMIT_FG_MAX);
        }
    }
}

bool invent_therapy(struct dice *dice, const struct invent *implant, const struct mixture *mixture, int32_t bridge_rate,
                    struct therapy *therapy)
{
    for (unsigned tries = 0; tries < TRIES; tries++) {
        memset(therapy, 0, sizeof *therapy);
        memcpy(therapy->name, "made up by the soak", 20);
        memcpy(therapy->serial, implant->serial, SERIAL_BYTES);
        therapy->model = implant->model->code;
        therapy->revision = implant->model->revision;
        therapy->calibration = implant->calibration;
        therapy->dead_volume = implant->dead_volume;
        therapy->mixture = *mixture;
        program_make(dice, implant, bridge_rate, &therapy->program);
        therapy->safe_rate.nl_day = dice_once_in(dice, 2) ? implant->model->rate_min.nl_day : 0;
        therapy->restart_limit_hours = (uint16_t)dice_scale(dice, 24, 720);
        therapy->under_delivery = PRIORITY_HIGH;
        therapy->mri_rule = MRI_KEEP_PROGRAM;
        therapy->reservoir_low.nl = implant->model->reservoir.nl / 10;
        limits_make(dice, implant, therapy);
        if (therapy_judge(therapy, implant->model) == 0)
            return true;
    }
    return false;
}
