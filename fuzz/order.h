/* order.h - what insiders send inside a session, as the input says: queries, commands of every kind, therapies, and anything
 * else. */
// SPDX-License-Identifier: Apache-2.0
#ifndef FUZZ_ORDER_H
#define FUZZ_ORDER_H

#include "fuzz/scene.h"
#include "fuzz/tape.h"

/* KNOCK at a slot, with the gate key that the insider has of its own or with the slot's; the counter rises by one and this. */
void order_knock(struct scene *scene, uint8_t who, uint8_t slot, bool own_key, uint64_t jump);
/* The three below knock first when no session of theirs stands. */
void order_query(struct scene *scene, uint8_t who, struct tape *tape);
/* Kind; flags (1: another head than the pump's, 2: retitrated); jump of the id; members. */
void order_command(struct scene *scene, uint8_t who, struct tape *tape);
/* A therapy made by chance that this pump could run, staged whole; then activated, or told of in a refill. */
void order_therapy(struct scene *scene, uint8_t who, struct tape *tape);
/* These do not: any bytes, and the last request once more, sealed anew. */
void order_raw(struct scene *scene, uint8_t who, struct tape *tape);
void order_again(struct scene *scene, uint8_t who);

#endif
