/* censor.h - an observation below the limit of quantification, as one of a sum of squares (Beal 2001, method M3). With the
 * distance z of the limit above the prediction, in standard deviations, the likelihood is Phi(z), and the residual
 * sqrt(-2 ln Phi(z)) deviations: its square is minus twice the logarithm. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SPINE_CENSOR_H
#define APP_SPINE_CENSOR_H

/* -ln Phi(z), never negative; z is any number. */
double censor_loss(double z);
/* phi(z)/Phi(z), by which the loss falls as z rises. */
double censor_hazard(double z);

#endif
