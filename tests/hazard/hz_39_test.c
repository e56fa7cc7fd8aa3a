/* HZ-39: the low-reservoir alarm trusts the programmed rate. REQ-RSVR-01, REQ-ALRM-07.
 *
 * A pump that gives more than it counts runs dry before its low-reservoir alarm: the alarm is computed from the
 * very number that is wrong. This test shows the hole (truth empty, pump calm) so that nobody forgets it, and that
 * its only observer works: the remaining volume is fill minus metered, and a refill that finds less says so and
 * starts from what is true. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/bedside.h"

static void test_the_calculated_volume_is_only_calculated_and_the_refill_finds_out(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML);
    bedside_treat(&bed, &therapy);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_OVERINFUSION, 1.25);
    bedside_pass(&bed, 16 * (int64_t)DAY_MS + HOUR_MS);
    assert_true(rig_nl(bed.rig.twin.reservoir_m3).nl < 250); /* the truth */
    struct pump_status status = bedside_status(&bed);
    assert_in_range(status.remaining.fl / FL_PER_NL, 3950000, 3960000); /* the calculation */
    assert_int_equal(status.remaining.fl, 20 * (int64_t)NL_PER_ML * FL_PER_NL - status.metered.fl);
    assert_int_equal(status.alarms, 1u << ALARM_AT_RESERVOIR_SOON); /* "a few days more", when there are none */

    assert_applied(bedside_refill(&bed, &morphine, 18 * NL_PER_ML, NULL, false));
    assert_true(bedside_alarmed(&bed, ALARM_AT_REFILL_SHORTFALL));
    assert_int_equal(bedside_status(&bed).remaining.fl / FL_PER_NL, 18 * NL_PER_ML);
}

/* With a true mechanism the alarm comes at the volume the clinician set, to the quantum. */
static void test_the_alarm_comes_at_the_volume_set(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    for (int64_t low_ml = 2; low_ml <= 4; low_ml++) {
        bedside_implant(&bed, "C20", &morphine);
        struct therapy therapy = bedside_therapy(&bed, &morphine, 20 * NL_PER_ML);
        bedside_limit(&therapy, 2 * NL_PER_ML, 28 * NL_PER_ML);
        therapy.reservoir_low.nl = low_ml * NL_PER_ML;
        bedside_treat(&bed, &therapy);
        while (bed.raised[ALARM_AT_RESERVOIR_LOW] == 0)
            bedside_pass(&bed, 1000);
        assert_in_range(rig_nl(bed.rig.twin.reservoir_m3).nl, low_ml * NL_PER_ML - 500, low_ml * NL_PER_ML);
        assert_int_equal(bedside_status(&bed).mode, MODE_RUNNING);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_calculated_volume_is_only_calculated_and_the_refill_finds_out),
        cmocka_unit_test(test_the_alarm_comes_at_the_volume_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
