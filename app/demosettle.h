/* demosettle.h - what a demo that is started again owes its pumps: each start is a reset to them. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_DEMOSETTLE_H
#define APP_DEMOSETTLE_H

#include "app/demomake.h"

/* Three starts within one of a pump's days are three resets to it: it goes down to its safe rate, until a clinician has
 * looked. Where that is so, the demo has: it clears that one alarm. It lets the therapy flow again only where the pump's own
 * log shows that it ran until these resets; who had been stopped, at the least flow, empty, or at the safe rate before, stays
 * so. Both are told. So is what fails: this pump is then as it was, and the others go on. */
void demo_settle(const char *folder, const struct demo_patient *patient);

#endif
