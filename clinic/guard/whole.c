/* whole.c - a whole therapy against the formulary, and against the one in force. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/guard/whole.h"

#include "clinic/guard/fallback.h"
#include "clinic/guard/surveillance.h"
#include "clinic/guard/wording.h"
#include "core/text.h"

enum { SLACK = 10 }; /* limits beyond so many times the program are told: guess, the factor of RULE_TENFOLD */

static struct ratio mass_of_volume(vol_nl volume, conc_ng_ml conc)
{
    return ratio_mul(ratio_of(volume.nl), ratio_of(conc.ng_ml));
}

struct ratio whole_dose(const struct program *program, conc_ng_ml conc)
{
    vol_grain day = program_worst_volume(program, (span_ms){ DAY_MS });
    return ratio_mul(ratio_over(day.grain, GRAIN_PER_NL), ratio_of(conc.ng_ml));
}

struct ratio whole_total(const struct program *program, conc_ng_ml conc)
{
    const struct patient_bolus *patient = &program->patient;
    vol_nl more = { patient->allowed ? patient->volume.nl * patient->max_per_day : 0 };
    if (program->opening.kind == OPENING_SINGLE)
        more.nl += program->opening.volume.nl;
    return ratio_add(whole_dose(program, conc), mass_of_volume(more, conc));
}

static void bolus_judge(struct findings *findings, const struct entry *entry, conc_ng_ml conc, vol_nl volume, rate_nl_day rate)
{
    guard_field(findings, entry, FIELD_BOLUS, mass_of_volume(volume, conc));
    guard_field(findings, entry, FIELD_BOLUS_RATE, mass_of_volume((vol_nl){ rate.nl_day }, conc));
}

static void boluses_judge(struct findings *findings, const struct entry *entry, conc_ng_ml conc, const struct program *program)
{
    const struct patient_bolus *patient = &program->patient;
    if (program->kind == PROGRAM_PERIODIC)
        bolus_judge(findings, entry, conc, program->periodic.volume, program->periodic.rate);
    if (program->opening.kind == OPENING_SINGLE)
        bolus_judge(findings, entry, conc, program->opening.volume, program->opening.rate);
    if (!patient->allowed)
        return;
    bolus_judge(findings, entry, conc, patient->volume, patient->rate);
    guard_field(findings, entry, FIELD_BOLUSES, ratio_of(patient->max_per_day));
    guard_field(findings, entry, FIELD_LOCKOUT, ratio_of((int64_t)patient->lockout_minutes * MINUTE_MS));
    if (!entry->patient_bolus)
        findings_add(findings, RULE_BOUNDS, FINDING_HARD, "the formulary allows no patient boluses of %s: none would pass",
                     drug_word(entry->drug));
}

/* What the therapy in force lets the pump give of this drug in such a window; 0: nothing. */
static int64_t limit_before(const struct therapy *old, uint16_t drug, enum window_kind kind)
{
    for (unsigned i = 0; old != NULL && i < old->limits.count; i++)
        if (old->limits.drug[i].drug == drug)
            return old->limits.drug[i].window[kind].fg;
    return 0;
}

static void limit_ask(struct findings *findings, const struct entry *entry, int64_t fg)
{
    findings_ask(findings, guard_ask(entry, DIMENSION_MASS, ratio_of(fg)));
}

/* A limit far above what the program needs stops no mistake. Told where it is new or rises: who has passed it once is not asked
 * again for every dose. */
static void slack_judge(struct findings *findings, const struct entry *entry, const struct therapy *old,
                        const struct therapy *new, const struct drug_limit *limit)
{
    int64_t hour = limit->window[WINDOW_HOUR].fg, day = limit->window[WINDOW_DAY].fg;
    struct ratio total = whole_total(&new->program, mixture_conc(&new->mixture, entry->drug));
    struct ratio most = ratio_mul(total, ratio_of(SLACK));
    const char *word = drug_word(entry->drug);
    wording given, needed;
    write_mass(given, entry, ratio_of(hour), ROUND_NEAREST);
    write_mass(needed, entry, total, ROUND_NEAREST);
    if (hour > limit_before(old, entry->drug, WINDOW_HOUR) &&
        (hour >= day || (total.num > 0 && ratio_compare(ratio_of(hour), total) > 0))) {
        findings_add(findings, RULE_LIMITS, FINDING_SOFT,
                     "the limit of an hour, %s of %s, %s: it would stop no mistake; less would pass", given, word,
                     hour >= day ? "is as much as that of a day" : "is more than the program gives in a day");
        limit_ask(findings, entry, hour);
    }
    if (total.num <= 0 || day <= limit_before(old, entry->drug, WINDOW_DAY) || ratio_compare(ratio_of(day), most) <= 0)
        return;
    write_mass(given, entry, ratio_of(day), ROUND_NEAREST);
    write_mass(needed, entry, most, ROUND_DOWN);
    findings_add(findings, RULE_LIMITS, FINDING_SOFT,
                 "the limit of a day, %s of %s, is more than %d times what the program gives with every bolus: a tenfold slip "
                 "would pass the pump; at most %s would pass",
                 given, word, SLACK, needed);
    limit_ask(findings, entry, day);
}

/* What the therapy lets the pump give at most must not be above what the formulary ever lets anybody give. */
static void limit_judge(struct findings *findings, const struct entry *entry, const struct therapy *old,
                        const struct therapy *new)
{
    const struct figure *total = &entry->bounds[FIELD_TOTAL].hard_high, *dose = &entry->bounds[FIELD_DOSE].hard_high;
    const struct figure *most = total->known ? total : dose, *bolus = &entry->bounds[FIELD_BOLUS].hard_high;
    struct ratio largest = mass_of_volume(new->limits.bolus_max, mixture_conc(&new->mixture, entry->drug));
    wording given, bound;
    for (unsigned i = 0; i < new->limits.count; i++) {
        const struct drug_limit *limit = &new->limits.drug[i];
        int64_t day = limit->window[WINDOW_DAY].fg;
        if (limit->drug != entry->drug)
            continue;
        slack_judge(findings, entry, old, new, limit);
        if (!most->known || day <= most->value)
            continue;
        write_dose(given, entry, ratio_of(day), ROUND_NEAREST);
        write_dose(bound, entry, ratio_of(most->value), ROUND_NEAREST);
        findings_add(findings, RULE_BOUNDS, FINDING_HARD,
                     "the therapy would let the pump give up to %s of %s: a limit of %s or less would pass", given,
                     drug_word(entry->drug), bound);
    }
    if (!bolus->known || ratio_compare(largest, ratio_of(bolus->value)) <= 0)
        return;
    write_mass(given, entry, largest, ROUND_UP);
    write_mass(bound, entry, ratio_of(bolus->value), ROUND_NEAREST);
    findings_add(findings, RULE_BOUNDS, FINDING_HARD,
                 "the therapy would let the pump give one bolus of up to %s of %s: a limit of %s or less would pass", given,
                 drug_word(entry->drug), bound);
}

/* The dose in force against the new one; a drug that was not given begins. */
static void dose_judge(struct findings *findings, const struct entry *entry, const struct therapy *old, struct ratio dose)
{
    struct ratio before =
        old != NULL ? whole_dose(&old->program, mixture_conc(&old->mixture, entry->drug)) : ratio_of(0);
    if (old != NULL)
        guard_change(findings, entry, before, dose);
    if (before.num == 0 && dose.num > 0)
        guard_start(findings, entry, dose);
}

static void component_judge(struct findings *findings, const struct formulary *formulary, const struct model *model,
                            const struct therapy *old, const struct therapy *new, const struct component *component)
{
    conc_ng_ml conc = component->conc;
    const struct entry *entry = guard_drug(findings, formulary, component->drug, conc);
    if (entry == NULL)
        return;
    struct ratio dose = whole_dose(&new->program, conc);
    guard_compatibility(findings, entry, model, old != NULL && mixture_conc(&old->mixture, component->drug).ng_ml != 0);
    if (dose.num > 0)
        guard_field(findings, entry, FIELD_DOSE, dose);
    if (ratio_compare(whole_total(&new->program, conc), dose) > 0)
        guard_field(findings, entry, FIELD_TOTAL, whole_total(&new->program, conc));
    boluses_judge(findings, entry, conc, &new->program);
    limit_judge(findings, entry, old, new);
    dose_judge(findings, entry, old, dose);
}

static void ended_judge(struct findings *findings, const struct formulary *formulary, const struct therapy *old,
                        const struct therapy *new)
{
    for (unsigned i = 0; i < old->mixture.count; i++) {
        const struct component *component = &old->mixture.component[i];
        const struct entry *entry = formulary_find(formulary, component->drug);
        if (mixture_conc(&new->mixture, component->drug).ng_ml != 0 || whole_dose(&old->program, component->conc).num == 0)
            continue;
        if (entry != NULL)
            guard_end(findings, entry, whole_dose(&old->program, component->conc));
        else
            findings_add(findings, RULE_CHANGE, FINDING_SOFT, "%s is no longer given", drug_word(component->drug));
    }
}

void guard_whole(struct findings *findings, const struct formulary *formulary, const struct model *model,
                 const struct therapy *old, const struct therapy *new)
{
    if (!text_same(new->region, formulary->region))
        findings_add(findings, RULE_DRUG, FINDING_HARD,
                     "the therapy is of region %s, the formulary in force of %s: they must be one", new->region,
                     formulary->region);
    for (unsigned i = 0; i < new->mixture.count; i++)
        component_judge(findings, formulary, model, old, new, &new->mixture.component[i]);
    guard_fallback(findings, formulary, model, new);
    guard_mixture(findings, old != NULL ? &old->mixture : NULL, &new->mixture);
    guard_surveillance(findings, formulary, model, &new->mixture);
    if (old != NULL)
        ended_judge(findings, formulary, old, new);
}
