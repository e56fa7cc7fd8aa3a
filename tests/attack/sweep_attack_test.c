/* sweep_attack_test.c - bits of the retained memory flipped one at a time: the base goes on as prescribed, and where
 * the pump cannot know any more what it gave, it says so and grants no bolus. Promises 1, 4 and 5. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/bench.h"

enum { STRIDE = 61 }; /* coprime to 8 and 64: every bit of a word comes; 1 for the whole sweep */

static struct stand start, fork;

struct after {
    int64_t base, commanded; /* quanta: those of the base, and all */
    bool bolus, told;
};

/* 100 minutes, the hourly look among them, with the patient asking for a bolus after 30. */
static struct after live(bool reset)
{
    struct after after;
    int64_t from_ms = fork.now.ms;
    if (reset)
        stand_reset(&fork);
    stand_run(&fork, from_ms + 30 * MINUTE_MS);
    after.bolus = bench_tell(&fork, COMMAND_PATIENT_BOLUS).reasons == 0;
    stand_run(&fork, from_ms + 100 * MINUTE_MS);
    struct pump_status status = stand_status(&fork);
    after.commanded = (int64_t)(fork.twin.totals.displaced * 1e12 / 250 + 0.5); /* the truth, not the pump's count */
    after.base = after.commanded - (after.bolus ? 40 : 0);
    after.told = (status.alarms & (uint32_t)1 << ALARM_AT_MEMORY_LOST) != 0;
    return after;
}

static void sweep(bool reset)
{
    fork = start;
    const struct after whole = live(reset);
    unsigned same = 0, told = 0;
    for (size_t bit = 0; bit < 8 * sizeof(struct kept); bit += STRIDE) {
        fork = start;
        fork.twin.retained[bit / 64] ^= (uint64_t)1 << bit % 64;
        struct after after = live(reset);
        assert_in_range(after.base, whole.base - 1, whole.base + 1);
        assert_true(after.bolus == whole.bolus || (after.told && !after.bolus));
        same += !after.told;
        told += after.told;
    }
    assert_true(same > 0 && told > 0);
}

static void in_force(int64_t hour_fg)
{
    struct therapy therapy = bench_therapy(&start);
    therapy.limits.drug[0].window[WINDOW_HOUR].fg = hour_fg;
    assert_int_equal(stand_activate(&start, &therapy, false).reasons, 0);
    stand_run(&start, start.now.ms + 20 * MINUTE_MS);
}

/* Two eras in force, so that all of the governor is leant on. */
static void every_bit_while_it_runs(void **state)
{
    (void)state;
    bench_running(&start);
    stand_run(&start, 2 * (int64_t)DAY_MS);
    in_force(400000000000);
    sweep(false);
    sweep(true);
}

static void every_bit_in_recovery(void **state)
{
    (void)state;
    bench_running(&start);
    stand_run(&start, 2 * (int64_t)DAY_MS);
    in_force(400000000000);
    bench_kept(&start)->governor.charge_inv[0] ^= 1;
    stand_run(&start, start.now.ms + 5 * MINUTE_MS);
    struct command clear = { .kind = COMMAND_CLEAR_ALARM, .alarm = alarm_row(ALARM_AT_MEMORY_LOST)->code };
    assert_int_equal(stand_tell(&start, ROLE_CLINICIAN, clear).reasons, 0);
    sweep(false);
    sweep(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bit_while_it_runs),
        cmocka_unit_test(every_bit_in_recovery),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
