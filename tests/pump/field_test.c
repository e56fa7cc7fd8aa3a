/* field_test.c - a scanner's field and MRI mode, by the rule of each drive. REQ-THER-21, REQ-ALRM-05, -10, HZ-03, HZ-19,
 * HZ-20. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/fakes.h"

#include "pump/field.h"

static void scan(bool on)
{
    fakes.field = on;
    twin_set_fault(&stand.twin, TWIN_FAULT_STALL, on);
}

static bool active(enum alarm_index alarm)
{
    return stand.pump.alarm.active >> alarm & 1;
}

static void a_field_is_the_cause_of_its_stall(void **state)
{
    (void)state;
    bench_running(&stand);
    fakes_on();
    pass(10 * MINUTE_MS);
    scan(true);
    pass(20 * MINUTE_MS);
    assert_true(bench_alarm(&stand, ALARM_AT_FIELD));
    assert_false(bench_alarm(&stand, ALARM_AT_MOTOR_STALL));
    assert_int_equal(bench_events(&stand, EVENT_STALL, NULL), 1);
    struct event event;
    assert_int_equal(bench_events(&stand, EVENT_FIELD, &event), 1);
    assert_int_equal(event.field[0], 1);
    assert_in_range(event.at.ms, 10 * MINUTE_MS, 10 * MINUTE_MS + BENCH_QUANTUM_MS + 1000);
    int64_t began_ms = event.at.ms;
    scan(false);
    pass(2 * MINUTE_MS);
    assert_int_equal(stand_status(&stand).mode, MODE_RUNNING); /* it goes on by itself */
    assert_false(bench_alarm(&stand, ALARM_AT_FIELD));
    assert_int_equal(bench_events(&stand, EVENT_STALL_END, &event), 1);
    assert_int_equal(event.field[0], stand_status(&stand).missed_quanta);
    assert_int_equal(bench_events(&stand, EVENT_FIELD, &event), 2);
    assert_int_equal(event.field[0], 0);
    assert_int_equal(event.field[1], event.at.ms - began_ms);
    assert_in_range(event.field[1], 20 * MINUTE_MS - BENCH_QUANTUM_MS, 20 * MINUTE_MS + 2 * BENCH_QUANTUM_MS);
    assert_int_equal(event.field[2], stand_status(&stand).missed_quanta);
    assert_int_equal(bench_events(&stand, EVENT_ALARM_RAISED, NULL), 1);
}

static void a_rotor_that_stands_after_the_field_is_stalled(void **state)
{
    (void)state;
    bench_running(&stand);
    fakes_on();
    scan(true);
    pass(10 * MINUTE_MS);
    assert_false(bench_alarm(&stand, ALARM_AT_MOTOR_STALL));
    fakes.field = false;
    pass(MINUTE_MS);
    assert_true(bench_alarm(&stand, ALARM_AT_MOTOR_STALL));
    assert_false(bench_alarm(&stand, ALARM_AT_FIELD));
}

/* Twelve fields within ten minutes are no cycle of a fault. */
static void fields_that_come_and_go_leave_the_program(void **state)
{
    (void)state;
    bench_running(&stand);
    fakes_on();
    for (unsigned i = 0; i < 12; i++) {
        scan(true);
        pass(25000);
        scan(false);
        pass(25000);
    }
    assert_int_equal(stand_status(&stand).mode, MODE_RUNNING);
    assert_int_equal(stand_status(&stand).alarms, 0); /* nor is what was missed a shortfall of the pump's own */
    assert_true(stand_status(&stand).missed_quanta > 9);
}

static void a_field_too_long_ends_at_the_safe_rate(void **state)
{
    (void)state;
    bench_running(&stand);
    fakes_on();
    scan(true);
    pass(26 * (int64_t)HOUR_MS);
    assert_int_equal(stand_status(&stand).mode, MODE_SAFE);
    assert_true(bench_alarm(&stand, ALARM_AT_INTERRUPTED_LONG));
}

static void a_planned_scan_of_a_rotor_is_silent_and_ends_by_itself(void **state)
{
    (void)state;
    bench_running(&stand);
    fakes_on();
    assert_int_equal(bench_tell(&stand, COMMAND_MRI_END).reasons, VERDICT_MODE);
    assert_int_equal(bench_tell(&stand, COMMAND_MRI_BEGIN).reasons, 0);
    assert_int_equal(bench_tell(&stand, COMMAND_MRI_BEGIN).reasons, VERDICT_MODE);
    uint32_t tones = stand.twin.tones;
    pass(HOUR_MS);
    assert_int_equal(stand_status(&stand).metered_quanta, HOUR_MS / BENCH_QUANTUM_MS - 1); /* the program is kept */
    scan(true);
    pass(MINUTE_MS);
    stand_reset(&stand); /* and a reset in the scanner changes nothing */
    pass(HOUR_MS);
    assert_true(bench_alarm(&stand, ALARM_AT_FIELD));
    assert_int_equal(stand.twin.tones, tones);
    pass(2 * HOUR_MS + MINUTE_MS);
    assert_int_equal(stand.pump.now.field.mri, 0);
    assert_true(stand.twin.tones > tones); /* a scan that outlasts its plan is heard */
    struct event event;
    assert_int_equal(bench_events(&stand, EVENT_MRI, &event), 1); /* the ring holds the newest; since the reset, one */
    assert_int_equal(event.at.ms, 4 * (int64_t)HOUR_MS);
    assert_int_equal(event.actor, ACTOR_PUMP);
    scan(false);
    pass(MINUTE_MS);
    assert_int_equal(stand_status(&stand).mode, MODE_RUNNING);
    assert_int_equal(bench_tell(&stand, COMMAND_MRI_BEGIN).reasons, 0);
    assert_int_equal(bench_tell(&stand, COMMAND_MRI_END).reasons, 0);
}

static struct mixture valve_start(struct therapy *therapy)
{
    struct mixture drug = bench_drug(1000000);
    stand_start(&stand, model_named("V20"), 0, 400, 5);
    assert_int_equal(stand_refill(&stand, &drug, (vol_nl){ 15000000 }, NULL).reasons, 0);
    *therapy = bench_therapy(&stand);
    therapy->mri_rule = MRI_EMPTY_FIRST;
    assert_int_equal(stand_activate(&stand, therapy, false).reasons, 0);
    fakes_on();
    return drug;
}

static struct receipt empty_it(const struct mixture *drug)
{
    struct command command = { .kind = COMMAND_REFILL, .retitrated = 1 };
    command.refill.withdrawn = nl_of_fl(stand_status(&stand).remaining);
    command.refill.fill = *drug;
    (void)twin_withdraw(&stand.twin, 1.0);
    return stand_tell(&stand, ROLE_CLINICIAN, command);
}

static void valves_are_stopped_and_emptied_first(void **state)
{
    (void)state;
    struct therapy therapy;
    struct mixture drug = valve_start(&therapy);
    pass(HOUR_MS);
    assert_int_equal(bench_tell(&stand, COMMAND_MRI_BEGIN).reasons, VERDICT_MRI_RULE);
    assert_int_equal(bench_tell(&stand, COMMAND_STOP).reasons, 0);
    assert_int_equal(bench_tell(&stand, COMMAND_MRI_BEGIN).reasons, VERDICT_MRI_RULE);
    assert_int_equal(empty_it(&drug).reasons, 0);
    assert_false(bench_alarm(&stand, ALARM_AT_RESERVOIR_EMPTY)); /* on purpose: no news */
    assert_int_equal(bench_tell(&stand, COMMAND_MRI_BEGIN).reasons, 0);
    assert_int_equal(resume(true).reasons, VERDICT_MRI_RULE);
    assert_int_equal(bench_tell(&stand, COMMAND_MINIMUM).reasons, VERDICT_MRI_RULE);
    assert_int_equal(bench_bolus(&stand, 5000, 14400000).reasons, VERDICT_MRI_RULE);
    assert_int_equal(bench_tell(&stand, COMMAND_PATIENT_BOLUS).reasons, VERDICT_MRI_RULE);
    assert_int_equal(stand_activate(&stand, &therapy, true).reasons, VERDICT_MRI_RULE);
    scan(true);
    pass(2 * HOUR_MS);
    assert_true(active(ALARM_AT_FIELD));
    assert_false(bench_alarm(&stand, ALARM_AT_FIELD_FILLED));
    scan(false);
    pass(HOUR_MS);
    int64_t commanded = stand_status(&stand).commanded_quanta;
    pass(60 * (int64_t)HOUR_MS);
    assert_true(bench_alarm(&stand, ALARM_AT_STOPPED_LONG)); /* nobody came back */
    assert_int_equal(stand_refill(&stand, &drug, (vol_nl){ 15000000 }, NULL).reasons, 0);
    assert_int_equal(stand.pump.now.field.mri, 0); /* the refill ends it; the stop stays a clinician's */
    assert_int_equal(stand_status(&stand).commanded_quanta, commanded);
    assert_int_equal(resume(true).reasons, 0);
    pass(HOUR_MS);
    assert_int_equal(stand_status(&stand).mode, MODE_RUNNING);
    assert_true(stand_status(&stand).commanded_quanta > commanded);
}

static void emptied_and_let_go_on_it_pushes_no_air(void **state)
{
    (void)state;
    struct therapy therapy;
    struct mixture drug = valve_start(&therapy);
    assert_int_equal(bench_tell(&stand, COMMAND_STOP).reasons, 0);
    assert_int_equal(empty_it(&drug).reasons, 0);
    assert_int_equal(bench_tell(&stand, COMMAND_MRI_BEGIN).reasons, 0);
    struct command command = { .kind = COMMAND_REFILL, .retitrated = 1 }; /* nothing in, and yet the therapy */
    command.refill.fill = drug;
    command.refill.activate = 1;
    stand_stage(&stand, &therapy, command.token);
    assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, command).reasons, VERDICT_MRI_RULE);
    assert_int_equal(bench_tell(&stand, COMMAND_MRI_END).reasons, 0);
    int64_t commanded = stand_status(&stand).commanded_quanta;
    (void)resume(true);
    pass(2 * HOUR_MS);
    assert_int_equal(stand_status(&stand).commanded_quanta, commanded);
    assert_int_not_equal(stand_status(&stand).mode, MODE_RUNNING);
}

static void a_filled_valve_pump_in_a_field_alarms_for_good(void **state)
{
    (void)state;
    struct therapy therapy;
    struct mixture drug = valve_start(&therapy);
    fakes.field = true;
    pass(HOUR_MS + 1000);
    assert_true(bench_alarm(&stand, ALARM_AT_FIELD_FILLED));
    fakes.field = false;
    pass(HOUR_MS);
    assert_true(bench_alarm(&stand, ALARM_AT_FIELD_FILLED));
    assert_false(bench_alarm(&stand, ALARM_AT_FIELD));
    clear(ALARM_AT_FIELD_FILLED);
    assert_false(bench_alarm(&stand, ALARM_AT_FIELD_FILLED));
    (void)drug;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_field_is_the_cause_of_its_stall),
        cmocka_unit_test(a_rotor_that_stands_after_the_field_is_stalled),
        cmocka_unit_test(fields_that_come_and_go_leave_the_program),
        cmocka_unit_test(a_field_too_long_ends_at_the_safe_rate),
        cmocka_unit_test(a_planned_scan_of_a_rotor_is_silent_and_ends_by_itself),
        cmocka_unit_test(valves_are_stopped_and_emptied_first),
        cmocka_unit_test(emptied_and_let_go_on_it_pushes_no_air),
        cmocka_unit_test(a_filled_valve_pump_in_a_field_alarms_for_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
