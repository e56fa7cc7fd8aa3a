/* wires.c - bytes from and to a chip. */
// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "rig/chip/wires.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* A wait is looked at so often: is the chip still there? */
enum { SLICE_MS = 250 };

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void wires_open(struct wires *wires, const struct chip_wires *ways)
{
    const struct timeval slice = { .tv_usec = SLICE_MS * 1000 };
    *wires = (struct wires){ .ways = *ways };
    (void)setsockopt(ways->bus, SOL_SOCKET, SO_RCVTIMEO, &slice, sizeof slice);
    (void)setsockopt(ways->radio, SOL_SOCKET, SO_RCVTIMEO, &slice, sizeof slice);
    busline_start(&wires->line);
}

static enum wires_news gone(struct wires *wires, const char *why)
{
    wires->failed = why;
    return WIRES_GONE;
}

/* Nothing has come for a while: is there still somebody? */
static enum wires_news silence(struct wires *wires, ssize_t got, int error, int64_t silent_ms)
{
    const char *ended = wires->ways.ended(wires->ways.context);
    if (ended != NULL && wires->ways.revives) {
        wires->deaths++;
        return WIRES_SILENT;
    }
    if (ended != NULL || got == 0)
        return gone(wires, ended != NULL ? ended : "its line is closed");
    if (error != EAGAIN && error != EWOULDBLOCK && error != EINTR)
        return gone(wires, strerror(error));
    return wires->ways.patience_ms >= 0 && silent_ms >= wires->ways.patience_ms ? WIRES_SILENT : WIRES_DONE;
}

static enum wires_news receive(struct wires *wires, int line, uint8_t *bytes, size_t size)
{
    int64_t begun_ms = -1;
    for (size_t have = 0; have < size;) {
        ssize_t got =
            recv(line, bytes + have, size - have, MSG_WAITALL); /* comes back after SLICE_MS with what there is */
        int error = errno;
        if (got > 0) {
            have += (size_t)got;
            continue;
        }
        int64_t now_ms = clock_ms();
        begun_ms = begun_ms < 0 ? now_ms - SLICE_MS : begun_ms;
        enum wires_news news = silence(wires, got, error, now_ms - begun_ms);
        if (news != WIRES_DONE)
            return news;
    }
    return WIRES_DONE;
}

enum wires_news wires_hear(struct wires *wires)
{
    uint8_t bytes[BUSLINE_BYTES_MAX];
    for (;;) {
        size_t wants = busline_wants(&wires->line);
        enum wires_news heard = receive(wires, wires->ways.bus, bytes, wants);
        if (heard != WIRES_DONE)
            return heard;
        for (size_t i = 0; i < wants; i++) {
            enum busline_news news = busline_take(&wires->line, bytes[i], &wires->asked, &wires->wrong);
            if (news != BUSLINE_MORE) /* nothing comes behind it: the core waits */
                return news == BUSLINE_REQUEST ? WIRES_DONE : WIRES_MALFORMED;
        }
    }
}

enum wires_news wires_frame(struct wires *wires, uint8_t *bytes, size_t size)
{
    uint8_t more;
    enum wires_news news = receive(wires, wires->ways.radio, bytes, size);
    if (news == WIRES_GONE)
        return news;
    return news == WIRES_DONE && recv(wires->ways.radio, &more, 1, MSG_PEEK | MSG_DONTWAIT) < 0 ? WIRES_DONE
                                                                                                 : WIRES_MALFORMED;
}

static enum wires_news say(struct wires *wires, int line, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(line, bytes, size, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR)
            return gone(wires, strerror(errno));
        bytes += sent > 0 ? sent : 0;
        size -= sent > 0 ? (size_t)sent : 0;
    }
    return WIRES_DONE;
}

enum wires_news wires_answer(struct wires *wires, uint8_t byte)
{
    return say(wires, wires->ways.bus, &byte, 1);
}

enum wires_news wires_radio(struct wires *wires, const uint8_t *bytes, size_t size)
{
    return say(wires, wires->ways.radio, bytes, size);
}

bool wires_waits(const struct wires *wires)
{
    uint8_t byte;
    return recv(wires->ways.bus, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void wires_close(struct wires *wires)
{
    (void)close(wires->ways.bus);
    (void)close(wires->ways.radio);
    wires->ways.close(wires->ways.context);
}
