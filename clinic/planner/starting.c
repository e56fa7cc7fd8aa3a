/* starting.c - what the label says of beginning with a drug. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/planner/starting.h"

#include "clinic/guard/wording.h"
#include "clinic/planner/ratios.h"

#define NOT_FOUND "not found in any source this formulary has"

static const struct entry *entry_of(const struct formulary *formulary, uint16_t drug, struct sheet *sheet)
{
    const struct entry *entry = formulary_find(formulary, drug);
    sheet_input(sheet, "drug", "drug", "%s", drug_word(drug));
    sheet_input(sheet, "region", "formulary", "%s, release %u", formulary->region, formulary->version);
    if (entry == NULL)
        findings_add(&sheet->findings, RULE_DRUG, FINDING_HARD, "%s has no entry in the formulary of region %s",
                     drug_word(drug), formulary->region);
    return entry;
}

/* "0.2 mg/day to 1 mg/day", "at most 2.4 mcg/day". */
static void range_write(char *text, size_t room, const struct entry *entry, const struct figure *low, const struct figure *high,
                        bool share)
{
    wording from, to;
    struct ratio million = ratio_of(1000000);
    if (share) {
        write_percent(from, ratio_div(ratio_of(low->value), million), ROUND_NEAREST);
        write_percent(to, ratio_div(ratio_of(high->value), million), ROUND_NEAREST);
    } else {
        write_dose(from, entry, ratio_of(low->value), ROUND_NEAREST);
        write_dose(to, entry, ratio_of(high->value), ROUND_NEAREST);
    }
    if (low->known && high->known)
        snprintf(text, room, "%s to %s", from, to);
    else
        snprintf(text, room, "%s %s", high->known ? "at most" : "at least", high->known ? to : from);
}

static void starts(struct sheet *sheet, const struct entry *entry, bool opioid_naive)
{
    char text[2 * WORDING_BYTES + 16];
    bool any = false;
    for (unsigned i = 0; i < entry->starts; i++) {
        const struct start_range *start = &entry->start[i];
        char key[SHEET_KEY_BYTES];
        if (entry->opioid && start->opioid_naive != opioid_naive)
            continue;
        snprintf(key, sizeof key, "range_%u", i + 1);
        range_write(text, sizeof text, entry, &start->low, &start->high, false);
        sheet_result(sheet, NULL, key, start->who, "%s", text);
        sheet_figure(sheet, entry, &start->low);
        sheet_figure(sheet, entry, &start->high);
        any = true;
    }
    if (!any)
        sheet_result(sheet, NULL, "range", "starting range", NOT_FOUND);
}

static void titration_rows(struct sheet *sheet, const struct entry *entry)
{
    char text[2 * WORDING_BYTES + 16], key[SHEET_KEY_BYTES];
    wording least, advised;
    for (unsigned i = 0; i < entry->titrations; i++) {
        const struct titration *step = &entry->titration[i];
        range_write(text, sizeof text, entry, &step->low, &step->high, step->share);
        write_span(least, ratio_of(step->interval.value), ROUND_NEAREST);
        write_span(advised, ratio_of(step->advised.value), ROUND_NEAREST);
        snprintf(key, sizeof key, "step_%u", i + 1);
        sheet_result(sheet, "titration", key, step->who, "%s%s%s%s%s%s", step->downward ? "down by " : "by ", text,
                     step->interval.known ? ", not sooner than after " : "", step->interval.known ? least : "",
                     step->advised.known ? ", better after " : "", step->advised.known ? advised : "");
        sheet_figure(sheet, entry, &step->high);
        sheet_figure(sheet, entry, &step->interval);
    }
}

static void maxima(struct sheet *sheet, const struct entry *entry)
{
    wording text;
    const struct bounds *dose = &entry->bounds[FIELD_DOSE];
    if (dose->soft_high.known) {
        write_dose(text, entry, ratio_of(dose->soft_high.value), ROUND_NEAREST);
        sheet_result(sheet, "limits", "usual", "usual at most", "%s", text);
    }
    if (dose->hard_high.known) {
        write_dose(text, entry, ratio_of(dose->hard_high.value), ROUND_NEAREST);
        sheet_result(sheet, "limits", "most", "never above", "%s", text);
    }
    if (!dose->soft_high.known && !dose->hard_high.known)
        sheet_result(sheet, "limits", "most", "never above", NOT_FOUND);
    sheet_figure(sheet, entry, &dose->soft_high);
    sheet_figure(sheet, entry, &dose->hard_high);
}

void starting_sheet(const struct formulary *formulary, const struct starting_question *question, struct sheet *sheet)
{
    sheet_begin(sheet, "start");
    const struct entry *entry = entry_of(formulary, question->drug, sheet);
    if (question->other_route != NULL)
        findings_add(
            &sheet->findings, RULE_ROUTE, FINDING_HARD,
            "%s by another route says nothing of an intrathecal dose: published ratios differ up to 900 times, and nothing "
            "here converts one; begin as the label says and titrate",
            question->other_route);
    if (entry == NULL)
        return;
    sheet_input(sheet, "class", "class", "%s", entry->drug_class);
    if (entry->opioid)
        sheet_input(sheet, "opioid_naive", "opioid-naive", "%s", question->opioid_naive ? "yes" : "no");
    starts(sheet, entry, question->opioid_naive);
    titration_rows(sheet, entry);
    maxima(sheet, entry);
    if (question->published_ratios && entry->opioid)
        ratios_rows(sheet);
    else if (question->published_ratios)
        findings_add(&sheet->findings, RULE_ROUTE, FINDING_NOTE, "%s is no opioid: no ratios between routes are shown for it",
                     drug_word(question->drug));
}

/* Is the wanted dose a step that the entry knows, and is it time for it? */
static void step_judge(struct sheet *sheet, const struct entry *entry, const struct titrating_question *question)
{
    bool down = question->wanted.fg < question->dose.fg, fits = false, timely = false;
    struct ratio by = ratio_sub(ratio_of(question->wanted.fg), ratio_of(question->dose.fg));
    if (down)
        by = ratio_sub(ratio_of(0), by);
    for (unsigned i = 0; i < entry->titrations; i++) {
        const struct titration *step = &entry->titration[i];
        struct ratio size = step->share ? ratio_mul(ratio_div(by, ratio_of(question->dose.fg)), ratio_of(1000000)) : by;
        if (step->downward != down || (step->high.known && ratio_compare(size, ratio_of(step->high.value)) > 0))
            continue;
        fits = true;
        timely = timely || !step->interval.known || !ratio_is(question->since) ||
                 ratio_compare(question->since, ratio_of(step->interval.value)) >= 0;
    }
    if (!fits && entry->titrations > 0)
        findings_add(&sheet->findings, RULE_CHANGE, FINDING_SOFT,
                     "no step of the label is as large as this one; those that would pass "
                     "stand under titration");
    else if (fits && !timely)
        findings_add(&sheet->findings, RULE_CHANGE, FINDING_SOFT, "sooner after the last step than the label allows");
    guard_change(&sheet->findings, entry, ratio_of(question->dose.fg), ratio_of(question->wanted.fg));
    if (question->wanted.fg > 0)
        guard_field(&sheet->findings, entry, FIELD_DOSE, ratio_of(question->wanted.fg));
}

/* The furthest each step of the label goes from the dose in force; upward never beyond the hard limit. */
static void next_rows(struct sheet *sheet, const struct entry *entry, mass_fg dose)
{
    const struct figure *most = &entry->bounds[FIELD_DOSE].hard_high;
    char key[SHEET_KEY_BYTES];
    wording text, ceiling;
    write_dose(ceiling, entry, ratio_of(most->value), ROUND_NEAREST);
    for (unsigned i = 0; i < entry->titrations; i++) {
        const struct titration *step = &entry->titration[i];
        struct ratio by = step->share ? ratio_mul(ratio_of(dose.fg), ratio_over(step->high.value, 1000000))
                                      : ratio_of(step->high.value);
        if (!step->high.known)
            continue;
        struct ratio next = step->downward ? ratio_sub(ratio_of(dose.fg), by) : ratio_add(ratio_of(dose.fg), by);
        write_dose(text, entry, next, step->downward ? ROUND_UP : ROUND_DOWN);
        snprintf(key, sizeof key, "step_%u", i + 1);
        if (!step->downward && most->known && ratio_compare(next, ratio_of(most->value)) > 0)
            sheet_result(sheet, NULL, key, step->who, "not above %s, the hard limit; the step alone would go to %s", ceiling,
                         text);
        else
            sheet_result(sheet, NULL, key, step->who, "%s %s", step->downward ? "not below" : "not above", text);
    }
}

void titrating_sheet(const struct formulary *formulary, const struct titrating_question *question, struct sheet *sheet)
{
    wording text;
    sheet_begin(sheet, "titrate");
    const struct entry *entry = entry_of(formulary, question->drug, sheet);
    if (entry == NULL)
        return;
    write_dose(text, entry, ratio_of(question->dose.fg), ROUND_NEAREST);
    sheet_input(sheet, "dose", "dose in force", "%s", text);
    guard_field(&sheet->findings, entry, FIELD_DOSE, ratio_of(question->dose.fg));
    titration_rows(sheet, entry);
    maxima(sheet, entry);
    next_rows(sheet, entry, question->dose);
    if (question->has_wanted) {
        write_dose(text, entry, ratio_of(question->wanted.fg), ROUND_NEAREST);
        sheet_input(sheet, "wanted", "wanted", "%s%s", text, question->wanted.fg == 0 ? ", a stop" : "");
        step_judge(sheet, entry, question);
    }
}
