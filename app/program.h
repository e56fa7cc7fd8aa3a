/* program.h - `cisterna program`: stages a therapy, shows what the pump stored beside what flows, and activates it when the
 * clinician has typed the dose again. REQ-CLIN-02, -03, -06, REQ-LINK-05, -09. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PROGRAM_H
#define APP_PROGRAM_H

#include "app/visit.h"

int program_run(const struct desk *desk);
/* The part before the activation: reads the file, stages, compares, asks. EXIT_DONE when `token` may come into force. */
int program_stage(struct visit *visit, const char *file, uint8_t token[TOKEN_BYTES]);

#endif
