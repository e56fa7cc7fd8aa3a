/* cipher_test.c - the ciphers against the vectors of their documents, and of another implementation where those have none. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "link/cipher.h"
#include "tests/link/hex.h"

enum { PLAIN_MAX = 300 };

/* bytes from `first` on, each one more: what the written-out values below were made over. */
static void count_up(uint8_t *bytes, size_t size, unsigned first)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(first + i);
}

static void check_agree(const char *secret, const char *key, const char *expected)
{
    uint8_t one[KEY_BYTES], other[KEY_BYTES], shared[KEY_BYTES];
    hex_read(secret, one, sizeof one);
    hex_read(key, other, sizeof other);
    assert_true(cipher_agree(one, other, shared));
    assert_hex(shared, sizeof shared, expected);
}

/* RFC 7748, sections 5.2 and 6.1. */
static void agreement_as_published(void **state)
{
    (void)state;
    check_agree("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
                "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
                "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
    /* The highest bit of this point counts for nothing. */
    check_agree("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
                "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
                "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957");
    const char *alice = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
    const char *bob = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
    uint8_t secret[KEY_BYTES], key[KEY_BYTES];
    hex_read(alice, secret, sizeof secret);
    cipher_public(secret, key);
    assert_hex(key, sizeof key, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    hex_read(bob, secret, sizeof secret);
    cipher_public(secret, key);
    assert_hex(key, sizeof key, "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    check_agree(alice, "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
                "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    check_agree(bob, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
                "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

static void agreement_a_thousand_times(void **state)
{
    (void)state;
    uint8_t k[KEY_BYTES] = { 9 }, u[KEY_BYTES] = { 9 }, result[KEY_BYTES];
    for (unsigned i = 1; i <= 1000; i++) {
        assert_true(cipher_agree(k, u, result));
        memcpy(u, k, sizeof u);
        memcpy(k, result, sizeof k);
        if (i == 1)
            assert_hex(k, sizeof k, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    }
    assert_hex(k, sizeof k, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
}

/* The points whose order divides 8, in all their spellings: whoever sends one decides alone what is shared. */
static void points_of_small_order(void **state)
{
    (void)state;
    static const char *const points[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", /* p - 1 */
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", /* p, another 0 */
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", /* p + 1, another 1 */
    };
    uint64_t seed = 1;
    const uint8_t zeros[KEY_BYTES] = { 0 };
    for (size_t i = 0; i < 2 * sizeof points / sizeof *points; i++) {
        uint8_t secret[KEY_BYTES], key[KEY_BYTES], shared[KEY_BYTES];
        for (unsigned at = 0; at < KEY_BYTES; at++)
            secret[at] = (uint8_t)chance_next(&seed);
        hex_read(points[i / 2], key, sizeof key);
        key[31] |= (uint8_t)(i % 2 << 7); /* the bit that counts for nothing */
        memset(shared, 0x5A, sizeof shared);
        assert_false(cipher_agree(secret, key, shared));
        assert_memory_equal(shared, zeros, sizeof zeros);
    }
}

/* RFC 8439, appendix A.5; the nonce of section 2.8.2 does not begin with the zeros of Noise, so noise_reference.py checks itself
 * against that one, and this here against it. */
static void opening_as_published(void **state)
{
    (void)state;
    static const char sealed_hex[] =
        "64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb24c6cfc18755d43eea09ee94e382d26b0"
        "bdb7b73c321b0100d4f03b7f355894cf332f830e710b97ce98c8a84abd0b948114ad176e008d33bd60f982b1ff37c855"
        "9797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4b9166c767b804d46a59b5216cde7a4e9"
        "9040c5a40433225ee282a1b0a06c523eaf4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273f548271a"
        "0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a6727627097a1049e617d91d361094fa68f0ff77987130"
        "305beaba2eda04df997b714d6c6f2c29a6ad5cb4022b02709beead9d67890cbb22392336fea1851f38";
    static const char expected[] =
        "Internet-Drafts are draft documents valid for a maximum of six months and may be updated, replaced, or obsoleted by "
        "other documents at any time. It is inappropriate to use Internet-Drafts as reference material or to cite them other "
        "than as /\xe2\x80\x9cwork in progress./\xe2\x80\x9d";
    uint8_t key[KEY_BYTES], ad[12], sealed[PLAIN_MAX], plain[PLAIN_MAX];
    hex_read("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0", key, sizeof key);
    hex_read("f33388860000000000004e91", ad, sizeof ad);
    size_t size = hex_read(sealed_hex, sealed, sizeof sealed);
    assert_int_equal(size, sizeof expected - 1 + TAG_BYTES);
    const uint64_t nonce = UINT64_C(0x0807060504030201);
    assert_true(cipher_open(key, nonce, ad, sizeof ad, sealed, size, plain));
    assert_memory_equal(plain, expected, sizeof expected - 1);
    cipher_seal(key, nonce, ad, sizeof ad, plain, sizeof expected - 1, plain); /* in place */
    assert_memory_equal(plain, sealed, size);
    assert_true(cipher_open(key, nonce, ad, sizeof ad, plain, size, plain));
    assert_memory_equal(plain, expected, sizeof expected - 1);
}

/* By the cipher of noise_reference.py: keys from 01, plain texts from 03, associated data of the same length from 09. */
static void sealing_as_elsewhere(void **state)
{
    (void)state;
    const struct {
        size_t size;
        const char *sealed;
    } rows[] = {
        { 0, "a56c6b99095a89e1cf31e38f8ca18ed4" },
        { 1, "6f624ecee778e7925040a6e172b999ba0b" },
        { 63, "6f4ce12e6ba50290bed3d172b8b135f71b05d5c0e9d0a40e19bce2803ac2f016c2350df4ee533c8678299d256597b24d"
              "09b41b5a533da42e45a771cc2017d3f97938dbfc44d1f9b446c1e4544c8161" },
        { 64, "6f4ce12e6ba50290bed3d172b8b135f71b05d5c0e9d0a40e19bce2803ac2f016c2350df4ee533c8678299d256597b24d"
              "09b41b5a533da42e45a771cc2017d3c1fab7fee256c44ee94f930794e3a6bcac" },
        { 65, "6f4ce12e6ba50290bed3d172b8b135f71b05d5c0e9d0a40e19bce2803ac2f016c2350df4ee533c8678299d256597b24d"
              "09b41b5a533da42e45a771cc2017d3c14598e7f0c66834bbcedef433edfd44a21f" },
    };
    uint8_t key[KEY_BYTES], ad[65], plain[65], sealed[65 + TAG_BYTES];
    count_up(key, sizeof key, 1);
    count_up(plain, sizeof plain, 3);
    count_up(ad, sizeof ad, 9);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cipher_seal(key, UINT64_C(0x0102030405060708), ad, rows[i].size, plain, rows[i].size, sealed);
        assert_hex(sealed, rows[i].size + TAG_BYTES, rows[i].sealed);
    }
    const uint8_t zeros[KEY_BYTES] = { 0 };
    cipher_seal(key, UINT64_MAX, NULL, 0, zeros, sizeof zeros, sealed);
    assert_hex(sealed, sizeof zeros + TAG_BYTES,
               "7f637be6f9d22510eccc1e8a598740cec00b4bb7657d85fe79833cfa50d096012ec626ecaa465d81371bf579aac6f82d");
}

static void assert_refused(const uint8_t *key, uint64_t nonce, const uint8_t *ad, size_t ad_size, const uint8_t *sealed,
                           size_t size)
{
    uint8_t plain[PLAIN_MAX];
    memset(plain, 0x5A, sizeof plain);
    assert_false(cipher_open(key, nonce, ad, ad_size, sealed, size, plain));
    size_t zeros = size < TAG_BYTES ? 0 : size - TAG_BYTES;
    for (size_t i = 0; i < sizeof plain; i++)
        assert_int_equal(plain[i], i < zeros ? 0 : 0x5A);
}

static void every_flipped_bit(void **state)
{
    (void)state;
    uint8_t key[KEY_BYTES], ad[9], plain[70], sealed[70 + TAG_BYTES];
    count_up(key, sizeof key, 1);
    count_up(plain, sizeof plain, 3);
    count_up(ad, sizeof ad, 9);
    cipher_seal(key, 5, ad, sizeof ad, plain, sizeof plain, sealed);
    assert_true(cipher_open(key, 5, ad, sizeof ad, sealed, sizeof sealed, plain));
    uint8_t *const parts[] = { key, ad, sealed };
    const size_t sizes[] = { sizeof key, sizeof ad, sizeof sealed };
    for (unsigned part = 0; part < 3; part++) {
        for (size_t bit = 0; bit < 8 * sizes[part]; bit++) {
            parts[part][bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_refused(key, 5, ad, sizeof ad, sealed, sizeof sealed);
            parts[part][bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    }
    for (unsigned bit = 0; bit < 64; bit++)
        assert_refused(key, UINT64_C(5) ^ UINT64_C(1) << bit, ad, sizeof ad, sealed, sizeof sealed);
    for (size_t size = 0; size < sizeof sealed; size++)
        assert_refused(key, 5, ad, sizeof ad, sealed, size);
    assert_refused(key, 5, ad, sizeof ad - 1, sealed, sizeof sealed);
    /* The same in place: nothing of a false message is left to be read. */
    sealed[0] ^= 1;
    assert_false(cipher_open(key, 5, ad, sizeof ad, sealed, sizeof sealed, sealed));
    for (size_t i = 0; i < sizeof plain; i++)
        assert_int_equal(sealed[i], 0);
}

/* By Python: hmac.new(key, bytes, hashlib.blake2b), chained as Noise says; the chaining key from 10, the bytes from 80. */
static void hkdf_as_elsewhere(void **state)
{
    (void)state;
    const struct {
        size_t size;
        const char *output[3];
    } rows[] = {
        { 0,
          { "59e6830a33885c6ff02509899a02d30cf0bfa4318e6fe562d27466e260a925f328abe9af51593850fe49fbfc313a096f"
            "c8c990a55b2eb7b9ee56975f9b24e2eb",
            "6dcfedd3866e4bc520fcc1c6e725dcabdf824d9643acdd77274016ee9a6e70468f9db086720456f8374413362f032cbe"
            "bc3fb38b561b4cbf80a238b582a44e77",
            "b3f24ff97f7094239dcdb3b30da8f0f5e825ce7eb1f9764df02c25a77e22630d4185c0783bddbec5c41d2d2cecf7ef74"
            "6891580187fa30128dc097fbdce967f4" } },
        { 1,
          { "66cb99dd57a5543df8a13a8c54f7b68bfd373e65c831dab8d97ed23e6af797504e47b992edd36bcf2b625fec6f3a6c35"
            "c286cf73fa5288a1f6cd70c126fd740e",
            "162051b3e9acedda16f38105e50549fd6bfbca67c5d70aad9c096edd4bc4ee2fbcb4dc926179e82e022607231a7af626"
            "ae562a2b4ab119e6d66cb3ca0bf554cb",
            "9d2c714b9a2d892dc3273cb5c4f8e2a0563c9cb1be663913116e23405ee281516f09070b45aca5d14f6debc247508306"
            "7ee730b9ccba99c092abc541adbd48ad" } },
        { 32,
          { "f9e515d2abd2d6f2c1ea11786a6878479bfa0a389d68a192366e1e8dceb4cec0805e82271c50c5b961e62cf783d0d4e6"
            "dac6a790300f9b439f4a6a4f1fc784b8",
            "c0ae71ec38a6e0e09118be3d49190110e15ef0bf6d5457cadda51c41ea5ec6244fbaba3f2b27169d7eb415dd0b8913f2"
            "f49a1aac3a01ef028295930a24bb37e1",
            "ae76a05b2a28552c104c6c5c334f94ed1647642d0dc5ee5611e0845044907d2c4686eb18ee3f159eefa26eefe338fc57"
            "1b8f9221d6d8de393a704054b2f17edb" } },
    };
    uint8_t chain[DIGEST_BYTES], bytes[32], output[4][DIGEST_BYTES];
    count_up(chain, sizeof chain, 0x10);
    count_up(bytes, sizeof bytes, 0x80);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (unsigned outputs = 1; outputs <= 3; outputs++) {
            memset(output, 0x5A, sizeof output);
            cipher_hkdf(chain, bytes, rows[i].size, outputs, output);
            for (unsigned at = 0; at < outputs; at++)
                assert_hex(output[at], DIGEST_BYTES, rows[i].output[at]);
            assert_int_equal(output[outputs][0], 0x5A);
        }
    }
}

/* RFC 7693, appendix A; and by Python's hashlib over 00.. and 64.. in two pieces. */
static void digest_as_published(void **state)
{
    (void)state;
    static const char abc[] =
        "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc95"
        "18d38aa8dbf1925ab92386edd4009923";
    uint8_t digest[DIGEST_BYTES], one[100], other[150];
    for (size_t cut = 0; cut <= 3; cut++) {
        cipher_digest((const uint8_t *)"abc", cut, (const uint8_t *)"abc" + cut, 3 - cut, digest);
        assert_hex(digest, sizeof digest, abc);
    }
    count_up(one, sizeof one, 0);
    count_up(other, sizeof other, 100);
    cipher_digest(one, sizeof one, other, sizeof other, digest);
    assert_hex(digest, sizeof digest,
               "91a7f61c97c2911e4c812ef71d780ad8fa788794561d08303fd1c1cb608a46a12563086ec5b39d471aed94fb0f6c678a"
               "43b8792932f9028d772a22768ea23a9b");
}

static void same_and_forgotten(void **state)
{
    (void)state;
    uint8_t one[70], other[70];
    count_up(one, sizeof one, 7);
    count_up(other, sizeof other, 7);
    for (size_t size = 0; size <= sizeof one; size++) {
        assert_true(cipher_same(one, other, size));
        for (size_t bit = 0; bit < 8 * sizeof one; bit++) {
            other[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_int_equal(cipher_same(one, other, size), bit / 8 >= size);
            other[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    }
    cipher_forget(one + 1, sizeof one - 2);
    assert_int_equal(one[0], 7);
    assert_int_equal(one[69], 7 + 69);
    for (size_t i = 1; i < sizeof one - 1; i++)
        assert_int_equal(one[i], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agreement_as_published),
        cmocka_unit_test(agreement_a_thousand_times),
        cmocka_unit_test(points_of_small_order),
        cmocka_unit_test(opening_as_published),
        cmocka_unit_test(sealing_as_elsewhere),
        cmocka_unit_test(every_flipped_bit),
        cmocka_unit_test(hkdf_as_elsewhere),
        cmocka_unit_test(digest_as_published),
        cmocka_unit_test(same_and_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
