/* names.h - drugs and their amounts as they stand on cards: names of the library, one unit for ever. Screen rules U1 to U6. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_NAMES_H
#define CLINIC_WORKFLOW_NAMES_H

#include "clinic/formulary/formulary.h"

enum { NAMES_BYTES = 240 };

/* "morphine 25 mg/mL and BUPivacaine 4 mg/mL", "nothing with drug", "something that nobody recorded". */
void names_mixture(const struct formulary *formulary, const struct mixture *mixture, char text[NAMES_BYTES]);
/* In the unit the formulary writes the drug in; mg where it does not know the drug, or is null. */
void names_conc(const struct formulary *formulary, uint16_t drug, conc_ng_ml conc, char text[AMOUNT_TEXT_BYTES]);
void names_mass(const struct formulary *formulary, uint16_t drug, int64_t fg, char text[AMOUNT_TEXT_BYTES]);
void names_dose(const struct formulary *formulary, uint16_t drug, int64_t fg_day, char text[AMOUNT_TEXT_BYTES]);

#endif
