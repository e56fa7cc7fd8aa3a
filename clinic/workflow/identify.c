/* identify.c - who: the patient, the pump, what is in it, and the people at the programmer. REQ-CLIN-01, REQ-CLIN-12. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/identify.h"

#include "clinic/workflow/names.h"
#include "core/text.h"

static void serial_judge(struct judging *at)
{
    const char *pump = at->workflow->seen.serial, *said = at->answers->identify.serial;
    if (at->practice->has_record && !text_same(at->practice->serial, pump))
        findings_add(
            at->findings, RULE_IDENTITY, FINDING_HARD,
            "pump %s answers, but the record is of pump %s: the right one must be near, or the right record open", pump,
            at->practice->serial);
    if (text_same(said, pump))
        findings_add(at->findings, RULE_IDENTITY, FINDING_PASSED, "pump %s", pump);
    else
        findings_add(at->findings, RULE_IDENTITY, FINDING_HARD,
                     "the serial said is \"%s\", the pump that answers is %s: its own would pass", said, pump);
}

/* The pump knows its own size, and all is reckoned by that; a record that says another may be of another pump. */
static void model_judge(struct judging *at)
{
    uint8_t recorded = at->practice->model, seen = at->workflow->seen.model;
    if (recorded != 0 && recorded != seen)
        findings_add(
            at->findings, RULE_IDENTITY, FINDING_NOTE,
            "the record says that this pump is a %s, and it says itself that it is a %s, by which all is reckoned: "
            "look whether the record is of another pump, and have it put right",
            model_name(recorded), model_name(seen));
}

static void patient_judge(struct judging *at)
{
    const struct practice *practice = at->practice;
    if (!practice->has_record)
        findings_add(at->findings, RULE_IDENTITY, FINDING_NOTE,
                     "there is no record here: nobody can say whose pump this is");
    else if (text_same(at->answers->identify.patient, practice->patient))
        findings_add(at->findings, RULE_IDENTITY, FINDING_PASSED, "the patient is the one of the record");
    else
        findings_add(at->findings, RULE_IDENTITY, FINDING_HARD, "the patient said is not the one of this record");
}

static void contents_judge(struct judging *at)
{
    const struct interrogation *seen = &at->workflow->seen;
    const struct mixture *said = &at->answers->identify.mixture, nothing = { .count = 0 };
    const struct mixture *holds = seen->stretches > 0 ? &seen->stretch[0] : &nothing;
    char there[NAMES_BYTES], here[NAMES_BYTES];
    names_mixture(at->practice->formulary, holds, there);
    names_mixture(at->practice->formulary, said, here);
    if (holds->unknown)
        findings_add(at->findings, RULE_IDENTITY, FINDING_NOTE,
                     "the pump does not know what it holds: only a refill, after everything was drawn out, tells it");
    else if (mixture_same(said, holds))
        findings_add(at->findings, RULE_IDENTITY, FINDING_PASSED, "the pump holds %s", there);
    else
        findings_add(at->findings, RULE_IDENTITY, FINDING_HARD,
                     "%s is said to be in the pump, and the pump says %s: find out which", here, there);
}

/* A new pump is filled first; one that is not new is not implanted again. */
static void state_judge(struct judging *at)
{
    bool fresh = at->workflow->seen.stretches == 0;
    if (at->workflow->work == WORK_IMPLANT && !fresh)
        findings_add(at->findings, RULE_IDENTITY, FINDING_HARD,
                     "this pump was filled before: workflow refill or bridge would pass");
    if (at->workflow->work == WORK_IMPLANT && at->practice->has_record && at->practice->other[0] != '\0') {
        findings_add(
            at->findings, RULE_SECOND_PUMP, FINDING_SOFT,
            "pump %s is in place in this patient: take it out first, or open the record of the right patient; two "
            "pumps at once need a reason",
            at->practice->other);
        findings_ask(at->findings, (struct finding_ask){ .second = true });
    }
    if (at->workflow->work != WORK_IMPLANT && at->workflow->work != WORK_EXPLANT && fresh)
        findings_add(at->findings, RULE_IDENTITY, FINDING_HARD,
                     "this pump was never filled: workflow implant would pass");
}

void judge_identify(struct judging *at)
{
    serial_judge(at);
    model_judge(at);
    patient_judge(at);
    contents_judge(at);
    state_judge(at);
    if (at->workflow->seen.settled.id != 0)
        findings_add(at->findings, RULE_OUTCOME, FINDING_NOTE,
                     "an earlier command whose outcome was unknown has been settled: %s",
                     at->workflow->seen.settled.outcome == OUTCOME_APPLIED ? "it was applied" : "look at the log");
}

void judge_second(struct judging *at)
{
    if (at->answers->user == 0 || at->answers->user == at->workflow->user)
        findings_add(at->findings, RULE_SECOND, FINDING_HARD,
                     "another clinician than the first must sign in and agree: what lies outside a soft limit is not "
                     "for one person");
}

void judge_watch(struct judging *at)
{
    int64_t left_ms = at->workflow->watch_until_ms - at->now_ms;
    const struct interrogation *seen = at->workflow->has_after ? &at->workflow->after : &at->workflow->seen;
    const struct entry *entry = judge_entry(at->practice, &seen->stretch[0]);
    if (left_ms > 0)
        findings_add(at->findings, RULE_WATCH, FINDING_HARD,
                     "watch the patient for %lld min more: drug in the pocket, or too early at the tip, shows only "
                     "after the needle "
                     "is out",
                     (long long)((left_ms + MINUTE_MS - 1) / MINUTE_MS));
    if (entry != NULL && entry->statements[STATEMENT_OVERDOSE] > 0)
        findings_add(at->findings, RULE_WATCH, FINDING_NOTE, "%s", entry->statement[STATEMENT_OVERDOSE][0].text);
    if (at->answers->signs == ANSWER_NOT_SAID)
        findings_add(at->findings, RULE_WATCH, FINDING_HARD,
                     "were signs seen: swelling at the pocket, drowsiness, slow breathing? "
                     "yes or no would pass");
    at->draft->signs = at->answers->signs == ANSWER_YES;
    if (at->draft->signs)
        findings_add(at->findings, RULE_WATCH, FINDING_NOTE,
                     "signs were seen: treat them, empty pocket and pump as the drug needs; lower the dose by workflow "
                     "emergency");
}
