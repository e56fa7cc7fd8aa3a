/* HZ-32: stopping is taken for safe where it is itself the harm. REQ-THER-16, REQ-ALRM-02.
 *
 * For an opioid the safe end of a fault is silence; for baclofen or clonidine silence can kill. A pump with one
 * idea of safety is wrong for half of its patients. Here the therapy carries its own safe rate and its own rank of
 * under-delivery: a fault drops to that rate, and too little sounds as loud as it is bad. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/bedside.h"

/* A stall beyond the restart limit: the fault that ends in the safe state. */
static void faulted(struct bedside *bed, uint16_t drug, int32_t safe_nl_day, uint8_t under_delivery)
{
    struct mixture mixture = bedside_drug(drug, 2 * NG_PER_MG);
    bedside_implant(bed, "C20", &mixture);
    struct therapy therapy = bedside_therapy(bed, &mixture, NL_PER_ML / 2);
    therapy.safe_rate.nl_day = safe_nl_day;
    therapy.under_delivery = under_delivery;
    therapy.restart_limit_hours = 12;
    bedside_treat(bed, &therapy);
    bedside_pass(bed, DAY_MS);
    twin_set_fault(&bed->rig.twin, TWIN_FAULT_STALL, 1);
    bedside_pass(bed, HOUR_MS);
    assert_int_equal(bed->last[EVENT_ALARM_RAISED].field[1], under_delivery);
    assert_int_equal(bed->rig.twin.tone, under_delivery == PRIORITY_LOW ? TONE_SINGLE : TONE_DUAL);
    bedside_pass(bed, 12 * HOUR_MS);
    twin_set_fault(&bed->rig.twin, TWIN_FAULT_STALL, 0);
    assert_int_equal(bedside_status(bed).mode, MODE_SAFE);
    assert_true(bedside_alarmed(bed, ALARM_AT_INTERRUPTED_LONG));
    bedside_pass(bed, HOUR_MS);
}

static void test_baclofen_goes_on_at_its_safe_rate(void **state)
{
    (void)state;
    static struct bedside bed;
    faulted(&bed, DRUG_BACLOFEN, 100000, PRIORITY_HIGH);
    int64_t moved = bedside_moved(&bed);
    bedside_pass(&bed, 2 * (int64_t)DAY_MS);
    assert_in_range(bedside_moved(&bed) - moved, 799, 801); /* 0.2 mL in two days */
    bedside_reset(&bed, RIG_MEMORY_KEPT);                   /* nor does a reset bring back the full dose, or none */
    moved = bedside_moved(&bed);
    bedside_pass(&bed, DAY_MS);
    assert_int_equal(bedside_status(&bed).mode, MODE_SAFE);
    assert_in_range(bedside_moved(&bed) - moved, 399, 401);
}

static void test_an_opioid_with_safe_rate_zero_is_silent(void **state)
{
    (void)state;
    static struct bedside bed;
    faulted(&bed, DRUG_MORPHINE, 0, PRIORITY_LOW);
    int64_t moved = bedside_moved(&bed);
    bedside_pass(&bed, 2 * (int64_t)DAY_MS);
    assert_int_equal(bedside_moved(&bed), moved);
}

/* The safe rate must itself be a flow this pump can keep up within the limits, or zero. */
static void test_a_safe_rate_must_be_safe(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture baclofen = bedside_drug(DRUG_BACLOFEN, 2 * NG_PER_MG);
    bedside_implant(&bed, "C20", &baclofen);
    static const int32_t WRONG[] = { 1, 47999, 2 * NL_PER_ML, 24 * NL_PER_ML + 1 };
    for (unsigned i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        struct therapy therapy = bedside_therapy(&bed, &baclofen, NL_PER_ML / 2);
        therapy.safe_rate.nl_day = WRONG[i];
        assert_refused(bedside_activate(&bed, &therapy, false), VERDICT_SAFE_RATE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_baclofen_goes_on_at_its_safe_rate),
        cmocka_unit_test(test_an_opioid_with_safe_rate_zero_is_silent),
        cmocka_unit_test(test_a_safe_rate_must_be_safe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
