/* HZ-31: boluses and base together overfill a dose window although each grant looked right. REQ-THER-08, REQ-THER-09.
 *
 * The published rule of an open pump asks what was delivered so far. Right after a stop that is nothing, so boluses
 * are granted, and then the base fills the same window over its limit. This is that trace (an hour for its four;
 * limit 12, base 8 in a full window, boluses of 3), with a stop, a change of rate and a change of program as its
 * start. A whole window of base must be reserved before any bolus. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/bedside.h"

enum { UNIT_NL = 10000, LIMIT = 12, BASE = 8, BOLUS = 3, CONC = 10 * NG_PER_MG };

static struct therapy traced(const struct bedside *bed, int32_t base)
{
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, CONC);
    struct therapy therapy = bedside_therapy(bed, &morphine, base * UNIT_NL * 24);
    bedside_limit(&therapy, LIMIT * UNIT_NL, 24 * LIMIT * UNIT_NL);
    bedside_permit(&therapy, BOLUS * UNIT_NL, 20 * NL_PER_ML, 1, 48); /* two minutes */
    return therapy;
}

/* Full of the drug up to the tip, so that every quantum counts; then quiet for a long time. */
static void start(struct bedside *bed)
{
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, CONC);
    bedside_implant(bed, "C20", &morphine);
    struct therapy therapy = traced(bed, BASE);
    bedside_treat(bed, &therapy);
    bedside_pass(bed, DAY_MS);
    assert_applied(bedside_do(bed, COMMAND_STOP));
    bedside_pass(bed, 12 * HOUR_MS);
}

/* The greatest volume that truly left the tip in any hour from now on, sampled every quarter minute over `hours`. */
static int64_t worst_hour_nl(struct bedside *bed, unsigned hours)
{
    enum { SAMPLES_AN_HOUR = 240 };
    static int64_t at[SAMPLES_AN_HOUR * 8 + 1];
    int64_t worst = 0;
    for (unsigned i = 0; i <= hours * SAMPLES_AN_HOUR; i++) {
        at[i] = rig_nl(bed->rig.twin.totals.delivered).nl;
        int64_t within = i >= SAMPLES_AN_HOUR ? at[i] - at[i - SAMPLES_AN_HOUR] : at[i] - at[0];
        worst = within > worst ? within : worst;
        if (i % 8 == 0)
            (void)bedside_press(bed); /* the patient never stops asking */
        bedside_pass(bed, 15000);
    }
    return worst;
}

/* The published table: first request granted, second refused with its time, where "delivered so far" would have
 * granted it. */
static void published(struct bedside *bed)
{
    int64_t before = rig_nl(bed->rig.twin.totals.delivered).nl;
    bedside_pass(bed, 15 * MINUTE_MS);
    assert_applied(bedside_press(bed));
    bedside_pass(bed, 7 * MINUTE_MS + MINUTE_MS / 2);
    int64_t so_far = rig_nl(bed->rig.twin.totals.delivered).nl - before;
    assert_true(so_far + BOLUS * UNIT_NL <= LIMIT * UNIT_NL); /* the flawed rule says yes */
    struct receipt receipt = bedside_press(bed);
    assert_refused(receipt, VERDICT_HOUR_LIMIT);
    assert_in_range(receipt.earliest.ms, bed->rig.now.ms + 50 * MINUTE_MS, bed->rig.now.ms + 60 * MINUTE_MS);
    assert_true(worst_hour_nl(bed, 4) <= LIMIT * UNIT_NL);
    assert_int_equal(bedside_status(bed).withheld_quanta, 0); /* by the grants alone: the governor had nothing to do */
}

static void test_after_a_stop(void **state)
{
    (void)state;
    static struct bedside bed;
    start(&bed);
    assert_applied(bedside_resume(&bed, false));
    published(&bed);
}

static void test_after_a_change_of_program(void **state)
{
    (void)state;
    static struct bedside bed;
    start(&bed);
    struct therapy therapy = traced(&bed, BASE);
    therapy.name[0] = 'H';
    assert_applied(bedside_activate(&bed, &therapy, false));
    published(&bed);
}

static void test_after_a_rise_from_the_minimum(void **state)
{
    (void)state;
    static struct bedside bed;
    start(&bed);
    assert_applied(bedside_do(&bed, COMMAND_MINIMUM));
    bedside_pass(&bed, 6 * HOUR_MS);
    struct therapy therapy = traced(&bed, BASE);
    assert_applied(bedside_activate(&bed, &therapy, false));
    published(&bed);
}

/* The step of a day program that comes later is reserved for from the start. */
static void test_a_step_still_to_come_is_reserved_for(void **state)
{
    (void)state;
    static struct bedside bed;
    start(&bed);
    struct therapy therapy = traced(&bed, 0);
    therapy.program.base.nl_day = 0;
    therapy.program.kind = PROGRAM_FLEX;
    therapy.program.day_set_count = 1;
    /* activated at 20:00; from 20:30 on the high base */
    therapy.program.day_set[0] =
        (struct day_set){ 3, { { 0, { 48000 } }, { 1230, { BASE * UNIT_NL * 24 } }, { 1380, { 48000 } } } };
    assert_applied(bedside_activate(&bed, &therapy, false));
    published(&bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_after_a_stop),
        cmocka_unit_test(test_after_a_change_of_program),
        cmocka_unit_test(test_after_a_rise_from_the_minimum),
        cmocka_unit_test(test_a_step_still_to_come_is_reserved_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
