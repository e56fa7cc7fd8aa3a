/* given_test.c - single commands as visits: each with its word, once, whole or not at all, and closed when the pump has told.
 * REQ-LINK-04, HZ-17, HZ-28. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/casebook/given.h"

#include <string.h>

#include "clinic/casebook/settle.h"
#include "clinic/records/visits.h"
#include "core/catalog.h"
#include "tests/clinic/casebook_stand.h"

static struct given_command given;

static enum records_fault give(int64_t *visit)
{
    return casebook_given(&book_records, &book_case, &given, BOOK_AT + 5000, visit);
}

static void given_make(uint8_t kind, enum change change, uint64_t id)
{
    given = (struct given_command){ .command = { .kind = kind }, .change = (uint8_t)change, .begun_ms = BOOK_AT };
    given.receipt = (struct receipt){ .id = id, .kind = kind };
    if (change == CHANGE_NOT_APPLIED)
        given.receipt.reasons = VERDICT_MODE;
}

static void a_command_is_a_visit_once(void **state)
{
    (void)state;
    struct visit_record visit;
    char note[200];
    int64_t id = 0, again = 0;
    book_ready(WORK_PROGRAM, false);
    given_make(COMMAND_CLINICIAN_BOLUS, CHANGE_APPLIED, 70);
    given.command.volume.nl = 10000;
    given.command.rate.nl_day = ML_NL;
    book_failing.commit_unknown = true;
    assert_int_equal(give(&id), RECORDS_UNKNOWN);
    assert_kept(give(&id));
    assert_kept(give(&again));
    assert_int_equal(again, id);
    assert_int_equal(book_rows(TABLE_VISITS), 1);
    assert_int_equal(book_audit(WORD_ACTION_WORKFLOW_DONE), 1);
    assert_kept(visits_read(&book_records, id, &visit));
    assert_int_equal(visit.workflow, WORD_WORKFLOW_BOLUS);
    assert_int_equal(visit.opened_ms, BOOK_AT);
    assert_int_equal(visit.closed_ms, BOOK_AT + 5000);
    assert_int_equal(visit.command_id, 70);
    assert_int_equal(visit.user, STAND_FIRST);
    assert_kept(visits_note_read(&book_records, id, note, sizeof note));
    assert_string_equal(note, "commands: clinician_bolus, 0.010000 mL at 1 mL/day");
    given_make(COMMAND_STOP, CHANGE_NOT_APPLIED, 71);
    assert_kept(give(&id));
    assert_kept(visits_read(&book_records, id, &visit));
    assert_int_equal(visit.outcome, WORD_OUTCOME_NOT_APPLIED);
    assert_int_equal(visit.reasons, VERDICT_MODE);
    assert_int_equal(book_audit(WORD_ACTION_WORKFLOW_NOT_APPLIED), 1);
    book_verify();
}

/* Whoever corrects a pump's clock is on record with when; by how much stands in the pump's log. REQ-TIME-08, HZ-29 */
static void a_corrected_clock_is_on_record(void **state)
{
    (void)state;
    struct visit_record visit;
    char note[200];
    int64_t id = 0;
    book_ready(WORK_PROGRAM, false);
    given_make(COMMAND_SET_CLOCK, CHANGE_APPLIED, 74);
    assert_kept(give(&id));
    assert_kept(visits_read(&book_records, id, &visit));
    assert_true(visit.workflow == WORD_WORKFLOW_OTHER && visit.user == STAND_FIRST && visit.opened_ms == BOOK_AT);
    assert_kept(visits_note_read(&book_records, id, note, sizeof note));
    assert_string_equal(note, "commands: set_clock");
    book_verify();
}

static void an_unknown_one_is_settled(void **state)
{
    (void)state;
    int64_t left = -1;
    book_ready(WORK_PROGRAM, false);
    given_make(COMMAND_STOP, CHANGE_UNKNOWN, 72);
    assert_kept(give(NULL));
    assert_kept(casebook_of_pump(&book_records, BOOK_SERIAL, &book_case));
    assert_int_equal(book_case.unknown, 1);
    stand.pump.settled = (struct receipt){ .id = 72, .outcome = OUTCOME_APPLIED };
    assert_kept(casebook_settle(&book_records, &book_case, &stand.pump, NULL, BOOK_AT + 9000, &left));
    assert_int_equal(left, 0);
    assert_int_equal(book_ask("SELECT outcome FROM visits"), WORD_OUTCOME_APPLIED);
    book_verify();
}

static void all_of_it_is_kept_or_nothing(void **state)
{
    (void)state;
    unsigned at = 1;
    book_ready(WORK_PROGRAM, false);
    int64_t rows = book_rows(TABLE_AUDIT);
    given_make(COMMAND_RESUME, CHANGE_APPLIED, 73);
    for (;; at++) {
        book_fail(at);
        enum records_fault fault = give(NULL);
        book_fail(0);
        if (fault == RECORDS_OK)
            break;
        assert_int_equal(fault, RECORDS_FAILED);
        assert_int_equal(book_rows(TABLE_VISITS), 0);
        assert_int_equal(book_rows(TABLE_AUDIT), rows);
    }
    assert_true(at > 8);
    assert_int_equal(book_ask("SELECT workflow FROM visits"), WORD_WORKFLOW_RESUME);
    book_verify();
}

static void what_is_no_visit_is_refused(void **state)
{
    (void)state;
    book_ready(WORK_PROGRAM, false);
    given_make(COMMAND_STAGE, CHANGE_APPLIED, 74);
    assert_int_equal(give(NULL), RECORDS_MALFORMED);
    given_make(COMMAND_STOP, CHANGE_NONE, 74);
    assert_int_equal(give(NULL), RECORDS_MALFORMED);
    given_make(COMMAND_STOP, CHANGE_APPLIED, 74);
    given.begun_ms = 0;
    assert_int_equal(give(NULL), RECORDS_MALFORMED);
    given.begun_ms = BOOK_AT;
    book_case.implant = 0;
    assert_int_equal(give(NULL), RECORDS_REFUSED);
    assert_int_equal(book_rows(TABLE_VISITS), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_is_a_visit_once),
        cmocka_unit_test(a_corrected_clock_is_on_record),
        cmocka_unit_test(an_unknown_one_is_settled),
        cmocka_unit_test(all_of_it_is_kept_or_nothing),
        cmocka_unit_test(what_is_no_visit_is_refused),
    };
    return cmocka_run_group_tests(tests, book_begin, book_end);
}
