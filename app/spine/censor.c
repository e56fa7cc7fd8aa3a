/* censor.c - what lies below a limit. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/censor.h"

#include <math.h>

static const double ROOT_HALF = 0.70710678118654752440, HALF_LOG_TURN = 0.91893853320467274178; /* ln(2 pi)/2 */
/* Below this erfc() comes near to what a double cannot hold. */
static const double FAR = -30;

/* Phi(z) is phi(z)/-z times one more than this, far below zero (Abramowitz and Stegun 26.2.12); the next term is -945/z^10. */
static double series(double z)
{
    double square = 1 / (z * z);
    return square * (-1 + square * (3 + square * (-15 + square * 105)));
}

double censor_loss(double z)
{
    if (z < FAR)
        return 0.5 * z * z + HALF_LOG_TURN + log(-z) - log1p(series(z));
    return z > 0 ? -log1p(-0.5 * erfc(z * ROOT_HALF)) : -log(0.5 * erfc(-z * ROOT_HALF));
}

double censor_hazard(double z)
{
    return z < FAR ? -z / (1 + series(z)) : exp(-0.5 * z * z - HALF_LOG_TURN + censor_loss(z));
}
