/* person.c - the patient of a simulated pump. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/body/person.h"

#include <math.h>
#include <string.h>

#include "twin/body/feeling.h"
#include "twin/body/luck.h"
#include "twin/body/march.h"

static const double MINUTE_S = 60.0, HOUR_S = 3600.0, DAY_S = 86400.0;
/* Between looks at the spines, at most. Tissue and the fluid at C1 follow within many minutes. */
static const double LOOK_S = 300.0;
/* What still leaves the tip for less than this goes with the next span: a spine is not made to step by what rounding left. */
static const double LEFT_LEAST_S = 1.0;
/* How pain wavers: knots so far apart, and between them a smooth way. */
static const double WAVER_HOURS_S = 7200.0, WAVER_DAYS_S = 86400.0;

struct person_setup person_setup_typical(uint64_t seed)
{
    struct person_setup setup = {
        .seed = seed, .regime = REGIME_MOBILE, .tip_m = level_middle(LEVEL_L2), .site_m = level_middle(LEVEL_T12)
    };
    figures_typical(&setup.figures);
    setup.pain = setup.figures.value[FIGURE_PAIN];
    return setup;
}

struct person_setup person_setup_drawn(uint64_t seed, uint64_t person)
{
    struct person_setup setup = person_setup_typical(seed);
    figures_drawn(&setup.figures, seed, person);
    setup.pain = fmin(setup.figures.value[FIGURE_PAIN], 10.0);
    return setup;
}

static bool between(double value, double least, double most)
{
    return value >= least && value <= most;
}

static bool setup_fits(const struct person_setup *setup, const struct canal *canal)
{
    for (int i = 0; i < FIGURES_ALL; i++) {
        if (!(isfinite(setup->figures.value[i]) && setup->figures.value[i] > 0.0)) {
            return false;
        }
    }
    return between(setup->tip_m, 0.0, canal->length_m) && between(setup->site_m, 0.0, canal->length_m) &&
           between(setup->pain, 0.0, 10.0) && between(setup->spasticity, 0.0, 1.0) &&
           (setup->regime == REGIME_MOBILE || setup->regime == REGIME_STILL);
}

static struct person_spine *spine_of(struct person *person, enum agent agent)
{
    for (int i = 0; i < person->spines; i++) {
        if (person->spine[i].agent == agent) {
            return &person->spine[i];
        }
    }
    return NULL;
}

/* A place for a drug that this person has not had before; null when there is none left. */
static struct person_spine *spine_new(struct person *person, enum agent agent)
{
    struct spine_setup setup = agent_setup(&person->setup.figures, agent, person->setup.regime, person->setup.tip_m);
    struct person_spine *place = &person->spine[person->spines];
    if (person->spines == PERSON_SPINES_MAX || !spine_init(&place->spine, &person->canal, &setup)) {
        return NULL;
    }
    place->agent = agent;
    person->spines++;
    return place;
}

const struct spine *person_spine(const struct person *person, enum agent agent)
{
    for (int i = 0; i < person->spines; i++) {
        if (person->spine[i].agent == agent) {
            return &person->spine[i].spine;
        }
    }
    return NULL;
}

bool person_deliver(struct person *person, enum agent agent, double kg, double seconds)
{
    if ((unsigned)agent >= AGENTS_ALL || !(isfinite(kg) && kg >= 0.0 && isfinite(seconds) && seconds >= 0.0)) {
        return false;
    }
    struct person_spine *place = spine_of(person, agent);
    if (place == NULL && (place = spine_new(person, agent)) == NULL) {
        return false;
    }
    if (kg == 0.0) {
        return true;
    }
    if (seconds == 0.0) {
        spine_bolus(&place->spine, kg);
        return true;
    }
    place->left_kg += kg;
    place->left_s = fmax(place->left_s, seconds);
    return true;
}

bool person_tip(struct person *person, double tip_m)
{
    if (!between(tip_m, 0.0, person->canal.length_m)) {
        return false;
    }
    person->setup.tip_m = tip_m;
    for (int i = 0; i < person->spines; i++) {
        (void)spine_tip(&person->spine[i].spine, tip_m);
    }
    return true;
}

bool person_ill(struct person *person, double illness)
{
    if (!between(illness, 0.0, 1.0)) {
        return false;
    }
    person->illness = illness;
    return true;
}

/* Normal at each knot, and between them straight, kept to the same standard deviation. Depends on time alone. */
static double waver(uint64_t seed, enum luck stream, double time_s, double apart_s)
{
    double knot = floor(time_s / apart_s), part = time_s / apart_s - knot;
    double before = luck_normal(seed, stream, (uint64_t)knot), after = luck_normal(seed, stream, (uint64_t)knot + 1);
    return ((1.0 - part) * before + part * after) / sqrt((1.0 - part) * (1.0 - part) + part * part);
}

static double clamped(double value, double least, double most)
{
    return fmin(fmax(value, least), most);
}

struct person_view person_view(const struct person *person)
{
    const struct person_setup *setup = &person->setup;
    struct response_effect effect = response_effect(&person->response, &setup->figures);
    double wavering =
        setup->figures.value[FIGURE_PAIN_HOURS] * waver(setup->seed, LUCK_PAIN_HOURS, person->time_s, WAVER_HOURS_S) +
        setup->figures.value[FIGURE_PAIN_DAYS] * waver(setup->seed, LUCK_PAIN_DAYS, person->time_s, WAVER_DAYS_S);
    double loose = setup->spasticity * (1.0 - effect.loosening);
    return (struct person_view){
        .time_s = person->time_s,
        .pain = setup->pain > 0.0 ? clamped(setup->pain * (1.0 - effect.relief) + effect.rebound + wavering, 0.0, 10.0)
                                  : clamped(effect.rebound, 0.0, 10.0),
        .baseline_pain = setup->pain > 0.0 ? clamped(setup->pain + wavering, 0.0, 10.0) : 0.0,
        .relief = effect.relief,
        .spasticity = loose + (1.0 - loose) * effect.stiffening * setup->spasticity,
        .baseline_spasticity = setup->spasticity,
        .sedation = effect.sedation,
        .breathing = effect.breathing,
        .apnoea = effect.breathing < setup->figures.value[FIGURE_APNOEA] ? 1.0 : 0.0,
        .withdrawal = effect.withdrawal,
        .confusion = effect.confusion + (1.0 - effect.confusion) * 0.5 * person->illness * person->illness,
        .nausea = effect.nausea,
        .itching = effect.itching,
        .weakness = effect.weakness,
        .blood_pressure = clamped(effect.blood_pressure, -1.0, 1.0),
        .fever = effect.fever + (1.0 - effect.fever) * person->illness,
        .boluses_asked = (unsigned)person->asked,
    };
}

int person_feels(const struct person *person, const char *said[PERSON_FEELINGS_MAX])
{
    struct person_view view = person_view(person);
    int count = feelings_said(&view, said);
    return view.apnoea > 0.0 ? 1 : count;
}

/* Presses come by chance at this rate, 1/s. */
static double urge_rate_s(const struct person *person)
{
    const double *value = person->setup.figures.value;
    struct person_view view = person_view(person);
    double unbearable = fmax(view.pain - value[FIGURE_BEARABLE], 0.0);
    return (value[FIGURE_WHIM] + value[FIGURE_URGE] * unbearable) / HOUR_S * (1.0 - view.sedation) *
           (1.0 - view.apnoea);
}

static void feel_urge(struct person *person, double urge_s, double seconds)
{
    double awake_s = fmin(seconds, person->time_s - person->rests_until_s), before_s = person->urge_s;
    person->urge_s = urge_s;
    if (person->wants || awake_s <= 0.0) {
        return;
    }
    person->urge += 0.5 * (before_s + urge_s) * awake_s;
    person->wants = person->urge >= person->urge_at;
}

static struct response_input person_input(const struct person *person)
{
    struct response_input input = { 0 };
    for (int i = 0; i < person->spines; i++) {
        const struct person_spine *place = &person->spine[i];
        response_input(&input, &person->setup.figures, place->agent,
                       spine_tissue_at(&place->spine, person->setup.site_m),
                       spine_csf_at(&place->spine, level_middle(LEVEL_C1)));
    }
    return input;
}

/* Not longer than LOOK_S, nor than what leaves the tip now goes on. */
static double span_next(const struct person *person, double left_s)
{
    double parts = ceil(left_s / LOOK_S), span_s = left_s / parts;
    for (int i = 0; i < person->spines; i++) {
        double goes_on_s = person->spine[i].left_s;
        span_s = goes_on_s >= LEFT_LEAST_S ? fmin(span_s, goes_on_s) : span_s;
    }
    return span_s;
}

static void spine_live(struct person_spine *place, double seconds)
{
    spine_infuse(&place->spine, place->left_s > 0.0 ? place->left_kg / fmax(place->left_s, seconds) : 0.0);
    march(&place->spine, seconds);
    if (place->left_s > seconds) {
        place->left_kg -= place->left_kg * (seconds / place->left_s);
        place->left_s -= seconds;
    } else {
        place->left_kg = place->left_s = 0.0;
    }
}

void person_pass(struct person *person, double seconds)
{
    if (!(seconds > 0.0) || !isfinite(seconds)) {
        return;
    }
    double end_s = person->time_s + seconds, left_s = seconds;
    while (left_s > 0.0) {
        double span_s = span_next(person, left_s);
        for (int i = 0; i < person->spines; i++) {
            spine_live(&person->spine[i], span_s);
        }
        struct response_input input = person_input(person);
        response_pass(&person->response, &person->setup.figures, &input, span_s);
        left_s -= span_s;
        person->time_s = left_s > 0.0 ? end_s - left_s : end_s;
        feel_urge(person, urge_rate_s(person), span_s);
    }
}

/* Nothing has happened to this person yet. */
static void life_begins(struct person *person)
{
    person->time_s = person->urge = person->rests_until_s = 0.0;
    person->wants = false;
    person->asked = person->heard = person->appointments = 0;
    person->urge_at = luck_wait(person->setup.seed, LUCK_ASKS, 0);
    person->urge_s = urge_rate_s(person);
}

bool person_init(struct person *person, const struct person_setup *setup)
{
    struct canal canal;
    if (!canal_init(&canal, CANAL_CELLS_USUAL, -1.0) || !setup_fits(setup, &canal) ||
        !canal_init(&canal, CANAL_CELLS_USUAL, setup->tip_m)) {
        return false;
    }
    memset(person, 0, sizeof *person);
    /* Member by member: what lies between them stays 0, so that the same life has the same bytes. */
    person->setup.seed = setup->seed;
    person->setup.figures = setup->figures;
    person->setup.regime = setup->regime;
    person->setup.tip_m = setup->tip_m;
    person->setup.site_m = setup->site_m;
    person->setup.pain = setup->pain;
    person->setup.spasticity = setup->spasticity;
    person->canal = canal;
    life_begins(person);
    return true;
}

bool person_used_to(struct person *person, enum agent agent, double kg_s, double seconds)
{
    if (!(isfinite(kg_s) && kg_s >= 0.0) || !(isfinite(seconds) && seconds >= 0.0) ||
        !person_deliver(person, agent, kg_s * seconds, seconds)) {
        return false;
    }
    person_pass(person, seconds);
    life_begins(person);
    return true;
}

bool person_asks(struct person *person)
{
    if (!person->wants) {
        return false;
    }
    person->wants = false;
    person->asked++;
    person->urge = 0.0;
    person->urge_at = luck_wait(person->setup.seed, LUCK_ASKS, person->asked);
    person->rests_until_s = person->time_s + person->setup.figures.value[FIGURE_REST] * MINUTE_S;
    return true;
}

bool person_hears(struct person *person)
{
    struct person_view view = person_view(person);
    double heard = fmax(1.0 - person->setup.figures.value[FIGURE_DEAF], 0.0) * (1.0 - view.sedation) *
                   (1.0 - view.confusion) * (1.0 - view.apnoea);
    return luck_share(person->setup.seed, LUCK_HEARS, person->heard++) < heard;
}

double person_late_s(struct person *person)
{
    const double *value = person->setup.figures.value;
    uint64_t index = 2 * person->appointments++;
    if (luck_share(person->setup.seed, LUCK_KEEPS, index) >= value[FIGURE_TARDY]) {
        return 0.0;
    }
    return luck_wait(person->setup.seed, LUCK_KEEPS, index + 1) * value[FIGURE_LATENESS] * DAY_S;
}
