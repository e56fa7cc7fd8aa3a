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

/* Where the test is, to be told when something there is wrong. */
static struct {
    const char *protocol;
    size_t vector, message;
} place;

static void must(bool right, const char *what)
{
    if (!right)
        fail_msg("vector %zu, %s, message %zu: %s", place.vector, place.protocol, place.message, what);
}

static void must_be(const uint8_t *bytes, size_t size, const uint8_t *expected, size_t expected_size, const char *what)
{
    must(size == expected_size && memcmp(bytes, expected, size) == 0, what);
}

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
    must(member(vector, name_of(side, "static"), cast->secret, KEY_BYTES) == KEY_BYTES, "no static key");
    must(member(vector, name_of(side, "ephemeral"), cast->ephemeral, KEY_BYTES) == KEY_BYTES, "no ephemeral key");
    cast->remote_size = member(vector, name_of(side, "remote_static"), cast->remote, KEY_BYTES);
    /* Older files have one pre-shared key, newer ones a list. */
    cast->psk_size = member(vector, name_of(side, "psk"), cast->psk, KEY_BYTES);
    const json_t *list = json_object_get(vector, name_of(side, "psks"));
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i));
        must(text != NULL && cast->psk_size + KEY_BYTES <= sizeof cast->psk, "the pre-shared keys");
        cast->psk_size += hex_read(text, cast->psk + cast->psk_size, KEY_BYTES);
    }
}

static void begin(struct noise *noise, enum noise_pattern pattern, bool initiator, const struct cast *cast,
                  const struct cast *other)
{
    uint8_t remote[KEY_BYTES];
    cipher_public(other->secret, remote);
    if (cast->remote_size > 0)
        must_be(cast->remote, cast->remote_size, remote, KEY_BYTES, "the other's static key is not the other's");
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
    size_t written_size = noise_write(writer, payload, size, written, sizeof written);
    must_be(written, written_size, expected, length, "written otherwise");
    must(noise_read(reader, expected, length, read, size, &read_size), "not read");
    must_be(read, read_size, payload, size, "read otherwise");
}

static void check_transport(const uint8_t key[KEY_BYTES], uint64_t nonce, const json_t *message)
{
    static uint8_t payload[FIELD_BYTES_MAX], expected[FIELD_BYTES_MAX], bytes[FIELD_BYTES_MAX];
    size_t size = member(message, "payload", payload, sizeof payload);
    size_t length = member(message, "ciphertext", expected, sizeof expected);
    cipher_seal(key, nonce, NULL, 0, payload, size, bytes);
    must_be(bytes, size + TAG_BYTES, expected, length, "sealed otherwise");
    must(cipher_open(key, nonce, NULL, 0, expected, length, bytes), "not opened");
    must_be(bytes, length - TAG_BYTES, payload, size, "opened otherwise");
}

/* After the handshake both sides know the same, and what the vector tells. */
static void check_split(struct noise side[2], const struct cast cast[2], const json_t *vector, uint8_t key[2][KEY_BYTES])
{
    uint8_t remote[KEY_BYTES], other[2][KEY_BYTES], third[2][KEY_BYTES], hash[2][DIGEST_BYTES], expected[DIGEST_BYTES];
    for (unsigned i = 0; i < 2; i++) {
        must(noise_done(&side[i]), "one side has not done");
        cipher_public(cast[1 - i].secret, remote);
        must_be(side[i].remote, KEY_BYTES, remote, KEY_BYTES, "another static key was heard");
    }
    noise_split(&side[0], key[0], key[1], third[0], hash[0]);
    noise_split(&side[1], other[0], other[1], third[1], hash[1]);
    must(memcmp(key, other, sizeof other) == 0 && memcmp(third[0], third[1], KEY_BYTES) == 0 &&
         memcmp(hash[0], hash[1], DIGEST_BYTES) == 0, "the sides do not agree");
    size_t size = member(vector, "handshake_hash", expected, sizeof expected);
    must(memcmp(hash[0], expected, size) == 0, "the handshake hash");
    /* Our own reference tells this one too; published files do not. */
    size = member(vector, "third_output", expected, KEY_BYTES);
    must(memcmp(third[0], expected, size) == 0, "the third output");
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
        place.message = at;
        if (split)
            check_transport(key[at % 2], nonce[at % 2]++, message);
        else
            check_handshake(&side[at % 2], &side[1 - at % 2], message);
        if (!split && noise_done(&side[0])) {
            check_split(side, cast, vector, key);
            split = true;
        }
    }
    must(split, "the messages end before the handshake does");
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
        place.vector = i;
        place.protocol = name;
        place.message = 0;
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
