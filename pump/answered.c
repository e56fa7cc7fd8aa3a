// SPDX-License-Identifier: Apache-2.0
#include "pump/answered.h"

const struct answered *answered_find(const struct pump *pump, uint8_t slot, uint64_t id)
{
    for (unsigned i = 0; i < RECEIPTS_MAX; i++) {
        if (pump->now.answered[i].receipt.id == id && pump->now.answered[i].slot == slot) {
            return &pump->now.answered[i];
        }
    }
    return NULL;
}

/* The oldest receipt makes room, unless it is the newest of another sender: that one may still be asked for. */
static struct answered *answered_place(struct pump *pump, uint8_t slot)
{
    struct answered *place = &pump->now.answered[pump->now.answers_next];
    for (unsigned i = 0; i < RECEIPTS_MAX; i++) {
        place = &pump->now.answered[pump->now.answers_next];
        pump->now.answers_next = (uint8_t)((pump->now.answers_next + 1) % RECEIPTS_MAX);
        bool unused = place->slot == 0 || place->slot >= SENDERS;
        if (unused || place->slot == slot || place->receipt.id != pump->now.highest_id[place->slot]) {
            break;
        }
    }
    return place;
}

void answered_add(struct pump *pump, uint8_t slot, uint64_t fingerprint, const struct receipt *receipt)
{
    struct answered *place = answered_place(pump, slot);
    *place = (struct answered){ .fingerprint = fingerprint, .slot = slot, .receipt = *receipt };
    pump->now.highest_id[slot] = receipt->id;
    pump->now_changed = true;
    pump->keeping.checkpoint_due = true; /* so that the same command has no second effect even when all memory is lost */
}

void answered_forget(struct pump *pump, uint8_t slot)
{
    pump->now.highest_id[slot] = 0;
    for (unsigned i = 0; i < RECEIPTS_MAX; i++) {
        if (pump->now.answered[i].slot == slot) {
            pump->now.answered[i] = (struct answered){ .slot = 0 };
        }
    }
    pump->now_changed = true;
    pump->keeping.checkpoint_due = true;
}
