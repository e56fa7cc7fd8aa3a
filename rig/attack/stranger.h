/* stranger.h - attacks of somebody who knows link/SPEC.md by heart and has no key. Each sends `count` packets. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_ATTACK_STRANGER_H
#define RIG_ATTACK_STRANGER_H

#include "rig/attack/attack.h"

/* Knocks that are sound but for their tags. */
bool stranger_knock(struct attack *attack);
/* PAIR_1s that are sound for a card, which is guessed anew for each. */
bool stranger_pair(struct attack *attack);
/* Identify and lower, in turn. */
bool stranger_emergency(struct attack *attack);
/* Far nonces in sessions overheard, far counters in knocks and PAIR_1s. */
bool stranger_desync(struct attack *attack);
/* DATA of sessions made up, and the kinds that only a pump sends. */
bool stranger_session(struct attack *attack);
/* Unknown kinds, wrong lengths, keys of small order, a command that is not sealed. */
bool stranger_downgrade(struct attack *attack);

#endif
