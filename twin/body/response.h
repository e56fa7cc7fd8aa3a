/* response.h - what drugs do to a person: effect sites, tolerance fast and slow, habituation and withdrawal, for each way
 * in which a drug acts. Pure: concentrations in, effects out.
 *
 *   e' = ke (u - e) for each drug; c, their sum over the drugs that act alike
 *   f' = kf (c - f),  l' = kl (c - l),  r = c / (1 + F f + L l),  effect = ceiling r^g / (1 + r^g)
 *   o = r / (1 + r),  b' = kb (o - b),  w' = kw (max(0, b - o) - w)
 *
 * u: concentration over that of half the effect; f, l: tolerance of hours and of months; o: how much of the receptors is
 * held; b: what the body has got used to; w: withdrawal. At the brain stem the same without l, b and w.
 * twin/MATHEMATICS.md tells the rest. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_BODY_RESPONSE_H
#define TWIN_BODY_RESPONSE_H

#include "twin/body/agent.h"
#include "twin/body/figure.h"

/* Ways to act. Drugs of one way add up, and share one tolerance. */
enum pathway { PATHWAY_OPIOID, PATHWAY_GABA, PATHWAY_CALCIUM, PATHWAY_SODIUM, PATHWAY_ALPHA2, PATHWAYS_ALL };

/* Concentrations over those of half the effect, of each drug: in the cord where pain arises, and at the brain stem. */
struct response_input {
    double cord[AGENTS_ALL], head[AGENTS_ALL];
};

/* In multiples of the concentration of half the effect; habit and withdrawal 0 to 1. */
struct response_state {
    double cord, cord_fast, cord_slow; /* the sum of effect sites, tolerance of hours and of months */
    double head, head_fast;
    double habit, withdrawal;
};

struct response {
    struct response_input input; /* at the end of the last span */
    struct response_input site;  /* effect sites */
    struct response_state state[PATHWAYS_ALL];
};

/* Effects; shares 0 to 1, unless said. */
struct response_effect {
    double relief;     /* of pain */
    double rebound;    /* pain that withdrawal of opioids adds, of 10 */
    double loosening;  /* of spasticity */
    double stiffening; /* of muscles, by withdrawal of baclofen */
    double sedation, breathing, withdrawal, confusion, nausea, itching, weakness, fever;
    double blood_pressure; /* -1 to 1 */
};

enum pathway response_pathway(enum agent agent);
/* Sets what one drug contributes: kg/m3 in the tissue where pain arises and in the fluid at the brain stem. */
void response_input(struct response_input *input, const struct figures *figures, enum agent agent, double tissue_kg_m3,
                    double cisterna_kg_m3);
/* So long, while the input goes in a straight line from what it was to `input`. Exact for the effect sites; of second
 * order in the length of the span for what follows them. */
void response_pass(struct response *response, const struct figures *figures, const struct response_input *input,
                   double seconds);
struct response_effect response_effect(const struct response *response, const struct figures *figures);

#endif
