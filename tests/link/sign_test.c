/* sign_test.c - signatures against RFC 8032, and what must not pass for one. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "link/sign.h"
#include "tests/link/hex.h"

struct row {
    const char *key, *bytes, *signature;
};

/* RFC 8032, section 7.1, tests 1 to 3. */
static const struct row rows[] = {
    { "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
      "d25bf5f0595bbe24655141438e7a100b" },
    { "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
      "387b2eaeb4302aeeb00d291612bb0c00" },
    { "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
      "4a7c15e9716ed28dc027beceea1ec40a" },
};
enum { ROWS = sizeof rows / sizeof *rows };

struct signed_bytes {
    uint8_t key[SIGN_KEY_BYTES], signature[SIGNATURE_BYTES], bytes[2];
    size_t size;
};

static struct signed_bytes read(const struct row *row)
{
    struct signed_bytes read;
    hex_read(row->key, read.key, sizeof read.key);
    hex_read(row->signature, read.signature, sizeof read.signature);
    read.size = hex_read(row->bytes, read.bytes, sizeof read.bytes);
    return read;
}

static bool verify(const struct signed_bytes *it)
{
    return sign_verify(it->key, it->bytes, it->size, it->signature);
}

static void signatures_as_published(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ROWS; i++) {
        struct signed_bytes it = read(&rows[i]), other = read(&rows[(i + 1) % ROWS]);
        assert_true(verify(&it));
        memcpy(it.key, other.key, sizeof it.key);
        assert_false(verify(&it));
    }
}

static void every_flipped_bit(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ROWS; i++) {
        struct signed_bytes it = read(&rows[i]);
        uint8_t *const parts[] = { it.key, it.signature, it.bytes };
        const size_t sizes[] = { sizeof it.key, sizeof it.signature, it.size };
        for (unsigned part = 0; part < 3; part++) {
            for (size_t bit = 0; bit < 8 * sizes[part]; bit++) {
                parts[part][bit / 8] ^= (uint8_t)(1u << bit % 8);
                assert_false(verify(&it));
                parts[part][bit / 8] ^= (uint8_t)(1u << bit % 8);
            }
        }
        assert_true(verify(&it));
    }
}

/* S plus the order of the group would be a second signature of the same bytes: RFC 8032, section 5.1.7, wants it refused. */
static void no_second_signature(void **state)
{
    (void)state;
    uint8_t order[32];
    hex_read("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", order, sizeof order);
    for (unsigned i = 0; i < ROWS; i++) {
        struct signed_bytes it = read(&rows[i]);
        unsigned carry = 0;
        for (unsigned at = 0; at < 32; at++) {
            carry += it.signature[32 + at] + (unsigned)order[at];
            it.signature[32 + at] = (uint8_t)carry;
            carry >>= 8;
        }
        assert_int_equal(carry, 0);
        assert_false(verify(&it));
    }
}

/* With the neutral point as key, R the neutral point and S zero fit the equation for any bytes. */
static void no_key_of_small_order(void **state)
{
    (void)state;
    struct signed_bytes it = { .key = { 1 }, .signature = { 1 }, .bytes = { 4, 2 }, .size = 2 };
    assert_false(verify(&it));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_as_published),
        cmocka_unit_test(every_flipped_bit),
        cmocka_unit_test(no_second_signature),
        cmocka_unit_test(no_key_of_small_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
