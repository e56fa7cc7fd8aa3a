/* watcher.c - a reader's session around an attack. */
// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "app/attack/watcher.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "app/attack/radio.h"
#include "app/progress.h"
#include "app/told.h"

/* A near stranger's token comes in every 120 s (link/SPEC.md §4), and with it all of a session. */
enum { AGAIN_MS = 150000 };

static void desk_fill(struct desk *desk, const struct ask *ask)
{
    *desk = (struct desk){ .command = "attack" };
    desk->value[OPTION_AT_KEYS] = ask->value[ASK_WITNESS];
    desk->value[OPTION_AT_RADIO] = ask->value[ASK_RADIO];
    desk->value[OPTION_AT_PUMP] = ask->value[ASK_PUMP];
    desk->value[OPTION_AT_PATIENCE] = ask->value[ASK_PATIENCE];
    desk->value[OPTION_AT_PASSPHRASE_FILE] = ask->value[ASK_PASSPHRASE_FILE];
    desk->value[OPTION_AT_ROLE] = ask_has(ask, ASK_ROLE) ? ask->value[ASK_ROLE] : "reader";
    desk->value[OPTION_AT_NEAR] = ""; /* where nobody far away can keep it out */
}

int watcher_begin(struct watcher *watcher, const struct ask *ask)
{
    desk_fill(&watcher->desk, ask);
    int code = visit_begin(&watcher->desk, PURPOSE_LOOK, &watcher->visit);
    if (code != EXIT_DONE)
        return code;
    watcher->open = true;
    struct programmer *programmer = &watcher->visit.programmer;
    enum contact contact = witness_look(programmer, &watcher->visit.air, &watcher->before);
    if (contact == CONTACT_OK) /* may it read the log at all? */
        contact = witness_log(programmer, &watcher->visit.air, watcher->before.status.log_last, &watcher->log);
    if (contact == CONTACT_OK)
        return EXIT_DONE;
    fprintf(stderr, "cisterna attack: the witness: %s\n", told_contact(contact));
    watcher_end(watcher);
    return told_contact_exit(contact);
}

static bool look_again(struct watcher *watcher)
{
    struct programmer *programmer = &watcher->visit.programmer;
    return witness_look(programmer, &watcher->visit.air, &watcher->after) == CONTACT_OK &&
           witness_log(programmer, &watcher->visit.air, watcher->before.status.log_last, &watcher->log) == CONTACT_OK;
}

/* Has the pump hung up on the witness? Then no patience helps. */
static bool hung_up(const struct watcher *watcher)
{
    uint8_t byte;
    ssize_t got = recv(watcher->visit.socket.socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

bool watcher_again(struct watcher *watcher, bool anew)
{
    int64_t until_ms = progress_clock() + AGAIN_MS;
    watcher->went_on = look_again(watcher);
    if (!watcher->went_on)
        fprintf(stderr, "cisterna attack: no answer to the witness; the pump may be deaf for two minutes: asking again\n");
    while (!watcher->anew && (anew || !watcher->went_on) && progress_clock() < until_ms && !hung_up(watcher) && !radio_stopped())
        watcher->anew = programmer_open(&watcher->visit.programmer, &watcher->visit.air) == CONTACT_OK && look_again(watcher);
    return watcher->anew || (watcher->went_on && !anew);
}

void watcher_end(struct watcher *watcher)
{
    if (watcher->open)
        visit_end(&watcher->visit);
    watcher->open = false;
}
