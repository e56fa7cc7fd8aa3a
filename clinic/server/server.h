/* server.h - the clinic's server: records behind sessions, claims on pumps, and what pumps tell, over HTTP. docs/clinic.md */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_SERVER_H
#define CLINIC_SERVER_SERVER_H

#include <pthread.h>
#include <stdbool.h>

#include "clinic/formulary/inforce.h"
#include "clinic/server/claim.h"
#include "clinic/server/feed.h"
#include "clinic/server/journal.h"
#include "clinic/server/limiter.h"
#include "clinic/server/login.h"
#include "clinic/server/task.h"
#include "clinic/server/twindoor.h"

enum {
    SERVER_HOSTS_MAX = 4,
    SERVER_HOST_BYTES = 128,
    SERVER_BODY_BYTES_MAX = 65536,
    SERVER_REGIONS = 2,
    SERVER_SIGNING_MAX = 2
};

struct server_options {
    const char *database;    /* clinic/records/database.h */
    const char *address;     /* a number: "127.0.0.1", "::1" */
    uint16_t port;           /* 0: any that is free */
    const char *public_host; /* behind TLS: the name people use, with its port where it has one; else null */
    const char *version;
    char patient_serial[SERIAL_BYTES]; /* whose patient has a page; "": nobody's is known */
    const char *patient_url;           /* and where that is */
    int64_t idle_ms, absolute_ms;      /* of sessions */
    int64_t heartbeat_ms;              /* of streams */
    struct inforce library;            /* the site's release, or what is built in */
};

struct server {
    struct server_options options;
    char host[SERVER_HOSTS_MAX][SERVER_HOST_BYTES]; /* the only ones that Host may name */
    char origin[SERVER_HOSTS_MAX][SERVER_HOST_BYTES + 8];
    unsigned hosts;
    struct formulary formulary[SERVER_REGIONS]; /* of each region that the library has: never changed while it runs */
    unsigned regions;
    uint8_t site_key[SIGN_KEY_BYTES]; /* where options.library names one */
    enum formulary_fault library;     /* why there is none, when server_start() has failed; else FORMULARY_OK */
    pthread_mutex_t lock;             /* of what follows, for moments only; taken before that of `feed` */
    struct logins sessions;
    struct claims claims;
    struct limiter limiter;
    struct feed feed;        /* has a lock of its own */
    struct door door;        /* to the pumps; set before the first request */
    struct server_twin twin; /* to their simulations; set before the first request, or never */
    struct tasks tasks;      /* have a lock of their own */
    unsigned signing_in;     /* how many wait for `signing`, or are at it */
    pthread_mutex_t signing; /* one password is tried at a time: each costs 64 MiB */
};

/* False with a message on `messages`. Sessions begin with sign-ins; no key is held before. */
bool server_start(struct server *server, const struct server_options *options, FILE *messages);
/* Names and origins it answers to, once the port is known. */
void server_hosts(struct server *server, uint16_t port);
/* Ends what is over at this moment. */
void server_tick(struct server *server, int64_t now_ms);
void server_stop(struct server *server);

#endif
