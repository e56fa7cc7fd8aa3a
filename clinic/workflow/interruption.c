/* interruption.c - the drug was missing: for how long, and what flows now. The pump counts only what stopped, and judges that
 * again by its own clock; of a least flow it does not tell since when. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/interruption.h"

#include "clinic/guard/whole.h"
#include "clinic/guard/wording.h"
#include "clinic/workflow/typed.h"
#include "core/catalog.h"

enum { LARGE = 2 }; /* from so many times on a step is told: as guard_change() does */

bool interrogation_lowered(const struct interrogation *seen)
{
    const span_ms day = { DAY_MS };
    return (seen->mode == MODE_MINIMUM || seen->mode == MODE_SAFE) && seen->has_therapy &&
           grain_of_rate(seen->base, day).grain < program_worst_volume(&seen->therapy.program, day).grain;
}

/* For how long: as the pump says, or as a person does; none: nobody knows. False: the therapy in force flows. */
static bool interruption(struct judging *at, struct ratio *span)
{
    const struct interrogation *seen = &at->workflow->seen;
    const char *said = at->answers->therapy.stopped_for;
    bool lowered = interrogation_lowered(seen);
    int64_t ms = 0;
    *span = RATIO_NONE;
    if (seen->interrupted_since.ms != INSTANT_NEVER.ms) {
        if (seen->interrupted_since.ms >= 0)
            *span = ratio_of(seen->now.ms - seen->interrupted_since.ms);
        return true;
    }
    if (seen->mode != MODE_STOPPED && !lowered)
        return false;
    if (lowered && *said == '\0') /* unknown: the dose is found anew, or somebody says it */
        return true;
    if (judge_amount(at->findings, RULE_RESTART,
                     lowered ? "how long less has flowed than the program gives" : "how long it was stopped", said,
                     DIMENSION_SPAN, &ms))
        *span = ratio_of(ms);
    return true;
}

/* What really flows of a drug against what would: the therapy in force is no measure while it does not flow. */
static void flowing_judge(struct judging *at, const struct entry *entry, struct ratio after)
{
    const struct interrogation *seen = &at->workflow->seen;
    struct ratio now =
        ratio_mul(ratio_of(seen->base.nl_day), ratio_of(mixture_conc(&seen->stretch[0], entry->drug).ng_ml));
    const char *word = drug_word(entry->drug);
    wording from, to, times;
    write_dose(from, entry, now, ROUND_NEAREST);
    write_dose(to, entry, after, ROUND_NEAREST);
    if (after.num <= 0 || !interrogation_lowered(seen) || now.num <= 0) {
        if (after.num > 0 && (seen->mode == MODE_STOPPED || seen->mode == MODE_EMPTY || now.num <= 0))
            findings_add(at->findings, RULE_RESTART, FINDING_NOTE, "%s does not flow now; it would begin again at %s",
                         word, to);
        return;
    }
    struct ratio factor = ratio_div(after, now);
    bool large = ratio_compare(factor, ratio_of(LARGE)) >= 0;
    write_factor(times, factor, ROUND_NEAREST);
    findings_add(at->findings, RULE_FLOWING, large ? FINDING_SOFT : FINDING_NOTE,
                 "%s flows at %s now, as the dose was lowered; %s is %s times as much%s", word, from, to, times,
                 large ? ": compare them" : "");
    if (large)
        findings_ask(at->findings, guard_ask(entry, DIMENSION_DOSE, after));
}

void judge_interruption(struct judging *at, const struct therapy *new)
{
    const bool retitrated = at->draft->retitrated;
    struct ratio span;
    if (!at->workflow->seen.has_therapy || !interruption(at, &span))
        return;
    for (unsigned i = 0; i < new->mixture.count; i++) {
        const struct component *component = &new->mixture.component[i];
        const struct entry *entry = formulary_find(at->practice->formulary, component->drug);
        struct ratio dose = whole_dose(&new->program, component->conc);
        if (entry == NULL)
            continue;
        guard_restart(at->findings, entry, span, retitrated);
        bool within = entry->restart_limit.known && ratio_is(span) &&
                      ratio_compare(span, ratio_of(entry->restart_limit.value)) <= 0;
        if (retitrated && !within && dose.num > 0) /* whoever has lost the tolerance begins */
            guard_start(at->findings, entry, dose);
        flowing_judge(at, entry, dose);
    }
}
