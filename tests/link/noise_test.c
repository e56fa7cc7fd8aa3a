/* noise_test.c - handshakes: every message of every vector, and everything that must not become one.
 *
 *     noise_test                            all of it, with the published vectors of tests/link/vectors/
 *     noise_test --vectors FILE [...]       the vectors of these files alone */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "link/noise.h"
#include "tests/link/vectors.h"

enum { MESSAGE_ROOM = 400, PAYLOAD_BYTES = 9 };

/* Both sides of a handshake, with keys of their own. */
struct pair {
    enum noise_pattern pattern;
    uint8_t prologue[20], secret[2][KEY_BYTES], ephemeral[2][KEY_BYTES], psk[NOISE_PSKS_MAX * KEY_BYTES];
    uint8_t known[2][KEY_BYTES]; /* the public key that each believes to be the other's */
    struct noise noise[2];
};

/* A message under way, and who sends it. */
struct message {
    uint8_t bytes[MESSAGE_ROOM];
    size_t size;
    unsigned from;
};

static const uint8_t payload[PAYLOAD_BYTES] = "a payload";

static void fill(uint64_t *seed, uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)chance_next(seed);
}

static void begin(struct pair *pair, unsigned who)
{
    const struct noise_side side = { .prologue = pair->prologue, .prologue_size = sizeof pair->prologue,
                                     .secret = pair->secret[who], .ephemeral = pair->ephemeral[who],
                                     .remote = pair->known[who], .psk = pair->psk };
    noise_begin(&pair->noise[who], pair->pattern, who == 0, &side);
}

static struct pair pair_of(enum noise_pattern pattern, uint64_t seed)
{
    struct pair pair = { .pattern = pattern };
    fill(&seed, pair.prologue, sizeof pair.prologue);
    fill(&seed, pair.secret[0], sizeof pair.secret);
    fill(&seed, pair.ephemeral[0], sizeof pair.ephemeral);
    fill(&seed, pair.psk, sizeof pair.psk);
    for (unsigned who = 0; who < 2; who++)
        cipher_public(pair.secret[1 - who], pair.known[who]);
    begin(&pair, 0);
    begin(&pair, 1);
    return pair;
}

/* The next message, written. */
static struct message next(struct pair *pair)
{
    struct message message = { .from = pair->noise[0].message % 2 };
    message.size = noise_write(&pair->noise[message.from], payload, sizeof payload, message.bytes, MESSAGE_ROOM);
    assert_true(message.size > 0);
    return message;
}

static bool take(struct noise *noise, const struct message *message)
{
    uint8_t read[MESSAGE_ROOM];
    size_t size = 0;
    if (!noise_read(noise, message->bytes, message->size, read, sizeof read, &size))
        return false;
    return size == sizeof payload && memcmp(read, payload, size) == 0;
}

static void assert_zero(const void *memory, size_t size)
{
    const uint8_t *bytes = memory;
    for (size_t i = 0; i < size; i++)
        assert_int_equal(bytes[i], 0);
}

/* A failed handshake is all zeros, and stays without effect. */
static void assert_failed(struct noise *noise)
{
    uint8_t bytes[MESSAGE_ROOM] = { 9 }, key[4][DIGEST_BYTES];
    assert_zero(noise, sizeof *noise);
    assert_int_equal(noise_write(noise, payload, sizeof payload, bytes, sizeof bytes), 0);
    size_t size = 77;
    uint8_t read[MESSAGE_ROOM];
    assert_false(noise_read(noise, bytes, KEY_BYTES + 5, read, sizeof read, &size)); /* what a responder of XX would take */
    assert_false(noise_done(noise));
    memset(key, 1, sizeof key);
    noise_split(noise, key[0], key[1], key[2], key[3]);
    for (unsigned i = 0; i < 3; i++)
        assert_zero(key[i], KEY_BYTES);
    assert_zero(key[3], DIGEST_BYTES);
    assert_zero(noise, sizeof *noise);
}

/* How many messages pass before one is refused; 3 or 2 when none is. */
static unsigned passed(struct pair *pair)
{
    unsigned count = 0;
    while (!noise_done(&pair->noise[0]) || !noise_done(&pair->noise[1])) {
        struct message message = next(pair);
        if (!take(&pair->noise[1 - message.from], &message)) {
            assert_failed(&pair->noise[1 - message.from]);
            return count;
        }
        count++;
    }
    return count;
}

static unsigned messages_of(enum noise_pattern pattern)
{
    return pattern <= NOISE_XX_PSK0_PSK3 ? 3 : 2;
}

static bool has_psk(enum noise_pattern pattern)
{
    return pattern != NOISE_XX && pattern != NOISE_KK && pattern != NOISE_IK;
}

static void the_vectors(void **state)
{
    struct vectors_tally tally = { 0, 0, 0 };
    for (const char *const *path = *state; *path != NULL; path++)
        vectors_play(*path, &tally);
    print_message("%u vectors, %u messages right; %u of other protocols\n", tally.vectors, tally.messages, tally.unknown);
    assert_true(tally.vectors > 0);
}

static void all_patterns_agree(void **state)
{
    (void)state;
    for (unsigned pattern = 0; pattern < NOISE_PATTERNS; pattern++) {
        struct pair pair = pair_of((enum noise_pattern)pattern, pattern);
        assert_int_equal(passed(&pair), messages_of((enum noise_pattern)pattern));
        uint8_t key[2][3][KEY_BYTES], hash[2][DIGEST_BYTES];
        for (unsigned who = 0; who < 2; who++) {
            /* What the last message did not need any more is gone before the keys are taken. */
            const struct noise *noise = &pair.noise[who];
            assert_zero(noise->key, sizeof noise->key);
            assert_zero(noise->secret, sizeof noise->secret);
            assert_zero(noise->ephemeral, sizeof noise->ephemeral);
            assert_zero(noise->psk, sizeof noise->psk);
            assert_memory_equal(noise->remote, pair.known[who], KEY_BYTES);
            noise_split(&pair.noise[who], key[who][0], key[who][1], key[who][2], who == 0 ? hash[0] : NULL);
            assert_zero(&pair.noise[who], sizeof pair.noise[who]);
        }
        assert_memory_equal(key[0], key[1], sizeof key[0]);
        assert_memory_not_equal(key[0][0], key[0][1], KEY_BYTES);
        assert_memory_not_equal(key[0][1], key[0][2], KEY_BYTES);
    }
}

/* The lengths that link/SPEC.md §3 counts on. */
static void the_lengths_of_the_link(void **state)
{
    (void)state;
    const struct {
        enum noise_pattern pattern;
        size_t payload[3], message[3];
    } rows[] = { { NOISE_KK, { 0, 8, 0 }, { 48, 56, 0 } }, { NOISE_XX_PSK3, { 0, 18, 17 }, { 48, 114, 81 } } };
    for (size_t row = 0; row < 2; row++) {
        struct pair pair = pair_of(rows[row].pattern, 1);
        for (unsigned i = 0; i < messages_of(rows[row].pattern); i++) {
            uint8_t plain[18] = { 0 }, bytes[MESSAGE_ROOM];
            size_t room = rows[row].message[i], size = rows[row].payload[i], read = 99;
            struct noise before = pair.noise[i % 2];
            assert_int_equal(noise_write(&pair.noise[i % 2], plain, size, bytes, room - 1), 0);
            assert_memory_equal(&before, &pair.noise[i % 2], sizeof before); /* too little room changes nothing */
            assert_int_equal(noise_write(&pair.noise[i % 2], plain, size, bytes, room), room);
            assert_true(noise_read(&pair.noise[1 - i % 2], bytes, room, plain, size, &read));
            assert_int_equal(read, size);
        }
    }
}

/* Each bit of each message; of patterns that the link does not use, one of seven. Only the first message of XX has no tag
 * yet: what is changed in it makes the second one false. */
static void every_flipped_bit(void **state)
{
    (void)state;
    unsigned flips = 0;
    for (unsigned row = 0; row < NOISE_PATTERNS; row++) {
        enum noise_pattern pattern = (enum noise_pattern)row;
        size_t step = pattern == NOISE_KK || pattern == NOISE_XX_PSK3 ? 1 : 7;
        struct pair pair = pair_of(pattern, row);
        for (unsigned i = 0; i < messages_of(pattern); i++) {
            struct message message = next(&pair);
            for (size_t bit = 0; bit < 8 * message.size; bit += step, flips++) {
                struct pair other = pair;
                struct message changed = message;
                changed.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
                struct noise *reader = &other.noise[1 - message.from];
                uint8_t read[MESSAGE_ROOM];
                size_t size;
                if (noise_read(reader, changed.bytes, changed.size, read, sizeof read, &size)) {
                    assert_true(i == 0 && pattern == NOISE_XX);
                    struct message answer = next(&other);
                    reader = &other.noise[0];
                    assert_false(take(reader, &answer));
                }
                assert_failed(reader);
            }
            assert_true(take(&pair.noise[1 - message.from], &message));
        }
    }
    print_message("%u flipped bits refused\n", flips);
}

static void messages_of_other_lengths(void **state)
{
    (void)state;
    for (unsigned row = 0; row < NOISE_PATTERNS; row++) {
        struct pair pair = pair_of((enum noise_pattern)row, row);
        for (unsigned i = 0; i < messages_of((enum noise_pattern)row); i++) {
            struct message message = next(&pair);
            for (size_t size = 0; size <= message.size + 20; size += size < 30 || size > 40 ? 1 : 3) {
                struct noise reader = pair.noise[1 - message.from];
                uint8_t read[MESSAGE_ROOM];
                size_t count = 77;
                /* A clear payload may have any length: the first message of XX alone. */
                bool clear = row == NOISE_XX && i == 0 && size >= KEY_BYTES;
                bool good = noise_read(&reader, message.bytes, size, read, sizeof read, &count);
                assert_int_equal(good, size == message.size || clear);
                if (!good) {
                    assert_int_equal(count, 77);
                    assert_failed(&reader);
                }
            }
            assert_true(take(&pair.noise[1 - message.from], &message));
        }
    }
}

static void a_payload_without_room(void **state)
{
    (void)state;
    for (unsigned row = 0; row < NOISE_PATTERNS; row++) {
        struct pair pair = pair_of((enum noise_pattern)row, row);
        struct message message = next(&pair);
        uint8_t read[PAYLOAD_BYTES] = { 0 };
        size_t count = 77;
        read[PAYLOAD_BYTES - 1] = 0x5A;
        assert_false(noise_read(&pair.noise[1], message.bytes, message.size, read, PAYLOAD_BYTES - 1, &count));
        assert_int_equal(read[PAYLOAD_BYTES - 1], 0x5A);
        assert_int_equal(count, 77);
        assert_failed(&pair.noise[1]);
    }
}

static void out_of_turn(void **state)
{
    (void)state;
    for (unsigned row = 0; row < NOISE_PATTERNS; row++) {
        struct pair pair = pair_of((enum noise_pattern)row, row);
        uint8_t bytes[MESSAGE_ROOM];
        struct noise before = pair.noise[1];
        assert_int_equal(noise_write(&pair.noise[1], payload, sizeof payload, bytes, sizeof bytes), 0);
        assert_memory_equal(&before, &pair.noise[1], sizeof before);
        struct message first = next(&pair);
        before = pair.noise[0];
        assert_int_equal(noise_write(&pair.noise[0], payload, sizeof payload, bytes, sizeof bytes), 0);
        assert_memory_equal(&before, &pair.noise[0], sizeof before);
        /* One's own message come back; the same message twice. */
        struct noise reflected = pair.noise[0], twice = pair.noise[1];
        assert_false(take(&reflected, &first));
        assert_failed(&reflected);
        assert_true(take(&twice, &first));
        assert_false(take(&twice, &first));
        assert_failed(&twice);
        /* Nothing of the above has spoilt the handshake itself. */
        assert_true(take(&pair.noise[1], &first));
        assert_int_equal(passed(&pair), messages_of((enum noise_pattern)row) - 1);
        assert_int_equal(noise_write(&pair.noise[0], payload, sizeof payload, bytes, sizeof bytes), 0);
        assert_false(take(&pair.noise[0], &first));
        assert_failed(&pair.noise[0]);
    }
}

/* How many messages pass when the two do not believe the same. */
static void other_beliefs(void **state)
{
    (void)state;
    /* A wrong psk tells in the message that first has it; all do where there is none. */
    static const unsigned before_psk[NOISE_PATTERNS] = { 3, 0, 0, 1, 2, 0, 2, 0, 0, 1, 0, 2, 0, 0, 1, 0 };
    for (unsigned row = 0; row < NOISE_PATTERNS; row++) {
        enum noise_pattern pattern = (enum noise_pattern)row;
        struct pair pair = pair_of(pattern, row);
        pair.prologue[19] ^= 1;
        begin(&pair, 1);
        assert_int_equal(passed(&pair), pattern == NOISE_XX ? 1 : 0);

        pair = pair_of(pattern, row);
        pair.psk[0] ^= 1;
        begin(&pair, 1);
        assert_int_equal(passed(&pair), before_psk[row]);

        /* Only the second of two. */
        pair = pair_of(pattern, row);
        pair.psk[KEY_BYTES] ^= 1;
        begin(&pair, 1);
        bool two = pattern == NOISE_XX_PSK0_PSK3 || pattern == NOISE_KK_PSK0_PSK2 || pattern == NOISE_IK_PSK1_PSK2;
        assert_int_equal(passed(&pair), messages_of(pattern) - two);

        /* The initiator believes in another responder. In XX nobody believes anything before. */
        pair = pair_of(pattern, row);
        pair.known[0][5] ^= 1;
        begin(&pair, 0);
        assert_int_equal(passed(&pair), messages_of(pattern) == 3 ? 3 : 0);
    }
}

/* The point of small order 1 as an ephemeral key: agreeing on it would be agreeing on nothing. */
static void a_key_of_small_order(void **state)
{
    (void)state;
    for (unsigned row = NOISE_KK; row < NOISE_PATTERNS; row++) {
        struct pair pair = pair_of((enum noise_pattern)row, row);
        struct message message = next(&pair);
        memset(message.bytes, 0, KEY_BYTES);
        message.bytes[0] = 1;
        assert_false(take(&pair.noise[1], &message));
        assert_failed(&pair.noise[1]);
    }
    /* In XX the reader of the first message agrees when it answers. */
    struct pair pair = pair_of(NOISE_XX, 1);
    struct message message = next(&pair);
    memset(message.bytes, 0, KEY_BYTES);
    assert_true(take(&pair.noise[1], &message));
    uint8_t bytes[MESSAGE_ROOM];
    assert_int_equal(noise_write(&pair.noise[1], payload, sizeof payload, bytes, sizeof bytes), 0);
    assert_failed(&pair.noise[1]);
}

static void a_side_without_its_keys(void **state)
{
    (void)state;
    const uint8_t key[NOISE_PSKS_MAX * KEY_BYTES] = { 7 };
    const struct noise_side whole = { .secret = key, .ephemeral = key, .remote = key, .psk = key };
    for (unsigned row = 0; row < NOISE_PATTERNS; row++) {
        for (unsigned missing = 0; missing < 4; missing++) {
            struct noise_side side = whole;
            if (missing == 0)
                side.secret = NULL;
            if (missing == 1)
                side.ephemeral = NULL;
            if (missing == 2)
                side.remote = NULL;
            if (missing == 3)
                side.psk = NULL;
            bool needed = missing < 2 || (missing == 2 && row >= NOISE_KK) || (missing == 3 && has_psk((enum noise_pattern)row));
            struct noise noise;
            noise_begin(&noise, (enum noise_pattern)row, true, &side);
            assert_int_equal(noise.live, !needed);
            if (needed)
                assert_failed(&noise);
        }
    }
    struct noise noise;
    noise_begin(&noise, NOISE_PATTERNS, true, &whole);
    assert_failed(&noise);
    noise_begin(&noise, NOISE_KK, true, &whole);
    noise_forget(&noise);
    assert_failed(&noise);
}

int main(int count, char **word)
{
    const char *files[16] = { "tests/link/vectors/noise.json", NULL };
    unsigned named = 0;
    for (int i = 1; i + 1 < count && named < 15 && strcmp(word[i], "--vectors") == 0; i += 2)
        files[named++] = word[i + 1];
    if (count != 1 + 2 * (int)named) {
        print_error("usage: noise_test [--vectors FILE]...\n");
        return 2;
    }
    const struct CMUnitTest vectors[] = { cmocka_unit_test_prestate(the_vectors, files) };
    if (named > 0)
        return cmocka_run_group_tests_name("vectors", vectors, NULL, NULL);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_patterns_agree),
        cmocka_unit_test(the_lengths_of_the_link),
        cmocka_unit_test(every_flipped_bit),
        cmocka_unit_test(messages_of_other_lengths),
        cmocka_unit_test(a_payload_without_room),
        cmocka_unit_test(out_of_turn),
        cmocka_unit_test(other_beliefs),
        cmocka_unit_test(a_key_of_small_order),
        cmocka_unit_test(a_side_without_its_keys),
    };
    int failed = cmocka_run_group_tests_name("vectors", vectors, NULL, NULL);
    return failed + cmocka_run_group_tests_name("handshakes", tests, NULL, NULL);
}
