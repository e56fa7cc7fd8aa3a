/* gate_test.c - the tags before any public-key work, against Python's hashlib, and that each of their parts counts. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "link/gate.h"
#include "tests/link/hex.h"

enum { BYTES_MAX = 48 };

static const uint8_t pump_id[PUMP_ID_BYTES] = "CISTERNA-000001";

static void count_up(uint8_t *bytes, size_t size, unsigned first)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(first + i);
}

/* By hashlib.blake2b(bytes([purpose]) + id + bytes([slot]) + counter.to_bytes(8, "little") + bytes, key=key, digest_size=16);
 * the key from 20, the bytes from `first` on. */
static void tags_as_elsewhere(void **state)
{
    (void)state;
    const struct {
        enum gate_purpose purpose;
        uint8_t slot, first;
        size_t size;
        uint64_t counter;
        const char *tag;
    } rows[] = {
        { GATE_KNOCK, 3, 0x00, 48, UINT64_C(0x0102030405060708), "61429290bdb0a21f5baa6019083205bd" },
        { GATE_COUNTER, PAIRING_SLOT, 0xC0, 16, UINT64_MAX, "bbb5c570002ac55951c61e7c62565b6e" },
        { GATE_PAIR, PAIRING_SLOT, 0x07, 48, 1, "238b00c4d758aebdcff705a74f2f55e5" },
        { GATE_KNOCK, 8, 0x00, 0, 0, "a2dd0999f0397e56f4d4eee7c178d2b1" },
    };
    uint8_t key[KEY_BYTES], bytes[BYTES_MAX], tag[TAG_BYTES];
    count_up(key, sizeof key, 0x20);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        count_up(bytes, sizeof bytes, rows[i].first);
        gate_tag(key, rows[i].purpose, pump_id, rows[i].slot, rows[i].counter, bytes, rows[i].size, tag);
        assert_hex(tag, sizeof tag, rows[i].tag);
    }
}

/* By hashlib.blake2b(b"cisterna gate 1" + id, key=card + card, digest_size=32), and "cisterna psk 1"; the card from A0. */
static void keys_of_a_card(void **state)
{
    (void)state;
    uint8_t card[CARD_SECRET_BYTES], key[KEY_BYTES], psk[KEY_BYTES], other_key[KEY_BYTES], other_psk[KEY_BYTES];
    count_up(card, sizeof card, 0xA0);
    gate_of_card(card, pump_id, key, psk);
    assert_hex(key, sizeof key, "c15cfc74450c905092849519aa7dee71546cf10fbb83c446fafd5350a5b5bbc6");
    assert_hex(psk, sizeof psk, "9940ec8b72a2b176c59b93366c5ca123ca7c39646b85d87182e27e416535b46c");
    for (unsigned bit = 0; bit < 8 * CARD_SECRET_BYTES; bit++) {
        card[bit / 8] ^= (uint8_t)(1u << bit % 8);
        gate_of_card(card, pump_id, other_key, other_psk);
        assert_memory_not_equal(other_key, key, sizeof key);
        assert_memory_not_equal(other_psk, psk, sizeof psk);
        card[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    uint8_t id[PUMP_ID_BYTES];
    memcpy(id, pump_id, sizeof id);
    id[15] = 1;
    gate_of_card(card, id, other_key, other_psk);
    assert_memory_not_equal(other_key, key, sizeof key);
    assert_memory_not_equal(other_psk, psk, sizeof psk);
}

/* Each bit of what a tag covers, and of its key. */
static void every_part_counts(void **state)
{
    (void)state;
    struct {
        uint8_t key[KEY_BYTES], id[PUMP_ID_BYTES], purpose, slot, counter[8], bytes[BYTES_MAX];
    } part;
    uint8_t whole[sizeof part], first[TAG_BYTES], tag[TAG_BYTES];
    count_up(whole, sizeof whole, 1);
    for (size_t bit = 0; bit <= 8 * sizeof whole; bit++) {
        memcpy(&part, whole, sizeof part);
        if (bit > 0)
            ((uint8_t *)&part)[(bit - 1) / 8] ^= (uint8_t)(1u << (bit - 1) % 8);
        uint64_t counter;
        memcpy(&counter, part.counter, sizeof counter);
        gate_tag(part.key, (enum gate_purpose)part.purpose, part.id, part.slot, counter, part.bytes, BYTES_MAX,
                 bit == 0 ? first : tag);
        if (bit > 0)
            assert_memory_not_equal(tag, first, TAG_BYTES);
    }
    for (size_t size = 0; size < BYTES_MAX; size++) {
        memcpy(&part, whole, sizeof part);
        uint64_t counter;
        memcpy(&counter, part.counter, sizeof counter);
        gate_tag(part.key, (enum gate_purpose)part.purpose, part.id, part.slot, counter, part.bytes, size, tag);
        assert_memory_not_equal(tag, first, TAG_BYTES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_as_elsewhere),
        cmocka_unit_test(keys_of_a_card),
        cmocka_unit_test(every_part_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
