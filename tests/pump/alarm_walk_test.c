/* alarm_walk_test.c - every row of core/alarm.def: raised by its own trigger, logged, sounded again and again, silenced, and
 * cleared. Rows whose cause lies in parts of the pump that this stand has not got are raised by hand, and listed so.
 * REQ-ALRM-01, -03, -08, -09. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/fakes.h"

#include "pump/abuse.h"
#include "pump/alarm.h"
#include "pump/supervisor.h"

static struct mixture drug(void)
{
    return bench_drug(1000000);
}

static void fill(int64_t nl)
{
    struct mixture mixture = drug();
    assert_int_equal(stand_refill(&stand, &mixture, (vol_nl){ nl }, NULL).reasons, 0);
}

/* A refill that tells `off_nl` more than was calculated. */
static void find(int64_t off_nl)
{
    struct command command = { .kind = COMMAND_REFILL, .retitrated = 1 };
    command.refill.withdrawn.nl = nl_of_fl(stand_status(&stand).remaining).nl + off_nl;
    command.refill.filled.nl = command.refill.drawn_up.nl = 19000000;
    command.refill.fill = drug();
    assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, command).reasons, 0);
}

static void stall(bool on)
{
    twin_set_fault(&stand.twin, TWIN_FAULT_STALL, on);
}

static void low(void) { fill(2001000); pass(2 * MINUTE_MS); }
static void filled(void) { fill(19000000); pass(MINUTE_MS); }
static void soon(void) { fill(8000000); pass(HOUR_MS + 1000); }
static void empty(void) { fill(1000); pass(2 * MINUTE_MS); }
static void stalls(void) { stall(true); pass(MINUTE_MS); }
static void moves(void) { stall(false); pass(10 * MINUTE_MS); }
static void excess(void) { pass(HOUR_MS); find(1000001); }
static void shortfall(void) { pass(HOUR_MS); find(-1000001); }
static void resumed(void) { stall(false); assert_int_equal(resume(true).reasons, 0); pass(MINUTE_MS); }
static void field(void) { fakes.field = true; pass(HOUR_MS + 1000); }
static void quiet(void) { pass(2 * HOUR_MS); }
static void warm(void) { fakes.temperature_mdeg = 50000; pass(HOUR_MS + 2 * MINUTE_MS); }
static void leak(void) { fakes.leakage_na = 50000; pass(DAY_MS); }
static void refused(void) { stand.twin.driver.budget.hour_inv ^= 1; pass(MINUTE_MS); }

static void under(void)
{
    for (unsigned i = 0; i < 12; i++) { /* one quantum is missed, one flows */
        stall(true);
        for (int64_t missed = stand_status(&stand).missed_quanta; stand_status(&stand).missed_quanta == missed;)
            pass(1000);
        stall(false);
        for (int64_t metered = stand_status(&stand).metered_quanta; stand_status(&stand).metered_quanta == metered;)
            pass(1000);
    }
}

static void over(void)
{
    fakes.extra = 1;
    pass(MINUTE_MS);
}

static void stopped(void)
{
    assert_int_equal(bench_tell(&stand, COMMAND_STOP).reasons, 0);
    pass(48 * (int64_t)HOUR_MS);
}

static void interrupted(void)
{
    stall(true);
    pass(26 * (int64_t)HOUR_MS);
}

/* The core slept for a minute: what piled up is not made up. */
static void withheld(void)
{
    stand.now.ms += 5 * MINUTE_MS;
    stand.wake.ms = stand.now.ms;
    pass(500);
}

static void forgot(void)
{
    bench_kept(&stand)->ledger.copy[0].check ^= 1;
    bench_kept(&stand)->ledger.copy[1].check ^= 1;
    pass(MINUTE_MS);
}

static void damaged(void)
{
    bench_kept(&stand)->therapy[0].bytes[90] ^= 1;
    bench_kept(&stand)->therapy[1].bytes[90] ^= 1;
    bench_ruin(&stand, REGION_THERAPY);
    pass(HOUR_MS);
}

static void disagrees(void)
{
    fakes.fill_fitted = true;
    fakes.fill_nl = 5000000;
    pass(2 * HOUR_MS + MINUTE_MS);
}

static void agrees(void)
{
    fakes.fill_nl = nl_of_fl(stand_status(&stand).remaining).nl;
    pass(HOUR_MS + MINUTE_MS);
}

static void trend(void)
{
    for (unsigned i = 0; i < 3; i++) {
        pass(DAY_MS);
        find(-200000); /* a sixth of what was metered */
    }
}

static void occluded(void)
{
    fakes.pressure_fitted = true;
    fakes.pressure_pa = 90000;
    pass(HOUR_MS + 2 * MINUTE_MS);
}

static void right(void)
{
    bool fitted = fakes.pressure_fitted;
    fakes_on();
    fakes.pressure_fitted = fitted;
    fakes.pressure_pa = 1000;
    pass(2 * HOUR_MS);
}

static void scan_of_filled_valves(void)
{
    struct therapy therapy = bench_therapy(&stand);
    therapy.mri_rule = MRI_EMPTY_FIRST;
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, 0);
    field();
}

static void cycles(void)
{
    for (unsigned i = 0; i < 3; i++) {
        stall(true);
        pass(40000);
        stall(false);
        pass(40000);
    }
}

static void harder(void)
{
    fakes.load = 1000;
    pass(12 * (int64_t)DAY_MS);
    fill(19000000);
    pass(12 * (int64_t)DAY_MS);
    fill(19000000);
    pass(9 * (int64_t)DAY_MS);
    fakes.load = 1600;
    pass(2 * (int64_t)DAY_MS);
}

static void light(void)
{
    fakes.load = 1000;
    pass(2 * (int64_t)DAY_MS);
}

static void mended(void)
{
    stand.pump.therapy.safe_rate.nl_day++;
    pass(HOUR_MS);
}

static void three_resets(void)
{
    struct board board = stand_board(&stand);
    for (unsigned i = 0; i < 3; i++) {
        stand_reset(&stand);
        supervisor_booted(&stand.pump, kept_of(&board), BOOT_BROWN_OUT, stand.now);
        stand.wake = stand.now;
        pass(MINUTE_MS);
    }
}

static void pressed(void)
{
    for (unsigned i = 0; i < 70; i++)
        (void)bench_tell(&stand, COMMAND_PATIENT_BOLUS);
    pass(1000);
}

static void strangers(void)
{
    for (unsigned i = 0; i < 40; i++)
        abuse_stranger(&stand.pump, stand.now);
    stand.wake = stand.now;
    pass(1000);
}

static const struct {
    uint8_t alarm;
    void (*begin)(void); /* null: raised by hand */
    void (*end)(void);   /* null: nothing lasts */
} WALK[] = {
    { ALARM_AT_RESERVOIR_LOW, low, filled },
    { ALARM_AT_RESERVOIR_EMPTY, empty, filled },
    { ALARM_AT_MOTOR_STALL, stalls, moves },
    { ALARM_AT_UNDER_INFUSION, under, NULL },
    { ALARM_AT_OVER_INFUSION, over, NULL },
    { ALARM_AT_REFILL_EXCESS, excess, NULL },
    { ALARM_AT_REFILL_SHORTFALL, shortfall, NULL },
    { ALARM_AT_STOPPED_LONG, stopped, resumed },
    { ALARM_AT_INTERRUPTED_LONG, interrupted, resumed },
    { ALARM_AT_WITHHELD, withheld, quiet },
    { ALARM_AT_MEMORY_LOST, forgot, NULL },
    { ALARM_AT_THERAPY_DAMAGED, damaged, NULL },
    { ALARM_AT_DRIVER_REFUSED, refused, quiet },
    { ALARM_AT_RESERVOIR_SOON, soon, filled },
    { ALARM_AT_RESERVOIR_DISAGREES, disagrees, agrees },
    { ALARM_AT_REFILL_TREND, trend, NULL },
    { ALARM_AT_CATHETER_PRESSURE, occluded, right },
    { ALARM_AT_FIELD, field, right },
    { ALARM_AT_FIELD_FILLED, scan_of_filled_valves, right },
    { ALARM_AT_CYCLES, cycles, NULL },
    { ALARM_AT_MOTOR_LOAD, harder, light },
    { ALARM_AT_STORE_DAMAGED, mended, NULL },
    { ALARM_AT_STORE_WORN, NULL, NULL }, /* storage in flash is not in this stand */
    { ALARM_AT_CLOCK_LOST, NULL, NULL },
    { ALARM_AT_REPLACE_SOON, NULL, NULL }, /* nor is the energy ledger */
    { ALARM_AT_END_OF_SERVICE, NULL, NULL },
    { ALARM_AT_SELFTEST, leak, NULL },
    { ALARM_AT_RESETS, three_resets, NULL },
    { ALARM_AT_TEMPERATURE, warm, right },
    { ALARM_AT_BOLUS_ABUSE, pressed, quiet },
    { ALARM_AT_RADIO_ABUSE, strangers, quiet },
    { ALARM_AT_EMERGENCY, NULL, NULL }, /* nor a radio: unit.emergency */
};

static void every_row_is_walked(void **state)
{
    (void)state;
    uint32_t seen = 0;
    for (unsigned i = 0; i < sizeof WALK / sizeof WALK[0]; i++)
        seen |= (uint32_t)1 << WALK[i].alarm;
    for (unsigned alarm = 0; alarm < ALARM_COUNT; alarm++)
        if ((seen >> alarm & 1) == 0)
            fail_msg("%s has no walk", alarm_row(alarm)->name);
}

/* Told in the log, with the priority of this therapy. */
static bool raised_in_log(enum alarm_index alarm)
{
    for (uint64_t at = 1; at <= pump_log_last(&stand.pump); at++) {
        struct event event;
        if (pump_log_read(&stand.pump, at, &event) && event.code == EVENT_ALARM_RAISED &&
            event.field[0] == alarm_row(alarm)->code && event.field[1] == alarm_priority(&stand.pump, alarm))
            return true;
    }
    return false;
}

static void begin(unsigned i)
{
    bench_running(&stand);
    fakes_on();
    pass(MINUTE_MS);
    if (WALK[i].begin != NULL) {
        WALK[i].begin();
    } else {
        alarm_raise(&stand.pump, (enum alarm_index)WALK[i].alarm, 1, stand.now);
        stand.wake = stand.now;
        pass(1000);
    }
    if (!bench_alarm(&stand, (enum alarm_index)WALK[i].alarm))
        fail_msg("%s is not raised", alarm_row(WALK[i].alarm)->name);
}

static void each_is_raised_and_logged(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof WALK / sizeof WALK[0]; i++) {
        begin(i);
        enum alarm_index alarm = (enum alarm_index)WALK[i].alarm;
        /* the ring of the newest events may have turned past it by now: then the standing facts tell when */
        if (!raised_in_log(alarm))
            assert_true(stand.pump.now.alarm_ms[alarm] > 0 && stand.pump.now.alarm_ms[alarm] <= stand.now.ms);
        assert_true(stand.twin.tones > 0);
    }
}

static void each_sounds_again_and_can_be_silenced(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof WALK / sizeof WALK[0]; i++) {
        begin(i);
        enum alarm_index alarm = (enum alarm_index)WALK[i].alarm;
        int64_t due_ms = stand.pump.alarm.repeat_ms[alarm];
        assert_in_range(due_ms, stand.now.ms, stand.now.ms + (int64_t)alarm_row(alarm)->repeat_s * 1000);
        struct command silence = { .kind = COMMAND_SILENCE, .minutes = 10 };
        assert_int_equal(stand_tell(&stand, ROLE_PATIENT, silence).reasons, 0);
        uint32_t tones = stand.twin.tones;
        int64_t quiet_ms = stand.pump.now.silent_until_ms;
        pass(9 * MINUTE_MS);
        if (stand.pump.now.silent_until_ms == quiet_ms) /* else something new happened, and was heard */
            assert_int_equal(stand.twin.tones, tones);
        else
            assert_true(stand.twin.tones > tones);
        assert_true(bench_alarm(&stand, alarm)); /* silence changes nothing but sound */
        due_ms = due_ms > quiet_ms ? due_ms : quiet_ms;
        tones = stand.twin.tones;
        if (!alarm_row(alarm)->latch && WALK[i].end == quiet)
            continue; /* a condition that passes by itself within the hour */
        pass((due_ms > stand.now.ms ? due_ms - stand.now.ms : 0) + 1000);
        if (stand.twin.tones == tones || stand.pump.alarm.repeat_ms[alarm] <= due_ms)
            fail_msg("%s does not sound again", alarm_row(alarm)->name);
    }
}

static void each_can_be_cleared(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof WALK / sizeof WALK[0]; i++) {
        begin(i);
        enum alarm_index alarm = (enum alarm_index)WALK[i].alarm;
        bool lasts = WALK[i].begin == NULL || stand.pump.alarm.active >> alarm & 1;
        if (WALK[i].begin == NULL)
            alarm_end(&stand.pump, alarm, stand.now);
        else if (lasts && WALK[i].end == NULL)
            fakes_on(), pass(HOUR_MS);
        else if (WALK[i].end != NULL)
            WALK[i].end();
        if (bench_alarm(&stand, alarm) != alarm_row(alarm)->latch)
            fail_msg("%s: what is over must stay exactly when it latches", alarm_row(alarm)->name);
        struct command command = { .kind = COMMAND_CLEAR_ALARM, .alarm = alarm_row(alarm)->code };
        struct receipt receipt = stand_tell(&stand, ROLE_CLINICIAN, command);
        assert_int_equal(receipt.reasons, alarm_row(alarm)->latch ? 0 : VERDICT_MODE);
        if (bench_alarm(&stand, alarm))
            fail_msg("%s cannot be cleared", alarm_row(alarm)->name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_walked),
        cmocka_unit_test(each_is_raised_and_logged),
        cmocka_unit_test(each_sounds_again_and_can_be_silenced),
        cmocka_unit_test(each_can_be_cleared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
