/* fallback.c - a therapy's answers to faults, against those of the formulary. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/guard/fallback.h"

#include "clinic/guard/wording.h"
#include "core/catalog.h"

/* The entry of a drug of this therapy for which a stop is no safe state; null when there is none. */
static const struct entry *least_flow_entry(const struct formulary *formulary, const struct mixture *mixture)
{
    for (unsigned i = 0; i < mixture->count; i++) {
        const struct entry *entry = formulary_find(formulary, mixture->component[i].drug);
        if (entry != NULL && entry->safe_minimum)
            return entry;
    }
    return NULL;
}

/* True when a fault, or a person who lowers, would leave the flow as it is, though the pump could give less. */
static bool lowers_nothing(const struct model *model, const struct therapy *therapy)
{
    const span_ms day = { DAY_MS };
    int64_t least = program_least_day(&therapy->program).grain;
    return therapy->safe_rate.nl_day > 0 && grain_of_rate(therapy->safe_rate, day).grain >= least &&
           grain_of_rate(model->rate_min, day).grain < least;
}

static void safe_rate_judge(struct findings *findings, const struct formulary *formulary, const struct model *model,
                            const struct therapy *therapy)
{
    const struct entry *needs = least_flow_entry(formulary, &therapy->mixture);
    const struct entry *first =
        therapy->mixture.count > 0 ? formulary_find(formulary, therapy->mixture.component[0].drug) : NULL;
    wording safe, least;
    write_flow(safe, ratio_of(therapy->safe_rate.nl_day), ROUND_NEAREST);
    write_flow(least, ratio_of(model->rate_min.nl_day), ROUND_NEAREST);
    if (needs != NULL && therapy->safe_rate.nl_day == 0)
        findings_add(
            findings, RULE_SAFE_STATE, FINDING_HARD,
            "a fault would stop %s, and for it a stop is no safe state: a safe rate of %s, the least of %s, would pass",
            drug_word(needs->drug), least, model_name(model->code));
    if (needs == NULL && first != NULL && therapy->safe_rate.nl_day > 0)
        findings_add(findings, RULE_SAFE_STATE, FINDING_NOTE,
                     "after a fault %s goes on at %s; the formulary would stop it: a safe rate of 0",
                     drug_word(first->drug), safe);
    if (!lowers_nothing(model, therapy))
        return;
    findings_add(
        findings, RULE_SAFE_STATE, FINDING_SOFT,
        "the safe rate of %s is all that the program gives: a fault, or whoever lowers the dose, would lower nothing; "
        "%s%s would pass",
        safe, needs == NULL ? "0 or " : "", least);
    findings_ask(findings, (struct finding_ask){ .second = first != NULL && first->second_clinician,
                                                 .again = true,
                                                 .dimension = DIMENSION_FLOW,
                                                 .value = therapy->safe_rate.nl_day });
}

static void drug_judge(struct findings *findings, const struct entry *entry, const struct therapy *therapy)
{
    static const char *const priorities[] = { "?", "low", "medium", "high" };
    int64_t restart = (int64_t)therapy->restart_limit_hours * HOUR_MS;
    wording given, limit;
    if (therapy->under_delivery < entry->under_delivery && entry->under_delivery <= PRIORITY_HIGH)
        findings_add(findings, RULE_SAFE_STATE, FINDING_HARD,
                     "too little of %s is of priority %s in the therapy, and %s in the formulary: %s%s would pass",
                     drug_word(entry->drug), priorities[therapy->under_delivery], priorities[entry->under_delivery],
                     priorities[entry->under_delivery], entry->under_delivery < PRIORITY_HIGH ? " or above" : "");
    if (!entry->restart_limit.known || restart <= entry->restart_limit.value)
        return;
    write_span(given, ratio_of(restart), ROUND_NEAREST);
    write_span(limit, ratio_of(entry->restart_limit.value), ROUND_NEAREST);
    findings_add(findings, RULE_RESTART, FINDING_HARD,
                 "the therapy would let the same dose of %s go on after an interruption of %s: at most %s would pass",
                 drug_word(entry->drug), given, limit);
}

void guard_fallback(struct findings *findings, const struct formulary *formulary, const struct model *model,
                    const struct therapy *therapy)
{
    bool second = false;
    safe_rate_judge(findings, formulary, model, therapy);
    for (unsigned i = 0; i < therapy->mixture.count; i++) {
        const struct entry *entry = formulary_find(formulary, therapy->mixture.component[i].drug);
        if (entry == NULL)
            continue;
        drug_judge(findings, entry, therapy);
        second |= entry->second_clinician;
    }
    if (therapy->mixture.count == 0 || therapy->reservoir_low.nl > 0)
        return;
    findings_add(findings, RULE_RESERVOIR_LOW, FINDING_SOFT,
                 "the alarm of a low reservoir would come when it is empty: more than 0 mL would pass");
    findings_ask(findings, (struct finding_ask){ .second = second, .again = true, .dimension = DIMENSION_VOLUME });
}
