/* drugdose.c - one drug at one concentration and one daily dose. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/planner/drugdose.h"

#include <stdio.h>

#include "clinic/guard/surveillance.h"
#include "clinic/guard/wording.h"

struct ratio drugdose_flow(const struct drugdose *given)
{
    return ratio_over(given->dose.fg, given->conc.ng_ml);
}

bool drugdose_flow_below(const struct drugdose *given, rate_nl_day *flow)
{
    int64_t whole = 0;
    if (!ratio_whole(drugdose_flow(given), ROUND_DOWN, &whole) || whole < 0 || whole > RATE_NL_DAY_MAX)
        return false;
    flow->nl_day = (int32_t)whole;
    return true;
}

mass_fg drugdose_of_flow(rate_nl_day flow, conc_ng_ml conc)
{
    return mass_of((vol_nl){ flow.nl_day }, conc);
}

/* Digit by digit, as on paper: dose / concentration, whole part alone. It shares nothing with ratio.c, nor a multiplication. */
static int64_t divided_by_hand(int64_t dose, int64_t conc)
{
    int64_t power = 1, rest = 0, quotient = 0;
    while (dose / power >= 10)
        power *= 10;
    for (; power > 0; power /= 10) {
        rest = rest * 10 + dose / power % 10;
        int64_t digit = 0;
        for (; rest >= conc; rest -= conc)
            digit++;
        quotient = quotient * 10 + digit;
    }
    return quotient;
}

void drugdose_agree(struct findings *findings, const struct drugdose *given, rate_nl_day flow)
{
    if (given->conc.ng_ml <= 0 || given->dose.fg < 0)
        return;
    int64_t again = divided_by_hand(given->dose.fg, given->conc.ng_ml);
    mass_fg back = drugdose_of_flow(flow, given->conc);
    bool agree = again == flow.nl_day && back.fg <= given->dose.fg && given->dose.fg - back.fg < given->conc.ng_ml;
    if (agree)
        findings_add(findings, RULE_ARITHMETIC, FINDING_PASSED, "flow and dose, reckoned forth and back in two ways, agree");
    else
        findings_add(findings, RULE_ARITHMETIC, FINDING_HARD, "two ways of reckoning disagree: %lld and %lld nL/day",
                     (long long)flow.nl_day, (long long)again);
}

const struct entry *drugdose_judge(struct findings *findings, const struct formulary *formulary, const struct model *model,
                                   const struct drugdose *given)
{
    rate_nl_day flow;
    const struct entry *entry = guard_drug(findings, formulary, given->drug, given->conc);
    if (entry == NULL)
        return NULL;
    guard_compatibility(findings, entry, model, false);
    const struct mixture alone = { .count = 1, .component = { { given->drug, given->conc } } };
    guard_surveillance(findings, formulary, model, &alone);
    if (given->dose.fg > 0)
        guard_field(findings, entry, FIELD_DOSE, ratio_of(given->dose.fg));
    guard_flow(findings, model, entry, given->conc, drugdose_flow(given));
    if (drugdose_flow_below(given, &flow))
        drugdose_agree(findings, given, flow);
    return entry;
}

void drugdose_inputs(struct sheet *sheet, const struct entry *entry, const struct drugdose *given, const char *prefix)
{
    wording conc, dose;
    char key[SHEET_KEY_BYTES];
    write_conc(conc, entry, ratio_of(given->conc.ng_ml), ROUND_NEAREST);
    write_dose(dose, entry, ratio_of(given->dose.fg), ROUND_NEAREST);
    snprintf(key, sizeof key, "%sdrug", prefix);
    sheet_input(sheet, key, "drug", "%s", drug_word(given->drug));
    snprintf(key, sizeof key, "%sconcentration", prefix);
    sheet_input(sheet, key, "concentration", "%s", conc);
    snprintf(key, sizeof key, "%sdose", prefix);
    sheet_input(sheet, key, "dose", "%s", dose);
}
