/* refilling.h - when the next refill is due: the earliest of volume with every bolus that is allowed, stability of the drug,
 * replacement of the pump, and what is advised; each is shown. REQ-RSVR-07, HZ-06, HZ-12, clinical facts 2.1. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PLANNER_REFILLING_H
#define CLINIC_PLANNER_REFILLING_H

#include "clinic/planner/drugdose.h"

struct refilling_question {
    const struct model *model;
    struct drugdose drugdose;
    vol_nl fill, alarm;
    mass_fg bolus;   /* 0: none */
    int64_t boluses; /* a day at most */
    enum fill_state state;
    civil_ms from; /* moment of the refill, civil */
    bool has_replacement;
    civil_ms replacement; /* when the pump is due */
};

/* What can end the time until a refill. */
enum refilling_reason { REFILLING_VOLUME, REFILLING_STABILITY, REFILLING_REPLACEMENT, REFILLING_POLICY, REFILLING_REASONS };

struct refilling_plan {
    struct ratio flow;                     /* nL/day of the program */
    struct ratio bolus;                    /* nL of one bolus */
    struct ratio daily;                    /* nL/day with all boluses */
    struct ratio base_alone;               /* ms the volume lasts without any bolus */
    struct ratio lasts[REFILLING_REASONS]; /* ms from the refill; no number where it does not apply */
    enum refilling_reason first;
    struct ratio due; /* ms from the refill: the least of them */
};

/* False when nothing bounds it. */
bool refilling_plan(const struct entry *entry, const struct refilling_question *question, struct refilling_plan *plan);
const char *refilling_reason_word(enum refilling_reason reason);
void refilling_sheet(const struct formulary *formulary, const struct refilling_question *question, struct sheet *sheet);

/* "2026-12-24 14:05", or words when it lies outside 1970 to 2199: never a date that is none (HZ-06). */
void write_date(char text[32], civil_ms civil);
void write_day(char text[32], civil_ms civil);

#endif
