/* talk.h - packets over the air, as the files of the programmer send and hear them: each is counted, and what is no packet is
 * passed over. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PROGRAMMER_TALK_H
#define CLINIC_PROGRAMMER_TALK_H

#include "clinic/programmer/programmer.h"

/* So many frames that are no answer are heard while one answer is waited for; after them it counts as not come, so that somebody
 * who floods the air cannot hold a programmer for ever. Guess. */
enum { TALK_STRANGE_MAX = 64 };

/* Sends a packet; `again` when the same thing was asked before. False when there is no radio, or it is no packet. */
bool talk_send(struct programmer *programmer, const struct air *air, const struct packet *packet, bool again);
/* The next packet while an answer is waited for; false when the wait is over. *heard counts what came in this wait: 0 before. */
bool talk_hear(struct programmer *programmer, const struct air *air, unsigned *heard, struct packet *packet);

#endif
