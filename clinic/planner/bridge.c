/* bridge.c - changing drug or concentration. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/planner/bridge.h"

#include "clinic/guard/wording.h"

void bridge_plan(const struct bridge_question *question, struct bridge_plan *plan)
{
    const struct drugdose *from = &question->from, *to = &question->to;
    struct ratio day = ratio_of(DAY_MS);
    plan->volume = catheter_dead_volume(question->model, &question->catheter);
    plan->rate = drugdose_flow(from);
    plan->duration = ratio_mul(ratio_div(ratio_of(plan->volume.nl), plan->rate), day);
    plan->after = drugdose_flow(to);
    plan->skipped_dose = ratio_mul(plan->after, ratio_of(from->conc.ng_ml));
    plan->skipped_factor = ratio_div(plan->skipped_dose, ratio_of(from->drug == to->drug ? to->dose.fg : from->dose.fg));
    plan->skipped_duration = ratio_mul(ratio_div(ratio_of(plan->volume.nl), plan->after), day);
}

static bool unchanged(const struct bridge_question *question)
{
    return question->from.drug == question->to.drug && question->from.conc.ng_ml == question->to.conc.ng_ml;
}

static void results(struct sheet *sheet, const struct bridge_question *question, const struct entry *old,
                    const struct entry *new)
{
    struct bridge_plan plan;
    wording text;
    bridge_plan(question, &plan);
    write_volume(text, ratio_of(plan.volume.nl), ROUND_NEAREST);
    sheet_result(sheet, NULL, "volume", "to be pushed out", "%s", text);
    write_flow(text, plan.rate, ROUND_NEAREST);
    sheet_result(sheet, NULL, "rate", "bridge at", "%s", text);
    write_hours(text, plan.duration, ROUND_NEAREST);
    sheet_result(sheet, NULL, "duration", "for", "%s", text);
    write_mass(text, old, ratio_mul(ratio_of(plan.volume.nl), ratio_of(question->from.conc.ng_ml)), ROUND_NEAREST);
    sheet_result(sheet, NULL, "mass", "of the old drug, in that time", "%s %s", drug_word(question->from.drug), text);
    write_flow(text, plan.after, ROUND_NEAREST);
    sheet_result(sheet, "after", "rate", "then at", "%s", text);
    write_dose(text, new, ratio_of(question->to.dose.fg), ROUND_NEAREST);
    sheet_result(sheet, "after", "dose", "which is", "%s %s", drug_word(question->to.drug), text);
    write_factor(text, plan.skipped_factor, ROUND_NEAREST);
    sheet_result(sheet, "skipped", "factor",
                 question->from.drug == question->to.drug ? "without a bridge, of the new dose"
                                                          : "without a bridge, of the old dose of the old drug",
                 "%s", text);
    write_dose(text, old, plan.skipped_dose, ROUND_NEAREST);
    sheet_result(sheet, "skipped", "dose", "that is", "%s %s", drug_word(question->from.drug), text);
    write_hours(text, plan.skipped_duration, ROUND_NEAREST);
    sheet_result(sheet, "skipped", "duration", "for", "%s", text);
}

/* One drug goes on at another dose, or one ends and another begins. */
static void doses_judge(struct findings *findings, const struct bridge_question *question, const struct entry *old,
                        const struct entry *new)
{
    struct ratio before = ratio_of(question->from.dose.fg), after = ratio_of(question->to.dose.fg);
    if (question->from.drug == question->to.drug) {
        guard_change(findings, old, before, after);
        return;
    }
    if (before.num > 0)
        guard_end(findings, old, before);
    if (after.num > 0)
        guard_start(findings, new, after);
    if (old->opioid && new->opioid) /* common knowledge; no page that was read states it, nor how much: a guess */
        findings_add(findings, RULE_CHANGE, FINDING_NOTE,
                     "tolerance for %s covers %s in part at most, and nothing here converts a dose of the one into the other: "
                     "begin low and watch as after a first dose",
                     drug_word(old->drug), drug_word(new->drug));
}

void bridge_sheet(const struct formulary *formulary, const struct bridge_question *question, struct sheet *sheet)
{
    const struct model *model = question->model;
    struct findings *findings = &sheet->findings;
    sheet_begin(sheet, "bridge");
    sheet_input(sheet, "model", "pump", "%s, revision %u", model_name(model->code), model->revision);
    bool catheter = catheter_judge(findings, &question->catheter);
    const struct entry *old = drugdose_judge(findings, formulary, model, &question->from);
    const struct entry *new = drugdose_judge(findings, formulary, model, &question->to);
    if (!catheter || old == NULL || new == NULL)
        return;
    catheter_inputs(sheet, model, &question->catheter);
    drugdose_inputs(sheet, old, &question->from, "from_");
    drugdose_inputs(sheet, new, &question->to, "to_");
    doses_judge(findings, question, old, new);
    if (unchanged(question)) {
        findings_add(findings, RULE_BRIDGE, FINDING_NOTE, "drug and concentration stay: no bridge is needed");
        return;
    }
    if (question->from.dose.fg <= 0 || question->to.dose.fg <= 0) {
        findings_add(findings, RULE_BRIDGE, FINDING_HARD,
                     "a bridge needs both flows: with a dose of zero the old drug would stand in the catheter for ever; doses "
                     "above zero would pass");
        return;
    }
    sheet_formula(sheet,
                  "volume = tubing + catheter; bridge rate = old dose / old concentration; duration = volume / bridge rate;");
    sheet_formula(sheet,
                  "then rate = new dose / new concentration; skipped: dose = rate x old concentration, for volume / rate");
    findings_add(
        findings, RULE_BRIDGE, FINDING_NOTE,
        "the boundary between old and new is not sharp: fluids mix in the catheter, and the tip sees the change spread out");
    results(sheet, question, old, new);
}
