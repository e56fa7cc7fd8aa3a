/* settle_test.c - outcomes that nobody knew, and how they are closed later. REQ-LINK-04, HZ-28. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/casebook/recording.h"
#include "clinic/casebook/settle.h"

#include <string.h>

#include "clinic/records/refills.h"
#include "core/catalog.h"
#include "tests/clinic/casebook_stand.h"

/* Up to a command of which nobody hears, and whose receipt is gone. */
static void run_unheard(enum work work, bool obeys)
{
    book_ready(work, false);
    stand_walk(&book_workflow, work, STEP_AT_SEND);
    stand.deaf = true;
    stand.obeys = obeys;
    stand_do(&book_workflow);
    stand.deaf = false;
    stand.pump.settled.id = 0;
    book_run();
}

static void an_outcome_unknown_is_recorded_and_closed_later(void **state)
{
    (void)state;
    for (unsigned applied = 0; applied < 2; applied++) {
        int64_t visit = 0, left = -1;
        run_unheard(WORK_REFILL, applied);
        assert_int_equal(book_workflow.change, CHANGE_UNKNOWN);
        assert_kept(book_record(&visit));
        workflow_recorded(&book_workflow);
        book_end_audit();
        assert_int_equal(book_audit(WORD_ACTION_WORKFLOW_UNKNOWN), 1);
        assert_int_equal(book_rows(TABLE_REFILLS), 1);
        assert_kept(casebook_of_pump(&book_records, BOOK_SERIAL, &book_case));
        assert_int_equal(book_case.unknown, 1);
        stand.pump.settled = (struct receipt){ .id = book_workflow.receipt.id + 1, .outcome = OUTCOME_APPLIED };
        assert_kept(casebook_settle(&book_records, &book_case, &stand.pump, NULL, stand.now_ms, &left));
        assert_int_equal(left, 1);
        stand.pump.settled.id = book_workflow.receipt.id;
        stand.pump.settled.outcome = applied ? OUTCOME_APPLIED : OUTCOME_NOT_APPLIED;
        stand.pump.settled.reasons = applied ? 0 : VERDICT_STALE_HEAD;
        assert_kept(casebook_settle(&book_records, &book_case, &stand.pump, NULL, stand.now_ms, &left));
        assert_int_equal(left, 0);
        assert_int_equal(book_ask("SELECT outcome FROM visits"),
                         applied ? WORD_OUTCOME_APPLIED : WORD_OUTCOME_NOT_APPLIED);
        assert_int_equal(book_ask("SELECT coalesce(reasons, 0) FROM visits"), applied ? 0 : VERDICT_STALE_HEAD);
        assert_kept(casebook_of_pump(&book_records, BOOK_SERIAL, &book_case));
        assert_int_equal(book_case.unknown, 0);
        assert_int_equal(book_case.readings.count, applied); /* what the pump refused will be told again */
        struct refill_trend trend;
        assert_kept(refills_trend(&book_records, 1, &trend));
        assert_int_equal(trend.count, applied);
        book_verify();
    }
}

/* An explant whose last word was lost is one when the pump has told so. */
static void an_explant_is_settled_with_its_pump(void **state)
{
    (void)state;
    book_ready(WORK_EXPLANT, false);
    stand_walk(&book_workflow, WORK_EXPLANT, STEP_AT_SEND);
    stand_do(&book_workflow); /* the stop is heard */
    stand.deaf = stand.obeys = true;
    stand_do(&book_workflow);
    stand.deaf = false;
    struct receipt receipt = stand.pump.settled;
    stand.pump.settled.id = 0;
    book_run();
    assert_kept(book_record(NULL));
    assert_kept(casebook_of_pump(&book_records, BOOK_SERIAL, &book_case));
    assert_int_equal(book_case.explanted_ms, 0);
    stand.pump.settled = receipt;
    assert_kept(casebook_settle(&book_records, &book_case, &stand.pump, NULL, stand.now_ms, NULL));
    assert_kept(casebook_of_pump(&book_records, BOOK_SERIAL, &book_case));
    assert_int_equal(book_case.explanted_ms, stand.now_ms);
    book_verify();
}

/* The stop before the emptying was lost: that it was applied makes no explant, nor a scan of it. */
static void half_of_a_series_is_not_applied(void **state)
{
    (void)state;
    static const enum work WORKS[] = { WORK_EXPLANT, WORK_MRI_BEFORE };
    for (unsigned i = 0; i < 2; i++) {
        book_ready(WORKS[i], true);
        stand_walk(&book_workflow, WORKS[i], STEP_AT_SEND);
        stand.deaf = stand.obeys = true;
        stand_do(&book_workflow);
        workflow_forsake(&book_workflow);
        assert_kept(book_record(NULL));
        assert_int_equal(book_ask("SELECT outcome FROM visits"), WORD_OUTCOME_UNKNOWN);
        assert_int_equal(book_rows(TABLE_REFILLS), 0);
        assert_int_equal(stand.pump.settled.kind, COMMAND_STOP);
        assert_kept(casebook_of_pump(&book_records, BOOK_SERIAL, &book_case));
        assert_kept(casebook_settle(&book_records, &book_case, &stand.pump, NULL, stand.now_ms, NULL));
        assert_int_equal(book_ask("SELECT outcome FROM visits"), WORD_OUTCOME_NOT_APPLIED);
        assert_kept(casebook_of_pump(&book_records, BOOK_SERIAL, &book_case));
        assert_int_equal(book_case.explanted_ms, 0);
        assert_int_equal(book_case.unknown, 0);
        book_verify();
    }
}

/* A command of which nobody hears, and nobody is left to find out. */
static void forsake(enum work work)
{
    stand.now_ms += DAY_MS;
    stand_walk(&book_workflow, work, STEP_AT_SEND);
    stand.deaf = true;
    stand.obeys = false;
    stand_do(&book_workflow);
    stand.deaf = false;
    stand.pump.settled.id = 0;
    workflow_forsake(&book_workflow);
    assert_kept(book_record(NULL));
    assert_kept(casebook_of_pump(&book_records, BOOK_SERIAL, &book_case));
}

static void settled_check(int64_t left)
{
    int64_t still = -1;
    assert_kept(casebook_settle(&book_records, &book_case, &stand.pump, NULL, stand.now_ms, &still));
    assert_int_equal(still, left);
}

/* The therapy in force says that it was applied, though no receipt is left; one that was in force before says nothing. */
static void a_therapy_in_force_settles_its_visit(void **state)
{
    (void)state;
    book_ready(WORK_PROGRAM, false);
    workflow_begin(&book_workflow, WORK_PROGRAM, stand.now_ms);
    book_run();
    assert_kept(book_record(NULL));
    forsake(WORK_PROGRAM); /* the same therapy again */
    settled_check(1);
    forsake(WORK_PRIME);
    settled_check(2);
    stand.pump.therapy = stand.staged;
    memcpy(stand.pump.token, book_workflow.token, TOKEN_BYTES);
    settled_check(1);
    assert_int_equal(book_ask("SELECT outcome FROM visits WHERE id = 3"), WORD_OUTCOME_APPLIED);
    assert_int_equal(book_ask("SELECT command_id FROM visits WHERE id = 3"), (int64_t)book_workflow.receipt.id);
    assert_int_equal(book_ask("SELECT outcome FROM visits WHERE id = 2"), WORD_OUTCOME_UNKNOWN);
    book_verify();
}

/* At the first therapy of a pump there was none before. */
static void a_first_therapy_in_force_settles_an_implant(void **state)
{
    (void)state;
    book_ready(WORK_IMPLANT, false);
    forsake(WORK_IMPLANT);
    settled_check(1);
    stand.pump.has_therapy = true;
    memcpy(stand.pump.token, book_workflow.token, TOKEN_BYTES);
    settled_check(0);
    assert_int_equal(book_ask("SELECT outcome FROM visits"), WORD_OUTCOME_APPLIED);
    book_verify();
}

/* Written down before it was sent, and never sent: the key that would have counted it says so, and no other key does. */
static void a_command_never_sent_is_known_by_its_own_key(void **state)
{
    (void)state;
    static const struct {
        uint8_t secret;
        uint64_t counted; /* by the key of the conversation */
        uint8_t outcome;  /* that it remembers of the command */
        int64_t left, said;
    } ROWS[] = {
        { 1, 70, 0, 0, WORD_OUTCOME_NOT_APPLIED }, /* its own, which has not counted it */
        { 2, 70, 0, 1, WORD_OUTCOME_UNKNOWN },     /* another's, which begins anew */
        { 1, 71, 0, 1, WORD_OUTCOME_UNKNOWN },     /* its own, which has counted it: it may have been sent */
        { 1, 71, OUTCOME_APPLIED, 0, WORD_OUTCOME_APPLIED },
        { 2, 71, OUTCOME_APPLIED, 1, WORD_OUTCOME_UNKNOWN }, /* a receipt of that number, for another programmer's command */
        { 1, 71, OUTCOME_NOT_APPLIED, 0, WORD_OUTCOME_NOT_APPLIED },
    };
    for (unsigned i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        struct key key = { .secret = { 1 }, .command_id = ROWS[i].counted };
        int64_t left = -1;
        book_ready(WORK_PROGRAM, false);
        stand_walk(&book_workflow, WORK_PROGRAM, STEP_AT_SEND);
        book_case.programmer = casebook_mark(&key);
        assert_kept(casebook_record_ahead(&book_records, &book_case, &book_workflow, 71, stand.now_ms));
        assert_int_equal(book_ask("SELECT outcome FROM visits"), WORD_OUTCOME_UNKNOWN);
        key.secret[0] = ROWS[i].secret;
        if (ROWS[i].outcome != 0)
            key.last = (struct receipt){ .id = 71, .outcome = ROWS[i].outcome };
        assert_kept(casebook_settle(&book_records, &book_case, &stand.pump, &key, stand.now_ms, &left));
        assert_int_equal(left, ROWS[i].left);
        assert_int_equal(book_ask("SELECT outcome FROM visits"), ROWS[i].said);
        book_verify();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_outcome_unknown_is_recorded_and_closed_later),
        cmocka_unit_test(an_explant_is_settled_with_its_pump),
        cmocka_unit_test(half_of_a_series_is_not_applied),
        cmocka_unit_test(a_therapy_in_force_settles_its_visit),
        cmocka_unit_test(a_first_therapy_in_force_settles_an_implant),
        cmocka_unit_test(a_command_never_sent_is_known_by_its_own_key),
    };
    return cmocka_run_group_tests(tests, book_begin, book_end);
}
