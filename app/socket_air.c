/* socket_air.c - frames through a Unix socket, with a clock that gives up. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* getrandom() */
#include "app/socket_air.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/progress.h"

bool socket_air_open(struct socket_air *socket_air, const char *dir, const char *name, const struct keeper *keeper)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    *socket_air = (struct socket_air){ .socket = -1, .keeper = *keeper };
    int length = snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", dir, name);
    if (length < 0 || (size_t)length >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return false;
    }
    socket_air->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket_air->socket >= 0 && connect(socket_air->socket, (struct sockaddr *)&address, sizeof address) == 0)
        return true;
    int why = errno;
    socket_air_close(socket_air);
    errno = why;
    return false;
}

const char *socket_air_reach(uint8_t role)
{
    return role == ROLE_CLINICIAN || role == ROLE_SERVICE ? "near" : "far";
}

static bool air_send(void *context, const uint8_t *frame, size_t size)
{
    struct socket_air *air = context;
    while (size > 0) {
        ssize_t sent = send(air->socket, frame, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        frame += sent;
        size -= (size_t)sent;
    }
    return true;
}

/* Waits for bytes until `end_ms`; false when none came. */
static bool bytes_wait(struct socket_air *air, int64_t end_ms)
{
    for (;;) {
        int64_t left_ms = end_ms - progress_clock();
        struct pollfd poll_socket = { .fd = air->socket, .events = POLLIN };
        int ready = poll(&poll_socket, 1, left_ms < 0 ? 0 : left_ms > INT32_MAX ? INT32_MAX : (int)left_ms);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return false;
        ssize_t size = recv(air->socket, air->waiting, sizeof air->waiting, 0);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            return false;
        air->first = 0;
        air->end = (size_t)size;
        return true;
    }
}

static size_t air_receive(void *context, uint8_t frame[FRAME_BYTES_MAX], int64_t wait_ms)
{
    struct socket_air *air = context;
    int64_t end_ms = progress_clock() + wait_ms;
    for (;;) {
        while (air->first < air->end)
            if (frame_cut(&air->cutter, air->waiting[air->first++])) {
                memcpy(frame, air->cutter.bytes, air->cutter.size);
                return air->cutter.size;
            }
        if (!bytes_wait(air, end_ms))
            return 0;
    }
}

/* Without chance there is no key that nobody can guess: better no programmer than one with such keys. */
static void air_chance(void *context, uint8_t *bytes, size_t size)
{
    (void)context;
    while (size > 0) {
        ssize_t got = getrandom(bytes, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            fprintf(stderr, "cisterna: this machine gives no random numbers: %s\n", strerror(errno));
            abort();
        }
        bytes += got;
        size -= (size_t)got;
    }
}

static bool air_keep(void *context, const struct key *key)
{
    struct socket_air *air = context;
    return air->keeper.keep(air->keeper.context, key);
}

struct air socket_air_of(struct socket_air *socket_air)
{
    return (struct air){ .context = socket_air, .send = air_send, .receive = air_receive, .chance = air_chance,
                         .keep = air_keep };
}

void socket_air_close(struct socket_air *socket_air)
{
    if (socket_air->socket >= 0)
        (void)close(socket_air->socket);
    socket_air->socket = -1;
}
