/* program.h - `cisterna program`: takes a therapy through the clinic's workflow, stages it, shows what the pump stored beside
 * what flows, and activates it when the clinician has typed the dose again. REQ-CLIN-02, -03, -06, REQ-LINK-05, -09. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PROGRAM_H
#define APP_PROGRAM_H

#include "app/workrun.h"

int program_run(const struct desk *desk);
/* The part before the pump is told: reads the file, judges, stages, compares, asks. EXIT_DONE when workrun_send() may follow. */
int program_prepare(struct workrun *work, const char *file);

#endif
