/* granuloma.h - the inflammatory mass that can grow at a catheter's tip, narrow it or block it, and shrink again. Its driver is
 * the concentration that the tissue around the tip bathes in, in morphine's terms. Sources contradict each other (dogs: the
 * concentration decides; people: the dose): twin/MATHEMATICS.md. SIMULATION; never for use in people. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_BODY_GRANULOMA_H
#define TWIN_BODY_GRANULOMA_H

#include <stdbool.h>
#include <stdint.h>

enum granuloma_number {
#define GRANULOMA(name, value, unit, guess, source) GRANULOMA_##name,
#include "twin/body/granuloma.def"
#undef GRANULOMA
    GRANULOMA_NUMBERS
};

struct granuloma_row {
    double value;
    const char *unit;
    bool guess;
    const char *source;
};

const struct granuloma_row *granuloma_row(enum granuloma_number number);

/* A plain struct: copying one with `=` forks a run. */
struct granuloma {
    uint64_t seed;
    double factor;    /* on the published rate: 0: none begins by itself */
    double hazard;    /* cumulative, of one to begin, since the last was gone */
    double threshold; /* at which it begins: drawn, exponential */
    double size;      /* 0: none; 1 closes the tip */
    double age_s;     /* since it began */
    uint32_t begun;   /* how many have begun so far */
    bool grows;       /* one is there */
};

/* None yet. `factor` on the published rate; not negative. */
void granuloma_init(struct granuloma *granuloma, uint64_t seed, double factor);
/* One begins now, of this size (not negative), whatever the hazard says. One that is there already keeps the larger size. */
void granuloma_begin(struct granuloma *granuloma, double size);
/* It is gone: shrunk away, or taken out. What begins another is drawn anew; without one, nothing changes. */
void granuloma_end(struct granuloma *granuloma);
/* `seconds` pass at this concentration (kg/m3, which is mg/mL; granuloma_near()), exactly: how time is cut into steps does not
 * matter as long as the concentration stays; that one is gone is seen at the end of a step only.
 * Returns the share of a flow that passes the tip, 0 to 1. What is negative or not finite counts as 0. */
double granuloma_pass(struct granuloma *granuloma, double kg_m3, double seconds);
/* The share that passes now. */
double granuloma_passes(const struct granuloma *granuloma);

/* The concentration around the tip, kg/m3: the fluid of the canal there (spine_csf_at(), or 0 when no spine is played) and what
 * leaves the tip (kg/m3, its flow in m3/s), which is thinned by the little that washes past. The spine alone cannot tell it: it
 * mixes over centimetres, where the same dose a day makes the same concentration whatever it was thinned with. */
double granuloma_near(double csf_kg_m3, double leaving_kg_m3, double flow_m3_s);
/* What 1 kg/m3 of a drug (code as in fluids) counts in kg/m3 of morphine. Only morphine and hydromorphone count: none was seen
 * with baclofen alone (Coffey and Burchiel) or fentanyl (Allen 2006), and of the others nothing was read. */
double granuloma_weight(uint16_t drug);

#endif
