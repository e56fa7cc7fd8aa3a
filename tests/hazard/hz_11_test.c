/* HZ-11: the pump delivers more than it was told. REQ-RSVR-01, REQ-THER-09 (HZ-39: see hz_39).
 *
 * Some pumps gave over 14.5 % more than commanded; every count inside them was right and two patients died. The
 * encoder cannot see it, so the refill must: less is found than was calculated. Without the comparison the
 * discrepancy ends in the syringe. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/bedside.h"

static void over_infuse(struct bedside *bed, double factor)
{
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(bed, &morphine, NL_PER_ML / 2);
    bedside_treat(bed, &therapy);
    if (factor > 1.0)
        twin_set_fault(&bed->rig.twin, TWIN_FAULT_OVERINFUSION, factor);
    bedside_pass(bed, 20 * (int64_t)DAY_MS);
    assert_applied(bedside_refill(bed, &morphine, 18 * NL_PER_ML, NULL, false));
}

static void test_over_infusion_is_found_at_refill(void **state)
{
    (void)state;
    static struct bedside bed;
    over_infuse(&bed, 1.2); /* 12 mL instead of 10 */
    assert_true(bedside_alarmed(&bed, ALARM_AT_REFILL_SHORTFALL));
    assert_false(bedside_alarmed(&bed, ALARM_AT_REFILL_EXCESS));
    assert_in_range(-bed.last[EVENT_ALARM_RAISED].field[2], 1990000, 2010000); /* the signed difference is on record */
    assert_int_equal(alarm_row(ALARM_AT_REFILL_SHORTFALL)->priority, ALARM_PRIORITY_HIGH);
    /* it stays until a clinician has seen it, whatever happens to the pump */
    bedside_reset(&bed, RIG_MEMORY_KEPT);
    assert_true(bedside_alarmed(&bed, ALARM_AT_REFILL_SHORTFALL));
    struct command clear = { .kind = COMMAND_CLEAR_ALARM, .alarm = ALARM_REFILL_SHORTFALL };
    assert_refused(bedside_give(&bed, ROLE_PATIENT, clear), VERDICT_ROLE);
    assert_true(bedside_alarmed(&bed, ALARM_AT_REFILL_SHORTFALL));
}

static void test_an_exact_pump_raises_nothing(void **state)
{
    (void)state;
    static struct bedside bed;
    over_infuse(&bed, 1.0);
    assert_int_equal(bedside_status(&bed).alarms, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_over_infusion_is_found_at_refill),
        cmocka_unit_test(test_an_exact_pump_raises_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
