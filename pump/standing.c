// SPDX-License-Identifier: Apache-2.0
#include "pump/standing.h"

/* A multiply-xor word over bytes; a different odd multiplier for each position. */
static uint64_t bytes_check(const uint8_t *bytes, uint32_t size)
{
    uint64_t sum = 0x1D8E4E27C47D124Fu + size;
    for (uint32_t i = 0; i < size; i++) {
        sum = (sum ^ bytes[i]) * 0x9E3779B97F4A7C15u;
        sum ^= sum >> 29;
    }
    return sum;
}

void standing_clear(struct standing *standing)
{
    uint8_t *byte = (uint8_t *)standing;
    for (uint32_t i = 0; i < sizeof *standing; i++) {
        byte[i] = 0;
    }
    standing->mode = MODE_NEW;
    standing->head = 1;
    standing->periodic_next_ms = INT64_MAX;
    standing->flow_since_ms = INT64_MAX;
    standing->stopped_since_ms = INT64_MAX;
    standing->contents.count = 1;
    standing->contents.stretch[0].mixture.unknown = true;
}

enum result standing_load(const struct kept *kept, struct standing *standing)
{
    for (unsigned i = 0; i < 2; i++) {
        const struct standing_copy *copy = &kept->standing[i];
        if (bytes_check((const uint8_t *)&copy->standing, sizeof copy->standing) == copy->check) {
            *standing = copy->standing;
            return RESULT_OK;
        }
    }
    return RESULT_DAMAGED;
}

void standing_store(struct kept *kept, const struct standing *standing)
{
    for (unsigned i = 0; i < 2; i++) {
        struct standing_copy *copy = &kept->standing[i];
        copy->standing = *standing;
        copy->check = bytes_check((const uint8_t *)&copy->standing, sizeof copy->standing);
    }
}

void ledger_working(struct pump *pump, struct kept *kept, struct ledger *ledger, instant_ms now)
{
    if (ledger_load(&kept->ledger, ledger) != RESULT_OK) {
        ledger_clear(ledger, now);
        ledger_store(&kept->ledger, ledger);
        pump->ledger_lost = true;
    }
}

void therapy_slot_store(struct kept *kept, const uint8_t *bytes, uint32_t size)
{
    struct therapy_slot *slot = &kept->therapy;
    slot->check = 0;
    for (uint32_t i = 0; i < size; i++) {
        slot->bytes[i] = bytes[i];
    }
    slot->size = size;
    slot->check = bytes_check(slot->bytes, size);
}

bool therapy_slot_sound(const struct kept *kept)
{
    const struct therapy_slot *slot = &kept->therapy;
    return slot->size > 0 && slot->size <= THERAPY_BYTES_MAX && bytes_check(slot->bytes, slot->size) == slot->check;
}

void note(struct pump *pump, instant_ms now, enum actor actor, enum event_code code, int64_t f0, int64_t f1, int64_t f2,
          int64_t f3)
{
    struct event event = { .at = now,
                           .epoch = pump->now.epoch,
                           .code = (uint16_t)code,
                           .actor = (uint8_t)actor,
                           .field = { f0, f1, f2, f3 } };
    log_write(&pump->log, &event);
}

void head_move(struct pump *pump, instant_ms now)
{
    uint64_t mixed = (pump->now.head ^ (uint64_t)now.ms) * 0x9E3779B97F4A7C15u;
    mixed ^= mixed >> 32;
    pump->now.head = mixed != 0 ? mixed : 1; /* zero means "no head stated" */
    pump->now_changed = true;
}
