/* controlline.c - a client of control sockets that gives up in time. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/controlline.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "app/progress.h"
#include "rig/wire.h"

/* Until it can be read or written; false, with errno, when the time is over first. */
static bool await(int descriptor, short events, int64_t end_ms)
{
    for (;;) {
        int64_t left_ms = end_ms - progress_clock();
        struct pollfd seen = { .fd = descriptor, .events = events };
        int ready = left_ms > 0 ? poll(&seen, 1, (int)left_ms) : 0;
        if (ready > 0)
            return true;
        if (ready == 0)
            errno = ETIMEDOUT;
        if (ready == 0 || errno != EINTR)
            return false;
    }
}

static bool say(int descriptor, const char *bytes, size_t size, int64_t end_ms)
{
    while (size > 0) {
        if (!await(descriptor, POLLOUT, end_ms))
            return false;
        ssize_t sent = send(descriptor, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        bytes += sent > 0 ? sent : 0;
        size -= sent > 0 ? (size_t)sent : 0;
    }
    return true;
}

/* One line without its end; null when there is none in time. */
static char *hear(int descriptor, int64_t end_ms)
{
    char *line = malloc(WIRE_LINE_BYTES);
    size_t size = 0;
    while (line != NULL && size < WIRE_LINE_BYTES && await(descriptor, POLLIN, end_ms)) {
        ssize_t got = recv(descriptor, line + size, WIRE_LINE_BYTES - size, MSG_DONTWAIT);
        if (got == 0)
            errno = ECONNRESET;
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
            break;
        char *end = got > 0 ? memchr(line + size, '\n', (size_t)got) : NULL;
        size += got > 0 ? (size_t)got : 0;
        if (end == NULL)
            continue;
        *end = '\0';
        return line;
    }
    free(line);
    return NULL;
}

/* Where so many knock that there is no place to stand, again a little later. */
static bool come(int descriptor, const struct sockaddr_un *address, int64_t end_ms)
{
    const struct timespec little = { .tv_nsec = 5000000 };
    while (connect(descriptor, (const struct sockaddr *)address, sizeof *address) != 0) {
        if (errno != EAGAIN || progress_clock() >= end_ms)
            return false;
        (void)nanosleep(&little, NULL);
    }
    return true;
}

char *controlline_ask(const char *folder, const char *request, int64_t patience_ms)
{
    const int64_t end_ms = progress_clock() + patience_ms;
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    char *answer = NULL;
    int length = snprintf(address.sun_path, sizeof address.sun_path, "%s/control", folder);
    if (length < 0 || (size_t)length >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor >= 0 && come(descriptor, &address, end_ms) && say(descriptor, request, strlen(request), end_ms) &&
        say(descriptor, "\n", 1, end_ms))
        answer = hear(descriptor, end_ms);
    int error = errno;
    if (descriptor >= 0)
        (void)close(descriptor);
    errno = error;
    return answer;
}
