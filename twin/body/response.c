/* response.c - what drugs do to a person. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/body/response.h"

#include <math.h>
#include <string.h>

static const double MINUTE_S = 60.0, HOUR_S = 3600.0, DAY_S = 86400.0, LN_2 = 0.69314718055994530942;
static const double NG_ML = 1e-6; /* in kg/m3 */

enum { NONE = FIGURES_ALL };

/* A pathway has what its row names; NONE: it has none of that. Tolerance of the head is the fast one. */
static const struct {
    int steepness, ceiling, fast_h, fast_gain, slow_d, slow_gain;
    int head_steepness, head_gain, habit_h, lag_h, withdrawal_gain;
} PATHWAYS[PATHWAYS_ALL] = {
    [PATHWAY_OPIOID] = { FIGURE_OPIOID_STEEPNESS, FIGURE_OPIOID_CEILING, FIGURE_OPIOID_FAST, FIGURE_OPIOID_FAST_GAIN,
                         FIGURE_OPIOID_SLOW, FIGURE_OPIOID_SLOW_GAIN, FIGURE_OPIOID_BREATHING, FIGURE_OPIOID_HEAD_GAIN,
                         FIGURE_OPIOID_HABIT, FIGURE_OPIOID_LAG, FIGURE_OPIOID_WITHDRAWAL },
    [PATHWAY_GABA] = { FIGURE_GABA_STEEPNESS, FIGURE_GABA_CEILING, NONE, NONE, FIGURE_GABA_SLOW, FIGURE_GABA_SLOW_GAIN,
                       FIGURE_GABA_HEAD_STEEPNESS, NONE, FIGURE_GABA_HABIT, FIGURE_GABA_LAG, FIGURE_GABA_WITHDRAWAL },
    [PATHWAY_CALCIUM] = { FIGURE_CALCIUM_STEEPNESS, FIGURE_CALCIUM_CEILING, NONE, NONE, NONE, NONE,
                          FIGURE_CALCIUM_HEAD_STEEPNESS, NONE, NONE, NONE, NONE },
    [PATHWAY_SODIUM] = { FIGURE_SODIUM_STEEPNESS, FIGURE_SODIUM_CEILING, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
                         NONE },
    [PATHWAY_ALPHA2] = { FIGURE_ALPHA2_STEEPNESS, FIGURE_ALPHA2_CEILING, NONE, NONE, NONE, NONE,
                         FIGURE_ALPHA2_HEAD_STEEPNESS, NONE, FIGURE_ALPHA2_HABIT, FIGURE_ALPHA2_LAG,
                         FIGURE_ALPHA2_WITHDRAWAL },
};

static const struct {
    enum pathway pathway;
    int cord, partition, cord_delay_min, head, head_delay_h; /* NONE: does not act there */
} DRUGS[AGENTS_ALL] = {
#define DRUG(name, pathway)                                                                                            \
    [AGENT_##name] = { pathway,                                                                                        \
                       FIGURE_##name##_CORD,                                                                           \
                       FIGURE_##name##_PARTITION,                                                                      \
                       FIGURE_##name##_CORD_DELAY,                                                                     \
                       FIGURE_##name##_HEAD,                                                                           \
                       FIGURE_##name##_HEAD_DELAY }
    DRUG(MORPHINE, PATHWAY_OPIOID),
    DRUG(HYDROMORPHONE, PATHWAY_OPIOID),
    DRUG(FENTANYL, PATHWAY_OPIOID),
    DRUG(SUFENTANIL, PATHWAY_OPIOID),
    DRUG(BACLOFEN, PATHWAY_GABA),
    DRUG(ZICONOTIDE, PATHWAY_CALCIUM),
    DRUG(CLONIDINE, PATHWAY_ALPHA2),
    [AGENT_BUPIVACAINE] = { PATHWAY_SODIUM, FIGURE_BUPIVACAINE_CORD, FIGURE_BUPIVACAINE_PARTITION,
                            FIGURE_BUPIVACAINE_CORD_DELAY, NONE, NONE },
#undef DRUG
};

static double figure_or(const struct figures *figures, int figure, double otherwise)
{
    return figure == NONE ? otherwise : figures->value[figure];
}

enum pathway response_pathway(enum agent agent)
{
    return DRUGS[agent].pathway;
}

void response_input(struct response_input *input, const struct figures *figures, enum agent agent, double tissue_kg_m3,
                    double cisterna_kg_m3)
{
    /* What is bound does not act: of two people whose tissue holds as much, it acts less in whom it holds more of what the fluid
     * has. The concentrations of half the effect are those of tissue with the typical partition. */
    double free = figure_row((enum figure)DRUGS[agent].partition)->value / figures->value[DRUGS[agent].partition];
    input->cord[agent] = tissue_kg_m3 * free / (NG_ML * figures->value[DRUGS[agent].cord]);
    input->head[agent] = cisterna_kg_m3 / (NG_ML * figure_or(figures, DRUGS[agent].head, HUGE_VAL));
}

/* How fast something follows that has this half-time; what has none does not move. */
static double rate_s(const struct figures *figures, int half_time, double unit_s)
{
    return half_time == NONE ? 0.0 : LN_2 / (figures->value[half_time] * unit_s);
}

/* x' = rate (u - x) for so long, exactly, while u goes straight from `from` to `to`. */
static double follow(double x, double rate, double from, double to, double seconds)
{
    double z = rate * seconds;
    if (!(z > 0.0) || (x == 0.0 && from == 0.0 && to == 0.0)) { /* most drugs are not there */
        return x;
    }
    double gone = -expm1(-z), mean = gone / z; /* of the old; mean of exp(-z t) over 0 to 1 */
    return (1.0 - gone) * x + gone * from + (1.0 - mean) * (to - from);
}

/* Of the cord's effect site, with tolerance: in multiples of what half the effect needs. */
static double cord_of(const struct response_state *state, const struct figures *figures, enum pathway pathway)
{
    return state->cord / (1.0 + figure_or(figures, PATHWAYS[pathway].fast_gain, 0.0) * state->cord_fast +
                          figure_or(figures, PATHWAYS[pathway].slow_gain, 0.0) * state->cord_slow);
}

static double head_of(const struct response_state *state, const struct figures *figures, enum pathway pathway)
{
    return state->head / (1.0 + figure_or(figures, PATHWAYS[pathway].head_gain, 0.0) * state->head_fast);
}

/* How much of the receptors is held. */
static double held(const struct response_state *state, const struct figures *figures, enum pathway pathway)
{
    double r = cord_of(state, figures, pathway);
    return r / (1.0 + r);
}

static double missing(double habit, double held)
{
    return habit > held ? habit - held : 0.0;
}

static void sites_pass(struct response *response, const struct figures *figures, const struct response_input *input,
                       double seconds)
{
    for (int i = 0; i < PATHWAYS_ALL; i++) {
        response->state[i].cord = response->state[i].head = 0.0;
    }
    for (int i = 0; i < AGENTS_ALL; i++) {
        struct response_state *state = &response->state[DRUGS[i].pathway];
        response->site.cord[i] = follow(response->site.cord[i], rate_s(figures, DRUGS[i].cord_delay_min, MINUTE_S),
                                        response->input.cord[i], input->cord[i], seconds);
        response->site.head[i] = follow(response->site.head[i], rate_s(figures, DRUGS[i].head_delay_h, HOUR_S),
                                        response->input.head[i], input->head[i], seconds);
        state->cord += response->site.cord[i];
        state->head += response->site.head[i];
    }
    response->input = *input;
}

static void state_pass(struct response_state *state, const struct response_state *was, const struct figures *figures,
                       enum pathway pathway, double seconds)
{
    double fast_s = rate_s(figures, PATHWAYS[pathway].fast_h, HOUR_S);
    double slow_s = rate_s(figures, PATHWAYS[pathway].slow_d, DAY_S);
    double held_was = held(was, figures, pathway);
    state->cord_fast = follow(was->cord_fast, fast_s, was->cord, state->cord, seconds);
    state->head_fast = follow(was->head_fast, fast_s, was->head, state->head, seconds);
    state->cord_slow = follow(was->cord_slow, slow_s, was->cord, state->cord, seconds);
    double held_now = held(state, figures, pathway);
    state->habit = follow(was->habit, rate_s(figures, PATHWAYS[pathway].habit_h, HOUR_S), held_was, held_now, seconds);
    state->withdrawal = follow(was->withdrawal, rate_s(figures, PATHWAYS[pathway].lag_h, HOUR_S),
                               missing(was->habit, held_was), missing(state->habit, held_now), seconds);
}

void response_pass(struct response *response, const struct figures *figures, const struct response_input *input,
                   double seconds)
{
    struct response_state was[PATHWAYS_ALL];
    memcpy(was, response->state, sizeof was);
    sites_pass(response, figures, input, seconds);
    for (int i = 0; i < PATHWAYS_ALL; i++) {
        state_pass(&response->state[i], &was[i], figures, (enum pathway)i, seconds);
    }
}

/* r^g / (1 + r^g). */
static double share_of(double r, double steepness)
{
    double power = r > 0.0 ? pow(r, steepness) : 0.0;
    return power < 1e300 ? power / (1.0 + power) : 1.0;
}

/* Effects that come from different places leave each the rest of what the others left. */
static double together(double a, double b)
{
    return 1.0 - (1.0 - a) * (1.0 - b);
}

static double within_one(double value)
{
    return value < 1.0 ? value : 1.0;
}

static double cord_effect(const struct response *response, const struct figures *figures, enum pathway pathway)
{
    return within_one(figures->value[PATHWAYS[pathway].ceiling]) *
           share_of(cord_of(&response->state[pathway], figures, pathway), figures->value[PATHWAYS[pathway].steepness]);
}

static double withdrawal_of(const struct response *response, const struct figures *figures, enum pathway pathway)
{
    return within_one(figures->value[PATHWAYS[pathway].withdrawal_gain] * response->state[pathway].withdrawal);
}

static void opioid_effect(const struct response *response, const struct figures *figures,
                          struct response_effect *effect)
{
    const double *value = figures->value;
    double head = head_of(&response->state[PATHWAY_OPIOID], figures, PATHWAY_OPIOID);
    double withdrawal = withdrawal_of(response, figures, PATHWAY_OPIOID);
    effect->relief = together(effect->relief, cord_effect(response, figures, PATHWAY_OPIOID));
    effect->breathing *= 1.0 - share_of(head, value[FIGURE_OPIOID_BREATHING]);
    effect->sedation = together(effect->sedation, share_of(head / value[FIGURE_OPIOID_DROWSY], 2.0));
    effect->itching = together(effect->itching, share_of(head / value[FIGURE_OPIOID_ITCH], 1.0));
    effect->nausea = together(effect->nausea, share_of(head / value[FIGURE_OPIOID_NAUSEA], 1.0));
    effect->nausea = together(effect->nausea, 0.5 * withdrawal);
    effect->rebound = value[FIGURE_OPIOID_REBOUND] * withdrawal;
    effect->withdrawal = fmax(effect->withdrawal, withdrawal);
}

static void gaba_effect(const struct response *response, const struct figures *figures, struct response_effect *effect)
{
    const double *value = figures->value;
    double head = head_of(&response->state[PATHWAY_GABA], figures, PATHWAY_GABA),
           steepness = value[FIGURE_GABA_HEAD_STEEPNESS];
    double withdrawal = withdrawal_of(response, figures, PATHWAY_GABA);
    double cord = cord_of(&response->state[PATHWAY_GABA], figures, PATHWAY_GABA);
    effect->loosening = cord_effect(response, figures, PATHWAY_GABA);
    effect->breathing *= 1.0 - share_of(head / value[FIGURE_GABA_BREATHING], steepness);
    effect->sedation = together(effect->sedation, share_of(head, steepness));
    effect->weakness =
        together(effect->weakness, share_of(cord / value[FIGURE_GABA_WEAK], value[FIGURE_GABA_STEEPNESS]));
    effect->stiffening = withdrawal;
    /* Fever and a changed mind belong to what is severe (label, boxed). */
    effect->fever = share_of(2.0 * withdrawal, 3.0);
    effect->confusion = together(effect->confusion, share_of(1.5 * withdrawal, 3.0));
    effect->itching = together(effect->itching, 0.5 * withdrawal);
    effect->withdrawal = fmax(effect->withdrawal, withdrawal);
}

struct response_effect response_effect(const struct response *response, const struct figures *figures)
{
    const double *value = figures->value;
    struct response_effect effect = { .breathing = 1.0 };
    opioid_effect(response, figures, &effect);
    gaba_effect(response, figures, &effect);
    effect.relief = together(effect.relief, cord_effect(response, figures, PATHWAY_CALCIUM));
    effect.confusion =
        together(effect.confusion, share_of(head_of(&response->state[PATHWAY_CALCIUM], figures, PATHWAY_CALCIUM),
                                            value[FIGURE_CALCIUM_HEAD_STEEPNESS]));
    effect.relief = together(effect.relief, cord_effect(response, figures, PATHWAY_SODIUM));
    double block =
        share_of(cord_of(&response->state[PATHWAY_SODIUM], figures, PATHWAY_SODIUM) / value[FIGURE_SODIUM_MOTOR],
                 value[FIGURE_SODIUM_MOTOR_STEEPNESS]);
    effect.weakness = together(effect.weakness, block);
    effect.relief = together(effect.relief, cord_effect(response, figures, PATHWAY_ALPHA2));
    double drowsy = share_of(head_of(&response->state[PATHWAY_ALPHA2], figures, PATHWAY_ALPHA2),
                             value[FIGURE_ALPHA2_HEAD_STEEPNESS]);
    double withdrawal = withdrawal_of(response, figures, PATHWAY_ALPHA2);
    effect.sedation = together(effect.sedation, drowsy);
    effect.blood_pressure = withdrawal - together(drowsy, 0.5 * block);
    effect.withdrawal = fmax(effect.withdrawal, withdrawal);
    return effect;
}
