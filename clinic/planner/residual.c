/* residual.c - what a refill found against what was expected. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/planner/residual.h"

#include "clinic/guard/wording.h"

enum { SMALL_RESERVOIR_NL = 20000000, SMALL_TOLERANCE_NL = 1000000, LARGE_TOLERANCE_NL = 2000000 };

static const struct {
    const char *word, *next;
    enum rule rule;
    enum finding_level level;
} VERDICTS[RESIDUAL_VERDICTS] = {
    [RESIDUAL_WITHIN] = { "within accuracy", "go on; keep the reading for the trend", RULE_RESIDUAL, FINDING_PASSED },
    [RESIDUAL_TREND] = { "trend", "each reading is within tolerance, together they are not: look for the cause at this refill",
                         RULE_TREND, FINDING_SOFT },
    [RESIDUAL_OVER_INFUSION] = { "over-infusion",
                                 "measure again; a pump may give more than it counts: look for signs of overdose, shorten the "
                                 "time to "
                                 "the next refill, consider replacing the pump",
                                 RULE_RESIDUAL, FINDING_HARD },
    [RESIDUAL_NOT_INFUSING] = { "not infusing",
                                "do not restart or go on as before until the cause is found and recorded: the drug has not "
                                "been given, "
                                "tolerance may be gone, and a catheter that clears gives it all at once",
                                RULE_NOT_INFUSING, FINDING_HARD },
    [RESIDUAL_MISSING] = { "missing drug",
                           "suspect that an earlier fill went into the pocket, or that drug was withdrawn by somebody: watch "
                           "the patient, "
                           "look at the pocket, ask, and record the cause before the refill goes on",
                           RULE_RESIDUAL, FINDING_HARD },
};

const char *residual_verdict_word(enum residual_verdict verdict)
{
    return VERDICTS[verdict].word;
}

const char *residual_verdict_next(enum residual_verdict verdict)
{
    return VERDICTS[verdict].next;
}

vol_nl residual_tolerance(const struct model *model)
{
    return (vol_nl){ model->reservoir.nl <= SMALL_RESERVOIR_NL ? SMALL_TOLERANCE_NL : LARGE_TOLERANCE_NL };
}

vol_nl residual_tolerance_most(const struct model *model)
{
    return (vol_nl){ RESIDUAL_TOLERANCE_TIMES * residual_tolerance(model).nl };
}

static int64_t difference(const struct reading *reading)
{
    return reading->expected.nl - reading->found.nl;
}

static int64_t size_of(int64_t value)
{
    return value < 0 ? -value : value;
}

/* The rule of the pump (pump/SPEC.md, refills), in the clinic's own words: at least three readings whose sum is beyond the
 * label's bound for what was metered and beyond a tolerance, or readings that were each within it and add up to more. */
static bool trend(const struct residual_question *question, const struct residual_plan *plan, int64_t metered)
{
    int64_t small = 0;
    unsigned small_count = 0;
    for (unsigned i = 0; i < question->readings.count; i++) {
        int64_t one = difference(&question->readings.reading[i]);
        if (size_of(one) <= plan->tolerance.nl) {
            small += one;
            small_count++;
        }
    }
    if (small_count > 1 && size_of(small) > plan->tolerance.nl)
        return true;
    return question->readings.count >= RESIDUAL_TREND_READINGS && metered > 0 && size_of(plan->sum_nl) > plan->tolerance.nl &&
           ratio_compare(ratio_of(size_of(plan->sum_nl)),
                         ratio_mul(ratio_of(metered), ratio_over(RESIDUAL_BOUND_PER_MILLE, 1000))) > 0;
}

void residual_plan(const struct residual_question *question, struct residual_plan *plan)
{
    const struct readings *readings = &question->readings;
    const struct reading *newest = &readings->reading[readings->count - 1];
    int64_t metered = 0;
    plan->tolerance = question->tolerance.nl > 0 ? question->tolerance : residual_tolerance(question->model);
    plan->difference_nl = difference(newest);
    plan->share = ratio_over(plan->difference_nl, newest->metered.nl);
    plan->sum_nl = 0;
    plan->short_row = 0;
    for (unsigned i = 0; i < readings->count; i++) {
        int64_t one = difference(&readings->reading[i]);
        plan->sum_nl += one;
        metered += readings->reading[i].metered.nl;
        plan->short_row = one > plan->tolerance.nl ? plan->short_row + 1 : 0;
    }
    plan->sum_share = ratio_over(plan->sum_nl, metered);
    if (plan->difference_nl < -plan->tolerance.nl)
        plan->verdict = RESIDUAL_NOT_INFUSING;
    else if (plan->difference_nl > plan->tolerance.nl)
        plan->verdict =
            plan->short_row >= RESIDUAL_SHORT_READINGS ||
                    (ratio_is(plan->share) && ratio_compare(plan->share, ratio_over(RESIDUAL_MISSING_PER_CENT, 100)) > 0)
                ? RESIDUAL_MISSING
                : RESIDUAL_OVER_INFUSION;
    else
        plan->verdict = trend(question, plan, metered) ? RESIDUAL_TREND : RESIDUAL_WITHIN;
}

void residual_judge(struct findings *findings, const struct residual_plan *plan)
{
    findings_add(findings, VERDICTS[plan->verdict].rule, VERDICTS[plan->verdict].level, "%s: %s",
                 residual_verdict_word(plan->verdict), VERDICTS[plan->verdict].next);
}

/* What the reservoir cannot hold was neither expected nor found in it: something was misread. */
static void readings_judge(struct findings *findings, const struct residual_question *question)
{
    wording given, room;
    write_volume(room, ratio_of(question->model->reservoir.nl), ROUND_NEAREST);
    for (unsigned i = 0; i < question->readings.count; i++) {
        const struct reading *reading = &question->readings.reading[i];
        const vol_nl volume[] = { reading->expected, reading->found };
        for (unsigned which = 0; which < 2; which++) {
            if (volume[which].nl <= question->model->reservoir.nl)
                continue;
            write_volume(given, ratio_of(volume[which].nl), ROUND_NEAREST);
            findings_add(findings, RULE_CAPACITY, FINDING_HARD,
                         "%s: %s is said to have been %s, and the reservoir of %s holds no more than %s: measure or read again",
                         reading->date, given, which == 0 ? "expected" : "found", model_name(question->model->code), room);
        }
    }
}

static void share_result(struct sheet *sheet, const char *group, const char *words, struct ratio share)
{
    wording text;
    write_percent(text, share, ROUND_NEAREST);
    sheet_result(sheet, group, "share", words, "%s", ratio_is(share) ? text : "not known: nothing metered is told");
}

void residual_sheet(const struct residual_question *question, struct sheet *sheet)
{
    struct residual_plan plan;
    wording text;
    const struct reading *newest = &question->readings.reading[question->readings.count - 1];
    sheet_begin(sheet, "residual");
    sheet_input(sheet, "model", "pump", "%s, revision %u", model_name(question->model->code), question->model->revision);
    residual_plan(question, &plan);
    write_volume(text, ratio_of(newest->expected.nl), ROUND_NEAREST);
    sheet_input(sheet, "expected", "expected", "%s", text);
    write_volume(text, ratio_of(newest->found.nl), ROUND_NEAREST);
    sheet_input(sheet, "found", "found", "%s", text);
    write_volume(text, ratio_of(plan.tolerance.nl), ROUND_NEAREST);
    sheet_input(sheet, "tolerance", "tolerance of one reading", "%s", text);
    sheet_input(sheet, "readings", "readings", "%u", question->readings.count);
    sheet_formula(sheet, "difference = expected - found; above zero, more has left the reservoir than was counted");
    write_volume(text, ratio_of(plan.difference_nl), ROUND_NEAREST);
    sheet_result(sheet, NULL, "difference", "difference", "%s", text);
    share_result(sheet, NULL, "of what was metered", plan.share);
    sheet_result(sheet, NULL, "verdict", "verdict", "%s", residual_verdict_word(plan.verdict));
    sheet_result(sheet, NULL, "next", "next step", "%s", VERDICTS[plan.verdict].next);
    write_volume(text, ratio_of(plan.sum_nl), ROUND_NEAREST);
    sheet_result(sheet, "trend", "sum", "sum of all differences", "%s", text);
    share_result(sheet, "trend", "of all that was metered", plan.sum_share);
    sheet_result(sheet, "trend", "short_in_a_row", "short beyond tolerance, in a row", "%u", plan.short_row);
    readings_judge(&sheet->findings, question);
    residual_judge(&sheet->findings, &plan);
}
