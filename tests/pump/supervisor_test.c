/* supervisor_test.c - every mode with every happening, stops, interruptions, running empty. REQ-THER-05, -20, HZ-17,
 * HZ-23, HZ-40. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/bench.h"

#include "pump/supervisor.h"

static struct stand stand;

/* Written out again from the promises, not from supervisor.def: letters of the next mode for ACTIVATE, STOP, MINIMUM, RESUME,
 * EMPTY, REFILLED, FAULT. */
static void every_cell_of_the_table(void **state)
{
    (void)state;
    static const struct {
        uint8_t mode;
        const char *next;
    } ROWS[] = { { MODE_NEW, "RTNNNNN" },  { MODE_RUNNING, "RTMRERS" }, { MODE_MINIMUM, "RTMREMS" },
                 { MODE_STOPPED, "RTMRTTT" }, { MODE_SAFE, "RTMRESS" },    { MODE_EMPTY, "ETEEERE" } };
    static const uint8_t MODE_OF[] = { ['N'] = MODE_NEW,  ['R'] = MODE_RUNNING, ['M'] = MODE_MINIMUM, ['T'] = MODE_STOPPED,
                                       ['S'] = MODE_SAFE, ['E'] = MODE_EMPTY };
    for (unsigned row = 0; row < sizeof ROWS / sizeof ROWS[0]; row++)
        for (unsigned happening = 0; happening < HAPPENINGS; happening++)
            assert_int_equal(supervisor_next(ROWS[row].mode, (enum happening)happening),
                             MODE_OF[(unsigned char)ROWS[row].next[happening]]);
    assert_int_equal(supervisor_next(0, HAPPENING_RESUME), MODE_SAFE);
    assert_int_equal(supervisor_next(200, HAPPENING_RESUME), MODE_SAFE);
}

/* And the promises themselves, cell by cell: nothing but a clinician's stop stops; a fault of what delivers is the safe
 * state; no happening starts what was stopped but a clinician's command; nothing leads to NEW or out of the list. */
static void every_cell_keeps_the_promises(void **state)
{
    (void)state;
    for (uint8_t mode = MODE_NEW; mode <= MODE_EMPTY; mode++)
        for (unsigned happening = 0; happening < HAPPENINGS; happening++) {
            enum mode next = supervisor_next(mode, (enum happening)happening);
            bool delivers = mode == MODE_RUNNING || mode == MODE_MINIMUM || mode == MODE_SAFE;
            bool wish = happening == HAPPENING_ACTIVATE || happening == HAPPENING_RESUME || happening == HAPPENING_MINIMUM;
            assert_true(next >= MODE_NEW && next <= MODE_EMPTY);
            assert_true(next != MODE_NEW || mode == MODE_NEW);
            assert_true(next != MODE_STOPPED || mode == MODE_STOPPED || happening == HAPPENING_STOP);
            assert_true(happening != HAPPENING_STOP || next == MODE_STOPPED);
            assert_true(mode != MODE_STOPPED || wish || next == MODE_STOPPED);
            assert_true(!delivers || happening != HAPPENING_FAULT || next == MODE_SAFE);
            assert_true(delivers || happening != HAPPENING_FAULT || next == mode);
            assert_true(next != MODE_EMPTY || mode == MODE_EMPTY || happening == HAPPENING_EMPTY);
            assert_true(mode != MODE_SAFE || wish || next != MODE_RUNNING); /* no way back without being asked */
        }
}

static bool something_heard(uint32_t tones)
{
    return stand.twin.tones > tones && stand_status(&stand).alarms != 0;
}

/* Whatever ends delivery without a plan, in whatever mode something flows: heard within minutes. REQ-ALRM-04. */
static void an_unplanned_end_is_heard_within_minutes_in_every_mode(void **state)
{
    (void)state;
    for (uint8_t mode = MODE_RUNNING; mode <= MODE_SAFE; mode++)
        for (unsigned cause = 0; cause < 3 && mode != MODE_STOPPED; cause++) {
            bench_running(&stand);
            stand_run(&stand, HOUR_MS);
            struct board board = stand_board(&stand);
            if (mode == MODE_MINIMUM)
                assert_int_equal(bench_tell(&stand, COMMAND_MINIMUM).reasons, 0);
            if (mode == MODE_SAFE)
                supervisor_happen(&stand.pump, kept_of(&board), HAPPENING_FAULT, stand.now);
            stand.wake = stand.now;
            stand_run(&stand, 2 * HOUR_MS + MINUTE_MS);
            assert_int_equal(stand_status(&stand).mode, mode);
            uint32_t tones = stand.twin.tones;
            struct mixture drug = bench_drug(1000000);
            if (cause == 0)
                twin_set_fault(&stand.twin, TWIN_FAULT_STALL, 1);
            else if (cause == 1)
                stand.twin.driver.budget.day_inv ^= 1; /* the driver refuses */
            else
                assert_int_equal(stand_refill(&stand, &drug, (vol_nl){ 250 }, NULL).reasons, 0); /* it runs dry */
            stand_run(&stand, 2 * HOUR_MS + 11 * MINUTE_MS);
            assert_true(something_heard(tones));
        }
}

/* A safe state that is a stop is an interruption like any other, however it came about. HZ-40. */
static void a_safe_rate_of_zero_counts_as_an_interruption(void **state)
{
    (void)state;
    bench_new(&stand);
    struct therapy therapy = bench_therapy(&stand);
    therapy.safe_rate.nl_day = 0;
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, 0);
    stand_run(&stand, HOUR_MS);
    struct board board = stand_board(&stand);
    supervisor_happen(&stand.pump, kept_of(&board), HAPPENING_FAULT, stand.now);
    stand.wake = stand.now;
    stand_run(&stand, 24 * (int64_t)HOUR_MS);
    assert_int_equal(stand_status(&stand).mode, MODE_SAFE);
    assert_int_equal(stand_status(&stand).commanded_quanta, 200);
    struct stand early = stand;
    stand_run(&stand, 26 * (int64_t)HOUR_MS);
    assert_int_equal(bench_tell(&stand, COMMAND_RESUME).reasons, VERDICT_RETITRATION);
    assert_false(bench_alarm(&stand, ALARM_AT_STOPPED_LONG));
    stand_run(&stand, 49 * (int64_t)HOUR_MS + MINUTE_MS);
    assert_true(bench_alarm(&stand, ALARM_AT_STOPPED_LONG));
    stand = early;
    assert_int_equal(bench_tell(&stand, COMMAND_RESUME).reasons, 0);
}

/* A start as the boot does it: the software begins anew, then the supervisor hears why. */
static void start(uint8_t cause)
{
    stand.cause = cause;
    stand_reset(&stand);
}

static void three_starts_in_a_day_hold_the_safe_state(void **state)
{
    (void)state;
    static const struct {
        uint8_t cause[3];
        int64_t apart_ms;
        bool held;
    } STARTS[] = { { { BOOT_WATCHDOG, BOOT_BROWN_OUT, BOOT_POWER }, 12 * (int64_t)HOUR_MS, true },
                   { { BOOT_WATCHDOG, BOOT_WATCHDOG, BOOT_WATCHDOG }, 12 * (int64_t)HOUR_MS + 1, false },
                   { { BOOT_COMMAND, BOOT_WATCHDOG, BOOT_WATCHDOG }, MINUTE_MS, false } };
    for (unsigned s = 0; s < 3; s++) {
        bench_running(&stand);
        for (unsigned i = 0; i < 3; i++) {
            assert_int_equal(stand_status(&stand).mode, MODE_RUNNING);
            stand_run(&stand, stand.now.ms + STARTS[s].apart_ms);
            start(STARTS[s].cause[i]);
        }
        assert_int_equal(bench_alarm(&stand, ALARM_AT_RESETS), STARTS[s].held);
        assert_int_equal(stand_status(&stand).mode, STARTS[s].held ? MODE_SAFE : MODE_RUNNING);
        assert_int_equal(stand_status(&stand).base.nl_day, STARTS[s].held ? 48000 : BENCH_RATE);
        assert_int_equal(bench_events(&stand, EVENT_RESETS, NULL), STARTS[s].held);
        if (STARTS[s].held) {
            assert_int_equal(bench_tell(&stand, COMMAND_RESUME).reasons, VERDICT_LATCHED_SAFE);
            start(BOOT_BROWN_OUT);
            assert_int_equal(bench_tell(&stand, COMMAND_RESUME).reasons, VERDICT_LATCHED_SAFE);
            struct command clear = { .kind = COMMAND_CLEAR_ALARM, .alarm = ALARM_RESETS };
            assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, clear).reasons, 0);
            assert_int_equal(bench_tell(&stand, COMMAND_RESUME).reasons, 0);
            stand_run(&stand, stand.now.ms + DAY_MS);
            assert_int_equal(stand_status(&stand).mode, MODE_RUNNING);
        }
    }
}

/* Handled in the factory and the theatre, it harms nobody; and a clinician's stop stays one. */
static void starts_of_a_new_or_stopped_pump(void **state)
{
    (void)state;
    bench_new(&stand);
    for (unsigned i = 0; i < 5; i++)
        start(BOOT_POWER);
    assert_false(bench_alarm(&stand, ALARM_AT_RESETS));
    struct therapy therapy = bench_therapy(&stand);
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, 0);
    assert_int_equal(bench_tell(&stand, COMMAND_STOP).reasons, 0);
    for (unsigned i = 0; i < 3; i++)
        start(BOOT_POWER);
    assert_true(bench_alarm(&stand, ALARM_AT_RESETS));
    assert_int_equal(stand_status(&stand).mode, MODE_STOPPED);
}

/* A fault of an empty pump: after its refill it goes on at the safe rate, not with the program. */
static void a_fault_while_empty_is_not_forgotten(void **state)
{
    (void)state;
    bench_running(&stand);
    struct mixture drug = bench_drug(1000000);
    assert_int_equal(stand_refill(&stand, &drug, (vol_nl){ 1000 }, NULL).reasons, 0);
    stand_run(&stand, 2 * MINUTE_MS);
    assert_int_equal(stand_status(&stand).mode, MODE_EMPTY);
    for (unsigned i = 0; i < 3; i++)
        start(BOOT_BROWN_OUT);
    assert_int_equal(stand_status(&stand).mode, MODE_EMPTY);
    assert_int_equal(stand_refill(&stand, &drug, (vol_nl){ 19000000 }, NULL).reasons, 0);
    assert_int_equal(stand_status(&stand).mode, MODE_SAFE);
}

static void a_stop_drops_the_fraction_and_says_so(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, BENCH_QUANTUM_MS + 9000);
    assert_int_equal(bench_tell(&stand, COMMAND_STOP).reasons, 0);
    struct event event;
    assert_int_equal(bench_events(&stand, EVENT_FRACTION_DROPPED, &event), 1);
    assert_int_equal(event.field[0], 125 * (int64_t)GRAIN_PER_NL);
    struct pump_status status = stand_status(&stand);
    assert_int_equal(status.mode, MODE_STOPPED);
    assert_int_equal(status.in_hand.grain, 0);
    assert_int_equal(status.dropped.grain, 125 * (int64_t)GRAIN_PER_NL);
    stand_run(&stand, 2 * HOUR_MS);
    assert_int_equal(stand_status(&stand).commanded_quanta, 1);
    assert_int_equal(bench_tell(&stand, COMMAND_RESUME).reasons, 0);
    stand_run(&stand, 2 * HOUR_MS + BENCH_QUANTUM_MS - 1);
    assert_int_equal(stand_status(&stand).commanded_quanta, 1);
    stand_run(&stand, 2 * HOUR_MS + BENCH_QUANTUM_MS);
    assert_int_equal(stand_status(&stand).commanded_quanta, 2);
}

static void forty_eight_hours_of_standing_still_alarm(void **state)
{
    (void)state;
    bench_running(&stand);
    assert_int_equal(bench_tell(&stand, COMMAND_STOP).reasons, 0);
    stand_run(&stand, 48 * (int64_t)HOUR_MS - 1);
    assert_false(bench_alarm(&stand, ALARM_AT_STOPPED_LONG));
    stand_run(&stand, 48 * (int64_t)HOUR_MS);
    assert_true(bench_alarm(&stand, ALARM_AT_STOPPED_LONG));
}

static void a_long_stop_needs_retitration(void **state)
{
    (void)state;
    bench_running(&stand);
    assert_int_equal(bench_tell(&stand, COMMAND_STOP).reasons, 0);
    stand_run(&stand, 25 * (int64_t)HOUR_MS);
    assert_int_equal(bench_tell(&stand, COMMAND_RESUME).reasons, VERDICT_RETITRATION);
    struct therapy therapy = bench_therapy(&stand);
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, VERDICT_RETITRATION);
    struct command resume = { .kind = COMMAND_RESUME, .retitrated = 1 };
    struct event event = { .sequence = 0 };
    assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, resume).reasons, 0);
    assert_true(bench_events(&stand, EVENT_RETITRATION, &event) > 0);
    assert_int_equal(event.at.ms, 25 * (int64_t)HOUR_MS);
    assert_int_equal(stand_status(&stand).mode, MODE_RUNNING);
}

static void a_stall_beyond_the_restart_limit_drops_to_the_safe_rate(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, HOUR_MS);
    twin_set_fault(&stand.twin, TWIN_FAULT_STALL, 1);
    stand_run(&stand, 24 * (int64_t)HOUR_MS);
    assert_int_equal(stand_status(&stand).mode, MODE_RUNNING);
    stand_run(&stand, 26 * (int64_t)HOUR_MS);
    struct pump_status status = stand_status(&stand);
    assert_int_equal(status.mode, MODE_SAFE);
    assert_int_equal(status.base.nl_day, 48000);
    assert_true(bench_alarm(&stand, ALARM_AT_INTERRUPTED_LONG));
    assert_int_equal(bench_tell(&stand, COMMAND_RESUME).reasons & VERDICT_RETITRATION, VERDICT_RETITRATION);
}

static void the_minimum_is_the_models_least_flow(void **state)
{
    (void)state;
    bench_running(&stand);
    assert_int_equal(bench_tell(&stand, COMMAND_MINIMUM).reasons, 0);
    assert_int_equal(stand_status(&stand).base.nl_day, 48000);
    assert_int_equal(bench_tell(&stand, COMMAND_RESUME).reasons, 0);
    assert_int_equal(stand_status(&stand).base.nl_day, BENCH_RATE);
}

static void an_empty_reservoir_ends_delivery_and_a_refill_starts_it(void **state)
{
    (void)state;
    bench_running(&stand);
    struct mixture drug = bench_drug(1000000);
    assert_int_equal(stand_refill(&stand, &drug, (vol_nl){ 1000 }, NULL).reasons, 0); /* four quanta */
    stand_run(&stand, 4 * BENCH_QUANTUM_MS + 500);
    struct pump_status status = stand_status(&stand);
    assert_int_equal(status.mode, MODE_EMPTY);
    assert_true(bench_alarm(&stand, ALARM_AT_RESERVOIR_EMPTY) && bench_alarm(&stand, ALARM_AT_RESERVOIR_LOW));
    assert_int_equal(bench_tell(&stand, COMMAND_RESUME).reasons, VERDICT_MODE);
    stand_run(&stand, HOUR_MS);
    assert_int_equal(stand_status(&stand).commanded_quanta, 4);
    assert_int_equal(stand_refill(&stand, &drug, (vol_nl){ 19000000 }, NULL).reasons, 0);
    stand_run(&stand, HOUR_MS + BENCH_QUANTUM_MS);
    status = stand_status(&stand);
    assert_int_equal(status.mode, MODE_RUNNING);
    assert_int_equal(status.commanded_quanta, 5);
    assert_false(bench_alarm(&stand, ALARM_AT_RESERVOIR_LOW));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_of_the_table),
        cmocka_unit_test(every_cell_keeps_the_promises),
        cmocka_unit_test(an_unplanned_end_is_heard_within_minutes_in_every_mode),
        cmocka_unit_test(a_safe_rate_of_zero_counts_as_an_interruption),
        cmocka_unit_test(three_starts_in_a_day_hold_the_safe_state),
        cmocka_unit_test(starts_of_a_new_or_stopped_pump),
        cmocka_unit_test(a_fault_while_empty_is_not_forgotten),
        cmocka_unit_test(a_stop_drops_the_fraction_and_says_so),
        cmocka_unit_test(forty_eight_hours_of_standing_still_alarm),
        cmocka_unit_test(a_long_stop_needs_retitration),
        cmocka_unit_test(a_stall_beyond_the_restart_limit_drops_to_the_safe_rate),
        cmocka_unit_test(the_minimum_is_the_models_least_flow),
        cmocka_unit_test(an_empty_reservoir_ends_delivery_and_a_refill_starts_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
