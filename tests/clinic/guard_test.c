/* guard_test.c - whole therapies against the formulary: every drug, every bounded quantity, and what is said of each.
 * REQ-LIBR-03 to -06, -09, REQ-CLIN-06, REQ-RSVR-02, REQ-PTNT-06. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/guard/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "clinic/guard/whole.h"

enum { NL_PER_ML = 1000000, NG_PER_MG = 1000000, NG_PER_MCG = 1000 };

static struct formulary formulary;
static struct findings findings;

static int open_formulary(void **state)
{
    (void)state;
    return formulary_builtin("US", &formulary, stderr) ? 0 : -1;
}

static int close_formulary(void **state)
{
    (void)state;
    formulary_close(&formulary);
    return 0;
}

/* Is there a finding of this rule at this level whose text holds this? */
static bool found(enum rule rule, enum finding_level level, const char *text)
{
    for (unsigned i = 0; i < findings.count; i++)
        if (findings.item[i].rule == rule && findings.item[i].level == level && strstr(findings.item[i].text, text) != NULL)
            return true;
    return false;
}

/* Morphine 10 mg/mL at 0.2 mL/day: 2 mg/day; limits of 4 mg/day. */
static struct therapy therapy(void)
{
    struct therapy out = { .region = "US",
                           .mixture = { .count = 1, .component = { { DRUG_MORPHINE, { 10 * NG_PER_MG } } } },
                           .program = { .kind = PROGRAM_CONTINUOUS, .base = { NL_PER_ML / 5 } },
                           .limits = { .count = 1 },
                           .restart_limit_hours = 24,
                           .under_delivery = PRIORITY_MEDIUM,
                           .reservoir_low = { 2 * NL_PER_ML } };
    out.limits.drug[0].drug = DRUG_MORPHINE;
    out.limits.drug[0].window[WINDOW_DAY].fg = INT64_C(4000000000000);
    return out;
}

/* Baclofen 500 mcg/mL at 0.2 mL/day, with what the formulary says of it: least flow, high, 12 h. */
static struct therapy baclofen(void)
{
    struct therapy out = therapy();
    out.mixture.component[0] = (struct component){ DRUG_BACLOFEN, { 500 * NG_PER_MCG } };
    out.limits.drug[0].drug = DRUG_BACLOFEN;
    out.limits.drug[0].window[WINDOW_HOUR].fg = INT64_C(20000000000);
    out.limits.drug[0].window[WINDOW_DAY].fg = INT64_C(200000000000);
    out.safe_rate = model_find(MODEL_C20, 1)->rate_min;
    out.restart_limit_hours = 12;
    out.under_delivery = PRIORITY_HIGH;
    return out;
}

static void judge(const struct therapy *old, const struct therapy *new)
{
    memset(&findings, 0, sizeof findings);
    guard_whole(&findings, &formulary, model_find(MODEL_C20, 1), old, new);
}

static void one_in_order_passes(void **state)
{
    (void)state;
    struct therapy fit = therapy();
    judge(NULL, &fit);
    assert_true(findings_worst(&findings) < FINDING_SOFT);
    assert_true(found(RULE_BOUNDS, FINDING_PASSED, "2 mg/day of morphine"));
    judge(&fit, &fit);
    assert_true(findings_worst(&findings) < FINDING_SOFT && found(RULE_CHANGE, FINDING_PASSED, "stays at 2 mg/day"));
}

static void another_region_is_refused(void **state)
{
    (void)state;
    struct therapy other = therapy();
    strcpy(other.region, "EU");
    judge(NULL, &other);
    assert_true(found(RULE_DRUG, FINDING_HARD, "of region EU, the formulary in force of US"));
}

static void limits_above_the_formulary_are_refused(void **state)
{
    (void)state;
    struct therapy high = therapy();
    high.limits.drug[0].window[WINDOW_DAY].fg = INT64_C(40000000000000);
    judge(NULL, &high);
    assert_true(findings_worst(&findings) < FINDING_HARD);
    high.limits.drug[0].window[WINDOW_DAY].fg++;
    judge(NULL, &high);
    assert_true(found(RULE_BOUNDS, FINDING_HARD, "a limit of 40 mg/day or less would pass"));
}

/* A first therapy, and a drug that is new in one, begins within the starts of the formulary. REQ-LIBR-07 */
static void a_start_is_held_to_the_starting_ranges(void **state)
{
    (void)state;
    struct therapy first = therapy(), stopped = therapy();
    first.program.base.nl_day = 2 * NL_PER_ML; /* 20 mg/day: within the soft bound of a dose, and twice the highest start */
    first.limits.drug[0].window[WINDOW_DAY].fg = INT64_C(40000000000000);
    judge(NULL, &first);
    assert_true(found(RULE_BOUNDS, FINDING_SOFT, "begins at 20 mg/day, above every start of the label; at most 10 mg/day"));
    assert_true(findings_worst(&findings) == FINDING_SOFT);
    for (unsigned i = 0; i < findings.count; i++)
        assert_true(findings.item[i].level != FINDING_SOFT || (findings.item[i].ask.second && findings.item[i].ask.again));
    stopped.program = (struct program){ .kind = PROGRAM_STOPPED };
    judge(&stopped, &first);
    assert_true(found(RULE_BOUNDS, FINDING_SOFT, "begins at 20 mg/day"));
    judge(&first, &first);
    assert_true(!found(RULE_BOUNDS, FINDING_SOFT, "begins at"));
    first.program.base.nl_day = NL_PER_ML;
    judge(NULL, &first);
    assert_true(!found(RULE_BOUNDS, FINDING_SOFT, "begins at") && found(RULE_BOUNDS, FINDING_NOTE, "begin at 1 mg/day"));
    first.program.base.nl_day = NL_PER_ML / 10;
    judge(NULL, &first);
    assert_true(!found(RULE_BOUNDS, FINDING_NOTE, "begin at"));
    struct therapy spastic = baclofen();
    spastic.program.base.nl_day = 8 * NL_PER_ML / 5; /* 800 mcg/day */
    judge(NULL, &spastic);
    assert_true(found(RULE_BOUNDS, FINDING_SOFT, "begins at 800 mcg/day, above every start of the label; at most 200 mcg/day"));
}

/* An hour's limit that is a day's, or a limit ten times what is needed, stops nothing. */
static void limits_far_above_the_program_are_told(void **state)
{
    (void)state;
    const int64_t mg = INT64_C(1000000000000);
    struct therapy lax = therapy(), old = therapy();
    mass_fg *window = lax.limits.drug[0].window;
    window[WINDOW_HOUR].fg = 2 * mg;
    judge(NULL, &lax);
    assert_true(findings_worst(&findings) < FINDING_SOFT);
    window[WINDOW_HOUR].fg = 2 * mg + 1;
    judge(NULL, &lax);
    assert_true(found(RULE_LIMITS, FINDING_SOFT, "is more than the program gives in a day"));
    window[WINDOW_HOUR].fg = window[WINDOW_DAY].fg = 2 * mg;
    judge(NULL, &lax);
    assert_true(found(RULE_LIMITS, FINDING_SOFT, "is as much as that of a day"));
    window[WINDOW_HOUR].fg = mg;
    window[WINDOW_DAY].fg = 20 * mg;
    judge(NULL, &lax);
    assert_true(findings_worst(&findings) < FINDING_SOFT);
    window[WINDOW_DAY].fg = 20 * mg + 1;
    judge(&old, &lax);
    assert_true(found(RULE_LIMITS, FINDING_SOFT, "is more than 10 times") && found(RULE_LIMITS, FINDING_SOFT, "most 20 mg"));
    judge(&lax, &lax); /* once passed, it is not asked for again */
    assert_true(findings_worst(&findings) < FINDING_SOFT);
    lax = therapy();
    lax.limits.bolus_max.nl = NL_PER_ML / 10;
    judge(NULL, &lax);
    assert_true(findings_worst(&findings) < FINDING_SOFT);
    lax.limits.bolus_max.nl++;
    judge(NULL, &lax);
    assert_true(found(RULE_BOUNDS, FINDING_HARD, "one bolus of up to 1.00001 mg of morphine: a limit of 1 mg or less"));
}

/* Boluses count: the day's dose with all of them, each one, how many, how near to each other. */
static void boluses_are_judged(void **state)
{
    (void)state;
    struct therapy with = therapy();
    with.program.patient = (struct patient_bolus){ .allowed = 1,
                                                   .volume = { NL_PER_ML / 20 }, /* 0.5 mg */
                                                   .rate = { 12 * NL_PER_ML },
                                                   .lockout_minutes = 120,
                                                   .max_per_day = 12,
                                                   .expiry_days = 30 };
    judge(NULL, &with);
    assert_true(found(RULE_BOUNDS, FINDING_PASSED, "8 mg/day of morphine")); /* 2 and twelve halves */
    assert_true(findings_worst(&findings) < FINDING_SOFT);
    with.program.patient.max_per_day = 13;
    judge(NULL, &with);
    assert_true(found(RULE_BOUNDS, FINDING_HARD, "at most 12 would pass"));
    with.program.patient.max_per_day = 12;
    with.program.patient.lockout_minutes = 119;
    judge(NULL, &with);
    assert_true(found(RULE_BOUNDS, FINDING_SOFT, "119 min of morphine is below the soft limit; at least 2 h would pass"));
    with.program.patient.lockout_minutes = 59;
    judge(NULL, &with);
    assert_true(found(RULE_BOUNDS, FINDING_HARD, "at least 1 h would pass"));
    with.program.patient.lockout_minutes = 120;
    with.program.patient.volume.nl = NL_PER_ML / 10 + 1;
    judge(NULL, &with);
    assert_true(found(RULE_BOUNDS, FINDING_HARD, "at most 1 mg would pass"));
}

static void openings_and_periodic_boluses_are_judged(void **state)
{
    (void)state;
    struct therapy with = therapy();
    with.program.opening = (struct opening){ OPENING_SINGLE, { NL_PER_ML / 5 }, { 12 * NL_PER_ML } };
    judge(NULL, &with);
    assert_true(found(RULE_BOUNDS, FINDING_HARD, "one bolus: 2 mg of morphine"));
    with = therapy();
    with.program.kind = PROGRAM_PERIODIC;
    with.program.base.nl_day = 0;
    with.program.periodic = (struct periodic_bolus){ { NL_PER_ML / 5 }, { 12 * NL_PER_ML }, 60, 0 };
    judge(NULL, &with);
    assert_true(found(RULE_BOUNDS, FINDING_HARD, "one bolus: 2 mg of morphine"));
    assert_true(found(RULE_BOUNDS, FINDING_HARD, "dose of the program in any 24 hours"));
}

static void mixtures_are_judged_drug_by_drug(void **state)
{
    (void)state;
    struct therapy mixed = therapy(), old = therapy();
    mixed.mixture =
        (struct mixture){ .count = 2,
                          .component = { { DRUG_MORPHINE, { 10 * NG_PER_MG } }, { DRUG_BACLOFEN, { 2000 * NG_PER_MCG } } } };
    judge(&old, &mixed);
    assert_true(found(RULE_BOUNDS, FINDING_PASSED, "2 mg/day of morphine") &&
                found(RULE_BOUNDS, FINDING_PASSED, "400 mcg/day of baclofen"));
    assert_true(found(RULE_COMPATIBILITY, FINDING_SOFT, "a mixture of 2 drugs")); /* no maker declares mixtures: HZ-16 */
    assert_true(found(RULE_COMPATIBILITY, FINDING_NOTE, "surveillance: raised (a mixture of drugs)"));
    judge(&mixed, &mixed); /* it was said when it came */
    assert_true(found(RULE_COMPATIBILITY, FINDING_NOTE, "a mixture of 2 drugs"));
    mixed.program.base.nl_day = NL_PER_ML; /* five times: the one passes what the other does not */
    judge(&old, &mixed);
    assert_true(found(RULE_BOUNDS, FINDING_PASSED, "10 mg/day of morphine") &&
                found(RULE_BOUNDS, FINDING_HARD, "2000 mcg/day"));
    assert_true(found(RULE_CHANGE, FINDING_SOFT, "5 times as much"));
    judge(&mixed, &old); /* and back: the adjuvant ends, which is a hazard of its own */
    assert_true(found(RULE_CHANGE, FINDING_SOFT, "baclofen is no longer given"));
    assert_true(findings_of(&findings, FINDING_NOTE) > 0 && found(RULE_WITHDRAWAL, FINDING_NOTE, ""));
}

/* A stop is no safe state for baclofen, nor for a mixture with it. HZ-32 */
static void a_fault_must_not_stop_what_must_flow(void **state)
{
    (void)state;
    struct therapy fit = baclofen();
    judge(&fit, &fit);
    assert_true(findings_worst(&findings) < FINDING_SOFT);
    fit.safe_rate.nl_day = 0;
    judge(&fit, &fit);
    assert_true(found(RULE_SAFE_STATE, FINDING_HARD, "would stop baclofen"));
    assert_true(found(RULE_SAFE_STATE, FINDING_HARD, "the least of C20, would pass"));
    struct therapy mixed = therapy();
    judge(&mixed, &mixed);
    assert_true(!found(RULE_SAFE_STATE, FINDING_HARD, ""));
    mixed.mixture.count = 2;
    mixed.mixture.component[1] = (struct component){ DRUG_CLONIDINE, { 100 * NG_PER_MCG } };
    judge(&mixed, &mixed);
    assert_true(found(RULE_SAFE_STATE, FINDING_HARD, "would stop cloNIDine"));
    struct therapy opioid = therapy(); /* what a fault gives is told, where it need not give anything */
    opioid.safe_rate = model_find(MODEL_C20, 1)->rate_min;
    judge(&opioid, &opioid);
    assert_true(found(RULE_SAFE_STATE, FINDING_NOTE, "the formulary would stop it"));
}

static void alarms_and_restart_are_no_weaker_than_the_formulary(void **state)
{
    (void)state;
    struct therapy weak = baclofen();
    weak.under_delivery = PRIORITY_MEDIUM;
    judge(&weak, &weak);
    assert_true(found(RULE_SAFE_STATE, FINDING_HARD, "priority medium in the therapy, and high in the formulary"));
    weak = baclofen();
    weak.restart_limit_hours = 13;
    judge(&weak, &weak);
    assert_true(found(RULE_RESTART, FINDING_HARD, "an interruption of 13 h: at most 12 h would pass"));
    weak = baclofen();
    weak.reservoir_low.nl = 0;
    judge(&weak, &weak);
    assert_true(found(RULE_RESERVOIR_LOW, FINDING_SOFT, "more than 0 mL would pass"));
    assert_true(findings_worst(&findings) == FINDING_SOFT);
}

/* "Lower" must lower something, where the pump can give less. */
static void a_safe_rate_that_lowers_nothing_is_told(void **state)
{
    (void)state;
    struct therapy same = baclofen();
    same.safe_rate = same.program.base;
    judge(&same, &same);
    assert_true(found(RULE_SAFE_STATE, FINDING_SOFT, "would lower nothing"));
    same.safe_rate.nl_day--;
    judge(&same, &same);
    assert_true(!found(RULE_SAFE_STATE, FINDING_SOFT, ""));
    same.safe_rate = same.program.base = model_find(MODEL_C20, 1)->rate_min;
    judge(&same, &same);
    assert_true(!found(RULE_SAFE_STATE, FINDING_SOFT, ""));
}

static void patient_boluses_of_baclofen_are_refused(void **state)
{
    (void)state;
    struct therapy with = therapy();
    with.mixture.component[0] = (struct component){ DRUG_BACLOFEN, { 500 * NG_PER_MCG } };
    with.program.patient = (struct patient_bolus){ 1, { 1000 }, { NL_PER_ML }, 120, 4, 30 };
    judge(NULL, &with);
    assert_true(found(RULE_BOUNDS, FINDING_HARD, "allows no patient boluses of baclofen"));
}

static void a_drug_without_an_entry_is_refused(void **state)
{
    (void)state;
    struct therapy other = therapy();
    other.mixture.component[0] = (struct component){ DRUG_FENTANYL, { 50 * NG_PER_MCG } };
    judge(NULL, &other);
    assert_true(found(RULE_DRUG, FINDING_HARD, "fentaNYL has no entry"));
}

static void restarts_and_fills(void **state)
{
    (void)state;
    const struct entry *entry = formulary_find(&formulary, DRUG_MORPHINE);
    const struct model *model = model_find(MODEL_C20, 1);
    memset(&findings, 0, sizeof findings);
    guard_restart(&findings, entry, ratio_of(24 * (int64_t)HOUR_MS), false);
    assert_true(found(RULE_RESTART, FINDING_PASSED, "up to 1 d"));
    guard_restart(&findings, entry, ratio_of(24 * (int64_t)HOUR_MS + 1), false);
    assert_true(found(RULE_RESTART, FINDING_HARD, "must be found anew"));
    memset(&findings, 0, sizeof findings);
    guard_restart(&findings, entry, ratio_of(INT64_C(32910605250)), false); /* of a year nobody counts the seconds */
    assert_true(found(RULE_RESTART, FINDING_HARD, "interrupted for 380.91 d"));
    guard_restart(&findings, entry, ratio_of(INT64_C(90605250)), false);
    assert_true(found(RULE_RESTART, FINDING_HARD, "interrupted for 90605.25 s"));
    guard_restart(&findings, entry, RATIO_NONE, false);
    assert_true(found(RULE_RESTART, FINDING_HARD, "of unknown length"));
    memset(&findings, 0, sizeof findings);
    guard_restart(&findings, entry, RATIO_NONE, true);
    assert_int_equal(findings_worst(&findings), FINDING_NOTE);
    guard_fill(&findings, model, (vol_nl){ 20 * NL_PER_ML }, (vol_nl){ 20 * NL_PER_ML });
    assert_int_equal(findings_worst(&findings), FINDING_NOTE);
    guard_fill(&findings, model, (vol_nl){ 18 * NL_PER_ML }, (vol_nl){ 20 * NL_PER_ML });
    assert_true(found(RULE_DRAWN_UP, FINDING_HARD, "18 mL is said to be in the pump, but the syringe held 20 mL"));
    guard_fill(&findings, model, (vol_nl){ 20 * NL_PER_ML + 1 }, (vol_nl){ -1 });
    assert_true(found(RULE_CAPACITY, FINDING_HARD, "at most 20 mL would"));
}

/* Every factor of a unit is named; stopping is never held up. */
static void changes(void **state)
{
    (void)state;
    const struct entry *entry = formulary_find(&formulary, DRUG_MORPHINE);
    static const struct {
        int64_t factor;
        const char *words;
    } slips[] = {
        { 24, "per hour and per day" }, { 60, "minutes and hours" }, { 1000, "mcg and mg" }, { 1440, "minutes and days" }
    };
    struct ratio one = ratio_of(INT64_C(1000000000));
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++) {
        memset(&findings, 0, sizeof findings);
        guard_change(&findings, entry, one, ratio_mul(one, ratio_of(slips[i].factor)));
        assert_true(found(RULE_UNITS, FINDING_HARD, slips[i].words));
        memset(&findings, 0, sizeof findings);
        guard_change(&findings, entry, ratio_mul(one, ratio_of(slips[i].factor)), one);
        assert_true(found(RULE_UNITS, FINDING_SOFT, slips[i].words) && findings_worst(&findings) == FINDING_SOFT);
        assert_true(found(RULE_WITHDRAWAL, FINDING_NOTE, ""));
    }
    memset(&findings, 0, sizeof findings);
    guard_change(&findings, entry, one, ratio_mul(one, ratio_of(10)));
    assert_true(found(RULE_TENFOLD, FINDING_HARD, "10 times as much"));
    assert_string_equal(findings.item[0].compare.old, "0.001 mg/day");
    assert_string_equal(findings.item[0].compare.new, "0.01 mg/day");
    assert_string_equal(findings.item[0].compare.times, "10");
    memset(&findings, 0, sizeof findings);
    guard_change(&findings, entry, one, ratio_of(INT64_C(500000000)));
    assert_true(found(RULE_CHANGE, FINDING_SOFT, "compare them"));
    assert_string_equal(findings.item[0].compare.times, "0.5");
    memset(&findings, 0, sizeof findings);
    guard_change(&findings, entry, one, one); /* nothing is held up, and nothing to be compared */
    assert_string_equal(findings.item[0].compare.old, "");
    memset(&findings, 0, sizeof findings);
    guard_change(&findings, entry, one, ratio_sub(ratio_mul(one, ratio_of(10)), ratio_of(1)));
    assert_true(findings_worst(&findings) == FINDING_SOFT);
    memset(&findings, 0, sizeof findings);
    guard_change(&findings, entry, one, ratio_of(0));
    assert_true(findings_worst(&findings) == FINDING_SOFT && found(RULE_WITHDRAWAL, FINDING_NOTE, ""));
    memset(&findings, 0, sizeof findings);
    guard_change(&findings, entry, ratio_of(0), one);
    assert_int_equal(findings.count, 0);
}

/* What cannot be shown is not passed. */
static void more_than_fit_is_hard(void **state)
{
    (void)state;
    memset(&findings, 0, sizeof findings);
    for (unsigned i = 0; i < FINDINGS_MAX; i++)
        findings_add(&findings, RULE_GRID, FINDING_PASSED, "%u", i);
    assert_int_equal(findings_worst(&findings), FINDING_PASSED);
    findings_add(&findings, RULE_GRID, FINDING_PASSED, "one more");
    assert_int_equal(findings_worst(&findings), FINDING_HARD);
    assert_int_equal(findings.count, FINDINGS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_in_order_passes),
        cmocka_unit_test(another_region_is_refused),
        cmocka_unit_test(limits_above_the_formulary_are_refused),
        cmocka_unit_test(a_start_is_held_to_the_starting_ranges),
        cmocka_unit_test(limits_far_above_the_program_are_told),
        cmocka_unit_test(boluses_are_judged),
        cmocka_unit_test(openings_and_periodic_boluses_are_judged),
        cmocka_unit_test(mixtures_are_judged_drug_by_drug),
        cmocka_unit_test(a_fault_must_not_stop_what_must_flow),
        cmocka_unit_test(alarms_and_restart_are_no_weaker_than_the_formulary),
        cmocka_unit_test(a_safe_rate_that_lowers_nothing_is_told),
        cmocka_unit_test(patient_boluses_of_baclofen_are_refused),
        cmocka_unit_test(a_drug_without_an_entry_is_refused),
        cmocka_unit_test(restarts_and_fills),
        cmocka_unit_test(changes),
        cmocka_unit_test(more_than_fit_is_hard),
    };
    return cmocka_run_group_tests(tests, open_formulary, close_formulary);
}
