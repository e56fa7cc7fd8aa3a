/* emit.c - makes therapies and days by chance, runs them, and writes down what was prescribed and when each quantum
 * was commanded, in natural units, for the reference in reference.py to judge. `emit SEED RUNS`; the lines are
 * described there. */
// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/core/check.h"
#include "tests/model/maker.h"
#include "tests/model/stand.h"

enum { CATHETER_MM_MOST = 600 };

struct scribe {
    bool in_quanta; /* a line of quanta is open */
    int64_t quanta;
};

struct run {
    struct stand stand;
    struct scribe scribe;
    uint64_t seed;
    uint64_t seen;        /* log entries looked at */
    rate_nl_day pace;
    int64_t slack;
    struct mixture mixture;
    uint16_t first_drug;
    bool has_therapy;
    struct therapy therapy;
};

static void line(struct run *run)
{
    if (run->scribe.in_quanta)
        putchar('\n');
    run->scribe.in_quanta = false;
}

static void quantum_seen(void *self, instant_ms at)
{
    struct scribe *scribe = self;
    printf(scribe->in_quanta ? " %lld" : "q %lld", (long long)at.ms);
    scribe->in_quanta = true;
    scribe->quanta++;
}

static void tell_amount(const char *name, int64_t a, int64_t b, int64_t c)
{
    printf(" %s %lld %lld %lld", name, (long long)a, (long long)b, (long long)c);
}

static void tell_therapy(struct run *run, const struct therapy *therapy)
{
    const struct program *program = &therapy->program;
    line(run);
    printf("A %lld %u %d", (long long)run->stand.now.ms, program->kind, program->base.nl_day);
    if (program->kind == PROGRAM_PERIODIC) {
        tell_amount("P", program->periodic.volume.nl, program->periodic.rate.nl_day, program->periodic.interval_minutes);
        printf(" %u", program->periodic.first_minutes);
    }
    if (program->opening.kind != OPENING_NONE)
        tell_amount("O", program->opening.kind, program->opening.volume.nl, program->opening.rate.nl_day);
    for (unsigned s = 0; s < program->day_set_count; s++) {
        printf(" S %u", program->day_set[s].count);
        for (unsigned i = 0; i < program->day_set[s].count; i++)
            printf(" %u %d", program->day_set[s].step[i].minute, program->day_set[s].step[i].rate.nl_day);
    }
    if (program->kind == PROGRAM_FLEX) {
        printf(" W");
        for (unsigned day = 0; day < WEEK_DAYS; day++)
            printf(" %u", program->weekday_set[day]);
    }
    for (unsigned row = 0; row < therapy->limits.count; row++) {
        const struct drug_limit *limit = &therapy->limits.drug[row];
        tell_amount("L", limit->drug, limit->window[WINDOW_HOUR].fg, limit->window[WINDOW_DAY].fg);
    }
    putchar('\n');
}

static void tell_refill(struct run *run, int64_t metered)
{
    line(run);
    printf("F %lld %lld", (long long)run->stand.now.ms, (long long)metered);
    for (unsigned i = 0; i < run->mixture.count; i++)
        printf(" %u %d", run->mixture.component[i].drug, run->mixture.component[i].conc.ng_ml);
    putchar('\n');
}

/* What the pump did by itself: ran empty. */
static void tell_modes(struct run *run)
{
    uint64_t last = pump_log_last(&run->stand.pump);
    for (; run->seen < last; run->seen++) {
        struct event event;
        if (!pump_log_read(&run->stand.pump, run->seen + 1, &event) || event.code != EVENT_MODE)
            continue;
        bool empty = event.field[1] == MODE_EMPTY || event.field[0] == MODE_EMPTY;
        if (empty && event.field[1] != MODE_STOPPED) {
            line(run);
            printf("%s %lld\n", event.field[1] == MODE_EMPTY ? "V" : "Y", (long long)event.at.ms);
        } else if (event.field[1] == MODE_SAFE) {
            line(run);
            printf("SAFE %lld\n", (long long)event.at.ms);
        }
    }
}

/* Stops at every log entry, so that what the pump did by itself is told in its place. */
static void go(struct run *run, int64_t until_ms)
{
    while (run->stand.now.ms < until_ms) {
        int64_t wake = instant_min(run->stand.wake, twin_next(&run->stand.twin)).ms;
        stand_run(&run->stand, wake < until_ms ? wake : until_ms);
        tell_modes(run);
    }
}

static struct therapy next_therapy(struct run *run)
{
    return maker_therapy(&run->seed, &run->stand.unit, run->stand.dead, &run->mixture, run->pace, run->slack);
}

static void try_activate(struct run *run)
{
    struct therapy therapy = next_therapy(run);
    if (stand_activate(&run->stand, &therapy, true).outcome == OUTCOME_APPLIED) {
        tell_therapy(run, &therapy);
        run->therapy = therapy;
        run->has_therapy = true;
    }
}

static void try_refill(struct run *run)
{
    struct mixture before = run->mixture;
    bool changes = chance_between(&run->seed, 0, 1) == 0;
    bool small = chance_between(&run->seed, 0, 3) == 0;
    vol_nl volume = { small ? run->stand.unit.model.quantum.nl * chance_between(&run->seed, 20, 120)
                            : run->stand.unit.model.reservoir.nl - 1000 };
    int64_t metered = stand_status(&run->stand).metered_quanta;
    struct therapy therapy;
    if (changes)
        run->mixture = maker_mixture(&run->seed, run->first_drug);
    therapy = next_therapy(run);
    struct receipt receipt = stand_refill(&run->stand, &run->mixture, volume, changes ? &therapy : NULL);
    if (receipt.outcome != OUTCOME_APPLIED) {
        run->mixture = before;
        return;
    }
    tell_refill(run, metered);
    tell_modes(run);
    if (changes) {
        tell_therapy(run, &therapy);
        run->therapy = therapy;
        run->has_therapy = true;
    }
}

static void try_bolus(struct run *run, enum role role)
{
    const struct model *model = &run->stand.unit.model;
    struct command command = { .kind = role == ROLE_PATIENT ? COMMAND_PATIENT_BOLUS : COMMAND_CLINICIAN_BOLUS };
    vol_nl volume = { maker_scale(&run->seed, model->quantum.nl / 10, model->quantum.nl * 30) };
    rate_nl_day rate = { (int32_t)maker_scale(&run->seed, model->rate_min.nl_day, model->rate_max.nl_day) };
    if (role == ROLE_PATIENT) {
        volume = run->therapy.program.patient.volume;
        rate = run->therapy.program.patient.rate;
    } else {
        command.volume = volume;
        command.rate = rate;
    }
    if (stand_tell(&run->stand, role, command).outcome == OUTCOME_APPLIED) {
        line(run);
        printf("B %lld %lld %d\n", (long long)run->stand.now.ms, (long long)volume.nl, rate.nl_day);
    }
}

static void try_simple(struct run *run, uint8_t kind, const char *letter, int64_t value)
{
    struct command command = { .kind = kind, .retitrated = kind == COMMAND_RESUME };
    if (kind == COMMAND_SET_CLOCK)
        command.calendar.offset.ms = value;
    if (stand_tell(&run->stand, ROLE_CLINICIAN, command).outcome == OUTCOME_APPLIED) {
        line(run);
        printf("%s %lld %lld\n", letter, (long long)run->stand.now.ms, (long long)value);
    }
}

static void do_something(struct run *run)
{
    struct run *r = run;
    int64_t dice = chance_between(&r->seed, 0, 99);
    int64_t civil = r->stand.pump.now.calendar.offset.ms;
    if (dice < 26)
        try_activate(r);
    else if (dice < 34)
        try_refill(r);
    else if (dice < 56)
        try_bolus(r, ROLE_PATIENT);
    else if (dice < 66)
        try_bolus(r, ROLE_CLINICIAN);
    else if (dice < 72)
        try_simple(r, COMMAND_STOP, "X", 0);
    else if (dice < 84)
        try_simple(r, COMMAND_RESUME, "G", 0);
    else if (dice < 89)
        try_simple(r, COMMAND_MINIMUM, "M", r->stand.unit.model.rate_min.nl_day);
    else if (dice < 93)
        try_simple(r, COMMAND_CANCEL_COURSE, "C", 0);
    else
        try_simple(r, COMMAND_SET_CLOCK, "Z", civil + chance_between(&r->seed, -14 * HOUR_MS, 14 * HOUR_MS));
    tell_modes(r);
}

static void play(uint64_t seed)
{
    static const uint8_t CODES[] = { MODEL_C20, MODEL_C40, MODEL_V20 };
    struct run *run = calloc(1, sizeof *run);
    if (run == NULL)
        abort();
    run->seed = seed;
    const struct model *model = model_find(CODES[chance_between(&run->seed, 0, 2)], 1);
    int32_t ppm = (int32_t)chance_between(&run->seed, -CALIB_PPM_MAX, CALIB_PPM_MAX);
    stand_start(&run->stand, model, ppm, (int32_t)chance_between(&run->seed, 10, CATHETER_MM_MOST), seed);
    printf("R %llu\nU %lld %d %lld\n", (unsigned long long)seed, (long long)model->quantum.nl, ppm,
           (long long)run->stand.dead.nl);
    run->stand.witness = quantum_seen;
    run->stand.witness_self = &run->scribe;
    run->pace.nl_day = (int32_t)maker_scale(&run->seed, model->rate_min.nl_day, model->rate_max.nl_day);
    run->slack = chance_between(&run->seed, 0, 1) == 0 ? 0 : maker_scale(&run->seed, 1, 4000);
    run->first_drug = (uint16_t)chance_between(&run->seed, 1, 5);
    run->mixture = maker_mixture(&run->seed, run->first_drug);
    /* Some hundred quanta, over a few minutes to some weeks. */
    int64_t days_ms = chance_between(&run->seed, 40, 160) * model->quantum.nl * DAY_MS / run->pace.nl_day;
    days_ms = days_ms > 21 * (int64_t)DAY_MS ? 21 * (int64_t)DAY_MS : days_ms;
    try_simple(run, COMMAND_SET_CLOCK, "Z", chance_between(&run->seed, DAY_MS, 229 * 365 * (int64_t)DAY_MS));
    go(run, chance_between(&run->seed, 0, DAY_MS));
    try_refill(run);
    int64_t end_ms = run->stand.now.ms + days_ms;
    int64_t deeds = chance_between(&run->seed, 4, 16);
    while (run->stand.now.ms < end_ms) {
        if (!run->has_therapy)
            try_activate(run);
        else
            do_something(run);
        go(run, run->stand.now.ms + 1 + maker_scale(&run->seed, 1, 2 * days_ms / deeds));
    }
    struct pump_status status = stand_status(&run->stand);
    line(run);
    printf(". %lld %lld %lld %lld %lld %d\n", (long long)run->stand.now.ms, (long long)status.commanded_quanta,
           (long long)status.commanded_bolus_quanta, (long long)status.withheld_quanta, (long long)status.missed_quanta,
           status.mode);
    free(run);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: emit SEED RUNS\n");
        return 2;
    }
    uint64_t seed = strtoull(argv[1], NULL, 10);
    uint64_t runs = strtoull(argv[2], NULL, 10);
    for (uint64_t i = 0; i < runs; i++)
        play(seed * 1000003 + i);
    return 0;
}
