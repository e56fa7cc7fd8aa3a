/* wording.h - exact amounts in the one unit a drug is written in: mg or mcg, never both. Screen rules U1, U2, U6. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_GUARD_WORDING_H
#define CLINIC_GUARD_WORDING_H

#include "amount/ratio.h"
#include "clinic/formulary/entry.h"

enum { WORDING_BYTES = RATIO_TEXT_BYTES + 24 };
typedef char wording[WORDING_BYTES];

/* Each writes a number without zeros at its end and its unit, up to so many decimals that no amount a pump can be given loses
 * any; a fraction that goes on beyond is cut where `rounding` says. Values in nL, nL/day, ng/mL, fg, fg/day and ms. */
void write_volume(wording text, struct ratio nl, enum rounding rounding);
void write_flow(wording text, struct ratio nl_day, enum rounding rounding);
void write_conc(wording text, const struct entry *entry, struct ratio ng_ml, enum rounding rounding);
void write_mass(wording text, const struct entry *entry, struct ratio fg, enum rounding rounding);
void write_dose(wording text, const struct entry *entry, struct ratio fg_day, enum rounding rounding);
/* "10.20 h", "166.67 d": always two decimals. */
void write_hours(wording text, struct ratio ms, enum rounding rounding);
void write_days(wording text, struct ratio ms, enum rounding rounding);
/* A share or factor as "0.25" and as "25 %", six and four decimals at most. */
void write_factor(wording text, struct ratio factor, enum rounding rounding);
void write_percent(wording text, struct ratio share, enum rounding rounding);

/* A value of a field of the formulary, in its own unit; spans as days, hours or minutes, whichever is whole. */
void write_field(wording text, const struct entry *entry, enum entry_field field, struct ratio value, enum rounding rounding);
/* A span in the largest of d, h, min, s of which it is whole; one of ten days or more that is not whole in hours is in days all
 * the same. Three decimals at most. */
void write_span(wording text, struct ratio ms, enum rounding rounding);

#endif
