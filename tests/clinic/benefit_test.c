/* benefit_test.c - a rising dose and its benefit at the very bounds, what is said of it, and the file of lines. REQ-CLIN-10,
 * HZ-41. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* fmemopen() */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clinic/planner/benefitlines.h"
#include "clinic/planner/benefitwords.h"

#define NOW (INT64_C(1763596800000)) /* 2025-11-20 */
#define MG (INT64_C(1000000000000))
#define SPAN ((int64_t)BENEFIT_SPAN_DAYS * DAY_MS)

static struct formulary library;
static struct benefit_history history;
static struct benefit_plan plan;
static struct findings findings;

static void clear(void)
{
    history = (struct benefit_history){ .therapies = 0 };
    findings.count = 0;
}

static void gives(int64_t at_ms, uint16_t drug, int64_t fg, int32_t ng_ml)
{
    const struct benefit_therapy therapy = { .at_ms = at_ms, .drugs = 1, .drug = { { drug, { ng_ml }, ratio_of(fg) } } };
    benefit_therapy_add(&history, &therapy);
}

static void says(int64_t at_ms, int32_t pain, int32_t relief)
{
    const struct benefit_score score = { at_ms, pain, relief };
    benefit_score_add(&history, &score);
}

/* 4 mg/day until 100 days ago, then `after`; pain was 5 with 50 % relief, and is this. */
static enum benefit_verdict course(int64_t after_fg, int32_t pain, int32_t relief)
{
    clear();
    gives(NOW - 300 * (int64_t)DAY_MS, DRUG_MORPHINE, 4 * MG, 10000000);
    says(NOW - 200 * (int64_t)DAY_MS, 5, 50);
    gives(NOW - 100 * (int64_t)DAY_MS, DRUG_MORPHINE, after_fg, 20000000);
    says(NOW - DAY_MS, pain, relief);
    benefit_plan(&history, DRUG_MORPHINE, NOW, &plan);
    return plan.verdict;
}

static void the_rise_and_the_benefit_at_their_bounds(void **state)
{
    (void)state;
    assert_int_equal(course(6 * MG - 1, 9, 0), BENEFIT_STEADY);
    assert_int_equal(course(6 * MG, 9, 0), BENEFIT_FALLEN);
    assert_int_equal(course(6 * MG, 6, 50), BENEFIT_FALLEN);
    assert_int_equal(course(6 * MG, 5, 50), BENEFIT_NONE);
    assert_int_equal(course(6 * MG, 4, 50), BENEFIT_NONE);
    assert_int_equal(course(6 * MG, 3, 50), BENEFIT_GAINED);
    assert_int_equal(course(6 * MG, 5, 59), BENEFIT_NONE);
    assert_int_equal(course(6 * MG, 5, 60), BENEFIT_GAINED);
    assert_int_equal(course(6 * MG, 5, 41), BENEFIT_NONE);
    assert_int_equal(course(6 * MG, 5, 40), BENEFIT_FALLEN);
    assert_int_equal(course(6 * MG, 2, 40), BENEFIT_FALLEN); /* they contradict each other: the worse one counts */
    assert_int_equal(course(6 * MG, 6, 90), BENEFIT_FALLEN);
    assert_int_equal(course(6 * MG, 5, BENEFIT_NOT_SAID), BENEFIT_NONE);
    assert_int_equal(course(0, 9, 0), BENEFIT_STEADY);
    assert_true(ratio_compare(plan.after.dose, ratio_of(0)) == 0 && !plan.has_before);
}

/* The stretch has to end behind the begin of the span, and before now. */
static void the_span_at_its_bounds(void **state)
{
    (void)state;
    for (int64_t off = -1; off <= 1; off++) {
        clear();
        gives(NOW - SPAN - DAY_MS, DRUG_MORPHINE, 4 * MG, 1);
        says(NOW - SPAN - 1000, 5, -1);
        gives(NOW - SPAN + off, DRUG_MORPHINE, 8 * MG, 1);
        says(NOW - 1, 5, -1);
        benefit_plan(&history, DRUG_MORPHINE, NOW, &plan);
        assert_int_equal(plan.verdict, off == 1 ? BENEFIT_NONE : BENEFIT_STEADY);
        clear();
        gives(NOW - DAY_MS, DRUG_MORPHINE, 4 * MG, 1);
        says(NOW - 1000, 5, -1);
        gives(NOW + off, DRUG_MORPHINE, 8 * MG, 1); /* a single step now, or one to come: nothing can be known of it */
        benefit_plan(&history, DRUG_MORPHINE, NOW, &plan);
        assert_int_equal(plan.verdict, off == -1 ? BENEFIT_UNKNOWN : BENEFIT_STEADY);
    }
}

/* A visit asks first and programs then: what is said at the moment of a step belongs to the dose before it. */
static void scores_belong_to_the_dose_before(void **state)
{
    (void)state;
    int64_t first = NOW - 200 * (int64_t)DAY_MS, second = NOW - 100 * (int64_t)DAY_MS;
    clear();
    gives(first, DRUG_MORPHINE, 4 * MG, 1);
    gives(second, DRUG_MORPHINE, 8 * MG, 1);
    says(first, 1, -1);
    benefit_plan(&history, DRUG_MORPHINE, NOW, &plan);
    assert_true(plan.verdict == BENEFIT_UNKNOWN && !plan.has_was && !plan.has_is);
    says(second, 5, -1);
    benefit_plan(&history, DRUG_MORPHINE, NOW, &plan);
    assert_true(plan.verdict == BENEFIT_UNKNOWN && plan.has_was && plan.was.pain == 5 && !plan.has_is);
    says(NOW + 1, 0, -1); /* not said yet */
    says(NOW, 6, -1);
    benefit_plan(&history, DRUG_MORPHINE, NOW, &plan);
    assert_true(plan.verdict == BENEFIT_FALLEN && plan.is.pain == 6);
}

/* Of many stretches one with a score, then the least dose, then the last; a stop in between and another drug do not count. */
static void the_stretch_that_is_compared_with(void **state)
{
    (void)state;
    int64_t day = DAY_MS;
    clear();
    gives(NOW - 300 * day, DRUG_MORPHINE, 2 * MG, 1); /* the least, and nobody asked */
    gives(NOW - 250 * day, DRUG_MORPHINE, 4 * MG, 1);
    says(NOW - 240 * day, 3, -1);
    gives(NOW - 230 * day, DRUG_MORPHINE, 0, 1);
    says(NOW - 229 * day, 9, -1);
    gives(NOW - 220 * day, DRUG_BACLOFEN, MG, 1);
    says(NOW - 219 * day, 10, -1);
    gives(NOW - 210 * day, DRUG_MORPHINE, 4 * MG, 2);
    says(NOW - 205 * day, 6, -1);
    gives(NOW - 200 * day, DRUG_MORPHINE, 5 * MG, 1);
    says(NOW - 190 * day, 1, -1);
    gives(NOW - 180 * day, DRUG_MORPHINE, 8 * MG, 1);
    says(NOW - 170 * day, 4, -1);
    benefit_plan(&history, DRUG_MORPHINE, NOW, &plan);
    assert_true(plan.verdict == BENEFIT_GAINED && plan.was.pain == 6 && plan.is.pain == 4);
    assert_true(plan.before.conc.ng_ml == 2 && plan.before_ms == NOW - 210 * day && plan.left_ms == NOW - 200 * day);
    benefit_plan(&history, DRUG_BACLOFEN, NOW, &plan);
    assert_int_equal(plan.verdict, BENEFIT_STEADY);
    clear();
    benefit_plan(&history, DRUG_MORPHINE, NOW, &plan);
    assert_int_equal(plan.verdict, BENEFIT_STEADY);
}

/* Whatever comes last, they stand by their time; the oldest go when there is no room. */
static void what_is_added_stands_by_its_time(void **state)
{
    (void)state;
    clear();
    for (int64_t i = 0; i < 2 * BENEFIT_SCORES_MAX; i++) {
        gives(i * 37 % (2 * BENEFIT_SCORES_MAX), DRUG_MORPHINE, i, 1);
        says(i * 37 % (2 * BENEFIT_SCORES_MAX), (int32_t)(i % 11), -1);
    }
    assert_true(history.therapies == BENEFIT_THERAPIES_MAX && history.scores == BENEFIT_SCORES_MAX);
    for (unsigned i = 0; i < BENEFIT_SCORES_MAX; i++) {
        assert_int_equal(history.therapy[i].at_ms, BENEFIT_SCORES_MAX + i);
        assert_int_equal(history.score[i].at_ms, BENEFIT_SCORES_MAX + i);
    }
}

static bool found(enum finding_level level, const char *words)
{
    for (unsigned i = 0; i < findings.count; i++)
        if (findings.item[i].level == level && findings.item[i].rule == RULE_BENEFIT &&
            strstr(findings.item[i].text, words) != NULL)
            return true;
    return false;
}

/* Soft where it is raised further, a note where it stays or goes down; dose and concentration of every step. */
static void an_alert_shows_dose_and_concentration(void **state)
{
    (void)state;
    struct benefit_therapy in_force = { .drugs = 1, .drug = { { DRUG_MORPHINE, { 20000000 }, ratio_of(6 * MG - 1) } } };
    assert_int_equal(course(6 * MG, 7, 30), BENEFIT_FALLEN);
    benefit_judge(&findings, &library, &history, &in_force, NOW);
    assert_true(found(FINDING_SOFT, "rises from 4 mg/day at 10 mg/mL to 6 mg/day at 20 mg/mL, and pain was 5 of 10, 50 % relief "
                                    "and is 7 of 10, 30 % relief: benefit falling"));
    assert_true(findings.item[0].ask.again && findings.item[0].ask.value == 6 * MG);
    assert_int_equal(findings.item[0].limit.drug, DRUG_MORPHINE);
    assert_true(findings.item[0].limit.value == 6 * MG && findings.item[0].limit.bound == 6 * MG);
    assert_true(found(FINDING_NOTE, "morphine: 2025-01-24 4 mg/day at 10 mg/mL, 2025-08-12 6 mg/day at 20 mg/mL"));
    assert_true(found(FINDING_NOTE, "grows with dose, concentration and time. (source: pump-manual)"));
    assert_true(found(FINDING_NOTE, "PMID 22151292"));
    findings.count = 0;
    in_force.drug[0].dose = ratio_of(6 * MG);
    benefit_judge(&findings, &library, &history, &in_force, NOW);
    assert_true(findings_worst(&findings) == FINDING_NOTE && found(FINDING_NOTE, "benefit falling"));
    assert_int_equal(course(6 * MG, 3, 50), BENEFIT_GAINED);
    benefit_judge(&findings, &library, &history, NULL, NOW);
    assert_int_equal(findings.count, 0);
    history.scores = 1;
    benefit_judge(&findings, &library, &history, NULL, NOW);
    assert_true(findings.count == 1 && found(FINDING_NOTE, "no score of pain says what came of it"));
}

/* Baclofen alone was never found to do it (41 cases, clinical facts): what is known of opioids is not said of it. */
static void masses_are_spoken_of_for_opioids_alone(void **state)
{
    (void)state;
    clear();
    gives(NOW - 3 * (int64_t)DAY_MS, DRUG_BACLOFEN, MG / 10, 500000);
    says(NOW - 2 * (int64_t)DAY_MS, 5, -1);
    gives(NOW - 2 * (int64_t)DAY_MS, DRUG_BACLOFEN, MG / 5, 2000000);
    says(NOW - DAY_MS, 5, -1);
    benefit_judge(&findings, &library, &history, NULL, NOW);
    assert_true(findings.count == 2 && found(FINDING_SOFT, "from 100 mcg/day at 500 mcg/mL to 200 mcg/day at 2000 mcg/mL"));
    assert_false(found(FINDING_NOTE, "PMID"));
    assert_true(found(FINDING_SOFT, "no benefit gained"));
}

static bool reads(const char *lines, const char *words)
{
    char text[400] = "", said[600] = "";
    FILE *messages = fmemopen(said, sizeof said, "w");
    assert_non_null(messages);
    snprintf(text, sizeof text, "%s%s", strncmp(lines, "x", 1) == 0 ? "" : "date,dose,concentration,pain,relief\n", lines);
    bool good = benefitlines_read("visits.csv", text, DRUG_MORPHINE, &history, messages);
    assert_int_equal(fclose(messages), 0);
    if (strstr(said, words) == NULL)
        print_error("%s", said);
    assert_non_null(strstr(said, words));
    assert_int_equal(good, said[0] == '\0');
    return good;
}

static void a_file_of_lines(void **state)
{
    (void)state;
    assert_true(reads("2025-01-03,4 mg/day,10 mg/mL,7,20 %\r\n2025-03-01,,,4\n\n2025-03-01,5 mg/day,10 mg/mL\n", ""));
    assert_true(history.therapies == 2 && history.scores == 2);
    assert_true(history.score[0].relief == 20 && history.score[1].relief == BENEFIT_NOT_SAID && history.score[1].pain == 4);
    assert_int_equal(ratio_compare(history.therapy[1].drug[0].dose, ratio_of(5 * MG)), 0);
    assert_int_equal(history.therapy[1].at_ms, INT64_C(1740787200000));
    static const char *const wrong[][2] = {
        { "x\n", "visits.csv:1: the first line must be date,dose,concentration,pain,relief" },
        { "", "visits.csv: tells no dose" },
        { "2025-01-03,,,4\n", "tells no dose" },
        { "2025-02-29,4 mg/day,10 mg/mL\n", "visits.csv:2: \"2025-02-29\" is no date" },
        { "2025-1-03,4 mg/day,10 mg/mL\n", "is no date" },
        { "2025-01-03,4 mg/day,10 mg/mL\n2025-01-02,,,3\n", "visits.csv:3: \"2025-01-02\" is before the line above it" },
        { "2025-01-03,4 mg/day\n", "dose and concentration together" },
        { "2025-01-03,,10 mg/mL\n", "dose and concentration together" },
        { "2025-01-03,4 mg,10 mg/mL\n", "is no dose a day" },
        { "2025-01-03,4 mg/day,0 mg/mL\n", "is no concentration" },
        { "2025-01-03,4 mg/day,10 mg/mL,11\n", "is no score of pain" },
        { "2025-01-03,4 mg/day,10 mg/mL,5.5\n", "is no score of pain" },
        { "2025-01-03,4 mg/day,10 mg/mL,-1\n", "is no score of pain" },
        { "2025-01-03,4 mg/day,10 mg/mL,5,40\n", "is no relief such as 40 %" },
        { "2025-01-03,4 mg/day,10 mg/mL,5,101 %\n", "is no relief" },
        { "2025-01-03,4 mg/day,10 mg/mL,,40 %\n", "a relief without a score" },
        { "2025-01-03,4 mg/day,10 mg/mL,5,40 %,1\n", "needs a date" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(reads(wrong[i][0], wrong[i][1]));
}

static int begin(void **state)
{
    (void)state;
    return formulary_builtin("US", &library, stderr) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rise_and_the_benefit_at_their_bounds),
        cmocka_unit_test(the_span_at_its_bounds),
        cmocka_unit_test(scores_belong_to_the_dose_before),
        cmocka_unit_test(the_stretch_that_is_compared_with),
        cmocka_unit_test(what_is_added_stands_by_its_time),
        cmocka_unit_test(an_alert_shows_dose_and_concentration),
        cmocka_unit_test(masses_are_spoken_of_for_opioids_alone),
        cmocka_unit_test(a_file_of_lines),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
