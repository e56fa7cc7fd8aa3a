/* rounds.h - what the people of the campaign of sessions do: they ask, give commands, settle what they do not know, and break
 * off. Each knows only what the pump told him. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_ROUNDS_H
#define RIG_ROUNDS_H

#include "rig/calls.h"

/* Each is to be done by caller_talks(). Pairing; the clinician's clock, first fill and therapy; a session of this person; and one
 * for nothing but to learn what became of the last command. */
void rounds_pair(struct calls *calls, enum call_who who, const struct air *air);
void rounds_implant(struct calls *calls, enum call_who who, const struct air *air);
void rounds_session(struct calls *calls, enum call_who who, const struct air *air);
void rounds_settle(struct calls *calls, enum call_who who, const struct air *air);
/* And after its programmer had died: what the key knows of the last command. */
void rounds_restarted(struct calls *calls, enum call_who who);

#endif
