/* oracle_test.c - for each promise a run made by hand in which just that is broken: the oracle must name it. What is
 * prescribed is in account_test.c. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/bench.h"

#include <string.h>

static void a_stop_nobody_asked_for(void **state)
{
    (void)state;
    flow(10);
    tell(EVENT_MODE, MODE_RUNNING, MODE_STOPPED, 0, 0);
    BROKEN(OLD_OR_NEW);
}

static void safe_without_a_fault(void **state)
{
    (void)state;
    flow(1);
    tell(EVENT_MODE, MODE_RUNNING, MODE_SAFE, 0, 0);
    BROKEN(OLD_OR_NEW);
}

static void another_therapy_read_back(void **state)
{
    (void)state;
    flow(1);
    struct hearing_look look = look_well();
    hearing_look(oracle, &look);
    WELL();
    bytes[3] ^= 1;
    hearing_look(oracle, &look);
    BROKEN(OLD_OR_NEW);
}

static void another_therapy_activated(void **state)
{
    (void)state;
    tell(EVENT_ACTIVATED, 77, 0, 0, 0);
    BROKEN(OLD_OR_NEW);
}

static void old_or_new_after_a_cut(void **state)
{
    (void)state;
    struct therapy therapy = plain();
    uint8_t token[TOKEN_BYTES] = { 9 }, sent[8] = { 9, 9, 9 };
    struct command command = { .kind = COMMAND_ACTIVATE };
    flow(4);
    therapy.program.base.nl_day = FLOW * 2;
    oracle_sent(oracle, &therapy, sent, sizeof sent, token);
    oracle_disturbed(oracle, now, 0);
    oracle_unanswered(oracle, &command, now);
    oracle_booted(oracle, now, true);
    tell(EVENT_BOOT, 0, 0, 0, 0);
    struct hearing_look look = look_well();
    look.bytes = sent;
    hearing_look(oracle, &look);
    WELL();
    assert_int_equal(oracle->now.therapy.program.base.nl_day, FLOW * 2);
    look.bytes = bytes; /* and not back again */
    hearing_look(oracle, &look);
    BROKEN(OLD_OR_NEW);
}

static void more_at_the_tip_than_in_an_hour(void **state)
{
    (void)state;
    flow(5);
    kg += 6 * QUANTUM_KG; /* with four a quarter apart: ten in the hour, all that is allowed */
    flow(2);
    WELL();
    kg += 7 * QUANTUM_KG;
    flow(2);
    BROKEN(LIMITS);
}

static void a_window_that_straddles_has_the_larger_limit(void **state)
{
    (void)state;
    struct therapy therapy = plain();
    flow(5);
    therapy.limits.drug[0].window[WINDOW_HOUR].fg /= 2;
    activate(&therapy, 2);
    kg += 5 * QUANTUM_KG;
    flow(2);
    WELL(); /* nine, in a window that began before */
    flow(10);
    WELL();
    kg += 3 * QUANTUM_KG;
    flow(2);
    BROKEN(LIMITS);
}

static void counts_that_go_back(void **state)
{
    (void)state;
    flow(10);
    struct hearing_look look = look_well();
    hearing_look(oracle, &look);
    look.metered--;
    hearing_look(oracle, &look);
    BROKEN(FORGOTTEN);
}

static void more_in_the_reservoir_than_there_is(void **state)
{
    (void)state;
    struct hearing_look look = look_well();
    look.truth_fl = INT64_C(1000000000);
    look.remaining_fl = look.truth_fl + oracle->facts.quantum_fl;
    hearing_look(oracle, &look);
    WELL();
    look.remaining_fl++;
    hearing_look(oracle, &look);
    BROKEN(FORGOTTEN);
}

static void a_gap_in_the_log(void **state)
{
    (void)state;
    sequence += 3;
    tell(EVENT_LOG_GAP, 3, 5, 0, 0);
    WELL();
    sequence++;
    tell(EVENT_SILENCED, 0, 0, 0, 0);
    BROKEN(FORGOTTEN);
}

static void a_log_that_begins_anew(void **state)
{
    (void)state;
    flow(4);
    oracle_disturbed(oracle, now, 0);
    oracle->storage = true;
    oracle_booted(oracle, now, true);
    sequence = 0;
    tell(EVENT_BOOT, 0, 0, 0, 0);
    BROKEN(FORGOTTEN);
}

static struct oracle_wait stall(void)
{
    return (struct oracle_wait){ .fault = 5, .alarm = { ALARM_MOTOR_STALL }, .event = { EVENT_STALL }, .must = true };
}

static void a_stall_that_is_not_told(void **state)
{
    (void)state;
    struct oracle_wait wait = stall();
    flow(4);
    assert_true(oracle_expect(oracle, &wait, 2, 10000));
    flow(1);
    WELL();
    flow(1);
    pass(11000);
    BROKEN(SAYS_SO);
}

static void a_stall_that_is_told(void **state)
{
    (void)state;
    struct oracle_wait wait = stall();
    bool answered = false;
    assert_true(oracle_expect(oracle, &wait, 2, 10000));
    flow(1);
    tell(EVENT_ALARM_RAISED, ALARM_MOTOR_STALL, 3, 0, 0);
    flow(4);
    WELL();
    assert_int_equal(oracle_told(oracle, &answered), 5);
    assert_true(answered);
    assert_int_equal(oracle_told(oracle, &answered), -1);
}

static void memory_lost_that_nobody_touched(void **state)
{
    (void)state;
    flow(1);
    tell(EVENT_MEMORY_LOST, 2, 0, 0, 0);
    BROKEN(SAYS_SO);
}

static void nothing_flows_in_silence(void **state)
{
    (void)state;
    flow(4);
    oracle_disturbed(oracle, now, 0);
    tell(EVENT_ALARM_RAISED, ALARM_WITHHELD, 3, 0, 0);
    pass(8 * QUARTER_MS);
    struct hearing_look look = look_well();
    look.alarms = 1;
    hearing_look(oracle, &look);
    WELL();
    look.alarms = 0;
    hearing_look(oracle, &look);
    BROKEN(SAYS_SO);
}

static void a_mode_that_was_never_told(void **state)
{
    (void)state;
    flow(1);
    struct hearing_look look = look_well();
    look.mode = MODE_MINIMUM;
    hearing_look(oracle, &look);
    BROKEN(FORGOTTEN);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, bench_begin, bench_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_stop_nobody_asked_for),
        CASE(safe_without_a_fault),
        CASE(another_therapy_read_back),
        CASE(another_therapy_activated),
        CASE(old_or_new_after_a_cut),
        CASE(more_at_the_tip_than_in_an_hour),
        CASE(a_window_that_straddles_has_the_larger_limit),
        CASE(counts_that_go_back),
        CASE(more_in_the_reservoir_than_there_is),
        CASE(a_gap_in_the_log),
        CASE(a_log_that_begins_anew),
        CASE(a_stall_that_is_not_told),
        CASE(a_stall_that_is_told),
        CASE(memory_lost_that_nobody_touched),
        CASE(nothing_flows_in_silence),
        CASE(a_mode_that_was_never_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
