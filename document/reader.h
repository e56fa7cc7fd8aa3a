/* reader.h - strict reading of a JSON document: every field known, every amount with its unit, every error with file,
 * line, path, what is wrong and what would be right. All errors are collected, so that one reading shows them all. */
// SPDX-License-Identifier: Apache-2.0
#ifndef DOCUMENT_READER_H
#define DOCUMENT_READER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "amount/amount.h"
#include "document/locator.h"

enum { COMPLAINTS_MAX = 40, COMPLAINT_TEXT_BYTES = 320 };

/* Malformed input and well-formed input that a safety limit forbids end a command differently (exit codes 2 and 3). */
enum complaint_kind { COMPLAINT_MALFORMED = 2, COMPLAINT_REFUSED = 3 };

struct complaint {
    enum complaint_kind kind;
    int line;
    char offer[2][AMOUNT_TEXT_BYTES]; /* what would pass instead, in the unit that was used; "": nothing that could be named */
    char path[LOCATOR_PATH_BYTES];
    char text[COMPLAINT_TEXT_BYTES];
};

struct reader {
    const char *file;
    const char *text;
    size_t size;
    unsigned count; /* of all complaints, kept or not */
    bool malformed, refused;
    struct complaint complaint[COMPLAINTS_MAX];
};

/* A value and where it stands. `value` is null when it is absent: reading an absent node gives absent nodes. */
struct node {
    struct reader *reader;
    json_t *value;
    char path[LOCATOR_PATH_BYTES];
};

enum need { OPTIONAL = 0, REQUIRED = 1 };

__attribute__((format(printf, 3, 4))) void reader_complain(const struct node *node, enum complaint_kind kind,
                                                           const char *format, ...);
/* Says of the newest complaint which two values would pass: to be picked from. */
void reader_offer(const struct node *node, const char *low, const char *high);
/* Prints the complaints, one a line: file:line: path: text. */
void reader_print(const struct reader *reader, FILE *out);
/* 0 when all is well, else the exit code: 2 malformed, 3 refused. */
int reader_exit(const struct reader *reader);

/* The document itself; absent, with a complaint, when it is no well-formed JSON or a name stands twice in an object. Its value
 * is to be given back with json_decref(). */
struct node reader_document(struct reader *reader);

/* Is it an object with no field but these (null-terminated list)? Complains otherwise, with the nearest known name. */
bool reader_object(const struct node *node, const char *const *fields);
bool reader_array(const struct node *node, size_t least, size_t most);
struct node reader_element(const struct node *node, size_t index);
struct node reader_member(const struct node *node, const char *name, enum need need);
bool reader_has(const struct node *node, const char *name);

/* Each returns true when the field was there and right; false leaves *out untouched. */
bool reader_text(const struct node *node, const char *name, enum need need, size_t most, const char **out);
bool reader_integer(const struct node *node, const char *name, enum need need, int64_t least, int64_t most,
                    int64_t *out);
bool reader_flag(const struct node *node, const char *name, bool *out);
bool reader_amount(const struct node *node, const char *name, enum need need, enum dimension dimension, int64_t least,
                   int64_t most, int64_t *out);
/* The position of the field's word in a null-terminated list. */
bool reader_choice(const struct node *node, const char *name, enum need need, const char *const *words, unsigned *out);
/* The same for the words that are names of members or elements themselves. */
bool reader_word(const struct node *node, const char *const *words, unsigned *out);

/* The word of a null-terminated list nearest to this one (at most two letters away), or null. */
const char *reader_nearest(const char *word, const char *const *words);

#endif
