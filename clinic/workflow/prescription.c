/* prescription.c - a whole new therapy: for this pump, for what it holds, by the formulary, and how often a dose is given.
 * REQ-CLIN-04 to -07, REQ-CLIN-10, REQ-THER-20, REQ-RSVR-10, HZ-01, HZ-10, HZ-22. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/prescription.h"

#include <string.h>

#include "clinic/guard/whole.h"
#include "clinic/planner/benefitwords.h"
#include "clinic/planner/drugdose.h"
#include "clinic/workflow/daydose.h"
#include "clinic/workflow/interruption.h"
#include "clinic/workflow/interval.h"
#include "clinic/workflow/names.h"
#include "clinic/workflow/typed.h"
#include "core/catalog.h"
#include "core/text.h"
#include "core/verdict.h"

/* The dead volume that is known: of this workflow's catheter, of the therapy in force, or by the record; 0: nowhere. */
static vol_nl dead_volume(const struct judging *at)
{
    if (at->draft->dead_volume.nl > 0)
        return at->draft->dead_volume;
    return at->workflow->seen.has_therapy ? at->workflow->seen.therapy.dead_volume : at->practice->dead_volume;
}

static void pump_judge(struct judging *at, const struct therapy *new)
{
    const struct interrogation *seen = &at->workflow->seen;
    const struct entry *entry = judge_entry(at->practice, &new->mixture);
    conc_ng_ml conc = new->mixture.count > 0 ? new->mixture.component[0].conc : (conc_ng_ml){ 0 };
    if (!text_same(new->serial, seen->serial) || new->model != seen->model || new->revision != seen->revision ||
        new->calibration.ppm != seen->calibration.ppm)
        findings_add(at->findings, RULE_FIT, FINDING_HARD, "the therapy was written for another pump than %s",
                     seen->serial);
    if (at->answers->therapy.tubing.said)
        guard_tubing(at->findings, at->model, entry, conc, at->answers->therapy.tubing.volume);
    vol_nl dead = dead_volume(at);
    if (dead.nl > 0 && dead.nl != new->dead_volume.nl) /* what is not the catheter's must be the tubing's */
        guard_tubing(at->findings, at->model, entry, conc,
                     (vol_nl){ new->dead_volume.nl - dead.nl + at->model->tubing.nl });
    if (dead.nl == 0)
        findings_add(at->findings, RULE_CATHETER, FINDING_HARD,
                     "the catheter is not known: nothing can be reckoned for its tip");
    verdict reasons = therapy_judge(new, at->model);
    for (unsigned bit = 0; bit < VERDICT_COUNT; bit++)
        if (reasons >> bit & 1)
            findings_add(at->findings, RULE_FIT, FINDING_HARD, "the pump would refuse it: %s", verdict_text(bit));
    if (at->model->mechanism == MECHANISM_VALVE && new->mri_rule != MRI_EMPTY_FIRST)
        findings_add(at->findings, RULE_MRI, FINDING_HARD,
                     "%s must be stopped and emptied before a scan: that rule would pass", model_name(at->model->code));
}

/* Flow and dose are reckoned forth and back in two ways that share nothing (REQ-CLIN-04). */
static void arithmetic_judge(struct judging *at, const struct therapy *new)
{
    for (unsigned i = 0; i < new->mixture.count &&new->program.kind == PROGRAM_CONTINUOUS; i++) {
        const struct component *component = &new->mixture.component[i];
        struct drugdose given = { .drug = component->drug, .conc = component->conc };
        if (ratio_whole(whole_dose(&new->program, component->conc), ROUND_NEAREST, &given.dose.fg))
            drugdose_agree(at->findings, &given, new->program.base);
    }
}

/* What the reservoir will hold when it comes into force. */
static const struct mixture *holds(const struct judging *at)
{
    return at->draft->has_refill ? &at->draft->blend : &at->workflow->seen.stretch[0];
}

static void contents_judge(struct judging *at, const struct therapy *new)
{
    char wanted[NAMES_BYTES], there[NAMES_BYTES];
    if (mixture_same(&new->mixture, holds(at)))
        return;
    names_mixture(at->practice->formulary, &new->mixture, wanted);
    names_mixture(at->practice->formulary, holds(at), there);
    findings_add(
        at->findings, RULE_BRIDGE, FINDING_HARD,
        "the therapy is for %s, and the pump holds %s: another drug or concentration goes in by workflow bridge",
        wanted, there);
}

/* A name is for people, who read a drug in it. It may tell of one that was given before: a note, no refusal. */
static void name_judge(struct judging *at, const struct therapy *new)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    char word[NAME_BYTES];
    if (!text_valid(new->name, sizeof new->name))
        return; /* refused with the therapy's form */
    for (const char *rest = new->name; *rest != '\0';) {
        size_t size = strspn(rest, letters);
        memcpy(word, rest, size);
        word[size] = '\0';
        uint16_t drug = drug_code(word);
        if (size > 0 && drug != DRUG_NONE && mixture_conc(&new->mixture, drug).ng_ml == 0)
            findings_add(
                at->findings, RULE_FIT, FINDING_NOTE,
                "the therapy is called \"%s\" and holds no %s: a name that tells what it holds misleads nobody",
                new->name, drug_word(drug));
        rest += size > 0 ? size : 1;
    }
}

static void opening_judge(struct judging *at, const struct therapy *new)
{
    static const char *const names[] = { "none", "a prime", "a bridge", "a single bolus" };
    uint8_t kind = new->program.opening.kind, work = at->workflow->work;
    bool changes = at->draft->has_refill && at->workflow->seen.stretches > 0 &&
                   !mixture_same(holds(at), &at->workflow->seen.stretch[0]);
    bool fits = kind == OPENING_PRIME    ? work == WORK_PRIME || work == WORK_IMPLANT
                : kind == OPENING_BRIDGE ? work == WORK_BRIDGE && changes
                                         : work != WORK_PRIME;
    if (!fits)
        findings_add(
            at->findings, kind == OPENING_BRIDGE ? RULE_BRIDGE : RULE_PRIME, FINDING_HARD,
            "an opening with %s is not for workflow %s; it has one of its own, which asks what is in the catheter",
            kind <= OPENING_SINGLE ? names[kind] : "something unknown", work_word(work));
}

/* A pump that was made with its site's key would refuse the limits: said before anything is staged. It checks the signature
 * itself, and whoever brings one has held it to therapy, pump and release (clinic/formulary/limitsfile.h). */
static void signature_judge(struct judging *at)
{
    at->draft->has_signature = at->answers->therapy.has_signature;
    memcpy(at->draft->signature, at->answers->therapy.signature, sizeof at->draft->signature);
    if (at->workflow->seen.limits_signed && !at->draft->has_signature)
        findings_add(at->findings, RULE_BOUNDS, FINDING_HARD,
                     "pump %s takes only hard limits that its site has signed: a file of them would pass (cisterna formulary "
                     "limits)",
                     at->workflow->seen.serial);
}

/* Does the dose rise although it does not help (REQ-CLIN-10)? What the pump does is what it rises from. */
static void benefit_judging(struct judging *at, const struct therapy *new)
{
    const struct interrogation *seen = &at->workflow->seen;
    struct benefit_therapy in_force = { .at_ms = at->now_ms }, wanted = benefit_of_therapy(new, at->now_ms);
    if (at->practice->history == NULL)
        return;
    struct benefit_history history = *at->practice->history;
    if (seen->has_therapy)
        in_force = benefit_of_therapy(&seen->therapy, at->now_ms);
    benefit_therapy_add(&history, &wanted);
    benefit_judge(at->findings, at->practice->formulary, &history, &in_force, at->now_ms);
}

void judge_therapy(struct judging *at)
{
    struct therapy *new = &at->draft->therapy;
    *new = at->answers->therapy.therapy;
    new->formulary_version = at->practice->formulary->version; /* it is what this is checked against */
    at->draft->has_therapy = true;
    at->draft->retitrated |= at->answers->therapy.retitrated;
    signature_judge(at);
    pump_judge(at, new);
    contents_judge(at, new);
    name_judge(at, new);
    opening_judge(at, new);
    judge_interruption(at, new);
    arithmetic_judge(at, new);
    guard_whole(at->findings, at->practice->formulary, at->model,
                at->workflow->seen.has_therapy ? &at->workflow->seen.therapy : NULL, new);
    benefit_judging(at, new);
}

/* Boluses of the program itself: interval in words, dose, and what that is in a day. */
static void periodic_judge(struct judging *at, int64_t *expected)
{
    const struct therapy *new = &at->draft->therapy;
    const struct periodic_bolus *periodic = &new->program.periodic;
    const struct component *first = &new->mixture.component[0];
    uint8_t interval = at->answers->schedule.interval;
    uint16_t minutes = at->answers->schedule.has_interval ? interval_minutes(interval) : 0;
    int64_t dose = periodic->volume.nl * first->conc.ng_ml, typed_dose = 0,
            times = DAY_MINUTES / periodic->interval_minutes;
    char one[AMOUNT_TEXT_BYTES], day[AMOUNT_TEXT_BYTES];
    names_mass(at->practice->formulary, first->drug, daydose_shown(dose), one);
    names_dose(at->practice->formulary, first->drug, daydose_shown(dose * times), day);
    if (minutes == 0)
        findings_add(at->findings, RULE_SCHEDULE, FINDING_HARD,
                     "how often was not said: an interval of the list would pass");
    else if (minutes != periodic->interval_minutes)
        findings_add(at->findings, RULE_SCHEDULE, FINDING_HARD,
                     "%s was said, but the therapy gives %s every %u min: %lld doses a day of %s are %s",
                     interval_word(interval), one, periodic->interval_minutes, (long long)times, one, day);
    else
        findings_add(at->findings, RULE_SCHEDULE, FINDING_PASSED, "%s: %lld doses a day of %s are %s",
                     interval_word(interval), (long long)times, one, day);
    if (judge_amount(at->findings, RULE_SCHEDULE, "the dose of one time", at->answers->schedule.dose, DIMENSION_MASS,
                     &typed_dose) &&
        typed_dose != daydose_shown(dose))
        findings_add(at->findings, RULE_SCHEDULE, FINDING_HARD,
                     "the dose of one time is %s in the therapy: that would pass", one);
    *expected = daydose_shown(dose * times);
}

void judge_schedule(struct judging *at)
{
    const struct therapy *new = &at->draft->therapy;
    uint16_t drug = new->mixture.count > 0 ? new->mixture.component[0].drug : DRUG_NONE;
    int64_t expected = daydose_most(new, drug, PART_BASE), total = 0;
    char day[AMOUNT_TEXT_BYTES];
    if (drug == DRUG_NONE)
        return;
    if (new->program.kind == PROGRAM_PERIODIC)
        periodic_judge(at, &expected);
    if (!judge_amount(at->findings, RULE_SCHEDULE, "what the schedule gives in a day", at->answers->schedule.total,
                      DIMENSION_DOSE, &total))
        return;
    names_dose(at->practice->formulary, drug, expected, day);
    if (total != expected)
        findings_add(at->findings, RULE_SCHEDULE, FINDING_HARD,
                     "what the schedule gives in a day is %s: if that is not what was meant, the therapy is wrong",
                     day);
    else
        findings_add(at->findings, RULE_SCHEDULE, FINDING_PASSED, "%s in a day", day);
}
