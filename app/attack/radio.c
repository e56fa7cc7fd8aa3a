/* radio.c - three sockets and one clock. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/attack/radio.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/progress.h"

enum { FINISH_MS = 10000 /* guess: what was sent is dealt with by then */, IN_BYTES = 4096 };

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
    (void)number;
    stopped = 1;
}

bool radio_stopped(void)
{
    return stopped != 0;
}

void radio_begin(struct attack_radio *radio, const char *dir, int64_t for_ms)
{
    const struct sigaction action = { .sa_handler = on_signal };
    *radio = (struct attack_radio){ .dir = dir, .ear = -1 };
    radio_restart(radio, for_ms);
    for (unsigned i = 0; i < PLACES; i++)
        radio->at[i].socket = -1;
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

void radio_restart(struct attack_radio *radio, int64_t for_ms)
{
    radio->begun_ms = progress_clock();
    radio->end_ms = radio->begun_ms + for_ms;
}

bool radio_join(struct attack_radio *radio, enum place place)
{
    struct radio_ear *ear = &radio->at[place];
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (ear->socket >= 0)
        return true;
    int length = snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", radio->dir, kind_place(place));
    if (length < 0 || (size_t)length >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return false;
    }
    int joined = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (joined < 0)
        return false;
    if (connect(joined, (struct sockaddr *)&address, sizeof address) != 0) {
        int why = errno;
        (void)close(joined);
        errno = why;
        return false;
    }
    memset(ear, 0, sizeof *ear);
    ear->socket = joined;
    radio->ear = radio->ear < 0 ? (int)place : radio->ear;
    return true;
}

void radio_leave(struct attack_radio *radio, enum place place)
{
    if (radio->at[place].socket >= 0)
        (void)close(radio->at[place].socket);
    radio->at[place].socket = -1;
    if (radio->ear == (int)place)
        radio->ear = -1;
    for (unsigned i = 0; i < PLACES && radio->ear < 0; i++)
        radio->ear = radio->at[i].socket >= 0 ? (int)i : -1;
}

static void write_down(struct attack_radio *radio, enum capture_way way, const struct frame_cutter *cutter)
{
    if (radio->capture != NULL)
        (void)capture_frame(radio->capture, (instant_ms){ progress_clock() - radio->begun_ms }, way, cutter->bytes, cutter->size);
}

/* Takes what has come to one socket. False when the pump has hung up there. */
static bool take(struct attack_radio *radio, unsigned place)
{
    uint8_t bytes[IN_BYTES];
    struct radio_ear *ear = &radio->at[place];
    ssize_t got = recv(ear->socket, bytes, sizeof bytes, MSG_DONTWAIT);
    for (ssize_t i = 0; i < got; i++)
        if (frame_cut(&ear->in, bytes[i]) && radio->ear == (int)place) {
            write_down(radio, CAPTURE_FROM_PUMP, &ear->in);
            radio->heard(radio->context, ear->in.bytes, ear->in.size);
        }
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

/* Waits until something comes, `room` can be sent to (-1: no matter), or the clock shows `until_ms`. True when `room` can be. A
 * pump that hangs up ends everything. */
static bool wait_for(struct attack_radio *radio, int room, int64_t until_ms)
{
    struct pollfd seen[PLACES];
    int64_t left_ms = until_ms - progress_clock();
    for (int i = 0; i < PLACES; i++)
        seen[i] = (struct pollfd){ .fd = radio->at[i].socket, .events = (short)(POLLIN | (i == room ? POLLOUT : 0)) };
    if (poll(seen, PLACES, left_ms < 0 ? 0 : (int)left_ms) <= 0)
        return false;
    for (unsigned i = 0; i < PLACES; i++)
        if ((seen[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && !take(radio, i)) {
            radio->gone = true;
            radio_leave(radio, (enum place)i);
        }
    return room >= 0 && (seen[room].revents & POLLOUT) != 0 && !radio->gone;
}

static bool over(const struct attack_radio *radio)
{
    return radio->gone || stopped != 0 || progress_clock() >= radio->end_ms;
}

static bool radio_send(void *context, enum place place, const uint8_t *bytes, size_t size)
{
    struct attack_radio *radio = context;
    if (!radio_join(radio, place)) {
        radio->gone = true;
        return false;
    }
    struct radio_ear *ear = &radio->at[place];
    enum capture_way way = place == PLACE_FAR ? CAPTURE_TO_PUMP_FAR : CAPTURE_TO_PUMP_NEAR;
    for (size_t i = 0; i < size; i++)
        if (frame_cut(&ear->out, bytes[i]))
            write_down(radio, way, &ear->out);
    while (size > 0 && !over(radio)) {
        if (!wait_for(radio, (int)place, radio->end_ms))
            continue;
        ssize_t sent = send(ear->socket, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            radio->gone = true;
        bytes += sent > 0 ? sent : 0;
        size -= sent > 0 ? (size_t)sent : 0;
    }
    return size == 0;
}

static bool radio_pass(void *context, int64_t for_ms)
{
    struct attack_radio *radio = context;
    int64_t until_ms = progress_clock() + for_ms;
    until_ms = until_ms < radio->end_ms ? until_ms : radio->end_ms;
    while (progress_clock() < until_ms && !over(radio))
        (void)wait_for(radio, -1, until_ms);
    return !over(radio);
}

struct aerial radio_aerial(struct attack_radio *radio)
{
    return (struct aerial){ .context = radio, .send = radio_send, .pass = radio_pass };
}

/* The pump takes bytes in their order and hangs up behind the last: its hanging up says that it has come there. */
static bool hear_out(struct attack_radio *radio, unsigned place, int64_t until_ms)
{
    struct pollfd seen = { .fd = radio->at[place].socket, .events = POLLIN };
    if (shutdown(seen.fd, SHUT_WR) != 0)
        return false;
    for (int64_t left_ms = until_ms - progress_clock(); left_ms > 0; left_ms = until_ms - progress_clock())
        if (poll(&seen, 1, (int)left_ms) > 0 && !take(radio, place))
            return true;
    return false;
}

bool radio_finish(struct attack_radio *radio)
{
    int64_t until_ms = progress_clock() + FINISH_MS;
    bool all = !radio->gone;
    for (unsigned i = 0; i < PLACES; i++)
        if (radio->at[i].socket >= 0 && (int)i != radio->ear) {
            all = hear_out(radio, i, until_ms) && all;
            radio_leave(radio, (enum place)i);
        }
    if (radio->ear >= 0) { /* last: what is heard is heard here */
        unsigned ear = (unsigned)radio->ear;
        all = hear_out(radio, ear, until_ms) && all;
        radio_leave(radio, (enum place)ear);
    }
    radio->gone = radio->gone || !all;
    return all;
}

void radio_end(struct attack_radio *radio)
{
    for (unsigned i = 0; i < PLACES; i++)
        radio_leave(radio, (enum place)i);
}
