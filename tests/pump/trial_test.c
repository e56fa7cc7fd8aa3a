/* trial_test.c - the start into another image and back: what therapy loses by it, what ends a trial, and what must not begin one.
 * REQ-SECU-09, HZ-15, HZ-17. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/updating.h"

enum { RATE = 1200000, QUANTUM_MS = 18000, FASTEST = 24000000, SMALL = 300, HOUR = HOUR_MS };

_Static_assert((int)RIG_RESTART_MS <= (int)TRIAL_GAP_MS, "the pump reckons with a start as long as the rig's");

static struct rig rig, fork, alone;
static struct build build;

/* Running at this flow, with version 4 whole in slot 1. */
static void start(int32_t nl_day)
{
    updating_start(&rig, nl_day);
    signer_build(&updating_signer, &build, rig.unit.model.code, 4, SMALL);
    updating_install(&rig, &build);
    updating_pass(&rig, 2000);
}

static struct pump_status status_of(struct rig *of)
{
    struct pump_status status;
    rig_status(of, &status);
    return status;
}

static void confirm(uint32_t version)
{
    signer_build(&updating_signer, &build, rig.unit.model.code, version, SMALL);
    updating_install(&rig, &build);
    updating_apply(&rig);
    assert_int_equal(updating_do(&rig, COMMAND_UPDATE_CONFIRM).reasons, 0);
}

/* Conservation: what was prescribed is what was commanded, what is in hand and what was dropped. */
static int64_t prescribed_grain(const struct pump_status *status, const struct rig *of)
{
    return status->commanded_quanta * of->pump.quantum_grain.grain + status->in_hand.grain + status->dropped.grain;
}

/* A start at any instant between two quanta, or while one is under way, against a run that is left alone. The gap costs what
 * would have flowed in it, never more than a quantum, and nothing twice. */
static void the_gap(int32_t nl_day, int64_t step_ms, int64_t steps)
{
    int64_t grain_ms = 5 * (int64_t)nl_day; /* what a millisecond prescribes */
    start(nl_day);
    for (int64_t i = 0; i < steps; i++) {
        struct event event;
        memcpy(&fork, &rig, sizeof fork);
        updating_pass(&fork, i * step_ms);
        memcpy(&alone, &fork, sizeof alone);
        int64_t dropped = status_of(&fork).dropped.grain, asked = fork.now.ms;
        assert_int_equal(updating_do(&fork, COMMAND_UPDATE_APPLY).reasons, 0);
        updating_pass(&fork, 1100);
        assert_int_equal(updating_status(&fork).running_slot, 1);
        assert_true(updating_events(&fork, EVENT_BOOT, &event) == 2 && event.field[0] == BOOT_COMMAND);
        assert_in_range(event.at.ms - asked, RIG_RESTART_MS, fork.unit.model.motor_timeout.ms + RIG_RESTART_MS);
        assert_true(updating_events(&fork, EVENT_IMAGE_RUNS, &event) == 1 && event.field[3] == RIG_RESTART_MS);
        updating_pass(&fork, 4 * (int64_t)HOUR);
        rig_run_until(&alone, fork.now);
        struct pump_status with = status_of(&fork), without = status_of(&alone);
        assert_in_range(without.commanded_quanta - with.commanded_quanta, 0, 1);
        assert_in_range(alone.twin.driver.fired - fork.twin.driver.fired, 0, 1);
        assert_int_equal(prescribed_grain(&without, &alone) - prescribed_grain(&with, &fork), grain_ms * RIG_RESTART_MS);
        assert_int_equal(with.dropped.grain, dropped);
        assert_int_equal(with.missed_quanta, 0);
        assert_int_equal(with.metered_quanta, (int64_t)(fork.twin.totals.displaced * 1e12 / 250 + 0.5));
        assert_int_equal(with.alarms, without.alarms);
        assert_int_equal(with.mode, MODE_RUNNING);
    }
}

static void a_start_costs_at_most_a_quantum(void **state)
{
    (void)state;
    the_gap(RATE, 487, QUANTUM_MS / 487 + 2);
}

static void a_start_costs_at_most_a_quantum_at_the_largest_flow(void **state)
{
    (void)state;
    the_gap(FASTEST, 41, 900 / 41 + 2);
}

static void what_is_not_confirmed_in_a_day_is_given_up(void **state)
{
    (void)state;
    struct event event;
    start(RATE);
    updating_apply(&rig);
    updating_pass(&rig, 24 * (int64_t)HOUR - 2000);
    assert_int_equal(updating_status(&rig).running_slot, 1);
    updating_pass(&rig, 4000);
    struct update_status status = updating_status(&rig);
    assert_true(status.running_slot == 0 && status.running_version == UPDATING_FACTORY && status.floor_version == 0);
    assert_int_equal(status.slot[0].state, IMAGE_WHOLE);
    assert_int_equal(updating_events(&rig, EVENT_IMAGE_REVERTED, &event), 1);
    assert_true(event.field[0] == 1 && event.field[1] == 4 && event.field[2] == BOOT_COMMAND && event.field[3] == 1);
    assert_int_equal(status_of(&rig).alarms, 0);
    updating_pass(&rig, 48 * (int64_t)HOUR);
    rig_reset(&rig, RIG_MEMORY_KEPT); /* that was all: it is told once */
    assert_int_equal(updating_events(&rig, EVENT_IMAGE_REVERTED, NULL), 1);
    assert_int_equal(updating_status(&rig).running_slot, 0);
    updating_apply(&rig); /* it is still whole, and can be tried again */
    assert_int_equal(updating_do(&rig, COMMAND_UPDATE_CONFIRM).reasons, 0);
    updating_pass(&rig, 48 * (int64_t)HOUR);
    assert_int_equal(updating_status(&rig).running_version, 4);
    assert_int_equal(rig.resets, 4); /* there, back, that one, there */
}

/* Whatever makes the core start while an image is tried: the one before runs from then on. */
static void any_other_start_ends_the_trial(void **state)
{
    (void)state;
    static const enum boot_cause causes[] = { BOOT_POWER, BOOT_WATCHDOG, BOOT_BROWN_OUT, BOOT_COMMAND };
    start(RATE);
    for (unsigned before = 0; before < 2; before++) { /* the factory's, then a confirmed one */
        unsigned slot = before + 1;
        for (unsigned i = 0; i < 8; i++) {
            struct event event;
            struct rig_reset reset = { .cause = causes[i % 4], .off = { 300 } };
            reset.memory = i < 4 ? RIG_MEMORY_KEPT : RIG_MEMORY_LOST;
            memcpy(&fork, &rig, sizeof fork);
            updating_apply(&fork);
            updating_pass(&fork, HOUR);
            assert_int_equal(updating_status(&fork).running_slot, slot);
            rig_reset_as(&fork, &reset);
            updating_pass(&fork, 1000);
            struct update_status status = updating_status(&fork);
            assert_true(status.running_slot == before && status.slot[slot - 1].state == IMAGE_WHOLE);
            assert_int_equal(status.running_version, before == 0 ? UPDATING_FACTORY : 4);
            assert_int_equal(updating_events(&fork, EVENT_IMAGE_REVERTED, &event), 1);
            assert_true(event.field[0] == slot && event.field[2] == causes[i % 4] && event.field[3] == 1);
            assert_int_equal(updating_do(&fork, COMMAND_UPDATE_CONFIRM).reasons, before == 0 ? VERDICT_IMAGE : 0);
            assert_int_equal(updating_status(&fork).floor_version, before == 0 ? 0 : 4); /* not that of what was given up */
            updating_pass(&fork, HOUR);
            assert_int_equal(status_of(&fork).mode, MODE_RUNNING);
        }
        updating_apply(&rig);
        assert_int_equal(updating_do(&rig, COMMAND_UPDATE_CONFIRM).reasons, 0);
        signer_build(&updating_signer, &build, rig.unit.model.code, 5 + before, SMALL);
        updating_install(&rig, &build);
    }
}

static void a_hanging_image_is_given_up_by_the_watchdog(void **state)
{
    (void)state;
    start(RATE);
    updating_apply(&rig);
    rig_hang(&rig);
    updating_pass(&rig, RIG_WATCHDOG_MS + 2 * QUANTUM_MS);
    assert_int_equal(updating_status(&rig).running_slot, 0);
    assert_int_equal(updating_events(&rig, EVENT_IMAGE_REVERTED, NULL), 1);
}

/* A bolus, prime or bridge under way, or a scheduled bolus about to begin: none is lost to an update. */
static void no_start_while_a_course_runs_or_is_near(void **state)
{
    (void)state;
    start(RATE);
    memcpy(&fork, &rig, sizeof fork);
    assert_int_equal(updating_give(&fork, ROLE_PATIENT, (struct command){ .kind = COMMAND_PATIENT_BOLUS }).reasons, 0);
    assert_int_equal(updating_do(&fork, COMMAND_UPDATE_APPLY).reasons, VERDICT_COURSE_RUNNING);
    assert_int_equal(updating_status(&fork).slot[0].state, IMAGE_WHOLE);
    updating_pass(&fork, 11 * MINUTE_MS); /* 10 uL at 1 uL a minute */
    assert_int_equal(status_of(&fork).course, COURSE_NONE);
    updating_apply(&fork);

    struct therapy therapy = updating_therapy(&rig, RATE);
    struct receipt receipt;
    memcpy(&fork, &rig, sizeof fork);
    therapy.program.opening = (struct opening){ .kind = OPENING_PRIME, .volume = { 200000 }, .rate = { 1440000 } };
    rig_activate(&fork, &therapy, false, &receipt);
    assert_int_equal(receipt.reasons, 0);
    assert_int_equal(updating_do(&fork, COMMAND_UPDATE_APPLY).reasons, VERDICT_COURSE_RUNNING);

    therapy = updating_therapy(&rig, RATE);
    therapy.program.kind = PROGRAM_PERIODIC;
    therapy.program.periodic = (struct periodic_bolus){ .volume = { 5000 }, .rate = { 1440000 }, .interval_minutes = 60,
                                                        .first_minutes = 30 };
    rig_activate(&rig, &therapy, false, &receipt);
    assert_int_equal(receipt.reasons, 0);
    int64_t due = rig.now.ms + 30 * MINUTE_MS;
    for (int64_t before = 2700; before >= 0; before -= 150) {
        memcpy(&fork, &rig, sizeof fork);
        updating_pass(&fork, due - before - fork.now.ms);
        receipt = updating_do(&fork, COMMAND_UPDATE_APPLY);
        bool near = before <= TRIAL_GAP_MS + fork.unit.model.motor_timeout.ms;
        assert_int_equal(receipt.reasons, !near ? 0 : before > 0 ? VERDICT_SCHEDULED_BOLUS : VERDICT_COURSE_RUNNING);
        if (before > 0 && near)
            assert_int_equal(receipt.earliest.ms, due + 5 * MINUTE_MS);
        updating_pass(&fork, 20 * MINUTE_MS);
        assert_int_equal(updating_events(&fork, EVENT_COURSE_SKIPPED, NULL), 0);
        struct event event;
        assert_int_equal(updating_events(&fork, EVENT_COURSE_END, &event), 1);
        assert_int_equal(event.field[3], COURSE_COMPLETE);
    }
}

static void the_end_of_a_trial_waits_for_a_bolus(void **state)
{
    (void)state;
    struct event event;
    start(RATE);
    updating_apply(&rig);
    updating_pass(&rig, 24 * (int64_t)HOUR - 3 * MINUTE_MS);
    assert_int_equal(updating_give(&rig, ROLE_PATIENT, (struct command){ .kind = COMMAND_PATIENT_BOLUS }).reasons, 0);
    updating_pass(&rig, 9 * MINUTE_MS);
    assert_int_equal(updating_status(&rig).running_slot, 1);
    updating_pass(&rig, 3 * MINUTE_MS);
    assert_int_equal(updating_status(&rig).running_slot, 0);
    assert_int_equal(updating_events(&rig, EVENT_COURSE_END, &event), 1);
    assert_int_equal(event.field[3], COURSE_COMPLETE);
}

static void the_end_of_a_trial_waits_for_a_scheduled_bolus(void **state)
{
    (void)state;
    struct event event;
    struct receipt receipt;
    start(RATE);
    updating_apply(&rig);
    int64_t ends = updating_status(&rig).revert.ms;
    struct therapy therapy = updating_therapy(&rig, RATE);
    therapy.program.kind = PROGRAM_PERIODIC;
    therapy.program.periodic = (struct periodic_bolus){ .volume = { 5000 }, .rate = { 1440000 }, .interval_minutes = 120,
                                                        .first_minutes = 60 };
    updating_pass(&rig, ends - HOUR + 1000 - rig.now.ms); /* the bolus is due a second after the trial's end */
    rig_activate(&rig, &therapy, false, &receipt);
    assert_int_equal(receipt.reasons, 0);
    updating_pass(&rig, HOUR + 3 * MINUTE_MS);
    assert_int_equal(updating_status(&rig).running_slot, 1);
    updating_pass(&rig, 7 * MINUTE_MS);
    assert_int_equal(updating_status(&rig).running_slot, 0);
    assert_int_equal(updating_events(&rig, EVENT_COURSE_SKIPPED, NULL), 0);
    assert_int_equal(updating_events(&rig, EVENT_COURSE_END, &event), 1);
    assert_int_equal(event.field[3], COURSE_COMPLETE);
}

/* While the last quantum moves nothing may begin that the start would break off; but there is always a way down. */
static void between_the_wish_and_the_start(void **state)
{
    (void)state;
    start(RATE);
    updating_pass(&rig, QUANTUM_MS - rig.now.ms % QUANTUM_MS + 100); /* a quantum is under way for 300 ms more */
    assert_int_equal(updating_do(&rig, COMMAND_UPDATE_APPLY).reasons, 0);
    assert_int_equal(rig.resets, 0);
    memcpy(&fork, &rig, sizeof fork);
    assert_int_equal(updating_give(&rig, ROLE_PATIENT, (struct command){ .kind = COMMAND_PATIENT_BOLUS }).reasons, VERDICT_MODE);
    assert_int_equal(updating_do(&rig, COMMAND_UPDATE_APPLY).reasons, VERDICT_MODE);
    assert_int_equal(updating_give(&fork, ROLE_CLINICIAN, (struct command){ .kind = COMMAND_STOP }).reasons, 0);
    updating_pass(&rig, 1000);
    updating_pass(&fork, 1000);
    assert_true(rig.resets == 1 && fork.resets == 1);
    assert_int_equal(updating_give(&rig, ROLE_PATIENT, (struct command){ .kind = COMMAND_PATIENT_BOLUS }).reasons, 0);
    assert_int_equal(status_of(&fork).mode, MODE_STOPPED);
}

static void a_prime_goes_on_after_a_trial_has_ended(void **state)
{
    (void)state;
    struct event event;
    struct receipt receipt;
    start(RATE);
    struct therapy therapy = updating_therapy(&rig, RATE);
    updating_apply(&rig);
    updating_pass(&rig, 24 * (int64_t)HOUR - HOUR);
    therapy.program.opening = (struct opening){ .kind = OPENING_PRIME, .volume = { 200000 }, .rate = { 1440000 } };
    rig_activate(&rig, &therapy, false, &receipt);
    assert_int_equal(receipt.reasons, 0);
    updating_pass(&rig, HOUR + MINUTE_MS);
    assert_int_equal(updating_status(&rig).running_slot, 0);
    assert_int_equal(status_of(&rig).course, COURSE_PRIME);
    updating_pass(&rig, 4 * (int64_t)HOUR);
    assert_int_equal(updating_events(&rig, EVENT_COURSE_END, &event), 1);
    assert_int_equal(event.field[3], COURSE_COMPLETE);
    assert_in_range(event.field[1], 799, 801); /* quanta: 200 uL */
}

/* Starts that were asked for are not those of which three in a day hold the safe state. */
static void starts_by_command_are_no_faults(void **state)
{
    (void)state;
    start(RATE);
    for (uint32_t version = 4; version < 10; version++)
        confirm(version);
    assert_int_equal(rig.resets, 6);
    assert_int_equal(status_of(&rig).mode, MODE_RUNNING);
    assert_int_equal(updating_events(&rig, EVENT_RESETS, NULL), 0);
    assert_int_equal(updating_status(&rig).floor_version, 9);
}

/* The newest confirmed image is damaged: the one before runs, and when that is too the factory's. Therapy goes on. */
static void a_damaged_image_gives_way_to_an_older_one(void **state)
{
    (void)state;
    struct event event;
    start(RATE);
    confirm(5);
    confirm(6);
    for (unsigned slot = 2; slot > 0; slot--) {
        assert_int_equal(updating_status(&rig).running_slot, slot);
        updating_content(&rig, slot)[99] ^= 16;
        rig_reset(&rig, RIG_MEMORY_KEPT);
        updating_pass(&rig, HOUR);
        assert_int_equal(updating_status(&rig).running_slot, slot - 1);
        assert_int_equal(updating_status(&rig).floor_version, 6);
        assert_true(updating_events(&rig, EVENT_IMAGE_REVERTED, &event) > 0);
        assert_int_equal(event.field[3], 0);
        assert_int_equal(status_of(&rig).mode, MODE_RUNNING);
    }
    confirm(7);
    assert_int_equal(updating_status(&rig).running_version, 7);
}

/* An image that is tried has no room beside it for another: the one before must stay. */
static void nothing_is_received_while_an_image_is_tried(void **state)
{
    (void)state;
    start(RATE);
    updating_apply(&rig);
    signer_build(&updating_signer, &build, rig.unit.model.code, 5, SMALL);
    assert_int_equal(updating_begin(&rig, &build).reasons, VERDICT_IMAGE);
    assert_int_equal(updating_do(&rig, COMMAND_UPDATE_APPLY).reasons, VERDICT_IMAGE);
    assert_int_equal(updating_do(&rig, COMMAND_UPDATE_CONFIRM).reasons, 0);
    assert_int_equal(updating_begin(&rig, &build).reasons, 0);
}

/* What was received so far is lost by a start, and said to be. */
static void a_start_forgets_what_was_not_whole(void **state)
{
    (void)state;
    struct event event;
    start(RATE);
    signer_build(&updating_signer, &build, rig.unit.model.code, 5, SMALL);
    assert_int_equal(updating_begin(&rig, &build).reasons, 0);
    assert_int_equal(updating_send(&rig, &build).reasons, 0);
    rig_reset(&rig, RIG_MEMORY_KEPT);
    assert_int_equal(updating_status(&rig).slot[0].state, IMAGE_EMPTY);
    assert_int_equal(updating_status(&rig).filled_bytes, 0);
    updating_events(&rig, EVENT_IMAGE, &event);
    assert_true(event.field[0] == 1 && event.field[1] == IMAGE_EMPTY);
    unsigned told = updating_events(&rig, EVENT_IMAGE, NULL);
    rig_reset(&rig, RIG_MEMORY_KEPT);
    assert_int_equal(updating_events(&rig, EVENT_IMAGE, NULL), told); /* once */
    assert_int_equal(updating_do(&rig, COMMAND_UPDATE_SEAL).reasons, VERDICT_IMAGE);
    confirm(5);
}

int main(void)
{
    updating_signer = signer_make(1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_start_costs_at_most_a_quantum),
        cmocka_unit_test(a_start_costs_at_most_a_quantum_at_the_largest_flow),
        cmocka_unit_test(what_is_not_confirmed_in_a_day_is_given_up),
        cmocka_unit_test(any_other_start_ends_the_trial),
        cmocka_unit_test(a_hanging_image_is_given_up_by_the_watchdog),
        cmocka_unit_test(no_start_while_a_course_runs_or_is_near),
        cmocka_unit_test(the_end_of_a_trial_waits_for_a_bolus),
        cmocka_unit_test(the_end_of_a_trial_waits_for_a_scheduled_bolus),
        cmocka_unit_test(between_the_wish_and_the_start),
        cmocka_unit_test(a_prime_goes_on_after_a_trial_has_ended),
        cmocka_unit_test(starts_by_command_are_no_faults),
        cmocka_unit_test(a_damaged_image_gives_way_to_an_older_one),
        cmocka_unit_test(nothing_is_received_while_an_image_is_tried),
        cmocka_unit_test(a_start_forgets_what_was_not_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
