/* crowd.h - the connections there are, how far each has come, and which of them have to go: who does not get a whole request
 * across in time, who does not take the answer, and, when too many stand about, whoever has stood longest. So nobody fills the
 * server by sending a byte now and then. Time is the caller's, and never goes back. REQ-SECU-13.
 *
 * Addresses are not looked at: on this machine's own address, and behind a server that speaks TLS, everybody comes from the same
 * one, and a limit for each would shut out the people first. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_CROWD_H
#define CLINIC_SERVER_CROWD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* All guesses. Those who ask or take, those who look on (FEED_STREAMS_MAX) and those who are served together stay below
 * CROWD_MAX: there is always room for one more to knock. */
enum {
    CROWD_MAX = 512,
    CROWD_STANDING_MAX = 256, /* who ask or take; more of them, and the one who has stood longest goes */
    CROWD_ASKING_MS = 20000,  /* from accept, or from the end of the answer before, until a request is whole */
    CROWD_TAKING_MS = 30000,  /* until its answer is taken */
    CROWD_TOLD_MS = 60000     /* between two lines of a journal about it */
};

enum guest_at {
    GUEST_NOWHERE,
    GUEST_ASKING, /* has not sent a whole request (yet) */
    GUEST_SERVED, /* a handler is at work: nobody ends that */
    GUEST_TAKING, /* an answer is on its way */
    GUEST_LOOKING /* a stream; it has limits of its own, clinic/server/login.h and feed.h */
};

struct guest {
    enum guest_at at;
    bool shut; /* told to go; gone when the library says so */
    int socket;
    int64_t since_ms; /* when it came there */
};

struct crowd {
    pthread_mutex_t lock;
    void (*shut)(int socket); /* ends both directions, and lets the number stand until crowd_leave() */
    uint64_t pushed;          /* how many went because too many stood about */
    uint64_t told;            /* of them, to the journal, and when that was */
    int64_t told_ms;
    struct guest guest[CROWD_MAX];
};

bool crowd_start(struct crowd *crowd, void (*shut)(int socket));
/* A connection was accepted; it asks. Null, and it is shut, when there is no place. */
struct guest *crowd_enter(struct crowd *crowd, int socket, int64_t now_ms);
/* It comes to another place. False when it was shut: nothing of its may be begun any more. */
bool crowd_step(struct crowd *crowd, struct guest *guest, enum guest_at at, int64_t now_ms);
/* It is about to be closed, and its number will be another's. `guest` may be null. */
void crowd_leave(struct crowd *crowd, struct guest *guest);
/* Shuts all whose time is over. */
void crowd_sweep(struct crowd *crowd, int64_t now_ms);
/* How many went because too many stood about, since it was answered before: for the journal, and therefore 0 when there were
 * none, or when the last answer is less than CROWD_TOLD_MS ago. */
uint64_t crowd_tell(struct crowd *crowd, int64_t now_ms);

#endif
