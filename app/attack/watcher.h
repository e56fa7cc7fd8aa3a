/* watcher.h - the witness of an attack on the command line: a programmer with a key of its own, near the pump, that looks before
 * and after. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_ATTACK_WATCHER_H
#define APP_ATTACK_WATCHER_H

#include "app/attack/ask.h"
#include "app/visit.h"
#include "rig/attack/witness.h"

struct watcher {
    bool open;
    struct desk desk;
    struct visit visit;
    struct sight before, after;
    struct sight_log log;
    bool went_on;   /* the session of before stood the attack */
    bool anew;      /* another was opened after it */
    bool refusals;  /* it has itself asked for what is refused */
};

/* Opens keys and a session, and looks. EXIT_DONE, or a message and an exit code. */
int watcher_begin(struct watcher *watcher, const struct ask *ask);
/* Looks again: in the session of before where it still stands, else, or where `anew` asks for it, in a new one; for as long as
 * buckets may be empty. False when it does not get through. */
bool watcher_again(struct watcher *watcher, bool anew);
void watcher_end(struct watcher *watcher);

#endif
