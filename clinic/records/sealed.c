/* sealed.c - patients' keys, and fields under them. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/sealed.h"

#include <sodium.h>

#include "clinic/records/rows.h"
#include "core/text.h"
#include "link/cipher.h"

static struct vault_place key_place(int64_t patient)
{
    return (struct vault_place){ "patient key", { patient, 0, 0, 0 } };
}

static struct vault_place field_place(const struct sealed_place *place)
{
    return (struct vault_place){ "field", { place->patient, table_code(place->home), place->home_id, place->field } };
}

void sealed_key_make(const struct vault *vault, int64_t patient, uint8_t box[SEALED_KEY_BOX_BYTES])
{
    const struct vault_place place = key_place(patient);
    uint8_t key[VAULT_KEY_BYTES];
    randombytes_buf(key, sizeof key);
    vault_seal(vault, vault->data_key, &place, key, sizeof key, box);
    cipher_forget(key, sizeof key);
}

/* May what is sealed be opened at all? */
static enum records_fault openable(struct records *records)
{
    return records->vault.opens ? RECORDS_OK
                                : records_fail(records, RECORDS_REFUSED, "the role %s does not open what is sealed",
                                               records->signed_in ? list_word(LIST_ROLE, records->role) : "of nobody");
}

static enum records_fault key_open(struct records *records, int64_t patient, const struct value *box,
                                   uint8_t key[VAULT_KEY_BYTES])
{
    const struct vault_place place = key_place(patient);
    if (box->size == SEALED_KEY_BOX_BYTES &&
        vault_open(&records->vault, records->vault.data_key, &place, box->bytes, box->size, key))
        return RECORDS_OK;
    return records_fail(records, RECORDS_DAMAGED,
                        "%s: the key of patient %lld does not open: it was changed, or is another's", records->database.place,
                        (long long)patient);
}

/* The key of a patient; *purged when there is none any more. */
static enum records_fault key_read(struct records *records, int64_t patient, bool *purged, uint8_t key[VAULT_KEY_BYTES])
{
    struct rows_reading reading;
    enum records_fault fault = openable(records);
    if (fault != RECORDS_OK)
        return fault;
    fault = rows_by_id(records, TABLE_PATIENTS, patient, &reading);
    if (fault == RECORDS_OK) {
        *purged = reading.values[AT(PATIENTS, PURGED)].kind != VALUE_NOTHING;
        if (!*purged)
            fault = key_open(records, patient, &reading.values[AT(PATIENTS, KEY_BOX)], key);
    }
    rows_done(&reading);
    return fault;
}

static enum records_fault row_find(struct records *records, const struct sealed_place *place, struct rows_reading *reading)
{
    const struct value bound[] = { value_integer(table_code(place->home)), value_integer(place->home_id),
                                   value_integer(place->field) };
    return rows_read(records, TABLE_SEALED, "WHERE home = ? AND home_id = ? AND field = ?", bound, 3, reading);
}

static enum records_fault box_write(struct records *records, const struct sealed_place *place, struct value box)
{
    struct rows_reading reading;
    struct value values[ROW_VALUES_MAX] = { value_nothing() };
    enum records_fault fault = row_find(records, place, &reading);
    int64_t id = fault == RECORDS_OK ? reading.values[0].integer : 0;
    rows_done(&reading);
    if (fault != RECORDS_OK && fault != RECORDS_MISSING)
        return fault;
    values[AT(SEALED, PATIENT)] = value_integer(place->patient);
    values[AT(SEALED, HOME)] = value_integer(table_code(place->home));
    values[AT(SEALED, HOME_ID)] = value_integer(place->home_id);
    values[AT(SEALED, FIELD)] = value_integer(place->field);
    values[AT(SEALED, BOX)] = box;
    values[0] = value_integer(id);
    return id == 0 ? rows_insert(records, TABLE_SEALED, values, NULL)
                   : rows_update(records, TABLE_SEALED, values, WORD_ACTION_UPDATE);
}

/* UTF-8 without control characters but for ends of lines and tabs. */
static bool text_good(const char *text, size_t size)
{
    char plain[SEALED_BYTES_MAX + 1];
    if (size > SEALED_BYTES_MAX)
        return false;
    for (size_t i = 0; i <= size; i++)
        plain[i] = text[i] == '\n' || text[i] == '\t' ? ' ' : text[i];
    bool good = text_valid(plain, size + 1);
    cipher_forget(plain, size);
    return good;
}

enum records_fault sealed_put(struct records *records, const struct sealed_place *place, const char *text)
{
    const struct vault_place where = field_place(place);
    uint8_t key[VAULT_KEY_BYTES], box[SEALED_BYTES_MAX + VAULT_EXTRA_BYTES];
    size_t size = strlen(text);
    bool purged = false;
    if (!text_good(text, size))
        return records_fail(records, RECORDS_MALFORMED,
                            "a text that is sealed is UTF-8 of %d bytes at most, without control characters",
                            SEALED_BYTES_MAX);
    enum records_fault fault = key_read(records, place->patient, &purged, key);
    if (fault == RECORDS_OK && purged)
        fault = records_fail(records, RECORDS_REFUSED, "patient %lld is purged: nothing about them is written any more",
                             (long long)place->patient);
    if (fault != RECORDS_OK)
        return fault;
    vault_seal(&records->vault, key, &where, text, size, box);
    cipher_forget(key, sizeof key);
    return box_write(records, place, value_bytes(box, size + VAULT_EXTRA_BYTES));
}

/* Opens one box with the patient's key. */
static enum records_fault box_open(struct records *records, const struct sealed_place *place,
                                   const uint8_t key[VAULT_KEY_BYTES], const struct value *box, char *text, size_t room)
{
    const struct vault_place where = field_place(place);
    if (box->size >= VAULT_EXTRA_BYTES && box->size - VAULT_EXTRA_BYTES >= room)
        return records_fail(records, RECORDS_MALFORMED, "a sealed text is longer than the %zu bytes there is room for",
                            room - 1);
    if (!vault_open(&records->vault, key, &where, box->bytes, box->size, text))
        return records_fail(records, RECORDS_DAMAGED,
                            "%s: field %d of row %lld of %s does not open: it was changed, or is another's",
                            records->database.place, (int)place->field, (long long)place->home_id, table_name(place->home));
    text[box->size - VAULT_EXTRA_BYTES] = '\0';
    return RECORDS_OK;
}

enum records_fault sealed_open(struct records *records, const struct sealed_place *place, const struct value *key_box,
                               const struct value *box, char *text, size_t room)
{
    uint8_t key[VAULT_KEY_BYTES];
    enum records_fault fault = openable(records);
    if (fault == RECORDS_OK)
        fault = key_open(records, place->patient, key_box, key);
    if (fault == RECORDS_OK)
        fault = box_open(records, place, key, box, text, room);
    cipher_forget(key, sizeof key);
    return fault;
}

enum records_fault sealed_get(struct records *records, const struct sealed_place *place, char *text, size_t room)
{
    uint8_t key[VAULT_KEY_BYTES] = { 0 };
    struct rows_reading reading;
    bool purged = false;
    text[0] = '\0';
    enum records_fault fault = key_read(records, place->patient, &purged, key);
    if (fault != RECORDS_OK || purged)
        return fault;
    fault = row_find(records, place, &reading);
    if (fault == RECORDS_OK)
        fault = box_open(records, place, key, &reading.values[AT(SEALED, BOX)], text, room);
    rows_done(&reading);
    cipher_forget(key, sizeof key);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}

enum records_fault sealed_erase(struct records *records, int64_t patient)
{
    const struct value bound = value_integer(patient);
    int64_t id = 0;
    bool found = true;
    while (found) {
        enum records_fault fault = records_database(
            records, database_ask(&records->database, "SELECT id FROM sealed WHERE patient_id = ? ORDER BY id LIMIT 1",
                                  &bound, 1, &id, &found));
        if (fault == RECORDS_OK && found)
            fault = rows_erase(records, id);
        if (fault != RECORDS_OK)
            return fault;
    }
    return RECORDS_OK;
}
