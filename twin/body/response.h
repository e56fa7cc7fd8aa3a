/* response.h - what drugs do to a person: effect sites, tolerance fast and slow, habituation and withdrawal, for each way
 * in which a drug acts. Pure: concentrations in, effects out.
 *
 *   e' = ke (u - e),  f' = kf (e - f),  l' = kl (e - l),   effect = ceiling r^g / (1 + r^g),  r = e / (1 + F f + L l)
 *   b' = kb (e - b),  w' = kw (max(0, b - e) / (1 + b) - w)
 *
 * u: concentration over that of half the effect, summed over the drugs that act alike. twin/MATHEMATICS.md tells the
 * rest. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_BODY_RESPONSE_H
#define TWIN_BODY_RESPONSE_H

#include "twin/body/agent.h"
#include "twin/body/figure.h"

/* Ways to act. Drugs of one way add up, and share one tolerance. */
enum action { ACTION_OPIOID, ACTION_GABA, ACTION_CALCIUM, ACTION_SODIUM, ACTION_ALPHA2, ACTIONS_ALL };

/* Concentrations over those of half the effect: in the cord where pain arises, and in the fluid at the brain stem. */
struct response_input {
    double cord[ACTIONS_ALL], head[ACTIONS_ALL];
};

/* All in multiples of the concentration of half the effect, but for withdrawal. */
struct response_state {
    double cord, cord_fast, cord_slow; /* effect site in the cord, its tolerance of hours and of months */
    double head, head_fast;            /* effect site at the brain stem, its tolerance */
    double habit;                      /* what the cord has got used to */
    double withdrawal;                 /* 0 to 1 */
};

struct response {
    struct response_input input; /* at the end of the last span */
    struct response_state state[ACTIONS_ALL];
};

/* Effects; shares 0 to 1, but for blood pressure, -1 to 1. */
struct response_effect {
    double relief;     /* of pain */
    double loosening;  /* of spasticity */
    double rebound;    /* of pain, by withdrawal of opioids */
    double stiffening; /* of muscles, by withdrawal of baclofen */
    double sedation, breathing, withdrawal, confusion, nausea, itching, weakness, blood_pressure, fever;
};

enum action response_action(enum agent agent);
/* Adds what one drug contributes: kg/m3 in the tissue where pain arises and in the fluid at the brain stem. */
void response_add(struct response_input *input, const struct figures *figures, enum agent agent, double tissue_kg_m3,
                  double cisterna_kg_m3);
/* So long, while the input goes in a straight line from what it was to `input`. Exact for the effect sites; of second
 * order in the length of the span for what follows them. */
void response_pass(struct response *response, const struct figures *figures, const struct response_input *input,
                   double seconds);
struct response_effect response_effect(const struct response *response, const struct figures *figures);

#endif
