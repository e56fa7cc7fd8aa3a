/* pairing.h - how a programmer becomes known: with the secret of the implant card, held to the skin, as one whole or not at all.
 * link/SPEC.md §5. REQ-SECU-07. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_PAIRING_H
#define PUMP_PAIRING_H

#include "board/board.h"
#include "link/hash.h"
#include "link/noise.h"
#include "pump/telemetry.h"

enum { PAIRING_LIFE_MS = 60000, PAIRING_TRIES = 4 }; /* guesses */
enum { PAIR_2_BYTES = 114, PAIRED_BYTES = 2 + TAG_BYTES };

enum pairing_outcome { PAIRING_BUSY = 0, PAIRING_DONE = 1, PAIRING_NO_SLOT = 2, PAIRING_FORM = 3, PAIRING_STORAGE = 4 };

/* One under way, or just over: all zero is none. */
struct pairing {
    struct noise noise;
    int64_t until_ms;
    uint8_t state;                 /* 0 none, 1 waits for PAIR_3, 2 answered */
    uint8_t slot, tries;           /* the slot offered, then given; PAIR_3 that could not be right */
    uint8_t first[TAG_BYTES];      /* of the PAIR_1: the same again gets the same PAIR_2 again */
    uint8_t second[PAIR_2_BYTES];
    uint8_t third[HASH_BYTES];     /* of the PAIR_3 that was answered: all of it, seal and what is sealed; and the answer */
    uint8_t paired[PAIRED_BYTES];
};

enum welcome pairing_first(struct pump *pump, const struct board *board, const struct packet *packet, uint8_t reach,
                           instant_ms now);
enum welcome pairing_third(struct pump *pump, const struct board *board, const struct packet *packet, uint8_t reach,
                           instant_ms now);
/* Forgets one that was not finished in time. Returns when the next look is due. */
instant_ms pairing_look(struct pump *pump, instant_ms now);

#endif
