/* words.h - amounts, times and changes as a report prints them: one unit a quantity, no zeros at the end, a space that does not
 * break, commas from 1,000 up, "per day" in words, months by name. Screen rules U1 to U8. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_REPORT_WORDS_H
#define CLINIC_REPORT_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "amount/ratio.h"
#include "clinic/formulary/formulary.h"

/* A space between a number and its unit that does not break. */
#define NBSP "\xc2\xa0"

enum { WORDS_BYTES = 128 };
typedef char phrase[WORDS_BYTES];

/* A moment, and what clocks show there. */
struct moment {
    int64_t utc_ms; /* since 1970-01-01 00:00 UTC */
    int32_t zone_minutes;
};

/* Is a drug written in mg? As its entry says; without an entry it is written in mcg. */
bool words_milligrams(const struct formulary *formulary, uint16_t drug);

/* Volumes and flows to the nL, concentrations to the ng/mL, masses to the ng; what goes on beyond is cut to the nearest and
 * called "about". */
void words_volume(phrase text, struct ratio nl);            /* "12.5 mL" */
void words_flow(phrase text, struct ratio nl_day);          /* "0.2 mL per day" */
void words_conc(phrase text, bool mg, struct ratio ng_ml);  /* "10 mg/mL" */
void words_mass(phrase text, bool mg, struct ratio fg);     /* "1,200 mcg" */
void words_dose(phrase text, bool mg, struct ratio fg_day); /* "240 mcg per day" */
/* "+0.4 mL", "-1 mL", "0 mL": a difference. */
void words_signed_volume(phrase text, int64_t nl);
/* "20 % more", "50 % less", "none"; "starts", "stops" where one of them is zero. */
void words_change(phrase text, struct ratio before, struct ratio after);
void words_percent(phrase text, struct ratio share);
/* In the largest two of days, hours, minutes and seconds: "14 days 5 h". */
void words_span(phrase text, int64_t ms);
/* "2026-Nov-23 14:05 +01:00" and "2026-Nov-23"; outside 1970 to 2199 in words. */
void words_date(phrase text, struct moment moment);
void words_day(phrase text, struct moment moment);
/* "2026-11-23T14:05:00+01:00", for the metadata of a file. */
void words_timestamp(phrase text, struct moment moment);
/* A value on an axis. */
void words_tick(phrase text, double value);

#endif
