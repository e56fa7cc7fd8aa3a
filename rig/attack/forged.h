/* forged.h - attacks with bytes of one's own: given by hand, or made by chance. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_ATTACK_FORGED_H
#define RIG_ATTACK_FORGED_H

#include "rig/attack/attack.h"

/* The bytes of the wish, `count` times: as a body, or raw. */
bool forged_inject(struct attack *attack);
/* `count` frames of all forms of rig/attack/mutant.h in turn. */
bool forged_fuzz(struct attack *attack);

#endif
