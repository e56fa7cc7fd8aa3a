/* spine_reference.h - the spine once more, slowly: many cells, central differences, and CVODE at tight tolerances.
 * It shares no source with twin/body: geometry, fluxes and stepping are written anew from the equation in
 * docs/spine.md. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_TWIN_SPINE_REFERENCE_H
#define TESTS_TWIN_SPINE_REFERENCE_H

#include <stdbool.h>

enum { REFERENCE_CELLS_MAX = 1024, REFERENCE_EVENTS_MAX = 32 };

/* At a time, so much leaves the tip at once, and from then on so much each second. */
struct reference_event {
    double at_s, bolus_kg, rate_kg_s;
};

struct reference_case {
    int cells;
    bool uniform;                       /* else the adult canal */
    double length_m, csf_m2, tissue_m2; /* of a uniform one */
    double dispersion_m2_s, stroke_fall_m, inflow_m3_s, drift_m_s, reservoir_m3, reservoir_out_m3_s;
    double clearance_m3_s, uptake_s, partition, tissue_loss_s;
    double tip_m, mixing_m;
    int events;
    struct reference_event event[REFERENCE_EVENTS_MAX]; /* in order of time, the first at 0 */
    bool glide;      /* looks are taken from within a step, and end none: what CVODE is fastest at */
    double relative; /* tolerance of CVODE; the absolute one is 1e-6 of that, of the largest */
};

/* What it finds at one moment: concentrations kg/m3 of cells (0 is the one at the foramen) and of the head's fluid. */
struct reference_state {
    double csf[REFERENCE_CELLS_MAX], tissue[REFERENCE_CELLS_MAX], volume_m3[REFERENCE_CELLS_MAX];
    double cell_m, reservoir;
    long steps;
};

/* States at `count` rising times, all after 0. Ends the program with a message when CVODE fails. */
void reference_run(const struct reference_case *what, int count, const double *at_s, struct reference_state *state);
/* For other solvers: the body, and the state y just after the first event; to be freed. y is the head's fluid, a place that stays
 * 0, then fluid and tissue of each cell in turn, 2 x cells + 2 in all. */
struct reference_body *reference_begin(const struct reference_case *what, double *y);
void reference_rates(const struct reference_body *body, const double *y, double *rate);
/* Between the middles of cells. */
double reference_csf_at(const struct reference_case *what, const struct reference_state *state, double x_m);

#endif
