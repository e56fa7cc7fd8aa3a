/* daytext.c - the 24 hours of a program on a terminal. */
// SPDX-License-Identifier: Apache-2.0
#include "app/daytext.h"

#include "amount/amount.h"
#include "clinic/workflow/daycurve.h"
#include "clinic/workflow/interval.h"
#include "clinic/workflow/names.h"

enum { SLOTS = 48, SLOT_MINUTES = DAY_MINUTES / SLOTS, STEPS_IN_A_LINE = 4 };
static const char LEVELS[] = ".:-=+*#@"; /* up to an eighth of the largest, up to two eighths, ... */

struct day {
    FILE *out;
    const struct formulary *formulary;
    const struct therapy *therapy;
};

/* A volume in grains as the mass of the primary drug, or as what it is. */
static void amount_text(const struct day *day, int64_t grain, char text[AMOUNT_TEXT_BYTES])
{
    const struct mixture *mixture = &day->therapy->mixture;
    int64_t whole = 0;
    if (mixture->count == 0) {
        (void)ratio_whole(ratio_over(grain, GRAIN_PER_NL), ROUND_NEAREST, &whole);
        amount_write_volume(text, whole);
        return;
    }
    (void)ratio_whole(daycurve_mass(grain, mixture->component[0].conc), ROUND_NEAREST, &whole);
    names_mass(day->formulary, mixture->component[0].drug, whole, text);
}

/* The same, a day, of a flow. */
static void flow_text(const struct day *day, int64_t minute_grain, char text[AMOUNT_TEXT_BYTES])
{
    const struct mixture *mixture = &day->therapy->mixture;
    int64_t whole = 0;
    if (mixture->count == 0) {
        (void)ratio_whole(ratio_over(minute_grain, GRAIN_PER_NL / DAY_MINUTES), ROUND_NEAREST, &whole);
        amount_write_flow(text, whole);
        return;
    }
    (void)ratio_whole(daycurve_mass(minute_grain * DAY_MINUTES, mixture->component[0].conc), ROUND_NEAREST, &whole);
    names_dose(day->formulary, mixture->component[0].drug, whole, text);
}

static void strip_print(const struct day *day, const struct daycurve *curve)
{
    int64_t slot[SLOTS] = { 0 }, most = 0;
    char text[SLOTS + 1] = "";
    for (unsigned i = 0; i < curve->count; i++)
        for (unsigned k = 0; k < curve->step[i].minutes; k++)
            slot[(curve->step[i].minute + k) / SLOT_MINUTES] += curve->step[i].grain;
    for (unsigned i = 0; i < SLOTS; i++)
        most = slot[i] > most ? slot[i] : most;
    for (unsigned i = 0; i < SLOTS; i++) {
        struct ratio share = ratio_mul(ratio_over(slot[i], most > 0 ? most : 1), ratio_of((int64_t)sizeof LEVELS - 1));
        int64_t level = 0;
        (void)ratio_whole(share, ROUND_UP, &level);
        text[i] = level == 0 ? ' ' : LEVELS[level - 1];
    }
    fprintf(day->out, "    0 h |%s| 24 h\n", text);
}

static void steps_print(const struct day *day, const struct daycurve *curve)
{
    char flow[AMOUNT_TEXT_BYTES];
    for (unsigned i = 0; i < curve->count; i++) {
        flow_text(day, curve->step[i].grain, flow);
        fprintf(day->out, "%s%02u:%02u %s%s", i % STEPS_IN_A_LINE == 0 ? "    " : ", ", curve->step[i].minute / 60U,
                curve->step[i].minute % 60U, flow,
                i % STEPS_IN_A_LINE == STEPS_IN_A_LINE - 1 || i + 1 == curve->count ? "\n" : "");
    }
}

/* "every hour: 24 doses a day times 0.1 mg = 2.4 mg" */
static void doses_print(const struct day *day)
{
    const struct program *program = &day->therapy->program;
    unsigned times = daycurve_boluses(program), at = 0;
    char one[AMOUNT_TEXT_BYTES], all[AMOUNT_TEXT_BYTES], base[AMOUNT_TEXT_BYTES], span[AMOUNT_TEXT_BYTES + 8];
    while (interval_word(at) != NULL && interval_minutes(at) != program->periodic.interval_minutes)
        at++;
    int size = snprintf(span, sizeof span, "every ");
    amount_write_span(span + size, (int64_t)program->periodic.interval_minutes * MINUTE_MS);
    amount_text(day, grain_of_nl(program->periodic.volume).grain, one);
    amount_text(day, times * grain_of_nl(program->periodic.volume).grain, all);
    amount_text(day, grain_of_rate(program->base, (span_ms){ DAY_MS }).grain, base);
    fprintf(day->out, "    %s: %s%u doses a day times %s = %s, and the base %s\n",
            interval_word(at) != NULL ? interval_word(at) : span,
            DAY_MINUTES % program->periodic.interval_minutes == 0 ? "" : "at most ", times, one, all, base);
}

static void curve_print(const struct day *day, const char *when, unsigned set)
{
    const struct program *program = &day->therapy->program;
    bool periodic = program->kind == PROGRAM_PERIODIC;
    struct daycurve curve;
    char total[AMOUNT_TEXT_BYTES];
    daycurve_make(program, set, periodic ? program->periodic.first_minutes : 0, &curve);
    fprintf(day->out, "  %s\n", when);
    strip_print(day, &curve);
    if (periodic)
        doses_print(day);
    else
        steps_print(day, &curve);
    amount_text(day, daycurve_sum(&curve).grain, total);
    fprintf(day->out, "    daily total %s\n", total);
}

void daytext_print(FILE *out, const struct formulary *formulary, const struct therapy *therapy)
{
    static const char *const days[] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" };
    const struct program *program = &therapy->program;
    const struct day day = { out, formulary, therapy };
    fprintf(out, "  24 hours of the new program, %s:\n",
            therapy->mixture.count > 0 ? drug_word(therapy->mixture.component[0].drug) : "volume");
    if (program->kind != PROGRAM_FLEX) {
        curve_print(&day, program->kind == PROGRAM_PERIODIC ? "from the beginning of a bolus" : "every day", 0);
        return;
    }
    for (unsigned set = 0; set < program->day_set_count; set++) {
        char when[160] = "";
        size_t used = 0;
        for (unsigned i = 0; i < WEEK_DAYS; i++)
            if (program->weekday_set[i] == set && used < sizeof when)
                used += (size_t)snprintf(when + used, sizeof when - used, "%s%s", used > 0 ? ", " : "", days[i]);
        curve_print(&day, used > 0 ? when : "on no day", set);
    }
}
