/* sight_test.c - a witness sees each thing that an attack could change, and takes for no change what a pump does by itself. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/attack/sight.h"

#include <string.h>

#include "core/catalog.h"
#include "core/command.h"
#include "tests/core/check.h"

enum { BASE = 1200000, HOUR_NL = BASE / 24 };

static struct sight before, after;
static struct sight_log meanwhile;
static struct sight_pardon pardon;
static struct sight_judgement judgement;

/* An hour of base flow between the two: 200 quanta of 250 nL. */
static void start(void)
{
    before = (struct sight){ .status = { .mode = MODE_RUNNING, .has_therapy = true, .base_nl_day = BASE, .ledger_head = 77,
                                         .log_last = 10, .zone = "UTC", .therapy_token = { 32, "token" } },
                             .ledger = { .quantum_fl = 250000000, .in_hand_grain = 1000 } };
    after = before;
    after.status.now_ms = after.ledger.now_ms = HOUR_MS;
    after.ledger.commanded_fl = (int64_t)HOUR_NL * FL_PER_NL;
    meanwhile = (struct sight_log){ .count = 0 };
    pardon = (struct sight_pardon){ .slot = 3 };
}

static void happens(enum event_code code, int64_t field0)
{
    meanwhile.event[meanwhile.count++] = (struct event){ .code = (uint16_t)code, .field = { field0 } };
}

static unsigned judge(void)
{
    sight_judge(&before, &after, &meanwhile, &pardon, &judgement);
    return judgement.count;
}

static void what_a_pump_does_by_itself_is_no_change(void **state)
{
    (void)state;
    start();
    assert_int_equal(judge(), 0);
    assert_true(judgement.weighed);
    assert_int_equal(judgement.flowed_nl, HOUR_NL);
    happens(EVENT_SESSION, 3);
    happens(EVENT_DAY, 0);
    happens(EVENT_ALARM_RAISED, ALARM_RADIO_ABUSE);
    happens(EVENT_ALARM_ENDED, ALARM_RADIO_ABUSE);
    after.status.alarms = UINT32_C(1) << ALARM_AT_RADIO_ABUSE;
    after.status.log_last = 14;
    after.energy.used_mc = 5;
    assert_int_equal(judge(), 0);
    happens(EVENT_COURSE_START, 4);
    happens(EVENT_COURSE_END, 4);
    after.status.ledger_head = 78;
    after.ledger.commanded_fl += 1000000000;
    assert_int_equal(judge(), 0);
    assert_false(judgement.weighed);
}

static void each_change_of_state_is_seen(void **state)
{
    (void)state;
    start();
    after.status.mode = MODE_STOPPED;
    assert_int_equal(judge(), 1);
    start();
    after.status.therapy_token.bytes[0] = 'T';
    assert_int_equal(judge(), 1);
    start();
    after.status.staged_bytes = 100;
    after.status.staged_token.size = 32;
    assert_int_equal(judge(), 1);
    start();
    after.status.ledger_head = 78;
    assert_int_equal(judge(), 1);
    start();
    after.status.civil_offset_ms = HOUR_MS;
    assert_int_equal(judge(), 1);
    start();
    strcpy(after.status.zone, "CET");
    assert_int_equal(judge(), 1);
    start();
    after.status.alarms = UINT32_C(1) << ALARM_AT_WITHHELD;
    assert_int_equal(judge(), 1);
    start();
    after.status.log_last = 9;
    assert_int_equal(judge(), 1);
    start();
    after.ledger.missed_quanta = 1;
    assert_int_equal(judge(), 1);
    start();
    meanwhile.more = true;
    assert_int_equal(judge(), 1);
}

/* A quantum more, or less, than the base flow says. */
static void a_quantum_too_much_is_seen(void **state)
{
    (void)state;
    for (int sign = -1; sign <= 1; sign += 2) {
        start();
        after.ledger.commanded_fl += sign * after.ledger.quantum_fl;
        assert_int_equal(judge(), 1);
        after.ledger.in_hand_grain -= sign * after.ledger.quantum_fl * GRAIN_PER_FL; /* taken out of what was in hand */
        assert_int_equal(judge(), 0);
    }
}

static void each_event_of_somebody_is_seen(void **state)
{
    (void)state;
    static const struct { enum event_code code; int64_t field; } events[] = {
        { EVENT_BOOT, 1 }, { EVENT_MODE, 2 }, { EVENT_CLOCK_SET, 0 }, { EVENT_STAGED, 100 }, { EVENT_ACTIVATED, 0 },
        { EVENT_REFUSED, 3 }, { EVENT_REFILL, 0 }, { EVENT_ALARM_CLEARED, ALARM_WITHHELD }, { EVENT_SILENCED, 0 },
        { EVENT_PAIRED, 2 }, { EVENT_UNPAIRED, 2 }, { EVENT_SESSION, 2 }, { EVENT_EMERGENCY, 0 }, { EVENT_LIMITS_SIGNED, 0 },
        { EVENT_COURSE_START, 5 }, { EVENT_COURSE_START, 6 }, { EVENT_COURSE_END, 5 }, { EVENT_MEMORY_LOST, 1 },
        { EVENT_ALARM_RAISED, ALARM_WITHHELD }, { EVENT_ALARM_RAISED, ALARM_EMERGENCY }, { EVENT_WITHHELD, 1 },
    };
    for (unsigned i = 0; i < sizeof events / sizeof *events; i++) {
        start();
        happens(events[i].code, events[i].field);
        assert_int_equal(judge(), 1);
        assert_true(strlen(judgement.change[0]) > 0);
    }
    start();
    happens((enum event_code)0xEE, 0);
    assert_int_equal(judge(), 1);
}

static void lower(void)
{
    start();
    happens(EVENT_MODE, MODE_RUNNING);
    happens(EVENT_ALARM_RAISED, ALARM_EMERGENCY);
    happens(EVENT_EMERGENCY, BASE);
    happens(EVENT_RATE, BASE);
    after.status.mode = MODE_SAFE;
    after.status.base_nl_day = 48000;
    after.status.ledger_head = 99;
    after.status.alarms = UINT32_C(1) << ALARM_AT_EMERGENCY;
}

/* Down with a magnet is no change; up is, and so is down without one, and so is down without saying so. */
static void a_magnet_may_lower_and_no_more(void **state)
{
    (void)state;
    lower();
    assert_true(judge() >= 4);
    assert_false(judgement.lowered);
    lower();
    pardon.magnet = true;
    assert_int_equal(judge(), 0);
    assert_true(judgement.lowered);
    after.status.base_nl_day = BASE + 1;
    assert_true(judge() > 0);
    assert_false(judgement.lowered);
    lower();
    pardon.magnet = true;
    after.status.alarms = 0;
    assert_true(judge() > 0);
    lower();
    pardon.magnet = true;
    after.status.mode = MODE_STOPPED;
    assert_true(judge() > 0);
    lower();
    pardon.magnet = true;
    happens(EVENT_ACTIVATED, 0);
    assert_int_equal(judge(), 1);
}

static void who_asked_for_refusals_gets_them(void **state)
{
    (void)state;
    start();
    pardon.refusals = true;
    happens(EVENT_REFUSED, COMMAND_STOP);
    assert_int_equal(judge(), 0);
    happens(EVENT_STAGED, 1);
    assert_int_equal(judge(), 1);
}

static void very_many_changes_are_counted(void **state)
{
    (void)state;
    start();
    for (unsigned i = 0; i < 3 * SIGHT_CHANGES_MAX; i++)
        happens(EVENT_PAIRED, 1);
    assert_int_equal(judge(), 3 * SIGHT_CHANGES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_pump_does_by_itself_is_no_change),
        cmocka_unit_test(each_change_of_state_is_seen),
        cmocka_unit_test(a_quantum_too_much_is_seen),
        cmocka_unit_test(each_event_of_somebody_is_seen),
        cmocka_unit_test(a_magnet_may_lower_and_no_more),
        cmocka_unit_test(who_asked_for_refusals_gets_them),
        cmocka_unit_test(very_many_changes_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
