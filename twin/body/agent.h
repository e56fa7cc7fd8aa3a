/* agent.h - the drugs of the spine (core has the noun drug), and how a person's figures become the setup of one. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_BODY_AGENT_H
#define TWIN_BODY_AGENT_H

#include <stdint.h>

#include "twin/body/figure.h"
#include "twin/body/spine.h"

/* By place in the table, from 0. */
enum agent {
#define AGENT(name, code, word) AGENT_##name,
#include "twin/body/agent.def"
#undef AGENT
    AGENTS_ALL
};

/* How the person and the dose move the fluid. The data do not agree between them, and no single dispersion fits both:
 * docs/spine.md. */
enum regime {
    REGIME_MOBILE, /* a person who moves, or a bolus */
    REGIME_STILL   /* slow infusion into somebody who lies still */
};

const char *agent_word(enum agent agent);
/* The drug of a word or of a code as fluids have it; -1 when there is none. */
int agent_find(const char *word);
int agent_of_code(uint16_t code);
/* "mobile", "still"; -1 when it is neither. */
int regime_find(const char *word);

/* A drug in a person with these figures; tolerance 1e-3, no drift. Published clearances are of all that
 * leaves the fluid, so what bulk flow takes is no part of the drug's own. */
struct spine_setup agent_setup(const struct figures *figures, enum agent agent, enum regime regime, double tip_m);

#endif
