/* empty_attack_test.c - attacks around an empty reservoir and a weaker filling while an older, stronger drug stands in
 * the catheter: what was accepted flows, and nothing pushes the old drug at the new flow. Promises 1 and 2. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/attack/ward.h"

#include <string.h>

static struct ward ward;
static struct mixture strong, middle, weak;
static struct limits limits; /* of the strong therapy, kept over the changes */

/* Five days of 10 mg/mL, so that the catheter is full of it. */
static void settle(int32_t nl_day)
{
    strong = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    middle = bedside_drug(DRUG_MORPHINE, 2 * NG_PER_MG);
    weak = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    ward_admit(&ward, "C20", &strong);
    struct therapy therapy = bedside_therapy(&ward.bed, &strong, nl_day);
    bedside_limit(&therapy, 30000, 200000);
    bedside_treat(&ward.bed, &therapy);
    ward_pass(&ward, 5 * DAY_MINUTES);
    limits = therapy.limits;
}

/* A therapy of another strength, with a bridge at the old flow when it is to have one. */
static struct therapy next_therapy(const struct mixture *mixture, int32_t nl_day, int32_t bridge_nl_day)
{
    struct therapy therapy = bedside_therapy(&ward.bed, mixture, nl_day);
    therapy.limits.drug[0] = limits.drug[0];
    therapy.restart_limit_hours = 72;
    if (bridge_nl_day > 0)
        therapy.program.opening = (struct opening){ OPENING_BRIDGE, therapy.dead_volume, { bridge_nl_day } };
    return therapy;
}

static int64_t quanta_in(unsigned minutes)
{
    int64_t before = bedside_moved(&ward.bed);
    ward_pass(&ward, minutes);
    return bedside_moved(&ward.bed) - before;
}

static void assert_within_limits(void)
{
    assert_int_equal(bedside_status(&ward.bed).withheld_quanta, 0);
    assert_true(ward.worst_hour_fg <= ward_mass(&strong, 30000));
    assert_true(ward.worst_day_fg <= ward_mass(&strong, 200000));
}

/* Empty in the middle of a bridge to the weak drug. */
static void empty_in_bridge(void)
{
    settle(48000);
    struct therapy therapy = next_therapy(&weak, 480000, 48000);
    assert_applied(bedside_refill(&ward.bed, &weak, 30000, &therapy, true));
    ward_pass(&ward, 2 * DAY_MINUTES);
    assert_int_equal(bedside_status(&ward.bed).mode, MODE_EMPTY);
}

static void safe_rate_returns_after_empty(void **state)
{
    (void)state;
    settle(100000);
    struct therapy therapy = next_therapy(&weak, 480000, 48000);
    therapy.safe_rate.nl_day = 48000;
    therapy.restart_limit_hours = 4;
    assert_applied(bedside_refill(&ward.bed, &weak, 60000, &therapy, true));
    ward_pass(&ward, 60);
    twin_set_fault(&ward.bed.rig.twin, TWIN_FAULT_STALL, 1);
    ward_pass(&ward, 6 * 60);
    twin_set_fault(&ward.bed.rig.twin, TWIN_FAULT_STALL, 0);
    assert_int_equal(bedside_status(&ward.bed).mode, MODE_SAFE);
    ward_pass(&ward, 2 * DAY_MINUTES);
    assert_int_equal(bedside_status(&ward.bed).mode, MODE_EMPTY);
    assert_applied(bedside_refill(&ward.bed, &weak, 10 * NL_PER_ML, NULL, true));
    assert_in_range(quanta_in(DAY_MINUTES), 190, 193);
    assert_within_limits();
}

static void weaker_refill_in_recovery_is_not_paced_as_before(void **state)
{
    (void)state;
    settle(48000);
    ward_confuse_governor(&ward);
    ward_pass(&ward, 30);
    struct therapy therapy = next_therapy(&weak, 480000, 48000);
    therapy.program.opening.kind = OPENING_NONE;
    therapy.limits.drug[0].window[WINDOW_DAY].fg *= 2;
    therapy.limits.drug[0].window[WINDOW_HOUR].fg *= 10;
    struct receipt receipt = bedside_refill(&ward.bed, &weak, 20 * NL_PER_ML, &therapy, false);
    assert_in_range(quanta_in(DAY_MINUTES), receipt.reasons == 0 ? 1918 : 191, 1921); /* refused or given */
}

static void waiting_bridge_gives_way_only_to_what_fits(void **state)
{
    (void)state;
    empty_in_bridge();
    struct ward fork = ward;
    for (unsigned way = 0; way < 4; way++) {
        ward = fork;
        bool bridge = way & 1;
        if (way & 2)
            assert_int_equal(bedside_do(&ward.bed, COMMAND_CANCEL_COURSE).outcome, OUTCOME_NOT_APPLIED);
        struct therapy therapy = next_therapy(&middle, 240000, bridge ? 48000 : 0);
        struct receipt receipt = bedside_refill(&ward.bed, &middle, 20 * NL_PER_ML, &therapy, true);
        assert_int_equal(receipt.outcome == OUTCOME_APPLIED, bridge);
        ward_pass(&ward, 5 * DAY_MINUTES);
        assert_within_limits();
    }
}

static void waiting_bridge_goes_on_after_the_refill(void **state)
{
    (void)state;
    empty_in_bridge();
    assert_applied(bedside_refill(&ward.bed, &weak, 20 * NL_PER_ML, NULL, true));
    assert_int_equal(bedside_status(&ward.bed).course, 2); /* the bridge */
    assert_in_range(quanta_in(DAY_MINUTES), 190, 193);
    assert_within_limits();
}

static void a_stop_while_empty_holds(void **state)
{
    (void)state;
    empty_in_bridge();
    assert_refused(bedside_do(&ward.bed, COMMAND_MINIMUM), VERDICT_MODE);
    assert_applied(bedside_do(&ward.bed, COMMAND_STOP));
    assert_applied(bedside_refill(&ward.bed, &weak, 20 * NL_PER_ML, NULL, true));
    assert_int_equal(bedside_status(&ward.bed).mode, MODE_STOPPED);
    /* Without its bridge it would push the old drug. */
    assert_refused(bedside_resume(&ward.bed, true), VERDICT_DAY_LIMIT);
    assert_int_equal(quanta_in(DAY_MINUTES), 0);
}

/* The therapy's bytes fall in a bridge: the bridge goes on, and is not to be cancelled into the safe rate. */
static void a_bridge_outlives_its_therapy(void **state)
{
    (void)state;
    settle(48000);
    struct therapy therapy = next_therapy(&weak, 960000, 48000);
    therapy.safe_rate.nl_day = 960000;
    assert_applied(bedside_refill(&ward.bed, &weak, 20 * NL_PER_ML, &therapy, true));
    ward_pass(&ward, 60);
    ward_memory(&ward)->therapy[0].check ^= 1;
    ward_memory(&ward)->therapy[1].check ^= 1;
    struct region_span span = region_span(REGION_THERAPY);
    memset(ward.bed.rig.twin.flash.byte + (size_t)span.first * FLASH_SECTOR_BYTES, 0,
           (size_t)span.count * FLASH_SECTOR_BYTES);
    bedside_reset(&ward.bed, RIG_MEMORY_KEPT);
    assert_true(bedside_alarmed(&ward.bed, ALARM_AT_THERAPY_DAMAGED));
    assert_int_equal(bedside_do(&ward.bed, COMMAND_CANCEL_COURSE).outcome, OUTCOME_NOT_APPLIED);
    assert_in_range(quanta_in(DAY_MINUTES), 190, 193);
    assert_within_limits();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(safe_rate_returns_after_empty),
        cmocka_unit_test(weaker_refill_in_recovery_is_not_paced_as_before),
        cmocka_unit_test(waiting_bridge_gives_way_only_to_what_fits),
        cmocka_unit_test(waiting_bridge_goes_on_after_the_refill),
        cmocka_unit_test(a_stop_while_empty_holds),
        cmocka_unit_test(a_bridge_outlives_its_therapy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
