/* casebook_test.c - what the records know of a patient and a pump before a workflow, and what is left of one that was broken off:
 * a row of the audit. REQ-CLIN-01, REQ-RSVR-04. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/casebook/casebook.h"

#include "clinic/records/implants.h"
#include "clinic/records/scores.h"
#include "tests/clinic/casebook_stand.h"

/* What a casebook tells after a refill is what was recorded. */
static void the_next_workflow_is_judged_by_what_was_recorded(void **state)
{
    (void)state;
    book_ready(WORK_REFILL, false);
    assert_string_equal(book_case.name, BOOK_NAME);
    assert_string_equal(stand.practice.patient, BOOK_NAME);
    assert_string_equal(stand.practice.serial, BOOK_SERIAL);
    assert_int_equal(stand.practice.dead_volume.nl, model_dead_volume(model_named("C20"), 400).nl);
    assert_true(stand.practice.accounts && stand.practice.has_record);
    assert_int_equal(stand.practice.model, MODEL_C20);
    for (unsigned i = 0; i < 3; i++) {
        workflow_begin(&book_workflow, WORK_REFILL, stand.now_ms);
        book_run();
        assert_kept(book_record(NULL));
        stand.now_ms += DAY_MS;
        stand.pump.reservoir.nl = (10 - (int64_t)i) * ML_NL;
    }
    assert_kept(casebook_of_pump(&book_records, BOOK_SERIAL, &book_case));
    assert_int_equal(book_case.readings.count, 3);
    assert_string_equal(book_case.readings.reading[0].date, "2026-03-01");
    assert_string_equal(book_case.readings.reading[2].date, "2026-03-03");
    assert_int_equal(book_case.readings.reading[1].expected.nl, 10 * ML_NL);
    assert_int_equal(book_case.readings.reading[2].expected.nl, 9 * ML_NL);
    assert_int_equal(book_case.readings.reading[2].found.nl, 9 * ML_NL);
    assert_int_equal(book_case.unknown, 0);
}

/* REQ-CLIN-10: a therapy that came into force, and what was said of it, are what the next one is judged by. */
static void the_next_workflow_knows_doses_and_scores(void **state)
{
    (void)state;
    book_ready(WORK_PROGRAM, false);
    assert_int_equal(stand.practice.history->therapies, 0);
    workflow_begin(&book_workflow, WORK_PROGRAM, stand.now_ms);
    book_run();
    assert_kept(book_record(NULL));
    const struct score_record score = { .patient = book_case.patient, .scale = WORD_SCALE_NRS, .pain = 6,
                                        .relief_percent = 30 };
    assert_kept(records_begin(&book_records, stand.now_ms + 1));
    assert_kept(scores_add(&book_records, &score, NULL, NULL));
    assert_kept(records_commit(&book_records));
    assert_kept(casebook_of_pump(&book_records, BOOK_SERIAL, &book_case));
    casebook_practice(&book_case, &stand.practice);
    const struct benefit_history *history = stand.practice.history;
    assert_true(history->therapies == 1 && history->scores == 1);
    const struct benefit_therapy given = benefit_of_therapy(&book_workflow.draft.therapy, 0);
    assert_true(history->therapy[0].drugs == given.drugs && given.drugs > 0);
    assert_int_equal(ratio_compare(history->therapy[0].drug[0].dose, given.drug[0].dose), 0);
    assert_true(history->score[0].pain == 6 && history->score[0].relief == 30 && history->score[0].at_ms == stand.now_ms + 1);
}

/* Up to the want of this number; false past the last. The records stay. */
static bool walk(enum work work, unsigned wants)
{
    book_pump_ready(work, false);
    workflow_begin(&book_workflow, work, stand.now_ms);
    for (unsigned i = 0; i < wants; i++) {
        if (workflow_want(&book_workflow) == WANT_RECORD)
            return false;
        stand_do(&book_workflow);
    }
    return book_workflow.ending == ENDING_NONE;
}

static void abandoned_check(enum work work)
{
    int64_t rows = book_rows(TABLE_AUDIT);
    assert_int_equal(book_record(NULL), RECORDS_REFUSED);
    assert_int_equal(workflow_want(&book_workflow), WANT_AUDIT);
    book_end_audit();
    assert_int_equal(book_rows(TABLE_AUDIT), rows + 1);
    assert_int_equal(book_rows(TABLE_VISITS), 0);
    assert_int_equal(book_rows(TABLE_IMPLANTS), work != WORK_IMPLANT);
    assert_int_equal(book_ask("SELECT action FROM audit ORDER BY id DESC LIMIT 1"), WORD_ACTION_WORKFLOW_ABANDONED);
    assert_int_equal(book_ask("SELECT home FROM audit ORDER BY id DESC LIMIT 1"),
                     table_code(work == WORK_IMPLANT ? TABLE_PATIENTS : TABLE_IMPLANTS));
}

static void broken_off_it_leaves_a_row_of_the_audit_alone(void **state)
{
    (void)state;
    for (unsigned i = 0; work_at(i) != 0; i++) {
        enum work work = (enum work)work_at(i);
        book_ready(work, false);
        for (unsigned wants = 0; walk(work, wants) && stand.commands == 0; wants++) {
            assert_true(workflow_abandon(&book_workflow));
            abandoned_check(work);
        }
        book_verify();
    }
}

static void however_it_ends_the_audit_says_so(void **state)
{
    (void)state;
    static const struct {
        enum ending ending;
        enum change change;
        enum list_word action;
    } ENDS[] = { { ENDING_IDLE, CHANGE_NONE, WORD_ACTION_WORKFLOW_IDLE },
                 { ENDING_OTHER_PUMP, CHANGE_NONE, WORD_ACTION_WORKFLOW_OTHER_PUMP },
                 { ENDING_NOT_APPLIED, CHANGE_NOT_APPLIED, WORD_ACTION_WORKFLOW_NOT_APPLIED },
                 { ENDING_NO_CONTACT, CHANGE_NONE, WORD_ACTION_WORKFLOW_NO_CONTACT },
                 { ENDING_DONE, CHANGE_UNKNOWN, WORD_ACTION_WORKFLOW_UNKNOWN } };
    book_ready(WORK_REFILL, false);
    workflow_begin(&book_workflow, WORK_REFILL, stand.now_ms);
    assert_int_equal(casebook_audit(&book_records, &book_case, &book_workflow, stand.now_ms), RECORDS_REFUSED);
    for (unsigned i = 0; i < sizeof ENDS / sizeof ENDS[0]; i++) {
        book_workflow.ending = (uint8_t)ENDS[i].ending;
        book_workflow.change = (uint8_t)ENDS[i].change;
        book_end_audit();
        assert_int_equal(book_audit(ENDS[i].action), 1);
    }
    book_verify();
}

/* Nobody's pump, somebody's already, and a role that opens no names. */
/* A pump that is in place in the patient is known when another one is to be implanted; one that was taken out is not. */
static void a_pump_in_place_is_known_where_another_is_implanted(void **state)
{
    (void)state;
    struct casebook other = { .patient = 0 };
    book_fresh(true, "C20");
    assert_kept(casebook_of_patient(&book_records, 1, "SIM-0043", &other));
    assert_string_equal(other.other, "");
    book_ready(WORK_REFILL, false);
    assert_string_equal(stand.practice.other, "");
    assert_kept(casebook_of_patient(&book_records, 1, "SIM-0043", &other));
    casebook_practice(&other, &stand.practice);
    assert_string_equal(stand.practice.other, BOOK_SERIAL);
    assert_kept(records_begin(&book_records, stand.now_ms + 1));
    assert_kept(implants_explant(&book_records, book_case.implant, stand.now_ms + 1));
    assert_kept(records_commit(&book_records));
    assert_kept(casebook_of_patient(&book_records, 1, "SIM-0043", &other));
    assert_string_equal(other.other, "");
}

static void a_casebook_is_of_one_patient_and_one_pump(void **state)
{
    (void)state;
    struct casebook other = { .patient = 0 };
    book_ready(WORK_REFILL, false);
    assert_int_equal(casebook_of_pump(&book_records, "SIM-0043", &other), RECORDS_MISSING);
    assert_int_equal(casebook_of_patient(&book_records, 1, BOOK_SERIAL, &other), RECORDS_EXISTS);
    assert_int_equal(casebook_of_patient(&book_records, 2, "SIM-0043", &other), RECORDS_MISSING);
    assert_int_equal(casebook_of_patient(&book_records, 1, "", &other), RECORDS_MALFORMED);
    book_sign_in(BOOK_AUDITOR);
    assert_int_equal(casebook_of_pump(&book_records, BOOK_SERIAL, &other), RECORDS_REFUSED);
    assert_int_equal(other.patient, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_workflow_is_judged_by_what_was_recorded),
        cmocka_unit_test(the_next_workflow_knows_doses_and_scores),
        cmocka_unit_test(broken_off_it_leaves_a_row_of_the_audit_alone),
        cmocka_unit_test(however_it_ends_the_audit_says_so),
        cmocka_unit_test(a_pump_in_place_is_known_where_another_is_implanted),
        cmocka_unit_test(a_casebook_is_of_one_patient_and_one_pump),
    };
    return cmocka_run_group_tests(tests, book_begin, book_end);
}
