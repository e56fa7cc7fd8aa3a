/* answer.h - what is answered to a request: a document, or a problem (RFC 9457) that says what, where, and what would be
 * right. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_ANSWER_H
#define CLINIC_SERVER_ANSWER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "clinic/records/records.h"
#include "document/reader.h"

struct stream;
struct page_file;

enum { ANSWER_COOKIE_BYTES = 200, ANSWER_TEXT_BYTES = 480, ANSWER_FILE_BYTES = 64 };

struct answer {
    unsigned status;   /* of HTTP; 0: not answered yet */
    json_t *json;      /* owned; null: no body */
    bool problem;      /* json is one */
    unsigned allow;    /* bit set of enum method, of a 405 */
    int64_t retry_s;   /* of a 429 or 503; 0: not told */
    char cookie[ANSWER_COOKIE_BYTES]; /* to be set; empty: none */
    bool ends;             /* the connection too: who else reads it may take what follows for something else */
    struct stream *stream; /* events instead of a document; owned */
    const struct page_file *file; /* a file of the pages instead of a document */
    char *bytes; /* a file made for this answer instead of a document; owned */
    size_t size;
    const char *type; /* its media type */
    char file_name[ANSWER_FILE_BYTES]; /* under which it is to be kept; empty: it is shown */
    bool forever;                 /* its path will never lead to other bytes */
};

/* Takes the document over. */
void answer_json(struct answer *answer, unsigned status, json_t *json);
/* A file of this media type, with status 200; takes the bytes over. */
void answer_bytes(struct answer *answer, char *bytes, size_t size, const char *type);
/* "what" in a few words, a whole sentence, and where: the path of a member, or null. `kind` is the last part of its type. */
__attribute__((format(printf, 5, 6))) void answer_problem(struct answer *answer, unsigned status, const char *kind,
                                                          const char *where, const char *format, ...);
/* All that a reader complained of: 400, or 422 when it was well formed and a limit forbids it. */
void answer_complaints(struct answer *answer, const struct reader *reader);
/* A fault of the records, as their text says it, without the place of the database. */
void answer_records(struct answer *answer, const struct records *records, enum records_fault fault);

#endif
