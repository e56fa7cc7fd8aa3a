/* attack.c - one attack from its command line to its verdict. */
// SPDX-License-Identifier: Apache-2.0
#include "app/attack/attack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/attack/radio.h"
#include "app/attack/relay.h"
#include "app/attack/report.h"
#include "app/attack/watcher.h"

struct assault {
    struct ask ask;
    struct attack attack;
    struct attack_radio radio;
    struct watcher watcher;
    struct report report;
};

static void on_frame(void *context, const uint8_t *frame, size_t size)
{
    struct assault *assault = context;
    answers_hear(&assault->attack.answers, frame, size);
}

static int tape_begin(struct assault *assault)
{
    if (assault->ask.file == NULL)
        return EXIT_DONE;
    enum tape_fault fault = tape_read(&assault->attack.tape, assault->ask.file);
    if (fault == TAPE_OK && assault->attack.tape.count > 0)
        return EXIT_DONE;
    const char *text = fault == TAPE_IO ? strerror(errno) : fault == TAPE_OK ? "it holds no frames" : tape_text(fault);
    fprintf(stderr, "cisterna attack: %s: %s\n", assault->ask.file, text);
    return fault == TAPE_CUT || fault == TAPE_FORM ? EXIT_DAMAGED : EXIT_USAGE;
}

static int capture_open(struct assault *assault)
{
    const char *name = assault->ask.value[ASK_OUT];
    if (name == NULL)
        return EXIT_DONE;
    assault->radio.capture = fopen(name, "wb");
    if (assault->radio.capture == NULL) {
        fprintf(stderr, "cisterna attack: cannot write %s: %s\n", name, strerror(errno));
        return EXIT_FAILED;
    }
    capture_begin(assault->radio.capture);
    return EXIT_DONE;
}

static int capture_close(struct assault *assault)
{
    FILE *capture = assault->radio.capture;
    assault->radio.capture = NULL;
    if (capture == NULL)
        return EXIT_DONE;
    bool good = ferror(capture) == 0;
    if (fclose(capture) == 0 && good)
        return EXIT_DONE;
    fprintf(stderr, "cisterna attack: %s could not be written whole\n", assault->ask.value[ASK_OUT]);
    return EXIT_FAILED;
}

/* The attacker listens before the witness comes: so its session is overheard, as any would be. */
static int radio_open(struct assault *assault)
{
    struct ask *ask = &assault->ask;
    if (ask->value[ASK_RADIO] == NULL)
        ask->value[ASK_RADIO] = getenv("CISTERNA_RADIO");
    if (ask->value[ASK_RADIO] == NULL || *ask->value[ASK_RADIO] == '\0')
        return ask_usage("needs --radio DIR, the folder of a virtual pump", "");
    radio_begin(&assault->radio, ask->value[ASK_RADIO], ask->seconds * 1000);
    assault->radio.heard = on_frame;
    assault->radio.context = assault;
    enum place place = ask->wish.place == PLACE_MAGNET ? PLACE_NEAR : ask->wish.place; /* a magnet comes with the first frame */
    if (radio_join(&assault->radio, place))
        return EXIT_DONE;
    fprintf(stderr, "cisterna attack: no pump listens at %s/%s: %s\n", ask->value[ASK_RADIO], kind_place(place), strerror(errno));
    return EXIT_FAILED;
}

static int witness_begin(struct assault *assault)
{
    static const uint8_t none[PUMP_ID_BYTES];
    if (!ask_has(&assault->ask, ASK_WITNESS))
        return EXIT_DONE;
    int code = watcher_begin(&assault->watcher, &assault->ask);
    if (code == EXIT_DONE)
        report_before(&assault->ask, &assault->watcher.before);
    if (code == EXIT_DONE && memcmp(assault->attack.wish.pump_id, none, sizeof none) == 0)
        memcpy(assault->attack.wish.pump_id, assault->watcher.visit.programmer.key.pump_id, PUMP_ID_BYTES);
    return code;
}

/* What was said so far is listened to, for the sessions in it. Whoever connects hears what is said from then on: so nothing that
 * the witness was told counts as an answer to the attack. */
static bool begin_anew(struct assault *assault)
{
    struct attack_radio *radio = &assault->radio;
    enum place place = radio->ear >= 0 ? (enum place)radio->ear : PLACE_FAR;
    if (assault->watcher.open) {
        (void)assault->attack.aerial.pass(radio, 1);
        radio_end(radio);
    }
    radio_restart(radio, assault->ask.seconds * 1000);
    answers_forget(&assault->attack.answers);
    if (radio_join(radio, place))
        return true;
    fprintf(stderr, "cisterna attack: the pump is not there any more: %s\n", strerror(errno));
    return false;
}

static int carry_out(struct assault *assault)
{
    struct attack *attack = &assault->attack;
    struct report *report = &assault->report;
    if (!begin_anew(assault))
        return EXIT_FAILED;
    if (assault->ask.kind == KIND_RELAY)
        return relay_run(&assault->ask, attack, &assault->radio, report);
    if (assault->ask.kind == KIND_ROLE) {
        struct visit *visit = &assault->watcher.visit;
        assault->watcher.refusals = true;
        role_try(&visit->programmer, &visit->air, (uint8_t)assault->watcher.before.status.mode, &report->role);
        report->whole = true;
        return EXIT_DONE;
    }
    report->whole = attack->kind->run(attack);
    (void)attack->aerial.pass(attack->aerial.context, assault->ask.wait_ms);
    return EXIT_DONE;
}

static void witness_end(struct assault *assault)
{
    struct watcher *watcher = &assault->watcher;
    struct report *report = &assault->report;
    struct sight_pardon pardon = { .slot = watcher->visit.programmer.key.slot, .refusals = watcher->refusals,
                                   .magnet = assault->attack.wish.place == PLACE_MAGNET };
    if (!watcher->open)
        return;
    report->before = &watcher->before;
    report->after = &watcher->after;
    report->log = &watcher->log;
    report->witnessed = watcher_again(watcher, assault->attack.kind->anew) ? WITNESSED_WELL : WITNESSED_LOST;
    report->went_on = watcher->went_on;
    report->anew = watcher->anew;
    if (report->witnessed == WITNESSED_WELL)
        sight_judge(&watcher->before, &watcher->after, &watcher->log, &pardon, &report->judgement);
}

static int assault_run(struct assault *assault)
{
    struct attack *attack = &assault->attack;
    struct report *report = &assault->report;
    attack->kind = kind_row(assault->ask.kind);
    attack->wish = assault->ask.wish;
    attack->dice = dice_for(assault->ask.seed, assault->ask.kind);
    *report = (struct report){ .ask = &assault->ask, .attack = attack };
    int code = tape_begin(assault);
    code = code == EXIT_DONE ? radio_open(assault) : code;
    code = code == EXIT_DONE ? capture_open(assault) : code;
    if (code != EXIT_DONE)
        return code;
    attack->aerial = radio_aerial(&assault->radio);
    report_begin(&assault->ask);
    code = witness_begin(assault);
    code = code == EXIT_DONE ? carry_out(assault) : code;
    if (code != EXIT_DONE)
        return code;
    report->gone = !radio_finish(&assault->radio);
    witness_end(assault);
    return report_end(report);
}

int attack_main(int count, char **words)
{
    struct assault *assault = calloc(1, sizeof *assault);
    if (assault == NULL)
        return EXIT_FAILED;
    int code = ask_read(&assault->ask, count, words);
    if (code == EXIT_DONE && ask_has(&assault->ask, ASK_HELP)) {
        ask_help(&assault->ask);
    } else if (code == EXIT_DONE) {
        code = assault_run(assault);
        int written = capture_close(assault);
        code = code == EXIT_DONE ? written : code;
        radio_end(&assault->radio);
        watcher_end(&assault->watcher);
        tape_free(&assault->attack.tape);
    }
    free(assault);
    return code;
}
