/* plan_emit.c - random questions for the planner and its exact answers, one a line, for the reference in another language.
 * plan_emit SEED COUNT */
// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <stdlib.h>

#include "clinic/planner/bridge.h"
#include "clinic/planner/mix.h"
#include "clinic/planner/prime.h"
#include "clinic/planner/rate.h"
#include "clinic/planner/refilling.h"
#include "clinic/planner/residual.h"
#include "clinic/planner/volume.h"
#include "core/limits.h"

static uint64_t state;

static uint64_t draw(void)
{
    state += 0x9e3779b97f4a7c15u;
    uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* From least to most, every order of size as likely as another. */
static int64_t any(int64_t least, int64_t most)
{
    uint64_t span = (uint64_t)(most - least), bits = 0;
    while (bits < 63 && (span >> bits) != 0)
        bits++;
    uint64_t mask = bits == 0 ? 0 : (UINT64_C(1) << (draw() % bits + 1)) - 1;
    uint64_t value = draw() & mask;
    return least + (int64_t)(value > span ? value % (span + 1) : value);
}

static const struct model *any_model(void)
{
    return model_find((uint8_t)(draw() % 3 + 1), 1);
}

static struct drugdose any_drugdose(void)
{
    return (struct drugdose){ .drug = (uint16_t)(draw() % 8 + 1),
                              .conc = { (int32_t)any(1, CONC_NG_ML_MAX) },
                              .dose = { any(1, LIMIT_FG_MAX) } };
}

static struct implanted_catheter any_catheter(void)
{
    if (draw() & 1)
        return (struct implanted_catheter){ .by_volume = true, .volume = { any(1, 10000000) } };
    int32_t length = (int32_t)any(1, CATHETER_MM_MAX);
    return (struct implanted_catheter){ .length_mm = length, .trimmed_mm = (int32_t)any(0, length - 1) };
}

static void number(const char *name, int64_t value)
{
    printf(" %s=%lld", name, (long long)value);
}

static void digits(wide value)
{
    if (value < 0)
        putchar('-');
    unsigned __int128 size = value < 0 ? -(unsigned __int128)value : (unsigned __int128)value;
    char text[44];
    unsigned at = sizeof text;
    text[--at] = '\0';
    do {
        text[--at] = (char)('0' + (int)(size % 10));
        size /= 10;
    } while (size > 0);
    fputs(text + at, stdout);
}

static void fraction(const char *name, struct ratio value)
{
    printf(" %s=", name);
    digits(value.num);
    putchar('/');
    digits(value.den);
}

static void drugdose_tell(const char *prefix, const struct drugdose *given)
{
    printf(" %sdrug=%u %sconc=%d %sdose=%lld", prefix, given->drug, prefix, given->conc.ng_ml, prefix,
           (long long)given->dose.fg);
}

static void catheter_tell(const struct implanted_catheter *catheter)
{
    number("by_volume", catheter->by_volume);
    number("volume", catheter->volume.nl);
    number("length", catheter->length_mm);
    number("trimmed", catheter->trimmed_mm);
}

static void rate_emit(void)
{
    struct rate_question question = { .model = any_model(), .drugdose = any_drugdose() };
    struct rate_plan plan = { .exact = false };
    question.fill.nl = any(1, question.model->reservoir.nl);
    question.alarm.nl = any(0, question.fill.nl - 1);
    bool fit = rate_plan(&question, &plan);
    printf("rate model=%u", question.model->code);
    drugdose_tell("", &question.drugdose);
    number("fill", question.fill.nl);
    number("alarm", question.alarm.nl);
    number("fit", fit);
    fraction("flow", plan.flow);
    if (!fit)
        return;
    number("set", plan.set.nl_day);
    number("exact", plan.exact);
    number("achieved", plan.achieved.fg);
    fraction("quanta", plan.quanta_per_day);
    fraction("lasts", plan.lasts);
}

static struct figure any_figure(int64_t most)
{
    return (struct figure){ .known = draw() % 3 != 0, .mark = MARK_READ, .value = any(1, most) };
}

static void refill_emit(void)
{
    static struct entry entry;
    const int64_t year = INT64_C(366) * DAY_MS;
    struct refilling_question question = { .model = any_model(),
                                           .drugdose = any_drugdose(),
                                           .state = (enum fill_state)(draw() % 3) };
    struct refilling_plan plan;
    for (unsigned i = 0; i < FILL_STATES; i++)
        entry.stability[i] = any_figure(year);
    entry.refill_policy = any_figure(year);
    question.fill.nl = any(1, question.model->reservoir.nl);
    question.alarm.nl = any(0, question.fill.nl - 1);
    question.bolus.fg = any(0, LIMIT_FG_MAX / 100);
    question.boluses = any(0, PATIENT_BOLUSES_MAX);
    question.from.ms = any(0, 100 * year);
    question.has_replacement = draw() & 1;
    question.replacement.ms = question.from.ms + any(1, 10 * year);
    bool bounded = refilling_plan(&entry, &question, &plan);
    printf("refill model=%u", question.model->code);
    drugdose_tell("", &question.drugdose);
    number("fill", question.fill.nl);
    number("alarm", question.alarm.nl);
    number("bolus", question.bolus.fg);
    number("boluses", question.boluses);
    number("stability", entry.stability[question.state].known ? entry.stability[question.state].value : -1);
    number("policy", entry.refill_policy.known ? entry.refill_policy.value : -1);
    number("replacement", question.has_replacement ? question.replacement.ms - question.from.ms : -1);
    number("bounded", bounded);
    fraction("base_alone", plan.base_alone);
    fraction("volume_lasts", plan.lasts[REFILLING_VOLUME]);
    fraction("due", plan.due);
    number("first", plan.first);
}

static void prime_emit(void)
{
    struct prime_question question = { .model = any_model(),
                                       .catheter = any_catheter(),
                                       .drugdose = any_drugdose(),
                                       .pump_primed = draw() & 1,
                                       .catheter_empty = draw() & 1,
                                       .holds = { (int32_t)any(1, CONC_NG_ML_MAX) },
                                       .rate = { (int32_t)any(0, RATE_NL_DAY_MAX) } };
    struct prime_plan plan;
    prime_plan(&question, &plan);
    printf("prime model=%u", question.model->code);
    catheter_tell(&question.catheter);
    drugdose_tell("", &question.drugdose);
    number("primed", question.pump_primed);
    number("empty", question.catheter_empty);
    number("holds", question.holds.ng_ml);
    number("rate", question.rate.nl_day);
    number("pushed", plan.volume.nl);
    fraction("duration", plan.duration);
    fraction("before", plan.before);
    fraction("waiting", plan.waiting);
}

static void bridge_emit(void)
{
    struct bridge_question question = { .model = any_model(), .catheter = any_catheter(), .from = any_drugdose() };
    struct bridge_plan plan;
    question.to = any_drugdose();
    if (draw() & 1)
        question.to.drug = question.from.drug;
    bridge_plan(&question, &plan);
    printf("bridge model=%u", question.model->code);
    catheter_tell(&question.catheter);
    drugdose_tell("from_", &question.from);
    drugdose_tell("to_", &question.to);
    number("pushed", plan.volume.nl);
    fraction("rate", plan.rate);
    fraction("duration", plan.duration);
    fraction("after", plan.after);
    fraction("skipped_dose", plan.skipped_dose);
    fraction("skipped_factor", plan.skipped_factor);
    fraction("skipped_duration", plan.skipped_duration);
}

static void mix_emit(void)
{
    struct mix_question question = { .model = any_model(), .parts = (unsigned)(draw() % MIXTURE_DRUGS_MAX + 1) };
    struct mix_plan plan;
    question.flow.nl_day = (int32_t)any(1, RATE_NL_DAY_MAX);
    question.fill.nl = any(1, question.model->reservoir.nl);
    question.dead_space.nl = any(0, 5000000);
    printf("mix flow=%d fill=%lld dead=%lld parts=%u", question.flow.nl_day, (long long)question.fill.nl,
           (long long)question.dead_space.nl, question.parts);
    /* Stocks of one size: three fractions of unlike denominators would be longer than 127 bits, and no vial is like that. */
    int32_t stock = (int32_t)any(1, CONC_NG_ML_MAX);
    for (unsigned i = 0; i < question.parts; i++) {
        question.part[i] = (struct mix_part){ .drug = (uint16_t)(i + 1), .dose = { any(1, LIMIT_FG_MAX) }, .stock = { stock } };
        printf(" dose%u=%lld stock%u=%d", i, (long long)question.part[i].dose.fg, i, question.part[i].stock.ng_ml);
    }
    mix_plan(&question, &plan);
    number("prepared", plan.prepared.nl);
    for (unsigned i = 0; i < question.parts; i++) {
        char name[16];
        snprintf(name, sizeof name, "conc%u", i);
        fraction(name, plan.conc[i]);
        snprintf(name, sizeof name, "draw%u", i);
        fraction(name, plan.draw[i]);
    }
    fraction("diluent", plan.diluent);
}

static void residual_emit(void)
{
    static struct residual_question question;
    struct residual_plan plan;
    question.model = any_model();
    question.readings.count = (unsigned)(draw() % 6 + 1);
    question.tolerance.nl = draw() & 1 ? 0 : any(1, 5000000);
    printf("residual model=%u tolerance=%lld readings=", question.model->code, (long long)question.tolerance.nl);
    for (unsigned i = 0; i < question.readings.count; i++) {
        struct reading *reading = &question.readings.reading[i];
        reading->expected.nl = any(0, 40000000);
        /* Near what was expected as often as anywhere. */
        int64_t near = reading->expected.nl + any(0, 4000000) - 2000000;
        reading->found.nl = draw() & 1 && near >= 0 ? near : any(0, 40000000);
        reading->metered.nl = draw() % 4 == 0 ? 0 : any(1, 40000000);
        printf("%s%lld:%lld:%lld", i > 0 ? "," : "", (long long)reading->expected.nl, (long long)reading->found.nl,
               (long long)reading->metered.nl);
    }
    residual_plan(&question, &plan);
    number("difference", plan.difference_nl);
    number("sum", plan.sum_nl);
    fraction("share", plan.share);
    fraction("sum_share", plan.sum_share);
    number("short_row", plan.short_row);
    number("verdict", plan.verdict);
}

int main(int count, char **words)
{
    static void (*const emit[])(void) = { rate_emit, refill_emit, prime_emit, bridge_emit, mix_emit, residual_emit };
    if (count != 3)
        return 2;
    state = strtoull(words[1], NULL, 10);
    for (long left = strtol(words[2], NULL, 10); left > 0; left--) {
        emit[draw() % (sizeof emit / sizeof emit[0])]();
        putchar('\n');
    }
    return 0;
}
