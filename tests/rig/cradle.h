/* cradle.h - a live implant in a folder of its own, made, filled and given a therapy by hand. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_RIG_CRADLE_H
#define TESTS_RIG_CRADLE_H

#include "rig/live.h"

enum { CRADLE_BASE_NL_DAY = 100000, CRADLE_BOLUS_NL = 1000, CRADLE_CATHETER_MM = 400, CRADLE_ASKED_NL = 2000,
       CRADLE_LOCKOUT_MINUTES = 120 };
#define CRADLE_QUANTUM_M3 250e-12
static const char CRADLE_SERIAL[] = "CRADLE-1";

/* A C20 exactly as its model says. */
void cradle_made(struct implant_made *made, uint64_t seed);
/* Clock, a full reservoir of morphine (moved in once the events that wait are taken), and a therapy of 0.1 mL a day with a bolus
 * every hour, the first after half an hour. False when the pump refuses. */
bool cradle_fill(struct live *live);
/* The same, and the patient may ask for boluses: 4 a day, 2 h apart. */
bool cradle_fill_asked(struct live *live);

#endif
