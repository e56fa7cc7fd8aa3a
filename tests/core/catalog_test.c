/* catalog_test.c - the frozen lists: codes that may never change, words that may never repeat. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "core/catalog.h"

/* Codes stand in records and on the air. A row may be added; one of these may never change. */
static void codes_are_frozen(void **state)
{
    (void)state;
    assert_int_equal(EVENT_BOOT, 0x01);
    assert_int_equal(EVENT_ACTIVATED, 0x11);
    assert_int_equal(EVENT_REFUSED, 0x12);
    assert_int_equal(EVENT_COURSE_START, 0x20);
    assert_int_equal(EVENT_REFILL, 0x30);
    assert_int_equal(EVENT_ALARM_RAISED, 0x40);
    assert_int_equal(EVENT_STALL, 0x50);
    assert_int_equal(EVENT_MEMORY_LOST, 0x60);
    assert_int_equal(ALARM_RESERVOIR_LOW, 0x11);
    assert_int_equal(ALARM_RESERVOIR_EMPTY, 0x12);
    assert_int_equal(ALARM_MOTOR_STALL, 0x21);
    assert_int_equal(ALARM_STOPPED_LONG, 0x31);
    assert_int_equal(ALARM_WITHHELD, 0x41);
    assert_int_equal(MODE_NEW, 1);
    assert_int_equal(MODE_EMPTY, 6);
}

static void every_alarm_has_a_whole_row(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ALARM_COUNT; i++) {
        const struct alarm_row *row = alarm_row(i);
        assert_non_null(row);
        assert_int_equal(alarm_position(row->code), i);
        assert_true(row->priority <= ALARM_PRIORITY_HIGH && row->latch <= 1 && row->repeat_s > 0);
        assert_true(strlen(row->name) > 0 && strlen(row->text) > 0 && strncmp(row->hazard, "HZ-", 3) == 0);
    }
    assert_null(alarm_row(ALARM_COUNT));
    assert_int_equal(alarm_position(0), ALARM_COUNT);
}

static void every_event_has_a_whole_row(void **state)
{
    (void)state;
    unsigned found = 0;
    for (unsigned code = 0; code <= UINT16_MAX; code++) {
        const struct event_row *row = event_row((uint16_t)code);
        if (row == NULL)
            continue;
        found++;
        assert_int_equal(row->code, code);
        assert_true(strlen(row->word) > 0 && strlen(row->cause) > 0);
        for (unsigned field = 0; field + 1 < 4; field++) /* unused fields stand last */
            assert_true(strlen(row->field[field]) > 0 || strlen(row->field[field + 1]) == 0);
        for (unsigned other = 0; other < code; other++)
            if (event_row((uint16_t)other) != NULL)
                assert_string_not_equal(event_row((uint16_t)other)->word, row->word);
    }
    assert_true(found >= 22);
}

static void modes_have_words(void **state)
{
    (void)state;
    assert_string_equal(mode_word(MODE_RUNNING), "running");
    assert_null(mode_word(0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_frozen),
        cmocka_unit_test(every_alarm_has_a_whole_row),
        cmocka_unit_test(every_event_has_a_whole_row),
        cmocka_unit_test(modes_have_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
