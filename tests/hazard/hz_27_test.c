/* HZ-27: an interrupted bolus is resumed with the wrong amount. REQ-THER-06, REQ-THER-07.
 *
 * A syringe pump was interrupted in a bolus, primed, and then resumed the bolus: four patients got more than was
 * meant. A suspended remainder is a hidden dose. Here whatever cuts a bolus short closes it with what was metered;
 * nothing of it is left to resume, more needs a new request, and no prime can come in between. */
// SPDX-License-Identifier: Apache-2.0
#include "core/catalog.h"
#include "tests/hazard/bedside.h"

enum { BOLUS_NL = 50000, BOLUS_QUANTA = BOLUS_NL / 250 };

static struct therapy THERAPY;

static void start(struct bedside *bed)
{
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(bed, "C20", &morphine);
    THERAPY = bedside_therapy(bed, &morphine, 48000);
    bedside_treat(bed, &THERAPY);
    bedside_pass(bed, DAY_MS);
    assert_applied(bedside_bolus(bed, BOLUS_NL, 4 * NL_PER_ML)); /* 18 minutes */
    bedside_pass(bed, 6 * MINUTE_MS);
    assert_int_equal(bedside_status(bed).course, COURSE_CLINICIAN);
}

/* It was closed with what was metered, about a third; afterwards there is only base. */
static void assert_closed(struct bedside *bed, int64_t cause)
{
    assert_int_equal(bed->count[EVENT_COURSE_END], 1);
    assert_int_equal(bed->last[EVENT_COURSE_END].field[3], cause);
    assert_in_range(bed->last[EVENT_COURSE_END].field[2], BOLUS_QUANTA / 3 - 2, BOLUS_QUANTA / 3 + 3);
    assert_int_equal(bedside_status(bed).course, COURSE_NONE);
    assert_int_equal(bedside_status(bed).course_left.nl, 0);
    int64_t bolus = bedside_status(bed).commanded_bolus_quanta, all = bedside_moved(bed);
    bedside_pass(bed, DAY_MS);
    assert_in_range(bedside_status(bed).commanded_bolus_quanta - bolus, 0, 1); /* the fraction in hand at most */
    assert_in_range(bedside_moved(bed) - all, 0, 48000 / 250 + 2);
}

static void test_a_stop_closes_it(void **state)
{
    (void)state;
    static struct bedside bed;
    start(&bed);
    assert_applied(bedside_do(&bed, COMMAND_STOP));
    bedside_pass(&bed, MINUTE_MS);
    assert_applied(bedside_resume(&bed, false));
    assert_int_equal(bedside_status(&bed).mode, MODE_RUNNING);
    assert_closed(&bed, 3);
}

static void test_a_stall_closes_it(void **state)
{
    (void)state;
    static struct bedside bed;
    start(&bed);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 1);
    bedside_pass(&bed, MINUTE_MS);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 0);
    assert_closed(&bed, 2);
}

static void test_a_reset_closes_it(void **state)
{
    (void)state;
    static struct bedside bed;
    start(&bed);
    bedside_reset(&bed, RIG_MEMORY_KEPT);
    assert_closed(&bed, 4);
}

static void test_the_minimum_and_a_cancel_close_it(void **state)
{
    (void)state;
    static struct bedside bed, fork;
    start(&bed);
    fork = bed;
    assert_applied(bedside_do(&fork, COMMAND_MINIMUM));
    assert_closed(&fork, 3);
    assert_applied(bedside_do(&bed, COMMAND_CANCEL_COURSE));
    assert_closed(&bed, 1);
}

static void test_no_prime_and_no_second_bolus_comes_between(void **state)
{
    (void)state;
    static struct bedside bed;
    start(&bed);
    struct therapy prime = THERAPY;
    prime.program.opening = (struct opening){ OPENING_PRIME, prime.dead_volume, { NL_PER_ML } };
    assert_refused(bedside_activate(&bed, &prime, false), VERDICT_COURSE_RUNNING);
    assert_refused(bedside_bolus(&bed, BOLUS_NL, 4 * NL_PER_ML), VERDICT_COURSE_RUNNING);
    bedside_pass(&bed, HOUR_MS);
    assert_int_equal(bed.count[EVENT_COURSE_START], 1);
    assert_int_equal(bed.last[EVENT_COURSE_END].field[3], 0); /* the first is whole */
    assert_in_range(bedside_status(&bed).commanded_bolus_quanta, BOLUS_QUANTA - 1, BOLUS_QUANTA + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_stop_closes_it),
        cmocka_unit_test(test_a_stall_closes_it),
        cmocka_unit_test(test_a_reset_closes_it),
        cmocka_unit_test(test_the_minimum_and_a_cancel_close_it),
        cmocka_unit_test(test_no_prime_and_no_second_bolus_comes_between),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
