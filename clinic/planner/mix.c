/* mix.c - several drugs in one reservoir. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/planner/mix.h"

#include "clinic/guard/surveillance.h"
#include "clinic/guard/wording.h"

void mix_plan(const struct mix_question *question, struct mix_plan *plan)
{
    plan->prepared = (vol_nl){ question->fill.nl + question->dead_space.nl };
    plan->diluent = ratio_of(plan->prepared.nl);
    for (unsigned i = 0; i < question->parts; i++) {
        const struct mix_part *part = &question->part[i];
        plan->conc[i] = ratio_over(part->dose.fg, question->flow.nl_day);
        plan->draw[i] = ratio_mul(plan->conc[i], ratio_over(plan->prepared.nl, part->stock.ng_ml));
        plan->diluent = ratio_sub(plan->diluent, plan->draw[i]);
    }
}

/* A concentration that is no whole number of ng/mL stands in no therapy: refused with the two doses beside it. */
static const struct entry *part_judge(struct findings *findings, const struct formulary *formulary,
                                      const struct mix_question *question, unsigned at, struct ratio conc)
{
    const struct mix_part *part = &question->part[at];
    int64_t below = 0;
    if (!ratio_whole(conc, ROUND_DOWN, &below) || below > CONC_NG_ML_MAX || below < 0) {
        findings_add(findings, RULE_CONCENTRATION, FINDING_HARD,
                     "%s: no concentration up to 100 mg/mL gives this dose at this flow", drug_word(part->drug));
        return NULL;
    }
    const struct entry *entry = guard_drug(findings, formulary, part->drug, (conc_ng_ml){ (int32_t)below });
    if (entry == NULL)
        return NULL;
    guard_drug(findings, formulary, part->drug, part->stock);
    guard_compatibility(findings, entry, question->model, false);
    guard_field(findings, entry, FIELD_CONCENTRATION, conc);
    guard_field(findings, entry, FIELD_DOSE, ratio_of(part->dose.fg));
    if (!ratio_is_whole(conc)) {
        wording low, high;
        write_dose(low, entry, ratio_mul(ratio_of(below), ratio_of(question->flow.nl_day)), ROUND_NEAREST);
        write_dose(high, entry, ratio_mul(ratio_of(below + 1), ratio_of(question->flow.nl_day)), ROUND_NEAREST);
        findings_add(findings, RULE_GRID, FINDING_HARD,
                     "%s: no whole number of ng/mL, and a dose is never rounded; nearest that would pass: %s or %s",
                     drug_word(part->drug), low, high);
    }
    return entry;
}

static void part_rows(struct sheet *sheet, const struct entry *entry, const struct mix_part *part, const struct mix_plan *plan,
                      unsigned at)
{
    wording text, stock;
    const char *word = drug_word(part->drug);
    write_conc(text, entry, plan->conc[at], ROUND_NEAREST);
    sheet_result(sheet, word, "concentration", "concentration", "%s", text);
    write_volume(text, plan->draw[at], ROUND_NEAREST);
    write_conc(stock, entry, ratio_of(part->stock.ng_ml), ROUND_NEAREST);
    sheet_result(sheet, word, "draw_up", "draw up", "%s of %s", text, stock);
    write_dose(text, entry, ratio_of(part->dose.fg), ROUND_NEAREST);
    sheet_result(sheet, word, "dose", "which gives", "%s", text);
}

/* What the drugs together are to the pump. REQ-LIBR-10, HZ-16 */
static void parts_judge(struct findings *findings, const struct formulary *formulary, const struct mix_question *question)
{
    struct mixture mixture = { .count = 0 };
    for (unsigned i = 0; i < question->parts && i < MIXTURE_DRUGS_MAX; i++)
        mixture.component[mixture.count++] = (struct component){ question->part[i].drug, question->part[i].stock };
    guard_mixture(findings, NULL, &mixture);
    guard_surveillance(findings, formulary, question->model, &mixture);
}

void mix_sheet(const struct formulary *formulary, const struct mix_question *question, struct sheet *sheet)
{
    struct mix_plan plan;
    wording text;
    sheet_begin(sheet, "mix");
    sheet_input(sheet, "model", "pump", "%s, revision %u", model_name(question->model->code), question->model->revision);
    write_flow(text, ratio_of(question->flow.nl_day), ROUND_NEAREST);
    sheet_input(sheet, "flow", "flow", "%s", text);
    write_volume(text, ratio_of(question->fill.nl), ROUND_NEAREST);
    sheet_input(sheet, "fill", "fill", "%s", text);
    write_volume(text, ratio_of(question->dead_space.nl), ROUND_NEAREST);
    sheet_input(sheet, "dead_space", "dead space of syringe and kit", "%s", text);
    sheet_formula(sheet,
                  "concentration = dose / flow; draw up = concentration x (fill + dead space) / stock; the rest is diluent");
    guard_fill(&sheet->findings, question->model, question->fill, (vol_nl){ -1 });
    mix_plan(question, &plan);
    for (unsigned i = 0; i < question->parts; i++) {
        const struct entry *entry = part_judge(&sheet->findings, formulary, question, i, plan.conc[i]);
        if (entry != NULL && i == 0)
            guard_flow(&sheet->findings, question->model, entry, (conc_ng_ml){ (int32_t)(plan.conc[0].num / plan.conc[0].den) },
                       ratio_of(question->flow.nl_day));
        if (entry != NULL)
            part_rows(sheet, entry, &question->part[i], &plan, i);
    }
    parts_judge(&sheet->findings, formulary, question);
    write_volume(text, plan.diluent, ROUND_NEAREST);
    if (ratio_is(plan.diluent) && plan.diluent.num < 0)
        findings_add(
            &sheet->findings, RULE_CONCENTRATION, FINDING_HARD,
            "the stocks are too weak: they fill more than is prepared, by the diluent shown below zero; a higher flow or "
            "stronger stocks would pass");
    sheet_result(sheet, "diluent", "draw_up", "draw up", "%s", text);
    write_volume(text, ratio_of(plan.prepared.nl), ROUND_NEAREST);
    sheet_result(sheet, NULL, "prepared", "prepared in all", "%s", text);
}
