/* recorded.h - attacks by listening, and with what was heard. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_ATTACK_RECORDED_H
#define RIG_ATTACK_RECORDED_H

#include "rig/attack/attack.h"

/* Sends nothing for as long as is wished. */
bool recorded_listen(struct attack *attack);
/* The frames of the tape in their order, by the reach they went by. */
bool recorded_replay(struct attack *attack);
/* The sound knocks and PAIR_1s on the tape, of one slot or all, in turn until `count` were sent. */
bool recorded_starve(struct attack *attack);

#endif
