/* reply.c - headers, documents and events on the wire. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/reply.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clinic/server/pages.h"
#include "clinic/server/route.h"
#include "clinic/server/stream.h"

enum { STREAM_BLOCK_BYTES = 8192 };

/* What every answer says to a browser: embed nowhere, guess nothing, tell nobody. */
static const struct {
    const char *name, *value;
} GUARDS[] = {
    { "X-Content-Type-Options", "nosniff" },
    { "X-Frame-Options", "DENY" },
    { "Referrer-Policy", "no-referrer" },
    { "Cross-Origin-Opener-Policy", "same-origin" },
    { "Cross-Origin-Resource-Policy", "same-origin" },
    { "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()" },
};
/* And of documents: keep nothing. */
static const char DOCUMENT_POLICY[] =
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
/* Of pages: what stands here may be loaded from here, nothing else from anywhere, and no text becomes a script. */
static const char PAGE_POLICY[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'none'; "
    "object-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'";

static void headers_add(struct MHD_Response *response, const struct answer *answer)
{
    char text[64];
    for (unsigned i = 0; i < sizeof GUARDS / sizeof GUARDS[0]; i++)
        (void)MHD_add_response_header(response, GUARDS[i].name, GUARDS[i].value);
    (void)MHD_add_response_header(response, "Content-Security-Policy", answer->file != NULL ? PAGE_POLICY : DOCUMENT_POLICY);
    (void)MHD_add_response_header(response, "Cache-Control",
                                  answer->file == NULL ? "no-store"
                                  : answer->forever    ? "public, max-age=31536000, immutable"
                                                       : "no-cache");
    if (*answer->file_name != '\0') {
        char disposition[ANSWER_FILE_BYTES + 32];
        snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"", answer->file_name);
        (void)MHD_add_response_header(response, "Content-Disposition", disposition);
    }
    if (*answer->cookie != '\0')
        (void)MHD_add_response_header(response, "Set-Cookie", answer->cookie);
    if (answer->ends)
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    if (answer->retry_s > 0) {
        snprintf(text, sizeof text, "%" PRId64, answer->retry_s);
        (void)MHD_add_response_header(response, "Retry-After", text);
    }
    for (unsigned i = 0; i < METHODS; i++)
        if ((answer->allow >> i & 1) != 0)
            (void)MHD_add_response_header(response, "Allow", method_word((enum method)i));
}

/* A stream and the connection it goes to. */
struct flow {
    struct MHD_Connection *connection;
    struct stream *stream;
};

static void flow_sleep(void *context)
{
    struct flow *flow = context;
    MHD_suspend_connection(flow->connection);
}

static void flow_wake(void *context)
{
    struct flow *flow = context;
    MHD_resume_connection(flow->connection);
}

static ssize_t flow_read(void *context, uint64_t at, char *buffer, size_t room)
{
    struct flow *flow = context;
    struct stream *stream = flow->stream;
    (void)at;
    if (stream->sent == stream->size) {
        if (stream->ended)
            return MHD_CONTENT_READER_END_OF_STREAM;
        if (!stream_next(stream, server_now(), flow_sleep, flow))
            return 0;
    }
    size_t left = stream->size - stream->sent, size = left < room ? left : room;
    memcpy(buffer, stream->text + stream->sent, size);
    stream->sent += size;
    return (ssize_t)size;
}

static void flow_free(void *context)
{
    struct flow *flow = context;
    stream_free(flow->stream);
    free(flow);
}

static struct MHD_Response *flow_response(struct MHD_Connection *connection, struct answer *answer)
{
    struct flow *flow = calloc(1, sizeof *flow);
    if (flow == NULL)
        return NULL;
    *flow = (struct flow){ .connection = connection, .stream = answer->stream };
    answer->stream->waiter.wake = flow_wake;
    answer->stream->waiter.context = flow;
    answer->stream = NULL;
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK_BYTES, flow_read, flow, flow_free);
    if (response == NULL)
        flow_free(flow);
    else
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/event-stream");
    return response;
}

static struct MHD_Response *document_response(const struct answer *answer)
{
    char *text = answer->json != NULL ? json_dumps(answer->json, JSON_COMPACT) : NULL;
    if (text == NULL)
        return MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
    struct MHD_Response *response = MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
    if (response == NULL)
        free(text);
    else
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                                      answer->problem ? "application/problem+json" : "application/json");
    return response;
}

static struct MHD_Response *file_response(const struct answer *answer)
{
    const struct page_file *file = answer->file;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        answer->status == 304 ? 0 : file->size, (void *)(uintptr_t)file->bytes, MHD_RESPMEM_PERSISTENT);
    if (response == NULL)
        return NULL;
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, file->type);
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, file->tag);
    return response;
}

/* It names who somebody is: shown, and kept by nobody on the way. */
static struct MHD_Response *bytes_response(struct answer *answer)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(answer->size, answer->bytes, MHD_RESPMEM_MUST_FREE);
    if (response == NULL)
        return NULL;
    answer->bytes = NULL;
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->type);
    return response;
}

enum MHD_Result reply_queue(struct MHD_Connection *connection, struct answer *answer)
{
    struct MHD_Response *response = answer->stream != NULL ? flow_response(connection, answer)
                                    : answer->file != NULL ? file_response(answer)
                                    : answer->bytes != NULL ? bytes_response(answer)
                                                           : document_response(answer);
    if (response == NULL)
        return MHD_NO;
    headers_add(response, answer);
    enum MHD_Result queued = MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    return queued;
}
