/* stream.h - one onlooker at one pump: what to tell next, as server-sent events.
 *
 *     id: N, event: state, data: {"serial", "age", "silent", "state"}      what the pump told, once each
 *     event: age, data: {"serial", "age", "silent", "fault"}               in time, when nothing new came; age null: nothing ever
 *     event: end, data: {"reason"}                                        the last one */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_STREAM_H
#define CLINIC_SERVER_STREAM_H

#include "clinic/server/server.h"

enum { STREAM_TEXT_BYTES = FEED_TEXT_BYTES + 512 };

struct stream {
    struct server *server;
    struct login *session; /* held */
    char serial[SERIAL_BYTES];
    struct feed_waiter waiter;
    uint64_t number; /* of the state told last */
    int64_t told_ms; /* when anything was */
    bool begun, ended;
    size_t size, sent; /* of the text */
    char text[STREAM_TEXT_BYTES];
};

/* Of this session, which is held once more. Null when there are too many, or no memory. */
struct stream *stream_new(struct server *server, struct login *session, const char *serial);
void stream_free(struct stream *stream);
/* Puts the next event into the text. False when there is none yet; then stream->waiter is asleep if `sleep` was called, which is
 * done under the lock that keeps wakers out. After the event "end" stream->ended is true. */
bool stream_next(struct stream *stream, int64_t now_ms, void (*sleep)(void *context), void *context);

#endif
