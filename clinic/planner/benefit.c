/* benefit.c - does a rising dose still serve the patient? */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/planner/benefit.h"

#include <string.h>

#include "clinic/guard/whole.h"

enum { PER_CENT = 100 };
static const int64_t SPAN_MS = (int64_t)BENEFIT_SPAN_DAYS * DAY_MS;

/* Makes room in a list of `count` things of `size` bytes, whose first member is the moment, for one of this moment: its
 * place. When all places are taken the oldest goes, which may be the new one itself: then there is no place. */
static void *place_make(void *list, unsigned *count, unsigned most, size_t size, int64_t at_ms)
{
    uint8_t *bytes = list;
    unsigned at = *count;
    int64_t there = 0;
    for (; at > 0; at--) {
        memcpy(&there, bytes + (at - 1) * size, sizeof there);
        if (there <= at_ms)
            break;
    }
    if (*count == most) {
        if (at == 0)
            return NULL;
        at--;
        memmove(bytes, bytes + size, at * size);
        return bytes + at * size;
    }
    memmove(bytes + (at + 1) * size, bytes + at * size, (*count - at) * size);
    (*count)++;
    return bytes + at * size;
}

void benefit_therapy_add(struct benefit_history *history, const struct benefit_therapy *therapy)
{
    struct benefit_therapy *place =
        place_make(history->therapy, &history->therapies, BENEFIT_THERAPIES_MAX, sizeof *place, therapy->at_ms);
    if (place != NULL)
        *place = *therapy;
}

void benefit_score_add(struct benefit_history *history, const struct benefit_score *score)
{
    struct benefit_score *place =
        place_make(history->score, &history->scores, BENEFIT_SCORES_MAX, sizeof *place, score->at_ms);
    if (place != NULL)
        *place = *score;
}

struct benefit_therapy benefit_of_therapy(const struct therapy *therapy, int64_t at_ms)
{
    struct benefit_therapy given = { .at_ms = at_ms, .drugs = therapy->mixture.count };
    for (unsigned i = 0; i < given.drugs; i++) {
        const struct component *part = &therapy->mixture.component[i];
        given.drug[i] = (struct benefit_dose){ part->drug, part->conc, whole_dose(&therapy->program, part->conc) };
    }
    return given;
}

struct benefit_dose benefit_dose_of(const struct benefit_therapy *therapy, uint16_t drug)
{
    for (unsigned i = 0; i < therapy->drugs; i++)
        if (therapy->drug[i].drug == drug)
            return therapy->drug[i];
    return (struct benefit_dose){ .drug = drug, .dose = { 0, 1 } };
}

/* The newest score behind one moment, up to another. */
static bool score_within(const struct benefit_history *history, int64_t behind_ms, int64_t to_ms,
                         struct benefit_score *score)
{
    for (unsigned i = history->scores; i > 0; i--)
        if (history->score[i - 1].at_ms > behind_ms && history->score[i - 1].at_ms <= to_ms) {
            *score = history->score[i - 1];
            return true;
        }
    return false;
}

static bool risen(struct ratio from, struct ratio to)
{
    return ratio_compare(ratio_mul(to, ratio_of(PER_CENT)), ratio_mul(from, ratio_of(BENEFIT_RISE_PER_CENT))) >= 0;
}

/* A stretch that the dose has risen from, if it is a better one than the plan has: with a score, then of the least dose,
 * then the later one. */
static void stretch_weigh(const struct benefit_history *history, const struct benefit_therapy *begin, int64_t end_ms,
                          struct benefit_plan *plan)
{
    const struct benefit_dose dose = benefit_dose_of(begin, plan->after.drug);
    struct benefit_score was = { .at_ms = 0 };
    if (dose.dose.num <= 0 || !risen(dose.dose, plan->after.dose))
        return;
    bool said = score_within(history, begin->at_ms, end_ms, &was);
    if (plan->has_before &&
        (said < plan->has_was || (said == plan->has_was && ratio_compare(dose.dose, plan->before.dose) > 0)))
        return;
    plan->has_before = true;
    plan->before = dose;
    plan->before_ms = begin->at_ms;
    plan->left_ms = end_ms;
    plan->has_was = said;
    plan->was = was;
}

static enum benefit_verdict compare(const struct benefit_score *was, const struct benefit_score *is)
{
    bool relief = was->relief != BENEFIT_NOT_SAID && is->relief != BENEFIT_NOT_SAID;
    if (is->pain > was->pain || (relief && was->relief - is->relief >= BENEFIT_RELIEF_POINTS))
        return BENEFIT_FALLEN;
    if (was->pain - is->pain >= BENEFIT_PAIN_POINTS || (relief && is->relief - was->relief >= BENEFIT_RELIEF_POINTS))
        return BENEFIT_GAINED;
    return BENEFIT_NONE;
}

/* How many therapies have begun by now. */
static unsigned begun(const struct benefit_history *history, int64_t now_ms)
{
    unsigned count = history->therapies;
    while (count > 0 && history->therapy[count - 1].at_ms > now_ms)
        count--;
    return count;
}

void benefit_plan(const struct benefit_history *history, uint16_t drug, int64_t now_ms, struct benefit_plan *plan)
{
    unsigned count = begun(history, now_ms);
    *plan = (struct benefit_plan){ .verdict = BENEFIT_STEADY, .after = { .drug = drug, .dose = { 0, 1 } } };
    if (count == 0)
        return;
    plan->after = benefit_dose_of(&history->therapy[count - 1], drug);
    plan->after_ms = history->therapy[count - 1].at_ms;
    for (unsigned i = 0; i + 1 < count; i++) {
        const struct benefit_therapy *begin = &history->therapy[i];
        int64_t end_ms = history->therapy[i + 1].at_ms;
        if (end_ms > begin->at_ms && end_ms < now_ms && end_ms > now_ms - SPAN_MS)
            stretch_weigh(history, begin, end_ms, plan);
    }
    if (!plan->has_before)
        return;
    plan->has_is = score_within(history, plan->left_ms, now_ms, &plan->is);
    plan->verdict = plan->has_was && plan->has_is ? compare(&plan->was, &plan->is) : BENEFIT_UNKNOWN;
}

const char *benefit_verdict_word(enum benefit_verdict of)
{
    static const char *const WORDS[BENEFIT_VERDICTS] = { [BENEFIT_STEADY] = "steady dose",
                                                         [BENEFIT_GAINED] = "benefit gained",
                                                         [BENEFIT_UNKNOWN] = "benefit not known",
                                                         [BENEFIT_NONE] = "no benefit gained",
                                                         [BENEFIT_FALLEN] = "benefit falling" };
    return WORDS[of];
}
