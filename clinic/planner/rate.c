/* rate.c - from a daily dose to a flow. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/planner/rate.h"

#include "clinic/guard/wording.h"

bool rate_plan(const struct rate_question *question, struct rate_plan *plan)
{
    const struct model *model = question->model;
    int64_t fill = question->fill.nl > 0 ? question->fill.nl : model->reservoir.nl;
    plan->flow = drugdose_flow(&question->drugdose);
    if (!drugdose_flow_below(&question->drugdose, &plan->set))
        return false;
    plan->exact = ratio_is_whole(plan->flow);
    plan->achieved = drugdose_of_flow(plan->set, question->drugdose.conc);
    plan->quanta_per_day = ratio_over(plan->set.nl_day, model->quantum.nl);
    plan->lasts = ratio_mul(ratio_over(fill - question->alarm.nl, plan->set.nl_day), ratio_of(DAY_MS));
    return true;
}

void rate_sheet(const struct formulary *formulary, const struct rate_question *question, struct sheet *sheet)
{
    struct rate_plan plan;
    wording text;
    const struct model *model = question->model;
    sheet_begin(sheet, "rate");
    sheet_input(sheet, "model", "pump", "%s, revision %u", model_name(model->code), model->revision);
    const struct entry *entry = drugdose_judge(&sheet->findings, formulary, model, &question->drugdose);
    vol_nl fill = question->fill.nl > 0 ? question->fill : model->reservoir;
    guard_fill(&sheet->findings, model, fill, (vol_nl){ -1 });
    if (entry == NULL)
        return;
    drugdose_inputs(sheet, entry, &question->drugdose, "");
    write_volume(text, ratio_of(fill.nl), ROUND_NEAREST);
    sheet_input(sheet, "fill", "in the reservoir", "%s", text);
    write_volume(text, ratio_of(question->alarm.nl), ROUND_NEAREST);
    sheet_input(sheet, "alarm", "left at the alarm", "%s", text);
    sheet_formula(sheet, "flow = dose / concentration; quanta = flow / quantum; days = (fill - alarm) / flow");
    if (!rate_plan(question, &plan))
        return;
    write_flow(text, ratio_of(plan.set.nl_day), ROUND_NEAREST);
    sheet_result(sheet, NULL, "flow", "flow", "%s", text);
    char hourly[RATIO_TEXT_BYTES];
    ratio_text(hourly, ratio_over(plan.achieved.fg, 24 * (entry->milligrams ? INT64_C(1000000000000) : 1000000000)), 9, 0,
               ROUND_NEAREST);
    ratio_text(text, plan.quanta_per_day, 2, 0, ROUND_NEAREST);
    sheet_result(sheet, NULL, "quanta_per_day", "quanta per day, nominal", "%s", text);
    write_dose(text, entry, ratio_of(plan.achieved.fg), ROUND_NEAREST);
    sheet_result(sheet, NULL, "dose", "dose achieved", "%s", text);
    sheet_result(sheet, NULL, "dose_per_hour", "which is", "%s %s/h", hourly, entry->milligrams ? "mg" : "mcg");
    write_days(text, plan.lasts, ROUND_DOWN);
    sheet_result(sheet, NULL, "lasts", "until the alarm volume", "%s", plan.set.nl_day > 0 ? text : "for ever: nothing flows");
    sheet_figure(sheet, entry, &entry->bounds[FIELD_DOSE].hard_high);
    sheet_figure(sheet, entry, &entry->bounds[FIELD_DOSE].soft_high);
}
