/* benefitwords.c - what is said of a rising dose and its benefit: findings, and a sheet. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/planner/benefitwords.h"

#include <stdio.h>

#include "clinic/guard/guard.h"
#include "clinic/guard/wording.h"
#include "clinic/planner/refilling.h"

enum { STEPS_SHOWN = 6, STEPS_LISTED = 24, STEP_BYTES = 2 * WORDING_BYTES + 40, STEPS_BYTES = 400, SCORE_BYTES = 64 };

/* What is known of masses at the tip: rising dose and falling benefit as the early sign, and how many have none (clinical facts,
 * section 5; PMID 22151292). That imaging is to be weighed is our own conclusion from it. */
static const char MASS_TEXT[] =
    "of 208 people scanned 6 had a mass at the catheter's tip, 5 of them without any sign (PMID 22151292); "
    "a rising dose with falling benefit is the early one: weigh imaging before the dose is raised further";

/* "4 mg/day at 10 mg/mL"; "none". */
static void dose_write(char text[STEP_BYTES], const struct entry *entry, const struct benefit_dose *dose)
{
    wording a_day, conc;
    if (dose->dose.num == 0) {
        snprintf(text, STEP_BYTES, "none");
        return;
    }
    write_dose(a_day, entry, dose->dose, ROUND_NEAREST);
    write_conc(conc, entry, ratio_of(dose->conc.ng_ml), ROUND_NEAREST);
    snprintf(text, STEP_BYTES, "%s at %s", a_day, conc);
}

static bool same(const struct benefit_dose *a, const struct benefit_dose *b)
{
    return ratio_compare(a->dose, b->dose) == 0 && a->conc.ng_ml == b->conc.ng_ml;
}

/* The therapies by now that changed dose or concentration of a drug, oldest first: their places in the history; how many. */
static unsigned steps_of(const struct benefit_history *history, uint16_t drug, int64_t now_ms,
                         unsigned place[BENEFIT_THERAPIES_MAX])
{
    unsigned count = 0;
    struct benefit_dose last = { .dose = { 0, 1 } };
    for (unsigned i = 0; i < history->therapies && history->therapy[i].at_ms <= now_ms; i++) {
        const struct benefit_dose dose = benefit_dose_of(&history->therapy[i], drug);
        if (!same(&dose, &last))
            place[count++] = i;
        last = dose;
    }
    return count;
}

/* "2026-01-03 4 mg/day at 10 mg/mL, 2026-05-12 ..." */
static void steps_write(char text[STEPS_BYTES], const struct entry *entry, const struct benefit_history *history,
                        int64_t now_ms)
{
    unsigned place[BENEFIT_THERAPIES_MAX], count = steps_of(history, entry->drug, now_ms, place);
    unsigned from = count > STEPS_SHOWN ? count - STEPS_SHOWN : 0;
    size_t used = 0;
    text[0] = '\0';
    for (unsigned i = from; i < count && used < STEPS_BYTES; i++) {
        char dose[STEP_BYTES], day[32];
        const struct benefit_dose given = benefit_dose_of(&history->therapy[place[i]], entry->drug);
        dose_write(dose, entry, &given);
        write_day(day, (civil_ms){ history->therapy[place[i]].at_ms });
        used += (size_t)snprintf(text + used, STEPS_BYTES - used, "%s%s %s", i > from ? ", " : "", day, dose);
    }
}

/* "7 of 10, 20 % relief" */
static void score_write(char text[SCORE_BYTES], const struct benefit_score *score)
{
    int size = snprintf(text, SCORE_BYTES, "%d of %d", (int)score->pain, BENEFIT_PAIN_MAX);
    if (score->relief != BENEFIT_NOT_SAID)
        snprintf(text + size, SCORE_BYTES - (size_t)size, ", %d %% relief", (int)score->relief);
}

static void alert(struct findings *findings, const struct entry *entry, const struct benefit_plan *plan, bool rising)
{
    char before[STEP_BYTES], after[STEP_BYTES], was[SCORE_BYTES], is[SCORE_BYTES];
    dose_write(before, entry, &plan->before);
    dose_write(after, entry, &plan->after);
    score_write(was, &plan->was);
    score_write(is, &plan->is);
    findings_add(
        findings, RULE_BENEFIT, rising ? FINDING_SOFT : FINDING_NOTE,
        "%s rises from %s to %s, and pain was %s and is %s: %s; look for the cause (a mass at the tip, the catheter, "
        "the pump) before it is raised further",
        drug_word(entry->drug), before, after, was, is, benefit_verdict_word(plan->verdict));
    findings_ask(findings, guard_ask(entry, DIMENSION_DOSE, plan->after.dose));
    struct finding_limit limit = { .drug = entry->drug };
    struct ratio bound = ratio_mul(plan->before.dose, ratio_over(BENEFIT_RISE_PER_CENT, 100));
    if (ratio_whole(plan->after.dose, ROUND_NEAREST, &limit.value) && !ratio_whole(bound, ROUND_NEAREST, &limit.bound))
        limit.value = 0;
    findings_limit(findings, limit);
}

/* True when there is an alert. */
static bool drug_judge(struct findings *findings, const struct entry *entry, const struct benefit_history *history,
                       const struct benefit_therapy *in_force, int64_t now_ms)
{
    struct benefit_plan plan;
    char steps[STEPS_BYTES], before[STEP_BYTES], after[STEP_BYTES];
    benefit_plan(history, entry->drug, now_ms, &plan);
    if (plan.verdict == BENEFIT_STEADY || plan.verdict == BENEFIT_GAINED)
        return false;
    if (plan.verdict == BENEFIT_UNKNOWN) {
        dose_write(before, entry, &plan.before);
        dose_write(after, entry, &plan.after);
        findings_add(findings, RULE_BENEFIT, FINDING_NOTE,
                     "%s rises from %s to %s, and no score of pain says what came of it: ask for one",
                     drug_word(entry->drug), before, after);
        return false;
    }
    const struct benefit_dose now =
        in_force != NULL ? benefit_dose_of(in_force, entry->drug) : (struct benefit_dose){ .dose = { 0, 1 } };
    alert(findings, entry, &plan, ratio_compare(plan.after.dose, now.dose) > 0);
    steps_write(steps, entry, history, now_ms);
    findings_add(findings, RULE_BENEFIT, FINDING_NOTE, "%s: %s", drug_word(entry->drug), steps);
    return true;
}

/* What the formulary says of masses at the tip, and what was found of them. */
static void mass_say(struct findings *findings, const struct entry *entry)
{
    if (entry->statements[STATEMENT_GRANULOMA] > 0)
        findings_add(findings, RULE_BENEFIT, FINDING_NOTE, "%s (source: %s)",
                     entry->statement[STATEMENT_GRANULOMA][0].text,
                     entry->source[entry->statement[STATEMENT_GRANULOMA][0].source].id);
    findings_add(findings, RULE_BENEFIT, FINDING_NOTE, "%s", MASS_TEXT);
}

void benefit_judge(struct findings *findings, const struct formulary *formulary, const struct benefit_history *history,
                   const struct benefit_therapy *in_force, int64_t now_ms)
{
    unsigned newest = history->therapies;
    bool said = false;
    while (newest > 0 && history->therapy[newest - 1].at_ms > now_ms)
        newest--;
    if (newest == 0)
        return;
    const struct benefit_therapy *given = &history->therapy[newest - 1];
    for (unsigned i = 0; i < given->drugs; i++) {
        const struct entry *entry = formulary_find(formulary, given->drug[i].drug);
        if (entry != NULL && drug_judge(findings, entry, history, in_force, now_ms) && entry->opioid && !said) {
            mass_say(findings, entry);
            said = true;
        }
    }
}

static void steps_result(struct sheet *sheet, const struct entry *entry, const struct benefit_history *history,
                         int64_t now_ms)
{
    unsigned place[BENEFIT_THERAPIES_MAX], count = steps_of(history, entry->drug, now_ms, place);
    unsigned from = count > STEPS_LISTED ? count - STEPS_LISTED : 0;
    for (unsigned i = from; i < count; i++) {
        char dose[STEP_BYTES], key[SHEET_KEY_BYTES], day[32];
        const struct benefit_dose given = benefit_dose_of(&history->therapy[place[i]], entry->drug);
        dose_write(dose, entry, &given);
        write_day(day, (civil_ms){ history->therapy[place[i]].at_ms });
        snprintf(key, sizeof key, "%02u", i + 1);
        sheet_result(sheet, "steps", key, key, "%s: %s", day, dose);
    }
}

static void point_result(struct sheet *sheet, const struct entry *entry, const char *group,
                         const struct benefit_dose *dose, bool said, const struct benefit_score *score)
{
    char text[STEP_BYTES], pain[SCORE_BYTES];
    dose_write(text, entry, dose);
    sheet_result(sheet, group, "dose", "dose", "%s", text);
    score_write(pain, score);
    sheet_result(sheet, group, "pain", "pain", "%s", said ? pain : "not said");
}

static const struct source SCALE_SOURCE = {
    "farrar-2001",
    "Farrar et al., Pain 94 (2001) 149-158 (PMID 11690728): about two points of 0 to 10 are much improved", MARK_READ
};
static const struct source MASS_SOURCE = {
    "mri-screening",
    "PMID 22151292: 6 masses in 208 people scanned, 5 without any sign; rising dose and falling benefit", MARK_READ
};

void benefit_sheet(const struct formulary *formulary, const struct benefit_question *question, struct sheet *sheet)
{
    struct benefit_history history = question->history;
    const struct entry *entry = formulary_find(formulary, question->drug);
    struct benefit_therapy in_force = { .at_ms = question->now_ms };
    struct benefit_plan plan;
    char text[STEP_BYTES], day[32];
    sheet_begin(sheet, "benefit");
    sheet_input(sheet, "drug", "drug", "%s", drug_word(question->drug));
    if (entry == NULL) {
        (void)guard_drug(&sheet->findings, formulary, question->drug, (conc_ng_ml){ 1 });
        return;
    }
    for (unsigned i = 0; i < history.therapies && history.therapy[i].at_ms <= question->now_ms; i++)
        in_force = history.therapy[i];
    if (question->has_wanted) {
        const struct benefit_therapy wanted = { .at_ms = question->now_ms, .drugs = 1, .drug = { question->wanted } };
        dose_write(text, entry, &question->wanted);
        sheet_input(sheet, "wanted", "next dose", "%s", text);
        benefit_therapy_add(&history, &wanted);
    }
    write_day(day, (civil_ms){ question->now_ms });
    sheet_input(sheet, "now", "as of", "%s", day);
    sheet_input(sheet, "scores", "scores of pain", "%u", history.scores);
    sheet_formula(sheet, "risen when the dose is at least %d %% of a dose left within %d days (both are guesses)",
                  BENEFIT_RISE_PER_CENT, BENEFIT_SPAN_DAYS);
    sheet_formula(
        sheet,
        "gained when pain, 0 to 10, is less by %d (Farrar 2001) or relief more by %d %% (a guess); falling when pain "
        "is more or relief less by as much",
        BENEFIT_PAIN_POINTS, BENEFIT_RELIEF_POINTS);
    sheet_source(sheet, &SCALE_SOURCE);
    sheet_source(sheet, &MASS_SOURCE);
    benefit_plan(&history, question->drug, question->now_ms, &plan);
    sheet_result(sheet, NULL, "verdict", "verdict", "%s", benefit_verdict_word(plan.verdict));
    if (plan.has_before) {
        point_result(sheet, entry, "before", &plan.before, plan.has_was, &plan.was);
        point_result(sheet, entry, "after", &plan.after, plan.has_is, &plan.is);
    }
    steps_result(sheet, entry, &history, question->now_ms);
    benefit_judge(&sheet->findings, formulary, &history, &in_force, question->now_ms);
}
