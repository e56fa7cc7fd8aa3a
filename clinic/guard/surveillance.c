/* surveillance.c - how closely a pump is watched. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/guard/surveillance.h"

#include <stdio.h>

#include "core/catalog.h"

void surveillance_drug(struct surveillance *surveillance, const struct formulary *formulary, const struct model *model,
                       uint16_t drug)
{
    const struct entry *entry = formulary != NULL ? formulary_find(formulary, drug) : NULL;
    if (entry != NULL && model != NULL && entry->compatibility[model->code] == COMPATIBILITY_DECLARED)
        return;
    for (unsigned i = 0; i < surveillance->drugs; i++)
        if (surveillance->drug[i] == drug)
            return;
    if (surveillance->drugs < SURVEILLANCE_DRUGS_MAX)
        surveillance->drug[surveillance->drugs++] = drug;
}

void surveillance_mixture(struct surveillance *surveillance, const struct formulary *formulary, const struct model *model,
                          const struct mixture *mixture)
{
    surveillance->mixed |= mixture->count > 1;
    for (unsigned i = 0; i < mixture->count; i++)
        surveillance_drug(surveillance, formulary, model, mixture->component[i].drug);
}

bool surveillance_raised(const struct surveillance *surveillance)
{
    return surveillance->mixed || surveillance->drugs > 0;
}

void surveillance_words(const struct surveillance *surveillance, const struct model *model, char text[SURVEILLANCE_TEXT_BYTES])
{
    size_t used = 0;
    char why[SURVEILLANCE_TEXT_BYTES / 2] = "";
    if (!surveillance_raised(surveillance)) {
        snprintf(text, SURVEILLANCE_TEXT_BYTES, "surveillance: usual");
        return;
    }
    for (unsigned i = 0; i < surveillance->drugs && used < sizeof why; i++) {
        const char *word = drug_word(surveillance->drug[i]);
        used += (size_t)snprintf(why + used, sizeof why - used, "%s%s", i > 0 ? ", " : "",
                                 word != NULL ? word : "an unknown drug");
    }
    if (surveillance->drugs > 0 && used < sizeof why)
        used += (size_t)snprintf(why + used, sizeof why - used, " not declared for %s",
                                 model != NULL ? model_name(model->code) : "this model");
    if (surveillance->mixed && used < sizeof why)
        snprintf(why + used, sizeof why - used, "%sa mixture of drugs", used > 0 ? "; " : "");
    snprintf(text, SURVEILLANCE_TEXT_BYTES,
             "surveillance: raised (%s): such pumps stall more often; interrogate it every %d days at least (a guess), "
             "and seek "
             "the cause of smaller differences at refills",
             why, SURVEILLANCE_LOOK_DAYS);
}

void guard_mixture(struct findings *findings, const struct mixture *old, const struct mixture *new)
{
    bool here = old != NULL && old->count > 1;
    for (unsigned i = 0; i < new->count; i++)
        here = here && mixture_conc(old, new->component[i].drug).ng_ml != 0;
    if (new->count > 1)
        findings_add(
            findings, RULE_COMPATIBILITY, here ? FINDING_NOTE : FINDING_SOFT,
            "a mixture of %u drugs: each is judged by itself, from the same volume; no maker declares mixtures: record "
            "why it is used, and watch this pump more closely",
            new->count);
}

void guard_surveillance(struct findings *findings, const struct formulary *formulary, const struct model *model,
                        const struct mixture *mixture)
{
    char text[SURVEILLANCE_TEXT_BYTES];
    struct surveillance surveillance = { .mixed = false };
    surveillance_mixture(&surveillance, formulary, model, mixture);
    surveillance_words(&surveillance, model, text);
    findings_add(findings, RULE_COMPATIBILITY, surveillance_raised(&surveillance) ? FINDING_NOTE : FINDING_PASSED, "%s", text);
}
