// SPDX-License-Identifier: Apache-2.0
#include "link/session.h"

#include <string.h>

/* What Noise REKEY seals under: 2^64 - 1, never the nonce of a message. */
#define REKEY_NONCE UINT64_MAX

/* The next key: the first 32 bytes of sealing 32 zeros. Source: Noise, section 4.2. */
static void rekey(uint8_t key[KEY_BYTES])
{
    uint8_t sealed[KEY_BYTES + TAG_BYTES] = { 0 };
    cipher_seal(key, REKEY_NONCE, NULL, 0, sealed, KEY_BYTES, sealed);
    memcpy(key, sealed, KEY_BYTES);
    cipher_forget(sealed, sizeof sealed);
}

/* What the seal covers besides the message: the head of the body. */
static void head_write(uint32_t session, uint32_t nonce, uint8_t head[PACKET_DATA_HEAD])
{
    head[0] = PACKET_DATA;
    for (unsigned i = 0; i < 4; i++) {
        head[1 + i] = (uint8_t)(session >> (8 * i));
        head[5 + i] = (uint8_t)(nonce >> (8 * i));
    }
}

void session_begin(struct session *session, uint32_t id, const uint8_t out[KEY_BYTES], const uint8_t in[KEY_BYTES])
{
    *session = (struct session){ .id = id };
    memcpy(session->out.key, out, KEY_BYTES);
    memcpy(session->in.key, in, KEY_BYTES);
}

bool session_seal(struct session *session, const uint8_t *plain, size_t size, struct packet *packet)
{
    struct session_way *out = &session->out;
    if (session->id == 0 || size == 0 || size > PACKET_PLAIN_MAX || out->nonce == UINT32_MAX) {
        return false;
    }
    out->nonce++;
    if (out->nonce / SESSION_REKEY_EVERY > out->rekeys) {
        rekey(out->key);
        out->rekeys++;
    }
    *packet = (struct packet){ .kind = PACKET_DATA, .session = session->id, .nonce = out->nonce,
                               .size = (uint16_t)(size + TAG_BYTES) };
    uint8_t head[PACKET_DATA_HEAD];
    head_write(session->id, out->nonce, head);
    cipher_seal(out->key, out->nonce, head, sizeof head, plain, size, packet->bytes);
    return true;
}

/* Is it a packet that could be opened? Says nothing of its seal. */
static bool can_be_mine(const struct session *session, const struct packet *packet)
{
    const struct session_way *in = &session->in;
    return packet->kind == PACKET_DATA && session->id != 0 && packet->session == session->id &&
           packet->size > TAG_BYTES && packet->size <= TAG_BYTES + PACKET_PLAIN_MAX && packet->nonce > in->nonce &&
           packet->nonce / SESSION_REKEY_EVERY - in->rekeys <= SESSION_REKEYS_AHEAD;
}

size_t session_open(struct session *session, const struct packet *packet, uint8_t plain[PACKET_PLAIN_MAX])
{
    if (!can_be_mine(session, packet)) {
        return 0;
    }
    /* On a copy: a frame that is not authentic must not move the key on. */
    struct session_way in = session->in;
    in.nonce = packet->nonce;
    while (in.rekeys < in.nonce / SESSION_REKEY_EVERY) {
        rekey(in.key);
        in.rekeys++;
    }
    uint8_t head[PACKET_DATA_HEAD];
    head_write(packet->session, packet->nonce, head);
    bool authentic = cipher_open(in.key, in.nonce, head, sizeof head, packet->bytes, packet->size, plain);
    if (authentic) {
        session->in = in;
    }
    cipher_forget(&in, sizeof in);
    return authentic ? (size_t)(packet->size - TAG_BYTES) : 0;
}

void session_end(struct session *session)
{
    cipher_forget(session, sizeof *session);
}
