/* HZ-34: a button acts on something other than it says. REQ-LINK-12.
 *
 * A stop ended the temporary rate and not the bolus; another opened a dialogue that stopped nothing. Here *stop*
 * has one meaning in every state: nothing is delivered any more, by base, bolus, prime or bridge. It needs no
 * knowledge of the ledger, because there must always be a way down. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/bedside.h"

enum situation {
    BASE,
    BOLUS,
    PATIENT,
    PRIME,
    BRIDGE,
    PERIODIC,
    MINIMUM,
    SAFE,
    STALLED,
    STAGED,
    RECOVERING,
    MOVING,
    EMPTY,
    SITUATIONS
};

static struct bedside bed;

static void situation(enum situation now)
{
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    struct mixture stronger = bedside_drug(DRUG_MORPHINE, 20 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    bedside_permit(&therapy, 20000, 4 * NL_PER_ML, 60, 4);
    therapy.safe_rate.nl_day = 100000;
    therapy.restart_limit_hours = 1;
    if (now == PRIME)
        therapy.program.opening = (struct opening){ OPENING_PRIME, therapy.dead_volume, { NL_PER_ML } };
    if (now == PERIODIC) {
        therapy.program.kind = PROGRAM_PERIODIC;
        therapy.program.periodic = (struct periodic_bolus){ { 50000 }, { 2 * NL_PER_ML }, 60, 60 };
        therapy.program.patient = (struct patient_bolus){ .allowed = 0 };
    }
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, HOUR_MS);
    switch (now) {
    case BOLUS:
        assert_applied(bedside_bolus(&bed, 50000, 4 * NL_PER_ML));
        break;
    case PATIENT:
        assert_applied(bedside_press(&bed));
        break;
    case BRIDGE:
        bedside_pass(&bed, DAY_MS);
        therapy.mixture = stronger;
        therapy.program.opening = (struct opening){ OPENING_BRIDGE, therapy.dead_volume, { NL_PER_ML / 2 } };
        bedside_limit(&therapy, NL_PER_ML / 5, 2 * NL_PER_ML);
        assert_applied(bedside_refill(&bed, &stronger, 18 * NL_PER_ML, &therapy, false));
        break;
    case MINIMUM:
        assert_applied(bedside_do(&bed, COMMAND_MINIMUM));
        break;
    case SAFE:
    case STALLED:
        twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 1);
        bedside_pass(&bed, now == SAFE ? 2 * HOUR_MS : 30 * MINUTE_MS);
        twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 0);
        break;
    case STAGED: {
        uint8_t token[TOKEN_BYTES];
        struct receipt receipt;
        assert_true(rig_stage(&bed.rig, &therapy, token, &receipt));
        break;
    }
    case RECOVERING:
        ((struct kept *)(void *)bed.rig.twin.retained)->governor.watch[WINDOW_DAY].window[0].sum_fg ^= 64;
        break;
    case EMPTY:
        assert_applied(bedside_refill(&bed, &morphine, 5000, NULL, false));
        bedside_pass(&bed, HOUR_MS);
        break;
    case MOVING:
        while (bed.rig.twin.driver.state != MOTOR_MOVING)
            bedside_pass(&bed, 10);
        break;
    case BASE:
    case PRIME:
    case PERIODIC:
    case SITUATIONS:
        break;
    }
    bedside_pass(&bed, now == MOVING ? 0 : 3 * MINUTE_MS);
}

static void test_stop_is_a_stop_whatever_is_going_on(void **state)
{
    (void)state;
    for (enum situation now = BASE; now < SITUATIONS; now++) {
        situation(now);
        int64_t moved = bedside_moved(&bed);
        bool moving = bed.rig.twin.driver.state == MOTOR_MOVING;
        struct receipt receipt = bedside_do(&bed, COMMAND_STOP);
        if (receipt.reasons != 0)
            fail_msg("situation %d: the stop was refused", now);
        bedside_pass(&bed, 47 * (int64_t)HOUR_MS);
        if (bedside_moved(&bed) != moved + moving) /* the quantum under way is finished: REQ-THER-17 */
            fail_msg("situation %d: %lld quanta after a stop", now, (long long)(bedside_moved(&bed) - moved));
        struct pump_status status = bedside_status(&bed);
        assert_int_equal(status.mode, MODE_STOPPED);
        assert_int_equal(status.course, COURSE_NONE);
        assert_int_equal(status.base.nl_day, 0);
    }
}

/* Who may not stop it: somebody without the right key. And a stop does not ask for the ledger's head. */
static void test_who_and_with_what(void **state)
{
    (void)state;
    situation(BOLUS);
    struct command stop = { .kind = COMMAND_STOP };
    assert_refused(bedside_give(&bed, ROLE_READER, stop), VERDICT_ROLE);
    assert_int_equal(bedside_status(&bed).mode, MODE_RUNNING);
    assert_false(command_needs_head(COMMAND_STOP));
    assert_false(command_needs_head(COMMAND_MINIMUM));
    assert_false(command_needs_head(COMMAND_CANCEL_COURSE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stop_is_a_stop_whatever_is_going_on),
        cmocka_unit_test(test_who_and_with_what),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
