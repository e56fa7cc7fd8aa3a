/* refillcard.c - the card of a refill. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/refillcard.h"

#include <stdio.h>

#include "clinic/report/daily.h"
#include "clinic/report/table.h"

static void residual_draw(struct page *page, const struct report_refill *refill)
{
    char text[3 * WORDS_BYTES];
    phrase amount, tolerance, share;
    struct residual_question question = { .model = refill->head.model, .readings.count = 1 };
    struct residual_plan plan;
    question.readings.reading[0] =
        (struct reading){ .expected = refill->expected, .found = refill->found, .metered = refill->metered };
    residual_plan(&question, &plan);
    page_heading(page, "What was found");
    words_volume(amount, ratio_of(refill->expected.nl));
    page_fact(page, "Expected, by calculation", amount);
    words_volume(amount, ratio_of(refill->found.nl));
    page_fact(page, "Found", amount);
    words_signed_volume(amount, plan.difference_nl);
    words_volume(tolerance, ratio_of(plan.tolerance.nl));
    snprintf(text, sizeof text, "%s (expected less found); within %s is as accurate as such readings are", amount,
             tolerance);
    page_fact(page, "Difference", text);
    words_percent(share, plan.share);
    page_fact(page, "Of what was metered", ratio_is(plan.share) ? share : "not known: nothing metered is told");
    snprintf(text, sizeof text, "%s", residual_verdict_word(plan.verdict));
    page_fact(page, "Verdict on this one reading", text);
    snprintf(text, sizeof text, "Next step: %s", residual_verdict_next(plan.verdict));
    if (plan.verdict != RESIDUAL_WITHIN)
        page_note(page, text);
}

static void contents_draw(struct page *page, const struct report_refill *refill)
{
    static const struct table table = { 4,
                                        { { "drug", 0.28, false },
                                          { "concentration before", 0.24, true },
                                          { "concentration now", 0.24, true },
                                          { "dose by the program", 0.24, true } } };
    const struct therapy *therapy = refill->therapy;
    phrase amount, before, now, dose;
    page_heading(page, "What was filled");
    words_volume(amount, ratio_of(refill->filled.nl));
    page_fact(page, "Filled", amount);
    table_head(page, &table);
    for (unsigned i = 0; i < therapy->mixture.count; i++) {
        const struct component *part = &therapy->mixture.component[i];
        bool mg = words_milligrams(refill->head.formulary, part->drug);
        conc_ng_ml old = mixture_conc(refill->before, part->drug);
        words_conc(before, mg, ratio_of(old.ng_ml));
        words_conc(now, mg, ratio_of(part->conc.ng_ml));
        words_dose(dose, mg, daily_mass(daily_program(therapy), part->conc));
        table_row(page, &table, (const char *[]){ drug_word(part->drug), old.ng_ml > 0 ? before : "none", now, dose },
                  true);
    }
    for (unsigned i = 0; i < refill->before->count; i++) {
        const struct component *part = &refill->before->component[i];
        if (mixture_conc(&therapy->mixture, part->drug).ng_ml > 0)
            continue;
        words_conc(before, words_milligrams(refill->head.formulary, part->drug), ratio_of(part->conc.ng_ml));
        table_row(page, &table, (const char *[]){ drug_word(part->drug), before, "none", "ends" }, true);
    }
    page_gap(page, 4);
}

/* Screen rule W6: another concentration reaches the tip only when all before it has been pushed out. */
static void arrival_draw(struct page *page, const struct report_refill *refill)
{
    const struct therapy *therapy = refill->therapy;
    char text[4 * WORDS_BYTES];
    phrase volume, span, flow;
    int64_t ms = 0;
    if (mixture_same(&therapy->mixture, refill->before))
        return;
    struct ratio daily = daily_program(therapy);
    words_volume(volume, ratio_of(therapy->dead_volume.nl));
    words_flow(flow, daily);
    int size =
        snprintf(text, sizeof text,
                 "The contents have changed. The old drug still stands between the pump and the tip: %s of it go "
                 "first. ",
                 volume);
    if (ratio_whole(ratio_div(ratio_mul(ratio_of(therapy->dead_volume.nl), ratio_of(DAY_MS)), daily), ROUND_NEAREST,
                    &ms)) {
        words_span(span, ms);
        snprintf(text + size, sizeof text - (size_t)size, "At the program's %s the new drug reaches the tip after %s.",
                 flow, span);
    } else {
        snprintf(text + size, sizeof text - (size_t)size,
                 "As long as nothing flows the new drug does not reach the tip.");
    }
    page_note(page, text);
}

static void dates_draw(struct page *page, const struct report_refill *refill)
{
    static const char *const labels[REFILLING_REASONS] = {
        [REFILLING_VOLUME] = "Low reservoir, every bolus counted",
        [REFILLING_STABILITY] = "Stability of the drug",
        [REFILLING_REPLACEMENT] = "Replacement of the pump",
        [REFILLING_POLICY] = "Longest time that is advised",
    };
    struct due due;
    phrase text;
    struct due_question question = { .formulary = refill->head.formulary,
                                     .model = refill->head.model,
                                     .therapy = refill->therapy,
                                     .volume = refill->filled,
                                     .from = refill->at,
                                     .filled = refill->at,
                                     .state = refill->state,
                                     .has_replacement = refill->has_replacement,
                                     .replacement = refill->replacement };
    due_dates(&question, &due);
    due_words(text, &due);
    page_heading(page, "When the next refill is due");
    page_fact(page, "Next refill at the latest", text);
    for (unsigned i = 0; i < REFILLING_REASONS; i++) {
        if (due.by[i].known)
            words_day(text, due.by[i].at);
        page_fact(page, labels[i], due.by[i].known ? text : "not known, so it does not bound the date");
    }
    page_text(
        page,
        "The volume in the reservoir is calculated from what the pump has metered, never measured. A pump that gives "
        "more than it counts is empty before its alarm.");
}

static void watch_draw(struct page *page, const struct report_refill *refill)
{
    char text[3 * WORDS_BYTES];
    phrase span;
    page_heading(page, "After the refill");
    words_span(span, refill->observed.ms);
    snprintf(text, sizeof text, "%s", refill->observed.ms > 0 ? span : "not recorded");
    page_fact(page, "Patient watched for", text);
    page_note(
        page,
        "A fill that went beside the pump shows late. Watch for swelling at the pump and for signs of too much drug; "
        "drug in the pocket under the skin reaches the body at once, and the spine gets none.");
}

static void draw(struct page *page, const void *what)
{
    const struct report_refill *refill = what;
    phrase at;
    head_facts(page, &refill->head);
    words_date(at, refill->at);
    page_fact(page, "Refilled", at);
    page_fact(page, "By", refill->clinician);
    residual_draw(page, refill);
    contents_draw(page, refill);
    arrival_draw(page, refill);
    dates_draw(page, refill);
    watch_draw(page, refill);
}

bool report_refill_write(const struct report_refill *refill, struct report_out *out)
{
    return report_write(&refill->head, "Refill card", draw, refill, out);
}
