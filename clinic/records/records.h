/* records.h - the clinic's records: opened, signed in to, written in transactions, each with its rows of the audit.
 *
 *     records_open, users_sign_in or users_key_open
 *     records_begin(at) ... patients_add, refills_add, ... records_commit     kept as a whole, or not at all
 *     records_close
 *
 * What records_commit() has answered RECORDS_OK to is on the disk, whatever happens to this process. All times are given by
 * the caller, in milliseconds of UTC since 1970; no clock is read here. Every fault but RECORDS_OK leaves a text in `error`
 * that says what, where and what would be right, and repeats nothing that is sealed. After a fault inside a transaction only
 * records_rollback() and records_commit(), which then refuses, are of use. REQ-SECU-11, HZ-33. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_RECORDS_H
#define CLINIC_RECORDS_RECORDS_H

#include "clinic/records/database.h"
#include "clinic/records/list.h"
#include "clinic/records/table.h"
#include "clinic/records/vault.h"

enum records_fault {
    RECORDS_OK = 0,
    RECORDS_MISSING,   /* no such database, or no such row */
    RECORDS_EXISTS,    /* it is there already */
    RECORDS_REFUSED,   /* a role or a rule does not allow it */
    RECORDS_MALFORMED, /* what was given has not the form it needs */
    RECORDS_PASSWORD,  /* no such user, or not this password; not this key file */
    RECORDS_VERSION,   /* written by a later version of this software */
    RECORDS_DAMAGED,   /* something was changed, removed or broken from outside */
    RECORDS_BUSY,      /* another process is writing */
    RECORDS_UNKNOWN,   /* the connection broke at the commit: whether it was kept has to be looked up */
    RECORDS_FAILED     /* disk, memory, connection */
};

enum { RECORDS_ERROR_BYTES = 400 };

struct records {
    struct database database;
    struct vault vault;
    int64_t user; /* who is signed in; 0: a key file */
    int64_t role;
    bool signed_in, writing, spoilt;
    int64_t at_ms;      /* of the transaction */
    int64_t audit_last; /* number of the audit's last row, and the value of its chain */
    uint8_t audit_chain[HASH_BYTES];
    char error[RECORDS_ERROR_BYTES];
};

/* Opens the records at a URL (clinic/records/database.h), carrying their tables forward. Without `create` there have to be
 * some. Close it only after RECORDS_OK. */
enum records_fault records_open(struct records *records, const char *url, bool create);
/* Are there any yet? A database whose records were never founded has tables at most. */
enum records_fault records_founded(struct records *records, bool *founded);
/* Begins the transaction in which records come to be: new keys, the first row of the audit. The caller adds a user or a key
 * file, and commits. RECORDS_EXISTS when there are some. */
enum records_fault records_found(struct records *records, int64_t at_ms);
void records_close(struct records *records);

/* A transaction that writes; RECORDS_REFUSED for a role that may not, RECORDS_DAMAGED when the end of the audit is not where
 * it was. */
enum records_fault records_begin(struct records *records, int64_t at_ms);
/* The same for what any role that is signed in leaves behind: that it has read, verified or exported. */
enum records_fault records_begin_note(struct records *records, int64_t at_ms);
enum records_fault records_commit(struct records *records);
void records_rollback(struct records *records);

/* For the nouns: a fault of the database as one of ours, the transaction spoilt; a fault of our own with its text. */
enum records_fault records_database(struct records *records, enum database_fault fault);
__attribute__((format(printf, 3, 4))) enum records_fault records_fail(struct records *records, enum records_fault fault,
                                                                      const char *format, ...);
/* RECORDS_OK inside a transaction that writes. */
enum records_fault records_writable(struct records *records);

#endif
