/* store_attack_test.c - attacks on what a pump keeps: storms of activations that wrap the flash, memory and clock taken
 * away again and again, power glitches to force the safe rate. Promises 1, 2, 4 and 5. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/attack/ward.h"

static struct ward ward;

static struct mixture morphine(void)
{
    return bedside_drug(DRUG_MORPHINE, NG_PER_MG);
}

static struct therapy settle(int32_t nl_day)
{
    struct mixture mixture = morphine();
    ward_admit(&ward, "C20", &mixture);
    struct therapy therapy = bedside_therapy(&ward.bed, &mixture, nl_day);
    therapy.safe_rate.nl_day = 100000;
    bedside_permit(&therapy, 5000, 4 * NL_PER_ML, 60, 6);
    bedside_treat(&ward.bed, &therapy);
    ward_pass(&ward, 90);
    return therapy;
}

static void assert_within_the_hour(void)
{
    struct mixture mixture = morphine();
    assert_true(ward.worst_hour_fg <= ward_mass(&mixture, 200000));
}

static void lose(bool memory, bool clock)
{
    struct rig_reset reset = { .cause = BOOT_COMMAND, .clock_lost = clock };
    reset.memory = memory ? RIG_MEMORY_LOST : RIG_MEMORY_KEPT;
    rig_reset_as(&ward.bed.rig, &reset);
    ward.bed.seen = pump_log_last(&ward.bed.rig.pump);
    bedside_pass(&ward.bed, 0);
}

/* Hundreds of activations within seconds: sectors wrap faster than they can be erased. What is refused is refused for
 * that, and whenever all memory goes the therapy is the last one that was applied. */
static void a_storm_of_activations_loses_no_therapy(void **state)
{
    (void)state;
    struct therapy therapy = settle(400000);
    unsigned applied = 0, refused = 0;
    int32_t in_force = 400000;
    for (int32_t i = 0; i < 400; i++) {
        therapy.program.base.nl_day = 300000 + i % 7 * 10000;
        struct receipt receipt = bedside_activate(&ward.bed, &therapy, false);
        if (receipt.reasons == 0) {
            in_force = therapy.program.base.nl_day;
            applied++;
        } else {
            assert_int_equal(receipt.reasons, VERDICT_STORAGE);
            refused++;
        }
        assert_int_equal(bedside_status(&ward.bed).base.nl_day, in_force);
        bedside_pass(&ward.bed, i % 3 * 30);
    }
    assert_true(applied > 300);
    print_message("%u applied, %u refused until a sector is erased\n", applied, refused);
    lose(true, false);
    assert_int_equal(bedside_status(&ward.bed).base.nl_day, in_force);
    assert_true(bedside_alarmed(&ward.bed, ALARM_AT_MEMORY_LOST));
}

/* All memory but flash is taken away every hour for two days while the patient presses: no bolus, no more than the base,
 * no less. */
static void memory_taken_away_for_days_gives_no_dose(void **state)
{
    (void)state;
    (void)settle(400000);
    ward_pass(&ward, 3 * DAY_MINUTES);
    int64_t before = bedside_dose_fg(&ward.bed, DRUG_MORPHINE);
    for (unsigned i = 0; i < 48; i++) {
        lose(true, false);
        assert_refused(bedside_press(&ward.bed), VERDICT_RECOVERING);
        ward_pass(&ward, 60);
    }
    int64_t given_nl = (bedside_dose_fg(&ward.bed, DRUG_MORPHINE) - before) / NG_PER_MG;
    assert_in_range(given_nl, 800000 - 48 * 250, 800000 + 250); /* a fraction of a quantum is lost each time */
}

/* The clock is taken away after each bolus: to the pump no time has passed, and the lockout does not get shorter. */
static void clocks_taken_away_buy_no_bolus(void **state)
{
    (void)state;
    (void)settle(400000);
    assert_applied(bedside_press(&ward.bed));
    for (unsigned i = 0; i < 20; i++) {
        ward_pass(&ward, 2);
        lose(false, true);
        assert_true(bedside_alarmed(&ward.bed, ALARM_AT_CLOCK_LOST));
        assert_refused(bedside_press(&ward.bed), VERDICT_LOCKOUT);
    }
    ward_pass(&ward, 61);
    assert_applied(bedside_press(&ward.bed)); /* and it ends */
    assert_within_the_hour();
}

/* Glitches of the supply force the safe rate: never a stop, it is told, and a clinician ends it, not a cleared alarm alone. */
static void glitches_force_no_more_than_the_safe_rate(void **state)
{
    (void)state;
    (void)settle(400000);
    for (unsigned i = 0; i < 40; i++) {
        bedside_pass(&ward.bed, 90000 + i * 1000);
        bedside_reset(&ward.bed, RIG_MEMORY_KEPT);
        int32_t base = bedside_status(&ward.bed).base.nl_day;
        assert_true(base == 400000 || base == 100000);
    }
    assert_true(bedside_alarmed(&ward.bed, ALARM_AT_RESETS));
    assert_int_equal(bedside_status(&ward.bed).base.nl_day, 100000);
    assert_refused(bedside_resume(&ward.bed, false), VERDICT_LATCHED_SAFE);
    assert_refused(bedside_press(&ward.bed), VERDICT_NOT_RUNNING);
    struct command clear = { .kind = COMMAND_CLEAR_ALARM, .alarm = ALARM_RESETS };
    assert_applied(bedside_give(&ward.bed, ROLE_CLINICIAN, clear));
    assert_int_equal(bedside_status(&ward.bed).base.nl_day, 100000);
    assert_applied(bedside_resume(&ward.bed, false));
    assert_int_equal(bedside_status(&ward.bed).base.nl_day, 400000);
}

/* Every word of the governor is rubbish at a start in the midst of a bolus: no memory is reached by it, and it is told. */
static void a_governor_of_rubbish_is_not_leant_on(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 64; round++) {
        (void)settle(400000);
        assert_applied(bedside_press(&ward.bed));
        ward_pass(&ward, 1);
        uint8_t *byte = (uint8_t *)&ward_memory(&ward)->governor;
        for (size_t i = 0; i < sizeof(struct governor); i++)
            byte[i] = (uint8_t)(0x9E3779B97F4A7C15u * (i + 1) * (round + 1) >> 56);
        bedside_restart(&ward.bed);
        assert_true(bedside_alarmed(&ward.bed, ALARM_AT_MEMORY_LOST));
        ward_pass(&ward, 60);
        assert_within_the_hour();
    }
}

/* The flash is scribbled over while the pump runs, then power and memory go: it says so, and nothing flows unasked. */
static void a_ruined_flash_and_a_lost_memory_are_told(void **state)
{
    (void)state;
    (void)settle(400000);
    for (size_t at = 0; at < FLASH_BYTES; at += 7)
        ward.bed.rig.twin.flash.byte[at] ^= 0x10;
    lose(true, false);
    ward_pass(&ward, 60);
    assert_true(bedside_alarmed(&ward.bed, ALARM_AT_MEMORY_LOST));
    assert_false(ward.bed.rig.stuck);
    assert_within_the_hour();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_storm_of_activations_loses_no_therapy),
        cmocka_unit_test(memory_taken_away_for_days_gives_no_dose),
        cmocka_unit_test(clocks_taken_away_buy_no_bolus),
        cmocka_unit_test(glitches_force_no_more_than_the_safe_rate),
        cmocka_unit_test(a_governor_of_rubbish_is_not_leant_on),
        cmocka_unit_test(a_ruined_flash_and_a_lost_memory_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
