/* forecast.h - what the model says would have been observed. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SPINE_FORECAST_H
#define APP_SPINE_FORECAST_H

#include "app/spine/observation.h"
#include "twin/body/spine.h"

/* The concentration at each observation, kg/m3, in their order; every person has the same setup. False when the setup is out
 * of range, or more than 4096 infusions run at once. */
bool forecast(const struct dosing *dosing, const struct observations *observations, const struct spine_setup *setup,
              int cells, double *kg_m3);

#endif
