/* http.c - connections, and requests as they come in pieces. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "clinic/server/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "clinic/server/crowd.h"
#include "clinic/server/gate.h"
#include "clinic/server/port.h"
#include "clinic/server/reply.h"

/* All guesses: enough for a clinic's screens, little enough for a small machine. */
enum { THREADS = 4, IDLE_S = 20, HEAD_BYTES_MAX = 32768 };
/* How long onlookers have to hear of the end. */
enum { ENDING_MS = 2000, ENDING_EVERY_MS = 10 };

struct http {
    struct server *server;
    struct MHD_Daemon *daemon;
    uint16_t port;
    struct crowd crowd;
};

/* One request while it comes in. */
struct incoming {
    struct request request;
    struct answer answer;
    char address[INET6_ADDRSTRLEN];
    bool refused; /* by its head: the body is passed over, then it is answered */
    size_t size, room;
    char *body;
};

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static void address_write(struct MHD_Connection *connection, char text[INET6_ADDRSTRLEN])
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *from = info != NULL ? info->client_addr : NULL;
    snprintf(text, INET6_ADDRSTRLEN, "unknown");
    if (from != NULL && from->sa_family == AF_INET)
        (void)inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)from)->sin_addr, text, INET6_ADDRSTRLEN);
    if (from != NULL && from->sa_family == AF_INET6)
        (void)inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, text,
                        INET6_ADDRSTRLEN);
}

/* What stands in a query goes to its place; what has none, or stands twice, is a stray. */
struct queries {
    struct request *request;
    const char *stray;
};

static enum MHD_Result query_take(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct queries *queries = context;
    (void)kind;
    for (unsigned i = 0; i < QUERIES; i++) {
        if (strcmp(query_row(i)->word, name) != 0 || queries->request->query[i] != NULL)
            continue;
        queries->request->query[i] = value != NULL ? value : "";
        return MHD_YES;
    }
    queries->stray = name;
    return MHD_YES;
}

/* What the server goes by stands once in a head. Given twice, the server and a proxy before it may each take another one: where
 * the body ends, whose request it is, where it was called from (RFC 9112, 3.2 and 6.3). */
static const char *const SINGLE[] = { MHD_HTTP_HEADER_HOST,
                                      MHD_HTTP_HEADER_CONTENT_LENGTH,
                                      MHD_HTTP_HEADER_TRANSFER_ENCODING,
                                      MHD_HTTP_HEADER_CONTENT_TYPE,
                                      MHD_HTTP_HEADER_ORIGIN,
                                      MHD_HTTP_HEADER_COOKIE,
                                      "Sec-Fetch-Site",
                                      "X-CSRF-Token" };
enum { SINGLES = sizeof SINGLE / sizeof SINGLE[0] };

struct singles {
    unsigned count[SINGLES];
    const char *twice; /* the last one that stands twice, or null */
};

static enum MHD_Result single_count(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct singles *singles = context;
    (void)kind;
    (void)value;
    for (unsigned i = 0; i < SINGLES; i++)
        if (strcasecmp(SINGLE[i], name) == 0 && ++singles->count[i] > 1)
            singles->twice = SINGLE[i];
    return MHD_YES;
}

static bool singles_pass(struct MHD_Connection *connection, struct incoming *incoming)
{
    struct singles singles = { .twice = NULL };
    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, single_count, &singles);
    if (singles.twice == NULL)
        return true;
    answer_problem(&incoming->answer, 400, "malformed", singles.twice, "this header is given twice; it stands once");
    incoming->answer.ends = true;
    return false;
}

/* The body's size as the head tells it; chunks, whose sum nobody knows before, are refused. */
static bool size_pass(struct MHD_Connection *connection, struct incoming *incoming, size_t *size)
{
    const char *length = header(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
    unsigned long long wanted = length != NULL ? strtoull(length, NULL, 10) : 0;
    if (header(connection, MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL) {
        incoming->answer.ends = true;
        answer_problem(&incoming->answer, 411, "length", "Transfer-Encoding",
                       "a body is sent whole, with Content-Length");
        return false;
    }
    if (wanted > SERVER_BODY_BYTES_MAX) {
        answer_problem(&incoming->answer, 413, "size", "Content-Length", "a body has %d bytes at most",
                       SERVER_BODY_BYTES_MAX);
        return false;
    }
    *size = (size_t)wanted;
    return true;
}

/* The head is there: judges it, and makes room for the body. */
static struct incoming *incoming_new(struct http *http, struct MHD_Connection *connection, const char *url,
                                     const char *method, bool *now)
{
    struct incoming *incoming = calloc(1, sizeof *incoming);
    struct queries queries = { .stray = NULL };
    size_t size = 0;
    if (incoming == NULL)
        return NULL;
    struct request *request = &incoming->request;
    address_write(connection, incoming->address);
    *request = (struct request){ .server = http->server,
                                 .address = incoming->address,
                                 .known = header(connection, MHD_HTTP_HEADER_IF_NONE_MATCH),
                                 .now_ms = server_now(),
                                 .utc_ms = server_utc() };
    *now = !singles_pass(connection, incoming) || !size_pass(connection, incoming, &size);
    if (*now)
        return incoming;
    const struct gate_headers headers = {
        .method = method,
        .path = url,
        .host = header(connection, MHD_HTTP_HEADER_HOST),
        .origin = header(connection, MHD_HTTP_HEADER_ORIGIN),
        .fetch_site = header(connection, "Sec-Fetch-Site"),
        .token = MHD_lookup_connection_value(connection, MHD_COOKIE_KIND, GATE_COOKIE),
        .csrf = header(connection, "X-CSRF-Token"),
        .type = header(connection, MHD_HTTP_HEADER_CONTENT_TYPE),
        .has_body = size > 0,
    };
    queries.request = request;
    (void)MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, query_take, &queries);
    incoming->refused =
        !gate_pass(request, &headers, &incoming->answer) || !gate_query(request, queries.stray, &incoming->answer);
    incoming->room = size;
    incoming->body = incoming->refused || size == 0 ? NULL : malloc(size);
    if (incoming->body == NULL && !incoming->refused && size > 0) {
        answer_problem(&incoming->answer, 503, "busy", NULL, "no memory for the body");
        incoming->refused = true;
    }
    return incoming;
}

static void body_take(struct incoming *incoming, const char *bytes, size_t size)
{
    if (incoming->body == NULL || size > incoming->room - incoming->size)
        return;
    memcpy(incoming->body + incoming->size, bytes, size);
    incoming->size += size;
}

/* Ends both directions: the library's thread sees that the connection is over, and closes it. */
static void socket_shut(int socket)
{
    (void)shutdown(socket, SHUT_RDWR);
}

static void on_connection(void *context, struct MHD_Connection *connection, void **guest,
                          enum MHD_ConnectionNotificationCode what)
{
    struct http *http = context;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) { /* its socket is still open */
        crowd_leave(&http->crowd, *guest);
        *guest = NULL;
        return;
    }
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *guest = info != NULL ? crowd_enter(&http->crowd, info->connect_fd, server_now()) : NULL;
}

/* False when the connection was shut meanwhile. */
static bool guest_step(struct http *http, struct MHD_Connection *connection, enum guest_at at)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info != NULL && crowd_step(&http->crowd, info->socket_context, at, server_now());
}

static enum MHD_Result answer_send(struct http *http, struct MHD_Connection *connection, struct answer *answer)
{
    bool looking = answer->stream != NULL;
    enum MHD_Result queued = reply_queue(connection, answer);
    (void)guest_step(http, connection, looking ? GUEST_LOOKING : GUEST_TAKING);
    return queued;
}

/* All of it is there. Of a connection that was shut nothing is begun: nobody would hear what became of it. */
static enum MHD_Result incoming_answer(struct http *http, struct MHD_Connection *connection, struct incoming *incoming)
{
    if (!guest_step(http, connection, GUEST_SERVED))
        return MHD_NO;
    struct request *request = &incoming->request;
    struct answer *answer = &incoming->answer;
    if (answer->status == 0 && gate_body(request, incoming->body, incoming->size, answer))
        request->route->handle(request, answer);
    if (answer->status >= 500)
        server_log(answer->status == 503 ? 4 : 3, "%s %s answered %u: %s", method_word(request->route->method),
                   request->route->path, answer->status, json_string_value(json_object_get(answer->json, "detail")));
    return answer_send(http, connection, answer);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *bytes, size_t *size, void **state)
{
    struct http *http = context;
    struct incoming *incoming = *state;
    bool now = false;
    (void)version;
    if (incoming == NULL) {
        incoming = incoming_new(http, connection, url, method, &now);
        *state = incoming;
        if (incoming == NULL)
            return MHD_NO;
        return now ? answer_send(http, connection, &incoming->answer) : MHD_YES;
    }
    if (*size > 0) {
        body_take(incoming, bytes, *size);
        *size = 0;
        return MHD_YES;
    }
    return incoming_answer(http, connection, incoming);
}

static void on_end(void *context, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code)
{
    struct http *http = context;
    struct incoming *incoming = *state;
    (void)code;
    (void)guest_step(http, connection, GUEST_ASKING);
    if (incoming == NULL)
        return;
    if (incoming->request.session != NULL) {
        (void)pthread_mutex_lock(&http->server->lock);
        login_release(incoming->request.session);
        (void)pthread_mutex_unlock(&http->server->lock);
    }
    json_decref(incoming->request.body.value);
    if (incoming->body != NULL)
        explicit_bzero(incoming->body, incoming->room); /* it may have been a password */
    free(incoming->body);
    free(incoming->request.reader);
    json_decref(incoming->answer.json);
    free(incoming->answer.bytes);
    free(incoming);
    *state = NULL;
}

/* Paths and queries are taken as they stand: none of ours needs an escape. */
static size_t unescape_not(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

struct http *http_start(struct server *server, FILE *messages)
{
    struct http *http = calloc(1, sizeof *http);
    if (http == NULL || !crowd_start(&http->crowd, socket_shut)) {
        fprintf(messages, "cisterna clinic: no memory\n");
        free(http);
        return NULL;
    }
    http->server = server;
    int file = port_open(server->options.address, server->options.port, &http->port);
    if (file >= 0) {
        server_hosts(server, http->port);
        http->daemon = MHD_start_daemon(
            MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, http,
            MHD_OPTION_LISTEN_SOCKET, (MHD_socket)file, MHD_OPTION_NOTIFY_COMPLETED, on_end, http,
            MHD_OPTION_NOTIFY_CONNECTION, on_connection, http, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)THREADS,
            MHD_OPTION_CONNECTION_LIMIT, (unsigned)CROWD_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_BYTES_MAX, MHD_OPTION_STRICT_FOR_CLIENT, 1,
            MHD_OPTION_UNESCAPE_CALLBACK, unescape_not, NULL, MHD_OPTION_END);
    }
    if (http->daemon == NULL) {
        fprintf(messages, "cisterna clinic: cannot listen at %s port %u: %s\n", server->options.address,
                server->options.port, strerror(errno));
        if (file >= 0)
            (void)close(file);
        free(http);
        return NULL;
    }
    return http;
}

uint16_t http_port(const struct http *http)
{
    return http->port;
}

void http_tick(struct http *http, int64_t now_ms)
{
    crowd_sweep(&http->crowd, now_ms);
    uint64_t more = crowd_tell(&http->crowd, now_ms);
    if (more > 0)
        server_log(4, "too many connections at once: %" PRIu64 " that stood about longest were closed", more);
}

void http_stop(struct http *http)
{
    const struct timespec little = { .tv_nsec = ENDING_EVERY_MS * 1000000L };
    MHD_socket listening = MHD_quiesce_daemon(http->daemon);
    feed_end(&http->server->feed);
    for (unsigned waited = 0; feed_streams(&http->server->feed) > 0 && waited < ENDING_MS; waited += ENDING_EVERY_MS)
        (void)nanosleep(&little, NULL); /* those who look on are told */
    MHD_stop_daemon(http->daemon);
    if (listening != MHD_INVALID_SOCKET)
        (void)close(listening);
    free(http);
}
