/* keep_test.c - what a pump knows after its retained memory, its clock, or a record in flash is gone. REQ-STOR-02, -08,
 * REQ-TIME-04, REQ-LINK-02, HZ-03, HZ-04, HZ-08. */
// SPDX-License-Identifier: Apache-2.0
#include "pump/keep.h"

#include "tests/pump/bench.h"

static struct stand stand, fork;

/* The core starts again: with its retained memory or without, its clock running or begun again. */
static void start_again(struct stand *s, bool retained, bool clock)
{
    struct board board = stand_board(s);
    if (!retained)
        memset(s->twin.retained, 0, sizeof s->twin.retained);
    board.clock_lost = !clock;
    twin_power_cut(&s->twin);
    pump_boot(&s->pump, &board, &s->unit, clock ? s->now : (instant_ms){ 0 });
    s->wake = pump_step(&s->pump, &board, clock ? s->now : (instant_ms){ 0 });
}

static void all_retained_memory_may_go(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, 5 * (int64_t)HOUR_MS + 1234567);
    assert_int_equal(bench_tell(&stand, COMMAND_PATIENT_BOLUS).reasons, 0);
    stand_run(&stand, 6 * (int64_t)HOUR_MS);
    struct pump_status before = stand_status(&stand);
    start_again(&stand, false, true);
    struct pump_status after = stand_status(&stand);
    assert_true(after.has_therapy);
    assert_memory_equal(after.token, before.token, TOKEN_BYTES);
    assert_int_equal(after.mode, MODE_RUNNING);
    assert_int_equal(after.base.nl_day, before.base.nl_day);
    assert_true(after.metered_quanta >= before.metered_quanta); /* the counts never go back */
    assert_true(after.remaining.fl <= before.remaining.fl);     /* and the reservoir holds the least it can */
    assert_true(bench_alarm(&stand, ALARM_AT_MEMORY_LOST));
    assert_true((bench_tell(&stand, COMMAND_PATIENT_BOLUS).reasons & VERDICT_RECOVERING) != 0);
    double displaced = stand.twin.totals.displaced;
    stand_run(&stand, stand.now.ms + 10 * (int64_t)HOUR_MS);
    assert_in_range((int64_t)((stand.twin.totals.displaced - displaced) * 1e12 / 250 + 0.5), 1998, 2001);
}

static void a_repeat_gets_its_receipt_after_the_loss(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, 5 * (int64_t)HOUR_MS);
    uint8_t bytes[COMMAND_BYTES_MAX];
    size_t size;
    struct command command = { .kind = COMMAND_CLINICIAN_BOLUS, .id = stand.next_id++, .volume = { 5000 },
                               .rate = { 14400000 }, .head = stand.pump.now.head };
    assert_int_equal(command_encode(&command, bytes, sizeof bytes, &size), RESULT_OK);
    struct board board = stand_board(&stand);
    struct receipt first, again;
    pump_command(&stand.pump, &board, stand.now, (struct sender){ ROLE_CLINICIAN, 2 }, bytes, size, &first);
    assert_int_equal(first.outcome, OUTCOME_APPLIED);
    start_again(&stand, false, true);
    board = stand_board(&stand);
    pump_command(&stand.pump, &board, stand.now, (struct sender){ ROLE_CLINICIAN, 2 }, bytes, size, &again);
    assert_int_equal(again.outcome, OUTCOME_APPLIED);
    assert_int_equal(again.at.ms, first.at.ms);
    assert_int_equal(again.head, first.head);
    assert_int_equal(stand_status(&stand).course, COURSE_NONE); /* no second one */
    command.head = stand.pump.now.head;
    assert_int_equal(command_encode(&command, bytes, sizeof bytes, &size), RESULT_OK);
    pump_command(&stand.pump, &board, stand.now, (struct sender){ ROLE_CLINICIAN, 2 }, bytes, size, &again);
    assert_int_equal(again.reasons, VERDICT_REUSED_ID);
}

static void a_stop_stays_a_stop(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, HOUR_MS);
    assert_int_equal(bench_tell(&stand, COMMAND_STOP).reasons, 0);
    stand_run(&stand, 2 * (int64_t)HOUR_MS);
    start_again(&stand, false, true);
    assert_int_equal(stand_status(&stand).mode, MODE_STOPPED);
    stand_run(&stand, stand.now.ms + 49 * (int64_t)HOUR_MS);
    assert_true(bench_alarm(&stand, ALARM_AT_STOPPED_LONG));
    assert_int_equal(stand_status(&stand).interrupted_since.ms, INT64_MAX);
}

/* The newest settings record told of the stop. Without it the pump may not deliver as if there had been none. */
static void a_damaged_settings_record_is_not_replaced_by_an_older_one(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, HOUR_MS);
    assert_int_equal(bench_tell(&stand, COMMAND_STOP).reasons, 0);
    stand.twin.flash.byte[stand.pump.store.place[STORE_SETTINGS].address + 20] ^= 4;
    start_again(&stand, false, true);
    assert_int_equal(stand_status(&stand).mode, MODE_SAFE);
    assert_true(stand_status(&stand).base.nl_day <= 48000);
    assert_true(bench_alarm(&stand, ALARM_AT_MEMORY_LOST));
}

/* Without its clock the pump goes on from the last moment it knows: no window and no lockout gets shorter. */
static void a_lost_clock_shortens_nothing(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, 5 * (int64_t)HOUR_MS);
    assert_int_equal(bench_tell(&stand, COMMAND_PATIENT_BOLUS).reasons, 0);
    stand_run(&stand, 5 * (int64_t)HOUR_MS + 10 * MINUTE_MS);
    int64_t earliest = stand_status(&stand).bolus_from.ms;
    fork = stand;
    start_again(&fork, true, false);
    assert_true(bench_alarm(&fork, ALARM_AT_CLOCK_LOST));
    struct board board = stand_board(&fork);
    struct pump_status status;
    pump_status(&fork.pump, &board, (instant_ms){ 0 }, &status);
    assert_int_equal(status.bolus_from.ms, earliest);
    assert_int_equal(status.epoch, 1);
    assert_int_equal(status.base.nl_day, BENCH_RATE);
    int64_t left = earliest - fork.pump.now.clock_base_ms;
    assert_in_range(left, 19 * MINUTE_MS, 20 * MINUTE_MS + 20000); /* by the tick that began again at 0 */
    fork = stand;
    start_again(&fork, false, false); /* nor without any memory but flash */
    pump_status(&fork.pump, &board, (instant_ms){ 0 }, &status);
    assert_true(fork.pump.now.clock_base_ms >= 5 * (int64_t)HOUR_MS - 1);
    assert_true(stand_status(&fork).has_therapy);
    assert_int_equal(stand_status(&fork).mode, MODE_SAFE); /* how long it stood nobody knows: HZ-40 */
    struct command resume = { .kind = COMMAND_RESUME, .retitrated = 1 };
    assert_int_equal(stand_tell(&fork, ROLE_CLINICIAN, resume).reasons, 0);
    assert_true((bench_tell(&fork, COMMAND_PATIENT_BOLUS).reasons & VERDICT_RECOVERING) != 0);
}

static void a_damaged_record_is_restored_within_hours(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind <= STORE_CHECKPOINT; kind++) {
        bench_running(&stand);
        stand_run(&stand, 3 * (int64_t)HOUR_MS);
        stand.twin.flash.byte[stand.pump.store.place[kind].address + 30] ^= 16;
        stand_run(&stand, stand.now.ms + 8 * (int64_t)HOUR_MS); /* a part of the self-test */
        struct board board = stand_board(&stand);
        assert_true(store_sound(&stand.pump.store, &board, (enum store_kind)kind));
        bool followed = kind == STORE_CHECKPOINT; /* within the hour another has taken its place */
        assert_true(followed || bench_alarm(&stand, ALARM_AT_STORE_DAMAGED));
        assert_int_equal(bench_events(&stand, EVENT_MENDED, NULL), !followed);
        start_again(&stand, false, true);
        assert_true(stand_status(&stand).has_therapy);
        assert_int_equal(stand_status(&stand).mode, MODE_RUNNING);
    }
}

/* A therapy that flash took, but that never came into force because the power went in between. */
static void a_staged_record_is_not_a_therapy_in_force(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, HOUR_MS);
    struct therapy other = bench_therapy(&stand);
    other.program.base.nl_day = 600000;
    uint8_t token[TOKEN_BYTES];
    stand_stage(&stand, &other, token);
    struct board board = stand_board(&stand);
    assert_int_equal(keep_staged(&stand.pump, &board, stand.now), RESULT_OK);
    for (unsigned lost = 0; lost < 2; lost++) {
        fork = stand;
        start_again(&fork, lost == 0, true);
        assert_int_equal(stand_status(&fork).base.nl_day, BENCH_RATE);
        stand_run(&fork, fork.now.ms + HOUR_MS);
        start_again(&fork, false, true); /* and it is the old one that stands newest in flash now */
        assert_int_equal(stand_status(&fork).base.nl_day, BENCH_RATE);
        assert_true(stand_status(&fork).has_therapy);
    }
}

/* Flash that takes no word any more: what must be kept is refused, what runs goes on, and it is told. */
static void worn_out_flash_refuses_a_change_and_keeps_the_therapy(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, HOUR_MS);
    for (unsigned region = 0; region < REGION_EVENTS; region++) { /* zeros where words should go: nothing takes */
        struct region_span span = region_span((enum region)region);
        for (size_t at = (size_t)span.first * FLASH_SECTOR_BYTES;
             at < (size_t)(span.first + span.count) * FLASH_SECTOR_BYTES; at++)
            if (stand.twin.flash.byte[at] == 0xFF)
                stand.twin.flash.byte[at] = 0x7F;
    }
    struct therapy other = bench_therapy(&stand);
    other.program.base.nl_day = 600000;
    assert_int_equal(stand_activate(&stand, &other, false).reasons, VERDICT_STORAGE);
    assert_true(bench_alarm(&stand, ALARM_AT_STORE_WORN));
    assert_int_equal(stand_status(&stand).base.nl_day, BENCH_RATE);
    assert_int_equal(bench_tell(&stand, COMMAND_STOP).reasons, 0); /* a way down is never refused */
    assert_int_equal(stand_status(&stand).mode, MODE_STOPPED);
}

/* Flash wears: a quiet day writes a checkpoint an hour, and settings at most once. */
static void a_quiet_day_writes_an_hourly_checkpoint(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, DAY_MS);
    uint32_t checkpoints = stand.pump.store.place[STORE_CHECKPOINT].sequence;
    uint32_t settings = stand.pump.store.place[STORE_SETTINGS].sequence;
    stand_run(&stand, 6 * (int64_t)DAY_MS);
    assert_in_range(stand.pump.store.place[STORE_CHECKPOINT].sequence - checkpoints, 5 * 24 - 2, 5 * 24 + 7);
    assert_in_range(stand.pump.store.place[STORE_SETTINGS].sequence - settings, 0, 5); /* the day's motor load */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_retained_memory_may_go),
        cmocka_unit_test(a_repeat_gets_its_receipt_after_the_loss),
        cmocka_unit_test(a_stop_stays_a_stop),
        cmocka_unit_test(a_damaged_settings_record_is_not_replaced_by_an_older_one),
        cmocka_unit_test(a_lost_clock_shortens_nothing),
        cmocka_unit_test(a_damaged_record_is_restored_within_hours),
        cmocka_unit_test(a_staged_record_is_not_a_therapy_in_force),
        cmocka_unit_test(a_quiet_day_writes_an_hourly_checkpoint),
        cmocka_unit_test(worn_out_flash_refuses_a_change_and_keeps_the_therapy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
