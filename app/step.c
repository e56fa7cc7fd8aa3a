/* step.c - everything of a therapy that a slip of ten can raise, old beside new, drug by drug. */
// SPDX-License-Identifier: Apache-2.0
#include "app/step.h"

#include <stdio.h>
#include <string.h>

#include "clinic/workflow/daydose.h"
#include "rig/series.h"

enum { STEEP = 10, LARGE = 2, WHAT_BYTES = 80, BOUNDS_MAX = 2 + MIXTURE_DRUGS_MAX * 7 };

/* One thing that a person can be given, or how far it may go: each may be raised by mistake as well as the dose. */
struct bound {
    char what[WHAT_BYTES];
    enum dimension dimension;
    int64_t before, after;
};

struct bounds {
    const char *of; /* " of morphine" */
    unsigned count;
    struct bound bound[BOUNDS_MAX];
};

static void bound_add(struct bounds *bounds, const char *what, enum dimension dimension, int64_t before, int64_t after)
{
    struct bound *bound = &bounds->bound[bounds->count++];
    snprintf(bound->what, sizeof bound->what, "%s%s", what, bounds->of);
    bound->dimension = dimension;
    bound->before = before;
    bound->after = after;
}

static int64_t bolus_nl(const struct therapy *therapy)
{
    return therapy->program.patient.allowed == 1 ? therapy->program.patient.volume.nl : 0;
}

static int64_t limit_fg(const struct therapy *therapy, uint16_t drug, enum window_kind window)
{
    for (unsigned i = 0; i < therapy->limits.count; i++)
        if (therapy->limits.drug[i].drug == drug)
            return therapy->limits.drug[i].window[window].fg;
    return 0;
}

/* In masses of the drug, since a higher concentration raises a bolus as a larger volume does; in volumes where there is none. */
static void drug_bounds(struct bounds *bounds, const struct therapy *old, const struct therapy *new, uint16_t drug)
{
    char name[32], of[40] = "";
    bool drug_free = drug == DRUG_NONE;
    int64_t was = drug_free ? 1 : mixture_conc(&old->mixture, drug).ng_ml;
    int64_t is = drug_free ? 1 : mixture_conc(&new->mixture, drug).ng_ml;
    enum dimension each = drug_free ? DIMENSION_VOLUME : DIMENSION_MASS, day = drug_free ? DIMENSION_FLOW : DIMENSION_DOSE;
    series_drug_name(name, drug);
    if (!drug_free)
        snprintf(of, sizeof of, " of %s", name);
    bounds->of = of;
    bound_add(bounds, "the base", day, daydose_most(old, drug, PART_BASE), daydose_most(new, drug, PART_BASE));
    /* An opening of old is over, and a prime or bridge takes the place of the base. */
    bound_add(bounds, "the most in any 24 h", day, daydose_most(old, drug, PART_BASE | PART_PATIENT),
              daydose_most(new, drug, PART_BASE | PART_PATIENT | PART_SINGLE));
    bound_add(bounds, "the patient's bolus", each, bolus_nl(old) * was, bolus_nl(new) * is);
    bound_add(bounds, "the patient's boluses of a day", each, bolus_nl(old) * old->program.patient.max_per_day * was,
              bolus_nl(new) * new->program.patient.max_per_day * is);
    bound_add(bounds, "the largest bolus", each, old->limits.bolus_max.nl * was, new->limits.bolus_max.nl * is);
    bound_add(bounds, "the limit of an hour", each, limit_fg(old, drug, WINDOW_HOUR), limit_fg(new, drug, WINDOW_HOUR));
    bound_add(bounds, "the limit of a day", each, limit_fg(old, drug, WINDOW_DAY), limit_fg(new, drug, WINDOW_DAY));
}

static void bounds_make(struct bounds *bounds, const struct therapy *old, const struct therapy *new)
{
    bounds->count = 0;
    for (unsigned i = 0; i < new->mixture.count; i++)
        drug_bounds(bounds, old, new, new->mixture.component[i].drug);
    if (new->mixture.count == 0)
        drug_bounds(bounds, old, new, DRUG_NONE);
    bounds->of = "";
    bound_add(bounds, "the largest flow", DIMENSION_FLOW, old->limits.rate_max.nl_day, new->limits.rate_max.nl_day);
    if (new->program.opening.kind == OPENING_BRIDGE)
        bound_add(bounds, "the flow of the bridge", DIMENSION_FLOW, program_base_peak(&old->program).nl_day,
                  new->program.opening.rate.nl_day);
}

static enum step bound_step(const struct bound *bound)
{
    if (bound->before <= 0 || bound->after < LARGE * bound->before)
        return STEP_SMALL;
    return bound->after / STEEP >= bound->before ? STEP_STEEP : STEP_LARGE;
}

/* Too little can harm as well; but less is never held back. */
static void falls_say(const struct desk *desk, const struct therapy *old, const struct therapy *new)
{
    char name[32];
    for (unsigned i = 0; i < old->mixture.count; i++) {
        uint16_t drug = old->mixture.component[i].drug;
        int64_t before = daydose_most(old, drug, PART_BASE);
        series_drug_name(name, drug);
        if (before > 0 && daydose_most(new, drug, PART_BASE) <= before / LARGE)
            fprintf(stderr, "cisterna %s: NOTE: half the present dose of %s, or less%s\n", desk->command, name,
                    drug_stop_is_hazard(drug) ? "; withdrawal of this drug is a hazard" : "");
    }
}

enum step step_judge(const struct desk *desk, const struct therapy *old, const struct therapy *new)
{
    struct bounds bounds;
    enum step most = STEP_SMALL;
    char before[AMOUNT_TEXT_BYTES], after[AMOUNT_TEXT_BYTES], below[AMOUNT_TEXT_BYTES];
    bounds_make(&bounds, old, new);
    falls_say(desk, old, new);
    for (unsigned i = 0; i < bounds.count; i++) {
        const struct bound *bound = &bounds.bound[i];
        enum step step = bound_step(bound);
        most = step > most ? step : most;
        if (step != STEP_STEEP)
            continue;
        amount_write_of(before, bound->dimension, bound->before);
        amount_write_of(after, bound->dimension, bound->after);
        amount_write_of(below, bound->dimension, bound->before * STEEP);
        fprintf(stderr, "cisterna %s: %s goes from %s to %s, %d times as much or more: not activated; at once it may go to less "
                        "than %s\n", desk->command, bound->what, before, after, STEEP, below);
    }
    return most;
}

void step_ask(const char *question, char line[STEP_LINE_BYTES])
{
    fflush(stdout); /* the table stands above the question, wherever the two go */
    fprintf(stderr, "%s: ", question);
    fflush(stderr);
    if (fgets(line, STEP_LINE_BYTES, stdin) == NULL)
        line[0] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
}

/* Was this amount typed, with its unit? */
static bool amount_typed(const char *question, enum dimension dimension, int64_t expected)
{
    char line[STEP_LINE_BYTES];
    int64_t typed = -1;
    step_ask(question, line);
    return amount_read(line, dimension, &typed) == AMOUNT_OK && typed == expected;
}

bool step_typed(const struct desk *desk, const struct therapy *old, const struct therapy *new)
{
    struct bounds bounds;
    char before[AMOUNT_TEXT_BYTES], after[AMOUNT_TEXT_BYTES], question[WHAT_BYTES + 80];
    bounds_make(&bounds, old, new);
    for (unsigned i = 0; i < bounds.count; i++) {
        const struct bound *bound = &bounds.bound[i];
        if (bound_step(bound) != STEP_LARGE)
            continue;
        amount_write_of(before, bound->dimension, bound->before);
        amount_write_of(after, bound->dimension, bound->after);
        fprintf(stderr, "!! %s becomes twice as much, or more: now %s, NEW %s\n", bound->what, before, after);
        snprintf(question, sizeof question, "Type what %s becomes, with its unit", bound->what);
        if (amount_typed(question, bound->dimension, bound->after))
            continue;
        fprintf(stderr, "cisterna %s: that is not what %s becomes, %s: not activated\n", desk->command, bound->what, after);
        return false;
    }
    return true;
}
