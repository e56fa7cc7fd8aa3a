/* casebook_stand.h - records beside the pump of workflow_stand.h: founded anew in a file of SQLite, or in the PostgreSQL that
 * CISTERNA_TEST_DB names, with the two users who answer there, and the patient whose pump it is. A database that fails where a
 * test wants it to. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_CLINIC_CASEBOOK_STAND_H
#define TESTS_CLINIC_CASEBOOK_STAND_H

#include "clinic/casebook/recording.h"
#include "clinic/records/verify.h"
#include "tests/clinic/workflow_stand.h"

#define BOOK_AT INT64_C(1772366400000) /* 2026-03-01 12:00 UTC */
extern struct records book_records;
extern const char BOOK_NAME[], BOOK_SERIAL[], BOOK_PASSWORD[];

int book_begin(void **state);
int book_end(void **state);
/* New records with ten others, then the users STAND_FIRST (signed in) and STAND_SECOND, and an auditor behind them; patient 1
 * and, unless `fresh`, their pump with a catheter of 40 cm. */
enum { BOOK_AUDITOR = STAND_SECOND + 1 };
void book_fresh(bool fresh, const char *model);
void book_sign_in(int64_t user);
void book_close(void);

/* The workflow under test, and the casebook it runs with. */
extern struct workflow book_workflow;
extern struct casebook book_case;
/* A pump of one kind, and the casebook and practice of it; with new records before. */
void book_pump_ready(enum work work, bool valve);
void book_ready(enum work work, bool valve);
/* On to where it wants to be recorded; records it; and says in the audit how it ended. */
void book_run(void);
enum records_fault book_record(int64_t *visit);
void book_end_audit(void);

/* How many rows there are in a table, and in the audit of this action. */
int64_t book_rows(enum table table);
int64_t book_audit(enum list_word action);
int64_t book_ask(const char *sql);
/* Every row is as the audit knows it. */
void book_verify(void);

/* From now on the operation of this number fails; 0: none does. A failing commit is one whose connection broke: kept or not. */
struct book_failing {
    unsigned at, count;
    bool commit_unknown; /* the next commit is kept, and nobody hears of it */
};
extern struct book_failing book_failing;
void book_fail(unsigned at);

#define assert_kept(fault) book_done((int)(fault), __FILE__, __LINE__)
void book_done(int fault, const char *file, int line);

#endif
