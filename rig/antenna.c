/* antenna.c - the sockets of a live implant. */
// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "rig/antenna.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

const char *antenna_word(enum antenna_place place)
{
    static const char *const words[ANTENNA_PLACES] = {
        [ANTENNA_FAR] = "far", [ANTENNA_NEAR] = "near", [ANTENNA_MAGNET] = "magnet"
    };
    return words[place];
}

static enum reach reach_of(enum antenna_place place)
{
    return place == ANTENNA_FAR ? REACH_FAR : REACH_NEAR;
}

static enum antenna_fault listen_at(struct antenna *antenna, enum antenna_place place)
{
    switch (listener_open(antenna->path[place], &antenna->listener[place])) {
    case LISTENER_OK:
        return ANTENNA_OK;
    case LISTENER_BUSY:
        return ANTENNA_BUSY;
    case LISTENER_FAILED:
        break;
    }
    return ANTENNA_FAILED;
}

enum antenna_fault antenna_open(struct antenna *antenna, const char *folder, enum antenna_place *place)
{
    memset(antenna, 0, sizeof *antenna);
    antenna->also = -1;
    for (unsigned i = 0; i < ANTENNA_PLACES; i++)
        antenna->listener[i] = -1;
    for (*place = ANTENNA_FAR; *place < ANTENNA_PLACES; (*place)++) {
        int size = snprintf(antenna->path[*place], ANTENNA_PATH_BYTES, "%s/%s", folder, antenna_word(*place));
        enum antenna_fault fault = size < ANTENNA_PATH_BYTES ? listen_at(antenna, *place) : ANTENNA_TOO_LONG;
        if (fault != ANTENNA_OK) {
            int error = errno;
            antenna_close(antenna);
            errno = error;
            return fault;
        }
    }
    return ANTENNA_OK;
}

static void come_in(struct antenna *antenna, enum antenna_place place)
{
    int descriptor = listener_accept(antenna->listener[place]);
    if (descriptor < 0)
        return;
    if (antenna->clients == ANTENNA_CLIENTS_MAX) {
        antenna->count.turned_away++;
        (void)close(descriptor);
        return;
    }
    struct antenna_client *client = &antenna->client[antenna->clients++];
    memset(client, 0, sizeof *client);
    client->descriptor = descriptor;
    client->place = place;
}

/* The last one takes the place of one who has gone. */
static void list_clear(struct antenna *antenna)
{
    for (unsigned i = antenna->clients; i > 0; i--) {
        struct antenna_client *client = &antenna->client[i - 1];
        if (!client->gone)
            continue;
        (void)close(client->descriptor);
        antenna->clients--;
        if (i - 1 != antenna->clients)
            *client = antenna->client[antenna->clients];
    }
}

/* Is the reason that nothing goes through only that it has to wait? */
static bool must_wait(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static void hear(struct antenna *antenna, struct antenna_client *client, antenna_heard *heard, void *context)
{
    uint8_t bytes[ANTENNA_IN_BYTES];
    ssize_t got = recv(client->descriptor, bytes, sizeof bytes, MSG_DONTWAIT);
    client->gone |= got == 0 || (got < 0 && !must_wait());
    for (ssize_t i = 0; i < got; i++)
        if (frame_cut(&client->cutter, bytes[i])) {
            antenna->count.heard++;
            heard(context, reach_of(client->place), client->cutter.bytes, client->cutter.size);
        }
}

/* Sends of what waits as much as goes. */
static void push(struct antenna_client *client)
{
    ssize_t sent = send(client->descriptor, client->waiting, client->out, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
        client->gone |= !must_wait();
        return;
    }
    client->out -= (size_t)sent;
    memmove(client->waiting, client->waiting + sent, client->out);
}

void antenna_send(struct antenna *antenna, const uint8_t *frame, size_t size)
{
    for (unsigned i = 0; i < antenna->clients; i++) {
        struct antenna_client *client = &antenna->client[i];
        if (client->out + size > ANTENNA_OUT_BYTES) {
            antenna->count.dropped++;
            continue;
        }
        memcpy(client->waiting + client->out, frame, size);
        client->out += size;
        antenna->count.sent++;
        push(client);
    }
}

void antenna_serve(struct antenna *antenna, int64_t wait_ms, const sigset_t *mask, antenna_heard *heard, void *context)
{
    struct pollfd seen[ANTENNA_CLIENTS_MAX + ANTENNA_PLACES + 1];
    const struct timespec wait = { .tv_sec = (time_t)(wait_ms / 1000), .tv_nsec = (long)(wait_ms % 1000) * 1000000 };
    list_clear(antenna);
    unsigned clients = antenna->clients;
    for (unsigned i = 0; i < clients; i++)
        seen[i] = (struct pollfd){ .fd = antenna->client[i].descriptor,
                                   .events = (short)(POLLIN | (antenna->client[i].out > 0 ? POLLOUT : 0)) };
    for (unsigned i = 0; i < ANTENNA_PLACES; i++)
        seen[clients + i] = (struct pollfd){ .fd = antenna->listener[i], .events = POLLIN };
    seen[clients + ANTENNA_PLACES] = (struct pollfd){ .fd = antenna->also, .events = POLLIN };
    if (ppoll(seen, clients + ANTENNA_PLACES + 1, wait_ms < 0 ? NULL : &wait, mask) <= 0)
        return;
    for (unsigned i = 0; i < clients; i++) {
        struct antenna_client *client = &antenna->client[i];
        if ((seen[i].revents & POLLOUT) != 0 && client->out > 0)
            push(client);
        if ((seen[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && !client->gone)
            hear(antenna, client, heard, context);
    }
    list_clear(antenna);
    for (unsigned i = 0; i < ANTENNA_PLACES; i++)
        if ((seen[clients + i].revents & POLLIN) != 0)
            come_in(antenna, (enum antenna_place)i);
}

bool antenna_magnet(const struct antenna *antenna)
{
    for (unsigned i = 0; i < antenna->clients; i++)
        if (antenna->client[i].place == ANTENNA_MAGNET)
            return true;
    return false;
}

void antenna_close(struct antenna *antenna)
{
    for (unsigned i = 0; i < antenna->clients; i++)
        antenna->client[i].gone = true;
    list_clear(antenna);
    for (unsigned i = 0; i < ANTENNA_PLACES; i++) {
        if (antenna->listener[i] < 0)
            continue;
        (void)close(antenna->listener[i]);
        (void)unlink(antenna->path[i]);
        antenna->listener[i] = -1;
    }
}
