/* patienthttp.c - few paths, each guarded. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/patienthttp.h"

#include <errno.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/patientabout.h"
#include "clinic/server/crowd.h"
#include "clinic/server/journal.h"
#include "clinic/server/pages.h"
#include "clinic/server/port.h"
#include "clinic/server/reply.h"

/* All guesses: a handful of windows on one machine. How many may stand about, and how long, says clinic/server/crowd.h; the
 * library's own limit is never reached, at which it would hear of no new connection any more. */
enum { IDLE_S = 5, BODY_BYTES_MAX = 256, HOSTS = 2, HOST_BYTES = 32, CSRF_TEXT = 33 };

struct patienthttp {
    struct MHD_Daemon *daemon;
    struct patientcare *care;
    struct patientabout about;
    uint16_t port;
    struct crowd crowd;
    char host[HOSTS][HOST_BYTES], csrf[CSRF_TEXT]; /* the token of this launch: a page of another site cannot read it */
};

/* One request while it comes in. */
struct asked {
    struct answer answer;
    const struct path *path;
    size_t size;
    bool judged;
    char body[BODY_BYTES_MAX + 1];
};

struct path {
    const char *method, *path;
    void (*handle)(struct patienthttp *http, struct asked *asked);
};

static void state_answer(struct patienthttp *http, struct asked *asked, unsigned status)
{
    json_t *json = patientcare_json(http->care, server_now());
    (void)json_object_set_new(json, "csrf", json_string(http->csrf));
    answer_json(&asked->answer, status, json);
}

static void state_get(struct patienthttp *http, struct asked *asked)
{
    state_answer(http, asked, 200);
}

static void taken_answer(struct patienthttp *http, struct asked *asked, enum wish_taken taken)
{
    switch (taken) {
    case WISH_TAKEN:
        state_answer(http, asked, 202);
        break;
    case WISH_AGAIN:
        state_answer(http, asked, 200);
        break;
    case WISH_STALE:
        answer_problem(&asked->answer, 409, "stale", "ticket",
                       "this was not from what the page shows now: nothing was sent. Look, "
                       "and press again if you still want it");
        break;
    case WISH_BARRED:
        answer_problem(&asked->answer, 409, "barred", NULL, "that is not possible now: nothing was sent");
        break;
    }
}

static void press_post(struct patienthttp *http, struct asked *asked)
{
    const char *ticket = NULL;
    json_t *json = json_loadb(asked->body, asked->size, JSON_REJECT_DUPLICATES, NULL);
    if (json == NULL || json_unpack(json, "{s:s !}", "ticket", &ticket) != 0)
        answer_problem(&asked->answer, 400, "malformed", "body",
                       "must be {\"ticket\": \"...\"}, as GET /api/state tells it");
    else
        taken_answer(http, asked, patientcare_press(http->care, ticket, server_now()));
    json_decref(json);
}

static void pause_post(struct patienthttp *http, struct asked *asked)
{
    if (asked->size > 0)
        answer_problem(&asked->answer, 400, "malformed", "body", "this request takes no body");
    else
        taken_answer(http, asked, patientcare_pause(http->care));
}

static void file_answer(struct asked *asked, const struct page_file *file)
{
    asked->answer.file = file;
    asked->answer.status = 200;
}

static void page_show(struct patienthttp *http, struct asked *asked)
{
    (void)http;
    file_answer(asked, page_find("patient.html"));
}

static void about_show(struct patienthttp *http, struct asked *asked)
{
    file_answer(asked, &http->about.file);
}

static const struct path PATHS[] = {
    { "GET", "/", page_show },
    { "GET", "/about", about_show },
    { "GET", "/api/state", state_get },
    { "POST", "/api/press", press_post },
    { "POST", "/api/pause", pause_post },
};

/* What the two pages load: nothing of the clinic's. */
static const struct page_file *asset_find(const char *path)
{
    static const char *const NAMES[] = { "patient.js", "sound.js", "style.css", "icon.svg" };
    char full[96];
    for (unsigned i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        snprintf(full, sizeof full, "/assets/%s/%s", PAGE_RELEASE, NAMES[i]);
        if (strcmp(full, path) == 0)
            return page_find(NAMES[i]);
    }
    return NULL;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* Is it one of the names this machine's own address has here, with "http://" in front or without? */
static bool is_own(const struct patienthttp *http, const char *text, const char *before)
{
    size_t skip = strlen(before);
    for (unsigned i = 0; text != NULL && i < HOSTS; i++)
        if (strncasecmp(text, before, skip) == 0 && strcasecmp(text + skip, http->host[i]) == 0)
            return true;
    return false;
}

/* The same checks in the same order as the clinic's gate: Host, path and method, where it comes from, the token, the form. */
static bool gate(const struct patienthttp *http, struct MHD_Connection *connection, const char *url, const char *method,
                 struct asked *asked)
{
    struct answer *answer = &asked->answer;
    const char *site = header(connection, "Sec-Fetch-Site"), *origin = header(connection, MHD_HTTP_HEADER_ORIGIN);
    const char *csrf = header(connection, "X-CSRF-Token"), *type = header(connection, MHD_HTTP_HEADER_CONTENT_TYPE);
    const char *length = header(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
    bool get = strcmp(method, "GET") == 0, known = false;
    if (!is_own(http, header(connection, MHD_HTTP_HEADER_HOST), "")) {
        answer_problem(answer, 421, "host", "Host", "this page answers to %s and to no other name", http->host[0]);
        return false;
    }
    for (unsigned i = 0; i < sizeof PATHS / sizeof PATHS[0]; i++)
        if (strcmp(PATHS[i].path, url) == 0) {
            known = true;
            if (strcmp(PATHS[i].method, method) == 0)
                asked->path = &PATHS[i];
        }
    answer->file = get && !known ? asset_find(url) : NULL;
    answer->forever = answer->file != NULL;
    if (asked->path == NULL && answer->file == NULL) {
        answer_problem(answer, known ? 405 : 404, known ? "method" : "missing", known ? "method" : "path",
                       known ? "this path has another method" : "there is nothing here");
        return false;
    }
    bool foreign = site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
    bool page =
        get && strncmp(url, "/api/", 5) != 0; /* a link may lead to a page from anywhere: it shows nothing by itself */
    if ((foreign && !page) || (origin != NULL && !is_own(http, origin, "http://")) || (!get && origin == NULL))
        answer_problem(answer, 403, "origin", "Origin",
                       "a request that changes something comes from http://%s, and says so", http->host[0]);
    else if (!get &&
             (csrf == NULL || strlen(csrf) != CSRF_TEXT - 1 || sodium_memcmp(csrf, http->csrf, CSRF_TEXT - 1) != 0))
        answer_problem(answer, 403, "csrf", "X-CSRF-Token", "needs this launch's token: GET /api/state tells it");
    else if (header(connection, MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL ||
             (length != NULL && strtoul(length, NULL, 10) > BODY_BYTES_MAX))
        answer_problem(answer, 413, "size", "Content-Length", "a body has %d bytes at most, and tells how many",
                       BODY_BYTES_MAX);
    else if (get && length != NULL && strcmp(length, "0") != 0)
        answer_problem(answer, 400, "malformed", "body", "this request takes no body");
    else if (asked->path != NULL && asked->path->handle == press_post &&
             (type == NULL || strcasecmp(type, "application/json") != 0))
        answer_problem(answer, 415, "type", "Content-Type", "a body is application/json");
    else if (answer->file != NULL)
        answer->status = 200;
    return answer->status == 0;
}

/* Ends both directions: the library's thread sees that the connection is over, and closes it. */
static void socket_shut(int socket)
{
    (void)shutdown(socket, SHUT_RDWR);
}

static void on_connection(void *context, struct MHD_Connection *connection, void **guest,
                          enum MHD_ConnectionNotificationCode what)
{
    struct patienthttp *http = context;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) { /* its socket is still open */
        crowd_leave(&http->crowd, *guest);
        *guest = NULL;
        return;
    }
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *guest = info != NULL ? crowd_enter(&http->crowd, info->connect_fd, server_now()) : NULL;
}

/* False when the connection was shut meanwhile. */
static bool guest_step(struct patienthttp *http, struct MHD_Connection *connection, enum guest_at at)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info != NULL && crowd_step(&http->crowd, info->socket_context, at, server_now());
}

/* Of a connection that was shut nothing is begun: nobody would hear what became of it. */
static enum MHD_Result asked_answer(struct patienthttp *http, struct MHD_Connection *connection, struct asked *asked)
{
    if (!guest_step(http, connection, GUEST_SERVED))
        return MHD_NO;
    if (!asked->judged)
        asked->path->handle(http, asked);
    if (asked->answer.problem)
        asked->answer.file = NULL;
    enum MHD_Result queued = reply_queue(connection, &asked->answer);
    (void)guest_step(http, connection, GUEST_TAKING);
    return queued;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *bytes, size_t *size, void **state)
{
    struct patienthttp *http = context;
    struct asked *asked = *state;
    (void)version;
    if (asked == NULL) {
        *state = asked = calloc(1, sizeof *asked);
        if (asked == NULL)
            return MHD_NO;
        asked->judged = !gate(http, connection, url, method, asked);
        return MHD_YES;
    }
    if (*size > 0) {
        size_t room = BODY_BYTES_MAX - asked->size, taken = *size < room ? *size : room;
        memcpy(asked->body + asked->size, bytes, taken);
        asked->size += taken;
        *size = 0;
        return MHD_YES;
    }
    return asked_answer(http, connection, asked);
}

static void on_end(void *context, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code)
{
    struct asked *asked = *state;
    (void)code;
    (void)guest_step(context, connection, GUEST_ASKING);
    if (asked != NULL)
        json_decref(asked->answer.json);
    free(asked);
    *state = NULL;
}

/* Paths are taken as they stand: none of ours needs an escape. */
static size_t unescape_not(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

struct patienthttp *patienthttp_start(uint16_t port, struct patientcare *care)
{
    uint8_t token[(CSRF_TEXT - 1) / 2];
    struct patienthttp *http = calloc(1, sizeof *http);
    if (http == NULL || !crowd_start(&http->crowd, socket_shut) || !patientabout_make(&http->about)) {
        fprintf(stderr, "cisterna patient: no memory\n");
        free(http);
        return NULL;
    }
    http->care = care;
    randombytes_buf(token, sizeof token);
    (void)sodium_bin2hex(http->csrf, sizeof http->csrf, token, sizeof token);
    int file = port_open("127.0.0.1", port, &http->port);
    snprintf(http->host[0], HOST_BYTES, "127.0.0.1:%u", http->port);
    snprintf(http->host[1], HOST_BYTES, "localhost:%u", http->port);
    if (file >= 0)
        http->daemon = MHD_start_daemon(
            MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, on_request, http, MHD_OPTION_LISTEN_SOCKET, (MHD_socket)file,
            MHD_OPTION_NOTIFY_COMPLETED, on_end, http, MHD_OPTION_NOTIFY_CONNECTION, on_connection, http,
            MHD_OPTION_CONNECTION_LIMIT, (unsigned)CROWD_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
            MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_UNESCAPE_CALLBACK, unescape_not, NULL, MHD_OPTION_END);
    if (http->daemon == NULL) {
        fprintf(stderr, "cisterna patient: cannot listen at 127.0.0.1 port %u: %s. Is the port taken? Try --port 0\n",
                port, strerror(errno));
        if (file >= 0)
            (void)close(file);
        patientabout_free(&http->about);
        free(http);
        return NULL;
    }
    return http;
}

uint16_t patienthttp_port(const struct patienthttp *http)
{
    return http->port;
}

void patienthttp_tick(struct patienthttp *http, int64_t now_ms)
{
    crowd_sweep(&http->crowd, now_ms);
    uint64_t more = crowd_tell(&http->crowd, now_ms);
    if (more > 0)
        patientcare_log(4, "too many connections at once: %" PRIu64 " that stood about longest were closed", more);
}

void patienthttp_stop(struct patienthttp *http)
{
    MHD_stop_daemon(http->daemon);
    patientabout_free(&http->about);
    free(http);
}
