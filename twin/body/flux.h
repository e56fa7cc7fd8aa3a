/* flux.h - what flows through a face between two cells: exponentially fitted (Scharfetter and Gummel 1969), so that
 * it is positive at any ratio of flow to dispersion and second order where both are smooth. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_BODY_FLUX_H
#define TWIN_BODY_FLUX_H

/* Mass through a face, kg/s, is down_m3_s times the concentration before it less up_m3_s times that behind it.
 * Neither is negative. */
struct flux {
    double down_m3_s, up_m3_s;
};

/* Bernoulli's function z / (exp(z) - 1), 1 at 0. */
double flux_bernoulli(double z);
/* Between points `apart_m` from each other: dispersion in m2/s (not negative), flow in m3/s towards the second
 * point, through `area_m2`. Without dispersion it is upwind. */
struct flux flux_fitted(double dispersion_m2_s, double flow_m3_s, double area_m2, double apart_m);

#endif
