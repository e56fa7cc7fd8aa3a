/* gate.h - the tags that are looked at before any public-key work: keyed BLAKE2b over what the frame says of itself.
 * link/SPEC.md §4. REQ-SECU-04, HZ-43. */
// SPDX-License-Identifier: Apache-2.0
#ifndef LINK_GATE_H
#define LINK_GATE_H

#include "link/cipher.h"

enum { PUMP_ID_BYTES = 16, PEER_SLOTS = 8, PAIRING_SLOT = 0, CARD_SECRET_BYTES = 16 };

/* Which tag: the first byte of what it covers, so that none can stand for another. */
enum gate_purpose { GATE_KNOCK = 1, GATE_COUNTER = 2, GATE_PAIR = 3 };

/* The tag over purpose, pump id, slot, counter and the `size` bytes that follow them. */
void gate_tag(const uint8_t key[KEY_BYTES], enum gate_purpose purpose, const uint8_t pump_id[PUMP_ID_BYTES], uint8_t slot,
              uint64_t counter, const uint8_t *bytes, size_t size, uint8_t tag[TAG_BYTES]);

/* What the secret on the implant card gives: the gate's key of the pairing slot, and the pre-shared key of the handshake. */
void gate_of_card(const uint8_t card[CARD_SECRET_BYTES], const uint8_t pump_id[PUMP_ID_BYTES], uint8_t gate_key[KEY_BYTES],
                  uint8_t psk[KEY_BYTES]);

#endif
