/* records_stand.h - records for a test: founded anew in a file of SQLite, or in the PostgreSQL database that CISTERNA_TEST_DB
 * names, with a key file and four people. The same tests run against both. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_CLINIC_RECORDS_STAND_H
#define TESTS_CLINIC_RECORDS_STAND_H

#include "clinic/records/records.h"
#include "clinic/records/users.h"
#include "clinic/records/verify.h"
#include "tests/core/check.h"

enum { STAND_FAULTS_MAX = 40, STAND_FAULT_BYTES = 240 };
#define STAND_AT INT64_C(1772366400000) /* 2026-03-01 12:00 UTC */

extern const uint8_t STAND_KEY[USER_KEY_FILE_BYTES];
extern const char STAND_PASSWORD[]; /* of all people */

/* For cmocka's group: a folder, and its end. */
int stand_begin(void **state);
int stand_end(void **state);

/* Where the records are. */
const char *stand_url(void);
bool stand_is_postgres(void);
/* Another database, of SQLite: for the suite against PostgreSQL it is one of the other kind. Not there yet. */
const char *stand_other(void);
/* Empties the database: no tables. */
void stand_wipe(void);
/* Keeps the database as it is now, nobody having it open, and puts it back to that. */
void stand_keep(void);
void stand_put_back(void);
/* New records, signed in with the key file; users ada (admin, 1), nina (nurse, 2), phil (physician, 3), otto (auditor, 4). */
void stand_fresh(struct records *records);
/* The records there are, with the key file. */
void stand_open(struct records *records);
/* Signs a closed struct in as one of the people. */
void stand_sign_in(struct records *records, const char *name);
/* Somebody who has the database and knows how to take its guards away: a connection, and statements on it. */
void stand_attacker(struct database *database);
void stand_attack_with(struct database *database, const char *sql);
/* The same with a connection of its own. */
void stand_attack(const char *sql);
/* The same bound to one integer, told. */
int64_t stand_ask(const char *sql);

/* Asserts RECORDS_OK, and prints the error when not. */
#define assert_done(records, fault) stand_done(records, (int)(fault), __FILE__, __LINE__)
void stand_done(const struct records *records, int fault, const char *file, int line);

/* What verify found. */
struct stand_found {
    unsigned count;
    char text[STAND_FAULTS_MAX][STAND_FAULT_BYTES];
};
enum records_fault stand_verify(struct records *records, const struct audit_head *anchor, struct stand_found *found);
/* Opens the records and verifies them: exactly `count` faults, one of them with these words. */
void stand_finds(unsigned count, const char *words);

#endif
