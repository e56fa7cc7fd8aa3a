/* prime.c - filling tubing and catheter with drug, once, at implant. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/planner/prime.h"

#include "clinic/guard/wording.h"

void prime_plan(const struct prime_question *question, struct prime_plan *plan)
{
    struct ratio day = ratio_of(DAY_MS);
    vol_nl catheter = catheter_held(question->model, &question->catheter);
    plan->volume = question->pump_primed ? catheter : catheter_dead_volume(question->model, &question->catheter);
    plan->rate = question->rate.nl_day > 0 ? question->rate : question->model->rate_max;
    plan->duration = ratio_mul(ratio_over(plan->volume.nl, plan->rate.nl_day), day);
    plan->before = ratio_mul(ratio_of(catheter.nl), ratio_of(question->catheter_empty ? 0 : question->holds.ng_ml));
    plan->waiting = ratio_mul(ratio_div(ratio_of(plan->volume.nl), drugdose_flow(&question->drugdose)), day);
}

void prime_judge(struct findings *findings, const struct entry *entry, const struct prime_question *question)
{
    guard_tubing(findings, question->model, entry, question->drugdose.conc,
                 question->has_tubing ? question->tubing : question->model->tubing);
    if (!question->catheter_empty && question->holds.ng_ml == 0)
        findings_add(findings, RULE_PRIME, FINDING_HARD,
                     "is the catheter empty of drug? Either that is said, or what it holds: a prime would push it out at once");
    if (!question->catheter_empty && question->holds.ng_ml > 0) {
        struct prime_plan plan;
        prime_plan(question, &plan);
        guard_field(findings, entry, FIELD_BOLUS, plan.before);
        findings_add(findings, RULE_PRIME, FINDING_SOFT,
                     "the catheter holds drug: a prime would give all of it at once; a bridge would not");
        findings_ask(findings, guard_ask(entry, DIMENSION_MASS, plan.before));
    }
    if (question->rate.nl_day > 0)
        guard_flow(findings, question->model, entry, question->drugdose.conc, ratio_of(question->rate.nl_day));
    findings_add(
        findings, RULE_PRIME, FINDING_NOTE,
        "at a high flow drug mixes with what is before it: some reaches the tip early, and less than the dose follows; "
        "watch the patient for as long");
}

void prime_sheet(const struct formulary *formulary, const struct prime_question *question, struct sheet *sheet)
{
    struct prime_plan plan;
    wording text;
    const struct model *model = question->model;
    sheet_begin(sheet, "prime");
    sheet_input(sheet, "model", "pump", "%s, revision %u", model_name(model->code), model->revision);
    bool catheter = catheter_judge(&sheet->findings, &question->catheter);
    const struct entry *entry = drugdose_judge(&sheet->findings, formulary, model, &question->drugdose);
    if (!catheter || entry == NULL)
        return;
    drugdose_inputs(sheet, entry, &question->drugdose, "");
    catheter_inputs(sheet, model, &question->catheter);
    sheet_input(sheet, "pump_primed", "tubing primed before implant", "%s", question->pump_primed ? "yes" : "no");
    prime_judge(&sheet->findings, entry, question);
    sheet_formula(sheet,
                  "volume = %scatheter; duration = volume / rate; drug stands at the tip when the volume has been pushed",
                  question->pump_primed ? "" : "tubing + ");
    prime_plan(question, &plan);
    write_volume(text, ratio_of(plan.volume.nl), ROUND_NEAREST);
    sheet_result(sheet, NULL, "volume", "to be pushed", "%s", text);
    write_flow(text, ratio_of(plan.rate.nl_day), ROUND_NEAREST);
    sheet_result(sheet, NULL, "rate", "at", "%s", text);
    write_hours(text, plan.duration, ROUND_NEAREST);
    sheet_result(sheet, NULL, "duration", "drug reaches the tip after", "%s", text);
    write_mass(text, entry, plan.before, ROUND_UP);
    sheet_result(sheet, "dose", "before", "given while priming", "%s", text);
    write_dose(text, entry, ratio_of(question->drugdose.dose.fg), ROUND_NEAREST);
    sheet_result(sheet, "dose", "after", "from then on", "%s", text);
    write_hours(text, plan.waiting, ROUND_NEAREST);
    sheet_result(sheet, "without", "duration", "without a prime, drug reaches the tip after", "%s",
                 ratio_is(plan.waiting) ? text : "never: nothing flows");
}
