/* granuloma.c - the inflammatory mass at a catheter's tip. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/body/granuloma.h"

#include <Random123/philox.h>
#include <math.h>

#include "twin/body/agent.h"

static const struct granuloma_row ROWS[GRANULOMA_NUMBERS] = {
#define GRANULOMA(name, value, unit, guess, source) { value, unit, guess, source },
#include "twin/body/granuloma.def"
#undef GRANULOMA
};

static const double YEAR_S = 365.25 * 86400.0, DAY_S = 86400.0, UL_H = 1e-9 / 3600.0;
static const double GONE = 0.01; /* a guess: one that has shrunk to this, and is no newcomer, is gone */

const struct granuloma_row *granuloma_row(enum granuloma_number number)
{
    return &ROWS[number];
}

/* Exponential with mean 1: a number of 53 bits, from 0 (not itself) to 1, and a logarithm. */
static double threshold(uint64_t seed, uint32_t begun)
{
    philox4x64_ctr_t place = { { begun, 0, 0, 0 } };
    philox4x64_key_t key = { { seed, 0x6772616e } }; /* "gran": apart from all other chance of the twin */
    return -log((double)((philox4x64(place, key).v[0] >> 11) + 1) * 0x1p-53);
}

void granuloma_init(struct granuloma *granuloma, uint64_t seed, double factor)
{
    *granuloma = (struct granuloma){ .seed = seed, .factor = factor, .threshold = threshold(seed, 0) };
}

void granuloma_begin(struct granuloma *granuloma, double size)
{
    granuloma->begun += granuloma->grows ? 0 : 1;
    granuloma->grows = true;
    granuloma->size = fmax(granuloma->size, size);
}

void granuloma_end(struct granuloma *granuloma)
{
    if (granuloma->grows) {
        granuloma->size = 0.0;
        granuloma->age_s = 0.0;
        granuloma->grows = false;
        granuloma->hazard = 0.0;
        granuloma->threshold = threshold(granuloma->seed, granuloma->begun);
    }
}

/* Seconds until one begins, or INFINITY. */
static double until_begin(const struct granuloma *granuloma, double per_s)
{
    return per_s > 0.0 ? fmax(granuloma->threshold - granuloma->hazard, 0.0) / per_s : (double)INFINITY;
}

/* Towards the size that this concentration keeps up. One that was larger and has shrunk away makes room for another draw. */
static void grow(struct granuloma *granuloma, double kg_m3, double seconds)
{
    double strength = pow(kg_m3 / ROWS[GRANULOMA_HALF].value, ROWS[GRANULOMA_POWER].value);
    double kept = ROWS[GRANULOMA_MOST].value / (1.0 + 1.0 / strength); /* 0 at a strength of 0 */
    granuloma->size = kept + (granuloma->size - kept) * exp(-seconds / (ROWS[GRANULOMA_TIME].value * DAY_S));
    granuloma->age_s += seconds;
    if (granuloma->size <= GONE && kept < granuloma->size && granuloma->age_s > ROWS[GRANULOMA_TIME].value * DAY_S) {
        granuloma_end(granuloma);
    }
}

double granuloma_pass(struct granuloma *granuloma, double kg_m3, double seconds)
{
    double bathes_kg_m3 = kg_m3 > 0.0 && isfinite(kg_m3) ? kg_m3 : 0.0;
    double left_s = seconds > 0.0 && isfinite(seconds) ? seconds : 0.0;
    if (!granuloma->grows) {
        double per_s =
            granuloma->factor * ROWS[GRANULOMA_RATE].value / YEAR_S * bathes_kg_m3 / ROWS[GRANULOMA_RATE_AT].value;
        double wait_s = until_begin(granuloma, per_s);
        granuloma->hazard += per_s * fmin(wait_s, left_s);
        if (wait_s > left_s) {
            return 1.0;
        }
        left_s -= wait_s;
        granuloma_begin(granuloma, 0.0);
    }
    grow(granuloma, bathes_kg_m3, left_s);
    return granuloma_passes(granuloma);
}

double granuloma_passes(const struct granuloma *granuloma)
{
    return granuloma->size < 1.0 ? 1.0 - granuloma->size : 0.0;
}

double granuloma_near(double csf_kg_m3, double leaving_kg_m3, double flow_m3_s)
{
    double wash_m3_s = ROWS[GRANULOMA_EXCHANGE].value * UL_H;
    return (csf_kg_m3 * wash_m3_s + leaving_kg_m3 * flow_m3_s) / (wash_m3_s + flow_m3_s);
}

double granuloma_weight(uint16_t drug)
{
    int agent = agent_of_code(drug);
    return agent == AGENT_MORPHINE ? 1.0 : agent == AGENT_HYDROMORPHONE ? ROWS[GRANULOMA_HYDROMORPHONE].value : 0.0;
}
