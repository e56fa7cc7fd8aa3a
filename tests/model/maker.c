// SPDX-License-Identifier: Apache-2.0
#include "tests/model/maker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/core/check.h"

int64_t maker_scale(uint64_t *seed, int64_t least, int64_t most)
{
    int64_t doublings = 0;
    while (least << (doublings + 1) <= most)
        doublings++;
    int64_t from = least << chance_between(seed, 0, doublings);
    return chance_between(seed, from, from > most / 2 ? most : 2 * from);
}

struct mixture maker_mixture(uint64_t *seed, uint16_t first)
{
    struct mixture mixture = { .count = 1 };
    if (chance_between(seed, 0, 29) == 0)
        mixture.count = 0;
    else if (chance_between(seed, 0, 2) == 0)
        mixture.count = (uint8_t)chance_between(seed, 2, MIXTURE_DRUGS_MAX);
    /* The primary drug first, then adjuvants in rising order of code, all out of four. */
    unsigned turn = mixture.count > 0 ? (unsigned)chance_between(seed, 0, mixture.count - 1) : 0;
    for (unsigned i = 0, place = 1; i < mixture.count; i++) {
        uint16_t drug = (uint16_t)(first + i + (unsigned)(4 - mixture.count) * (i > turn));
        mixture.component[i == turn ? 0 : place++].drug = drug;
    }
    for (unsigned i = 0; i < mixture.count; i++)
        mixture.component[i].conc.ng_ml = (int32_t)maker_scale(seed, 1000, 50000000);
    return mixture;
}

static rate_nl_day rate_near(uint64_t *seed, const struct model *model, rate_nl_day pace)
{
    int64_t least = pace.nl_day / 2, most = (int64_t)pace.nl_day * 2;
    least = least < model->rate_min.nl_day ? model->rate_min.nl_day : least;
    most = most > model->rate_max.nl_day ? model->rate_max.nl_day : most;
    return (rate_nl_day){ (int32_t)chance_between(seed, least, most) };
}

static void make_week(uint64_t *seed, struct program *program, const struct model *model, rate_nl_day pace)
{
    program->day_set_count = (uint8_t)chance_between(seed, 1, PROGRAM_DAY_SETS_MAX);
    for (unsigned s = 0; s < program->day_set_count; s++) {
        struct day_set *set = &program->day_set[s];
        set->count = (uint8_t)chance_between(seed, 1, PROGRAM_STEPS_MAX);
        for (unsigned i = 0; i < set->count; i++) {
            int64_t least = i == 0 ? 0 : set->step[i - 1].minute + 1;
            int64_t most = DAY_MINUTES - set->count + i;
            set->step[i].minute = (uint16_t)(i == 0 ? 0 : chance_between(seed, least, least + (most - least) / 5));
            set->step[i].rate = rate_near(seed, model, pace);
        }
    }
    for (unsigned day = 0; day < WEEK_DAYS; day++)
        program->weekday_set[day] = (uint8_t)chance_between(seed, 0, program->day_set_count - 1);
}

static vol_nl bolus_volume(uint64_t *seed, const struct model *model)
{
    return (vol_nl){ maker_scale(seed, model->quantum.nl / 10, model->quantum.nl * 30) };
}

/* The rate of a bolus that fits on top of the base; zero when none does. */
static rate_nl_day bolus_rate(uint64_t *seed, const struct program *program, const struct model *model)
{
    int32_t room = model->rate_max.nl_day - program_base_peak(program).nl_day;
    if (room < model->rate_min.nl_day)
        return (rate_nl_day){ 0 };
    return (rate_nl_day){ (int32_t)maker_scale(seed, model->rate_min.nl_day, room) };
}

static void make_periodic(uint64_t *seed, struct program *program, const struct model *model, rate_nl_day pace)
{
    struct periodic_bolus *periodic = &program->periodic;
    program->base = chance_between(seed, 0, 2) == 0 ? (rate_nl_day){ 0 } : rate_near(seed, model, pace);
    if (program->base.nl_day > model->rate_max.nl_day - model->rate_min.nl_day)
        program->base.nl_day -= model->rate_min.nl_day;
    periodic->volume = bolus_volume(seed, model);
    periodic->rate = bolus_rate(seed, program, model);
    int64_t lasts = span_until_due(grain_of_nl(periodic->volume), periodic->rate).ms / MINUTE_MS + 2;
    lasts = lasts < INTERVAL_MINUTES_MIN ? INTERVAL_MINUTES_MIN : lasts;
    periodic->interval_minutes = (uint16_t)chance_between(seed, lasts, lasts + 300);
    periodic->first_minutes = (uint16_t)chance_between(seed, 0, periodic->interval_minutes);
}

static void make_opening(uint64_t *seed, struct program *program, const struct model *model, vol_nl dead)
{
    struct opening *opening = &program->opening;
    opening->kind = (uint8_t)chance_between(seed, OPENING_PRIME, OPENING_SINGLE);
    if (opening->kind == OPENING_SINGLE) {
        opening->volume = bolus_volume(seed, model);
        opening->rate = bolus_rate(seed, program, model);
    } else {
        int64_t most = 100 * model->quantum.nl;
        most = most > dead.nl ? dead.nl : most;
        opening->volume.nl = chance_between(seed, 1, 8) == 1 ? dead.nl : maker_scale(seed, model->quantum.nl, most);
        opening->rate.nl_day = (int32_t)maker_scale(seed, model->rate_max.nl_day / 100, model->rate_max.nl_day);
    }
    if (opening->rate.nl_day == 0)
        *opening = (struct opening){ .kind = OPENING_NONE };
}

static void make_patient(uint64_t *seed, struct program *program, const struct model *model)
{
    struct patient_bolus *patient = &program->patient;
    patient->rate = bolus_rate(seed, program, model);
    if (patient->rate.nl_day == 0)
        return;
    patient->allowed = 1;
    patient->volume = bolus_volume(seed, model);
    patient->lockout_minutes = (uint16_t)maker_scale(seed, 1, 240);
    patient->max_per_day = (uint8_t)chance_between(seed, 1, PATIENT_BOLUSES_MAX);
    patient->expiry_days = (uint16_t)chance_between(seed, 1, 30);
}

static struct program make_program(uint64_t *seed, const struct model *model, vol_nl dead, rate_nl_day pace)
{
    static const uint8_t KINDS[] = { PROGRAM_CONTINUOUS, PROGRAM_CONTINUOUS, PROGRAM_FLEX,    PROGRAM_FLEX,    PROGRAM_FLEX,
                                     PROGRAM_FLEX,       PROGRAM_PERIODIC,   PROGRAM_PERIODIC, PROGRAM_PERIODIC,
                                     PROGRAM_MINIMUM };
    struct program program = { .kind = KINDS[chance_between(seed, 0, sizeof KINDS - 1)] };
    if (chance_between(seed, 0, 39) == 0) {
        program.kind = PROGRAM_STOPPED;
        return program;
    }
    if (program.kind == PROGRAM_FLEX)
        make_week(seed, &program, model, pace);
    else if (program.kind == PROGRAM_PERIODIC)
        make_periodic(seed, &program, model, pace);
    else
        program.base = program.kind == PROGRAM_MINIMUM ? model->rate_min : rate_near(seed, model, pace);
    if (program.kind == PROGRAM_CONTINUOUS && chance_between(seed, 0, 19) == 0)
        program.base = model->rate_max;
    if (chance_between(seed, 0, 2) == 0)
        make_opening(seed, &program, model, dead);
    if (chance_between(seed, 0, 1) == 0)
        make_patient(seed, &program, model);
    return program;
}

static int64_t most_of(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

void maker_limit(struct therapy *therapy, const struct model *model, int64_t boluses, int64_t slack)
{
    const struct program *program = &therapy->program;
    struct limits *limits = &therapy->limits;
    int64_t bolus = most_of(program->patient.volume.nl, program->opening.volume.nl);
    limits->count = therapy->mixture.count;
    limits->bolus_max.nl = most_of(most_of(bolus, program->periodic.volume.nl), 30 * model->quantum.nl);
    limits->rate_max = model->rate_max;
    for (unsigned row = 0; row < limits->count; row++) {
        const struct component *component = &therapy->mixture.component[row];
        limits->drug[row].drug = component->drug;
        for (enum window_kind kind = WINDOW_HOUR; kind < WINDOW_KINDS; kind++) {
            span_ms span = { window_span(kind).ms + window_bucket_span(kind).ms };
            vol_grain most = { program_worst_volume(program, span).grain + boluses * grain_of_nl((vol_nl){ bolus }).grain };
            int64_t fg = limits_mass(most, quantum_volume(model->quantum, therapy->calibration), component->conc).fg;
            fg += fg / 1000 * slack + 1;
            limits->drug[row].window[kind].fg = fg > LIMIT_FG_MAX ? LIMIT_FG_MAX : fg;
        }
        limits->drug[row].window[WINDOW_DAY].fg =
            most_of(limits->drug[row].window[WINDOW_DAY].fg, limits->drug[row].window[WINDOW_HOUR].fg);
    }
}

struct therapy maker_therapy(uint64_t *seed, const struct pump_unit *unit, vol_nl dead, const struct mixture *mixture,
                             rate_nl_day pace, int64_t slack)
{
    struct therapy therapy;
    for (unsigned tries = 0; tries < 100; tries++) {
        memset(&therapy, 0, sizeof therapy);
        memcpy(therapy.name, "made by chance", 15);
        memcpy(therapy.serial, unit->serial, SERIAL_BYTES);
        therapy.model = unit->model.code;
        therapy.revision = unit->model.revision;
        therapy.calibration = unit->calibration;
        therapy.dead_volume = dead;
        therapy.mixture = *mixture;
        therapy.program = make_program(seed, &unit->model, dead, pace);
        therapy.restart_limit_hours = 720;
        therapy.under_delivery = PRIORITY_HIGH;
        therapy.mri_rule = MRI_KEEP_PROGRAM;
        maker_limit(&therapy, &unit->model, chance_between(seed, 1, 6), slack);
        if (therapy_judge(&therapy, &unit->model) == 0)
            return therapy;
    }
    fprintf(stderr, "maker: no therapy fits\n");
    abort();
}
