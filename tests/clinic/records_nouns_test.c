/* records_nouns_test.c - implants, catheters, visits, therapies, refills, shown limits and scores of pain: what is written
 * is read, what cannot be is refused. REQ-RSVR-04, REQ-LIBR-04, REQ-LIBR-05, REQ-LIBR-06, REQ-CLIN-01, REQ-CLIN-10. */
// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "tests/clinic/records_case.h"
#include "tests/clinic/records_stand.h"
#include "tests/core/sample.h"

/* One patient with everything; a transaction is open. */
static struct case_ids clinic(struct records *records)
{
    struct case_ids ids;
    stand_fresh(records);
    assert_done(records, records_begin(records, STAND_AT));
    assert_done(records, case_write(records, 1, 0, &ids));
    assert_done(records, records_commit(records));
    assert_done(records, records_begin(records, STAND_AT + 1));
    return ids;
}

static void implants_and_catheters(void **state)
{
    (void)state;
    struct records records;
    struct implant implant, written = case_implant(1, 1);
    struct catheter catheter, placed = case_catheter(1, 1);
    unsigned count = 0;
    int64_t id = 0;
    struct case_ids ids = clinic(&records);
    assert_done(&records, implants_find(&records, "SIM-000001", &implant));
    assert_true(implant.id == ids.implant && implant.patient == ids.patient && implant.model == written.model);
    assert_true(implant.calibration.ppm == written.calibration.ppm && implant.implanted_ms == written.implanted_ms);
    assert_int_equal(implants_add(&records, &written, &id), RECORDS_EXISTS);
    strcpy(written.serial, "OTHER");
    written.model = 99;
    assert_int_equal(implants_add(&records, &written, &id), RECORDS_MALFORMED);
    written.model = MODEL_C20;
    written.implanted_ms = STAND_AT + 2 * DAY_MS;
    assert_int_equal(implants_add(&records, &written, &id), RECORDS_MALFORMED);
    assert_non_null(strstr(records.error, "more than a day in the future"));
    assert_done(&records, catheters_in_place(&records, ids.implant, &catheter));
    assert_true(catheter.length_mm == placed.length_mm && catheter.dead_volume.nl == placed.dead_volume.nl);
    assert_string_equal(catheter.kind, placed.kind);
    assert_int_equal(catheters_add(&records, &placed, &id), RECORDS_REFUSED);
    assert_done(&records, catheters_remove(&records, ids.catheter, 5));
    assert_int_equal(catheters_remove(&records, ids.catheter, 6), RECORDS_REFUSED);
    assert_int_equal(catheters_in_place(&records, ids.implant, &catheter), RECORDS_MISSING);
    placed.length_mm = 0;
    assert_int_equal(catheters_add(&records, &placed, &id), RECORDS_MALFORMED);
    placed.length_mm = 500;
    assert_done(&records, catheters_add(&records, &placed, &id));
    assert_done(&records, implants_explant(&records, ids.implant, 77));
    assert_int_equal(implants_explant(&records, ids.implant, 78), RECORDS_REFUSED);
    assert_done(&records, implants_list(&records, ids.patient, &implant, 1, &count));
    assert_true(count == 1 && implant.explanted_ms == 77);
    assert_done(&records, records_commit(&records));
    records_close(&records);
    stand_finds(0, "");
}

static void visits_end_once_or_stay_unknown(void **state)
{
    (void)state;
    struct records records;
    struct visit_record visit, list[4];
    char text[64];
    unsigned count = 0;
    int64_t id = 0, unknown = 0;
    struct case_ids ids = clinic(&records), other;
    records_rollback(&records);
    records_close(&records);
    stand_sign_in(&records, "nina");
    assert_done(&records, records_begin(&records, STAND_AT + 2));
    assert_done(&records, case_write(&records, 2, 0, &other));
    assert_int_equal(visits_open(&records, ids.patient, other.implant, WORD_WORKFLOW_STOP, &id), RECORDS_REFUSED);
    assert_int_equal(visits_open(&records, ids.patient, ids.implant, 99, &id), RECORDS_MALFORMED);
    assert_done(&records, visits_open(&records, ids.patient, ids.implant, WORD_WORKFLOW_PROGRAM, &id));
    assert_int_equal(visits_close(&records, id, WORD_OUTCOME_OPEN, 0, 0), RECORDS_MALFORMED);
    assert_done(&records, visits_close(&records, id, WORD_OUTCOME_UNKNOWN, 0, 12));
    assert_done(&records, visits_unknown(&records, ids.implant, &unknown));
    assert_int_equal(unknown, 1);
    assert_done(&records, visits_close(&records, id, WORD_OUTCOME_NOT_APPLIED, VERDICT_LOCKOUT, 12));
    assert_int_equal(visits_close(&records, id, WORD_OUTCOME_APPLIED, 0, 12), RECORDS_REFUSED);
    assert_done(&records, visits_unknown(&records, ids.implant, &unknown));
    assert_int_equal(unknown, 0);
    struct override_record shown = case_override(3, id);
    shown.second = 2; /* nina herself */
    assert_int_equal(overrides_add(&records, &shown, &unknown), RECORDS_REFUSED);
    assert_done(&records, visits_note(&records, id, "first"));
    assert_int_equal(visits_note(&records, id, "\xC3("), RECORDS_MALFORMED);
    assert_int_equal(visits_note(&records, id, "bell \a"), RECORDS_MALFORMED);
    assert_done(&records, visits_note(&records, id, "two lines:\n\tand a tab"));
    assert_done(&records, visits_note(&records, id, "second thoughts"));
    assert_done(&records, visits_note_read(&records, id, text, sizeof text));
    assert_string_equal(text, "second thoughts");
    assert_int_equal(visits_note_read(&records, id, text, 15), RECORDS_MALFORMED); /* no room for the zero */
    assert_done(&records, visits_read(&records, id, &visit));
    assert_true(visit.user == 2 && visit.workflow == WORD_WORKFLOW_PROGRAM &&
                visit.outcome == WORD_OUTCOME_NOT_APPLIED);
    assert_true(visit.reasons == VERDICT_LOCKOUT && visit.command_id == 12 && visit.opened_ms == STAND_AT + 2);
    assert_done(&records, visits_list(&records, ids.patient, list, 4, &count));
    assert_true(count == 2 && list[0].id == id && list[1].id == ids.visit);
    assert_done(&records, records_commit(&records));
    records_close(&records);
    stand_finds(0, "");
}

static void therapies_are_whole_and_for_their_pump(void **state)
{
    (void)state;
    struct records records;
    struct therapy_record read;
    uint8_t bytes[THERAPY_BYTES_MAX];
    int64_t id = 0;
    struct case_ids ids = clinic(&records);
    struct implant implant = case_implant(1, ids.patient);
    size_t size = case_therapy(&implant, 2, bytes);
    assert_int_equal(therapies_add(&records, ids.implant, ids.visit, bytes, size - 1, 7, "US", &id), RECORDS_MALFORMED);
    assert_int_equal(therapies_add(&records, ids.implant, ids.visit, bytes, size, 8, "US", &id), RECORDS_REFUSED);
    assert_int_equal(therapies_add(&records, ids.implant, ids.visit, bytes, size, 7, "EU", &id), RECORDS_REFUSED);
    assert_done(&records, therapies_add(&records, ids.implant, ids.visit, bytes, size, 7, "US", &id));
    assert_done(&records, therapies_newest(&records, ids.implant, &read));
    assert_true(read.id == id && read.size == size && memcmp(read.canonical, bytes, size) == 0);
    assert_true(read.formulary_version == 7 && strcmp(read.region, "US") == 0);
    strcpy(implant.serial, "SIM-000002");
    size = case_therapy(&implant, 2, bytes);
    assert_int_equal(therapies_add(&records, ids.implant, ids.visit, bytes, size, 7, "US", &id), RECORDS_REFUSED);
    assert_non_null(strstr(records.error, "SIM-000002"));
    assert_done(&records, records_commit(&records));
    records_close(&records);
    stand_attack("UPDATE therapies SET canonical = (SELECT b.canonical FROM therapies b WHERE b.id = 2) WHERE id = 1");
    stand_open(&records);
    assert_int_equal(therapies_read(&records, 1, &read), RECORDS_DAMAGED);
    records_close(&records);
    stand_finds(1, "therapies: row 1 was changed");
}

/* Any therapy there can be, of the canonical encoding's own sample. */
static void any_therapy_comes_back(void **state)
{
    (void)state;
    struct records records;
    struct case_ids ids = clinic(&records);
    uint64_t seed = 5;
    for (unsigned i = 0; i < 40; i++) {
        uint8_t bytes[THERAPY_BYTES_MAX];
        struct therapy_record read;
        size_t size = 0;
        int64_t id = 0;
        struct therapy therapy = sample_therapy(&seed);
        memset(therapy.serial, 0, sizeof therapy.serial);
        strcpy(therapy.serial, "SIM-000001");
        assert_int_equal(therapy_encode(&therapy, bytes, sizeof bytes, &size), RESULT_OK);
        assert_done(&records, therapies_add(&records, ids.implant, ids.visit, bytes, size, therapy.formulary_version,
                                            therapy.region, &id));
        assert_done(&records, therapies_read(&records, id, &read));
        assert_true(read.size == size && memcmp(read.canonical, bytes, size) == 0);
    }
    records_close(&records);
}

static void refills_keep_lots_and_a_trend(void **state)
{
    (void)state;
    struct records records;
    struct refill_record read, bad;
    struct refill_trend trend;
    int64_t found[4];
    unsigned count = 0;
    char text[64];
    struct case_ids ids = clinic(&records);
    assert_done(&records, refills_read(&records, ids.refill, &read));
    const struct refill_record written = case_refill(1, ids.implant, ids.visit);
    assert_true(read.expected.nl == written.expected.nl && read.found.nl == written.found.nl &&
                read.left.nl == written.left.nl);
    assert_true(read.filled.nl == written.filled.nl && read.drawn_up.nl == written.drawn_up.nl &&
                read.cause == written.cause);
    assert_true(read.drugs == 2 && read.drug[1].drug == DRUG_BUPIVACAINE && read.drug[1].conc.ng_ml == 5000000);
    assert_string_equal(read.drug[0].lot, "M-1");
    uint16_t drugs[4];
    bool mixed = false;
    assert_done(&records, refills_drugs(&records, ids.implant, drugs, 4, &count, &mixed));
    assert_true(count == 2 && drugs[0] == DRUG_MORPHINE && drugs[1] == DRUG_BUPIVACAINE && mixed);
    assert_done(&records, refills_drugs(&records, ids.implant, drugs, 1, &count, &mixed));
    assert_true(count == 1 && mixed);
    assert_done(&records, refills_drugs(&records, ids.implant + 1, drugs, 4, &count, &mixed));
    assert_true(count == 0 && !mixed);
    assert_done(&records, refills_note_read(&records, ids.refill, text, sizeof text));
    assert_string_equal(text, "the patient had moved");
    assert_int_equal(refills_discrepancy(&read).nl, -1000000);
    struct refill_record more = written;
    more.found.nl = more.expected.nl + 300000 - more.left.nl; /* 0.3 mL too much */
    assert_done(&records, refills_add(&records, &more, NULL, NULL));
    assert_done(&records, refills_trend(&records, ids.implant, &trend));
    assert_true(trend.count == 2 && trend.sum.nl == -700000 && trend.largest.nl == -1000000);
    assert_done(&records, refills_by_lot(&records, "M-1", found, 4, &count));
    assert_true(count == 2 && found[0] == ids.refill);
    assert_done(&records, refills_by_lot(&records, "M-2", found, 4, &count));
    assert_int_equal(count, 0);
    for (unsigned i = 0; i < 6; i++) {
        bad = written;
        bad.found.nl = i == 0 ? -1 : bad.found.nl;
        bad.drawn_up.nl = i == 1 ? bad.filled.nl - 1 : bad.drawn_up.nl;
        bad.drug[1].drug = i == 2 ? DRUG_MORPHINE : bad.drug[1].drug; /* twice */
        bad.drugs = i == 3 ? 5 : bad.drugs;
        bad.cause = i == 4 ? 99 : bad.cause;
        bad.drug[0].lot[0] = i == 5 ? '\n' : bad.drug[0].lot[0];
        assert_int_equal(refills_add(&records, &bad, NULL, NULL), RECORDS_MALFORMED);
    }
    records_close(&records);
}

static void limits_are_counted_and_hard_ones_hold(void **state)
{
    (void)state;
    struct records records;
    struct override_count counts[4];
    struct override_record shown, read;
    unsigned count = 0;
    int64_t id = 0;
    struct case_ids ids = clinic(&records);
    for (unsigned n = 2; n <= 10; n++) {
        shown = case_override(n, ids.visit);
        assert_done(&records, overrides_add(&records, &shown, &id));
    }
    assert_done(&records, overrides_read(&records, id, &read));
    assert_true(strcmp(read.rule, shown.rule) == 0 && read.value == shown.value && read.bound == shown.bound);
    assert_true(read.answer == shown.answer && read.reason == shown.reason && read.level == shown.level);
    assert_done(&records, overrides_table(&records, "", counts, 4, &count));
    assert_int_equal(count, 2); /* 1 to 10: hard at 2, 5, 8; soft ones overridden at 3, 6, 9 */
    assert_string_equal(counts[0].rule, "morphine.dose_day.hard");
    assert_true(counts[0].shown == 3 && counts[0].overridden == 0 && counts[1].shown == 7 && counts[1].overridden == 3);
    assert_done(&records, overrides_table(&records, counts[0].rule, counts, 4, &count));
    assert_int_equal(count, 1);
    shown = case_override(3, ids.visit);
    shown.level = WORD_LEVEL_HARD;
    assert_int_equal(overrides_add(&records, &shown, &id), RECORDS_REFUSED);
    shown = case_override(3, ids.visit);
    shown.reason = WORD_REASON_NONE;
    assert_int_equal(overrides_add(&records, &shown, &id), RECORDS_REFUSED);
    shown.reason = WORD_REASON_CONSULTED;
    shown.second = 3;
    assert_done(&records, overrides_add(&records, &shown, &id));
    assert_done(&records, overrides_read(&records, id, &read));
    assert_int_equal(read.second, 3);
    shown.answer = 7;
    assert_int_equal(overrides_add(&records, &shown, &id), RECORDS_MALFORMED);
    records_close(&records);
}

/* REQ-CLIN-10 */
static void scores_keep_what_was_said_and_seal_the_note(void **state)
{
    (void)state;
    struct records records;
    struct score_record score, list[4];
    char text[64];
    unsigned count = 0;
    int64_t id = 0;
    struct case_ids ids = clinic(&records), other;
    assert_done(&records, case_write(&records, 2, 0, &other));
    assert_done(&records, scores_read(&records, ids.score, &score));
    assert_true(score.patient == ids.patient && score.visit == ids.visit && score.user == 0 && score.at_ms == STAND_AT);
    assert_true(score.scale == WORD_SCALE_NRS && score.pain == 1 && score.relief_percent == 1);
    score = case_score(10, ids.patient, 0); /* by telephone, an hour ago: the worst there is, and nothing of relief */
    score.at_ms = STAND_AT - 3600000;
    assert_done(&records, scores_add(&records, &score, NULL, &id));
    assert_done(&records, scores_read(&records, id, &score));
    assert_true(score.visit == 0 && score.at_ms == STAND_AT - 3600000 && score.pain == 10);
    assert_int_equal(score.relief_percent, SCORE_NOT_SAID);
    assert_done(&records, scores_note_read(&records, id, text, sizeof text));
    assert_string_equal(text, "");
    score = case_score(0, ids.patient, ids.visit); /* no pain, and no relief either: both are said */
    score.relief_percent = 0;
    assert_done(&records, scores_add(&records, &score, "slept well", &id));
    assert_done(&records, scores_list(&records, ids.patient, list, 4, &count));
    assert_true(count == 3 && list[0].id == id && list[0].at_ms == STAND_AT + 1 && list[0].relief_percent == 0);
    assert_true(list[1].id == ids.score && list[2].pain == 10);
    assert_done(&records, scores_list(&records, ids.patient, list, 2, &count));
    assert_int_equal(count, 2);
    assert_done(&records, patients_purge(&records, ids.patient));
    assert_done(&records, scores_note_read(&records, id, text, sizeof text));
    assert_string_equal(text, ""); /* with the patient's key */
    assert_done(&records, records_commit(&records));
    records_close(&records);
    stand_attack("UPDATE scores SET pain = 2 WHERE id = 1");
    stand_finds(1, "scores: row 1 was changed");
}

static void scores_off_the_scale_are_refused(void **state)
{
    (void)state;
    struct records records;
    struct case_ids ids = clinic(&records), other;
    const struct score_record good = case_score(3, ids.patient, ids.visit);
    assert_done(&records, case_write(&records, 2, 0, &other));
    for (unsigned i = 0; i < 8; i++) {
        struct score_record bad = good;
        bad.pain = i == 0 ? -1 : i == 1 ? SCORE_NRS_MAX + 1 : bad.pain;
        bad.relief_percent = i == 2 ? -2 : i == 3 ? SCORE_RELIEF_MAX + 1 : bad.relief_percent;
        bad.scale = i == 4 ? 0 : bad.scale;
        bad.at_ms = i == 5 ? STAND_AT + 2 : i == 6 ? -1 : bad.at_ms; /* tomorrow was not felt yet */
        bad.visit = i == 7 ? other.visit : bad.visit;
        assert_int_equal(scores_add(&records, &bad, NULL, NULL), i == 7 ? RECORDS_REFUSED : RECORDS_MALFORMED);
    }
    struct score_record nobody = good;
    nobody.patient = 99;
    nobody.visit = 0;
    assert_int_equal(scores_add(&records, &nobody, NULL, NULL), RECORDS_MISSING);
    records_close(&records);
}

/* Screen rule N8: whatever was typed may be a name. */
static void keys_are_kept_sealed_and_go_with_the_patient(void **state)
{
    (void)state;
    struct records records;
    struct typing_record list[4];
    char text[64];
    unsigned count = 0;
    struct case_ids ids = clinic(&records);
    struct typing_record typing = case_typing(7, ids.patient, 0);
    assert_done(&records, typings_add(&records, &typing, "{\"pressed\":[[0,0,0,\"M\",\"\"]]}"));
    assert_done(&records, typings_list(&records, ids.patient, list, 4, &count));
    assert_true(count == 2 && list[0].presses == 7 && list[0].implant == 0 && list[0].user == 0 &&
                list[0].at_ms == STAND_AT + 1);
    assert_true(list[0].opened_ms == 1007 && list[0].sent_ms == 3007 && list[1].implant == ids.implant);
    assert_string_equal(list[0].step, "therapy");
    assert_string_equal(list[0].field, "dose");
    assert_done(&records, typings_keys(&records, &list[0], text, sizeof text));
    assert_string_equal(text, "{\"pressed\":[[0,0,0,\"M\",\"\"]]}");
    assert_done(&records, typings_list(&records, ids.patient, list, 1, &count));
    assert_int_equal(count, 1);
    typing.field[0] = '\0';
    assert_int_equal(typings_add(&records, &typing, "{}"), RECORDS_MALFORMED);
    assert_done(&records, patients_purge(&records, ids.patient));
    assert_done(&records, typings_keys(&records, &list[0], text, sizeof text));
    assert_string_equal(text, "");
    assert_done(&records, records_commit(&records));
    records_close(&records);
    stand_attack("UPDATE typings SET presses = 2 WHERE id = 1");
    stand_finds(1, "typings: row 1 was changed");
}

/* Before anything is done a row says so; how it ended is said once. */
static void acts_upon_a_simulation_say_how_much_and_what_became_of_it(void **state)
{
    (void)state;
    struct records records;
    struct twin_act read, act;
    int64_t id = 0;
    struct case_ids ids = clinic(&records);
    act = case_twin_act(20, ids.implant);
    assert_done(&records, twinacts_add(&records, &act, &id));
    assert_done(&records, twinacts_read(&records, id, &read));
    assert_true(read.implant == ids.implant && read.action == WORD_ACTION_TWIN_FAULT && read.outcome == WORD_ACT_BEGUN);
    assert_true(read.user == 0 && read.at_ms == STAND_AT + 1);
    assert_string_equal(read.said, "fault kink, on, amount 20 %");
    assert_int_equal(twinacts_end(&records, id, WORD_ACT_BEGUN), RECORDS_MALFORMED);
    assert_done(&records, twinacts_end(&records, id, WORD_ACT_REFUSED));
    assert_done(&records, twinacts_read(&records, id, &read));
    assert_int_equal(read.outcome, WORD_ACT_REFUSED);
    assert_int_equal(twinacts_end(&records, id, WORD_ACT_DONE), RECORDS_REFUSED);
    act.said[0] = '\0';
    assert_int_equal(twinacts_add(&records, &act, &id), RECORDS_MALFORMED);
    act = case_twin_act(20, ids.implant);
    act.action = WORD_ACTION_READ;
    assert_int_equal(twinacts_add(&records, &act, &id), RECORDS_MALFORMED);
    assert_done(&records, records_commit(&records));
    records_close(&records);
    stand_attack("UPDATE twin_acts SET outcome = 1 WHERE outcome = 2");
    stand_finds(1, "twin_acts: row 2 was changed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(implants_and_catheters),
        cmocka_unit_test(visits_end_once_or_stay_unknown),
        cmocka_unit_test(therapies_are_whole_and_for_their_pump),
        cmocka_unit_test(any_therapy_comes_back),
        cmocka_unit_test(refills_keep_lots_and_a_trend),
        cmocka_unit_test(limits_are_counted_and_hard_ones_hold),
        cmocka_unit_test(scores_keep_what_was_said_and_seal_the_note),
        cmocka_unit_test(scores_off_the_scale_are_refused),
        cmocka_unit_test(keys_are_kept_sealed_and_go_with_the_patient),
        cmocka_unit_test(acts_upon_a_simulation_say_how_much_and_what_became_of_it),
    };
    return cmocka_run_group_tests(tests, stand_begin, stand_end);
}
