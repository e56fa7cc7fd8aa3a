/* workbook.h - a command of the command line with the records of the clinic behind it: who signs in, whose pump it is, and
 * what is left of it there. Without --db there is none, and everything is as before. REQ-CLIN-01, REQ-CLIN-12, REQ-LIBR-04. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_WORKBOOK_H
#define APP_WORKBOOK_H

#include "app/visit.h"
#include "clinic/casebook/casebook.h"
#include "clinic/records/records.h"

struct workbook {
    const struct desk *desk;
    bool is; /* there are records */
    struct records records;
    int64_t second; /* the user of --second; 0: nobody */
    int64_t begun_ms;
    struct casebook book;
};

/* Opens the records that --db names and signs in, as the options say: --user, and --second where it is given. EXIT_DONE, also
 * where there is no --db; else a message and an exit code, and nothing is open. */
int workbook_open(const struct desk *desk, struct workbook *book);
void workbook_close(struct workbook *book);
/* Milliseconds of UTC since 1970; 0 without records. */
int64_t workbook_now(const struct workbook *book);
int64_t workbook_clock(void); /* the same whether there are records or not */

/* Whose pump it is that answers, against --patient; closes visits whose outcome it now tells. `lowers`: what is wanted goes down,
 * and needs no patient, nor that every outcome is known. EXIT_DONE, or a message and an exit code. */
int workbook_meet(struct workbook *book, const struct visit *visit, const struct interrogation *seen, bool lowers);
/* At the end, in whatever state the workflow is: records it, says in the audit how it ended, and pulls the pump's log. `code` is
 * the command's exit code so far; another one where something was done that could not be kept. */
int workbook_keep(struct workbook *book, struct visit *visit, struct workflow *workflow, int code);
/* The same of a single command, without a workflow; `told` is what came of it. */
int workbook_given(struct workbook *book, struct visit *visit, const struct command *command, enum told told,
                   const struct receipt *receipt, int code);
/* What the session's first answers tell, enough for workbook_meet(). */
void workbook_seen(const struct visit *visit, struct interrogation *seen);

#endif
