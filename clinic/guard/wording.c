/* wording.c - exact amounts in words. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/guard/wording.h"

#include <stdio.h>

#include "core/quantity.h"

/* 1 mL is 10^6 nL, 1 mg/mL is 10^6 ng/mL, 1 mg is 10^12 fg and 1 mcg 10^9: all digits of an integer fit these decimals. */
enum { ML_DECIMALS = 6, MG_ML_DECIMALS = 6, MCG_ML_DECIMALS = 3, MG_DECIMALS = 12, MCG_DECIMALS = 9, SPAN_DECIMALS = 2 };
enum { SPAN_LONG_DAYS = 10 }; /* guess */

static void write(wording text, struct ratio value, int64_t unit, unsigned decimals, unsigned least, enum rounding rounding,
                  const char *name)
{
    char number[RATIO_TEXT_BYTES];
    ratio_text(number, ratio_div(value, ratio_of(unit)), decimals, least, rounding);
    snprintf(text, WORDING_BYTES, "%s%s%s", number, *name != '\0' ? " " : "", name);
}

void write_volume(wording text, struct ratio nl, enum rounding rounding)
{
    write(text, nl, 1000000, ML_DECIMALS, 0, rounding, "mL");
}

void write_flow(wording text, struct ratio nl_day, enum rounding rounding)
{
    write(text, nl_day, 1000000, ML_DECIMALS, 0, rounding, "mL/day");
}

void write_conc(wording text, const struct entry *entry, struct ratio ng_ml, enum rounding rounding)
{
    bool mg = entry->milligrams;
    write(text, ng_ml, mg ? 1000000 : 1000, mg ? MG_ML_DECIMALS : MCG_ML_DECIMALS, 0, rounding, mg ? "mg/mL" : "mcg/mL");
}

static void write_mass_as(wording text, const struct entry *entry, struct ratio fg, enum rounding rounding, const char *mg,
                          const char *mcg)
{
    if (entry->milligrams)
        write(text, fg, INT64_C(1000000000000), MG_DECIMALS, 0, rounding, mg);
    else
        write(text, fg, 1000000000, MCG_DECIMALS, 0, rounding, mcg);
}

void write_mass(wording text, const struct entry *entry, struct ratio fg, enum rounding rounding)
{
    write_mass_as(text, entry, fg, rounding, "mg", "mcg");
}

void write_dose(wording text, const struct entry *entry, struct ratio fg_day, enum rounding rounding)
{
    write_mass_as(text, entry, fg_day, rounding, "mg/day", "mcg/day");
}

void write_hours(wording text, struct ratio ms, enum rounding rounding)
{
    write(text, ms, HOUR_MS, SPAN_DECIMALS, SPAN_DECIMALS, rounding, "h");
}

void write_days(wording text, struct ratio ms, enum rounding rounding)
{
    write(text, ms, DAY_MS, SPAN_DECIMALS, SPAN_DECIMALS, rounding, "d");
}

void write_factor(wording text, struct ratio factor, enum rounding rounding)
{
    write(text, factor, 1, 6, 0, rounding, "");
}

void write_percent(wording text, struct ratio share, enum rounding rounding)
{
    write(text, ratio_mul(share, ratio_of(100)), 1, 4, 0, rounding, "%");
}

void write_span(wording text, struct ratio ms, enum rounding rounding)
{
    static const struct {
        int64_t ms;
        const char *name;
    } units[] = { { DAY_MS, "d" }, { HOUR_MS, "h" }, { MINUTE_MS, "min" }, { 1000, "s" } };
    unsigned i = 0;
    while (i < 3 && !ratio_is_whole(ratio_div(ms, ratio_of(units[i].ms))))
        i++;
    if (i > 1 && ratio_compare(ms, ratio_of(SPAN_LONG_DAYS * (int64_t)DAY_MS)) >= 0) /* nobody reads 32910605.25 s */
        i = 0;
    write(text, ms, units[i].ms, 3, 0, rounding, units[i].name);
}

void write_field(wording text, const struct entry *entry, enum entry_field field, struct ratio value, enum rounding rounding)
{
    switch (field) {
    case FIELD_CONCENTRATION:
        write_conc(text, entry, value, rounding);
        break;
    case FIELD_DOSE:
    case FIELD_TOTAL:
    case FIELD_BOLUS_RATE:
        write_dose(text, entry, value, rounding);
        break;
    case FIELD_BOLUS:
        write_mass(text, entry, value, rounding);
        break;
    case FIELD_BOLUSES:
        write_factor(text, value, rounding);
        break;
    case FIELD_LOCKOUT:
        write_span(text, value, rounding);
        break;
    case FIELD_STEP_UP:
    case FIELD_STEP_DOWN:
        write_percent(text, ratio_div(value, ratio_of(1000000)), rounding);
        break;
    case FIELD_COUNT:
        text[0] = '\0';
        break;
    }
}
