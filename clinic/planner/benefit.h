/* benefit.h - does a rising dose still serve the patient? A dose that rises while the pain does not go down is the early sign of
 * a mass at the catheter's tip, which was seen late in 22 of 100 claims about maintenance. Dose and concentration are always
 * shown together. REQ-CLIN-10, HZ-41.
 *
 * For one drug, at one moment `now`, with the dose and concentration that was in force in each stretch between two therapies:
 *
 *     before   a stretch that ended before now, less than BENEFIT_SPAN_DAYS ago, with a dose above zero, that the newest dose is
 *              at least BENEFIT_RISE_PER_CENT of; of several that with the least dose, and of those the last
 *     was      the newest score said in that stretch (behind its beginning, up to its end: a visit asks first, programs then)
 *     is       the newest score said behind that stretch, up to now
 *
 * Stretches with a score are preferred to those without. Without `before` the dose is steady; without `was` or `is` nothing is
 * known of the benefit. With them it has fallen when pain is more, or relief less by BENEFIT_RELIEF_POINTS; else it was gained
 * when pain is less by BENEFIT_PAIN_POINTS, or relief more by BENEFIT_RELIEF_POINTS; else nothing was gained. Exact and total. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PLANNER_BENEFIT_H
#define CLINIC_PLANNER_BENEFIT_H

#include "amount/ratio.h"
#include "core/therapy.h"

enum {
    BENEFIT_SPAN_DAYS =
        365, /* guess; masses were found after 27 months on the mean, the earliest after 5 weeks (PMID 22151292) */
    BENEFIT_RISE_PER_CENT = 150, /* guess; on the mean doses rose to 174 % in 3.4 years (PMID 8751633) */
    BENEFIT_PAIN_POINTS = 2,     /* about what patients call much improved (Farrar et al., Pain 94 (2001) 149-158) */
    BENEFIT_RELIEF_POINTS = 10,  /* guess: people say it in tens */
    BENEFIT_PAIN_MAX = 10,       /* of the 11-point numeric rating scale: 0 no pain, 10 the worst there can be */
    BENEFIT_RELIEF_MAX = 100,
    BENEFIT_NOT_SAID = -1,
    BENEFIT_THERAPIES_MAX = 64,
    BENEFIT_SCORES_MAX = 64
};

/* What a therapy gives a day of each of its drugs, from a moment on. */
struct benefit_therapy {
    int64_t at_ms;
    unsigned drugs;
    struct benefit_dose {
        uint16_t drug;
        conc_ng_ml conc;
        struct ratio dose; /* fg/day: the most in any 24 hours by the program itself, as guard_whole judges it */
    } drug[MIXTURE_DRUGS_MAX];
};

struct benefit_score {
    int64_t at_ms;
    int32_t pain;   /* 0 to BENEFIT_PAIN_MAX */
    int32_t relief; /* per cent, 0 to BENEFIT_RELIEF_MAX; BENEFIT_NOT_SAID */
};

/* Of one patient, oldest first. Whoever fills it uses the two functions below. */
struct benefit_history {
    unsigned therapies, scores;
    struct benefit_therapy therapy[BENEFIT_THERAPIES_MAX];
    struct benefit_score score[BENEFIT_SCORES_MAX];
};

/* Each puts one in its place by time, behind those of the same moment; when there is no room, the oldest goes. */
void benefit_therapy_add(struct benefit_history *history, const struct benefit_therapy *therapy);
void benefit_score_add(struct benefit_history *history, const struct benefit_score *score);
/* What a therapy gives of a drug; a dose of zero of one that is not in it. */
struct benefit_dose benefit_dose_of(const struct benefit_therapy *therapy, uint16_t drug);
/* What a whole therapy gives. */
struct benefit_therapy benefit_of_therapy(const struct therapy *therapy, int64_t at_ms);

enum benefit_verdict {
    BENEFIT_STEADY,  /* the dose has not risen so much */
    BENEFIT_GAINED,  /* it has, and the pain is less */
    BENEFIT_UNKNOWN, /* it has, and nobody has said what came of it */
    BENEFIT_NONE,    /* it has, and the pain is as it was */
    BENEFIT_FALLEN,  /* it has, and the pain is worse */
    BENEFIT_VERDICTS
};

struct benefit_plan {
    enum benefit_verdict verdict;
    bool has_before, has_was, has_is;
    int64_t before_ms, left_ms, after_ms; /* when those doses came, and when `before` was left */
    struct benefit_dose before, after;
    struct benefit_score was, is;
};

void benefit_plan(const struct benefit_history *history, uint16_t drug, int64_t now_ms, struct benefit_plan *plan);
const char *benefit_verdict_word(enum benefit_verdict of);

#endif
