/* pairing.h - the handshake that makes a pump and a programmer known to each other, with the secret on the implant card.
 * link/SPEC.md §5. REQ-SECU-06, -07. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PROGRAMMER_PAIRING_H
#define CLINIC_PROGRAMMER_PAIRING_H

#include "clinic/programmer/programmer.h"

/* Pairs with the key's own secret, pump id and label, and keeps what came of it. */
MUST_USE enum contact pairing_make(struct programmer *programmer, const struct air *air,
                                   const uint8_t card[CARD_SECRET_BYTES], enum role role, uint8_t *outcome);

#endif
