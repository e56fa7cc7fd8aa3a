/* server.c - the server's parts, put together and taken apart. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "clinic/server/server.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "clinic/formulary/reading.h"
#include "clinic/formulary/sitekey.h"

_Static_assert((int)SERVER_REGIONS == (int)REGIONS_MAX, "room for every region");

/* What a session had goes with it. Called with server->lock held. */
static void session_gone(void *context, uint64_t number)
{
    struct server *server = context;
    claims_forget(&server->claims, number);
}

/* Documents hold passwords and names: their memory is wiped before it is given back. */
static void wiping_free(void *memory)
{
    if (memory != NULL)
        explicit_bzero(memory, malloc_usable_size(memory));
    free(memory);
}

static bool locks_start(struct server *server)
{
    return pthread_mutex_init(&server->lock, NULL) == 0 && pthread_mutex_init(&server->signing, NULL) == 0 &&
           feed_start(&server->feed) && limiter_start(&server->limiter);
}

/* A site's release may be for one region alone: then there is nothing to be told of the other. */
static enum formulary_fault library_open(struct server *server, FILE *messages)
{
    enum formulary_fault fault = FORMULARY_OK;
    for (unsigned i = 0; region_word(i) != NULL && (fault == FORMULARY_OK || fault == FORMULARY_MISMATCH); i++) {
        fault = inforce_open(&server->options.library, region_word(i), &server->formulary[server->regions], messages);
        server->regions += fault == FORMULARY_OK;
    }
    return fault == FORMULARY_MISMATCH && server->regions > 0 ? FORMULARY_OK : fault;
}

bool server_start(struct server *server, const struct server_options *options, FILE *messages)
{
    json_set_alloc_funcs(malloc, wiping_free);
    memset(server, 0, sizeof *server);
    server->options = *options;
    server->sessions.idle_ms = options->idle_ms;
    server->sessions.absolute_ms = options->absolute_ms;
    server->sessions.gone = session_gone;
    server->sessions.context = server;
    if (!locks_start(server)) {
        fprintf(messages, "cisterna clinic: no locks or no random numbers to be had\n");
        return false;
    }
    server->library = library_open(server, messages);
    if (server->library == FORMULARY_OK && options->library.site_key != NULL)
        server->library = sitekey_read_public(options->library.site_key, server->site_key, messages);
    if (server->library != FORMULARY_OK ||
        !tasks_start(&server->tasks, &server->lock, &server->door, server->formulary, server->regions))
        return false;
    server->tasks.site_key = options->library.site_key != NULL ? server->site_key : NULL;
    return true;
}

static void host_add(struct server *server, const char *scheme, const char *name, unsigned port)
{
    unsigned at = server->hosts++;
    if (port == 0)
        snprintf(server->host[at], sizeof server->host[at], "%s", name);
    else
        snprintf(server->host[at], sizeof server->host[at], "%s:%u", name, port);
    snprintf(server->origin[at], sizeof server->origin[at], "%s://%s", scheme, server->host[at]);
}

void server_hosts(struct server *server, uint16_t port)
{
    const char *address = server->options.address;
    char bracketed[SERVER_HOST_BYTES];
    server->hosts = 0;
    if (server->options.public_host != NULL)
        host_add(server, "https", server->options.public_host, 0);
    if (server->options.public_host != NULL && strncmp(address, "127.", 4) != 0 && strcmp(address, "::1") != 0)
        return; /* for the server in front alone */
    snprintf(bracketed, sizeof bracketed, strchr(address, ':') != NULL ? "[%s]" : "%s", address);
    host_add(server, "http", bracketed, port);
    host_add(server, "http", "localhost", port);
}

/* Is the person of a task still there? Called with both locks taken. */
static bool task_held(void *context, const struct task *task)
{
    const struct server *server = context;
    const struct claim *claim = claims_find(&server->claims, task->serial, server_now());
    return !task->session->ended && claim != NULL && claim->at.session == task->session->number;
}

void server_tick(struct server *server, int64_t now_ms)
{
    (void)pthread_mutex_lock(&server->lock);
    logins_sweep(&server->sessions, now_ms, 0);
    (void)pthread_mutex_unlock(&server->lock);
    tasks_sweep(&server->tasks, now_ms, task_held, server);
    feed_wake(&server->feed);
}

void server_stop(struct server *server)
{
    tasks_stop(&server->tasks, server_now());
    (void)pthread_mutex_lock(&server->lock);
    logins_close(&server->sessions);
    (void)pthread_mutex_unlock(&server->lock);
    for (unsigned i = 0; i < server->regions; i++)
        formulary_close(&server->formulary[i]);
}
