/* visit.h - one conversation of the command line with a pump: keys, radio and session opened, and closed again. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_VISIT_H
#define APP_VISIT_H

#include "app/desk.h"
#include "app/socket_air.h"
#include "clinic/programmer/keystore.h"
#include "clinic/programmer/programmer.h"

struct visit {
    const struct desk *desk;
    struct keystore store;
    struct socket_air socket;
    struct air air;
    struct programmer programmer;
    cisterna_Status status;   /* as told when it began */
    struct calendar calendar; /* the pump's */
    int64_t heard_utc_ms;     /* our own time when the status was told */
};

/* What it is for. When it settles an earlier command, CHANGE ends there: what is asked for now was asked for without knowing
 * what became of that. */
enum purpose { PURPOSE_LOOK, PURPOSE_CHANGE, PURPOSE_LOWER };

/* Opens keys, radio and session, and reads the status. EXIT_DONE, or a message and an exit code: then nothing is open. */
int visit_begin(const struct desk *desk, enum purpose purpose, struct visit *visit);
void visit_end(struct visit *visit);
/* Leaves the keys to others while a person is asked: who wants to stop the pump with them need not wait for the answer. Then
 * takes them again and goes on: in the session, or in a new one where the pump has ended it or somebody has used the keys. The
 * ledger head stays the one that the person was shown, so that the pump refuses what was asked about an older state of it.
 * EXIT_DONE, or a message and an exit code: the visit is then still to be ended. */
void visit_leave(struct visit *visit);
int visit_return(struct visit *visit);

/* The parts, for who has no session yet: keys (a missing file is begun with `create`), and the socket of this reach. */
int visit_keys_open(const struct desk *desk, bool create, struct visit *visit);
int visit_connect(const struct desk *desk, const char *reach, struct visit *visit);
/* Opens a session and reads the status, without a word. */
enum contact visit_greet(struct visit *visit);
/* A status has just been told: its clock, and our own time then. REQ-TIME-08 */
void visit_heard(struct visit *visit);
/* Takes the patience of the command line. */
int visit_patience(const struct desk *desk, struct patience *patience);
/* The role that --role names; 0 without a message when it is not given. */
int visit_role(const struct desk *desk, uint8_t *role);

/* One question; false with a message when it is not answered as it should be. */
bool visit_ask(struct visit *visit, uint32_t topic, uint32_t from, cisterna_Reply *reply);

#endif
