/* resuming.h - before a lowered dose goes up again: what flows, what would, and for how long it was less. The pump counts stops
 * against the restart limit by itself, and not the time at its least flow. REQ-THER-20, REQ-CLIN-06, HZ-40. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_RESUMING_H
#define APP_RESUMING_H

#include "app/visit.h"

/* EXIT_DONE where resuming may be sent, after a word on standard error where the flow rises; else a message that says what would
 * pass, and an exit code: nothing was sent. */
int resuming_judge(struct visit *visit);

#endif
