/* step.h - how far a therapy goes from the one in force. What becomes ten times as much or more is not taken; what becomes twice
 * as much or more must be typed, so that no number of activations reaches ten times without somebody having typed the way there;
 * what becomes half as much is said, and never held back. REQ-CLIN-06. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_STEP_H
#define APP_STEP_H

#include "app/desk.h"
#include "core/therapy.h"

/* How much more the largest increase is. */
enum step { STEP_SMALL, STEP_LARGE, STEP_STEEP };

/* Says what is steep and how far one may go at once, and what falls to half or less. */
enum step step_judge(const struct desk *desk, const struct therapy *old, const struct therapy *new);
/* Asks for what each large increase leads to; false with a message when something else was typed. */
bool step_typed(const struct desk *desk, const struct therapy *old, const struct therapy *new);
/* Asks one question on standard error, and reads the line that is typed, without its end. */
enum { STEP_LINE_BYTES = 128 };
void step_ask(const char *question, char line[STEP_LINE_BYTES]);

#endif
