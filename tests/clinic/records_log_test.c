/* records_log_test.c - logs pulled from pumps: every number once, gaps as rows, the same page twice is one page, and another
 * event under a number that is there is a fault; alarms that come out of them. REQ-STOR-06, HZ-33. */
// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "tests/clinic/records_case.h"
#include "tests/clinic/records_stand.h"

enum { ROOM = 400 };

/* One patient with a pump whose log is empty; a transaction is open. */
static struct case_ids pump(struct records *records)
{
    struct case_ids ids;
    stand_fresh(records);
    assert_done(records, records_begin(records, STAND_AT));
    assert_done(records, case_write(records, 1, 0, &ids));
    assert_done(records, records_commit(records));
    assert_done(records, records_begin(records, STAND_AT + 1));
    return ids;
}

static enum records_fault add(struct records *records, const struct case_ids *ids, const struct pumplog_item *items,
                              size_t count, uint64_t *added)
{
    const struct pumplog_pull pull = {
        .implant = ids->implant, .visit = ids->visit, .ring = PUMPLOG_EVENTS, .items = items, .count = count
    };
    *added = 0;
    return pumplog_add(records, &pull, added);
}

static int64_t next(struct records *records, const struct case_ids *ids)
{
    int64_t number = 0;
    assert_done(records, pumplog_next(records, ids->implant, PUMPLOG_EVENTS, &number));
    return number;
}

static void a_page_comes_back_as_it_was(void **state)
{
    (void)state;
    struct records records;
    struct pumplog_item items[7], read[ROOM];
    uint64_t added = 0;
    unsigned count = 0;
    struct case_ids ids = pump(&records);
    assert_int_equal(next(&records, &ids), 1);
    for (unsigned i = 0; i < 7; i++)
        items[i] = case_event(i + 1);
    assert_done(&records, add(&records, &ids, items, 7, &added));
    assert_int_equal(added, 7);
    assert_int_equal(next(&records, &ids), 8);
    assert_done(&records, add(&records, &ids, items, 7, &added)); /* the same again */
    assert_int_equal(added, 0);
    assert_done(&records, records_commit(&records));
    assert_done(&records, pumplog_list(&records, ids.implant, PUMPLOG_EVENTS, 1, read, ROOM, &count));
    assert_int_equal(count, 7);
    for (unsigned i = 0; i < 7; i++) {
        assert_int_equal(read[i].from, i + 1);
        assert_memory_equal(&read[i].event.field, &items[i].event.field, sizeof items[i].event.field);
        assert_true(read[i].event.code == items[i].event.code && read[i].event.at.ms == items[i].event.at.ms);
        assert_true(read[i].event.sequence == i + 1 && read[i].event.actor == items[i].event.actor);
    }
    assert_done(&records, pumplog_newest(&records, ids.implant, items[4].event.code, &read[0]));
    assert_true(read[0].event.code == items[4].event.code && read[0].from >= 5);
    for (unsigned i = (unsigned)read[0].from; i < 7; i++)
        assert_int_not_equal(items[i].event.code, items[4].event.code);
    assert_int_equal(pumplog_newest(&records, ids.implant, EVENT_REFILL, &read[0]), RECORDS_MISSING);
    assert_int_equal(pumplog_newest(&records, ids.implant + 1, items[4].event.code, &read[0]), RECORDS_MISSING);
    records_close(&records);
    stand_finds(0, "");
}

/* A long page, and within it an event told twice: once is enough; told differently it is a fault. */
static void long_pages_are_one_row_a_number(void **state)
{
    (void)state;
    struct records records;
    static struct pumplog_item items[91], read[ROOM];
    uint64_t added = 0;
    unsigned count = 0;
    struct case_ids ids = pump(&records);
    for (unsigned i = 0; i < 90; i++)
        items[i] = case_event(i + 1);
    items[90] = case_event(80);
    assert_done(&records, add(&records, &ids, items, 91, &added));
    assert_int_equal(added, 90);
    assert_done(&records, records_commit(&records));
    assert_done(&records, pumplog_list(&records, ids.implant, PUMPLOG_EVENTS, 1, read, ROOM, &count));
    assert_int_equal(count, 90);
    for (unsigned i = 0; i < 90; i++)
        assert_true(read[i].from == i + 1 && read[i].event.at.ms == items[i].event.at.ms &&
                    read[i].event.code == items[i].event.code);
    for (unsigned i = 0; i < 90; i++)
        items[i] = case_event(91 + i);
    items[90] = case_event(175);
    items[90].event.field[0]++;
    assert_done(&records, records_begin(&records, STAND_AT));
    assert_int_equal(add(&records, &ids, items, 91, &added), RECORDS_DAMAGED);
    records_close(&records);
    stand_finds(0, "");
}

static void a_number_passed_over_is_refused(void **state)
{
    (void)state;
    struct records records;
    struct pumplog_item items[2] = { case_event(1), case_event(3) };
    uint64_t added = 0;
    struct case_ids ids = pump(&records);
    assert_int_equal(add(&records, &ids, items, 2, &added), RECORDS_REFUSED);
    assert_non_null(strstr(records.error, "records 2 to 2"));
    assert_int_equal(records_commit(&records), RECORDS_FAILED); /* and nothing of the page is kept */
    assert_int_equal(next(&records, &ids), 1);
    records_close(&records);
    stand_finds(0, "");
}

static void a_gap_is_a_row(void **state)
{
    (void)state;
    struct records records;
    struct pumplog_item read[ROOM];
    const struct pumplog_item gap = { .what = PUMPLOG_GAP, .why = 2, .from = 2, .to = 5 };
    struct pumplog_item items[3] = { case_event(1), gap, case_event(6) };
    uint64_t added = 0;
    unsigned count = 0;
    struct case_ids ids = pump(&records);
    assert_done(&records, add(&records, &ids, items, 3, &added));
    assert_int_equal(added, 3);
    assert_done(&records, pumplog_list(&records, ids.implant, PUMPLOG_EVENTS, 1, read, ROOM, &count));
    assert_true(count == 3 && read[1].what == PUMPLOG_GAP && read[1].from == 2 && read[1].to == 5 && read[1].why == 2);
    /* What the pump has dropped since is kept here: no gap takes its place, nor half of one. */
    const struct pumplog_item dropped[2] = { { .what = PUMPLOG_GAP, .why = 1, .from = 1, .to = 6 }, case_event(7) };
    assert_done(&records, add(&records, &ids, dropped, 2, &added));
    assert_int_equal(added, 1);
    const struct pumplog_item more = { .what = PUMPLOG_GAP, .why = 1, .from = 3, .to = 9 };
    assert_done(&records, add(&records, &ids, &more, 1, &added));
    assert_done(&records, pumplog_list(&records, ids.implant, PUMPLOG_EVENTS, 8, read, ROOM, &count));
    assert_true(count == 1 && read[0].what == PUMPLOG_GAP && read[0].from == 8 && read[0].to == 9);
    assert_int_equal(next(&records, &ids), 10);
    /* An event where a gap was told: one of the two is not true. */
    const struct pumplog_item late = case_event(3);
    assert_int_equal(add(&records, &ids, &late, 1, &added), RECORDS_DAMAGED);
    records_close(&records);
}

static void another_event_under_a_number_is_a_fault(void **state)
{
    (void)state;
    struct records records;
    struct pumplog_item items[5];
    uint64_t added = 0;
    struct case_ids ids = pump(&records);
    for (unsigned i = 0; i < 5; i++)
        items[i] = case_event(i + 1);
    assert_done(&records, add(&records, &ids, items, 5, &added));
    assert_done(&records, records_commit(&records));
    for (unsigned what = 0; what < 6; what++) {
        struct pumplog_item other[6];
        memcpy(other, items, sizeof items);
        other[5] = case_event(6);
        struct event *event = &other[2].event;
        event->at.ms += what == 0;
        event->code = (uint16_t)(event->code + (what == 1));
        event->actor = (uint8_t)(event->actor ^ (what == 2));
        event->epoch += what == 3;
        event->field[3] += what == 4;
        event->sequence += what == 5;
        assert_done(&records, records_begin(&records, STAND_AT));
        assert_int_equal(add(&records, &ids, other, 6, &added), RECORDS_DAMAGED);
        assert_non_null(strstr(records.error, "records 3 to 3"));
        assert_int_equal(records_commit(&records), RECORDS_FAILED);
        assert_int_equal(next(&records, &ids), 6);
    }
    records_close(&records);
    stand_finds(0, "");
}

static void breaks_and_unreadable_records_are_kept(void **state)
{
    (void)state;
    struct records records;
    struct pumplog_item read[ROOM];
    const struct pumplog_item items[] = { case_event(1),
                                          case_event(2),
                                          { .what = PUMPLOG_BREAK, .from = 2, .to = 3 },
                                          case_event(3),
                                          { .what = PUMPLOG_UNREADABLE, .from = 4, .to = 9 },
                                          case_event(8) };
    uint64_t added = 0;
    unsigned count = 0;
    struct case_ids ids = pump(&records);
    assert_done(&records, add(&records, &ids, items, 6, &added));
    assert_done(&records, add(&records, &ids, items, 4, &added));
    assert_int_equal(added, 0);
    assert_done(&records, pumplog_list(&records, ids.implant, PUMPLOG_EVENTS, 1, read, ROOM, &count));
    assert_int_equal(count, 6);
    assert_true(read[2].what == PUMPLOG_BREAK && read[2].from == 2 && read[2].to == 3);
    assert_true(read[4].what == PUMPLOG_UNREADABLE && read[4].from == 4 && read[4].to == 7);
    assert_int_equal(next(&records, &ids), 9);
    records_close(&records);
}

static void items_that_no_log_has_are_refused(void **state)
{
    (void)state;
    struct records records;
    uint64_t added = 0;
    struct case_ids ids = pump(&records);
    struct pumplog_item bad[5];
    for (unsigned i = 0; i < 5; i++)
        bad[i] = case_event(1);
    bad[0].from = bad[0].to = 0;
    bad[1].to = 2;
    bad[2].what = 5;
    bad[3].what = PUMPLOG_GAP;
    bad[3].to = 0;
    bad[4].from = bad[4].to = UINT64_MAX;
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(add(&records, &ids, &bad[i], 1, &added), RECORDS_MALFORMED);
    const struct pumplog_item good = case_event(1);
    const struct pumplog_pull ring = { .implant = ids.implant, .ring = 3, .items = &good, .count = 1 };
    assert_int_equal(pumplog_add(&records, &ring, &added), RECORDS_MALFORMED);
    records_close(&records);
}

/* Two pumps and two rings, each with its own numbers, pages of chance sizes with repeats: what is there is each number once. */
static void rings_do_not_mix(void **state)
{
    (void)state;
    struct records records;
    static struct pumplog_item items[64], read[ROOM];
    struct case_ids other, ids = pump(&records);
    uint64_t seed = 1, added = 0, told[2][3] = { { 0 } };
    unsigned count = 0;
    assert_done(&records, case_write(&records, 2, 0, &other));
    for (unsigned round = 0; round < 60; round++) {
        unsigned which = (unsigned)chance_between(&seed, 0, 1);
        uint8_t ring = (uint8_t)chance_between(&seed, 1, 2);
        uint64_t *last = &told[which][ring],
                 from = *last + 1 - (uint64_t)chance_between(&seed, 0, (int64_t)(*last < 9 ? *last : 9));
        unsigned size = (unsigned)chance_between(&seed, 1, 12);
        for (unsigned i = 0; i < size; i++)
            items[i] = case_event(from + i);
        const struct pumplog_pull pull = {
            .implant = which == 0 ? ids.implant : other.implant, .ring = ring, .items = items, .count = size
        };
        assert_done(&records, pumplog_add(&records, &pull, &added));
        uint64_t fresh = from + size - 1 > *last ? from + size - 1 - *last : 0;
        assert_int_equal(added, fresh);
        *last += fresh;
    }
    assert_done(&records, records_commit(&records));
    for (unsigned which = 0; which < 2; which++)
        for (uint8_t ring = 1; ring <= 2; ring++) {
            assert_done(&records,
                        pumplog_list(&records, which == 0 ? ids.implant : other.implant, ring, 1, read, ROOM, &count));
            assert_int_equal(count, told[which][ring]);
            for (unsigned i = 0; i < count; i++)
                assert_int_equal(read[i].from, i + 1);
        }
    records_close(&records);
    stand_finds(0, "");
}

static void alarms_come_out_of_the_log(void **state)
{
    (void)state;
    struct records records;
    struct alarm_record standing[9];
    unsigned count = 0;
    struct case_ids ids = pump(&records);
    assert_done(&records, case_pull(&records, ids.implant, ids.visit, 30)); /* raised at 10, 20, 30; ended at 11, 21 */
    assert_done(&records, records_commit(&records));
    assert_int_equal(stand_ask("SELECT count(*) FROM alarms"), 3);
    assert_int_equal(stand_ask("SELECT count(*) FROM alarms WHERE ended_ms IS NULL"), 1);
    assert_done(&records, alarms_standing(&records, ids.implant, standing, 9, &count));
    const struct alarm_row *row = alarm_row(ALARM_AT_RESERVOIR_LOW);
    assert_int_equal(count, row->latch != 0 ? 3 : 1);
    assert_int_equal(standing[count - 1].raised_number, 30);
    assert_true(standing[0].code == ALARM_RESERVOIR_LOW && standing[0].priority == ALARM_PRIORITY_LOW &&
                standing[0].seen_ms == 0);
    records_close(&records);
    stand_sign_in(&records, "nina");
    assert_done(&records, records_begin(&records, STAND_AT + 5));
    assert_done(&records, alarms_see(&records, standing[0].id));
    const struct pumplog_item again = case_event(10), cleared = {
        .event = { .sequence = 31, .code = EVENT_ALARM_CLEARED, .field = { ALARM_RESERVOIR_LOW } }
    };
    assert_done(&records, alarms_take(&records, ids.implant, &again.event, STAND_AT)); /* told again: nothing new */
    assert_done(&records, alarms_take(&records, ids.implant, &cleared.event, STAND_AT + 7));
    assert_done(&records, records_commit(&records));
    assert_done(&records, alarms_read(&records, standing[0].id, &standing[1]));
    assert_true(standing[1].seen_ms == STAND_AT + 5 && standing[1].seen_by == 2);
    assert_int_equal(stand_ask("SELECT count(*) FROM alarms"), 3);
    assert_int_equal(stand_ask("SELECT count(*) FROM alarms WHERE cleared_ms IS NOT NULL AND raised_number = 30"), 1);
    records_close(&records);
    stand_finds(0, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_comes_back_as_it_was),
        cmocka_unit_test(long_pages_are_one_row_a_number),
        cmocka_unit_test(a_number_passed_over_is_refused),
        cmocka_unit_test(a_gap_is_a_row),
        cmocka_unit_test(another_event_under_a_number_is_a_fault),
        cmocka_unit_test(breaks_and_unreadable_records_are_kept),
        cmocka_unit_test(items_that_no_log_has_are_refused),
        cmocka_unit_test(rings_do_not_mix),
        cmocka_unit_test(alarms_come_out_of_the_log),
    };
    return cmocka_run_group_tests(tests, stand_begin, stand_end);
}
