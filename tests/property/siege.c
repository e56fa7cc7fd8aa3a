// SPDX-License-Identifier: Apache-2.0
#include "tests/property/siege.h"

#include <stdio.h>
#include <string.h>

#include "pump/standing.h"
#include "tests/core/check.h"
#include "tests/model/maker.h"

enum { RETRIES_MAX = 12 };

static void tell_wrong(struct siege *s, const char *what, const struct receipt *receipt, verdict then)
{
    if (s->told[0] == '\0')
        snprintf(s->told, sizeof s->told, "%s: command %u at %lld, reasons %llx, earliest %lld, then %llx; mode %u, kind %u",
                 what,
                 receipt->kind, (long long)receipt->at.ms, (unsigned long long)receipt->reasons,
                 (long long)receipt->earliest.ms, (unsigned long long)then, s->stand.pump.now.mode, s->therapy.program.kind);
}

static struct receipt give(struct stand *stand, const struct command *command, const struct therapy *therapy)
{
    if (therapy != NULL)
        return stand_activate(stand, therapy, true);
    return stand_tell(stand, command->kind == COMMAND_PATIENT_BOLUS ? ROLE_PATIENT : ROLE_CLINICIAN, *command);
}

/* What the pump said of when it would grant this: true? Tried on a fork in which nothing else happens. */
static void try_again(struct siege *s, const struct receipt *refusal, const struct command *command,
                      const struct therapy *therapy)
{
    static struct stand fork;
    const verdict WAITING = VERDICT_HOUR_LIMIT | VERDICT_DAY_LIMIT | VERDICT_LOCKOUT | VERDICT_DAILY_COUNT |
                            VERDICT_RECOVERING | VERDICT_LIMIT_CHANGES;
    struct receipt receipt = *refusal;
    /* Periodic boluses keep boluses and changes waiting besides, in turn; and damage not yet found starts a new wait. */
    bool periodic = s->therapy.program.kind == PROGRAM_PERIODIC ||
                    (therapy != NULL && therapy->program.kind == PROGRAM_PERIODIC);
    bool once = (refusal->reasons & ~WAITING) == 0 && !periodic && s->taste.damage == 0;
    bool first = true;
    fork = s->stand;
    fork.witness = NULL;
    for (unsigned tries = 0; receipt.reasons != 0 && receipt.earliest.ms != INT64_MAX; tries++) {
        if (tries == RETRIES_MAX || (!first && once)) {
            s->false_promises++;
            tell_wrong(s, "refused again at the earliest time told", refusal, receipt.reasons);
            return;
        }
        first = false;
        stand_run(&fork, receipt.earliest.ms);
        receipt = give(&fork, command, therapy);
        s->retried++;
    }
}

/* Gives it; looks at what a refusal says. */
static bool wish(struct siege *s, const struct command *command, const struct therapy *therapy)
{
    int64_t now_ms = s->stand.now.ms;
    struct receipt receipt = give(&s->stand, command, therapy);
    if (receipt.outcome == OUTCOME_APPLIED)
        return true;
    s->refused++;
    if (receipt.reasons == 0 || (receipt.earliest.ms != INT64_MAX && receipt.earliest.ms <= now_ms)) {
        s->mute_refusals++;
        tell_wrong(s, "a refusal that says nothing", &receipt, 0);
    } else if (chance_between(&s->seed, 0, 3) == 0) {
        try_again(s, &receipt, command, therapy);
    }
    return false;
}

static void scale_rates(struct program *program, const struct model *model, int64_t percent)
{
    rate_nl_day *rates[1 + PROGRAM_DAY_SETS_MAX * PROGRAM_STEPS_MAX] = { &program->base };
    unsigned count = 1;
    for (unsigned set = 0; set < program->day_set_count; set++)
        for (unsigned i = 0; i < program->day_set[set].count; i++)
            rates[count++] = &program->day_set[set].step[i].rate;
    for (unsigned i = 0; i < count; i++) {
        int64_t rate = rates[i]->nl_day * percent / 100;
        rate = rate < model->rate_min.nl_day ? model->rate_min.nl_day : rate;
        rate = rate > model->rate_max.nl_day ? model->rate_max.nl_day : rate;
        if (rates[i]->nl_day != 0)
            rates[i]->nl_day = (int32_t)rate;
    }
}

/* The same day, some minutes later: steps move up and what is pushed over midnight comes first. */
static void shift_steps(struct program *program, uint64_t *seed)
{
    for (unsigned set = 0; set < program->day_set_count; set++) {
        struct day_set *steps = &program->day_set[set];
        int64_t room = DAY_MINUTES - 1 - steps->step[steps->count - 1].minute;
        int64_t by = chance_between(seed, 0, room);
        for (unsigned i = 1; i < steps->count; i++)
            steps->step[i].minute = (uint16_t)(steps->step[i].minute + by);
    }
}

enum change { CHANGE_NEW, CHANGE_MORE, CHANGE_LESS, CHANGE_HALF, CHANGE_SHIFT, CHANGE_SAME, CHANGES };

static void change_therapy(struct siege *s)
{
    const struct model *model = &s->stand.unit.model;
    enum change change = s->has_therapy ? (enum change)chance_between(&s->seed, 0, CHANGES - 1) : CHANGE_NEW;
    struct therapy therapy = s->therapy;
    int64_t slack = chance_between(&s->seed, 0, 2) == 0 ? maker_scale(&s->seed, 1, 2000) : 0;
    therapy.program.opening = (struct opening){ .kind = OPENING_NONE };
    therapy.mixture = s->mixture;
    if (change == CHANGE_NEW || therapy.program.kind == PROGRAM_STOPPED) {
        change = CHANGE_NEW;
        therapy = maker_therapy(&s->seed, &s->stand.unit, s->stand.dead, &s->mixture, s->pace, slack);
    } else if (change == CHANGE_LESS) {
        scale_rates(&therapy.program, model, chance_between(&s->seed, 5, 99));
    } else {
        if (change == CHANGE_SHIFT)
            shift_steps(&therapy.program, &s->seed);
        else if (change != CHANGE_SAME)
            scale_rates(&therapy.program, model, change == CHANGE_HALF ? 50 : chance_between(&s->seed, 101, 200));
        maker_limit(&therapy, model, chance_between(&s->seed, 1, 4), slack);
    }
    if (therapy_judge(&therapy, model) != 0)
        return;
    struct receipt lowering = { .kind = COMMAND_ACTIVATE, .at = s->stand.now };
    bool free = s->stand.pump.now.course == COURSE_NONE && s->stand.pump.now.mode == MODE_RUNNING;
    if (wish(s, NULL, &therapy)) {
        witness_therapy(&s->witness, s->stand.now.ms, &therapy.limits);
        s->therapy = therapy;
        s->has_therapy = true;
        s->activated++;
        s->lowered += change == CHANGE_LESS;
    } else if (change == CHANGE_LESS && free && therapy.program.kind != PROGRAM_PERIODIC) {
        s->refused_lowering++;
        tell_wrong(s, "a lower dose was refused", &lowering, 0);
    }
}

static void ask_bolus(struct siege *s)
{
    const struct model *model = &s->stand.unit.model;
    struct command command = { .kind = chance_between(&s->seed, 0, 1) == 0 ? COMMAND_PATIENT_BOLUS : COMMAND_CLINICIAN_BOLUS };
    if (command.kind == COMMAND_CLINICIAN_BOLUS) {
        command.volume.nl = maker_scale(&s->seed, model->quantum.nl / 10, model->quantum.nl * 30);
        command.rate.nl_day = (int32_t)maker_scale(&s->seed, model->rate_max.nl_day / 50, model->rate_max.nl_day);
    }
    s->boluses += wish(s, &command, NULL);
}

static void refill(struct siege *s)
{
    struct mixture mixture = maker_mixture(&s->seed, s->first_drug);
    struct therapy therapy = maker_therapy(&s->seed, &s->stand.unit, s->stand.dead, &mixture, s->pace,
                                           chance_between(&s->seed, 0, 3) == 0 ? 0 : maker_scale(&s->seed, 1, 3000));
    int64_t moved = stand_status(&s->stand).metered_quanta;
    vol_nl volume = { s->stand.unit.model.reservoir.nl - 1000 };
    struct receipt receipt = stand_refill(&s->stand, &mixture, volume, &therapy);
    if (receipt.outcome != OUTCOME_APPLIED) {
        s->refused++;
        return;
    }
    witness_refill(&s->witness, moved, &mixture);
    witness_therapy(&s->witness, s->stand.now.ms, &therapy.limits);
    s->mixture = mixture;
    s->therapy = therapy;
    s->has_therapy = true;
    s->activated++;
}

/* One flipped bit in what the governor remembers of one drug's window. */
static void damage(struct siege *s)
{
    struct board board = stand_board(&s->stand);
    struct window *window = &kept_of(&board)->governor.watch[chance_between(&s->seed, 0, 1)].window[0];
    uint8_t *bytes = (uint8_t *)window;
    bytes[chance_between(&s->seed, 0, sizeof *window - 1)] ^= (uint8_t)(1u << chance_between(&s->seed, 0, 7));
    s->damages++;
}

static void deed(struct siege *s)
{
    const struct siege_taste *taste = &s->taste;
    int64_t dice = chance_between(&s->seed, 0, 99);
    struct command command = { .kind = COMMAND_SET_CLOCK, .retitrated = 0 };
    if ((dice -= taste->activate) < 0 || !s->has_therapy) {
        change_therapy(s);
    } else if ((dice -= taste->clock) < 0) {
        command.calendar.offset.ms =
            s->stand.pump.now.calendar.offset.ms + chance_between(&s->seed, -14 * HOUR_MS, 14 * HOUR_MS);
        (void)wish(s, &command, NULL);
    } else if ((dice -= taste->stops) < 0) {
        static const uint8_t KINDS[] = { COMMAND_STOP, COMMAND_MINIMUM, COMMAND_CANCEL_COURSE };
        command.kind = KINDS[chance_between(&s->seed, 0, 2)];
        (void)wish(s, &command, NULL);
    } else if ((dice -= taste->refill) < 0) {
        refill(s);
    } else if ((dice -= taste->reset) < 0) {
        stand_reset(&s->stand);
        s->resets++;
    } else if ((dice -= taste->damage) < 0) {
        damage(s);
        if (chance_between(&s->seed, 0, 1) == 0)
            stand_reset(&s->stand);
    } else {
        ask_bolus(s);
    }
    if (s->stand.pump.now.mode != MODE_RUNNING && chance_between(&s->seed, 0, 1) == 0) {
        command = (struct command){ .kind = COMMAND_RESUME, .retitrated = 1 };
        (void)wish(s, &command, NULL);
    }
}

void siege_play(struct siege *s, uint64_t seed, const struct siege_taste *taste, unsigned deeds)
{
    static const uint8_t CODES[] = { MODEL_C20, MODEL_C40, MODEL_V20 };
    memset(s, 0, sizeof *s);
    s->seed = seed;
    s->taste = *taste;
    const struct model *model = model_find(CODES[chance_between(&s->seed, 0, 2)], 1);
    stand_start(&s->stand, model, (int32_t)chance_between(&s->seed, -CALIB_PPM_MAX, CALIB_PPM_MAX),
                (int32_t)chance_between(&s->seed, 10, 600), seed);
    witness_attend(&s->witness, &s->stand);
    s->pace.nl_day = (int32_t)maker_scale(&s->seed, model->rate_min.nl_day, model->quantum.nl * 2000);
    s->first_drug = (uint16_t)chance_between(&s->seed, 1, 5);
    struct command command = { .kind = COMMAND_SET_CLOCK };
    command.calendar.offset.ms = 20000 * (int64_t)DAY_MS + chance_between(&s->seed, 0, 7 * (int64_t)DAY_MS);
    (void)stand_tell(&s->stand, ROLE_CLINICIAN, command);
    s->mixture = maker_mixture(&s->seed, s->first_drug);
    stand_run(&s->stand, chance_between(&s->seed, 0, DAY_MS));
    vol_nl volume = { model->reservoir.nl - 1000 };
    if (stand_refill(&s->stand, &s->mixture, volume, NULL).outcome == OUTCOME_APPLIED)
        witness_refill(&s->witness, 0, &s->mixture);
    for (unsigned i = 0; i < deeds; i++) {
        deed(s);
        int64_t pause = chance_between(&s->seed, 0, 3) == 0 ? 0 : maker_scale(&s->seed, 1, 8 * (int64_t)HOUR_MS);
        stand_run(&s->stand, s->stand.now.ms + pause);
    }
}
