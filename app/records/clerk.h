/* clerk.h - `cisterna records ...`: one table of commands (app/records/clerk.def), one reading of their options, one way to
 * open the records and to say what came of it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_RECORDS_CLERK_H
#define APP_RECORDS_CLERK_H

#include <jansson.h>

#include "app/secret.h"
#include "clinic/records/records.h"

#define OPTION(name, ...) CLERK_AT_##name,
enum clerk_option {
#include "app/records/clerk.def"
    CLERK_OPTIONS
};
#undef OPTION

enum { CLERK_PATH_BYTES = 1024 };

/* What the command line says, and the records once they are open. */
struct clerk {
    const char *command;
    const char *value[CLERK_OPTIONS]; /* null: not given; a flag has an empty one */
    const char *word;                 /* the plain word, or null */
    char path[CLERK_PATH_BYTES];      /* of the database, when nobody said which */
    struct records records;
};

/* Runs one; words[0] is "records". Returns the exit code. */
int clerk_main(int count, char **words);

static inline bool clerk_has(const struct clerk *clerk, enum clerk_option option)
{
    return clerk->value[option] != NULL;
}

/* "cisterna records COMMAND: text word" on standard error, and the code. */
int clerk_say(const struct clerk *clerk, int code, const char *text, const char *word);
/* Says what the records say of a fault; its exit code. EXIT_DONE for RECORDS_OK, without a word. */
int clerk_fault(const struct clerk *clerk, enum records_fault fault);

/* The database that is meant, or null with a message when there is no home to look in. */
const char *clerk_url(struct clerk *clerk);
/* Milliseconds of UTC since 1970, now. */
int64_t clerk_now(void);

/* Opens the records and signs in, as the options say. Close them only after EXIT_DONE. */
int clerk_open(struct clerk *clerk);
/* The name to sign in with, or null; the password of it. */
const char *clerk_user(const struct clerk *clerk);
int clerk_password(const struct clerk *clerk, bool first, struct secret *secret);
/* A new password: of somebody else, or another one. */
int clerk_new_password(const struct clerk *clerk, struct secret *secret);
/* A row in the audit, of its own: that somebody has looked or taken along. */
int clerk_note(struct clerk *clerk, enum list_word action);
/* Commits, or rolls back after a fault; the exit code of the whole. */
int clerk_commit(struct clerk *clerk, enum records_fault fault);

/* Writes an object to standard output and lets it go. */
void clerk_print(json_t *object);

#endif
