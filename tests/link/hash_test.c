/* hash_test.c - BLAKE2b in its three ways against published values and Python's hashlib. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "link/hash.h"
#include "tests/link/hex.h"

static void count_up(uint8_t *bytes, size_t size, unsigned first)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(first + i);
}

/* By hashlib.blake2b(b"abc", digest_size=32). */
static void whole(void **state)
{
    (void)state;
    uint8_t hash[HASH_BYTES];
    hash_of((const uint8_t *)"abc", 3, hash);
    assert_hex(hash, sizeof hash, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

static void pieces_make_the_whole(void **state)
{
    (void)state;
    uint64_t seed = 1;
    uint8_t bytes[600], expected[HASH_BYTES], hash[HASH_BYTES], key[HASH_BYTES];
    count_up(bytes, sizeof bytes, 0);
    count_up(key, sizeof key, 0x40);
    for (unsigned round = 0; round < 500; round++) {
        size_t size = (size_t)chance_between(&seed, 0, sizeof bytes);
        struct hash_state plain, keyed;
        hash_begin(&plain);
        hash_begin_keyed(&keyed, key, HASH_BYTES);
        for (size_t at = 0; at < size;) {
            size_t piece = (size_t)chance_between(&seed, 0, (int64_t)(size - at));
            hash_add(&plain, bytes + at, piece);
            hash_add(&keyed, bytes + at, piece);
            at += piece;
        }
        hash_of(bytes, size, expected);
        hash_end(&plain, hash);
        assert_memory_equal(hash, expected, sizeof hash);
        hash_keyed(key, bytes, size, expected, HASH_BYTES);
        hash_end_keyed(&keyed, hash, HASH_BYTES);
        assert_memory_equal(hash, expected, sizeof hash);
    }
}

/* By hashlib.blake2b(bytes, key=key, digest_size=size); the key from 40, the bytes from 00. */
static void keyed_as_elsewhere(void **state)
{
    (void)state;
    const struct {
        size_t count, size;
        const char *result;
    } rows[] = {
        { 0, 16, "4b3fa8065d7e2ccbb0397472c3ec0586" },
        { 3, 16, "7111ce3175a50b0eb6cb003f525748d8" },
        { 200, 16, "b498110915d25bfbb8ef8a6b5fc0a33e" },
        { 200, 32, "db30a27cddfde677a6ef918d49796e0ff410005e74b1dd4404777da86a52b873" },
        { 200, 64, "452d5ef4a042333045bb416a9209c6c589ee23960204d5b2f9335ad08cd437bde3aa36e5e4c3957f"
                   "c0cd410c95e033df6bab925987c295f878c088774193e55a" },
    };
    uint8_t key[HASH_BYTES], bytes[200], result[65];
    count_up(key, sizeof key, 0x40);
    count_up(bytes, sizeof bytes, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        result[rows[i].size] = 0x5A;
        hash_keyed(key, bytes, rows[i].count, result, rows[i].size);
        assert_hex(result, rows[i].size, rows[i].result);
        assert_int_equal(result[rows[i].size], 0x5A);
        struct hash_state state_of_pieces;
        hash_begin_keyed(&state_of_pieces, key, rows[i].size);
        hash_add(&state_of_pieces, bytes, rows[i].count);
        hash_end_keyed(&state_of_pieces, result, rows[i].size);
        assert_hex(result, rows[i].size, rows[i].result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole),
        cmocka_unit_test(pieces_make_the_whole),
        cmocka_unit_test(keyed_as_elsewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
