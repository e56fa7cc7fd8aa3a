/* wire.c - lines over a socket. */
// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "rig/wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static const char TOO_LONG[] = "{\"error\":\"a request is one line of at most 65535 bytes, and this one is longer\"}";
static const char TOO_MUCH[] = "{\"error\":\"the answer would be longer than a line may be: a fault of ours\"}";

static bool watch(struct wire *wire, int descriptor, uint32_t events, void *what, int how)
{
    struct epoll_event event = { .events = events, .data.ptr = what };
    return epoll_ctl(wire->watch, how, descriptor, &event) == 0;
}

enum listener_fault wire_open(struct wire *wire, const char *folder, const char *name)
{
    *wire = (struct wire){ .listener = -1, .watch = -1 };
    int size = snprintf(wire->path, sizeof wire->path, "%s/%s", folder, name);
    if (size < 0 || (size_t)size >= sizeof wire->path) {
        errno = ENAMETOOLONG;
        return LISTENER_FAILED;
    }
    wire->watch = epoll_create1(EPOLL_CLOEXEC);
    enum listener_fault fault = wire->watch < 0 ? LISTENER_FAILED : listener_open(wire->path, &wire->listener);
    if (fault == LISTENER_OK && !watch(wire, wire->listener, EPOLLIN, NULL, EPOLL_CTL_ADD))
        fault = LISTENER_FAILED;
    if (fault != LISTENER_OK) {
        int error = errno;
        wire_close(wire);
        errno = error;
    }
    return fault;
}

static void let_go(struct wire *wire, unsigned at)
{
    struct wire_client *client = wire->client[at];
    (void)close(client->descriptor); /* and it is watched no more */
    free(client->answer);
    free(client);
    wire->client[at] = wire->client[--wire->clients];
}

/* False: nobody knocks any more. */
static bool let_in(struct wire *wire)
{
    int descriptor = listener_accept(wire->listener);
    if (descriptor < 0)
        return false;
    unsigned oldest = 0;
    for (unsigned i = 1; i < wire->clients; i++)
        if (wire->client[i]->used < wire->client[oldest]->used)
            oldest = i;
    if (wire->clients == WIRE_CLIENTS_MAX)
        let_go(wire, oldest);
    struct wire_client *client = calloc(1, sizeof *client);
    if (client == NULL || !watch(wire, descriptor, EPOLLIN, client, EPOLL_CTL_ADD)) {
        (void)close(descriptor);
        free(client);
        return true;
    }
    client->descriptor = descriptor;
    client->used = ++wire->lines;
    wire->client[wire->clients++] = client;
    return true;
}

/* Is the reason only that it has to wait? */
static bool must_wait(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/* False: it has gone. */
static bool push(struct wire *wire, struct wire_client *client)
{
    while (client->answer != NULL) {
        ssize_t sent = send(client->descriptor, client->answer + client->sent, client->size - client->sent,
                            MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0)
            return must_wait() && watch(wire, client->descriptor, EPOLLOUT, client, EPOLL_CTL_MOD);
        client->sent += (size_t)sent;
        if (client->sent < client->size)
            continue;
        free(client->answer);
        client->answer = NULL;
        if (client->last || !watch(wire, client->descriptor, EPOLLIN, client, EPOLL_CTL_MOD))
            return false;
    }
    return true;
}

/* Takes the text over; its line's end is put behind it. */
static bool say(struct wire *wire, struct wire_client *client, char *text)
{
    size_t size = text != NULL ? strlen(text) : 0;
    if (size >= WIRE_LINE_BYTES) {
        free(text);
        text = strdup(TOO_MUCH);
        size = text != NULL ? strlen(text) : 0;
    }
    if (text == NULL)
        return false;
    text[size] = '\n'; /* over its end: a line is counted, not ended */
    client->answer = text;
    client->size = size + 1;
    client->sent = 0;
    return push(wire, client);
}

/* The line that is whole; false when none is. */
static bool line_cut(const struct wire_client *client, size_t *size)
{
    const char *end = memchr(client->line, '\n', client->in);
    if (end == NULL)
        return false;
    *size = (size_t)(end - client->line);
    return true;
}

/* One line of this client, if it has one. False: it has gone, or shall go. */
static bool hear(struct wire *wire, struct wire_client *client, wire_heard *heard, void *context)
{
    size_t size = 0;
    if (!line_cut(client, &size)) {
        ssize_t got =
            recv(client->descriptor, client->line + client->in, sizeof client->line - client->in, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && !must_wait()))
            return false;
        client->in += got > 0 ? (size_t)got : 0;
    }
    if (!line_cut(client, &size)) {
        if (client->in < sizeof client->line)
            return true;
        client->last = true;
        return say(wire, client, strdup(TOO_LONG));
    }
    client->used = ++wire->lines;
    char *answer = heard(context, client->line, size);
    client->in -= size + 1;
    memmove(client->line, client->line + size + 1, client->in);
    return say(wire, client, answer);
}

void wire_serve(struct wire *wire, wire_heard *heard, void *context)
{
    struct epoll_event events[WIRE_CLIENTS_MAX + 1];
    if (wire->watch < 0)
        return;
    int count = epoll_wait(wire->watch, events, WIRE_CLIENTS_MAX + 1, 0);
    bool knocks = false;
    wire->more = false;
    for (unsigned i = wire->clients; i > 0; i--) {
        struct wire_client *client = wire->client[i - 1];
        bool ready = false, good = true;
        size_t size = 0;
        for (int k = 0; k < count; k++)
            ready |= events[k].data.ptr == client;
        if (client->answer != NULL)
            good = !ready || push(wire, client);
        else if (ready || line_cut(client, &size))
            good = hear(wire, client, heard, context);
        if (!good)
            let_go(wire, i - 1);
        else
            wire->more |= client->answer == NULL && line_cut(client, &size);
    }
    for (int k = 0; k < count; k++)
        knocks |= events[k].data.ptr == NULL;
    for (unsigned i = 0; knocks && i < WIRE_CLIENTS_MAX; i++)
        knocks = let_in(wire);
}

void wire_close(struct wire *wire)
{
    while (wire->clients > 0)
        let_go(wire, wire->clients - 1);
    if (wire->listener >= 0) {
        (void)close(wire->listener);
        (void)unlink(wire->path);
    }
    if (wire->watch >= 0)
        (void)close(wire->watch);
    wire->listener = wire->watch = -1;
}
