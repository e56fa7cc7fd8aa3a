/* profile.h - how far each figure of a fit can be moved when the others may follow. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SPINE_PROFILE_H
#define APP_SPINE_PROFILE_H

#include "app/spine/squares.h"

/* Walks each figure that is not at a bound away from the least squares, both ways, until the sum has risen by what its interval
 * allows or a bound is met. Weights stay those of the fit. */
void profile_run(struct fit *fit, const struct squares *least);

#endif
