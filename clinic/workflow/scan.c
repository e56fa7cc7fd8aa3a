/* scan.c - scans, emptying and the way down. The rules for a scan are opposite by drive: a rotor keeps its program, as a
 * stop would hide that it stays stalled; a valve is stopped and emptied, as the field may open it. REQ-THER-21, HZ-19,
 * HZ-20, HZ-32. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/scan.h"

#include "clinic/workflow/series.h"

/* The reservoir was seen to be empty, and of how much it was emptied. */
static void empty_judge(struct judging *at, enum rule rule)
{
    const struct said_volume *withdrawn = &at->answers->empty.withdrawn;
    if (at->answers->empty.emptied != ANSWER_YES)
        findings_add(at->findings, rule, FINDING_HARD, "the reservoir must have been emptied, and that be said");
    if (!withdrawn->said || withdrawn->volume.nl < 0 || withdrawn->volume.nl > at->model->reservoir.nl)
        findings_add(at->findings, RULE_SAID, FINDING_HARD,
                     "what was aspirated was not said, or is more than %s holds: such as 2.4 mL",
                     model_name(at->model->code));
    at->draft->expected = at->workflow->seen.reservoir;
    at->draft->has_refill = true;
    at->draft->refill = (struct refill){ .withdrawn = withdrawn->volume, .fill = at->workflow->seen.stretch[0] };
}

void judge_scan(struct judging *at)
{
    bool empty = series_mri_rule(&at->workflow->seen) == MRI_EMPTY_FIRST;
    const char *model = model_name(at->model->code);
    uint8_t said = at->answers->scan;
    if (said == SCAN_NOT_SAID || (said == SCAN_EMPTY) != empty)
        findings_add(at->findings, RULE_MRI, FINDING_HARD,
                     empty ? "%s: a field may open its valves and empty the reservoir into the spine. Stopped, and "
                             "emptied first, would "
                             "pass"
                           : "%s: its rotor stands still in the field and goes on after it. Keeping the program would "
                             "pass; stopped, it "
                             "could not show that it goes on",
                     model);
    else
        findings_add(at->findings, RULE_MRI, FINDING_PASSED, "%s: %s", model,
                     empty ? "stopped and emptied first" : "keeps its program");
    at->draft->mri_empty = empty;
    if (empty && said == SCAN_EMPTY)
        empty_judge(at, RULE_MRI);
}

void judge_empty(struct judging *at)
{
    empty_judge(at, RULE_SAID);
}

void judge_lower(struct judging *at)
{
    uint8_t kind = at->answers->lower;
    const struct mixture *mixture = &at->workflow->seen.stretch[0];
    if (kind != COMMAND_STOP && kind != COMMAND_MINIMUM && kind != COMMAND_CANCEL_COURSE)
        findings_add(at->findings, RULE_OUTCOME, FINDING_HARD,
                     "an emergency goes down: stop, minimum, or cancel_course of a bolus under way would pass");
    at->draft->lower = kind;
    for (unsigned i = 0; i < mixture->count; i++) { /* told, never held up: the way down is always open */
        const struct entry *entry = formulary_find(at->practice->formulary, mixture->component[i].drug);
        if (entry == NULL)
            continue;
        if (entry->statements[STATEMENT_OVERDOSE] > 0)
            findings_add(at->findings, RULE_WATCH, FINDING_NOTE, "%s", entry->statement[STATEMENT_OVERDOSE][0].text);
        if (kind == COMMAND_STOP && drug_stop_is_hazard(entry->drug) && entry->statements[STATEMENT_WITHDRAWAL] > 0)
            findings_add(at->findings, RULE_WITHDRAWAL, FINDING_NOTE, "%s",
                         entry->statement[STATEMENT_WITHDRAWAL][0].text);
    }
}
