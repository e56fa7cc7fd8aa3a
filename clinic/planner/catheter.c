/* catheter.c - the catheter as the record says it was implanted. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/planner/catheter.h"

#include "clinic/guard/wording.h"

enum { CATHETER_NL_MAX = 10000000 };

vol_nl catheter_held(const struct model *model, const struct implanted_catheter *catheter)
{
    if (catheter->by_volume)
        return catheter->volume;
    return (vol_nl){ model_dead_volume(model, catheter->length_mm - catheter->trimmed_mm).nl - model->tubing.nl };
}

vol_nl catheter_dead_volume(const struct model *model, const struct implanted_catheter *catheter)
{
    return (vol_nl){ model->tubing.nl + catheter_held(model, catheter).nl };
}

bool catheter_judge(struct findings *findings, const struct implanted_catheter *catheter)
{
    int32_t left = catheter->length_mm - catheter->trimmed_mm;
    bool fit = catheter->by_volume
                   ? catheter->volume.nl > 0 && catheter->volume.nl <= CATHETER_NL_MAX && catheter->trimmed_mm == 0
                   : catheter->trimmed_mm >= 0 && left > 0 && catheter->length_mm <= CATHETER_MM_MAX;
    if (catheter->by_volume && !fit)
        findings_add(
            findings, RULE_CATHETER, FINDING_HARD,
            "a catheter volume above 0 and up to 10 mL would pass, without a length cut off: it is the volume as implanted");
    else if (!fit)
        findings_add(findings, RULE_CATHETER, FINDING_HARD,
                     "%d.%d cm less %d.%d cm cut off is no catheter: from 0.1 to 200 cm must be left", catheter->length_mm / 10,
                     catheter->length_mm % 10, catheter->trimmed_mm / 10, catheter->trimmed_mm % 10);
    return fit;
}

void catheter_inputs(struct sheet *sheet, const struct model *model, const struct implanted_catheter *catheter)
{
    wording text;
    if (!catheter->by_volume) {
        sheet_input(sheet, "catheter", "catheter", "%d.%d cm", catheter->length_mm / 10, catheter->length_mm % 10);
        sheet_input(sheet, "trimmed", "cut off", "%d.%d cm", catheter->trimmed_mm / 10, catheter->trimmed_mm % 10);
    }
    write_volume(text, ratio_of(catheter_held(model, catheter).nl), ROUND_NEAREST);
    sheet_input(sheet, "catheter_volume", "volume of the catheter", "%s", text);
    write_volume(text, ratio_of(model->tubing.nl), ROUND_NEAREST);
    sheet_input(sheet, "tubing_volume", "volume of the tubing", "%s (%s, revision %u)", text, model_name(model->code),
                model->revision);
}
