/* acting.h - what clinic, patient and hardware do to the rig of a play, and what came of it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_ACTING_H
#define RIG_ACTING_H

#include "rig/play.h"

/* Done now, whatever its `at`; counted, and told where it fails. */
void acting_do(struct play *play, const struct action *action);
/* It is not done, and why: an event outside the pump, and a failure of the run where it must apply. */
void acting_not_done(struct play *play, const struct action *action, const char *reason);
/* The patient presses the button: over the air, with the patient's key, and the pump says what it makes of it. */
void acting_press(struct play *play);
/* A refill, the first one too. False when the reservoir could not truly take it. */
MUST_USE bool acting_refill(struct play *play, const struct rig_refill *refill, struct receipt *receipt);
/* Tells what has gone wrong with the implant. False when nothing has. */
bool acting_harm(struct play *play, struct harm_event event);
/* Why the pump refused `what`, on the play's messages. */
void acting_reasons(const struct play *play, const struct receipt *receipt, const char *what);

#endif
