/* account_test.c - what is prescribed, to the grain: boluses, bridges, stops, resets; and what the oracle says of a quantum
 * too many, too few, or too early. */
// SPDX-License-Identifier: Apache-2.0
#include "board/board.h"
#include "tests/rig/bench.h"

static void a_good_run_is_good(void **state)
{
    (void)state;
    for (unsigned day = 0; day < 10; day++) {
        flow(96);
        struct hearing_look look = look_well();
        hearing_look(oracle, &look);
    }
    WELL();
    assert_int_equal(oracle->fired, 960);
}

static void a_quantum_too_early(void **state)
{
    (void)state;
    flow(10);
    fire_at(now + QUARTER_MS - 1);
    BROKEN(PRESCRIBED);
}

static void a_quantum_twice(void **state)
{
    (void)state;
    flow(10);
    fire_at(now + 1000);
    BROKEN(PRESCRIBED);
}

static void a_quantum_left_out(void **state)
{
    (void)state;
    flow(10);
    pass(2 * QUARTER_MS - 1);
    WELL();
    pass(1);
    BROKEN(FLOW);
}

static void a_stop_that_was_asked_for(void **state)
{
    (void)state;
    flow(10);
    pass(1000);
    apply(COMMAND_STOP, false);
    tell(EVENT_MODE, MODE_RUNNING, MODE_STOPPED, 0, 0);
    tell(EVENT_FRACTION_DROPPED, 5 * (int64_t)FLOW * 1000, 0, 0, 0);
    pass(10 * QUARTER_MS);
    WELL();
    fire_at(now);
    BROKEN(PRESCRIBED);
}

static void a_fraction_dropped_wrongly(void **state)
{
    (void)state;
    flow(10);
    pass(1000);
    apply(COMMAND_STOP, false);
    tell(EVENT_MODE, MODE_RUNNING, MODE_STOPPED, 0, 0);
    tell(EVENT_FRACTION_DROPPED, 5 * (int64_t)FLOW * 1000 - 1, 0, 0, 0);
    BROKEN(FLOW);
}

static void a_fraction_dropped_while_it_flows(void **state)
{
    (void)state;
    flow(10);
    pass(1000);
    tell(EVENT_FRACTION_DROPPED, 5 * (int64_t)FLOW * 1000, 0, 0, 0);
    BROKEN(FLOW);
}

static void press(void)
{
    apply(COMMAND_PATIENT_BOLUS, false);
    tell(EVENT_COURSE_START, ACCOUNT_PATIENT, 500, 48000, 0);
}

/* The bolus's two quanta (five and a half minutes each at that rate, the base beside it), then the base alone. */
static void until_the_bolus_is_over(int64_t until)
{
    while (now < until) {
        now += 1000;
        account_accrue(oracle, now);
        if (oracle->lo >= oracle->quantum_grain)
            fire_at(now);
    }
}

static void boluses_as_allowed(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        press();
        until_the_bolus_is_over(now + 3600000);
    }
    WELL();
    press();
    BROKEN(ONCE);
}

static void a_bolus_within_the_lockout(void **state)
{
    (void)state;
    press();
    until_the_bolus_is_over(now + 3500000);
    WELL();
    press();
    BROKEN(ONCE);
}

static void a_bolus_for_a_repeated_command(void **state)
{
    (void)state;
    press();
    until_the_bolus_is_over(now + 3700000);
    apply(COMMAND_PATIENT_BOLUS, true);
    WELL();
    tell(EVENT_COURSE_START, ACCOUNT_PATIENT, 500, 48000, 0);
    BROKEN(ONCE);
}

static void a_bolus_of_another_size(void **state)
{
    (void)state;
    apply(COMMAND_PATIENT_BOLUS, false);
    tell(EVENT_COURSE_START, ACCOUNT_PATIENT, 501, 48000, 0);
    BROKEN(ONCE);
}

static void an_ordered_bolus_twice(void **state)
{
    (void)state;
    apply(COMMAND_CLINICIAN_BOLUS, false);
    tell(EVENT_COURSE_START, ACCOUNT_CLINICIAN, 1000, 480000, 0);
    WELL();
    until_the_bolus_is_over(now + 3600000);
    tell(EVENT_COURSE_START, ACCOUNT_CLINICIAN, 1000, 480000, 0);
    BROKEN(ONCE);
}

static void a_quantum_withheld_for_nothing(void **state)
{
    (void)state;
    flow(1);
    tell(EVENT_WITHHELD, 1, 0, 0, 0);
    BROKEN(FLOW);
}

static void time_asleep_is_not_made_up(void **state)
{
    (void)state;
    flow(4);
    oracle_disturbed(oracle, now, 0);
    oracle_off(oracle, now);
    pass(40 * QUARTER_MS);
    WELL();
    oracle_booted(oracle, now, true);
    tell(EVENT_BOOT, 0, 0, 0, 0);
    flow(3);
    WELL();
    fire_at(now + 1000);
    BROKEN(PRESCRIBED);
}

/* A quantum of which half was in hand when the core was told to start again. */
static void what_is_in_hand_outlives_a_start_by_command(void **state)
{
    (void)state;
    for (int cause = BOOT_COMMAND; cause >= BOOT_POWER; cause--) {
        assert_int_equal(bench_begin(NULL), 0);
        flow(4);
        pass(QUARTER_MS / 2);
        oracle_disturbed(oracle, now, 0);
        oracle_off(oracle, now);
        pass(500);
        oracle_booted(oracle, now, true);
        tell(EVENT_BOOT, cause, 0, 0, 0);
        fire_at(now + QUARTER_MS / 2);
        if (cause == BOOT_COMMAND)
            WELL();
        else
            BROKEN(PRESCRIBED);
    }
}

/* A bridge ends by what was metered: a quantum that was missed comes on top. */
static void a_bridge_with_a_missed_quantum(void **state)
{
    (void)state;
    struct therapy therapy = plain();
    therapy.program.opening = (struct opening){ .kind = OPENING_BRIDGE, .volume = { 750 }, .rate = { FLOW * 2 } };
    activate(&therapy, 2);
    fire_at(QUARTER_MS / 2);
    oracle_missed(oracle, now + 500);
    fire_at(QUARTER_MS);
    fire_at(QUARTER_MS * 3 / 2);
    fire_at(QUARTER_MS * 2); /* the fourth at the bridge's flow */
    WELL();
    fire_at(QUARTER_MS * 3);
    WELL();
    fire_at(QUARTER_MS * 7 / 2); /* the base is half as fast */
    BROKEN(PRESCRIBED);
}

static void periodic_boluses_in_time(void **state)
{
    (void)state;
    struct therapy therapy = plain();
    therapy.program.kind = PROGRAM_PERIODIC;
    therapy.program.periodic = (struct periodic_bolus){ .volume = { 250 }, .rate = { 48000 }, .interval_minutes = 60,
                                                        .first_minutes = 30 };
    activate(&therapy, 2);
    until_the_bolus_is_over(1800000);
    tell(EVENT_COURSE_START, ACCOUNT_PERIODIC, 250, 48000, 0);
    until_the_bolus_is_over(now + 3600000);
    WELL();
    tell(EVENT_COURSE_START, ACCOUNT_PERIODIC, 250, 48000, 0);
    WELL();
    until_the_bolus_is_over(now + 3600000 + 2000);
    WELL();
    pass(2000); /* neither begun nor called skipped */
    BROKEN(FLOW);
}

static void a_periodic_bolus_too_early(void **state)
{
    (void)state;
    struct therapy therapy = plain();
    therapy.program.kind = PROGRAM_PERIODIC;
    therapy.program.periodic = (struct periodic_bolus){ .volume = { 250 }, .rate = { 48000 }, .interval_minutes = 60,
                                                        .first_minutes = 30 };
    activate(&therapy, 2);
    until_the_bolus_is_over(1799000);
    tell(EVENT_COURSE_START, ACCOUNT_PERIODIC, 250, 48000, 0);
    BROKEN(ONCE);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, bench_begin, bench_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_good_run_is_good),
        CASE(a_quantum_too_early),
        CASE(a_quantum_twice),
        CASE(a_quantum_left_out),
        CASE(a_stop_that_was_asked_for),
        CASE(a_fraction_dropped_wrongly),
        CASE(a_fraction_dropped_while_it_flows),
        CASE(boluses_as_allowed),
        CASE(a_bolus_within_the_lockout),
        CASE(a_bolus_for_a_repeated_command),
        CASE(a_bolus_of_another_size),
        CASE(an_ordered_bolus_twice),
        CASE(a_quantum_withheld_for_nothing),
        CASE(time_asleep_is_not_made_up),
        CASE(what_is_in_hand_outlives_a_start_by_command),
        CASE(a_bridge_with_a_missed_quantum),
        CASE(periodic_boluses_in_time),
        CASE(a_periodic_bolus_too_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
