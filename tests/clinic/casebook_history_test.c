/* casebook_history_test.c - the doses and scores of a patient come out of the records as they went in: therapies that came
 * into force alone, of every pump, and the newest. REQ-CLIN-10, HZ-41. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/casebook/history.h"

#include "tests/clinic/records_case.h"
#include "tests/clinic/records_stand.h"
#include "tests/core/sample.h"

enum { DAY = 24 * 3600000 };

static struct benefit_history history;

/* A visit at which this therapy was given, and how it ended. */
static void given(struct records *records, const struct case_ids *ids, unsigned n, int64_t at_ms, int64_t outcome)
{
    uint8_t bytes[THERAPY_BYTES_MAX];
    int64_t visit = 0;
    const struct implant implant = case_implant(1, ids->patient);
    assert_done(records, records_begin(records, at_ms));
    assert_done(records, visits_open(records, ids->patient, ids->implant, WORD_WORKFLOW_PROGRAM, &visit));
    size_t size = case_therapy(&implant, n, bytes);
    assert_done(records, therapies_add(records, ids->implant, visit, bytes, size, 7, "US", NULL));
    if (outcome != WORD_OUTCOME_OPEN)
        assert_done(records, visits_close(records, visit, outcome, 0, 1));
    assert_done(records, records_commit(records));
}

static void said(struct records *records, const struct case_ids *ids, int64_t at_ms, int64_t pain)
{
    struct score_record score = case_score(0, ids->patient, 0);
    score.pain = pain;
    assert_done(records, records_begin(records, at_ms));
    assert_done(records, scores_add(records, &score, NULL, NULL));
    assert_done(records, records_commit(records));
}

static void what_came_into_force_is_told(void **state)
{
    (void)state;
    struct records records;
    struct case_ids ids, other;
    struct therapy_record record;
    struct therapy therapy;
    stand_fresh(&records);
    assert_done(&records, records_begin(&records, STAND_AT));
    assert_done(&records, case_write(&records, 1, 0, &ids));
    assert_done(&records, case_write(&records, 2, 0, &other)); /* somebody else */
    assert_done(&records, records_commit(&records));
    given(&records, &ids, 3, STAND_AT + 2 * DAY, WORD_OUTCOME_APPLIED);
    given(&records, &ids, 4, STAND_AT + 3 * DAY, WORD_OUTCOME_NOT_APPLIED);
    given(&records, &ids, 5, STAND_AT + 4 * DAY, WORD_OUTCOME_UNKNOWN);
    given(&records, &ids, 6, STAND_AT + 5 * DAY, WORD_OUTCOME_OPEN);
    said(&records, &ids, STAND_AT + DAY, 7);
    assert_done(&records, history_of_patient(&records, ids.patient, &history));
    assert_int_equal(history.therapies, 2); /* with that of the first visit */
    assert_true(history.therapy[0].at_ms == STAND_AT && history.therapy[1].at_ms == STAND_AT + 2 * DAY);
    assert_done(&records, therapies_read(&records, ids.therapy, &record));
    assert_int_equal(therapy_decode(record.canonical, record.size, &therapy), RESULT_OK);
    const struct benefit_therapy expected = benefit_of_therapy(&therapy, STAND_AT);
    assert_int_equal(history.therapy[0].drugs, therapy.mixture.count);
    assert_true(ratio_compare(history.therapy[0].drug[0].dose, expected.drug[0].dose) == 0 &&
                expected.drug[0].dose.num > 0);
    assert_int_equal(history.scores, 2);
    assert_true(history.score[0].at_ms == STAND_AT && history.score[0].relief == 1 && history.score[1].pain == 7);
    assert_int_equal(history.score[1].relief, BENEFIT_NOT_SAID);
    assert_done(&records, history_of_patient(&records, 99, &history));
    assert_true(history.therapies == 0 && history.scores == 0);
    records_close(&records);
}

static void the_newest_are_told_and_damage_is(void **state)
{
    (void)state;
    struct records records;
    struct case_ids ids;
    stand_fresh(&records);
    assert_done(&records, records_begin(&records, STAND_AT));
    assert_done(&records, case_write(&records, 1, 0, &ids));
    assert_done(&records, records_commit(&records));
    for (unsigned i = 1; i <= BENEFIT_THERAPIES_MAX + 2; i++)
        given(&records, &ids, i % 5, STAND_AT + (int64_t)i * DAY, WORD_OUTCOME_APPLIED);
    assert_done(&records, history_of_patient(&records, ids.patient, &history));
    assert_int_equal(history.therapies, BENEFIT_THERAPIES_MAX);
    assert_int_equal(history.therapy[0].at_ms, STAND_AT + INT64_C(3) * DAY);
    records_close(&records);
    stand_attack("UPDATE therapies SET canonical = (SELECT b.canonical FROM therapies b WHERE b.id = 2) WHERE id = 8");
    stand_open(&records);
    assert_int_equal(history_of_patient(&records, ids.patient, &history), RECORDS_DAMAGED);
    records_close(&records);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_came_into_force_is_told),
        cmocka_unit_test(the_newest_are_told_and_damage_is),
    };
    return cmocka_run_group_tests(tests, stand_begin, stand_end);
}
