/* words.c - amounts, times and changes as a report prints them. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/words.h"

#include <stdio.h>
#include <string.h>

#include "core/calendar.h"

/* 1 mL is 10^6 nL, 1 mg/mL is 10^6 ng/mL, 1 mg is 10^12 fg and 1 mcg 10^9. A mass is written to the nanogram: the
 * parts of a day's dose are fractions that may go on for ever. */
enum {
    ML_DECIMALS = 6,
    MG_ML_DECIMALS = 6,
    MCG_ML_DECIMALS = 3,
    MG_DECIMALS = 6,
    MCG_DECIMALS = 3,
    PERCENT_DECIMALS = 1
};
enum { SECOND_MS = 1000 };

/* Commas between thousands; the text holds one number. */
static void group(phrase text)
{
    phrase plain;
    memcpy(plain, text, WORDS_BYTES);
    size_t sign = plain[0] == '-' || plain[0] == '+' ? 1 : 0, whole = strspn(plain + sign, "0123456789"), out = sign;
    for (size_t i = 0; i < whole && out + 2 < WORDS_BYTES; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            text[out++] = ',';
        text[out++] = plain[sign + i];
    }
    snprintf(text + out, WORDS_BYTES - out, "%s", plain + sign + whole);
}

static void write(phrase text, struct ratio value, int64_t unit, unsigned decimals, const char *name)
{
    char number[RATIO_TEXT_BYTES];
    phrase grouped;
    struct ratio scaled = ratio_div(value, ratio_of(unit));
    int64_t power = 1;
    for (unsigned i = 0; i < decimals; i++)
        power *= 10;
    ratio_text(number, scaled, decimals, 0, ROUND_NEAREST);
    snprintf(grouped, sizeof grouped, "%s", number);
    if (ratio_is(scaled))
        group(grouped);
    bool exact = !ratio_is(scaled) || ratio_is_whole(ratio_mul(scaled, ratio_of(power)));
    snprintf(text, WORDS_BYTES, "%s%.60s%s%s", exact ? "" : "about ", grouped, *name != '\0' ? NBSP : "", name);
}

bool words_milligrams(const struct formulary *formulary, uint16_t drug)
{
    const struct entry *entry = formulary_find(formulary, drug);
    return entry != NULL && entry->milligrams;
}

void words_volume(phrase text, struct ratio nl)
{
    write(text, nl, 1000000, ML_DECIMALS, "mL");
}

void words_flow(phrase text, struct ratio nl_day)
{
    write(text, nl_day, 1000000, ML_DECIMALS, "mL per" NBSP "day");
}

void words_conc(phrase text, bool mg, struct ratio ng_ml)
{
    write(text, ng_ml, mg ? 1000000 : 1000, mg ? MG_ML_DECIMALS : MCG_ML_DECIMALS, mg ? "mg/mL" : "mcg/mL");
}

static void mass(phrase text, bool mg, struct ratio fg, const char *mg_name, const char *mcg_name)
{
    write(text, fg, mg ? INT64_C(1000000000000) : 1000000000, mg ? MG_DECIMALS : MCG_DECIMALS, mg ? mg_name : mcg_name);
}

void words_mass(phrase text, bool mg, struct ratio fg)
{
    mass(text, mg, fg, "mg", "mcg");
}

void words_dose(phrase text, bool mg, struct ratio fg_day)
{
    mass(text, mg, fg_day, "mg per" NBSP "day", "mcg per" NBSP "day");
}

void words_signed_volume(phrase text, int64_t nl)
{
    phrase amount;
    words_volume(amount, ratio_of(nl));
    snprintf(text, WORDS_BYTES, "%s%.120s", nl > 0 ? "+" : "", amount);
}

void words_percent(phrase text, struct ratio share)
{
    write(text, ratio_mul(share, ratio_of(100)), 1, PERCENT_DECIMALS, "%");
}

void words_change(phrase text, struct ratio before, struct ratio after)
{
    const struct ratio zero = ratio_of(0);
    phrase share;
    int order = ratio_compare(after, before);
    if (order == 0)
        snprintf(text, WORDS_BYTES, "none");
    else if (ratio_compare(before, zero) == 0)
        snprintf(text, WORDS_BYTES, "starts");
    else if (ratio_compare(after, zero) == 0)
        snprintf(text, WORDS_BYTES, "stops");
    else {
        struct ratio difference = order > 0 ? ratio_sub(after, before) : ratio_sub(before, after);
        words_percent(share, ratio_div(difference, before));
        snprintf(text, WORDS_BYTES, "%.110s %s", share, order > 0 ? "more" : "less");
    }
}

void words_span(phrase text, int64_t ms)
{
    static const struct {
        int64_t ms;
        const char *one, *many;
    } units[] = {
        { DAY_MS, "day", "days" }, { HOUR_MS, "h", "h" }, { MINUTE_MS, "min", "min" }, { SECOND_MS, "s", "s" }
    };
    enum { UNITS = sizeof units / sizeof units[0] };
    unsigned i = 0;
    while (i + 1 < UNITS && ms < units[i].ms)
        i++;
    phrase number;
    snprintf(number, sizeof number, "%lld", (long long)(ms / units[i].ms));
    group(number);
    int size =
        snprintf(text, WORDS_BYTES, "%.40s" NBSP "%s", number, ms / units[i].ms == 1 ? units[i].one : units[i].many);
    if (i + 1 < UNITS && ms % units[i].ms >= units[i + 1].ms)
        snprintf(text + size, WORDS_BYTES - (size_t)size, " %lld" NBSP "%s",
                 (long long)(ms % units[i].ms / units[i + 1].ms), units[i + 1].one);
}

/* The civil date there; false when it lies outside what the calendar knows. */
static bool shown(struct moment moment, struct civil_date *date)
{
    civil_ms civil = { moment.utc_ms + (int64_t)moment.zone_minutes * MINUTE_MS }, back;
    if (civil.ms < 0)
        return false;
    *date = civil_date(civil);
    return civil_from_date(date, &back) == RESULT_OK && back.ms == civil.ms;
}

static void zone_write(char text[8], int32_t minutes)
{
    int32_t size = minutes < 0 ? -minutes : minutes;
    snprintf(text, 8, "%c%02u:%02u", minutes < 0 ? '-' : '+', (unsigned)(size / 60) % 100, (unsigned)(size % 60));
}

static const char *const MONTHS[] = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
};
static const char OUTSIDE[] = "outside 1970 to 2199";

void words_date(phrase text, struct moment moment)
{
    struct civil_date date;
    char zone[8];
    zone_write(zone, moment.zone_minutes);
    if (shown(moment, &date))
        snprintf(text, WORDS_BYTES, "%04d-%s-%02u" NBSP "%02u:%02u" NBSP "%s", (int)date.year, MONTHS[date.month - 1],
                 date.day, date.hour, date.minute, zone);
    else
        snprintf(text, WORDS_BYTES, "%s", OUTSIDE);
}

void words_day(phrase text, struct moment moment)
{
    struct civil_date date;
    if (shown(moment, &date))
        snprintf(text, WORDS_BYTES, "%04d-%s-%02u", (int)date.year, MONTHS[date.month - 1], date.day);
    else
        snprintf(text, WORDS_BYTES, "%s", OUTSIDE);
}

void words_timestamp(phrase text, struct moment moment)
{
    struct civil_date date;
    char zone[8];
    zone_write(zone, moment.zone_minutes);
    if (shown(moment, &date))
        snprintf(text, WORDS_BYTES, "%04d-%02u-%02uT%02u:%02u:%02u%s", (int)date.year, date.month, date.day, date.hour,
                 date.minute, date.second, zone);
    else
        snprintf(text, WORDS_BYTES, "1970-01-01T00:00:00+00:00");
}

void words_tick(phrase text, double value)
{
    snprintf(text, WORDS_BYTES, "%.6g", value);
    if (strchr(text, 'e') == NULL)
        group(text);
}
