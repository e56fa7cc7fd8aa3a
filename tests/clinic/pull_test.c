/* pull_test.c - logs of the real pump, pulled over the air into the records: all of it, in pieces, cut off in the middle, told
 * again, told otherwise; and the alarms that come of them. REQ-STOR-06, REQ-SECU-12, HZ-33. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/casebook/pull.h"

#include <stdio.h>
#include <string.h>

#include "clinic/records/alarms.h"
#include "clinic/records/implants.h"
#include "clinic/records/pumplog.h"
#include "core/catalog.h"
#include "tests/clinic/casebook_stand.h"
#include "tests/hazard/clinician.h"

enum { PAGES_ALL = 10000, WEEKS = 7 };
static struct bedside bed;
static struct pull pull;
static unsigned frames_left; /* that still come through; then nothing does */

static bool ear_send(void *context, const uint8_t *frame, size_t size)
{
    struct air air = rig_air_of(context);
    return air.send(air.context, frame, size);
}

static size_t ear_receive(void *context, uint8_t frame[FRAME_BYTES_MAX], int64_t wait_ms)
{
    struct air air = rig_air_of(context);
    size_t size = air.receive(air.context, frame, wait_ms);
    if (size > 0 && frames_left > 0)
        frames_left--;
    return frames_left > 0 ? size : 0;
}

static void ear_chance(void *context, uint8_t *bytes, size_t size)
{
    struct air air = rig_air_of(context);
    air.chance(air.context, bytes, size);
}

static bool ear_keep(void *context, const struct key *key)
{
    struct air air = rig_air_of(context);
    return air.keep(air.context, key);
}

static enum records_fault log_pull(unsigned pages)
{
    const struct air air = { &clinician.ear, ear_send, ear_receive, ear_chance, ear_keep };
    return casebook_pull(&book_records, &book_case, 0, &clinician.programmer, &air, pages, BOOK_AT, &pull);
}

static void pump_place(void)
{
    const struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    clinician_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, 500000);
    bedside_permit(&therapy, 10000, ML_NL, 60, 6);
    bedside_treat(&bed, &therapy);
    frames_left = UINT32_MAX;
}

/* A pump that has run for weeks, with boluses, until its reservoir is low; and records that know whose it is. */
static void ready(void)
{
    struct implant implant = { .patient = 1, .model = MODEL_C20, .implanted_ms = BOOK_AT - DAY_MS };
    book_fresh(true, "C20");
    pump_place();
    for (unsigned i = 0; i < WEEKS * 7; i++) {
        (void)bedside_press(&bed);
        bedside_pass(&bed, DAY_MS);
    }
    implant.revision = bed.rig.unit.model.revision;
    memcpy(implant.serial, bed.rig.unit.serial, sizeof implant.serial);
    assert_kept(records_begin(&book_records, BOOK_AT));
    assert_kept(implants_add(&book_records, &implant, NULL));
    assert_kept(records_commit(&book_records));
    assert_kept(casebook_of_pump(&book_records, implant.serial, &book_case));
}

/* Every event that the rig heard the pump write, by its kind, is there once. */
static void everything_is_there(void)
{
    char sql[96];
    bedside_pass(&bed, 0);
    assert_int_equal(book_ask("SELECT count(*) FROM pump_log WHERE ring = 1"), (int64_t)bed.seen);
    for (unsigned code = 0; code < EVENT_CODES; code++) {
        (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM pump_log WHERE ring = 1 AND code = %u", code);
        assert_int_equal(book_ask(sql), bed.count[code]);
    }
    assert_int_equal(book_ask("SELECT count(*) FROM pump_log WHERE what <> 1"), 0);
}

static void alarms_are_those_that_stand(void)
{
    struct alarm_record alarms[ALARM_COUNT];
    unsigned count = 0, standing = 0;
    assert_kept(alarms_standing(&book_records, book_case.implant, alarms, ALARM_COUNT, &count));
    for (unsigned i = 0; i < ALARM_COUNT; i++)
        standing += bedside_alarmed(&bed, (enum alarm_index)i);
    assert_int_equal(count, standing);
    for (unsigned i = 0; i < count; i++)
        assert_true(bedside_alarmed(&bed, (enum alarm_index)alarm_position(alarms[i].code)));
}

static void a_log_is_pulled_whole_and_once(void **state)
{
    (void)state;
    const struct event gone = { .sequence = 1,
                                .code = EVENT_ALARM_RAISED,
                                .field = { ALARM_FIELD, ALARM_PRIORITY_LOW } };
    ready();
    assert_kept(records_begin(&book_records, BOOK_AT)); /* an alarm whose end no log tells */
    assert_kept(alarms_take(&book_records, 1, &gone, BOOK_AT));
    assert_kept(records_commit(&book_records));
    int64_t asked_ms = bed.rig.now.ms;
    assert_kept(log_pull(PAGES_ALL));
    assert_int_equal(pull.contact, CONTACT_OK);
    assert_true(pull.whole && pull.rows > 60);
    assert_int_equal(pull.gaps + pull.breaks, 0);
    everything_is_there();
    assert_true(bedside_alarmed(&bed, ALARM_AT_RESERVOIR_LOW));
    alarms_are_those_that_stand();
    int64_t faults = book_ask("SELECT count(*) FROM pump_log WHERE ring = 2");
    assert_true(faults > 0);
    assert_int_equal(pull.rows, bed.seen + (uint64_t)faults);
    /* Low: days ago, by the pump's clock, which was read while it was asked. */
    int64_t raised = book_ask("SELECT raised_ms FROM alarms WHERE code = 17");
    int64_t pump_ms = book_ask("SELECT pump_ms FROM pump_log WHERE ring = 1 AND code = 64 AND field_0 = 17");
    assert_true(raised >= BOOK_AT - (bed.rig.now.ms - pump_ms) && raised <= BOOK_AT - (asked_ms - pump_ms));
    assert_true(asked_ms - pump_ms > DAY_MS);
    assert_kept(log_pull(PAGES_ALL));
    assert_true(pull.whole);
    assert_int_equal(pull.rows, 0);
    bedside_refill(&bed, &clinician.fill, 18 * ML_NL, NULL, false);
    bedside_pass(&bed, DAY_MS);
    assert_kept(log_pull(PAGES_ALL));
    assert_true(pull.whole && pull.rows > 1);
    everything_is_there();
    alarms_are_those_that_stand();
    book_verify();
}

static void a_pull_goes_on_where_the_last_one_ended(void **state)
{
    (void)state;
    unsigned pulls = 0;
    ready();
    do {
        assert_kept(log_pull(2));
        assert_true(pull.rows <= 2 * 4);
        assert_true(++pulls < 1000);
    } while (!pull.whole);
    assert_true(pulls > 10);
    everything_is_there();
    alarms_are_those_that_stand();
    book_verify();
}

/* The pump falls silent after so many frames: what came is kept, and the rest comes next time. */
static void what_was_heard_before_a_silence_is_kept(void **state)
{
    (void)state;
    int64_t before = 0;
    unsigned pieces = 0;
    ready();
    pull.whole = false;
    for (unsigned frames = 1; !pull.whole; frames += 6) {
        frames_left = frames;
        assert_kept(log_pull(PAGES_ALL));
        int64_t rows = book_rows(TABLE_PUMP_LOG);
        assert_int_equal(rows, before + (int64_t)pull.rows);
        if (!pull.whole)
            assert_int_equal(pull.contact, CONTACT_SILENCE);
        pieces += rows > before && !pull.whole;
        before = rows;
        clinician.programmer.session.id = 0;
    }
    assert_true(pieces >= 2);
    frames_left = UINT32_MAX;
    assert_kept(log_pull(PAGES_ALL));
    assert_true(pull.whole);
    everything_is_there();
    book_verify();
}

/* A database that fails keeps whole pieces, and the next pull the rest. */
static void a_failing_database_keeps_whole_pieces(void **state)
{
    (void)state;
    ready();
    for (unsigned at = 1;; at += 7) {
        book_fail(at);
        enum records_fault fault = log_pull(10);
        book_fail(0);
        if (fault == RECORDS_OK && pull.whole)
            break;
        assert_true(fault == RECORDS_OK || fault == RECORDS_FAILED);
    }
    everything_is_there();
    alarms_are_those_that_stand();
    book_verify();
}

/* Another pump of the same serial: its past is shorter, or differs. */
static void another_past_is_not_taken(void **state)
{
    (void)state;
    ready();
    assert_kept(log_pull(PAGES_ALL));
    int64_t rows = book_rows(TABLE_PUMP_LOG);
    pump_place();
    assert_int_equal(log_pull(PAGES_ALL), RECORDS_DAMAGED);
    assert_true(strstr(book_records.error, "it is another one, or was put back") != NULL);
    while (bed.seen < (uint64_t)rows) {
        (void)bedside_press(&bed);
        bedside_pass(&bed, DAY_MS / 2);
    }
    assert_int_equal(log_pull(PAGES_ALL), RECORDS_DAMAGED);
    assert_true(strstr(book_records.error, "another event under this number") != NULL);
    assert_int_equal(book_rows(TABLE_PUMP_LOG), rows);
    strcpy(book_case.serial, "SIM-9999");
    assert_int_equal(log_pull(PAGES_ALL), RECORDS_REFUSED);
    book_case.implant = 0;
    assert_int_equal(log_pull(PAGES_ALL), RECORDS_REFUSED);
    book_verify();
}

static void agree(uint32_t standing, int64_t last, unsigned count)
{
    struct alarm_record alarms[ALARM_COUNT];
    unsigned found = 0;
    assert_kept(records_begin(&book_records, BOOK_AT));
    assert_kept(alarms_agree(&book_records, 1, standing, last, BOOK_AT));
    assert_kept(records_commit(&book_records));
    assert_kept(alarms_standing(&book_records, 1, alarms, ALARM_COUNT, &found));
    assert_int_equal(found, count);
    for (unsigned i = 0; i < found; i++)
        assert_true((standing >> alarm_position(alarms[i].code) & 1) != 0);
}

/* What began or ended where the log has a gap: the pump's word on what stands decides. */
static void alarms_in_a_gap_are_not_missed(void **state)
{
    (void)state;
    const uint32_t low = 1U << ALARM_AT_RESERVOIR_LOW, empty = 1U << ALARM_AT_RESERVOIR_EMPTY;
    const struct event raised = { .sequence = 30,
                                  .code = EVENT_ALARM_RAISED,
                                  .field = { ALARM_RESERVOIR_EMPTY, ALARM_PRIORITY_HIGH } },
                       ended = { .sequence = 50, .code = EVENT_ALARM_ENDED, .field = { ALARM_RESERVOIR_LOW } };
    ready();
    agree(low | empty, 10, 2);
    agree(low | empty, 12, 2);
    assert_int_equal(book_rows(TABLE_ALARMS), 2);
    agree(low, 20, 1);
    assert_int_equal(book_ask("SELECT count(*) FROM alarms WHERE code = 18 AND ended_ms = cleared_ms"), 1);
    assert_kept(records_begin(&book_records, BOOK_AT));
    assert_kept(alarms_take(&book_records, 1, &raised, BOOK_AT));
    assert_kept(records_commit(&book_records));
    agree(low | empty, 40, 2);
    assert_int_equal(book_rows(TABLE_ALARMS), 3);
    agree(0, 41, 0);
    agree(low, 42, 1); /* again, after the first */
    assert_kept(records_begin(&book_records, BOOK_AT));
    assert_kept(alarms_take(&book_records, 1, &ended, BOOK_AT));
    assert_kept(records_commit(&book_records));
    agree(0, 60, 0);
    assert_int_equal(book_rows(TABLE_ALARMS), 4);
    book_verify();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_is_pulled_whole_and_once),
        cmocka_unit_test(a_pull_goes_on_where_the_last_one_ended),
        cmocka_unit_test(what_was_heard_before_a_silence_is_kept),
        cmocka_unit_test(a_failing_database_keeps_whole_pieces),
        cmocka_unit_test(another_past_is_not_taken),
        cmocka_unit_test(alarms_in_a_gap_are_not_missed),
    };
    return cmocka_run_group_tests(tests, book_begin, book_end);
}
