// SPDX-License-Identifier: Apache-2.0
#include "pump/gate.h"

#include "core/crc.h"
#include "pump/standing.h"

/* Guesses: link/SPEC.md §4. */
struct rule {
    uint32_t most, every_s;
};

static struct rule rule_of(unsigned bucket)
{
    if (bucket == GATE_FAR) {
        return (struct rule){ 30, 150 };
    }
    if (bucket == GATE_NEAR) {
        return (struct rule){ 200, 120 };
    }
    if (bucket >= GATE_MESSAGE) {
        return (struct rule){ 250, 10 };
    }
    if (bucket == GATE_HANDSHAKE + PAIRING_SLOT) {
        return (struct rule){ 4, 300 };
    }
    return bucket < GATE_ANSWER ? (struct rule){ 30, 120 } : (struct rule){ 8, 30 };
}

static uint64_t check_of(const struct gate_memory *memory)
{
    return (uint64_t)crc32_of((const uint8_t *)memory, sizeof *memory) ^ 0x6761746500000000u;
}

static void save(struct pump *pump, struct kept *kept)
{
    for (unsigned i = 0; i < 2; i++) {
        kept->gate[i].memory = pump->gate;
        kept->gate[i].check = check_of(&pump->gate);
    }
}

void gate_make(struct gate_copy copy[2])
{
    struct gate_memory memory = { .counter = { 0 } };
    for (unsigned bucket = 0; bucket < GATE_BUCKETS; bucket++) {
        memory.bucket[bucket].tokens = rule_of(bucket).most;
    }
    for (unsigned i = 0; i < 2; i++) {
        copy[i] = (struct gate_copy){ memory, check_of(&memory) };
    }
}

void gate_boot(struct pump *pump, const struct board *board, instant_ms now)
{
    struct kept *kept = kept_of(board);
    for (unsigned i = 0; i < 2; i++) {
        if (check_of(&kept->gate[i].memory) == kept->gate[i].check) {
            pump->gate = kept->gate[i].memory;
            save(pump, kept);
            return;
        }
    }
    for (unsigned slot = 0; slot <= PEER_SLOTS; slot++) {
        pump->gate.counter[slot] = pump->peers.reserved[slot];
    }
    for (unsigned bucket = 0; bucket < GATE_BUCKETS; bucket++) {
        pump->gate.bucket[bucket] = (struct bucket){ (uint32_t)(now.ms / 1000), 0 };
    }
    save(pump, kept);
}

/* What came in since it was last looked at. */
static struct bucket filled(const struct pump *pump, unsigned place, instant_ms now)
{
    struct rule rule = rule_of(place);
    struct bucket bucket = pump->gate.bucket[place];
    uint32_t now_s = (uint32_t)(now.ms / 1000);
    uint32_t more = now_s > bucket.filled_s ? (now_s - bucket.filled_s) / rule.every_s : 0;
    if (bucket.tokens >= rule.most || more >= rule.most - bucket.tokens) {
        return (struct bucket){ now_s, rule.most };
    }
    return (struct bucket){ bucket.filled_s + more * rule.every_s, bucket.tokens + more };
}

uint32_t gate_tokens(const struct pump *pump, unsigned bucket, instant_ms now)
{
    return filled(pump, bucket, now).tokens;
}

bool gate_open(const struct pump *pump, unsigned bucket, instant_ms now)
{
    return gate_tokens(pump, bucket, now) > 0;
}

instant_ms gate_next(const struct pump *pump, unsigned place, instant_ms now)
{
    struct bucket bucket = filled(pump, place, now);
    struct rule rule = rule_of(place);
    return bucket.tokens >= rule.most ? INSTANT_NEVER
                                      : (instant_ms){ ((int64_t)bucket.filled_s + rule.every_s) * 1000 };
}

bool gate_take(struct pump *pump, const struct board *board, unsigned place, instant_ms now)
{
    struct bucket bucket = filled(pump, place, now);
    bool there = bucket.tokens > 0;
    bucket.tokens -= there;
    pump->gate.bucket[place] = bucket;
    save(pump, kept_of(board));
    return there;
}

bool gate_count(struct pump *pump, const struct board *board, uint8_t slot, uint64_t counter)
{
    uint64_t bound = counter + counter / GATE_RESERVE_SHARE + GATE_RESERVE;
    if (counter > pump->gate.counter[slot] + GATE_LEAP_MAX) {
        return false;
    }
    bool busy = counter > pump->peers.reserved[slot] && peers_reserve(pump, board, slot, bound) == RESULT_BUSY;
    pump->repeats[slot] = 0;
    pump->gate.counter[slot] = counter; /* busy or not: the same frame later is a recording */
    save(pump, kept_of(board));
    return !busy;
}

bool gate_repeated(struct pump *pump, uint8_t slot, uint64_t counter)
{
    if (counter != pump->gate.counter[slot] || pump->repeats[slot] >= GATE_REPEATS_FREE) {
        return false;
    }
    pump->repeats[slot]++;
    return true;
}

void gate_renew(struct pump *pump, const struct board *board, uint8_t slot, instant_ms now)
{
    static const unsigned kinds[] = { GATE_HANDSHAKE, GATE_ANSWER, GATE_MESSAGE };
    pump->gate.counter[slot] = 0;
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        pump->gate.bucket[kinds[i] + slot] = (struct bucket){ (uint32_t)(now.ms / 1000), rule_of(kinds[i] + slot).most };
    }
    save(pump, kept_of(board));
}
