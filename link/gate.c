// SPDX-License-Identifier: Apache-2.0
#include "link/gate.h"

#include "link/hash.h"

enum { WORD_BYTES_MAX = 16 };

void gate_tag(const uint8_t key[KEY_BYTES], enum gate_purpose purpose, const uint8_t pump_id[PUMP_ID_BYTES], uint8_t slot,
              uint64_t counter, const uint8_t *bytes, size_t size, uint8_t tag[TAG_BYTES])
{
    const uint8_t first = (uint8_t)purpose;
    uint8_t count[8];
    for (unsigned i = 0; i < sizeof count; i++) {
        count[i] = (uint8_t)(counter >> (8 * i));
    }
    struct hash_state state;
    hash_begin_keyed(&state, key, TAG_BYTES);
    hash_add(&state, &first, 1);
    hash_add(&state, pump_id, PUMP_ID_BYTES);
    hash_add(&state, &slot, 1);
    hash_add(&state, count, sizeof count);
    hash_add(&state, bytes, size);
    hash_end_keyed(&state, tag, TAG_BYTES);
    cipher_forget(&state, sizeof state);
}

/* What the card gives for one use: the hash of the use's word and the pump's id, keyed with the card's secret twice. */
static void derive(const uint8_t card[CARD_SECRET_BYTES], const char *word, const uint8_t pump_id[PUMP_ID_BYTES],
                   uint8_t result[KEY_BYTES])
{
    uint8_t key[KEY_BYTES], bytes[WORD_BYTES_MAX + PUMP_ID_BYTES];
    for (unsigned i = 0; i < KEY_BYTES; i++) {
        key[i] = card[i % CARD_SECRET_BYTES];
    }
    size_t size = 0;
    for (; size < WORD_BYTES_MAX && word[size] != '\0'; size++) {
        bytes[size] = (uint8_t)word[size];
    }
    for (unsigned i = 0; i < PUMP_ID_BYTES; i++, size++) {
        bytes[size] = pump_id[i];
    }
    hash_keyed(key, bytes, size, result, KEY_BYTES);
    cipher_forget(key, sizeof key);
}

void gate_of_card(const uint8_t card[CARD_SECRET_BYTES], const uint8_t pump_id[PUMP_ID_BYTES], uint8_t gate_key[KEY_BYTES],
                  uint8_t psk[KEY_BYTES])
{
    _Static_assert(2 * CARD_SECRET_BYTES == (int)KEY_BYTES && (int)KEY_BYTES == (int)HASH_BYTES, "a key is the secret twice");
    derive(card, "cisterna gate 1", pump_id, gate_key);
    derive(card, "cisterna psk 1", pump_id, psk);
}
