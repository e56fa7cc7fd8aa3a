/* HZ-28: a dose reported as failed was given, and is given again. REQ-LINK-02, REQ-LINK-03, REQ-STOR-03.
 *
 * A reply is lost as often as a request. "Failed" was shown, the dose had gone in, and it was sent once more: a
 * child had eleven units on board. Without the control every retry is a dose. Here a command has an id: its repeat
 * gets the first receipt and nothing else, also after a reset; and a dose asked for on an outdated view of the ledger
 * is refused. */
// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "tests/hazard/clinician.h"

static void start(struct bedside *bed)
{
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(bed, &morphine, NL_PER_ML / 10);
    bedside_permit(&therapy, 10000, 4 * NL_PER_ML, 1, 48);
    bedside_treat(bed, &therapy);
    bedside_pass(bed, DAY_MS);
}

/* Sends bytes as they are, as a radio would that repeats itself. */
static struct receipt send(struct bedside *bed, const uint8_t *bytes, size_t size, enum role role)
{
    struct receipt receipt;
    struct board board = twin_board(&bed->rig.twin);
    pump_command(&bed->rig.pump, &board, bed->rig.now, (struct sender){ (uint8_t)role, (uint8_t)role }, bytes, size, &receipt);
    bed->rig.wake = pump_step(&bed->rig.pump, &board, bed->rig.now);
    bedside_pass(bed, 0);
    return receipt;
}

static size_t dose_bytes(struct bedside *bed, uint64_t id, uint8_t bytes[COMMAND_BYTES_MAX])
{
    struct command dose = { .kind = COMMAND_CLINICIAN_BOLUS,
                            .id = id,
                            .head = bedside_status(bed).head,
                            .volume = { 10000 },
                            .rate = { 4 * NL_PER_ML } };
    size_t size = 0;
    assert_int_equal(command_encode(&dose, bytes, COMMAND_BYTES_MAX, &size), RESULT_OK);
    return size;
}

static void assert_same_receipt(const struct receipt *a, const struct receipt *b)
{
    uint8_t bytes[2][RECEIPT_BYTES];
    receipt_encode(a, bytes[0]);
    receipt_encode(b, bytes[1]);
    assert_memory_equal(bytes[0], bytes[1], RECEIPT_BYTES);
}

static void test_a_repeat_gets_the_first_receipt_and_no_second_dose(void **state)
{
    (void)state;
    static struct bedside bed, once;
    uint8_t bytes[COMMAND_BYTES_MAX];
    start(&bed);
    size_t size = dose_bytes(&bed, 7001, bytes);
    struct receipt first = send(&bed, bytes, size, ROLE_CLINICIAN);
    assert_applied(first);
    once = bed;
    static const int64_t WAITS_MS[] = { 0, 1, 1000, MINUTE_MS, 30 * MINUTE_MS, 6 * HOUR_MS };
    for (unsigned i = 0; i < sizeof WAITS_MS / sizeof WAITS_MS[0]; i++) {
        bedside_pass(&bed, WAITS_MS[i]);
        struct receipt again = send(&bed, bytes, size, ROLE_CLINICIAN);
        assert_same_receipt(&first, &again);
    }
    bedside_pass(&bed, DAY_MS);
    bedside_pass(&once, bed.rig.now.ms - once.rig.now.ms);
    assert_int_equal(bed.count[EVENT_COURSE_START], 1);
    assert_int_equal(bedside_moved(&bed), bedside_moved(&once));
}

static void test_nor_across_a_reset(void **state)
{
    (void)state;
    static struct bedside bed;
    uint8_t bytes[COMMAND_BYTES_MAX];
    start(&bed);
    size_t size = dose_bytes(&bed, 7002, bytes);
    struct receipt first = send(&bed, bytes, size, ROLE_CLINICIAN);
    bedside_pass(&bed, 10000); /* the power goes in the middle of the dose */
    bedside_reset(&bed, RIG_MEMORY_KEPT);
    struct receipt again = send(&bed, bytes, size, ROLE_CLINICIAN);
    assert_same_receipt(&first, &again);
    bedside_pass(&bed, HOUR_MS);
    assert_int_equal(bed.count[EVENT_COURSE_START], 1);
}

/* However much a patient presses meanwhile, the newest receipt of a clinician is kept; what came before it is refused as old. */
static void test_a_very_late_repeat_gives_no_second_dose(void **state)
{
    (void)state;
    static struct bedside bed;
    uint8_t bytes[COMMAND_BYTES_MAX], next[COMMAND_BYTES_MAX];
    start(&bed);
    size_t size = dose_bytes(&bed, 7003, bytes);
    assert_applied(send(&bed, bytes, size, ROLE_CLINICIAN));
    for (unsigned i = 0; i < 20; i++) {
        bedside_pass(&bed, 30 * MINUTE_MS);
        assert_applied(bedside_press(&bed));
    }
    bedside_pass(&bed, HOUR_MS);
    unsigned courses = bed.count[EVENT_COURSE_START];
    assert_int_equal(send(&bed, bytes, size, ROLE_CLINICIAN).outcome, OUTCOME_APPLIED);
    bedside_pass(&bed, HOUR_MS);
    assert_int_equal(bed.count[EVENT_COURSE_START], courses);
    size_t next_size = dose_bytes(&bed, 7004, next);
    assert_applied(send(&bed, next, next_size, ROLE_CLINICIAN));
    bedside_pass(&bed, HOUR_MS);
    for (unsigned i = 0; i < RECEIPTS_MAX; i++) {
        bedside_pass(&bed, 30 * MINUTE_MS);
        (void)bedside_press(&bed);
    }
    courses = bed.count[EVENT_COURSE_START];
    struct receipt late = send(&bed, bytes, size, ROLE_CLINICIAN);
    assert_int_equal(late.outcome, OUTCOME_NOT_APPLIED);
    assert_true((late.reasons & (VERDICT_STALE_HEAD | VERDICT_REUSED_ID)) != 0); /* whichever it notices first */
    assert_int_equal(bed.count[EVENT_COURSE_START], courses);
}

/* Two who looked at the same moment both send a dose: the second did not know of the first. */
static void test_a_dose_on_an_outdated_view_is_refused(void **state)
{
    (void)state;
    static struct bedside bed;
    uint8_t one[COMMAND_BYTES_MAX], other[COMMAND_BYTES_MAX];
    start(&bed);
    size_t one_size = dose_bytes(&bed, 7004, one), other_size = dose_bytes(&bed, 7005, other);
    assert_applied(send(&bed, one, one_size, ROLE_CLINICIAN));
    assert_refused(send(&bed, other, other_size, ROLE_CLINICIAN), VERDICT_STALE_HEAD);
    bedside_pass(&bed, HOUR_MS);
    assert_int_equal(bed.count[EVENT_COURSE_START], 1);
}

static void test_an_id_is_good_for_one_command_only(void **state)
{
    (void)state;
    static struct bedside bed;
    uint8_t bytes[COMMAND_BYTES_MAX];
    start(&bed);
    assert_applied(send(&bed, bytes, dose_bytes(&bed, 7006, bytes), ROLE_CLINICIAN));
    bedside_pass(&bed, HOUR_MS);
    assert_refused(send(&bed, bytes, dose_bytes(&bed, 7006, bytes), ROLE_CLINICIAN),
                   VERDICT_REUSED_ID); /* other head */
    assert_int_equal(bed.count[EVENT_COURSE_START], 1);
}

/* Power cut at every millisecond of a quantum: what moved is never more than one quantum beyond what is booked. */
static void test_the_intent_is_booked_before_the_motor_moves(void **state)
{
    (void)state;
    static struct bedside bed, fork;
    start(&bed);
    struct pump_status before = bedside_status(&bed);
    while (bedside_status(&bed).commanded_quanta == before.commanded_quanta)
        bedside_pass(&bed, 1);
    for (int64_t ms = 0; ms <= 500; ms += 20) {
        fork = bed;
        bedside_pass(&fork, ms);
        bedside_reset(&fork, RIG_MEMORY_KEPT);
        assert_int_equal(bedside_status(&fork).commanded_quanta, before.commanded_quanta + 1);
        bedside_pass(&fork, HOUR_MS);
        assert_true(bedside_moved(&fork) <= bedside_status(&fork).commanded_quanta);
    }
}

/* At the clinic's end: no answer to an activation is *unknown*, only the pump that knows ends that; nothing is given twice. */
static void test_a_workflow_waits_for_what_it_does_not_know(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    clinician_implant(&bed, "C20", &morphine);
    struct therapy old = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    bedside_treat(&bed, &old);
    clinician.wanted = old;
    clinician.wanted.program.base.nl_day = 600000;
    clinician_upto(WORK_PROGRAM, STEP_AT_SEND);
    clinician_upto(WORK_PROGRAM, STEP_AT_SEND); /* anew, with a session that stands */
    clinician.programmer.patience = (struct patience){ 200, 2 };
    clinician.deaf = true;
    clinician_do(); /* the session is not even confirmed: nothing was sent, and it is still wanted */
    assert_int_equal(clinician.workflow.change, CHANGE_NONE);
    clinician.deaf = false;
    clinician.deaf_after = 3; /* a new session answers with itself, capability and status; then the receipt is lost */
    clinician_do();
    assert_int_equal(clinician.workflow.change, CHANGE_UNKNOWN);
    assert_int_equal(workflow_want(&clinician.workflow), WANT_INTERROGATE);
    assert_false(workflow_abandon(&clinician.workflow));
    clinician_do();
    assert_int_equal(workflow_want(&clinician.workflow), WANT_INTERROGATE); /* still nothing heard */
    clinician.deaf = false;
    bedside_pass(&bed, 5 * MINUTE_MS);
    clinician_do();
    assert_int_equal(clinician.workflow.change, CHANGE_APPLIED);
    clinician_finish();
    assert_true(clinician.workflow.as_sent);
    assert_int_equal(bed.count[EVENT_ACTIVATED], 2); /* the first, and this one, once */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_repeat_gets_the_first_receipt_and_no_second_dose),
        cmocka_unit_test(test_nor_across_a_reset),
        cmocka_unit_test(test_a_very_late_repeat_gives_no_second_dose),
        cmocka_unit_test(test_a_dose_on_an_outdated_view_is_refused),
        cmocka_unit_test(test_an_id_is_good_for_one_command_only),
        cmocka_unit_test(test_the_intent_is_booked_before_the_motor_moves),
        cmocka_unit_test(test_a_workflow_waits_for_what_it_does_not_know),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
