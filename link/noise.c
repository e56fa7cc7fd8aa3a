/* noise.c - symmetric state and handshake state of the Noise specification in one, and the walk over the tokens of a pattern. The
 * length of a message is known before its first byte is touched, so nothing below looks for the end of a buffer. Secrets
 * decide no branch and no address; only whether a seal or a key was good does. */
// SPDX-License-Identifier: Apache-2.0
#include "link/noise.h"

#include <string.h>

enum { MESSAGE_BYTES_MAX = 65535 }; /* Noise, section 3 */

struct row {
    char name[DIGEST_BYTES]; /* of the protocol; ends with zeros, as the first hash does */
    char pre;
    const char *message[NOISE_MESSAGES_MAX];
};

static const struct row *row_of(const struct noise *noise)
{
    static const struct row rows[NOISE_PATTERNS] = {
#define PATTERN(name, word, pre, one, two, three)                                                                      \
    [NOISE_##name] = { "Noise_" word "_25519_ChaChaPoly_BLAKE2b", (pre)[0], { one, two, three } },
#include "link/noise.def"
#undef PATTERN
    };
    return &rows[noise->pattern];
}

static unsigned messages_of(const struct row *row)
{
    return row->message[2][0] == '\0' ? 2 : 3;
}

static unsigned psks_of(const struct row *row)
{
    unsigned count = 0;
    for (unsigned i = 0; i < NOISE_MESSAGES_MAX; i++) {
        for (const char *token = row->message[i]; *token != '\0'; token++) {
            count += *token == 'p';
        }
    }
    return count;
}

/* MixHash */
static void mix_hash(struct noise *noise, const uint8_t *bytes, size_t size)
{
    cipher_digest(noise->hash, DIGEST_BYTES, bytes, size, noise->hash);
}

/* MixKey */
static void mix_key(struct noise *noise, const uint8_t input[KEY_BYTES])
{
    uint8_t output[2][DIGEST_BYTES];
    cipher_hkdf(noise->chain, input, KEY_BYTES, 2, output);
    memcpy(noise->chain, output[0], DIGEST_BYTES);
    memcpy(noise->key, output[1], KEY_BYTES);
    noise->has_key = 1;
    noise->nonce = 0;
    cipher_forget(output, sizeof output);
}

/* MixKeyAndHash, with the next pre-shared key. */
static void mix_psk(struct noise *noise)
{
    uint8_t output[3][DIGEST_BYTES];
    cipher_hkdf(noise->chain, noise->psk[noise->psks], KEY_BYTES, 3, output);
    noise->psks++;
    memcpy(noise->chain, output[0], DIGEST_BYTES);
    mix_hash(noise, output[1], DIGEST_BYTES);
    memcpy(noise->key, output[2], KEY_BYTES);
    noise->has_key = 1;
    noise->nonce = 0;
    cipher_forget(output, sizeof output);
}

/* EncryptAndHash: returns the bytes written, TAG_BYTES more than `size` once there is a key. */
static size_t seal_and_hash(struct noise *noise, const uint8_t *plain, size_t size, uint8_t *sealed)
{
    size_t length = size;
    if (noise->has_key) {
        cipher_seal(noise->key, noise->nonce, noise->hash, DIGEST_BYTES, plain, size, sealed);
        noise->nonce++;
        length += TAG_BYTES;
    } else {
        for (size_t i = 0; i < size; i++) {
            sealed[i] = plain[i];
        }
    }
    mix_hash(noise, sealed, length);
    return length;
}

/* DecryptAndHash, of `size` bytes; false when they are not authentic. */
static bool open_and_hash(struct noise *noise, const uint8_t *sealed, size_t size, uint8_t *plain)
{
    if (noise->has_key) {
        if (!cipher_open(noise->key, noise->nonce, noise->hash, DIGEST_BYTES, sealed, size, plain)) {
            return false;
        }
        noise->nonce++;
    } else {
        for (size_t i = 0; i < size; i++) {
            plain[i] = sealed[i];
        }
    }
    mix_hash(noise, sealed, size);
    return true;
}

/* The tokens that send nothing: agreements and pre-shared keys. False for a key of small order, which agrees on nothing. */
static bool mix_token(struct noise *noise, char token)
{
    if (token == 'p') {
        mix_psk(noise);
        return true;
    }
    /* Of es and se the first letter is the initiator's key, the second the responder's. */
    bool own_ephemeral = token == 'E' || token == (noise->initiator ? 'x' : 'y');
    bool their_ephemeral = token == 'E' || token == (noise->initiator ? 'y' : 'x');
    uint8_t shared[KEY_BYTES];
    bool agreed = cipher_agree(own_ephemeral ? noise->ephemeral : noise->secret,
                               their_ephemeral ? noise->remote_ephemeral : noise->remote, shared);
    if (agreed) {
        mix_key(noise, shared);
    }
    cipher_forget(shared, sizeof shared);
    return agreed;
}

/* The e token, once its public key is known. Where a pattern has a pre-shared key, ephemeral keys are part of the key, so that
 * no two messages are sealed under the same one. Source: Noise, section 9.2. */
static void mix_ephemeral(struct noise *noise, const uint8_t key[KEY_BYTES])
{
    mix_hash(noise, key, KEY_BYTES);
    if (noise->has_psk) {
        mix_key(noise, key);
    }
}

/* How many bytes a message of these tokens has besides its payload. */
static size_t overhead(const struct noise *noise, const char *tokens)
{
    size_t size = 0;
    bool has_key = noise->has_key;
    for (; *tokens != '\0'; tokens++) {
        if (*tokens == 'e') {
            size += KEY_BYTES;
            has_key = has_key || noise->has_psk;
        } else if (*tokens == 's') {
            size += has_key ? KEY_BYTES + TAG_BYTES : KEY_BYTES;
        } else {
            has_key = true;
        }
    }
    return has_key ? size + TAG_BYTES : size;
}

/* The tokens of the next message when it is mine, or the other's; null when it is not, or there is none. */
static const char *tokens_due(const struct noise *noise, bool mine)
{
    const struct row *row = row_of(noise);
    bool initiators = noise->message % 2 == 0;
    if (!noise->live || noise->message == messages_of(row) || (initiators == noise->initiator) != mine) {
        return NULL;
    }
    return row->message[noise->message];
}

static void message_passed(struct noise *noise)
{
    noise->message++;
    if (noise_done(noise)) {
        cipher_forget(noise->key, sizeof noise->key);
        cipher_forget(noise->secret, sizeof noise->secret);
        cipher_forget(noise->ephemeral, sizeof noise->ephemeral);
        cipher_forget(noise->psk, sizeof noise->psk);
    }
}

/* The static keys that were known before. */
static void mix_known(struct noise *noise, char pre)
{
    if (pre == '-') {
        return;
    }
    uint8_t own[KEY_BYTES];
    cipher_public(noise->secret, own);
    if (pre == 'b') {
        mix_hash(noise, noise->initiator ? own : noise->remote, KEY_BYTES);
    }
    mix_hash(noise, noise->initiator ? noise->remote : own, KEY_BYTES);
}

void noise_begin(struct noise *noise, enum noise_pattern pattern, bool initiator, const struct noise_side *side)
{
    noise_forget(noise);
    if (pattern >= NOISE_PATTERNS) {
        return;
    }
    noise->pattern = (uint8_t)pattern;
    noise->initiator = initiator;
    const struct row *row = row_of(noise);
    unsigned psks = psks_of(row);
    bool knows_remote = row->pre == 'b' || (row->pre == 'r' && initiator);
    if (side->secret == NULL || side->ephemeral == NULL || (knows_remote && side->remote == NULL) ||
        (psks > 0 && side->psk == NULL)) {
        noise_forget(noise);
        return;
    }
    noise->live = 1;
    noise->has_psk = psks > 0;
    memcpy(noise->secret, side->secret, KEY_BYTES);
    memcpy(noise->ephemeral, side->ephemeral, KEY_BYTES);
    if (knows_remote) {
        memcpy(noise->remote, side->remote, KEY_BYTES);
    }
    if (psks > 0) {
        memcpy(noise->psk, side->psk, psks * KEY_BYTES);
    }
    memcpy(noise->hash, row->name, DIGEST_BYTES);
    memcpy(noise->chain, row->name, DIGEST_BYTES);
    mix_hash(noise, side->prologue, side->prologue_size);
    mix_known(noise, row->pre);
}

size_t noise_write(struct noise *noise, const uint8_t *payload, size_t size, uint8_t *message, size_t room)
{
    const char *tokens = tokens_due(noise, true);
    size_t head = tokens == NULL ? 0 : overhead(noise, tokens);
    size_t most = room < MESSAGE_BYTES_MAX ? room : MESSAGE_BYTES_MAX;
    if (tokens == NULL || most < head || most - head < size) {
        return 0;
    }
    size_t length = 0;
    uint8_t key[KEY_BYTES];
    for (; *tokens != '\0'; tokens++) {
        if (*tokens == 'e') {
            cipher_public(noise->ephemeral, key);
            memcpy(message + length, key, KEY_BYTES);
            mix_ephemeral(noise, key);
            length += KEY_BYTES;
        } else if (*tokens == 's') {
            cipher_public(noise->secret, key);
            length += seal_and_hash(noise, key, KEY_BYTES, message + length);
        } else if (!mix_token(noise, *tokens)) {
            noise_forget(noise);
            return 0;
        }
    }
    length += seal_and_hash(noise, payload, size, message + length);
    message_passed(noise);
    return length;
}

/* Takes what the tokens send, and leaves `*at` where the payload begins. */
static bool tokens_read(struct noise *noise, const char *tokens, const uint8_t **at)
{
    for (; *tokens != '\0'; tokens++) {
        if (*tokens == 'e') {
            memcpy(noise->remote_ephemeral, *at, KEY_BYTES);
            mix_ephemeral(noise, noise->remote_ephemeral);
            *at += KEY_BYTES;
        } else if (*tokens == 's') {
            size_t size = noise->has_key ? KEY_BYTES + TAG_BYTES : KEY_BYTES;
            if (!open_and_hash(noise, *at, size, noise->remote)) {
                return false;
            }
            *at += size;
        } else if (!mix_token(noise, *tokens)) {
            return false;
        }
    }
    return true;
}

bool noise_read(struct noise *noise, const uint8_t *message, size_t size, uint8_t *payload, size_t room,
                size_t *payload_size)
{
    const char *tokens = tokens_due(noise, false);
    size_t head = tokens == NULL ? 0 : overhead(noise, tokens);
    const uint8_t *at = message;
    if (tokens == NULL || size > MESSAGE_BYTES_MAX || size < head || size - head > room || !tokens_read(noise, tokens, &at) ||
        !open_and_hash(noise, at, size - (size_t)(at - message), payload)) {
        noise_forget(noise);
        return false;
    }
    *payload_size = size - head;
    message_passed(noise);
    return true;
}

bool noise_done(const struct noise *noise)
{
    return noise->live && noise->message == messages_of(row_of(noise));
}

void noise_split(struct noise *noise, uint8_t initiator_key[KEY_BYTES], uint8_t responder_key[KEY_BYTES],
                 uint8_t shared[KEY_BYTES], uint8_t hash[DIGEST_BYTES])
{
    uint8_t output[3][DIGEST_BYTES] = { { 0 } };
    if (noise_done(noise)) {
        cipher_hkdf(noise->chain, NULL, 0, 3, output);
    } else {
        noise_forget(noise);
    }
    memcpy(initiator_key, output[0], KEY_BYTES);
    memcpy(responder_key, output[1], KEY_BYTES);
    memcpy(shared, output[2], KEY_BYTES);
    if (hash != NULL) {
        memcpy(hash, noise->hash, DIGEST_BYTES);
    }
    cipher_forget(output, sizeof output);
    noise_forget(noise);
}

void noise_forget(struct noise *noise)
{
    cipher_forget(noise, sizeof *noise);
}
