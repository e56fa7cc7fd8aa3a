/* order.h - commands, each of which ends as applied, not applied or unknown; and what settles an unknown one. link/SPEC.md §7.
 * REQ-LINK-02, -04, HZ-28. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PROGRAMMER_ORDER_H
#define CLINIC_PROGRAMMER_ORDER_H

#include "clinic/programmer/programmer.h"

/* As programmer_command(), in a session and with no command pending. */
MUST_USE enum told order_give(struct programmer *programmer, const struct air *air, struct command *command,
                              struct receipt *receipt, enum contact *contact);
/* Asks a session that has just been opened what became of the pending command, and notes it as settled. */
MUST_USE enum contact order_settle(struct programmer *programmer, const struct air *air);
/* The id of the next command: above all before it. Each counter has 65,536 of its own, because a programmer restored from a
 * backup learns from the pump which counters were used (COUNTER), but not which ids: an id used twice would be answered with
 * the receipt of long ago. */
uint64_t order_next_id(const struct key *key);

#endif
