/* reservoir.c - what comes out of a reservoir and goes into it: port, residual, fill. REQ-RSVR-02 to -05, -08, -11, -12,
 * HZ-05, HZ-21, HZ-23, HZ-25. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/reservoir.h"

#include <string.h>

#include "clinic/guard/surveillance.h"
#include "clinic/guard/wording.h"
#include "clinic/planner/residual.h"
#include "clinic/workflow/names.h"
#include "core/catalog.h"
#include "core/text.h"

void judge_port(struct judging *at)
{
    bool catheter = at->workflow->work == WORK_CATHETER_ACCESS;
    uint8_t port = at->answers->port.port, right = catheter ? PORT_CATHETER : PORT_RESERVOIR;
    at->draft->port = port;
    if (port == PORT_NOT_SAID)
        findings_add(at->findings, RULE_PORT, FINDING_HARD, "which port was entered was not said");
    else if (port != right)
        findings_add(at->findings, RULE_PORT, FINDING_HARD,
                     catheter ? "the reservoir's port leads to the reservoir: only the catheter's would pass"
                              : "the catheter's port leads straight to the spinal fluid: nothing may be filled there; "
                                "take the needle "
                                "out, and find the reservoir's port");
    if (catheter)
        return;
    if (at->answers->port.aspirated != ANSWER_YES)
        findings_add(at->findings, RULE_PORT, FINDING_HARD,
                     "fluid must have been aspirated from the reservoir before anything is filled: a needle that gives "
                     "none may be in "
                     "the pocket");
    else if (port == right)
        findings_add(at->findings, RULE_PORT, FINDING_PASSED, "the reservoir's port was entered and fluid came");
}

static void volume_missing(struct judging *at, const char *what)
{
    findings_add(at->findings, RULE_SAID, FINDING_HARD, "%s was not said; nothing stands there by itself: such as 2.4 mL",
                 what);
}

/* A cause that explains nothing does not open a pump that was perhaps not infusing, or whose drug is missing. */
static bool cause_found(uint8_t cause, enum residual_verdict why)
{
    if (cause == WORD_CAUSE_NONE || list_word(LIST_CAUSE, cause) == NULL)
        return false;
    return cause != WORD_CAUSE_NOT_FOUND || (why != RESIDUAL_NOT_INFUSING && why != RESIDUAL_MISSING);
}

/* In a pump of the raised tier a smaller difference needs its cause too. REQ-LIBR-10 */
static void closer_judge(struct judging *at, const struct residual_plan *plan, bool cause)
{
    struct surveillance surveillance = { .mixed = false };
    char words[SURVEILLANCE_TEXT_BYTES];
    wording given, most;
    int64_t size = plan->difference_nl < 0 ? -plan->difference_nl : plan->difference_nl;
    if (at->workflow->seen.stretches > 0)
        surveillance_mixture(&surveillance, at->practice->formulary, at->model, &at->workflow->seen.stretch[0]);
    if (!surveillance_raised(&surveillance) || plan->verdict != RESIDUAL_WITHIN ||
        size <= plan->tolerance.nl / SURVEILLANCE_SHARE)
        return;
    surveillance_words(&surveillance, at->model, words);
    write_volume(given, ratio_of(size), ROUND_UP);
    write_volume(most, ratio_of(plan->tolerance.nl / SURVEILLANCE_SHARE), ROUND_DOWN);
    findings_add(at->findings, RULE_COMPATIBILITY, cause ? FINDING_NOTE : FINDING_SOFT,
                 "%s more or less than expected; in this pump a cause is sought beyond %s (a guess); %s", given, most, words);
}

static void discrepancy_judge(struct judging *at, vol_nl found)
{
    struct residual_question question = { .model = at->model };
    struct residual_plan plan;
    uint8_t cause = at->answers->residual.cause;
    if (at->practice->readings != NULL)
        question.readings = *at->practice->readings;
    if (question.readings.count == READINGS_MAX) /* the oldest makes room */
        memmove(question.readings.reading, question.readings.reading + 1,
                --question.readings.count * sizeof question.readings.reading[0]);
    question.readings.reading[question.readings.count++] =
        (struct reading){ .expected = at->draft->expected, .found = found };
    residual_plan(&question, &plan);
    closer_judge(at, &plan, cause_found(cause, plan.verdict));
    if (plan.verdict == RESIDUAL_WITHIN || !cause_found(cause, plan.verdict)) {
        residual_judge(at->findings, &plan);
        return;
    }
    findings_add(at->findings, plan.verdict == RESIDUAL_NOT_INFUSING ? RULE_NOT_INFUSING : RULE_RESIDUAL, FINDING_NOTE,
                 "%s; the cause is recorded: %s", residual_verdict_word(plan.verdict), list_word(LIST_CAUSE, cause));
    if (plan.verdict == RESIDUAL_NOT_INFUSING && !at->answers->residual.retitrated)
        findings_add(at->findings, RULE_NOT_INFUSING, FINDING_HARD,
                     "the drug was not given: the dose must be found anew, and that be said, before this pump goes on");
}

/* No cause explains more than there is room for: the syringe was misread, or something else was drawn up. */
static void capacity_refuse(struct judging *at, const char *found)
{
    wording room;
    write_volume(room, ratio_of(at->model->reservoir.nl), ROUND_NEAREST);
    findings_add(at->findings, RULE_CAPACITY, FINDING_HARD,
                 "%s in a reservoir of %s: what was aspirated and what stays are at most %s together; both must be read again",
                 found, room, room);
}

void judge_residual(struct judging *at)
{
    const struct said_volume *withdrawn = &at->answers->residual.withdrawn, *left = &at->answers->residual.left;
    wording expected, found;
    if (!withdrawn->said)
        volume_missing(at, "what was aspirated");
    if (!left->said)
        volume_missing(at, "what stays in the reservoir");
    if (!withdrawn->said || !left->said)
        return;
    struct draft *draft = at->draft;
    vol_nl there = { withdrawn->volume.nl + left->volume.nl };
    draft->expected = at->workflow->seen.reservoir;
    draft->cause = at->answers->residual.cause;
    draft->retitrated |= at->answers->residual.retitrated;
    draft->refill.withdrawn = withdrawn->volume;
    draft->refill.left = left->volume;
    write_volume(expected, ratio_of(draft->expected.nl), ROUND_NEAREST);
    write_volume(found, ratio_of(there.nl), ROUND_NEAREST);
    findings_add(at->findings, RULE_RESIDUAL, FINDING_NOTE,
                 "expected %s, which is calculated and was never measured; found %s", expected, found);
    if (there.nl > at->model->reservoir.nl)
        capacity_refuse(at, found);
    else
        discrepancy_judge(at, there);
}

static void drugs_judge(struct judging *at, const struct mixture *fill)
{
    const struct mixture *in = &at->workflow->seen.stretch[0];
    bool here = at->workflow->seen.stretches > 0;
    if (!mixture_valid(fill) || fill->unknown)
        findings_add(at->findings, RULE_DRUG, FINDING_HARD,
                     "what was filled is no mixture: the primary drug, then up to three others");
    for (unsigned i = 0; i < fill->count; i++) {
        const struct entry *entry =
            guard_drug(at->findings, at->practice->formulary, fill->component[i].drug, fill->component[i].conc);
        if (entry != NULL)
            guard_compatibility(at->findings, entry, at->model, here && mixture_conc(in, fill->component[i].drug).ng_ml != 0);
    }
    guard_mixture(at->findings, here ? in : NULL, fill);
    guard_surveillance(at->findings, at->practice->formulary, at->model, fill);
}

/* What the reservoir will hold: the fill, or what it makes with what was left. */
static void blend_judge(struct judging *at, const struct mixture *fill)
{
    const struct interrogation *seen = &at->workflow->seen;
    struct refill *refill = &at->draft->refill;
    char text[NAMES_BYTES];
    at->draft->blend = *fill;
    if (seen->stretches == 0 || refill->left.nl == 0)
        return;
    if (at->answers->fill.rinsed)
        findings_add(at->findings, RULE_SAID, FINDING_HARD,
                     "a reservoir that was rinsed holds nothing: 0 mL would be what stays");
    if (mixture_blend(&seen->stretch[0], refill->left, fill, refill->filled, &at->draft->blend) != RESULT_OK) {
        findings_add(at->findings, RULE_BRIDGE, FINDING_HARD,
                     "what stays and what is filled make no mixture: rinse the reservoir");
        return;
    }
    if (mixture_same(&seen->stretch[0], fill))
        return;
    names_mixture(at->practice->formulary, &at->draft->blend, text);
    findings_add(at->findings, RULE_BRIDGE, FINDING_NOTE,
                 "with what stays the reservoir will hold %s; rinsed, only what is filled", text);
}

static void change_judge(struct judging *at)
{
    const struct interrogation *seen = &at->workflow->seen;
    char old[NAMES_BYTES], new[NAMES_BYTES];
    if (seen->stretches == 0 || mixture_same(&at->draft->blend, &seen->stretch[0]))
        return;
    names_mixture(at->practice->formulary, &seen->stretch[0], old);
    names_mixture(at->practice->formulary, &at->draft->blend, new);
    if (at->workflow->work == WORK_REFILL)
        findings_add(at->findings, RULE_BRIDGE, FINDING_HARD,
                     "the pump holds %s and would hold %s: workflow bridge is for that, as the old drug still stands "
                     "in the catheter",
                     old, new);
    if (seen->stretches >= STRETCHES_MAX)
        findings_add(at->findings, RULE_BRIDGE, FINDING_HARD,
                     "two boundaries between drugs already stand in the catheter: wait until one has left the tip");
}

/* A refill lets an empty pump go on: was it empty for too long? */
static void restart_judge(struct judging *at)
{
    const struct interrogation *seen = &at->workflow->seen;
    bool flows = seen->interrupted_since.ms == INSTANT_NEVER.ms || !seen->has_therapy || seen->mode != MODE_EMPTY;
    for (unsigned i = 0; i < at->draft->blend.count && !flows; i++) {
        const struct entry *entry = formulary_find(at->practice->formulary, at->draft->blend.component[i].drug);
        if (entry != NULL)
            guard_restart(at->findings, entry,
                          seen->interrupted_since.ms >= 0 ? ratio_of(seen->now.ms - seen->interrupted_since.ms)
                                                          : RATIO_NONE,
                          at->draft->retitrated);
    }
}

void judge_fill(struct judging *at)
{
    const struct said_volume *filled = &at->answers->fill.filled, *drawn_up = &at->answers->fill.drawn_up;
    struct refill *refill = &at->draft->refill;
    if (!filled->said)
        volume_missing(at, "what was filled");
    if (!drawn_up->said)
        volume_missing(at, "what the syringe had held");
    if (!filled->said || !drawn_up->said)
        return;
    guard_fill(at->findings, at->model, filled->volume, drawn_up->volume);
    if (refill->left.nl > 0 && filled->volume.nl + refill->left.nl > at->model->reservoir.nl) {
        wording left;
        write_volume(left, ratio_of(refill->left.nl), ROUND_NEAREST);
        findings_add(at->findings, RULE_CAPACITY, FINDING_HARD,
                     "with the %s that stay it is more than the reservoir holds", left);
    }
    drugs_judge(at, &at->answers->fill.mixture);
    if (!text_valid(at->answers->fill.lot, sizeof at->answers->fill.lot))
        findings_add(at->findings, RULE_SAID, FINDING_HARD, "the lot is no text of up to %d bytes", LOT_BYTES - 1);
    at->draft->has_refill = true;
    at->draft->retitrated |= at->answers->fill.retitrated;
    at->draft->watch_ms = WORKFLOW_POCKET_MS;
    refill->filled = filled->volume;
    refill->drawn_up = drawn_up->volume;
    refill->fill = at->answers->fill.mixture;
    memcpy(refill->lot, at->answers->fill.lot, sizeof refill->lot);
    blend_judge(at, &refill->fill);
    change_judge(at);
    restart_judge(at);
}
