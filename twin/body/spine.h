/* spine.h - one drug in the fluid and tissue of the spinal canal: dispersion, bulk flow, clearance, uptake by cord
 * and roots, and a well-mixed cranial reservoir, along one dimension.
 *
 *   A dc/dt = d/dx (A D dc/dx - Q c) + (dQ/dx - P k) c - W u (Kp c - s) + q,      ds/dt = u (Kp c - s) - k_t s
 *
 * c, s: concentration in fluid and tissue; A, W: cross-sections of fluid and tissue; D: dispersion averaged over
 * heartbeats; Q: bulk flow, which enters at the foramen, is taken up along the canal and takes its drug with it; k:
 * clearance through the surface of tissue, P for each metre; k_t: clearance from tissue; u, Kp: uptake; q: what the
 * catheter's tip delivers. docs/spine.md tells what is known of each. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_BODY_SPINE_H
#define TWIN_BODY_SPINE_H

#include "twin/body/canal.h"
#include "twin/body/flux.h"
#include "twin/body/tridiagonal.h"

enum { SPINE_NODES_MAX = CANAL_CELLS_MAX + 1, SPINE_STAGES = 8 };

/* What a drug does in this body. None may be negative. */
struct spine_drug {
    /* Out of the whole canal's fluid, to blood, through the surface of cord and roots, evenly by it; bulk flow comes on top. */
    double clearance_m3_s;
    double uptake_s;      /* rate at which tissue comes into balance with the fluid beside it, 1/s */
    double partition;     /* concentration of tissue over that of the fluid beside it, in balance */
    double tissue_loss_s; /* rate at which tissue loses drug to blood, 1/s */
};

/* How fluid moves in this body. None may be negative but the drift. */
struct spine_flow {
    double dispersion_m2_s; /* the mean from T2 to T12 (0.237 to 0.57 of a uniform tube's length) */
    double
        stroke_fall_m; /* share by which the stroke falls for each metre, 1/m; dispersion goes as its square; 0: level */
    double inflow_m3_s;  /* from the head into the canal; all of it is taken up along the canal, evenly by volume */
    double drift_m_s;    /* of drug through the fluid towards the sac: baricity; negative: towards the head */
    double reservoir_m3; /* fluid of the head; positive */
    double reservoir_out_m3_s; /* fluid that the head's own absorption takes, with its drug */
};

struct spine_setup {
    struct spine_drug drug;
    struct spine_flow flow;
    double tip_m;     /* of the catheter, from the foramen; within the canal */
    double mixing_m;  /* half the width of the hat in which what leaves the tip is found at once; positive */
    double tolerance; /* of one adaptive step, as a share; 1e-6 to 0.1 */
};

/* What was made for one implicit step. */
struct spine_stage {
    double coefficient_s;    /* 0: free */
    double kept, gain, give; /* of tissue: s = kept * right + gain * c; what c gets back from it */
    struct tridiagonal matrix;
};

/* A plain struct: copying one with `=` forks a run. Node 0 is the cranial reservoir, the others are the canal's
 * cells. */
struct spine {
    int nodes;
    double length_m, end_m[SPINE_NODES_MAX], middle_m[SPINE_NODES_MAX]; /* of cells: lower ends and middles */
    double uptake_s, partition, tissue_loss_s, mixing_m, tolerance;
    double csf_m3[SPINE_NODES_MAX], tissue_m3[SPINE_NODES_MAX];
    double all_m3;                     /* fluid of canal and head */
    double loss_m3_s[SPINE_NODES_MAX]; /* fluid cleared of drug in each node */
    struct flux face[CANAL_CELLS_MAX]; /* between node i and i + 1 */
    double tip_share[SPINE_NODES_MAX]; /* of what the tip delivers; sums to 1 */

    double csf_kg_m3[SPINE_NODES_MAX], tissue_kg_m3[SPINE_NODES_MAX];  /* now */
    double csf_kg_s[SPINE_NODES_MAX], tissue_kg_m3_s[SPINE_NODES_MAX]; /* how fast they change now, if known */
    double cleared_kg_s, tissue_cleared_kg_s, cranial_kg_s;            /* what is cleared at these rates */
    bool rates_known;
    double tip_kg_s;

    double time_s, last_s, step_s; /* since the start; the last step; the next adaptive one at most */
    double given_kg, cleared_kg, tissue_cleared_kg, cranial_kg; /* since the start */
    unsigned long steps, rejected;                              /* counted for curiosity */
    int newest;
    struct spine_stage stage[SPINE_STAGES];
};

/* Where all that was given is now, kg. */
struct spine_balance {
    double given;
    double csf, tissue;             /* in the canal */
    double reservoir;               /* in the head's fluid */
    double cleared, tissue_cleared; /* from the canal's fluid and tissue, to blood */
    double cranial;                 /* from the head's fluid */
    double gap;                     /* given less all of these: rounding alone */
};

/* An empty canal. False, and nothing done, when a value of the setup is out of range or not a number. */
bool spine_init(struct spine *spine, const struct canal *canal, const struct spine_setup *setup);
/* Moves the tip; what is there stays. False, and nothing done, when it is not within the canal. */
bool spine_tip(struct spine *spine, double tip_m);
/* This much leaves the tip at once. Not negative. */
void spine_bolus(struct spine *spine, double kg);
/* From now on this much leaves the tip each second. Not negative. */
void spine_infuse(struct spine *spine, double kg_s);
/* To be called after concentrations were set by hand: how fast they change is not known any more. */
void spine_disturbed(struct spine *spine);

/* Concentration at a point, kg/m3 (which is mg/mL): by a cubic between the middles of cells, never below zero; level
 * beyond the last ones. */
double spine_csf_at(const struct spine *spine, double x_m);
double spine_tissue_at(const struct spine *spine, double x_m);
/* Of the head's fluid. */
double spine_reservoir(const struct spine *spine);
struct spine_balance spine_balance(const struct spine *spine);

#endif
