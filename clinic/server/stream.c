/* stream.c - events for one onlooker. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/stream.h"

#include <stdlib.h>
#include <string.h>


/* One stream of it less. */
static void session_leave(struct server *server, struct login *session)
{
    (void)pthread_mutex_lock(&server->lock);
    session->streams--;
    login_release(session);
    (void)pthread_mutex_unlock(&server->lock);
}

struct stream *stream_new(struct server *server, struct login *session, const char *serial)
{
    struct stream *stream = calloc(1, sizeof *stream);
    bool room = false;
    if (stream == NULL)
        return NULL;
    (void)pthread_mutex_lock(&server->lock);
    room = session->streams < STREAMS_OF_ONE;
    session->streams += room;
    if (room)
        login_hold(session);
    (void)pthread_mutex_unlock(&server->lock);
    stream->server = server;
    stream->session = session;
    snprintf(stream->serial, sizeof stream->serial, "%s", serial);
    if (room && feed_join(&server->feed, &stream->waiter))
        return stream;
    if (room)
        session_leave(server, session);
    free(stream);
    return NULL;
}

void stream_free(struct stream *stream)
{
    feed_leave(&stream->server->feed, &stream->waiter);
    session_leave(stream->server, stream->session);
    free(stream);
}

/* Writes an event; takes the data over. */
static void event_write(struct stream *stream, const char *kind, json_t *data, int64_t now_ms)
{
    char id[40] = "";
    char *text = json_dumps(data, JSON_COMPACT);
    if (strcmp(kind, "state") == 0)
        snprintf(id, sizeof id, "id: %llu\n", (unsigned long long)stream->number);
    int size = snprintf(stream->text, sizeof stream->text, "%sevent: %s\ndata: %s\n\n", id, kind, text != NULL ? text : "{}");
    stream->size = size > 0 && (size_t)size < sizeof stream->text ? (size_t)size : 0;
    stream->sent = 0;
    stream->told_ms = now_ms;
    stream->begun = true;
    free(text);
    json_decref(data);
}

static json_t *data_of(const struct stream *stream, const struct feed_pump *pump, int64_t now_ms)
{
    char age[FEED_AGE_BYTES];
    json_t *data = json_pack("{s:s}", "serial", stream->serial);
    bool known = pump != NULL && pump->number > 0;
    if (known)
        feed_age(age, now_ms - pump->at_ms);
    (void)json_object_set_new(data, "age", known ? json_string(age) : json_null());
    (void)json_object_set_new(data, "silent", json_boolean(pump == NULL || pump->silent));
    if (pump == NULL || pump->silent)
        (void)json_object_set_new(data, "fault", json_string(pump == NULL ? "nobody asks this pump" : pump->fault));
    return data;
}

static void state_write(struct stream *stream, const struct feed_pump *pump, int64_t now_ms)
{
    json_t *data = data_of(stream, pump, now_ms), *state = json_loads(pump->text, 0, NULL);
    (void)json_object_set_new(data, "state", state != NULL ? state : json_null());
    stream->number = pump->number;
    event_write(stream, "state", data, now_ms);
}

static bool session_over(struct stream *stream)
{
    (void)pthread_mutex_lock(&stream->server->lock);
    bool over = stream->session->ended;
    (void)pthread_mutex_unlock(&stream->server->lock);
    return over;
}

bool stream_next(struct stream *stream, int64_t now_ms, void (*sleep)(void *context), void *context)
{
    struct feed *feed = &stream->server->feed;
    const struct feed_pump *pump = NULL;
    bool over = session_over(stream), told = true;
    (void)pthread_mutex_lock(&feed->lock);
    for (unsigned i = 0; i < FEED_PUMPS_MAX && pump == NULL; i++)
        if (strcmp(feed->pump[i].serial, stream->serial) == 0)
            pump = &feed->pump[i];
    if (over || feed->ending) {
        event_write(stream, "end", json_pack("{s:s}", "reason", over ? "the session has ended" : "the server is ending"), now_ms);
        stream->ended = true;
    } else if (pump != NULL && pump->number > stream->number) {
        state_write(stream, pump, now_ms);
    } else if (!stream->begun || now_ms - stream->told_ms >= stream->server->options.heartbeat_ms) {
        event_write(stream, "age", data_of(stream, pump, now_ms), now_ms);
    } else {
        stream->waiter.asleep = true;
        sleep(context);
        told = false;
    }
    (void)pthread_mutex_unlock(&feed->lock);
    return told;
}
