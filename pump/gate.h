/* gate.h - the gate's memory: how many attempts are left to strangers and to each slot, and the highest counter each slot has
 * used. Kept twice in retained memory; lost buckets are empty ones, lost counters go on from what flash has reserved.
 * link/SPEC.md §4. REQ-SECU-03, -04, -05, HZ-43. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_GATE_H
#define PUMP_GATE_H

#include <stdbool.h>

#include "board/board.h"
#include "link/gate.h"

/* Buckets: two for strangers, then for each slot its handshakes, its counter answers and repeated answers, and its messages from
 * home; who is heard near alone has its further handshakes there instead. */
enum gate_bucket {
    GATE_FAR = 0,
    GATE_NEAR = 1,
    GATE_HANDSHAKE = 2,
    GATE_ANSWER = GATE_HANDSHAKE + PEER_SLOTS + 1,
    GATE_MESSAGE = GATE_ANSWER + PEER_SLOTS + 1,
    GATE_BUCKETS = GATE_MESSAGE + PEER_SLOTS + 1
};

/* Counters reserved in flash at once, and a sixteenth of the counter more: whoever has a key and leaps from bound to bound has
 * flash written some hundred times at most. Nor may a counter leap further than anybody's lost
 * calls could have taken it: one frame with a huge one would lock out all that follow. */
enum { GATE_RESERVE = 64, GATE_RESERVE_SHARE = 16, GATE_LEAP_MAX = 1 << 20 };

/* The same frame comes so often when its answer is lost or there is no token: nobody else pays for that. Guess. */
enum { GATE_REPEATS_FREE = 16 };

struct gate_memory {
    uint64_t counter[PEER_SLOTS + 1];
    struct bucket {
        uint32_t filled_s; /* up to when tokens have come in, seconds of the pump's time */
        uint32_t tokens;
    } bucket[GATE_BUCKETS];
};
struct gate_copy {
    struct gate_memory memory;
    uint64_t check;
};

struct pump;

/* As the factory leaves it: all buckets full. */
void gate_make(struct gate_copy copy[2]);
/* Takes over what retained memory holds; after a loss the buckets are empty and counters are those reserved. */
void gate_boot(struct pump *pump, const struct board *board, instant_ms now);
/* Takes a token; false when there is none. `bucket`: GATE_FAR, GATE_NEAR, or GATE_HANDSHAKE, GATE_ANSWER or
 * GATE_MESSAGE plus the slot. */
bool gate_take(struct pump *pump, const struct board *board, unsigned bucket, instant_ms now);
/* Is there one? */
bool gate_open(const struct pump *pump, unsigned bucket, instant_ms now);
/* Tokens there now. */
uint32_t gate_tokens(const struct pump *pump, unsigned bucket, instant_ms now);
/* When the next token comes into this bucket; INSTANT_NEVER when it is full. */
instant_ms gate_next(const struct pump *pump, unsigned bucket, instant_ms now);
/* Stores the counter of a slot, above the highest so far, before anything is done for it and before a token is asked for: an
 * authentic frame, once heard, is spent, so that a recording of it never opens anything. False when it leaps too far (then it
 * is not stored), or when flash cannot reserve it right now: the caller drops the frame. A worn flash does not lock anybody
 * out: retained memory knows the counter. */
bool gate_count(struct pump *pump, const struct board *board, uint8_t slot, uint64_t counter);
/* An authentic frame whose counter was used: is it the newest of its slot, and not yet heard GATE_REPEATS_FREE times more? */
bool gate_repeated(struct pump *pump, uint8_t slot, uint64_t counter);
/* A slot has a new key: its counter begins again, its buckets are full. */
void gate_renew(struct pump *pump, const struct board *board, uint8_t slot, instant_ms now);

#endif
