/* records_dump_test.c - backups: what is read back is what was written, in this database and in the other one, and verifies
 * there; a file that was cut off or changed anywhere is refused, and leaves nothing. */
// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L /* open_memstream(), fmemopen() */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clinic/records/dump.h"
#include "clinic/records/load.h"
#include "tests/clinic/records_case.h"
#include "tests/clinic/records_stand.h"

/* The whole backup as text, to be freed. */
static char *dumped(struct records *records, bool clear, size_t *size)
{
    char *text = NULL;
    uint64_t rows = 0;
    FILE *out = open_memstream(&text, size);
    assert_non_null(out);
    assert_done(records, dump_write(records, out, clear, &rows));
    assert_int_equal(fclose(out), 0);
    assert_true(rows > 0);
    return text;
}

static enum records_fault loaded(struct records *records, const char *url, char *text, size_t size)
{
    assert_done(records, records_open(records, url, true));
    FILE *in = fmemopen(text, size, "r");
    assert_non_null(in);
    enum records_fault fault = load_read(records, in, NULL);
    assert_int_equal(fclose(in), 0);
    return fault;
}

/* Some patients, one of them purged, all that there is in tables. */
static char *clinic(struct records *records, size_t *size)
{
    stand_fresh(records);
    assert_done(records, case_fill(records, 3, 15, STAND_AT));
    assert_done(records, records_begin(records, STAND_AT));
    assert_done(records, patients_purge(records, 2));
    assert_done(records, records_commit(records));
    return dumped(records, false, size);
}

/* There and back: for the suite against PostgreSQL the other is a file of SQLite. */
static void a_backup_is_the_same_from_either_database(void **state)
{
    (void)state;
    struct records records, copy;
    struct stand_found found;
    size_t size = 0, again = 0;
    char *text = clinic(&records, &size);
    records_close(&records);
    assert_done(&copy, loaded(&copy, stand_other(), text, size)); /* there, */
    assert_done(&copy, users_sign_in(&copy, "phil", STAND_PASSWORD, strlen(STAND_PASSWORD)));
    assert_done(&copy, stand_verify(&copy, NULL, &found));
    char *back = dumped(&copy, false, &again);
    assert_true(size == again && memcmp(text, back, size) == 0);
    struct patient patient, expected = case_patient(2);
    assert_done(&copy, patients_read(&copy, 3, &patient));
    assert_string_equal(patient.name, expected.name);
    assert_done(&copy, records_begin(&copy, STAND_AT)); /* and it goes on */
    assert_done(&copy, visits_note(&copy, 3, "after the restore"));
    assert_done(&copy, records_commit(&copy));
    free(text);
    free(back);
    text = dumped(&copy, false, &size);
    records_close(&copy);
    stand_wipe();
    assert_done(&records, loaded(&records, stand_url(), text, size)); /* and back here */
    assert_done(&records, users_key_open(&records, STAND_KEY));
    assert_done(&records, stand_verify(&records, NULL, &found));
    back = dumped(&records, false, &again);
    assert_true(size == again && memcmp(text, back, size) == 0);
    free(text);
    free(back);
    records_close(&records);
}

static void a_clear_export_says_who_and_cannot_be_restored(void **state)
{
    (void)state;
    struct records records;
    size_t size = 0;
    free(clinic(&records, &size));
    char *text = dumped(&records, true, &size);
    assert_non_null(strstr(text, "Patient 0\""));
    assert_null(strstr(text, "Patient 1\"")); /* the purged one */
    assert_non_null(strstr(text, "came by bus"));
    records_close(&records);
    stand_wipe();
    assert_int_equal(loaded(&records, stand_url(), text, size), RECORDS_REFUSED);
    free(text);
    records_close(&records);
}

static void an_auditor_exports_nothing_in_the_clear(void **state)
{
    (void)state;
    struct records records;
    size_t size = 0;
    free(clinic(&records, &size));
    records_close(&records);
    stand_sign_in(&records, "otto");
    assert_int_equal(dump_write(&records, stdout, true, NULL), RECORDS_REFUSED);
    char *text = dumped(&records, false, &size);
    assert_null(strstr(text, "Patient"));
    free(text);
    records_close(&records);
}

static void restore_needs_a_database_without_records(void **state)
{
    (void)state;
    struct records records;
    struct stand_found found;
    size_t size = 0;
    char *text = clinic(&records, &size);
    records_close(&records);
    assert_int_equal(loaded(&records, stand_url(), text, size), RECORDS_EXISTS);
    assert_done(&records, users_key_open(&records, STAND_KEY));
    assert_done(&records, stand_verify(&records, NULL, &found));
    free(text);
    records_close(&records);
}

/* Cut off at places of chance, a byte changed, a line gone, a line twice, two lines exchanged: refused, and no record is
 * there. */
static void a_damaged_backup_is_refused_as_a_whole(void **state)
{
    (void)state;
    struct records records;
    size_t size = 0;
    uint64_t seed = 3;
    char *text = clinic(&records, &size), *damaged = malloc(2 * size);
    records_close(&records);
    assert_non_null(damaged);
    stand_wipe();
    for (unsigned i = 0; i < 60; i++) {
        size_t at = (size_t)chance_between(&seed, 0, (int64_t)size - 2), length = size;
        memcpy(damaged, text, size);
        char *line = memchr(damaged + at, '\n', size - at) + 1;
        size_t before = (size_t)(line - damaged), next = 0;
        if (before < size)
            next = (size_t)((char *)memchr(line, '\n', size - before) - line) + 1;
        switch (i % 4) {
        case 0:
            length = at;
            break;
        case 1:
            damaged[at] = (char)(damaged[at] ^ 1);
            break;
        case 2: /* a line is gone */
            memmove(line, line + next, size - before - next);
            length = size - next;
            break;
        default: /* a line twice */
            memmove(line + next, line, size - before);
            length = size + next;
            break;
        }
        if (length == size && memcmp(text, damaged, size) == 0)
            continue;
        enum records_fault fault = length == 0 ? RECORDS_DAMAGED : loaded(&records, stand_url(), damaged, length);
        assert_true(fault == RECORDS_DAMAGED || fault == RECORDS_VERSION);
        bool founded = true;
        if (length > 0) {
            assert_done(&records, records_founded(&records, &founded));
            assert_false(founded);
            records_close(&records);
        }
    }
    memcpy(damaged, text, size);
    memcpy(damaged + size, "{}\n", 3);
    assert_int_equal(loaded(&records, stand_url(), damaged, size + 3), RECORDS_DAMAGED); /* something behind its end */
    records_close(&records);
    assert_done(&records, loaded(&records, stand_url(), text, size)); /* the same database takes the whole one */
    records_close(&records);
    free(text);
    free(damaged);
}

static void what_is_no_backup_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum records_fault fault;
    } files[] = { { "\n", RECORDS_DAMAGED },
                  { "[]\n", RECORDS_DAMAGED },
                  { "{\"a\":1}\n", RECORDS_DAMAGED },
                  { "{\"cisterna_records\":2,\"version\":1}\n", RECORDS_VERSION },
                  { "{\"cisterna_records\":1,\"version\":99}\n", RECORDS_VERSION },
                  { "{\"cisterna_records\":1,\"version\":1}\n{\"table\":\"nowhere\",\"id\":1}\n", RECORDS_DAMAGED },
                  { "{\"cisterna_records\":1,\"version\":1}\n{\"table\":\"audit\",\"id\":1,\"more\":2}\n", RECORDS_DAMAGED },
                  { "{\"cisterna_records\":1,\"version\":1}\n{\"table\":\"users\",\"id\":1,\"name\":7}\n",
                    RECORDS_DAMAGED } };
    struct records records;
    stand_wipe();
    for (unsigned i = 0; i < sizeof files / sizeof files[0]; i++) {
        char text[160];
        snprintf(text, sizeof text, "%s", files[i].text);
        assert_int_equal(loaded(&records, stand_url(), text, strlen(text)), files[i].fault);
        assert_true(strlen(records.error) > 0);
        records_close(&records);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_backup_is_the_same_from_either_database),
        cmocka_unit_test(a_clear_export_says_who_and_cannot_be_restored),
        cmocka_unit_test(an_auditor_exports_nothing_in_the_clear),
        cmocka_unit_test(restore_needs_a_database_without_records),
        cmocka_unit_test(a_damaged_backup_is_refused_as_a_whole),
        cmocka_unit_test(what_is_no_backup_is_told),
    };
    return cmocka_run_group_tests(tests, stand_begin, stand_end);
}
