/* response.c - what drugs do to a person. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/body/response.h"

#include <math.h>

static const double MINUTE_S = 60.0, HOUR_S = 3600.0, DAY_S = 86400.0, LN_2 = 0.69314718055994530942;
static const double NG_ML = 1e-6; /* in kg/m3 */

enum { NONE = FIGURES_ALL };

/* An action has what its row names; NONE: it has none of that. Tolerance of the head is the fast one. */
static const struct {
    int delay_min, steepness, ceiling, fast_h, fast_gain, slow_d, slow_gain;
    int head_delay_h, head_steepness, head_gain, habit_h, lag_h, withdrawal_gain;
} ACTIONS[ACTIONS_ALL] = {
    [ACTION_OPIOID] = { FIGURE_OPIOID_DELAY, FIGURE_OPIOID_STEEPNESS, FIGURE_OPIOID_CEILING, FIGURE_OPIOID_FAST,
                        FIGURE_OPIOID_FAST_GAIN, FIGURE_OPIOID_SLOW, FIGURE_OPIOID_SLOW_GAIN, FIGURE_OPIOID_HEAD_DELAY,
                        FIGURE_OPIOID_BREATHING, FIGURE_OPIOID_HEAD_GAIN, FIGURE_OPIOID_HABIT, FIGURE_OPIOID_LAG,
                        FIGURE_OPIOID_WITHDRAWAL },
    [ACTION_GABA] = { FIGURE_GABA_DELAY, FIGURE_GABA_STEEPNESS, FIGURE_GABA_CEILING, NONE, NONE, FIGURE_GABA_SLOW,
                      FIGURE_GABA_SLOW_GAIN, FIGURE_GABA_HEAD_DELAY, FIGURE_GABA_HEAD_STEEPNESS, NONE,
                      FIGURE_GABA_HABIT, FIGURE_GABA_LAG, FIGURE_GABA_WITHDRAWAL },
    [ACTION_CALCIUM] = { FIGURE_CALCIUM_DELAY, FIGURE_CALCIUM_STEEPNESS, FIGURE_CALCIUM_CEILING, NONE, NONE, NONE, NONE,
                         FIGURE_CALCIUM_HEAD_DELAY, FIGURE_CALCIUM_HEAD_STEEPNESS, NONE, NONE, NONE, NONE },
    [ACTION_SODIUM] = { FIGURE_SODIUM_DELAY, FIGURE_SODIUM_STEEPNESS, FIGURE_SODIUM_CEILING, NONE, NONE, NONE, NONE,
                        NONE, NONE, NONE, NONE, NONE, NONE },
    [ACTION_ALPHA2] = { FIGURE_ALPHA2_DELAY, FIGURE_ALPHA2_STEEPNESS, FIGURE_ALPHA2_CEILING, NONE, NONE, NONE, NONE,
                        FIGURE_ALPHA2_HEAD_DELAY, FIGURE_ALPHA2_HEAD_STEEPNESS, NONE, FIGURE_ALPHA2_HABIT,
                        FIGURE_ALPHA2_LAG, FIGURE_ALPHA2_WITHDRAWAL },
};

static const struct {
    enum action action;
    int cord, head; /* NONE: does not act there */
} DRUGS[AGENTS_ALL] = {
    [AGENT_MORPHINE] = { ACTION_OPIOID, FIGURE_MORPHINE_CORD, FIGURE_MORPHINE_HEAD },
    [AGENT_HYDROMORPHONE] = { ACTION_OPIOID, FIGURE_HYDROMORPHONE_CORD, FIGURE_HYDROMORPHONE_HEAD },
    [AGENT_BACLOFEN] = { ACTION_GABA, FIGURE_BACLOFEN_CORD, FIGURE_BACLOFEN_HEAD },
    [AGENT_ZICONOTIDE] = { ACTION_CALCIUM, FIGURE_ZICONOTIDE_CORD, FIGURE_ZICONOTIDE_HEAD },
    [AGENT_BUPIVACAINE] = { ACTION_SODIUM, FIGURE_BUPIVACAINE_CORD, NONE },
    [AGENT_CLONIDINE] = { ACTION_ALPHA2, FIGURE_CLONIDINE_CORD, FIGURE_CLONIDINE_HEAD },
    [AGENT_FENTANYL] = { ACTION_OPIOID, FIGURE_FENTANYL_CORD, FIGURE_FENTANYL_HEAD },
    [AGENT_SUFENTANIL] = { ACTION_OPIOID, FIGURE_SUFENTANIL_CORD, FIGURE_SUFENTANIL_HEAD },
};

static double figure_or(const struct figures *figures, int figure, double otherwise)
{
    return figure == NONE ? otherwise : figures->value[figure];
}

enum action response_action(enum agent agent)
{
    return DRUGS[agent].action;
}

void response_add(struct response_input *input, const struct figures *figures, enum agent agent, double tissue_kg_m3,
                  double cisterna_kg_m3)
{
    enum action action = DRUGS[agent].action;
    input->cord[action] += tissue_kg_m3 / (NG_ML * figures->value[DRUGS[agent].cord]);
    input->head[action] += cisterna_kg_m3 / (NG_ML * figure_or(figures, DRUGS[agent].head, HUGE_VAL));
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
    if (!(z > 0.0)) {
        return x;
    }
    double gone = -expm1(-z), mean = gone / z; /* of the old, and of exp(-z t) over 0..1 */
    return (1.0 - gone) * x + gone * from + (1.0 - mean) * (to - from);
}

/* What withdrawal is driven by: how far the cord has less than it got used to. */
static double missing(const struct response_state *state)
{
    double less = state->habit - state->cord;
    return less > 0.0 ? less / (1.0 + state->habit) : 0.0;
}

void response_pass(struct response *response, const struct figures *figures, const struct response_input *input,
                   double seconds)
{
    for (int i = 0; i < ACTIONS_ALL; i++) {
        struct response_state *state = &response->state[i];
        const struct response_state was = *state;
        double missed = missing(&was);
        state->cord = follow(was.cord, rate_s(figures, ACTIONS[i].delay_min, MINUTE_S), response->input.cord[i],
                             input->cord[i], seconds);
        state->head = follow(was.head, rate_s(figures, ACTIONS[i].head_delay_h, HOUR_S), response->input.head[i],
                             input->head[i], seconds);
        double fast_s = rate_s(figures, ACTIONS[i].fast_h, HOUR_S);
        state->cord_fast = follow(was.cord_fast, fast_s, was.cord, state->cord, seconds);
        state->head_fast = follow(was.head_fast, fast_s, was.head, state->head, seconds);
        state->cord_slow =
            follow(was.cord_slow, rate_s(figures, ACTIONS[i].slow_d, DAY_S), was.cord, state->cord, seconds);
        state->habit = follow(was.habit, rate_s(figures, ACTIONS[i].habit_h, HOUR_S), was.cord, state->cord, seconds);
        state->withdrawal =
            follow(was.withdrawal, rate_s(figures, ACTIONS[i].lag_h, HOUR_S), missed, missing(state), seconds);
    }
    response->input = *input;
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

/* Of the cord's effect site, with tolerance: in multiples of what half the effect needs. */
static double cord_of(const struct response *response, const struct figures *figures, enum action action)
{
    const struct response_state *state = &response->state[action];
    return state->cord / (1.0 + figure_or(figures, ACTIONS[action].fast_gain, 0.0) * state->cord_fast +
                          figure_or(figures, ACTIONS[action].slow_gain, 0.0) * state->cord_slow);
}

static double head_of(const struct response *response, const struct figures *figures, enum action action)
{
    const struct response_state *state = &response->state[action];
    return state->head / (1.0 + figure_or(figures, ACTIONS[action].head_gain, 0.0) * state->head_fast);
}

static double cord_effect(const struct response *response, const struct figures *figures, enum action action)
{
    return figures->value[ACTIONS[action].ceiling] *
           share_of(cord_of(response, figures, action), figures->value[ACTIONS[action].steepness]);
}

static double withdrawal_of(const struct response *response, const struct figures *figures, enum action action)
{
    return within_one(figures->value[ACTIONS[action].withdrawal_gain] * response->state[action].withdrawal);
}

static void opioid_effect(const struct response *response, const struct figures *figures,
                          struct response_effect *effect)
{
    const double *value = figures->value;
    double head = head_of(response, figures, ACTION_OPIOID);
    double withdrawal = withdrawal_of(response, figures, ACTION_OPIOID);
    effect->relief = together(effect->relief, cord_effect(response, figures, ACTION_OPIOID));
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
    double head = head_of(response, figures, ACTION_GABA), steepness = value[FIGURE_GABA_HEAD_STEEPNESS];
    double withdrawal = withdrawal_of(response, figures, ACTION_GABA);
    double cord = cord_of(response, figures, ACTION_GABA);
    effect->loosening = cord_effect(response, figures, ACTION_GABA);
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
    effect.relief = together(effect.relief, cord_effect(response, figures, ACTION_CALCIUM));
    effect.confusion = together(
        effect.confusion, share_of(head_of(response, figures, ACTION_CALCIUM), value[FIGURE_CALCIUM_HEAD_STEEPNESS]));
    effect.relief = together(effect.relief, cord_effect(response, figures, ACTION_SODIUM));
    double block = share_of(cord_of(response, figures, ACTION_SODIUM) / value[FIGURE_SODIUM_MOTOR],
                            value[FIGURE_SODIUM_MOTOR_STEEPNESS]);
    effect.weakness = together(effect.weakness, block);
    effect.relief = together(effect.relief, cord_effect(response, figures, ACTION_ALPHA2));
    double drowsy = share_of(head_of(response, figures, ACTION_ALPHA2), value[FIGURE_ALPHA2_HEAD_STEEPNESS]);
    double withdrawal = withdrawal_of(response, figures, ACTION_ALPHA2);
    effect.sedation = together(effect.sedation, drowsy);
    effect.blood_pressure = withdrawal - together(drowsy, 0.5 * block);
    effect.withdrawal = fmax(effect.withdrawal, withdrawal);
    return effect;
}
