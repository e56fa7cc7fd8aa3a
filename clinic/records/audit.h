/* audit.h - who did what when: rows that are only ever added, each hashed with the one before it under a key that is not in
 * the database, and the number and hash of the last one sealed in a row elsewhere.
 *
 * chain of a row = BLAKE2b-256, keyed, of "audit", the chain before it (zeros before the first) and the row's bytes without
 * its chain (clinic/records/table.h). row_hash is that of the row it speaks of, as it is from then on; nothing: that row is
 * no more. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_AUDIT_H
#define CLINIC_RECORDS_AUDIT_H

#include "clinic/records/records.h"

/* The last row of the audit, as it is sealed in the row of table `head`. */
struct audit_head {
    int64_t last; /* 0: none yet */
    uint8_t chain[HASH_BYTES];
};

/* Adds a row inside a transaction. `row_hash` may be null. */
enum records_fault audit_append(struct records *records, enum list_word action, enum table home, int64_t home_id,
                                const uint8_t row_hash[HASH_BYTES]);
/* What a row of it says. */
struct audit_row {
    int64_t id, at_ms, user; /* user 0: a key file */
    int64_t action;          /* WORD_ACTION_... */
    int64_t home, home_id;   /* the table's code and its row */
};
/* Those from the number `from` on, in their order. */
enum records_fault audit_list(struct records *records, int64_t from, struct audit_row *rows, unsigned room, unsigned *count);
/* The next value of the chain; values without the chain itself. */
void audit_chain_next(const uint8_t key[HASH_BYTES], const uint8_t before[HASH_BYTES], const struct value *values,
                      uint8_t chain[HASH_BYTES]);

/* Reads and opens the head; RECORDS_DAMAGED when it is missing or does not open. */
enum records_fault audit_head_read(struct records *records, struct audit_head *head);
/* Seals it anew, from records->audit_last and audit_chain; `first`: there is no row yet. */
enum records_fault audit_head_write(struct records *records, bool first);
/* Takes records->audit_last and audit_chain from the head, after a look at the last row of the audit. */
enum records_fault audit_resume(struct records *records);

#endif
