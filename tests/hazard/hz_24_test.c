/* HZ-24: two patients are misprogrammed on one day. REQ-LINK-09 (the pump's part).
 *
 * The second patient got the first one's therapy, and both echoes looked right, because each showed what had been sent.
 * Without the control a therapy fits any pump. Here it names the one pump it is for, and what is read back is what stands
 * in the store: a bit that fell over on the way from staging to the store is a refusal or a visible difference, never a
 * silent dose. */
// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "link/hash.h"
#include "tests/hazard/clinician.h"

static struct bedside bed;
static struct therapy therapy;

static void start(void)
{
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, HOUR_MS);
}

static void test_the_therapy_of_another_patient_is_refused(void **state)
{
    (void)state;
    start();
    struct therapy other = therapy;
    strcpy(other.serial, "SIM-0002");
    assert_refused(bedside_activate(&bed, &other, false), VERDICT_MODEL_MISMATCH);
    assert_refused(bedside_refill(&bed, &other.mixture, 18 * NL_PER_ML, &other, false), VERDICT_MODEL_MISMATCH);
    assert_int_equal(bed.count[EVENT_ACTIVATED], 1);
}

/* What is read back after the activation has the hash of what was staged and of what the status tells. */
static void test_the_echo_is_read_from_the_store(void **state)
{
    (void)state;
    uint8_t bytes[THERAPY_BYTES_MAX], token[TOKEN_BYTES];
    start();
    struct board board = twin_board(&bed.rig.twin);
    size_t size = pump_therapy(&board, bytes);
    hash_of(bytes, size, token);
    struct pump_status status = bedside_status(&bed);
    assert_memory_equal(token, status.token, TOKEN_BYTES);
    struct therapy read;
    assert_int_equal(therapy_decode(bytes, size, &read), RESULT_OK);
    assert_int_equal(read.program.base.nl_day, NL_PER_ML / 2);
    /* a bit falls over in every place where the store holds them: no echo is better than a false one */
    uint8_t *retained = (uint8_t *)bed.rig.twin.retained;
    unsigned places = 0;
    for (size_t at = 0; at + size <= RETAINED_BYTES; at++)
        if (memcmp(retained + at, bytes, size) == 0) {
            retained[at + 40] ^= 1;
            places++;
        }
    assert_true(places > 0);
    assert_int_equal(pump_therapy(&board, bytes), 0);
}

/* Any bit of the staged bytes may fall over between the last chunk and the activation: then it is not activated. */
static void test_no_flipped_bit_gets_from_staging_into_the_store(void **state)
{
    (void)state;
    start();
    therapy.program.base.nl_day = NL_PER_ML / 4;
    static struct bedside fork;
    struct command activate = { .kind = COMMAND_ACTIVATE };
    struct receipt receipt;
    assert_true(rig_stage(&bed.rig, &therapy, activate.token, &receipt));
    for (unsigned bit = 0; bit < 8u * bed.rig.pump.staging.total; bit++) {
        fork = bed;
        fork.rig.pump.staging.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_refused(bedside_give(&fork, ROLE_CLINICIAN, activate), VERDICT_TOKEN);
        assert_int_equal(bedside_status(&fork).base.nl_day, NL_PER_ML / 2);
    }
}

/* At the clinic's end: the other patient's therapy, the dose of the other patient typed, one person alone. */
static void test_the_clinic_notices_the_other_patient(void **state)
{
    (void)state;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    clinician_implant(&bed, "C20", &morphine);
    therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    bedside_treat(&bed, &therapy);
    clinician.wanted = therapy;
    clinician.wanted.program.base.nl_day = 600000;
    clinician_upto(WORK_PROGRAM, STEP_AT_IDENTIFY);
    strcpy(clinician.answers.identify.patient, "Example, Bert");
    assert_held_hard(RULE_IDENTITY, "the patient said is not the one of this record");
    clinician_upto(WORK_PROGRAM, STEP_AT_THERAPY);
    strcpy(clinician.answers.therapy.therapy.serial, "SIM-0002");
    assert_held_hard(RULE_FIT, "written for another pump than SIM-0001");
    clinician_upto(WORK_PROGRAM, STEP_AT_READBACK);
    strcpy(clinician.answers.readback, "9 mg/day");
    assert_held_hard(RULE_READ_BACK, "that is not what the pump has stored");
    clinician_upto(WORK_PROGRAM, STEP_AT_THERAPY);
    clinician.answers.therapy.therapy.program.base.nl_day = 700000; /* 40 % more: soft */
    clinician.answers.overrides = 1;
    clinician.answers.override[0] = (struct override){ RULE_BOUNDS, WORD_REASON_TITRATED, "7 mg/day" };
    assert_int_equal(clinician_give(), GIVEN_ON);
    clinician_do();
    assert_int_equal(workflow_step(&clinician.workflow), STEP_AT_SECOND);
    clinician.answers.step = STEP_AT_SECOND;
    clinician.answers.user = CLINICIAN_USER;
    assert_held_hard(RULE_SECOND, "another clinician than the first");
    assert_int_equal(bedside_status(&bed).base.nl_day, NL_PER_ML / 2);
    clinician_finish();
    assert_int_equal(clinician.workflow.second_user, CLINICIAN_OTHER);
    assert_int_equal(bedside_status(&bed).base.nl_day, 700000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_therapy_of_another_patient_is_refused),
        cmocka_unit_test(test_the_echo_is_read_from_the_store),
        cmocka_unit_test(test_no_flipped_bit_gets_from_staging_into_the_store),
        cmocka_unit_test(test_the_clinic_notices_the_other_patient),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
