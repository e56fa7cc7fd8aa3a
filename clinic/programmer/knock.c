/* knock.c - the programmer's side of Noise KK, behind the gate. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/programmer/knock.h"

#include <string.h>

#include "clinic/programmer/counter.h"
#include "clinic/programmer/talk.h"
#include "core/bytes.h"
#include "link/noise.h"

static const char PROLOGUE[] = "cisterna session 1";
enum { PROLOGUE_TEXT = sizeof PROLOGUE - 1, PROLOGUE_BYTES = PROLOGUE_TEXT + PUMP_ID_BYTES + 1 + 8, ANSWER_BYTES = 8 };

/* What a packet heard means for a knock. */
enum step { STEP_NONE, STEP_OPEN, STEP_VERSION, STEP_COUNTER };

/* A knock with the key's counter; false when no handshake can come of this key. */
static bool knock_make(struct programmer *programmer, const struct air *air, struct noise *noise, struct packet *knock)
{
    const struct key *key = &programmer->key;
    uint8_t prologue[PROLOGUE_BYTES], ephemeral[KEY_BYTES];
    struct byte_writer writer = { .at = prologue, .left = sizeof prologue };
    byte_write_block(&writer, (const uint8_t *)PROLOGUE, PROLOGUE_TEXT);
    byte_write_block(&writer, key->pump_id, PUMP_ID_BYTES);
    byte_write(&writer, key->slot, 1);
    byte_write(&writer, key->counter, 8);
    air->chance(air->context, ephemeral, sizeof ephemeral);
    noise_begin(noise, NOISE_KK, true,
                &(struct noise_side){ .prologue = prologue, .prologue_size = sizeof prologue, .secret = key->secret,
                                      .ephemeral = ephemeral, .remote = key->pump_key });
    cipher_forget(ephemeral, sizeof ephemeral);
    *knock = (struct packet){ .kind = PACKET_KNOCK, .slot = key->slot, .counter = key->counter };
    knock->size = (uint16_t)noise_write(noise, NULL, 0, knock->bytes, sizeof knock->bytes);
    programmer->cost.public_key++;
    gate_tag(key->gate_key, GATE_KNOCK, key->pump_id, key->slot, key->counter, knock->bytes, knock->size, knock->tag);
    return knock->size > 0;
}

/* Opens the session with what an authentic ANSWER says. */
static enum step answer_take(struct programmer *programmer, const struct packet *packet, const struct noise *noise)
{
    /* On a copy: a stranger's answer must not end the handshake with the pump. */
    struct noise trial = *noise;
    uint8_t payload[ANSWER_BYTES] = { 0 }, out[KEY_BYTES], in[KEY_BYTES], shared[KEY_BYTES];
    size_t size = 0;
    programmer->cost.public_key++;
    if (!noise_read(&trial, packet->bytes, packet->size, payload, sizeof payload, &size) || size != ANSWER_BYTES)
        return STEP_NONE; /* a failed handshake is zeros already */
    noise_split(&trial, out, in, shared, NULL);
    struct byte_reader reader = { .at = payload, .left = sizeof payload };
    uint32_t session = (uint32_t)byte_read(&reader, 4);
    uint8_t version = (uint8_t)byte_read(&reader, 1), role = (uint8_t)byte_read(&reader, 1);
    bool known = version == LINK_VERSION && session != 0 && role >= ROLE_PATIENT && role <= ROLE_SERVICE &&
                 byte_read(&reader, 2) == 0;
    if (known) {
        session_begin(&programmer->session, session, out, in);
        programmer->role = role;
        programmer->request = 0;
    }
    cipher_forget(out, sizeof out);
    cipher_forget(in, sizeof in);
    cipher_forget(shared, sizeof shared);
    return known ? STEP_OPEN : STEP_VERSION;
}

static enum step step_of(struct programmer *programmer, const struct packet *packet, const struct packet *knock,
                         const struct noise *noise)
{
    if (packet->kind == PACKET_ANSWER && packet->slot == knock->slot)
        return answer_take(programmer, packet, noise);
    return counter_told(programmer, packet, programmer->key.gate_key, knock->slot, knock->tag) ? STEP_COUNTER : STEP_NONE;
}

/* Knocks, the same bytes again and again: the pump answers the same knock again without new work. */
static enum step knock_repeat(struct programmer *programmer, const struct air *air, const struct packet *knock,
                              const struct noise *noise)
{
    for (unsigned i = 0; i < programmer->patience.tries; i++) {
        struct packet packet;
        unsigned heard = 0;
        if (!talk_send(programmer, air, knock, i > 0))
            return STEP_NONE;
        while (talk_hear(programmer, air, &heard, &packet)) {
            enum step step = step_of(programmer, &packet, knock, noise);
            if (step != STEP_NONE)
                return step;
        }
    }
    return STEP_NONE;
}

enum contact knock_open(struct programmer *programmer, const struct air *air)
{
    for (unsigned i = 0; i < COUNTER_ROUNDS; i++) {
        struct noise noise;
        struct packet knock;
        if (!counter_next(programmer, air))
            return CONTACT_KEEP_FAILED;
        enum step step = STEP_NONE;
        if (knock_make(programmer, air, &noise, &knock))
            step = knock_repeat(programmer, air, &knock, &noise);
        noise_forget(&noise);
        if (step != STEP_COUNTER)
            return step == STEP_OPEN ? CONTACT_OK : step == STEP_VERSION ? CONTACT_VERSION : CONTACT_SILENCE;
    }
    return CONTACT_SILENCE;
}
