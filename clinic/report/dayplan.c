/* dayplan.c - the 24 hours of a program. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/dayplan.h"

#include <stdio.h>

#include "clinic/report/curve.h"
#include "clinic/report/daily.h"
#include "clinic/report/table.h"
#include "clinic/workflow/daycurve.h"

enum { POINTS_MAX = DAYCURVE_STEPS_MAX + 1, HOURS = 24, TICK_HOURS = 3 };
static const double CURVE_HEIGHT = 96;

/* What a flow is shown as: the primary drug a day, in its unit; else mL a day. */
struct scale {
    double per_nl_day;
    char unit[96];
};

static struct scale scale_of(const struct formulary *formulary, const struct therapy *therapy)
{
    struct scale scale = { 1e-6, "mL per" NBSP "day" };
    if (therapy->mixture.count > 0) {
        const struct component *part = &therapy->mixture.component[0];
        bool mg = words_milligrams(formulary, part->drug);
        scale.per_nl_day = (double)part->conc.ng_ml / (mg ? 1e12 : 1e9);
        snprintf(scale.unit, sizeof scale.unit, "%s, %s per" NBSP "day", drug_word(part->drug), mg ? "mg" : "mcg");
    }
    return scale;
}

/* A step holds until the next; the last one, until the end of the day. */
static size_t curve_points(const struct daycurve *day, double per_nl_day, struct point point[POINTS_MAX])
{
    size_t count = 0;
    for (unsigned i = 0; i < day->count; i++) {
        double nl_day = (double)day->step[i].grain * DAY_MINUTES / GRAIN_PER_NL;
        point[count++] = (struct point){ day->step[i].minute / 60.0, nl_day * per_nl_day };
    }
    point[count] = (struct point){ HOURS, point[count - 1].y };
    return count + 1;
}

static void curve_of(struct page *page, const struct scale *scale, const char *when, const struct point *point,
                     size_t points, bool of_day)
{
    char title[240];
    struct curve curve = { .title = title, .height = CURVE_HEIGHT, .x_from = 0, .x_to = HOURS, .lines = 1 };
    snprintf(title, sizeof title, "%s (%s)", when, scale->unit);
    for (unsigned hour = 0; hour <= HOURS; hour += TICK_HOURS) {
        curve.tick[curve.ticks].x = hour;
        snprintf(curve.tick[curve.ticks].text, CURVE_TICK_BYTES, of_day ? "%02u:00" : "%u" NBSP "h", hour);
        curve.ticks++;
    }
    curve.line[0] = (struct curve_line){ .point = point, .points = points, .steps = true };
    curve_draw(page, &curve);
}

/* "Day program A: Monday, Tuesday". */
static void days_write(char *text, size_t room, const struct program *program, unsigned set)
{
    static const char *const days[] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" };
    size_t size = (size_t)snprintf(text, room, "Day program %c", 'A' + (int)set);
    bool any = false;
    for (unsigned day = 0; day < WEEK_DAYS && size < room; day++)
        if (program->weekday_set[day] == set) {
            size += (size_t)snprintf(text + size, room - size, "%s%s", any ? ", " : ": ", days[day]);
            any = true;
        }
}

void dayplan_curves_draw(struct page *page, const struct formulary *formulary, const struct therapy *therapy)
{
    const struct program *program = &therapy->program;
    const struct scale scale = scale_of(formulary, therapy);
    bool flex = program->kind == PROGRAM_FLEX, periodic = program->kind == PROGRAM_PERIODIC;
    struct daycurve day;
    struct point point[POINTS_MAX];
    char when[160];
    for (unsigned set = 0; set < (flex ? program->day_set_count : 1U); set++) {
        daycurve_make(program, set, 0, &day);
        if (flex)
            days_write(when, sizeof when, program, set);
        else
            snprintf(when, sizeof when, "%s", periodic ? "From the beginning of the program" : "Every day");
        curve_of(page, &scale, when, point, curve_points(&day, scale.per_nl_day, point), !periodic);
    }
}

/* The table of doses: what, how often, and a column for each drug, or one for the volume. */
struct doses {
    const struct formulary *formulary;
    const struct therapy *therapy;
    struct table table;
};

static void doses_begin(struct doses *doses)
{
    static const double part = 0.21, often = 0.15;
    const struct mixture *mixture = &doses->therapy->mixture;
    unsigned columns = mixture->count > 0 ? mixture->count : 1;
    doses->table = (struct table){ 2 + columns, { { "part of the day", part, false }, { "how often", often, false } } };
    for (unsigned i = 0; i < columns; i++)
        doses->table.column[2 + i] =
            (struct column){ mixture->count > 0 ? drug_word(mixture->component[i].drug) : "volume",
                             (1 - part - often) / columns, false };
}

/* A row whose parts are `times` of this volume: each column says times, dose and total. */
static void doses_row(struct page *page, const struct doses *doses, const char *part, const char *often, unsigned times,
                      struct ratio nl, bool bold)
{
    const struct mixture *mixture = &doses->therapy->mixture;
    char text[MIXTURE_DRUGS_MAX][2 * WORDS_BYTES];
    const char *cell[TABLE_COLUMNS_MAX] = { part, often };
    for (unsigned i = 0; i + 2 < doses->table.columns; i++) {
        phrase one, all;
        if (mixture->count > 0) {
            const struct component *drug = &mixture->component[i];
            bool mg = words_milligrams(doses->formulary, drug->drug);
            words_mass(one, mg, daily_mass(nl, drug->conc));
            words_mass(all, mg, ratio_mul(daily_mass(nl, drug->conc), ratio_of(times)));
        } else {
            words_volume(one, nl);
            words_volume(all, ratio_mul(nl, ratio_of(times)));
        }
        if (times == 1)
            snprintf(text[i], sizeof text[i], "%s", all);
        else
            snprintf(text[i], sizeof text[i], "%u" NBSP "\xc3\x97" NBSP "%s = %s", times, one, all);
        cell[2 + i] = text[i];
    }
    table_row(page, &doses->table, cell, bold);
}

static void flex_rows(struct page *page, const struct doses *doses)
{
    const struct program *program = &doses->therapy->program;
    for (unsigned set = 0; set < program->day_set_count; set++) {
        const struct day_set *day = &program->day_set[set];
        struct ratio sum = ratio_of(0);
        char part[80];
        phrase often;
        for (unsigned i = 0; i < day->count; i++) {
            unsigned from = day->step[i].minute, to = i + 1U < day->count ? day->step[i + 1].minute : DAY_MINUTES;
            struct ratio nl = ratio_over((int64_t)day->step[i].rate.nl_day * (to - from), DAY_MINUTES);
            sum = ratio_add(sum, nl);
            snprintf(part, sizeof part, "%c, %02u:%02u to %02u:%02u", 'A' + (int)set, from / 60, from % 60, to / 60,
                     to % 60);
            words_span(often, (int64_t)(to - from) * MINUTE_MS);
            doses_row(page, doses, part, often, 1, nl, false);
        }
        snprintf(part, sizeof part, "day program %c, daily total", 'A' + (int)set);
        doses_row(page, doses, part, "one day", 1, sum, true);
    }
}

static void periodic_row(struct page *page, const struct doses *doses)
{
    const struct periodic_bolus *bolus = &doses->therapy->program.periodic;
    unsigned times = daycurve_boluses(&doses->therapy->program);
    char often[2 * WORDS_BYTES];
    phrase span;
    words_span(span, (int64_t)bolus->interval_minutes * MINUTE_MS);
    snprintf(often, sizeof often, "every %s: %s%u doses per" NBSP "day", span,
             DAY_MINUTES % bolus->interval_minutes == 0 ? "" : "at most ", times);
    doses_row(page, doses, "boluses at intervals", often, times, ratio_of(bolus->volume.nl), false);
}

void dayplan_doses_draw(struct page *page, const struct formulary *formulary, const struct therapy *therapy)
{
    const struct program *program = &therapy->program;
    struct doses doses = { .formulary = formulary, .therapy = therapy };
    char often[40];
    doses_begin(&doses);
    table_head(page, &doses.table);
    if (program->kind == PROGRAM_FLEX)
        flex_rows(page, &doses);
    else
        doses_row(page, &doses, "base", "all day", 1, ratio_of(program->base.nl_day), false);
    if (program->kind == PROGRAM_PERIODIC)
        periodic_row(page, &doses);
    doses_row(page, &doses, "daily total by the program", "any 24" NBSP "h, at most", 1, daily_program(therapy), true);
    if (program->patient.allowed == 1) {
        snprintf(often, sizeof often, "at most %u doses per" NBSP "day", program->patient.max_per_day);
        doses_row(page, &doses, "patient's boluses", often, program->patient.max_per_day,
                  ratio_of(program->patient.volume.nl), false);
        doses_row(page, &doses, "daily total with all boluses", "any 24" NBSP "h, at most", 1, daily_most(therapy),
                  true);
    }
    if (program->opening.kind != OPENING_NONE)
        doses_row(page, &doses,
                  program->opening.kind == OPENING_SINGLE ? "single bolus"
                                                          : "prime or bridge, as if all reached the tip",
                  "once, at the beginning", 1, ratio_of(program->opening.volume.nl), false);
    page_gap(page, 3);
}
