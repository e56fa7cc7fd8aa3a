/* trend.c - the report of what refills found. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/trend.h"

#include <stdio.h>

#include "clinic/report/curve.h"
#include "clinic/report/table.h"

static const double CURVE_HEIGHT = 105, NL_PER_ML = 1e6;

struct judged {
    const struct report_trend *trend;
    struct residual_plan plan;
};

static int64_t difference(const struct trend_reading *reading)
{
    return reading->expected.nl - reading->found.nl;
}

static void verdict_draw(struct page *page, const struct judged *judged)
{
    char text[3 * WORDS_BYTES];
    phrase amount, share;
    const struct residual_plan *plan = &judged->plan;
    snprintf(text, sizeof text, "%s", residual_verdict_word(plan->verdict));
    page_fact(page, "Verdict", text);
    snprintf(text, sizeof text, "%u", judged->trend->count);
    page_fact(page, "Readings", text);
    words_volume(amount, ratio_of(plan->tolerance.nl));
    page_fact(page, "Tolerance of one reading", amount);
    words_signed_volume(amount, plan->sum_nl);
    words_percent(share, plan->sum_share);
    if (ratio_is(plan->sum_share))
        snprintf(text, sizeof text, "%s, %s of all that was metered", amount, share);
    else
        snprintf(text, sizeof text, "%s; what was metered is not known", amount);
    page_fact(page, "Sum of all differences", text);
    snprintf(text, sizeof text, "%u", plan->short_row);
    page_fact(page, "Short beyond tolerance, in a row", text);
    page_gap(page, 2);
    snprintf(text, sizeof text, "Next step: %s", residual_verdict_next(plan->verdict));
    page_note(page, text);
}

/* So many ticks that their dates do not run into each other. */
static void ticks_set(struct curve *curve, const struct report_trend *trend)
{
    enum { DATES = 6 };
    unsigned every = (trend->count + DATES - 1) / DATES;
    curve->x_from = 0;
    curve->x_to = trend->count + 1;
    for (unsigned i = 0; i < trend->count; i += every) {
        phrase day;
        words_day(day, trend->reading[i].at);
        curve->tick[curve->ticks].x = i + 1;
        snprintf(curve->tick[curve->ticks].text, CURVE_TICK_BYTES, "%.20s", day);
        curve->ticks++;
    }
}

static void curves_draw(struct page *page, const struct judged *judged)
{
    const struct report_trend *trend = judged->trend;
    struct point one[READINGS_MAX], sum[READINGS_MAX];
    int64_t all = 0;
    for (unsigned i = 0; i < trend->count; i++) {
        all += difference(&trend->reading[i]);
        one[i] = (struct point){ i + 1, (double)difference(&trend->reading[i]) / NL_PER_ML };
        sum[i] = (struct point){ i + 1, (double)all / NL_PER_ML };
    }
    double band = (double)judged->plan.tolerance.nl / NL_PER_ML;
    struct curve curve = { .title = "Expected less found at each refill, mL",
                           .height = CURVE_HEIGHT,
                           .lines = 1,
                           .has_band = true,
                           .band_low = -band,
                           .band_high = band,
                           .band_label = "tolerance of one reading" };
    ticks_set(&curve, trend);
    curve.line[0] = (struct curve_line){ .label = "one refill", .point = one, .points = trend->count, .dots = true };
    page_heading(page, "Curves");
    page_text(page, "Above zero, more has left the reservoir than the pump counted; below zero, less.");
    curve_draw(page, &curve);
    curve.title = "Sum of all differences so far, mL";
    curve.line[0] = (struct curve_line){ .label = "sum", .point = sum, .points = trend->count, .dots = true };
    curve_draw(page, &curve);
}

static void readings_draw(struct page *page, const struct judged *judged)
{
    static const struct table table = { 6,
                                        { { "refill", 0.18, false },
                                          { "expected", 0.155, true },
                                          { "found", 0.155, true },
                                          { "metered since", 0.17, true },
                                          { "expected less found", 0.17, true },
                                          { "sum so far", 0.17, true } } };
    const struct report_trend *trend = judged->trend;
    int64_t all = 0;
    page_heading(page, "Readings");
    table_head(page, &table);
    for (unsigned i = 0; i < trend->count; i++) {
        const struct trend_reading *reading = &trend->reading[i];
        int64_t one = difference(reading), size = one < 0 ? -one : one;
        phrase day, expected, found, metered, off, sum;
        all += one;
        words_day(day, reading->at);
        words_volume(expected, ratio_of(reading->expected.nl));
        words_volume(found, ratio_of(reading->found.nl));
        words_volume(metered, ratio_of(reading->metered.nl));
        words_signed_volume(off, one);
        words_signed_volume(sum, all);
        table_row(page, &table,
                  (const char *[]){ day, expected, found, reading->metered.nl > 0 ? metered : "not known", off, sum },
                  size > judged->plan.tolerance.nl);
    }
    page_gap(page, 3);
    page_text(page, "Bold: beyond the tolerance of one reading.");
}

static void draw(struct page *page, const void *what)
{
    const struct judged *judged = what;
    head_facts(page, &judged->trend->head);
    page_gap(page, 4);
    verdict_draw(page, judged);
    curves_draw(page, judged);
    readings_draw(page, judged);
}

bool report_trend_write(const struct report_trend *trend, struct report_out *out)
{
    struct residual_question question = { .model = trend->head.model,
                                          .readings.count = trend->count,
                                          .tolerance = trend->tolerance };
    struct judged judged = { .trend = trend };
    for (unsigned i = 0; i < trend->count; i++)
        question.readings.reading[i] = (struct reading){ .expected = trend->reading[i].expected,
                                                         .found = trend->reading[i].found,
                                                         .metered = trend->reading[i].metered };
    residual_plan(&question, &judged.plan);
    return report_write(&trend->head, "Refill trend", draw, &judged, out);
}
