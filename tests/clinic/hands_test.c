/* hands_test.c - hard limits travel to the real pump, signed, with the therapy, by a workflow. REQ-SECU-02, REQ-LIBR-05.
 *
 * A clinician's key, or the machine it lies on, is stolen, and the hard limits themselves are set higher. A pump made with its
 * site's key takes only those that the site has signed, where its key is kept: the workflow asks for the signature before
 * anything is sent, hands it over with the therapy, and the pump checks it whatever the clinic believed. */
// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "clinic/formulary/limits.h"
#include "tests/hazard/clinician.h"

static struct bedside bed;
static struct sitekey site, stranger;

/* A treated patient, whose pump has the site's key; less is wanted. */
static void start(void)
{
    uint8_t seed[SITEKEY_SEED_BYTES] = { 1 };
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    clinician_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, HOUR_MS);
    sitekey_from_seed(seed, &site);
    seed[0] = 2;
    sitekey_from_seed(seed, &stranger);
    memcpy(bed.rig.pump.formulary_key, site.public_key, sizeof site.public_key);
    clinician.wanted = therapy;
    clinician.wanted.program.base.nl_day = 400000;
    clinician.wanted.formulary_version = clinician.practice.formulary->version;
}

/* The site's, or another's, signature over the limits of a therapy. */
static void sign(const struct sitekey *key, const struct therapy *therapy)
{
    clinician.answers.therapy.has_signature = true;
    assert_int_equal(
        formulary_sign_limits(key, clinician.practice.formulary, therapy, clinician.answers.therapy.signature, stderr),
        FORMULARY_OK);
}

static void test_nothing_is_sent_without_a_signature(void **state)
{
    (void)state;
    start();
    clinician_upto(WORK_PROGRAM, STEP_AT_THERAPY);
    assert_true(clinician.workflow.seen.limits_signed);
    assert_held_hard(RULE_BOUNDS, "takes only hard limits that its site has signed");
    assert_int_equal(workflow_want(&clinician.workflow), WANT_ANSWER);
    assert_int_equal(bed.count[EVENT_STAGED], 1); /* the first therapy alone */
}

static void test_a_signed_therapy_comes_into_force(void **state)
{
    (void)state;
    start();
    clinician_upto(WORK_PROGRAM, STEP_AT_THERAPY);
    sign(&site, &clinician.wanted);
    assert_int_equal(clinician_give(), GIVEN_ON);
    clinician_finish();
    assert_int_equal(clinician.workflow.ending, ENDING_DONE);
    assert_int_equal(clinician.workflow.change, CHANGE_APPLIED);
    assert_int_equal(bed.count[EVENT_LIMITS_SIGNED], 1);
    assert_int_equal(bedside_status(&bed).base.nl_day, 400000);
}

/* What the clinic was made to believe: another key's signature, or the site's over other limits. */
static void test_the_pump_refuses_what_its_site_has_not_signed(void **state)
{
    (void)state;
    for (unsigned wrong = 0; wrong < 2; wrong++) {
        start();
        clinician_upto(WORK_PROGRAM, STEP_AT_THERAPY);
        sign(wrong == 0 ? &stranger : &site, &clinician.wanted);
        clinician.answers.therapy.therapy.limits.drug[0].window[WINDOW_DAY].fg -= wrong;
        assert_int_equal(clinician_give(), GIVEN_ON);
        while (clinician.workflow.ending == ENDING_NONE)
            clinician_do();
        assert_int_equal(clinician.workflow.ending, ENDING_NOT_APPLIED);
        assert_true(clinician.workflow.receipt.reasons == VERDICT_SIGNATURE);
        assert_int_equal(bed.count[EVENT_LIMITS_SIGNED], 0);
        struct therapy bare = clinician.wanted; /* nor without the clinic */
        assert_refused(bedside_activate(&bed, &bare, false), VERDICT_UNSIGNED_LIMITS);
        assert_int_equal(bedside_status(&bed).base.nl_day, NL_PER_ML / 2);
    }
}

/* A pump that was made without one is told nothing. */
static void test_a_pump_without_a_key_wants_none(void **state)
{
    (void)state;
    start();
    memset(bed.rig.pump.formulary_key, 0, sizeof bed.rig.pump.formulary_key);
    clinician_upto(WORK_PROGRAM, STEP_AT_THERAPY);
    assert_false(clinician.workflow.seen.limits_signed);
    clinician_finish();
    assert_int_equal(bed.count[EVENT_LIMITS_SIGNED], 0);
    assert_int_equal(bedside_status(&bed).base.nl_day, 400000);
}

/* Five minutes at each step: the pump has ended the session each time. What is sent into an old one counts as a stranger's, and
 * thirty strangers' frames in an hour are an alarm (HZ-30, HZ-43). */
static void test_who_takes_time_is_no_stranger(void **state)
{
    (void)state;
    start();
    memset(bed.rig.pump.formulary_key, 0, sizeof bed.rig.pump.formulary_key);
    clinician_upto(WORK_PROGRAM, STEP_AT_THERAPY);
    while (workflow_want(&clinician.workflow) != WANT_NOTHING) {
        bedside_pass(&bed, 5 * MINUTE_MS);
        clinician_do();
    }
    assert_int_equal(clinician.workflow.change, CHANGE_APPLIED);
    assert_int_equal(bedside_status(&bed).base.nl_day, 400000);
    assert_in_range(bed.rig.pump.abuse.strangers, 1, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_sent_without_a_signature),
        cmocka_unit_test(test_a_signed_therapy_comes_into_force),
        cmocka_unit_test(test_the_pump_refuses_what_its_site_has_not_signed),
        cmocka_unit_test(test_a_pump_without_a_key_wants_none),
        cmocka_unit_test(test_who_takes_time_is_no_stranger),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
