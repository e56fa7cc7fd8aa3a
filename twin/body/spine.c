/* spine.c - one drug along the spinal canal: what it is made of, what enters, and what can be seen. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/body/spine.h"

#include <math.h>
#include <string.h>

/* Between these dispersion is what is given, in the mean: the middles of T2 and T12, as shares of the canal's length, where
 * Kroin 1993 (PMID 7690122) measured. */
static const double MEAN_FROM = 0.142 / 0.600, MEAN_TO = 0.342 / 0.600;

/* The first step after a bolus, at most. It is made by backward Euler in two halves, whose error at a time t is about an
 * eighth of the square of START_S over t (twin/MATHEMATICS.md). */
static const double START_S = 1.0;

static bool fits(double value, double least)
{
    return isfinite(value) && value >= least;
}

static bool setup_fits(const struct canal *canal, const struct spine_setup *setup)
{
    const struct spine_drug *drug = &setup->drug;
    const struct spine_flow *flow = &setup->flow;
    return fits(drug->clearance_m3_s, 0.0) && fits(drug->uptake_s, 0.0) && fits(drug->partition, 0.0) &&
           fits(drug->tissue_loss_s, 0.0) && fits(flow->dispersion_m2_s, 0.0) && fits(flow->stroke_fall_m, 0.0) &&
           fits(flow->inflow_m3_s, 0.0) && isfinite(flow->drift_m_s) && fits(flow->reservoir_m3, 1e-12) &&
           fits(flow->reservoir_out_m3_s, 0.0) && fits(setup->tip_m, 0.0) && setup->tip_m <= canal->length_m &&
           fits(setup->mixing_m, 1e-6) && fits(setup->tolerance, 1e-6) && setup->tolerance <= 0.1;
}

/* An oscillating flow disperses as the square of its stroke, which falls by the same share for each metre: by as much as it
 * does from C2 to C5 (10.1002/nbm.5013), which leaves almost none in the distal sac, as Enzmann 1991 (PMID 1987610) saw. */
static double dispersion_at(const struct canal *canal, const struct spine_flow *flow, double x_m)
{
    double from_m = MEAN_FROM * canal->length_m, span_m = (MEAN_TO - MEAN_FROM) * canal->length_m;
    double fall_m = 2.0 * flow->stroke_fall_m, over = fall_m * span_m;
    double mean = over > 0.0 ? -expm1(-over) / over : 1.0;
    return flow->dispersion_m2_s * exp(fall_m * (from_m - x_m)) / mean;
}

/* What a node loses in the long run, to blood and through its tissue, as a rate of its fluid, 1/s. */
static double lasting_loss(const struct spine *spine, int node)
{
    double both_s = spine->uptake_s + spine->tissue_loss_s;
    double through_m3_s =
        both_s > 0.0 ? spine->tissue_m3[node] * spine->partition * (spine->uptake_s * spine->tissue_loss_s / both_s)
                     : 0.0;
    return (spine->loss_m3_s[node] + through_m3_s) / spine->csf_m3[node];
}

/* Where drug is lost as it spreads, a steady profile falls exponentially, and three cells follow it exactly when
 * dispersion is taken by this share, with t half a cell over the length in which the profile falls to 1/e. It
 * differs from 1 by the square of a cell's length, as the scheme's own error does. */
static double loss_fitted(double loss_s, double dispersion_m2_s, double apart_m)
{
    double t = dispersion_m2_s > 0.0 ? 0.5 * apart_m * sqrt(loss_s / dispersion_m2_s) : 0.0;
    if (t < 1e-3) {
        return 1.0 - t * t / 3.0;
    }
    double share = t < 300.0 ? t / sinh(t) : 0.0;
    return share * share;
}

static void faces_make(struct spine *spine, const struct canal *canal, const struct spine_flow *flow)
{
    double below_m3 = canal_csf(canal), all_m3 = below_m3;
    for (int face = 0; face < canal->cells; face++) {
        double x_m = canal->end_m[face];
        double apart_m = canal_middle(canal, face + 1) - canal_middle(canal, face);
        double area_m2 = canal->face_m2[face];
        below_m3 -= canal->csf_m3[face]; /* node 0 holds none of the canal's fluid */
        double water_m3_s = flow->inflow_m3_s * (below_m3 / all_m3);
        double dispersion_m2_s = dispersion_at(canal, flow, x_m);
        double loss_s = lasting_loss(spine, face + 1);
        if (face > 0) {
            loss_s = 0.5 * (loss_s + lasting_loss(spine, face));
        }
        dispersion_m2_s *= loss_fitted(loss_s, dispersion_m2_s, apart_m);
        spine->face[face] = flux_fitted(dispersion_m2_s, water_m3_s + flow->drift_m_s * area_m2, area_m2, apart_m);
    }
}

bool spine_init(struct spine *spine, const struct canal *canal, const struct spine_setup *setup)
{
    double all_m3 = canal_csf(canal), all_m2 = canal_surface(canal);
    if (!setup_fits(canal, setup)) {
        return false;
    }
    memset(spine, 0, sizeof *spine);
    spine->nodes = canal->cells + 1;
    spine->length_m = canal->length_m;
    spine->uptake_s = setup->drug.uptake_s;
    spine->partition = setup->drug.partition;
    spine->tissue_loss_s = setup->drug.tissue_loss_s;
    spine->mixing_m = setup->mixing_m;
    spine->tolerance = setup->tolerance;
    spine->all_m3 = all_m3 + setup->flow.reservoir_m3;
    spine->csf_m3[0] = setup->flow.reservoir_m3;
    spine->loss_m3_s[0] = setup->flow.reservoir_out_m3_s;
    for (int node = 1; node < spine->nodes; node++) {
        spine->end_m[node] = canal->end_m[node];
        spine->middle_m[node] = canal_middle(canal, node);
        spine->csf_m3[node] = canal->csf_m3[node];
        spine->tissue_m3[node] = canal->tissue_m3[node];
        spine->loss_m3_s[node] = setup->drug.clearance_m3_s * (canal->surface_m2[node] / all_m2) +
                                 setup->flow.inflow_m3_s * (canal->csf_m3[node] / all_m3);
    }
    faces_make(spine, canal, &setup->flow);
    spine->last_s = HUGE_VAL;
    spine->rates_known = true; /* nothing is there, and nothing changes */
    spine->step_s = START_S;
    return spine_tip(spine, setup->tip_m);
}

/* How much of a hat of half-width 1 around 0 lies before t. */
static double hat_before(double t)
{
    if (t <= -1.0) {
        return 0.0;
    }
    if (t >= 1.0) {
        return 1.0;
    }
    return t < 0.0 ? 0.5 * (1.0 + t) * (1.0 + t) : 1.0 - 0.5 * (1.0 - t) * (1.0 - t);
}

bool spine_tip(struct spine *spine, double tip_m)
{
    if (!fits(tip_m, 0.0) || tip_m > spine->length_m) {
        return false;
    }
    double first = hat_before(-tip_m / spine->mixing_m);
    double within = hat_before((spine->length_m - tip_m) / spine->mixing_m) - first, before = first;
    double infusing_kg_s = spine->tip_kg_s;
    spine_infuse(spine, 0.0);
    spine->tip_share[0] = 0.0;
    for (int node = 1; node < spine->nodes; node++) {
        double after = hat_before((spine->end_m[node] - tip_m) / spine->mixing_m);
        spine->tip_share[node] = (after - before) / within;
        before = after;
    }
    spine_infuse(spine, infusing_kg_s);
    return true;
}

void spine_disturbed(struct spine *spine)
{
    spine->rates_known = false;
    spine->step_s = spine->step_s < START_S ? spine->step_s : START_S;
}

void spine_bolus(struct spine *spine, double kg)
{
    if (!(kg > 0.0)) {
        return;
    }
    for (int node = 1; node < spine->nodes; node++) {
        spine->csf_kg_m3[node] += kg * spine->tip_share[node] / spine->csf_m3[node];
    }
    spine->given_kg += kg;
    spine_disturbed(spine);
}

void spine_infuse(struct spine *spine, double kg_s)
{
    double more_kg_s = kg_s - spine->tip_kg_s;
    if (!(kg_s >= 0.0) || more_kg_s == 0.0) {
        return;
    }
    for (int node = 1; node < spine->nodes; node++) {
        spine->csf_kg_s[node] += more_kg_s * spine->tip_share[node];
    }
    spine->tip_kg_s = kg_s;
}

/* Values stand for the middles of cells. Between them a cubic through the four nearest (Lagrange), never below zero;
 * straight beside the ends, level beyond the last middles. */
static double reading(const struct spine *spine, const double *value, double x_m)
{
    const double *middle_m = spine->middle_m;
    int low = 1, high = spine->nodes - 1;
    if (!(x_m > middle_m[low]) || x_m >= middle_m[high]) {
        return x_m >= middle_m[high] ? value[high] : value[low];
    }
    while (high - low > 1) {
        int half = (low + high) / 2;
        low = x_m < middle_m[half] ? low : half;
        high = x_m < middle_m[half] ? half : high;
    }
    int first = low > 1 ? low - 1 : low, last = high + 1 < spine->nodes ? high + 1 : high;
    if (last - first < 3) {
        first = low;
        last = high;
    }
    double found = 0.0;
    for (int i = first; i <= last; i++) {
        double weight = 1.0;
        for (int k = first; k <= last; k++) {
            weight *= k != i ? (x_m - middle_m[k]) / (middle_m[i] - middle_m[k]) : 1.0;
        }
        found += weight * value[i];
    }
    return found > 0.0 ? found : 0.0;
}

double spine_csf_at(const struct spine *spine, double x_m)
{
    return reading(spine, spine->csf_kg_m3, x_m);
}

double spine_tissue_at(const struct spine *spine, double x_m)
{
    return reading(spine, spine->tissue_kg_m3, x_m);
}

double spine_reservoir(const struct spine *spine)
{
    return spine->csf_kg_m3[0];
}

struct spine_balance spine_balance(const struct spine *spine)
{
    struct spine_balance balance = { .given = spine->given_kg,
                                     .reservoir = spine->csf_kg_m3[0] * spine->csf_m3[0],
                                     .cleared = spine->cleared_kg,
                                     .tissue_cleared = spine->tissue_cleared_kg,
                                     .cranial = spine->cranial_kg };
    for (int node = 1; node < spine->nodes; node++) {
        balance.csf += spine->csf_kg_m3[node] * spine->csf_m3[node];
        balance.tissue += spine->tissue_kg_m3[node] * spine->tissue_m3[node];
    }
    balance.gap = balance.given - balance.csf - balance.tissue - balance.reservoir - balance.cleared -
                  balance.tissue_cleared - balance.cranial;
    return balance;
}
