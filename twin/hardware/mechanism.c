/* mechanism.c - the twin's own table of pump makes, and how a quantum moves. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/hardware/mechanism.h"

#include <stddef.h>
#include <string.h>

/* Written from the description of the virtual pumps, never from the pump software's own table, so that a wrong
 * constant over there shows as a difference (docs/decisions/0005-twin-constants.md). Times and charges are
 * guesses: a rotor turns a quarter microlitre in 0.4 s, two valves take 1 s each; the charge is chosen for about
 * six years at 1 mL/day (battery.c). */
static const struct mechanism_make makes[] = {
    { .name = "C20", .kind = MECHANISM_IS_ROTOR, .quantum_m3 = 0.25e-9, .reservoir_m3 = 20e-6, .tubing_m3 = 0.14e-6,
      .quantum_ms = 400, .stall_ms = 500, .quantum_coulomb = 0.74e-3 },
    { .name = "C40", .kind = MECHANISM_IS_ROTOR, .quantum_m3 = 0.25e-9, .reservoir_m3 = 40e-6, .tubing_m3 = 0.14e-6,
      .quantum_ms = 400, .stall_ms = 500, .quantum_coulomb = 0.74e-3 },
    { .name = "V20", .kind = MECHANISM_IS_VALVES, .quantum_m3 = 2.5e-9, .reservoir_m3 = 20e-6, .tubing_m3 = 0.14e-6,
      .quantum_ms = 2000, .stall_ms = 3500, .quantum_coulomb = 7.4e-3 },
};

const struct mechanism_make *mechanism_find(const char *name)
{
    for (size_t i = 0; i < sizeof makes / sizeof makes[0]; i++) {
        if (name != NULL && strcmp(makes[i].name, name) == 0) {
            return &makes[i];
        }
    }
    return NULL;
}

void mechanism_init(struct mechanism_state *mechanism, const struct mechanism_make *make, double calibration)
{
    *mechanism = (struct mechanism_state){ .kind = make->kind, .quantum_ms = make->quantum_ms };
    mechanism->calibrated_m3 = make->quantum_m3 * calibration;
    mechanism->quantum_m3 = mechanism->calibrated_m3;
}

void mechanism_set_overinfusion(struct mechanism_state *mechanism, double factor)
{
    mechanism->quantum_m3 = mechanism->calibrated_m3 * factor;
}

void mechanism_set_slip(struct mechanism_state *mechanism, double share)
{
    mechanism->slip_share = share;
    mechanism->slip_sum = 0.0;
}

bool mechanism_slips(struct mechanism_state *mechanism)
{
    mechanism->slip_sum += mechanism->slip_share;
    if (mechanism->slip_sum < 1.0) {
        return false;
    }
    mechanism->slip_sum -= 1.0;
    return true;
}

double mechanism_share_after(const struct mechanism_state *mechanism, int64_t elapsed_ms)
{
    double share = (double)elapsed_ms / (double)mechanism->quantum_ms;
    if (mechanism->kind == MECHANISM_IS_VALVES) {
        share = 2.0 * share - 1.0;
    }
    return share < 0.0 ? 0.0 : share > 1.0 ? 1.0 : share;
}
