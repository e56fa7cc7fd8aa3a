// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "tests/link/vectors.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "link/noise.h"
#include "tests/link/hex.h"

enum { FIELD_BYTES_MAX = 4096, NAME_BYTES_MAX = 40 };

static const char *const names[NOISE_PATTERNS] = {
#define PATTERN(name, word, pre, one, two, three) "Noise_" word "_25519_ChaChaPoly_BLAKE2b",
#include "link/noise.def"
#undef PATTERN
};

/* What a vector says of one side. */
struct cast {
    uint8_t prologue[FIELD_BYTES_MAX], secret[KEY_BYTES], ephemeral[KEY_BYTES], remote[KEY_BYTES];
    uint8_t psk[NOISE_PSKS_MAX * KEY_BYTES];
    size_t prologue_size, remote_size, psk_size;
};

/* The bytes of a member, none when it is not there. */
static size_t member(const json_t *object, const char *name, uint8_t *bytes, size_t room)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text == NULL ? 0 : hex_read(text, bytes, room);
}

static const char *name_of(const char *side, const char *noun)
{
    static char name[NAME_BYTES_MAX];
    assert_in_range(snprintf(name, sizeof name, "%s_%s", side, noun), 1, sizeof name - 1);
    return name;
}

static void cast_read(const json_t *vector, const char *side, struct cast *cast)
{
    cast->prologue_size = member(vector, name_of(side, "prologue"), cast->prologue, sizeof cast->prologue);
    assert_int_equal(member(vector, name_of(side, "static"), cast->secret, KEY_BYTES), KEY_BYTES);
    assert_int_equal(member(vector, name_of(side, "ephemeral"), cast->ephemeral, KEY_BYTES), KEY_BYTES);
    cast->remote_size = member(vector, name_of(side, "remote_static"), cast->remote, KEY_BYTES);
    /* Older files have one pre-shared key, newer ones a list. */
    cast->psk_size = member(vector, name_of(side, "psk"), cast->psk, KEY_BYTES);
    const json_t *list = json_object_get(vector, name_of(side, "psks"));
    for (size_t i = 0; i < json_array_size(list); i++) {
        assert_true(cast->psk_size + KEY_BYTES <= sizeof cast->psk);
        const char *text = json_string_value(json_array_get(list, i));
        cast->psk_size += hex_read(text, cast->psk + cast->psk_size, KEY_BYTES);
    }
}

static void begin(struct noise *noise, enum noise_pattern pattern, bool initiator, const struct cast *cast,
                  const struct cast *other)
{
    uint8_t remote[KEY_BYTES];
    cipher_public(other->secret, remote);
    if (cast->remote_size > 0)
        assert_memory_equal(cast->remote, remote, KEY_BYTES);
    const struct noise_side side = { .prologue = cast->prologue, .prologue_size = cast->prologue_size,
                                     .secret = cast->secret, .ephemeral = cast->ephemeral, .remote = remote,
                                     .psk = cast->psk_size > 0 ? cast->psk : NULL };
    noise_begin(noise, pattern, initiator, &side);
}

/* One message of the handshake, written by one side and read by the other. */
static void check_handshake(struct noise *writer, struct noise *reader, const json_t *message)
{
    static uint8_t payload[FIELD_BYTES_MAX], expected[FIELD_BYTES_MAX], written[FIELD_BYTES_MAX], read[FIELD_BYTES_MAX];
    size_t size = member(message, "payload", payload, sizeof payload), read_size = 0;
    size_t length = member(message, "ciphertext", expected, sizeof expected);
    assert_int_equal(noise_write(writer, payload, size, written, sizeof written), length);
    assert_memory_equal(written, expected, length);
    assert_true(noise_read(reader, expected, length, read, size, &read_size));
    assert_int_equal(read_size, size);
    assert_memory_equal(read, payload, size);
}

static void check_transport(const uint8_t key[KEY_BYTES], uint64_t nonce, const json_t *message)
{
    static uint8_t payload[FIELD_BYTES_MAX], expected[FIELD_BYTES_MAX], bytes[FIELD_BYTES_MAX];
    size_t size = member(message, "payload", payload, sizeof payload);
    size_t length = member(message, "ciphertext", expected, sizeof expected);
    assert_int_equal(length, size + TAG_BYTES);
    cipher_seal(key, nonce, NULL, 0, payload, size, bytes);
    assert_memory_equal(bytes, expected, length);
    assert_true(cipher_open(key, nonce, NULL, 0, expected, length, bytes));
    assert_memory_equal(bytes, payload, size);
}

/* After the handshake both sides know the same, and what the vector tells. */
static void check_split(struct noise side[2], const struct cast cast[2], const json_t *vector, uint8_t key[2][KEY_BYTES])
{
    uint8_t remote[KEY_BYTES], other[2][KEY_BYTES], third[2][KEY_BYTES], hash[2][DIGEST_BYTES], expected[DIGEST_BYTES];
    for (unsigned i = 0; i < 2; i++) {
        assert_true(noise_done(&side[i]));
        cipher_public(cast[1 - i].secret, remote);
        assert_memory_equal(side[i].remote, remote, KEY_BYTES);
    }
    noise_split(&side[0], key[0], key[1], third[0], hash[0]);
    noise_split(&side[1], other[0], other[1], third[1], hash[1]);
    assert_memory_equal(key, other, sizeof other);
    assert_memory_equal(third[0], third[1], KEY_BYTES);
    assert_memory_equal(hash[0], hash[1], DIGEST_BYTES);
    size_t size = member(vector, "handshake_hash", expected, sizeof expected);
    assert_memory_equal(hash[0], expected, size);
    /* Our own reference tells this one too; published files do not. */
    size = member(vector, "third_output", expected, KEY_BYTES);
    assert_memory_equal(third[0], expected, size);
}

static void play(const json_t *vector, enum noise_pattern pattern, struct vectors_tally *tally)
{
    static struct cast cast[2];
    memset(cast, 0, sizeof cast);
    struct noise side[2];
    uint8_t key[2][KEY_BYTES] = { { 0 } };
    cast_read(vector, "init", &cast[0]);
    cast_read(vector, "resp", &cast[1]);
    for (unsigned i = 0; i < 2; i++)
        begin(&side[i], pattern, i == 0, &cast[i], &cast[1 - i]);
    const json_t *messages = json_object_get(vector, "messages");
    uint64_t nonce[2] = { 0, 0 };
    bool split = false;
    for (size_t at = 0; at < json_array_size(messages); at++, tally->messages++) {
        const json_t *message = json_array_get(messages, at);
        if (split)
            check_transport(key[at % 2], nonce[at % 2]++, message);
        else
            check_handshake(&side[at % 2], &side[1 - at % 2], message);
        if (!split && noise_done(&side[0])) {
            check_split(side, cast, vector, key);
            split = true;
        }
    }
    assert_true(split);
    tally->vectors++;
}

void vectors_play(const char *path, struct vectors_tally *tally)
{
    json_error_t error;
    json_t *file = json_load_file(path, 0, &error);
    if (file == NULL)
        fail_msg("%s:%d: %s", path, error.line, error.text);
    const json_t *vectors = json_object_get(file, "vectors");
    assert_true(json_array_size(vectors) > 0);
    for (size_t i = 0; i < json_array_size(vectors); i++) {
        const json_t *vector = json_array_get(vectors, i);
        const char *name = json_string_value(json_object_get(vector, "protocol_name"));
        unsigned pattern = 0;
        while (pattern < NOISE_PATTERNS && (name == NULL || strcmp(name, names[pattern]) != 0))
            pattern++;
        if (pattern == NOISE_PATTERNS)
            tally->unknown++;
        else
            play(vector, (enum noise_pattern)pattern, tally);
    }
    json_decref(file);
}
