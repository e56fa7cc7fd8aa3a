/* pump.c - the clock of a live implant, its sockets, and what it tells. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/pump.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "amount/amount.h"
#include "app/newborn.h"
#include "app/options.h"
#include "app/personfile.h"
#include "app/progress.h"
#include "app/pumpbutton.h"
#include "app/pumpcontrol.h"
#include "app/target.h"
#include "rig/antenna.h"
#include "rig/chip/corefault.h"
#include "rig/journal.h"
#include "rig/live.h"
#include "rig/pace.h"

enum { WAKES_AT_ONCE = 2000, STATUS_EVERY_MS = 60000 };
static const char NOTICE[] = "SIMULATION. Not a medical device; never for use in people.\n";

static volatile sig_atomic_t stopped;

struct pump_options {
    struct newborn newborn;
    const char *state, *radio, *patient;
    int64_t speed; /* virtual ms for each ms; 0: as fast as it goes */
    bool events, quiet, waits, control;
    struct target target;
};

struct run {
    const struct pump_options *options;
    struct live live;
    struct chip *chip;  /* that runs the pump's software; null: this program */
    struct antenna antenna;
    struct journal journal;
    struct pumpcontrol control;
    struct pumpbutton button;
    struct pace pace;   /* by the machine's monotonic clock */
    int64_t status_ms;  /* when the next line of status is due */
    int body_error;     /* errno that was told of the body's file */
    bool reached;       /* the implant has come as far as the clock */
};

static void on_signal(int number)
{
    (void)number;
    stopped = 1;
}

/* Where the truth of a refill was not what the pump was told, whoever watches the simulation learns of it. */
static void tell_refill(struct run *run)
{
    const struct live_refill *refill = &run->live.refill;
    vol_nl drawn = rig_nl(refill->drawn_m3), entered = rig_nl(refill->entered_m3), spilled = rig_nl(refill->spilled_m3);
    char told[AMOUNT_TEXT_BYTES], out[AMOUNT_TEXT_BYTES], filled[AMOUNT_TEXT_BYTES], in[AMOUNT_TEXT_BYTES],
        lost[AMOUNT_TEXT_BYTES];
    if (drawn.nl == refill->told.nl && entered.nl == refill->filled.nl)
        return;
    amount_write_volume(told, refill->told.nl);
    amount_write_volume(out, drawn.nl);
    amount_write_volume(filled, refill->filled.nl);
    amount_write_volume(in, entered.nl);
    amount_write_volume(lost, spilled.nl);
    fprintf(stderr, "cisterna pump: the refill in truth: %s told as drawn out, %s came; %s told as filled, %s went in, "
                    "%s did not fit and is spilled\n", told, out, filled, in, lost);
    journal_outside(&run->journal, refill->at, &run->live.calendar, "simulation", "refill_in_truth",
                    json_pack("{s:s, s:s, s:s, s:s, s:s}", "told", told, "drawn", out, "filled", filled, "entered", in,
                              "spilled", lost));
}

static void tell_events(void *context)
{
    struct run *run = context;
    struct event event;
    bool any = false;
    for (json_t *told = corefault_next(run->chip); told != NULL; told = corefault_next(run->chip)) {
        fprintf(stderr, "cisterna pump: the core met a fault (%s) and has started again\n",
                json_string_value(json_object_get(told, "fault")));
        journal_outside(&run->journal, run->live.implant.rig->now, &run->live.calendar, "hardware", "core_fault", told);
        any = true;
    }
    while (live_event(&run->live, &event)) {
        journal_event(&run->journal, &event, &run->live.calendar);
        if (event.code == EVENT_REFILL)
            tell_refill(run);
        any = true;
    }
    if (any && run->journal.stream != NULL && fflush(run->journal.stream) != 0) {
        fprintf(stderr, "cisterna pump: standard output takes no more events: %s\n", strerror(errno));
        run->journal.stream = NULL;
    }
}

static void speak(struct run *run)
{
    uint8_t frame[RADIO_FRAME_MAX];
    for (size_t size = live_say(&run->live, frame); size != 0; size = live_say(&run->live, frame))
        if (!run->control.control.radio_off)
            antenna_send(&run->antenna, frame, size);
}

/* The patient presses the button. Where the pump has told nothing of it, that is told. */
static void press(struct run *run)
{
    if (pumpbutton_pass(&run->button, !run->control.control.radio_off) != BUTTON_UNHEARD)
        return;
    journal_outside(&run->journal, run->live.implant.rig->now, &run->live.calendar, "patient", "not_done",
                    json_pack("{s:s, s:s}", "what", "bolus", "reason", pumpbutton_reason(&run->button)));
    if (run->journal.stream != NULL)
        (void)fflush(run->journal.stream); /* whether it takes any more, the next event of the pump shows */
}

/* The implant goes on up to now, or as far as it comes at once. */
static void go_on(struct run *run)
{
    int64_t now_ms = progress_clock();
    instant_ms shows = pace_shows(&run->pace, now_ms), until = pumpcontrol_until(&run->control, shows);
    run->reached = live_until(&run->live, until, WAKES_AT_ONCE, pumpcontrol_wall()) && until.ms == shows.ms;
    pumpcontrol_pass(&run->control);
    pace_reached(&run->pace, run->live.implant.rig->now, now_ms);
    speak(run);
    tell_events(run);
    press(run);
    if (run->live.body_error != 0 && run->live.body_error != run->body_error)
        fprintf(stderr, "cisterna pump: %s/body: %s; the person's state is not kept, what was delivered is\n",
                run->options->state, strerror(run->live.body_error));
    run->body_error = run->live.body_error;
}

static void on_frame(void *context, enum reach reach, const uint8_t *frame, size_t size)
{
    struct run *run = context;
    int64_t now_ms = progress_clock();
    if (run->control.control.radio_off)
        return;
    if (!pace_runs_free(&run->pace, now_ms))
        go_on(run); /* it comes now, not when the wait began */
    pace_talk(&run->pace, run->live.implant.rig->now, now_ms);
    live_hear(&run->live, reach, frame, size, pumpcontrol_wall());
    speak(run);
    tell_events(run);
}

static void status_print(struct run *run)
{
    struct pump_status status;
    char age[AMOUNT_TEXT_BYTES], base[AMOUNT_TEXT_BYTES], left[AMOUNT_TEXT_BYTES];
    rig_status(run->live.implant.rig, &status);
    amount_write_span(age, run->live.implant.rig->now.ms);
    amount_write_flow(base, status.base.nl_day);
    amount_write_volume_fl(left, status.remaining.fl);
    fprintf(stderr, "%s: %s, base %s, %s left by its account, alarms %08" PRIX32 ", %u connected\n", age,
            mode_word(status.mode), base, left, status.alarms, run->antenna.clients);
}

static int64_t wait_ms(const struct run *run)
{
    return run->reached && pumpcontrol_idle(&run->control) ? pace_wait(&run->pace, live_next(&run->live), progress_clock()) : 0;
}

/* Up to a signal, or the end of the implant's time. */
static int live_on(struct run *run, const sigset_t *mask)
{
    while (!stopped) {
        go_on(run);
        if (live_stuck(&run->live)) {
            fprintf(stderr, "cisterna pump: %s\n", corefault_stuck(run->live.implant.rig));
            return EXIT_FAILED;
        }
        if (run->live.implant.rig->now.ms >= IMPLANT_LIFE_MS) {
            fprintf(stderr, "cisterna pump: 30 years are over\n");
            return EXIT_DONE;
        }
        if (!run->options->quiet && progress_clock() >= run->status_ms) {
            status_print(run);
            run->status_ms = progress_clock() + STATUS_EVERY_MS;
        }
        antenna_serve(&run->antenna, wait_ms(run), mask, on_frame, run);
        live_magnet(&run->live, antenna_magnet(&run->antenna));
        pumpcontrol_serve(&run->control);
    }
    if (!run->options->quiet)
        fprintf(stderr, "cisterna pump: the core has lost its power: an implant has no other way of stopping. Started again, it "
                        "goes on after the time that has passed\n");
    return EXIT_DONE;
}

/* How long power was off, in the implant's time; an exit code when that would outlast its life. Nothing is changed here. */
static int power_off(const struct run *run, int64_t wall_ms, int64_t marked_ms, int64_t *off_ms)
{
    const struct pump_options *options = run->options;
    int64_t left_ms = IMPLANT_LIFE_MS - run->live.implant.rig->now.ms, speed = options->speed > 0 ? options->speed : 1;
    char text[AMOUNT_TEXT_BYTES];
    if (left_ms <= 0) {
        fprintf(stderr, "cisterna pump: the 30 years of the implant in %s are over: it runs no more; make another in another "
                        "folder\n", options->state);
        return EXIT_FAILED;
    }
    if (wall_ms - marked_ms > left_ms / speed) {
        amount_write_span(text, wall_ms - marked_ms);
        fprintf(stderr, "cisterna pump: by this machine's clock power was off for %s, which is longer than the implant in %s has "
                        "left of its 30 years; nothing was changed: is the clock right?\n", text, options->state);
        return EXIT_FAILED;
    }
    *off_ms = wall_ms > marked_ms && !options->waits ? (wall_ms - marked_ms) * speed : 0;
    if (options->quiet)
        return EXIT_DONE;
    amount_write_span(text, wall_ms < marked_ms ? marked_ms - wall_ms : *off_ms);
    if (wall_ms < marked_ms)
        fprintf(stderr, "cisterna pump: this machine's clock shows %s less than when power went: for the implant no time has "
                        "passed\n", text);
    else
        fprintf(stderr, "cisterna pump: power was off for %s\n", text);
    return EXIT_DONE;
}

/* The person who has it. An exit code. */
static int body_begin_or_open(struct live *live, const struct patient *who, const char *state, int64_t wall_ms)
{
    static const char *const said[] = {
        [BODYFILE_OTHER] = "is of another implant",
        [BODYFILE_DAMAGED] = "is damaged",
        [BODYFILE_VERSION] = "was written by another version of this program",
    };
    enum bodyfile_fault fault = live_body(live, who, wall_ms);
    if (fault == BODYFILE_OK || fault == BODYFILE_NONE)
        return EXIT_DONE;
    if (fault == BODYFILE_FAILED) {
        fprintf(stderr, "cisterna pump: %s/body: %s\n", state, strerror(errno));
        return EXIT_FAILED;
    }
    fprintf(stderr, "cisterna pump: %s/body %s; nothing was changed. Put the right one there, or take it away: then the person "
                    "begins anew, with all that the implant has delivered\n", state, said[fault]);
    return fault == BODYFILE_DAMAGED ? EXIT_DAMAGED : fault == BODYFILE_VERSION ? EXIT_VERSION : EXIT_FAILED;
}

/* Makes or opens; the pump runs afterwards. An exit code. */
static int implant_begin(struct run *run)
{
    const struct pump_options *options = run->options;
    struct live *live = &run->live;
    uint64_t chance;
    int64_t wall_ms = pumpcontrol_wall(), marked_ms = wall_ms;
    int code = newborn_fault(implant_enter(&live->implant, options->state), options->state);
    if (code != EXIT_DONE)
        return code;
    code = target_begin(&options->target, "pump", &run->chip);
    if (code != EXIT_DONE)
        return code;
    live->implant.chip = run->chip;
    enum implant_fault fault = implant_open(&live->implant, &marked_ms);
    bool opened = fault == IMPLANT_OK;
    code = fault == IMPLANT_NONE ? newborn_make(&live->implant, &options->newborn, options->state, wall_ms)
                                 : newborn_fault(fault, options->state);
    if (opened)
        code = newborn_compare(&live->implant, &options->newborn);
    if (code != EXIT_DONE)
        return code;
    if (!newborn_chance(&chance, sizeof chance))
        return EXIT_FAILED;
    int64_t off_ms = 0;
    if (opened)
        code = power_off(run, wall_ms, marked_ms, &off_ms);
    if (code != EXIT_DONE)
        return code;
    struct patient *who = NULL;
    code = options->patient != NULL ? personfile_read(options->patient, &who) : EXIT_DONE;
    if (code == EXIT_DONE)
        code = body_begin_or_open(live, who, options->state, wall_ms);
    free(who);
    if (code == EXIT_DONE)
        live_start(live, opened, off_ms, chance, wall_ms);
    return code;
}

static int antenna_begin(struct run *run)
{
    const char *folder = run->options->radio != NULL ? run->options->radio : run->options->state;
    enum antenna_place place;
    switch (antenna_open(&run->antenna, folder, &place)) {
    case ANTENNA_OK:
        return EXIT_DONE;
    case ANTENNA_FAILED:
        fprintf(stderr, "cisterna pump: %s: %s\n", run->antenna.path[place], strerror(errno));
        break;
    case ANTENNA_TOO_LONG:
        fprintf(stderr, "cisterna pump: %s/%s is longer than the path of a socket can be (%d characters); give --radio a shorter "
                        "folder\n", folder, antenna_word(place), ANTENNA_PATH_BYTES - 1);
        break;
    case ANTENNA_BUSY:
        fprintf(stderr, "cisterna pump: somebody listens at %s already\n", run->antenna.path[place]);
        break;
    }
    return EXIT_FAILED;
}

/* Signals that end it come only while it waits. */
static void signals_set(sigset_t *mask)
{
    sigset_t blocked;
    const struct sigaction action = { .sa_handler = on_signal };
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigaddset(&blocked, SIGINT);
    sigprocmask(SIG_BLOCK, &blocked, mask);
    sigdelset(mask, SIGTERM);
    sigdelset(mask, SIGINT);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static int run_pump(const struct pump_options *options)
{
    struct run *run = calloc(1, sizeof *run);
    sigset_t mask;
    if (run == NULL)
        return EXIT_FAILED;
    run->options = options;
    run->live.implant.folder = -1;
    run->journal.stream = options->events ? stdout : NULL;
    signals_set(&mask);
    fputs(NOTICE, stderr);
    int code = implant_begin(run);
    if (code == EXIT_DONE)
        code = antenna_begin(run);
    if (code == EXIT_DONE) {
        run->pace = pace_from(options->speed, run->live.implant.rig->now, (instant_ms){ IMPLANT_LIFE_MS }, progress_clock());
        if (options->control)
            code = pumpcontrol_begin(&run->control, options->state, &run->live, &run->pace);
        if (code == EXIT_DONE && options->control)
            run->antenna.also = run->control.wire.watch;
        if (code != EXIT_DONE) {
            pumpcontrol_end(&run->control);
            antenna_close(&run->antenna);
        }
    }
    if (code == EXIT_DONE) {
        pumpbutton_begin(&run->button, options->state, &run->live, tell_events, run);
        fprintf(stderr, "cisterna pump: %.15s is up; radio at %s\n", run->live.implant.rig->unit.serial,
                options->radio != NULL ? options->radio : options->state);
        code = live_on(run, &mask);
        pumpbutton_end(&run->button);
        pumpcontrol_end(&run->control);
        antenna_close(&run->antenna);
        if (!live_save(&run->live, pumpcontrol_wall())) {
            fprintf(stderr, "cisterna pump: %s: %s\n", options->state, strerror(errno));
            code = EXIT_FAILED;
        }
    }
    if (code != EXIT_DONE)
        (void)target_lost(run->chip, "pump");
    implant_close(&run->live.implant);
    chip_free(run->chip);
    free(run);
    return code;
}

static int usage(const char *text, const char *word)
{
    fprintf(stderr, "cisterna pump: %s%s; see cisterna --help\n", text, word);
    return EXIT_USAGE;
}

static const struct option OPTIONS[] = {
    { "state", required_argument, NULL, 'd' },     { "radio", required_argument, NULL, 'r' },
    { "speed", required_argument, NULL, 'v' },     { "model", required_argument, NULL, 'm' },
    { "serial", required_argument, NULL, 'n' },    { "catheter", required_argument, NULL, 'c' },
    { "seed", required_argument, NULL, 's' },      { "formulary-key", required_argument, NULL, 'f' },
    { "firmware-key", required_argument, NULL, 'w' }, { "events", no_argument, NULL, 'e' },
    { "quiet", no_argument, NULL, 'q' },           { "wait", no_argument, NULL, 't' },
    { "control", no_argument, NULL, 'k' },        { "like", required_argument, NULL, 'l' },
    { "patient", required_argument, NULL, 'p' },   { "target", required_argument, NULL, 'g' },
    { "image", required_argument, NULL, 'i' },
    { NULL, 0, NULL, 0 },
};

static int speed_read(const char *word, int64_t *speed)
{
    char *end;
    *speed = strtoll(word, &end, 10);
    if (strcmp(word, "max") == 0)
        *speed = 0;
    else if (*word < '0' || *word > '9' || *end != '\0' || *speed < 1 || *speed > PACE_SPEED_MAX)
        return usage("--speed is a whole number from 1 to 1000000, or max, not ", word);
    return EXIT_DONE;
}

static int option_take(int letter, const char *value, struct pump_options *options)
{
    const char **said = NULL;
    switch (letter) {
    case 'd': said = &options->state; break;
    case 'r': said = &options->radio; break;
    case 'p': said = &options->patient; break;
    case 'm': said = &options->newborn.model; break;
    case 'n': said = &options->newborn.serial; break;
    case 'c': said = &options->newborn.catheter; break;
    case 's': said = &options->newborn.seed; break;
    case 'f': said = &options->newborn.formulary_key; break;
    case 'w': said = &options->newborn.firmware_key; break;
    case 'l': said = &options->newborn.like; break;
    case 'g': return target_take(&options->target, TARGET_TARGET, value, "pump");
    case 'i': return target_take(&options->target, TARGET_IMAGE, value, "pump");
    case 'v': return speed_read(value, &options->speed);
    case 'e': options->events = true; return EXIT_DONE;
    case 'q': options->quiet = true; return EXIT_DONE;
    case 't': options->waits = true; return EXIT_DONE;
    case 'k': options->control = true; return EXIT_DONE;
    default: return usage("unknown option, or a value is missing", "");
    }
    *said = value;
    return *value != '\0' ? EXIT_DONE : usage("an option has an empty value", "");
}

int pump_main(int count, char **words)
{
    struct pump_options options = { .state = "implant", .speed = 1 };
    int letter, code = EXIT_DONE;
    opterr = 0;
    while (code == EXIT_DONE && (letter = getopt_long(count, words, "", OPTIONS, NULL)) != -1)
        code = letter == '?' ? usage("unknown option, or a value is missing: ", words[optind - 1])
                             : option_take(letter, optarg, &options);
    if (code != EXIT_DONE)
        return code;
    if (optind != count)
        return usage("takes no file: ", words[optind]);
    code = target_judge(&options.target, "pump");
    return code == EXIT_DONE ? run_pump(&options) : code;
}
