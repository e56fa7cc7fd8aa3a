/* due.c - when the next refill is due. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/due.h"

#include <stdio.h>

#include "clinic/report/daily.h"

static void earlier(struct due *due, enum refilling_reason reason, struct moment from, struct ratio span)
{
    int64_t ms = 0;
    if (!ratio_is(span) || !ratio_whole(span, ROUND_DOWN, &ms) ||
        (ms > 0 ? from.utc_ms > INT64_MAX - ms : from.utc_ms < INT64_MIN - ms))
        return;
    struct moment at = { from.utc_ms + ms, from.zone_minutes };
    if (due->by[reason].known && due->by[reason].at.utc_ms <= at.utc_ms)
        return;
    due->by[reason].known = true;
    due->by[reason].at = at;
}

/* Of what has no entry, and of a fluid without drug, only the volume can bound it. */
static void volume_date(const struct due_question *question, struct due *due)
{
    int64_t usable = question->volume.nl - question->therapy->reservoir_low.nl;
    struct ratio span = ratio_div(ratio_mul(ratio_of(usable), ratio_of(DAY_MS)), daily_most(question->therapy));
    earlier(due, REFILLING_VOLUME, question->from, span);
}

/* By the planner's own arithmetic, one drug at a time: all of a mixture flow together, the least stable of them decides. */
static void drug_dates(const struct due_question *question, const struct component *part, struct due *due)
{
    const struct therapy *therapy = question->therapy;
    const struct patient_bolus *patient = &therapy->program.patient;
    const struct entry *entry = formulary_find(question->formulary, part->drug);
    int64_t nl = 0;
    if (entry == NULL || !ratio_whole(daily_program(therapy), ROUND_UP, &nl)) {
        volume_date(question, due);
        return;
    }
    struct refilling_question one = { .model = question->model,
                                      .drugdose = { part->drug, part->conc, mass_of((vol_nl){ nl }, part->conc) },
                                      .fill = question->volume,
                                      .alarm = therapy->reservoir_low,
                                      .bolus = mass_of(patient->volume, part->conc),
                                      .boluses = patient->allowed == 1 ? patient->max_per_day : 0,
                                      .state = question->state };
    struct refilling_plan plan;
    (void)refilling_plan(entry, &one, &plan);
    earlier(due, REFILLING_VOLUME, question->from, plan.lasts[REFILLING_VOLUME]);
    earlier(due, REFILLING_STABILITY, question->filled, plan.lasts[REFILLING_STABILITY]);
    earlier(due, REFILLING_POLICY, question->filled, plan.lasts[REFILLING_POLICY]);
}

void due_dates(const struct due_question *question, struct due *due)
{
    const struct therapy *therapy = question->therapy;
    *due = (struct due){ .any = false };
    for (unsigned i = 0; i < therapy->mixture.count; i++)
        drug_dates(question, &therapy->mixture.component[i], due);
    if (therapy->mixture.count == 0)
        volume_date(question, due);
    if (question->has_replacement)
        earlier(due, REFILLING_REPLACEMENT, question->replacement, ratio_of(0));
    for (unsigned i = 0; i < REFILLING_REASONS; i++)
        if (due->by[i].known && (!due->any || due->by[i].at.utc_ms < due->by[due->first].at.utc_ms)) {
            due->any = true;
            due->first = (enum refilling_reason)i;
        }
}

void due_words(phrase text, const struct due *due)
{
    phrase day;
    if (!due->any) {
        snprintf(text, WORDS_BYTES, "not bounded: nothing flows");
        return;
    }
    words_day(day, due->by[due->first].at);
    snprintf(text, WORDS_BYTES, "%.60s, by %s", day, refilling_reason_word(due->first));
}
