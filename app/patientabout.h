/* patientabout.h - "About your pump": a page without a script, made of the statements of app/patientabout.def, each with its
 * source and how sure it is. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PATIENTABOUT_H
#define APP_PATIENTABOUT_H

#include "clinic/server/pages.h"

#define ABOUT_MARKS(MARK)                                                                                              \
    MARK(SEEN, "read in the source")                                                                                   \
    MARK(REPORTS, "counted from reports, which is not how often it happens")                                           \
    MARK(WEAK, "from a weak source")                                                                                   \
    MARK(DERIVED, "our arithmetic from the source")                                                                    \
    MARK(DESIGN, "how this simulation works")                                                                          \
    MARK(MEMORY, "general knowledge, no source was read")                                                              \
    MARK(GUESS, "a guess of this project")

#define MARK_ENUM(name, text) ABOUT_##name,
enum about_mark { ABOUT_MARKS(MARK_ENUM) ABOUT_MARKS_COUNT };
#undef MARK_ENUM

/* One row: a part's heading (statement null), or a statement of that part. */
struct about_row {
    const char *id, *heading;
    enum about_mark mark;
    const char *statement, *source, *address;
};

/* Null after the last. */
const struct about_row *patientabout_row(unsigned index);
const char *patientabout_mark(enum about_mark mark);

struct patientabout {
    struct page_file file;
    char tag[40];
    char *bytes;
};

/* The page. False without memory. */
bool patientabout_make(struct patientabout *about);
void patientabout_free(struct patientabout *about);

#endif
