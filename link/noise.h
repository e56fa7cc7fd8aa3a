/* noise.h - the Noise handshake state machine (noiseprotocol.org, revision 34) for the patterns XX, KK and IK and their psk
 * forms, with 25519, ChaChaPoly and BLAKE2b; the link itself uses XXpsk3 for pairing and KK for sessions, and nothing is
 * negotiated (REQ-SECU-06). Checked against published vectors. Keys are zeroed as soon as they are of no more use. */
// SPDX-License-Identifier: Apache-2.0
#ifndef LINK_NOISE_H
#define LINK_NOISE_H

#include "link/cipher.h"

enum { NOISE_MESSAGES_MAX = 3, NOISE_PSKS_MAX = 2 };

/* PATTERN rows live in link/noise.def. */
enum noise_pattern {
#define PATTERN(name, word, pre, one, two, three) NOISE_##name,
#include "link/noise.def"
#undef PATTERN
    NOISE_PATTERNS
};

/* What one side brings along. Unused keys are null. */
struct noise_side {
    const uint8_t *prologue;
    size_t prologue_size;
    const uint8_t *secret;    /* own static secret key */
    const uint8_t *ephemeral; /* own ephemeral secret key: fresh from the random door, used once */
    const uint8_t *remote;    /* the other's static public key, where the pattern knows it before */
    const uint8_t *psk;       /* KEY_BYTES for each psk token of the pattern, in the order of their use */
};

/* Fields are private, but for remote: the other's static key, there once a message that proves it was read. Plain data; all zero
 * is no handshake, which can neither write nor read: what a failed one becomes. */
struct noise {
    uint8_t pattern; /* enum noise_pattern */
    uint8_t live, initiator;
    uint8_t message; /* how many have passed */
    uint8_t psks;    /* how many were used */
    uint8_t has_key, has_psk;
    uint64_t nonce;
    uint8_t chain[DIGEST_BYTES], hash[DIGEST_BYTES];
    uint8_t key[KEY_BYTES];
    uint8_t secret[KEY_BYTES], ephemeral[KEY_BYTES];
    uint8_t remote[KEY_BYTES], remote_ephemeral[KEY_BYTES];
    uint8_t psk[NOISE_PSKS_MAX][KEY_BYTES];
};

/* A side without a key that the pattern needs begins no handshake. */
void noise_begin(struct noise *noise, enum noise_pattern pattern, bool initiator, const struct noise_side *side);
/* The next message, mine to write: the payload goes along as the pattern allows. Returns its length, 0 when it is not my turn, it
 * does not fit `room` (both change nothing), or the handshake has failed. */
size_t noise_write(struct noise *noise, const uint8_t *payload, size_t size, uint8_t *message, size_t room);
/* The next message, the other's. False when it cannot be right, or is not due: the handshake has failed for good then, and all of
 * it is zeroed. `*payload_size` bytes of payload are written, never more than `room`. */
bool noise_read(struct noise *noise, const uint8_t *message, size_t size, uint8_t *payload, size_t room,
                size_t *payload_size);
/* Have all messages been exchanged? */
bool noise_done(const struct noise *noise);
/* The two transport keys, first the initiator's for sending; a third value of 32 bytes that only the two know (the first half of
 * a third HKDF output over the last chaining key and nothing); and the handshake hash, unless `hash` is null. After it the
 * state is zeroed. Before noise_done() all of them are zeros. */
void noise_split(struct noise *noise, uint8_t initiator_key[KEY_BYTES], uint8_t responder_key[KEY_BYTES],
                 uint8_t shared[KEY_BYTES], uint8_t hash[DIGEST_BYTES]);
/* Zeroes everything. */
void noise_forget(struct noise *noise);

#endif
