/* flux.c - exponentially fitted fluxes. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/body/flux.h"

#include <math.h>

double flux_bernoulli(double z)
{
    if (fabs(z) < 1e-5) {
        return 1.0 - 0.5 * z; /* the next term is z squared over 12 */
    }
    if (z > 700.0) {
        return 0.0; /* exp() would overflow */
    }
    return z / expm1(z);
}

struct flux flux_fitted(double dispersion_m2_s, double flow_m3_s, double area_m2, double apart_m)
{
    double conductance_m3_s = area_m2 * dispersion_m2_s / apart_m;
    if (!(conductance_m3_s > 0.0) || fabs(flow_m3_s) > 1e6 * conductance_m3_s) {
        return (struct flux){ flow_m3_s > 0.0 ? flow_m3_s : 0.0, flow_m3_s < 0.0 ? -flow_m3_s : 0.0 };
    }
    double peclet = flow_m3_s / conductance_m3_s;
    return (struct flux){ conductance_m3_s * flux_bernoulli(-peclet), conductance_m3_s * flux_bernoulli(peclet) };
}
