/* personfile.h - who has a live implant: a file with the member `patient` of a scenario (docs/scenario.md). */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PERSONFILE_H
#define APP_PERSONFILE_H

#include "rig/patient.h"

/* *patient: for free(). An exit code; what is wrong is told on standard error. Whoever "comes" or "hears" freely is
 * refused: a live implant has no timeline of appointments. */
int personfile_read(const char *name, struct patient **patient);

#endif
