/* witness.h - a programmer that may read everything looks at the pump: what rig/attack/sight.h compares. In a session that is
 * open. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_ATTACK_WITNESS_H
#define RIG_ATTACK_WITNESS_H

#include "clinic/programmer/programmer.h"
#include "rig/attack/sight.h"

/* Asks for status, ledger and energy. */
MUST_USE enum contact witness_look(struct programmer *programmer, const struct air *air, struct sight *sight);
/* Reads the log from after the number `last` on. */
MUST_USE enum contact witness_log(struct programmer *programmer, const struct air *air, uint64_t last, struct sight_log *log);

#endif
