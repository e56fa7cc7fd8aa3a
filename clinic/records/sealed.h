/* sealed.h - what could tell who somebody is, and free text: never stored but sealed under the patient's own key.
 * REQ-SECU-11.
 *
 * A patient's key is 32 bytes of chance, itself sealed under the records' data key in the patient's row. A field's box is
 * bound to patient, table, row and field. Destroying the one small box of the key makes all of them unreadable, wherever
 * copies lie, but for backups that hold the box of the key as well. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_SEALED_H
#define CLINIC_RECORDS_SEALED_H

#include "clinic/records/records.h"

/* Frozen: they stand in the table and in what is bound to a box. */
enum sealed_field { SEALED_NAME = 1, SEALED_BIRTH_DATE = 2, SEALED_IDENTIFIER = 3, SEALED_NOTE = 4, SEALED_KEYS = 5 };
enum { SEALED_BYTES_MAX = 4096 };

/* A new patient's key, sealed for its row. */
enum { SEALED_KEY_BOX_BYTES = VAULT_KEY_BYTES + VAULT_EXTRA_BYTES };
void sealed_key_make(const struct vault *vault, int64_t patient, uint8_t box[SEALED_KEY_BOX_BYTES]);

/* Where a field belongs: the row of a table that is about a patient. */
struct sealed_place {
    int64_t patient;
    enum table home;
    int64_t home_id;
    enum sealed_field field;
};

/* Seals a text of up to SEALED_BYTES_MAX bytes, in place of what was there. Inside a transaction. RECORDS_REFUSED when the
 * patient is purged, or the role opens nothing. */
enum records_fault sealed_put(struct records *records, const struct sealed_place *place, const char *text);
/* The text, ended with a zero; empty when there is none. RECORDS_REFUSED for a role that opens nothing; RECORDS_MALFORMED
 * when `room` is too small; RECORDS_DAMAGED when it does not open: it is another's, or was changed. Of a purged patient it is
 * empty. */
enum records_fault sealed_get(struct records *records, const struct sealed_place *place, char *text, size_t room);
/* Opens the box of a row of TABLE_SEALED whose patient's key box is at hand: for lists and exports. */
enum records_fault sealed_open(struct records *records, const struct sealed_place *place, const struct value *key_box,
                               const struct value *box, char *text, size_t room);
/* Removes all sealed fields of a patient; inside a transaction, each with its row in the audit. */
enum records_fault sealed_erase(struct records *records, int64_t patient);

#endif
