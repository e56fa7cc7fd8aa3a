/* standing.h - the standing facts: kept twice in retained memory, worked on in struct pump. Also the log's pen, and
 * the ledger head that every sender must know. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_STANDING_H
#define PUMP_STANDING_H

#include "pump/state.h"

/* The retained memory behind a board. */
static inline struct kept *kept_of(const struct board *board)
{
    return (struct kept *)(void *)board->retained;
}

/* A pump as it leaves the factory. */
void standing_clear(struct standing *standing);
/* Takes over the first kept copy whose check word holds; RESULT_DAMAGED when neither does. */
MUST_USE enum result standing_load(const struct kept *kept, struct standing *standing);
/* Could a pump of this model have written these? A check word tells what was changed after it was made, and not what a
 * core wrote that had lost its way. Looks at what a flow, a budget or a loop could follow: modes, flows, counts and the
 * clock. */
bool standing_possible(const struct standing *standing, const struct model *model);
/* Writes both kept copies, one after the other. */
void standing_store(struct kept *kept, const struct standing *standing);

/* The working ledger. When both kept copies are damaged a new one is begun at once, and pump->ledger_lost tells the
 * supervisor to deal with the loss at the end of the step. */
void ledger_working(struct pump *pump, struct kept *kept, struct ledger *ledger, instant_ms now);

/* Writes both copies of the therapy slot, one after the other, each with its check word and the number of its record in
 * flash: a copy of another number is not the therapy in force. */
void therapy_slot_store(struct kept *kept, const uint8_t *bytes, uint32_t size, uint32_t sequence);
/* The same therapy, under another number. */
void therapy_slot_number(struct kept *kept, uint32_t sequence);
/* The first copy of this number (0: of any) whose check word holds; null when neither does, or none was ever stored. */
const struct therapy_slot *therapy_slot_sound(const struct kept *kept, uint32_t sequence);
/* Mends a damaged copy from the other. */
void therapy_slot_mend(struct kept *kept, uint32_t sequence);

/* Writes one event into the log. */
void note(struct pump *pump, instant_ms now, enum actor actor, enum event_code code, int64_t f0, int64_t f1, int64_t f2,
          int64_t f3);
/* Moves the ledger head on: something happened that a sender must know of before it changes a dose. */
void head_move(struct pump *pump, instant_ms now);

#endif
