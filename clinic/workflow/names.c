/* names.c - drugs and their amounts as they stand on cards. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/names.h"

#include <stdio.h>

/* Of a concentration in ng/mL, and of a mass in fg: digits behind the point. */
enum { MG_ML_SCALE = 6, MCG_ML_SCALE = 3, MG_SCALE = 12, MCG_SCALE = 9 };

static bool in_mcg(const struct formulary *formulary, uint16_t drug)
{
    const struct entry *entry = formulary != NULL ? formulary_find(formulary, drug) : NULL;
    return entry != NULL && !entry->milligrams;
}

void names_conc(const struct formulary *formulary, uint16_t drug, conc_ng_ml conc, char text[AMOUNT_TEXT_BYTES])
{
    bool mcg = in_mcg(formulary, drug);
    amount_write(text, conc.ng_ml, mcg ? MCG_ML_SCALE : MG_ML_SCALE, 0, mcg ? "mcg/mL" : "mg/mL");
}

void names_mass(const struct formulary *formulary, uint16_t drug, int64_t fg, char text[AMOUNT_TEXT_BYTES])
{
    bool mcg = in_mcg(formulary, drug);
    amount_write(text, fg, mcg ? MCG_SCALE : MG_SCALE, 0, mcg ? "mcg" : "mg");
}

void names_dose(const struct formulary *formulary, uint16_t drug, int64_t fg_day, char text[AMOUNT_TEXT_BYTES])
{
    bool mcg = in_mcg(formulary, drug);
    amount_write(text, fg_day, mcg ? MCG_SCALE : MG_SCALE, 0, mcg ? "mcg/day" : "mg/day");
}

void names_mixture(const struct formulary *formulary, const struct mixture *mixture, char text[NAMES_BYTES])
{
    size_t used = 0;
    snprintf(text, NAMES_BYTES, "%s", mixture->unknown ? "something that nobody recorded" : "nothing with drug");
    for (unsigned i = 0; i < mixture->count && used < NAMES_BYTES; i++) {
        char conc[AMOUNT_TEXT_BYTES];
        const struct component *component = &mixture->component[i];
        names_conc(formulary, component->drug, component->conc, conc);
        used += (size_t)snprintf(text + used, NAMES_BYTES - used, "%s%s %s", i > 0 ? " and " : "",
                                 drug_word(component->drug), conc);
    }
}
