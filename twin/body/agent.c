/* agent.c - the drugs of the spine. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/body/agent.h"

#include <string.h>

static const double HOUR_S = 3600.0, MINUTE_S = 60.0, LN_2 = 0.69314718055994530942;
static const double ML_M3 = 1e-6, CM2_M2 = 1e-4, CM_M = 1e-2;

static const struct {
    uint16_t code;
    const char *word;
    enum figure clearance, uptake, partition, tissue;
} AGENTS[AGENTS_ALL] = {
#define AGENT(name, code, word)                                                                                          \
    {                                                                                                                    \
        code, word, FIGURE_##name##_CLEARANCE, FIGURE_##name##_UPTAKE, FIGURE_##name##_PARTITION, FIGURE_##name##_TISSUE \
    },
#include "twin/body/agent.def"
#undef AGENT
};

const char *agent_word(enum agent agent)
{
    return AGENTS[agent].word;
}

int agent_find(const char *word)
{
    for (int i = 0; i < AGENTS_ALL; i++) {
        if (strcmp(AGENTS[i].word, word) == 0) {
            return i;
        }
    }
    return -1;
}

int agent_of_code(uint16_t code)
{
    for (int i = 0; i < AGENTS_ALL; i++) {
        if (AGENTS[i].code == code) {
            return i;
        }
    }
    return -1;
}

int regime_find(const char *word)
{
    if (strcmp(word, "mobile") == 0) {
        return REGIME_MOBILE;
    }
    return strcmp(word, "still") == 0 ? REGIME_STILL : -1;
}

struct spine_setup agent_setup(const struct figures *figures, enum agent agent, enum regime regime, double tip_m)
{
    const double *value = figures->value;
    double own_ml_h = value[AGENTS[agent].clearance] - value[FIGURE_INFLOW];
    double dispersion_cm2_h = value[regime == REGIME_MOBILE ? FIGURE_MOBILE : FIGURE_STILL];
    return (struct spine_setup){ .drug = { .clearance_m3_s = own_ml_h > 0.0 ? own_ml_h * ML_M3 / HOUR_S : 0.0,
                                           .uptake_s = LN_2 / (value[AGENTS[agent].uptake] * MINUTE_S),
                                           .partition = value[AGENTS[agent].partition],
                                           .tissue_loss_s = LN_2 / (value[AGENTS[agent].tissue] * MINUTE_S) },
                                 .flow = { .dispersion_m2_s = dispersion_cm2_h * CM2_M2 / HOUR_S,
                                           .stroke_fall_m = 1.0 / (value[FIGURE_STROKE] * CM_M),
                                           .inflow_m3_s = value[FIGURE_INFLOW] * ML_M3 / HOUR_S,
                                           .reservoir_m3 = value[FIGURE_RESERVOIR] * ML_M3,
                                           .reservoir_out_m3_s = value[FIGURE_RESERVOIR_OUT] * ML_M3 / HOUR_S },
                                 .tip_m = tip_m,
                                 .mixing_m = value[FIGURE_MIXING] * CM_M,
                                 .tolerance = 1e-3 };
}
