/* course.c - doses through the spine. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/course.h"

#include <math.h>
#include <stdlib.h>

#include "twin/body/march.h"

enum { FLOWS_MAX = 4096, FIT_ROWS_MIN = 3 };
static const double DAY_S = 86400, CLOSEST_S = 5;

/* An infusion under way. */
struct flow {
    double end_s, kg_s;
};

/* A course as it is made. */
struct making {
    struct course *course;
    struct spine *spine;
    double now_s, dosed_s; /* dosed_s: when a dose last began or ended */
    struct flow flow[FLOWS_MAX];
    int flows;
    bool too_many;
    bool seen;                      /* the newest row shows just what is there now */
    struct course_row before, last; /* what was seen last, for areas and peaks */
};

static void look(const struct making *making, struct course_row *row)
{
    const struct spine *spine = making->spine;
    row->at_s = making->now_s;
    row->reservoir = spine_reservoir(spine);
    for (int level = 0; level < LEVELS_ALL; level++) {
        row->csf[level] = spine_csf_at(spine, level_middle((enum level)level));
        row->tissue[level] = spine_tissue_at(spine, level_middle((enum level)level));
    }
    for (int cell = 0; cell < spine->nodes - 1; cell++)
        row->cell[cell] = spine->csf_kg_m3[cell + 1];
}

/* Straight while it rises, exponential while it falls: the usual rule of pharmacokinetics. */
static double area_between(double span_s, double before, double after)
{
    if (after > 0 && before > after * 1.0001)
        return span_s * (before - after) / log(before / after);
    return span_s * 0.5 * (before + after);
}

/* A look, and the two before it. */
struct three {
    double at_s[3], value[3];
};

/* The largest look; once the next one is known, when the parabola through the three is highest. */
static void peak_see(const struct three *look, double *peak, double *peak_s)
{
    const double *at_s = look->at_s, *value = look->value;
    if (value[2] > *peak) {
        *peak = value[2];
        *peak_s = at_s[2];
    } else if (value[1] == *peak && at_s[1] == *peak_s && value[0] < value[1] && at_s[0] < at_s[1] &&
               at_s[1] < at_s[2]) {
        double rise = (value[1] - value[0]) / (at_s[1] - at_s[0]), fall = (value[1] - value[2]) / (at_s[2] - at_s[1]);
        *peak_s = 0.5 * (at_s[0] + at_s[1]) + 0.5 * (at_s[2] - at_s[0]) * rise / (rise + fall);
    }
}

static void measure(struct making *making)
{
    struct course_row row;
    look(making, &row);
    double span_s = row.at_s - making->last.at_s;
    for (int i = 0; i < LEVELS_ALL; i++) {
        struct course_level *level = &making->course->level[i];
        level->csf_area += area_between(span_s, making->last.csf[i], row.csf[i]);
        level->tissue_area += area_between(span_s, making->last.tissue[i], row.tissue[i]);
        struct three csf = { { making->before.at_s, making->last.at_s, row.at_s },
                             { making->before.csf[i], making->last.csf[i], row.csf[i] } };
        struct three tissue = csf;
        tissue.value[0] = making->before.tissue[i];
        tissue.value[1] = making->last.tissue[i];
        tissue.value[2] = row.tissue[i];
        peak_see(&csf, &level->csf_peak, &level->csf_peak_s);
        peak_see(&tissue, &level->tissue_peak, &level->tissue_peak_s);
    }
    making->before = making->last;
    making->last = row;
}

static void row_add(struct making *making)
{
    struct course *course = making->course;
    if (making->seen)
        return;
    making->seen = true;
    if (course->rows == course->row_room) {
        course->row_room = course->row_room == 0 ? 256 : course->row_room * 2;
        course->row = realloc(course->row, course->row_room * sizeof course->row[0]);
        if (course->row == NULL)
            abort();
    }
    look(making, &course->row[course->rows++]);
}

static void flows_sum(struct making *making)
{
    double kg_s = 0;
    int kept = 0;
    for (int i = 0; i < making->flows; i++) {
        if (making->flow[i].end_s > making->now_s) {
            making->flow[kept++] = making->flow[i];
            kg_s += making->flow[i].kg_s;
        }
    }
    making->flows = kept;
    spine_infuse(making->spine, kg_s);
}

/* To this time, with looks between: close together after a dose, farther apart as things become slow. */
static void go(struct making *making, double to_s)
{
    while (making->now_s < to_s) {
        double next_s = to_s;
        for (int i = 0; i < making->flows; i++)
            next_s = fmin(next_s, making->flow[i].end_s);
        double close_s = fmax(CLOSEST_S, (making->now_s - making->dosed_s) / 8);
        double look_s = making->now_s + 1.5 * close_s < next_s ? making->now_s + close_s : next_s;
        march(making->spine, look_s - making->now_s);
        making->now_s = look_s;
        making->seen = false;
        measure(making);
        if (look_s == next_s && next_s < to_s)
            making->dosed_s = next_s;
        flows_sum(making);
    }
}

static void give(struct making *making, const struct dosing_event *event, const struct canal *canal,
                 const struct course_wish *wish)
{
    switch (event->kind) {
    case DOSING_BOLUS:
        spine_bolus(making->spine, event->kg);
        break;
    case DOSING_INFUSION:
        making->too_many |= making->flows == FLOWS_MAX;
        if (making->flows < FLOWS_MAX)
            making->flow[making->flows++] = (struct flow){ event->at_s + event->span_s, event->kg / event->span_s };
        flows_sum(making);
        break;
    case DOSING_LOOK:
        row_add(making);
        return;
    case DOSING_RESET:
        making->flows = 0;
        (void)spine_init(making->spine, canal, &wish->setup);
        break;
    }
    making->seen = false;
    making->dosed_s = making->now_s;
    making->last.at_s = making->now_s; /* a jump takes no time */
    measure(making);
}

/* Least squares through the logarithms of the last half of what followed the last dose. */
static double half_life(const struct course *course, double after_s, size_t place)
{
    double from_s = after_s + 0.5 * (course->until_s - after_s), n = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (size_t i = 0; i < course->rows; i++) {
        const struct course_row *row = &course->row[i];
        double value = *(const double *)((const char *)row + place);
        if (row->at_s < from_s || !(value > 0))
            continue;
        double t = row->at_s - from_s, log_value = log(value);
        n++;
        x += t;
        y += log_value;
        xx += t * t;
        xy += t * log_value;
    }
    double slope = n * xx > x * x ? (n * xy - x * y) / (n * xx - x * x) : 0;
    return n >= FIT_ROWS_MIN && slope < 0 ? log(2) / -slope : 0;
}

static void halves_find(struct course *course, double after_s)
{
    for (size_t i = 0; i < LEVELS_ALL; i++) {
        course->level[i].csf_half_s = half_life(course, after_s, offsetof(struct course_row, csf) + i * sizeof(double));
        course->level[i].tissue_half_s =
            half_life(course, after_s, offsetof(struct course_row, tissue) + i * sizeof(double));
    }
}

static double last_dose(const struct dosing *dosing, const struct dosing_person *person)
{
    double last_s = 0;
    for (size_t i = 0; i < person->count; i++) {
        const struct dosing_event *event = &dosing->event[person->first + i];
        if (event->kind == DOSING_BOLUS || event->kind == DOSING_INFUSION)
            last_s = fmax(last_s, event->at_s + event->span_s);
    }
    return last_s;
}

static void play(struct making *making, const struct dosing *dosing, const struct dosing_person *person,
                 const struct canal *canal, const struct course_wish *wish)
{
    double until_s = making->course->until_s;
    size_t event = 0;
    for (double row = 0;;) {
        double row_s = row * wish->every_s;
        double event_s = event < person->count ? dosing->event[person->first + event].at_s : HUGE_VAL;
        if (fmin(row_s, event_s) > until_s)
            break;
        go(making, fmin(row_s, event_s));
        if (event_s <= row_s) {
            give(making, &dosing->event[person->first + event++], canal, wish);
            continue;
        }
        row_add(making);
        row++;
    }
    go(making, until_s);
    row_add(making);
}

const char *course_run(struct course *course, const struct dosing *dosing, const struct dosing_person *person,
                       const struct course_wish *wish)
{
    struct canal canal;
    static struct making making;
    static struct spine spine;
    *course = (struct course){ .cells = wish->cells };
    course->until_s = wish->until_s > 0 ? wish->until_s : person->end_s + DAY_S;
    if (!canal_init(&canal, wish->cells, wish->setup.tip_m) || !spine_init(&spine, &canal, &wish->setup))
        return "a figure is out of range; see cisterna spine figures";
    if (!(course->until_s / wish->every_s + (double)person->count < COURSE_ROWS_MAX))
        return "more than 200000 rows; take a longer --every or a shorter --until";
    making = (struct making){ .course = course, .spine = &spine };
    for (int cell = 0; cell <= wish->cells; cell++)
        course->end_m[cell] = canal.end_m[cell];
    play(&making, dosing, person, &canal, wish);
    course->balance = spine_balance(&spine);
    course->steps = spine.steps;
    halves_find(course, fmin(last_dose(dosing, person), course->until_s));
    return making.too_many ? "more than 4096 infusions run at once" : NULL;
}

void course_free(struct course *course)
{
    free(course->row);
    *course = (struct course){ .row = NULL };
}
