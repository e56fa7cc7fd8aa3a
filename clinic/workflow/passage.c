/* passage.c - the way from the reservoir to the tip: which catheter, what stands in it, what would be pushed out.
 * REQ-CLIN-08, -09, REQ-RSVR-10, -13, HZ-09, HZ-10, HZ-21. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/passage.h"

#include <stdio.h>

#include "clinic/guard/whole.h"
#include "clinic/guard/wording.h"
#include "clinic/planner/prime.h"
#include "clinic/workflow/daydose.h"
#include "clinic/workflow/names.h"

void judge_catheter(struct judging *at)
{
    const struct interrogation *seen = &at->workflow->seen;
    wording given, known;
    at->draft->catheter = at->answers->catheter;
    if (!catheter_judge(at->findings, &at->draft->catheter))
        return;
    at->draft->dead_volume = catheter_dead_volume(at->model, &at->draft->catheter);
    write_volume(given, ratio_of(at->draft->dead_volume.nl), ROUND_NEAREST);
    findings_add(at->findings, RULE_CATHETER, FINDING_NOTE, "tubing and catheter hold %s", given);
    if (!seen->has_therapy || seen->therapy.dead_volume.nl == at->draft->dead_volume.nl)
        return;
    write_volume(known, ratio_of(seen->therapy.dead_volume.nl), ROUND_NEAREST);
    findings_add(
        at->findings, RULE_CATHETER, FINDING_HARD,
        "the therapy in force says that tubing and catheter hold %s, not %s: find out which, before anything is pushed",
        known, given);
}

/* The primary drug of a therapy, at the dose of its base. */
static struct drugdose drugdose_of(const struct therapy *therapy)
{
    const struct component *first = &therapy->mixture.component[0];
    struct drugdose drugdose = { 0, { 0 }, { 0 } };
    if (therapy->mixture.count > 0)
        drugdose = (struct drugdose){ first->drug, first->conc, { daydose_most(therapy, first->drug, PART_BASE) } };
    return drugdose;
}

/* What the old program gives in a day, as a flow that goes on: the bridge's. */
static struct ratio flow_of(const struct therapy *therapy)
{
    return ratio_over(program_worst_volume(&therapy->program, (span_ms){ DAY_MS }).grain, GRAIN_PER_NL);
}

/* The boundary: where it stands, and when it is at the tip. */
static void boundary_tell(struct judging *at, vol_nl dead, struct ratio flow)
{
    char old[NAMES_BYTES], new[NAMES_BYTES];
    wording volume, catheter, hours;
    names_mixture(at->practice->formulary, &at->workflow->seen.stretch[0], old);
    names_mixture(at->practice->formulary, &at->draft->blend, new);
    write_volume(volume, ratio_of(dead.nl), ROUND_NEAREST);
    write_volume(catheter, ratio_of(dead.nl - at->model->tubing.nl), ROUND_NEAREST);
    write_hours(hours, ratio_mul(ratio_div(ratio_of(dead.nl), flow), ratio_of(DAY_MS)), ROUND_NEAREST);
    findings_add(
        at->findings, RULE_BRIDGE, FINDING_NOTE,
        "reservoir: %s | boundary | tubing and catheter (%s, of it %s catheter) up to the tip: %s; at the old flow the "
        "boundary reaches the tip after %s",
        new, volume, catheter, old, hours);
}

void judge_bridge(struct judging *at)
{
    const struct interrogation *seen = &at->workflow->seen;
    const struct opening *opening = &at->draft->therapy.program.opening;
    vol_nl dead = seen->therapy.dead_volume;
    struct ratio flow = seen->has_therapy ? flow_of(&seen->therapy) : ratio_of(0);
    int64_t rate = 0;
    wording volume, text;
    bool flows =
        seen->has_therapy && ratio_whole(flow, ROUND_DOWN, &rate) && rate > 0 && rate <= at->model->rate_max.nl_day;
    if (!flows) {
        findings_add(
            at->findings, RULE_BRIDGE, FINDING_HARD,
            "nothing of the old drug flows: it would stand in the catheter for ever, and no bridge can be reckoned");
        return;
    }
    boundary_tell(at, dead, flow);
    write_volume(volume, ratio_of(dead.nl), ROUND_NEAREST);
    write_flow(text, ratio_of(rate), ROUND_NEAREST);
    if (opening->kind != OPENING_BRIDGE || opening->volume.nl != dead.nl || opening->rate.nl_day != rate)
        findings_add(at->findings, RULE_BRIDGE, FINDING_HARD,
                     "the new drug needs a bridge: an opening of %s at %s, the old flow, would pass", volume, text);
    else
        findings_add(at->findings, RULE_BRIDGE, FINDING_PASSED, "a bridge of %s at %s, the old flow", volume, text);
}

void judge_prime(struct judging *at)
{
    const struct therapy *new = &at->draft->therapy;
    const struct opening *opening = &new->program.opening;
    const struct entry *entry = judge_entry(at->practice, &new->mixture);
    uint8_t holds = at->answers->prime.holds;
    vol_nl catheter = catheter_held(at->model, &at->draft->catheter);
    struct prime_question question = { .model = at->model,
                                       .catheter = at->draft->catheter,
                                       .drugdose = drugdose_of(new),
                                       .pump_primed =
                                           opening->volume.nl <= catheter.nl, /* then the tubing holds drug already */
                                       .catheter_empty = holds == HOLDS_NO_DRUG,
                                       .holds = at->answers->prime.conc,
                                       .rate = opening->rate };
    struct prime_plan plan;
    wording text;
    if (holds == HOLDS_NOT_SAID)
        findings_add(at->findings, RULE_PRIME, FINDING_HARD, "is the catheter empty of drug? That must be said");
    if (at->workflow->work == WORK_IMPLANT)
        at->draft->refill.dead_drug_free = holds == HOLDS_NO_DRUG;
    if (opening->kind != OPENING_PRIME || holds == HOLDS_NOT_SAID || entry == NULL)
        return;
    prime_judge(at->findings, entry, &question);
    prime_plan(&question, &plan);
    write_hours(text, plan.duration, ROUND_NEAREST);
    findings_add(at->findings, RULE_PRIME, FINDING_NOTE,
                 "drug reaches the tip after %s; watch the patient until an hour later", text);
    int64_t ms = 0;
    if (ratio_whole(plan.duration, ROUND_UP, &ms)) /* always longer than for the pocket */
        at->draft->watch_ms = ms + WORKFLOW_TIP_MS;
}

void judge_aspirate(struct judging *at)
{
    if (at->answers->aspirated == ANSWER_NOT_SAID)
        findings_add(at->findings, RULE_ACCESS, FINDING_HARD, "did the catheter give fluid? yes or no would pass");
    at->draft->aspirated = at->answers->aspirated == ANSWER_YES;
}

/* What stands in the catheter, drug by drug, at the strongest it may be. */
static void pushed_tell(struct judging *at, vol_nl held)
{
    const struct interrogation *seen = &at->workflow->seen;
    char text[NAMES_BYTES] = "an unknown mass of drug";
    size_t used = 0;
    for (unsigned i = 0; i < seen->stretches; i++)
        for (unsigned j = 0; j < seen->stretch[i].count && used < sizeof text; j++) {
            char mass[AMOUNT_TEXT_BYTES];
            const struct component *component = &seen->stretch[i].component[j];
            names_mass(at->practice->formulary, component->drug, daydose_shown(held.nl * component->conc.ng_ml), mass);
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s of %s", used > 0 ? " or " : "", mass,
                                     drug_word(component->drug));
        }
    findings_add(at->findings, RULE_ACCESS, FINDING_HARD,
                 "the catheter gave no fluid, so what is injected pushes its whole content into the spine at once: up "
                 "to %s. It would "
                 "pass not to inject",
                 text);
}

void judge_inject(struct judging *at)
{
    const struct therapy *therapy = &at->workflow->seen.therapy;
    vol_nl held = { at->workflow->seen.has_therapy ? therapy->dead_volume.nl - at->model->tubing.nl : 0 };
    if (at->answers->inject == ANSWER_NOT_SAID)
        findings_add(at->findings, RULE_ACCESS, FINDING_HARD, "is something injected? yes or no would pass");
    at->draft->injected = at->answers->inject == ANSWER_YES;
    if (at->draft->injected && !at->draft->aspirated)
        pushed_tell(at, held);
    if (at->draft->aspirated)
        findings_add(
            at->findings, RULE_ACCESS, FINDING_NOTE,
            "the catheter now holds no drug: until it is primed again none reaches the tip; workflow prime is next");
}
