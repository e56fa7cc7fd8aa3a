/* relay.c - three sockets towards programmers, three towards the pump. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/attack/relay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "rig/antenna.h"

enum { TURN_MS = 2 /* guess: how long each side is listened to in turn */ };

struct relay {
    const struct ask *ask;
    struct attack *attack;
    struct attack_radio *radio;
    struct antenna antenna;
    uint64_t to, from;       /* frames that came to be passed on, either way */
    uint64_t lost;
    bool served, broken;
};

/* Is the frame of this number, from 1, one of those that are to be lost? */
static bool loses(const struct ask *ask, bool way, uint64_t number)
{
    return way && number > ask->after && (!ask_has(ask, ASK_COUNT) || number <= ask->after + ask->wish.count);
}

static enum place place_of(const struct relay *relay, enum reach reach)
{
    return reach == REACH_FAR ? PLACE_FAR : antenna_magnet(&relay->antenna) ? PLACE_MAGNET : PLACE_NEAR;
}

static void on_programmer(void *context, enum reach reach, const uint8_t *frame, size_t size)
{
    struct relay *relay = context;
    if (loses(relay->ask, relay->ask->lose_to, ++relay->to))
        relay->lost++;
    else if (!attack_send(relay->attack, place_of(relay, reach), frame, size))
        relay->broken = true;
}

static void on_pump(void *context, const uint8_t *frame, size_t size)
{
    struct relay *relay = context;
    answers_hear(&relay->attack->answers, frame, size);
    if (loses(relay->ask, relay->ask->lose_from, ++relay->from))
        relay->lost++;
    else
        antenna_send(&relay->antenna, frame, size);
}

/* A magnet is there as long as a programmer holds one to the relay. */
static void magnet_follow(struct relay *relay)
{
    if (!antenna_magnet(&relay->antenna))
        radio_leave(relay->radio, PLACE_MAGNET);
    else if (!radio_join(relay->radio, PLACE_MAGNET))
        relay->broken = true;
}

static bool goes_on(const struct relay *relay)
{
    bool all_gone = relay->served && relay->antenna.clients == 0;
    return !relay->broken && !radio_stopped() && !(all_gone && ask_has(relay->ask, ASK_ONCE));
}

static void pass_on(struct relay *relay)
{
    const struct aerial *aerial = &relay->attack->aerial;
    bool time = true;
    while (time && goes_on(relay)) {
        antenna_serve(&relay->antenna, TURN_MS, NULL, on_programmer, relay);
        magnet_follow(relay);
        relay->served = relay->served || relay->antenna.clients > 0;
        time = aerial->pass(aerial->context, TURN_MS);
    }
}

static int antenna_begin(struct relay *relay)
{
    const char *dir = relay->ask->value[ASK_AS];
    enum antenna_place place = ANTENNA_FAR;
    if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
        fprintf(stderr, "cisterna attack: cannot make %s: %s\n", dir, strerror(errno));
        return EXIT_FAILED;
    }
    enum antenna_fault fault = antenna_open(&relay->antenna, dir, &place);
    if (fault == ANTENNA_OK)
        return EXIT_DONE;
    const char *text = fault == ANTENNA_BUSY ? "somebody listens there already" : strerror(errno);
    fprintf(stderr, "cisterna attack: no sockets in %s: %s\n", dir, fault == ANTENNA_TOO_LONG ? "its name is too long" : text);
    return EXIT_FAILED;
}

int relay_run(const struct ask *ask, struct attack *attack, struct attack_radio *radio, struct report *report)
{
    struct relay *relay = calloc(1, sizeof *relay);
    if (relay == NULL)
        return EXIT_FAILED;
    *relay = (struct relay){ .ask = ask, .attack = attack, .radio = radio };
    int code = antenna_begin(relay);
    if (code == EXIT_DONE) {
        radio->heard = on_pump;
        radio->context = relay;
        fprintf(stderr, "cisterna attack: programmers reach the pump at %s\n", ask->value[ASK_AS]);
        pass_on(relay);
        report->whole = true;
        report->lost = relay->lost;
        antenna_close(&relay->antenna);
    }
    free(relay);
    return code;
}
