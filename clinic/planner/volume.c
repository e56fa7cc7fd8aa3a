/* volume.c - which volume holds a mass of drug. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/planner/volume.h"

#include "clinic/guard/wording.h"

struct ratio volume_of_mass(mass_fg mass, conc_ng_ml conc)
{
    return ratio_over(mass.fg, conc.ng_ml);
}

void volume_sheet(const struct formulary *formulary, const struct volume_question *question, struct sheet *sheet)
{
    wording text;
    sheet_begin(sheet, "volume");
    const struct entry *entry = guard_drug(&sheet->findings, formulary, question->drug, question->conc);
    sheet_input(sheet, "drug", "drug", "%s", drug_word(question->drug));
    if (entry == NULL)
        return;
    write_conc(text, entry, ratio_of(question->conc.ng_ml), ROUND_NEAREST);
    sheet_input(sheet, "concentration", "concentration", "%s", text);
    write_mass(text, entry, ratio_of(question->mass.fg), ROUND_NEAREST);
    sheet_input(sheet, "mass", "mass", "%s", text);
    sheet_formula(sheet, "volume = mass / concentration");
    guard_field(&sheet->findings, entry, FIELD_BOLUS, ratio_of(question->mass.fg));
    struct ratio volume = volume_of_mass(question->mass, question->conc);
    bool shown = ratio_compare(volume, ratio_of(1)) >= 0; /* below 1 nL no decimal that is written would tell it */
    write_volume(text, shown ? volume : ratio_of(1), ROUND_NEAREST);
    sheet_result(sheet, NULL, "volume", "volume", "%s%s", shown ? "" : "less than ", text);
}
