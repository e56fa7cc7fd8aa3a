/* recording_test.c - what workflows leave in the records: every one run to its end, recorded twice, with a database that fails
 * at each of its operations, and refused by the pump. REQ-CLIN-01, -12, REQ-LIBR-04, REQ-RSVR-03, HZ-11, HZ-28. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/casebook/recording.h"

#include <string.h>

#include "clinic/records/catheters.h"
#include "clinic/records/implants.h"
#include "clinic/records/overrides.h"
#include "clinic/records/refills.h"
#include "clinic/records/therapies.h"
#include "clinic/records/visits.h"
#include "core/catalog.h"
#include "tests/clinic/casebook_stand.h"

/* What each workflow leaves: rows of refills, therapies; whether the reservoir was filled. */
struct leaves {
    enum work work;
    bool valve;
    int64_t refills, therapies, filled_nl;
};
static const struct leaves LEAVES[] = {
    { WORK_IMPLANT, false, 1, 1, 18000000 }, { WORK_PROGRAM, false, 0, 1, 0 },
    { WORK_REFILL, false, 1, 0, 18000000 },  { WORK_PRIME, false, 0, 1, 0 },
    { WORK_BRIDGE, false, 1, 1, 18000000 },  { WORK_CATHETER_ACCESS, false, 0, 0, 0 },
    { WORK_EXPLANT, false, 1, 0, 0 },        { WORK_EMERGENCY, false, 0, 0, 0 },
    { WORK_MRI_BEFORE, false, 0, 0, 0 },     { WORK_MRI_BEFORE, true, 1, 0, 0 },
    { WORK_MRI_AFTER, false, 0, 0, 0 },
};
enum { LEAVES_COUNT = sizeof LEAVES / sizeof LEAVES[0] };

static void visit_check(const struct leaves *leaves, int64_t id)
{
    struct visit_record visit;
    assert_kept(visits_read(&book_records, id, &visit));
    assert_int_equal(visit.patient, 1);
    assert_int_equal(visit.implant, 1);
    assert_int_equal(visit.user, STAND_FIRST);
    assert_int_equal(visit.workflow, leaves->work);
    assert_int_equal(visit.opened_ms, BOOK_AT);
    assert_int_equal(visit.closed_ms, stand.now_ms);
    assert_int_equal(visit.outcome, WORD_OUTCOME_APPLIED);
    assert_int_equal(visit.reasons, 0);
    assert_int_equal(visit.command_id, stand.commands == 0 ? 0 : 899 + stand.commands);
}

static void refill_check(const struct leaves *leaves)
{
    struct refill_record refill;
    bool fresh = leaves->work == WORK_IMPLANT, filled = leaves->filled_nl > 0;
    if (leaves->refills == 0)
        return;
    assert_kept(refills_read(&book_records, 1, &refill));
    assert_int_equal(refill.implant, 1);
    assert_int_equal(refill.visit, 1);
    assert_int_equal(refill.user, STAND_FIRST);
    assert_int_equal(refill.expected.nl, fresh ? 0 : 10 * ML_NL);
    assert_int_equal(refill.found.nl, fresh ? 0 : 10 * ML_NL);
    assert_int_equal(refill.left.nl, 0);
    assert_int_equal(refill.filled.nl, leaves->filled_nl);
    assert_int_equal(refill.drawn_up.nl, leaves->filled_nl);
    assert_int_equal(refill.cause, WORD_CAUSE_NONE);
    assert_int_equal(refill.drugs, filled ? 1 : 0);
    if (!filled)
        return;
    assert_int_equal(refill.drug[0].drug, DRUG_MORPHINE);
    assert_int_equal(refill.drug[0].conc.ng_ml, (leaves->work == WORK_BRIDGE ? 10 : 25) * MG_NG);
    assert_string_equal(refill.drug[0].lot, "L-17");
}

static void therapy_check(const struct leaves *leaves)
{
    static struct therapy_record record_;
    uint8_t bytes[THERAPY_BYTES_MAX];
    size_t size = 0;
    if (leaves->therapies == 0)
        return;
    assert_kept(therapies_newest(&book_records, 1, &record_));
    assert_int_equal(therapy_encode(&stand.pump.therapy, bytes, sizeof bytes, &size), RESULT_OK);
    assert_int_equal(record_.size, size);
    assert_memory_equal(record_.canonical, bytes, size);
    assert_memory_equal(record_.hash, stand.pump.token, TOKEN_BYTES);
    assert_int_equal(record_.formulary_version, stand.practice.formulary->version);
    assert_string_equal(record_.region, "US");
    assert_int_equal(record_.visit, 1);
}

static void pump_check(const struct leaves *leaves)
{
    struct implant implant;
    struct catheter catheter;
    assert_int_equal(book_rows(TABLE_IMPLANTS), 1);
    assert_int_equal(book_rows(TABLE_CATHETERS), 1);
    assert_kept(implants_find(&book_records, BOOK_SERIAL, &implant));
    assert_int_equal(implant.patient, 1);
    assert_int_equal(implant.model, stand.pump.model);
    assert_int_equal(implant.revision, stand.pump.revision);
    assert_int_equal(implant.calibration.ppm, stand.pump.calibration.ppm);
    assert_int_equal(implant.implanted_ms, leaves->work == WORK_IMPLANT ? BOOK_AT : BOOK_AT - DAY_MS);
    assert_int_equal(implant.explanted_ms, leaves->work == WORK_EXPLANT ? stand.now_ms : 0);
    assert_kept(catheters_in_place(&book_records, 1, &catheter));
    assert_int_equal(catheter.length_mm, 400);
    assert_int_equal(catheter.dead_volume.nl, model_dead_volume(interrogation_model(&stand.pump), 400).nl);
}

static void every_workflow_leaves_what_was_done(void **state)
{
    (void)state;
    for (unsigned i = 0; i < LEAVES_COUNT; i++) {
        const struct leaves *leaves = &LEAVES[i];
        int64_t visit = 0;
        book_ready(leaves->work, leaves->valve);
        workflow_begin(&book_workflow, leaves->work, stand.now_ms);
        book_run();
        assert_kept(book_record(&visit));
        workflow_recorded(&book_workflow);
        visit_check(leaves, visit);
        assert_int_equal(book_rows(TABLE_REFILLS), leaves->refills);
        assert_int_equal(book_rows(TABLE_THERAPIES), leaves->therapies);
        refill_check(leaves);
        therapy_check(leaves);
        pump_check(leaves);
        assert_int_equal(workflow_want(&book_workflow), WANT_AUDIT);
        book_end_audit();
        assert_int_equal(workflow_want(&book_workflow), WANT_NOTHING);
        assert_int_equal(book_audit(WORD_ACTION_WORKFLOW_DONE), 1);
        assert_int_equal(book_ask("SELECT home FROM audit WHERE action = 9"), table_code(TABLE_IMPLANTS));
        book_verify();
    }
}

/* Half of an explant is none: the pump was stopped, and is in place. */
static void broken_off_after_sending_it_is_recorded_as_far_as_it_went(void **state)
{
    (void)state;
    for (unsigned commands = 1; commands <= 2; commands++) {
        book_ready(WORK_EXPLANT, false);
        stand_walk(&book_workflow, WORK_EXPLANT, STEP_AT_SEND);
        while (stand.commands < commands)
            stand_do(&book_workflow);
        assert_true(workflow_abandon(&book_workflow));
        assert_int_equal(workflow_want(&book_workflow), WANT_RECORD);
        assert_kept(book_record(NULL));
        assert_int_equal(book_ask("SELECT outcome FROM visits"),
                         commands == 2 ? WORD_OUTCOME_APPLIED : WORD_OUTCOME_NOT_APPLIED);
        assert_int_equal(book_ask("SELECT count(*) FROM implants WHERE explanted_ms IS NOT NULL"), commands == 2);
        assert_int_equal(book_rows(TABLE_REFILLS), commands == 2);
        book_verify();
    }
}

static void recorded_twice_it_is_there_once(void **state)
{
    (void)state;
    for (unsigned i = 0; i < LEAVES_COUNT; i += 2) { /* one of each kind of rows */
        int64_t first = 0, second = 0, again = 0;
        book_ready(LEAVES[i].work, LEAVES[i].valve);
        workflow_begin(&book_workflow, LEAVES[i].work, stand.now_ms);
        book_run();
        book_failing.commit_unknown = true; /* kept, and nobody hears of it */
        assert_int_equal(book_record(&first), RECORDS_UNKNOWN);
        int64_t rows = book_rows(TABLE_AUDIT);
        stand.now_ms += DAY_MS;
        assert_kept(book_record(&second));
        book_sign_in(STAND_FIRST); /* another process, after a crash */
        assert_kept(book_record(&again));
        assert_int_equal(second, 1);
        assert_int_equal(again, 1);
        assert_int_equal(book_rows(TABLE_AUDIT), rows);
        assert_int_equal(book_rows(TABLE_VISITS), 1);
        assert_int_equal(book_rows(TABLE_REFILLS), LEAVES[i].refills);
        book_verify();
        workflow_begin(&book_workflow, WORK_EMERGENCY, stand.now_ms); /* the next one is another */
        book_run();
        assert_kept(book_record(&second));
        assert_int_equal(second, 2);
    }
}

/* Whichever operation of the database fails, nothing of it is kept; then all of it. */
static void all_of_it_is_kept_or_nothing(void **state)
{
    (void)state;
    static const enum work WORKS[] = { WORK_IMPLANT, WORK_BRIDGE, WORK_EXPLANT };
    for (unsigned i = 0; i < 3; i++) {
        book_ready(WORKS[i], false);
        workflow_begin(&book_workflow, WORKS[i], stand.now_ms);
        book_run();
        int64_t rows = book_rows(TABLE_AUDIT);
        unsigned at = 1;
        for (enum records_fault fault = RECORDS_FAILED; fault != RECORDS_OK; at++) {
            assert_true(at < 400);
            book_fail(at);
            fault = book_record(NULL);
            book_fail(0);
            if (fault == RECORDS_OK)
                break;
            assert_int_equal(fault, RECORDS_FAILED);
            assert_int_equal(book_rows(TABLE_VISITS), 0);
            assert_int_equal(book_rows(TABLE_AUDIT), rows);
            assert_int_equal(book_rows(TABLE_IMPLANTS), WORKS[i] != WORK_IMPLANT);
        }
        assert_true(at > 20);
        assert_int_equal(book_rows(TABLE_VISITS), 1);
        assert_int_equal(book_rows(TABLE_REFILLS), 1);
        book_verify();
    }
}

/* A refill that the pump refuses was done all the same: the note keeps what will have to be told again. */
static void what_a_pump_refuses_is_no_refill_of_it(void **state)
{
    (void)state;
    char note[1100];
    int64_t visit = 0;
    book_ready(WORK_REFILL, false);
    stand_walk(&book_workflow, WORK_REFILL, STEP_AT_SEND);
    stand.reasons = VERDICT_STALE_HEAD;
    book_run();
    assert_kept(book_record(&visit));
    assert_int_equal(book_ask("SELECT outcome FROM visits"), WORD_OUTCOME_NOT_APPLIED);
    assert_int_equal(book_ask("SELECT reasons FROM visits"), VERDICT_STALE_HEAD);
    assert_int_equal(book_rows(TABLE_REFILLS), 0);
    assert_kept(visits_note_read(&book_records, visit, note, sizeof note));
    assert_string_equal(
        note, "commands: refill refused; said, and not in the pump's account: 10.000000 mL drawn out, 0.000000 mL "
              "left, 18.000000 mL put in of morphine 25 mg/mL, lot L-17; ended: not applied");
    book_verify();
}

/* An implant that the pump refused is none: the visit is the patient's. */
static void a_refused_implant_is_a_visit_of_the_patient(void **state)
{
    (void)state;
    book_ready(WORK_IMPLANT, false);
    stand_walk(&book_workflow, WORK_IMPLANT, STEP_AT_SEND);
    stand.reasons = VERDICT_STALE_HEAD;
    book_run();
    assert_kept(book_record(NULL));
    assert_kept(book_record(NULL));
    workflow_recorded(&book_workflow);
    book_end_audit();
    assert_int_equal(book_rows(TABLE_IMPLANTS), 0);
    assert_int_equal(book_rows(TABLE_VISITS), 1);
    assert_int_equal(book_ask("SELECT count(*) FROM visits WHERE implant_id IS NULL"), 1);
    assert_int_equal(book_ask("SELECT home FROM audit WHERE action = 13"), table_code(TABLE_PATIENTS));
}

/* 40 % more than before: beyond a soft limit, first at 60 %, which is thought better of. */
static void limits_are_kept_as_they_were_answered(void **state)
{
    (void)state;
    static struct answers answers;
    struct override_record shown;
    book_ready(WORK_PROGRAM, false);
    stand_walk(&book_workflow, WORK_PROGRAM, STEP_AT_THERAPY);
    stand_answers(&book_workflow, &answers);
    answers.therapy.therapy.program.base.nl_day = 320000;
    assert_int_equal(stand_give(&book_workflow, &answers), GIVEN_HELD);
    answers.therapy.therapy.program.base.nl_day = 280000;
    assert_int_equal(stand_give(&book_workflow, &answers), GIVEN_HELD);
    answers.overrides = 1;
    answers.override[0] = (struct override){ .rule = RULE_BOUNDS, .reason = WORD_REASON_TITRATED, .again = "7 mg/day" };
    assert_int_equal(stand_give(&book_workflow, &answers), GIVEN_ON);
    book_run();
    assert_int_equal(book_workflow.second_user, STAND_SECOND);
    assert_kept(book_record(NULL));
    assert_int_equal(book_rows(TABLE_OVERRIDES), 2);
    assert_kept(overrides_read(&book_records, 1, &shown));
    assert_string_equal(shown.rule, "morphine.step_up.soft");
    assert_int_equal(shown.value, 400000);
    assert_int_equal(shown.bound, 300000);
    assert_int_equal(shown.level, WORD_LEVEL_SOFT);
    assert_int_equal(shown.answer, WORD_ANSWER_OVERRIDDEN);
    assert_int_equal(shown.reason, WORD_REASON_TITRATED);
    assert_int_equal(shown.user, STAND_FIRST);
    assert_int_equal(shown.second, STAND_SECOND);
    assert_kept(overrides_read(&book_records, 2, &shown));
    assert_string_equal(shown.rule, "morphine.step_up.soft");
    assert_int_equal(shown.value, 600000);
    assert_int_equal(shown.answer, WORD_ANSWER_HEEDED);
    assert_int_equal(shown.second, 0);
    book_verify();
}

static void what_is_not_theirs_is_not_recorded(void **state)
{
    (void)state;
    struct casebook other;
    book_ready(WORK_REFILL, false);
    workflow_begin(&book_workflow, WORK_REFILL, stand.now_ms);
    assert_int_equal(book_record(NULL), RECORDS_REFUSED); /* nothing to be recorded yet */
    book_run();
    other = book_case;
    strcpy(other.serial, "SIM-0043");
    assert_int_equal(casebook_record(&book_records, &other, &book_workflow, stand.now_ms, NULL), RECORDS_REFUSED);
    book_workflow.begun_ms = 0; /* a clock of the caller's own */
    assert_int_equal(book_record(NULL), RECORDS_MALFORMED);
    book_workflow.begun_ms = BOOK_AT;
    book_sign_in(STAND_SECOND);
    assert_int_equal(book_record(NULL), RECORDS_REFUSED);
    assert_int_equal(book_rows(TABLE_VISITS), 0);
}

/* As the server does: written down before the command is sent, and the watch over the patient begun after it. */
static void watch_begin(void)
{
    book_ready(WORK_REFILL, false);
    stand_walk(&book_workflow, WORK_REFILL, STEP_AT_SEND);
    assert_kept(casebook_record_ahead(&book_records, &book_case, &book_workflow, 71, stand.now_ms));
    while (workflow_step(&book_workflow) != STEP_AT_WATCH)
        stand_do(&book_workflow);
}

static void note_is(const char *words)
{
    char note[1100];
    assert_kept(visits_note_read(&book_records, 1, note, sizeof note));
    assert_string_equal(note, words);
}

/* What was written ahead of a command is not what is said of it for ever; what was seen at the watch is said. */
static void the_note_tells_what_is_known_at_the_end(void **state)
{
    (void)state;
    static struct answers answers;
    watch_begin();
    stand.now_ms = book_workflow.watch_until_ms;
    stand_answers(&book_workflow, &answers);
    answers.signs = ANSWER_YES;
    assert_int_equal(stand_give(&book_workflow, &answers), GIVEN_ON);
    book_run();
    assert_kept(book_record(NULL));
    note_is("commands: refill applied; signs were seen while watching");
    watch_begin();
    assert_true(workflow_abandon(&book_workflow));
    book_run();
    assert_kept(book_record(NULL));
    note_is("commands: refill applied; the watch over the patient was broken off; ended: abandoned");
    book_verify();
}

/* Somebody else settles a visit while its task is still under way: it stays one visit, and what the pump has answered counts. */
static void what_was_settled_meanwhile_is_one_visit(void **state)
{
    (void)state;
    static const struct {
        int64_t settled;
        const char *note;
    } ROWS[] = {
        { WORD_OUTCOME_NOT_APPLIED,
          "settled as not_applied before this was written, and corrected; commands: refill applied" },
        { WORD_OUTCOME_APPLIED, "commands: refill applied" },
    };
    for (unsigned i = 0; i < 2; i++) {
        struct refill_trend trend;
        watch_begin();
        assert_kept(records_begin(&book_records, stand.now_ms));
        assert_kept(visits_close(&book_records, 1, ROWS[i].settled, 0, 71));
        assert_kept(records_commit(&book_records));
        book_run();
        for (unsigned again = 0; again < 2; again++) {
            assert_kept(book_record(NULL));
            assert_int_equal(book_rows(TABLE_VISITS), 1);
            assert_int_equal(book_rows(TABLE_REFILLS), 1);
            assert_int_equal(book_ask("SELECT outcome FROM visits"), WORD_OUTCOME_APPLIED);
            note_is(ROWS[i].note);
        }
        assert_kept(refills_trend(&book_records, 1, &trend));
        assert_int_equal(trend.count, 1);
        book_verify();
    }
}

/* Between two commands of one workflow, too: before the second is sent nobody knows its outcome, whatever was settled. */
static void what_was_settled_between_two_commands_is_unknown_again(void **state)
{
    (void)state;
    book_ready(WORK_EXPLANT, false);
    stand_walk(&book_workflow, WORK_EXPLANT, STEP_AT_SEND);
    assert_kept(casebook_record_ahead(&book_records, &book_case, &book_workflow, 71, stand.now_ms));
    while (stand.commands < 1)
        stand_do(&book_workflow);
    assert_kept(records_begin(&book_records, stand.now_ms));
    assert_kept(visits_close(&book_records, 1, WORD_OUTCOME_APPLIED, 0, 0));
    assert_kept(implants_explant(&book_records, 1, stand.now_ms));
    assert_kept(records_commit(&book_records));
    assert_kept(casebook_record_ahead(&book_records, &book_case, &book_workflow, 72, stand.now_ms));
    assert_int_equal(book_ask("SELECT outcome FROM visits"), WORD_OUTCOME_UNKNOWN);
    book_run();
    assert_kept(book_record(NULL));
    assert_int_equal(book_rows(TABLE_VISITS), 1);
    assert_int_equal(book_ask("SELECT outcome FROM visits"), WORD_OUTCOME_APPLIED);
    book_verify();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_workflow_leaves_what_was_done),
        cmocka_unit_test(broken_off_after_sending_it_is_recorded_as_far_as_it_went),
        cmocka_unit_test(recorded_twice_it_is_there_once),
        cmocka_unit_test(all_of_it_is_kept_or_nothing),
        cmocka_unit_test(what_a_pump_refuses_is_no_refill_of_it),
        cmocka_unit_test(a_refused_implant_is_a_visit_of_the_patient),
        cmocka_unit_test(limits_are_kept_as_they_were_answered),
        cmocka_unit_test(what_is_not_theirs_is_not_recorded),
        cmocka_unit_test(the_note_tells_what_is_known_at_the_end),
        cmocka_unit_test(what_was_settled_meanwhile_is_one_visit),
        cmocka_unit_test(what_was_settled_between_two_commands_is_unknown_again),
    };
    return cmocka_run_group_tests(tests, book_begin, book_end);
}
