/* rows.h - rows added, changed and read, the same for every table of kind AUDITED: with its hash in the audit, in the
 * transaction that is open. The nouns stand on this. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_ROWS_H
#define CLINIC_RECORDS_ROWS_H

#include "clinic/records/records.h"

/* Adds a row; values[0] is set to its new id, which is one above the highest there is. */
enum records_fault rows_insert(struct records *records, enum table table, struct value values[ROW_VALUES_MAX], int64_t *id);
/* Changes the row values[0] to these values. `action` is WORD_ACTION_UPDATE, or a word that says more. */
enum records_fault rows_update(struct records *records, enum table table, const struct value values[ROW_VALUES_MAX],
                               enum list_word action);
/* Removes a row of TABLE_SEALED: no other table lets one go. */
enum records_fault rows_erase(struct records *records, int64_t id);

/* Reads the one row that `tail` ("WHERE id = ?") selects with one value bound. RECORDS_MISSING without an error text when
 * there is none. Its text and bytes stay until rows_done(); call that in every case. */
struct rows_reading {
    struct statement *statement;
    struct value values[ROW_VALUES_MAX];
};
enum records_fault rows_read(struct records *records, enum table table, const char *tail, const struct value *bound,
                             unsigned count, struct rows_reading *reading);
/* The next row of the same; RECORDS_MISSING after the last. */
enum records_fault rows_next(struct records *records, enum table table, struct rows_reading *reading);
void rows_done(struct rows_reading *reading);
/* The row of this id; a missing one is told in `error`. */
enum records_fault rows_by_id(struct records *records, enum table table, int64_t id, struct rows_reading *reading);
/* The same, to be changed: RECORDS_DAMAGED when it is not as the audit knows it, for a new hash would hide that. */
enum records_fault rows_to_change(struct records *records, enum table table, int64_t id, struct rows_reading *reading);

/* Does the row still have the hash that the audit holds of it? RECORDS_DAMAGED when not. */
enum records_fault rows_check(struct records *records, enum table table, const struct value values[ROW_VALUES_MAX]);

/* A text as it goes into a fixed field of a struct, cut at its end. */
void rows_text(const struct value *value, char *text, size_t room);
/* Is it text for people: UTF-8 without control characters, from `least` to `most` bytes? */
bool rows_text_good(const char *text, size_t least, size_t most);

#endif
