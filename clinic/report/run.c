/* run.c - the report of a scenario that was played. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/run.h"

#include <stdio.h>

#include "clinic/report/table.h"
#include "clinic/report/therapy.h"

enum { ALARMS_SHOWN = 12, TICKS = 6 };
static const double LEAST_HEIGHT = 40, MOST_HEIGHT = 110, AROUND_CURVE = 50;

static void facts_draw(struct page *page, const struct report_run *run)
{
    char text[4 * WORDS_BYTES];
    phrase from, to, span;
    page_fact(page, "Scenario", run->title);
    words_date(from, run->began);
    words_date(to, run->head.made);
    words_span(span, run->head.made.utc_ms - run->began.utc_ms);
    snprintf(text, sizeof text, "%s to %s (%s)", from, to, span);
    page_fact(page, "Simulated time", text);
    snprintf(text, sizeof text, "%s, model %s; seed %llu", run->head.serial, model_name(run->head.model->code),
             (unsigned long long)run->seed);
    page_fact(page, "Virtual pump", text);
}

static void totals_draw(struct page *page, const struct report_run *run)
{
    static const struct table table = { 5,
                                        { { "prescribed", 0.2, false },
                                          { "commanded", 0.2, false },
                                          { "metered", 0.2, false },
                                          { "displaced (true)", 0.2, false },
                                          { "delivered (true)", 0.2, false } } };
    const struct {
        const char *what;
        struct ratio nl;
    } more[] = {
        { "filled", ratio_of(run->filled.nl) },
        { "withdrawn", ratio_of(run->withdrawn.nl) },
        { "in the reservoir, calculated", ratio_over(run->remaining_calculated.fl, FL_PER_NL) },
        { "in the reservoir, true", ratio_of(run->remaining_true.nl) },
    };
    char text[8 * WORDS_BYTES];
    size_t size = 0;
    phrase cell[5], one;
    words_volume(cell[0], ratio_over(run->prescribed.fl, FL_PER_NL));
    words_volume(cell[1], ratio_over(run->commanded.fl, FL_PER_NL));
    words_volume(cell[2], ratio_over(run->metered.fl, FL_PER_NL));
    words_volume(cell[3], ratio_of(run->displaced.nl));
    words_volume(cell[4], ratio_of(run->delivered.nl));
    page_heading(page, "Totals");
    table_head(page, &table);
    table_row(page, &table, (const char *[]){ cell[0], cell[1], cell[2], cell[3], cell[4] }, true);
    for (unsigned i = 0; i < sizeof more / sizeof more[0]; i++) {
        words_volume(one, more[i].nl);
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%s: %s", i > 0 ? "; " : "", more[i].what, one);
    }
    for (unsigned i = 0; i < run->drugs; i++) {
        words_mass(one, words_milligrams(run->head.formulary, run->drug[i].drug), ratio_of(run->drug[i].delivered.fg));
        size +=
            (size_t)snprintf(text + size, sizeof text - size, "; %s delivered: %s", drug_word(run->drug[i].drug), one);
    }
    snprintf(text + size, sizeof text - size, ".");
    page_gap(page, 3);
    page_text(page, text);
}

static void alarms_draw(struct page *page, const struct report_run *run)
{
    static const struct table table = {
        4,
        { { "first at", 0.24, false }, { "alarm", 0.54, false }, { "priority", 0.13, false }, { "times", 0.09, false } }
    };
    char count[24], rest[80];
    phrase at;
    page_heading(page, "Alarms");
    if (run->alarms == 0) {
        page_text(page, "No alarm was raised.");
        return;
    }
    table_head(page, &table);
    for (unsigned i = 0; i < run->alarms && i < ALARMS_SHOWN; i++) {
        words_date(at, run->alarm[i].first);
        snprintf(count, sizeof count, "%llu", (unsigned long long)run->alarm[i].count);
        table_row(page, &table, (const char *[]){ at, run->alarm[i].text, run->alarm[i].priority, count }, false);
    }
    page_gap(page, 3);
    snprintf(rest, sizeof rest, "%u more alarms stand in events.ndjson.", run->alarms - ALARMS_SHOWN);
    if (run->alarms > ALARMS_SHOWN)
        page_text(page, rest);
}

/* Days across, or hours where the run is short. */
static void ticks_set(struct curve *curve, const struct report_run *run)
{
    static const unsigned steps_h[] = { 1, 2, 3, 6, 12, 24, 48, 120, 240, 480, 1200, 2400, 8766, 17532, 87660 };
    double hours = (double)(run->head.made.utc_ms - run->began.utc_ms) / HOUR_MS;
    unsigned i = 0;
    while (i + 1 < sizeof steps_h / sizeof steps_h[0] && hours / steps_h[i] > TICKS)
        i++;
    curve->x_to = hours > 0 ? hours : 1;
    for (unsigned hour = 0; hour <= hours && curve->ticks < CURVE_TICKS_MAX; hour += steps_h[i]) {
        curve->tick[curve->ticks].x = hour;
        if (steps_h[i] >= 24)
            snprintf(curve->tick[curve->ticks].text, CURVE_TICK_BYTES, "day" NBSP "%u", hour / 24);
        else
            snprintf(curve->tick[curve->ticks].text, CURVE_TICK_BYTES, "%u" NBSP "h", hour);
        curve->ticks++;
    }
}

/* The next chart of concentrations: drugs that are written in this unit, from `first` on; sets where the next one begins. */
static bool tips_take(const struct report_run *run, bool mg, unsigned *first, struct curve *curve,
                      struct point point[CURVE_LINES_MAX][TRACE_POINTS_MAX])
{
    unsigned i = *first;
    curve->title = mg ? "At the catheter's tip, mg/mL" : "At the catheter's tip, mcg/mL";
    for (curve->lines = 0; i < run->drugs && curve->lines < CURVE_LINES_MAX; i++) {
        if (words_milligrams(run->head.formulary, run->drug[i].drug) != mg)
            continue;
        struct curve_line line = { .label = drug_word(run->drug[i].drug), .point = point[curve->lines] };
        line.points = trace_points(&run->drug[i].tip, mg ? 1e-6 : 1e-3, point[curve->lines]);
        curve->line[curve->lines++] = line;
    }
    *first = i;
    return curve->lines > 0;
}

static unsigned tip_charts(const struct report_run *run)
{
    unsigned of_unit[2] = { 0, 0 };
    for (unsigned i = 0; i < run->drugs; i++)
        of_unit[words_milligrams(run->head.formulary, run->drug[i].drug)]++;
    return (of_unit[0] + CURVE_LINES_MAX - 1) / CURVE_LINES_MAX + (of_unit[1] + CURVE_LINES_MAX - 1) / CURVE_LINES_MAX;
}

static void curves_draw(struct page *page, const struct report_run *run)
{
    struct point point[CURVE_LINES_MAX][TRACE_POINTS_MAX];
    double room = (page->bottom - page->y) / (2 + tip_charts(run)) - AROUND_CURVE;
    double height = room < LEAST_HEIGHT ? LEAST_HEIGHT : room > MOST_HEIGHT ? MOST_HEIGHT : room;
    struct curve curve = { .title = "Base flow by the pump, mL per" NBSP "day", .height = height, .lines = 1 };
    ticks_set(&curve, run);
    curve.line[0] =
        (struct curve_line){ .point = point[0], .points = trace_points(&run->rate, 1e-6, point[0]), .steps = true };
    curve_draw(page, &curve);
    curve.title = "In the reservoir, mL";
    curve.lines = 2;
    curve.line[0] = (struct curve_line){ .label = "calculated by the pump",
                                         .point = point[0],
                                         .points = trace_points(&run->reservoir_calculated, 1e-6, point[0]) };
    curve.line[1] = (struct curve_line){ .label = "true",
                                         .point = point[1],
                                         .points = trace_points(&run->reservoir_true, 1e-6, point[1]) };
    curve_draw(page, &curve);
    for (unsigned unit = 0; unit < 2; unit++)
        for (unsigned first = 0; tips_take(run, unit == 0, &first, &curve, point);)
            curve_draw(page, &curve);
}

static void draw(struct page *page, const void *what)
{
    const struct report_run *run = what;
    facts_draw(page, run);
    page_heading(page, "Therapy at the end");
    if (run->therapy != NULL)
        therapy_drugs_draw(page, run->head.formulary, run->therapy);
    else
        page_text(page, "The pump holds no therapy.");
    totals_draw(page, run);
    alarms_draw(page, run);
    page_gap(page, 6);
    curves_draw(page, run);
}

bool report_run_write(const struct report_run *run, struct report_out *out)
{
    return report_write(&run->head, "Simulated run", draw, run, out);
}
