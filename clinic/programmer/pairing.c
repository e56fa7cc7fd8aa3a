/* pairing.c - the programmer's side of Noise XXpsk3, behind the gate of the card. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/programmer/pairing.h"

#include <string.h>

#include "clinic/programmer/counter.h"
#include "clinic/programmer/talk.h"
#include "core/bytes.h"
#include "link/noise.h"

static const char PROLOGUE[] = "cisterna pairing 1";
enum {
    PROLOGUE_TEXT = sizeof PROLOGUE - 1,
    PROLOGUE_BYTES = PROLOGUE_TEXT + PUMP_ID_BYTES + 8,
    OFFER_BYTES = 1 + 1 + PUMP_ID_BYTES, /* payload of PAIR_2 */
    LABEL_BYTES = 16,
    CLAIM_BYTES = 1 + LABEL_BYTES, /* payload of PAIR_3 */
    PAIRED_BYTES = 2,
    OUTCOME_PAIRED = 1
};

/* What a packet heard means for a pairing. */
enum step { STEP_NONE, STEP_TAKEN, STEP_VERSION, STEP_COUNTER };

struct card_keys {
    uint8_t gate[KEY_BYTES], psk[KEY_BYTES];
};

/* What both sides hold after message 3. */
struct bond {
    uint8_t pump_key[KEY_BYTES], in[KEY_BYTES], shared[KEY_BYTES];
};

static bool first_make(struct programmer *programmer, const struct air *air, const struct card_keys *card, struct noise *noise,
                       struct packet *first)
{
    const struct key *key = &programmer->key;
    uint8_t prologue[PROLOGUE_BYTES], ephemeral[KEY_BYTES];
    struct byte_writer writer = { .at = prologue, .left = sizeof prologue };
    byte_write_block(&writer, (const uint8_t *)PROLOGUE, PROLOGUE_TEXT);
    byte_write_block(&writer, key->pump_id, PUMP_ID_BYTES);
    byte_write(&writer, key->counter, 8);
    air->chance(air->context, ephemeral, sizeof ephemeral);
    noise_begin(noise, NOISE_XX_PSK3, true,
                &(struct noise_side){ .prologue = prologue, .prologue_size = sizeof prologue, .secret = key->secret,
                                      .ephemeral = ephemeral, .psk = card->psk });
    cipher_forget(ephemeral, sizeof ephemeral);
    *first = (struct packet){ .kind = PACKET_PAIR_1, .counter = key->counter };
    first->size = (uint16_t)noise_write(noise, NULL, 0, first->bytes, sizeof first->bytes);
    programmer->cost.public_key++;
    gate_tag(card->gate, GATE_PAIR, key->pump_id, PAIRING_SLOT, key->counter, first->bytes, first->size, first->tag);
    return first->size > 0;
}

/* Goes on with the handshake when the offer is one that this programmer can take. The pump has not proved itself yet: that it
 * does with PAIRED. */
static enum step offer_take(struct programmer *programmer, const struct packet *packet, struct noise *noise)
{
    struct noise trial = *noise;
    uint8_t offer[OFFER_BYTES] = { 0 };
    size_t size = 0;
    programmer->cost.public_key++;
    if (!noise_read(&trial, packet->bytes, packet->size, offer, sizeof offer, &size))
        return STEP_NONE;
    bool mine = size == OFFER_BYTES && memcmp(offer + 2, programmer->key.pump_id, PUMP_ID_BYTES) == 0;
    enum step step = offer[0] != LINK_VERSION ? STEP_VERSION : mine ? STEP_TAKEN : STEP_NONE;
    if (step == STEP_TAKEN)
        *noise = trial;
    noise_forget(&trial);
    return step;
}

/* Sends PAIR_1 until PAIR_2 or COUNTER comes. */
static enum step first_repeat(struct programmer *programmer, const struct air *air, const struct card_keys *card,
                              const struct packet *first, struct noise *noise)
{
    for (unsigned i = 0; i < programmer->patience.tries; i++) {
        struct packet packet;
        unsigned heard = 0;
        if (!talk_send(programmer, air, first, i > 0))
            return STEP_NONE;
        while (talk_hear(programmer, air, &heard, &packet)) {
            enum step step = STEP_NONE;
            if (packet.kind == PACKET_PAIR_2)
                step = offer_take(programmer, &packet, noise);
            else if (counter_told(programmer, &packet, card->gate, PAIRING_SLOT, first->tag))
                step = STEP_COUNTER;
            if (step != STEP_NONE)
                return step;
        }
    }
    return STEP_NONE;
}

static bool claim_make(struct programmer *programmer, enum role role, struct noise *noise, struct packet *claim,
                       struct bond *bond)
{
    uint8_t payload[CLAIM_BYTES] = { (uint8_t)role }, out[KEY_BYTES];
    memcpy(payload + 1, programmer->key.label, LABEL_BYTES);
    *claim = (struct packet){ .kind = PACKET_PAIR_3 };
    claim->size = (uint16_t)noise_write(noise, payload, sizeof payload, claim->bytes, sizeof claim->bytes);
    programmer->cost.public_key++;
    memcpy(bond->pump_key, noise->remote, KEY_BYTES);
    noise_split(noise, out, bond->in, bond->shared, NULL);
    cipher_forget(out, sizeof out);
    return claim->size > 0;
}

/* Sends PAIR_3 until PAIRED comes; *told is the outcome and the slot. */
static bool claim_repeat(struct programmer *programmer, const struct air *air, const struct packet *claim,
                         const struct bond *bond, uint8_t told[PAIRED_BYTES])
{
    static const uint8_t kind = PACKET_PAIRED;
    for (unsigned i = 0; i < programmer->patience.tries; i++) {
        struct packet packet;
        unsigned heard = 0;
        if (!talk_send(programmer, air, claim, i > 0))
            return false;
        while (talk_hear(programmer, air, &heard, &packet))
            if (packet.kind == PACKET_PAIRED && cipher_open(bond->in, 0, &kind, 1, packet.bytes, packet.size, told))
                return true;
    }
    return false;
}

/* Takes the slot that was given, and keeps the key; the old key stays when that fails. */
static enum contact slot_take(struct programmer *programmer, const struct air *air, enum role role, const struct bond *bond,
                              const uint8_t told[PAIRED_BYTES])
{
    if (told[0] != OUTCOME_PAIRED)
        return CONTACT_REFUSED;
    if (told[1] < 1 || told[1] > PEER_SLOTS)
        return CONTACT_VERSION;
    struct key before = programmer->key;
    programmer->key.slot = told[1];
    programmer->key.role = (uint8_t)role;
    memcpy(programmer->key.pump_key, bond->pump_key, KEY_BYTES);
    memcpy(programmer->key.gate_key, bond->shared, KEY_BYTES);
    bool kept = air->keep(air->context, &programmer->key);
    if (!kept)
        programmer->key = before;
    cipher_forget(&before, sizeof before);
    return kept ? CONTACT_OK : CONTACT_KEEP_FAILED;
}

static enum contact claim(struct programmer *programmer, const struct air *air, enum role role, struct noise *noise,
                          uint8_t *outcome)
{
    struct packet packet;
    struct bond bond = { .in = { 0 } };
    uint8_t told[PAIRED_BYTES] = { 0 };
    enum contact contact = CONTACT_SILENCE;
    if (claim_make(programmer, role, noise, &packet, &bond) && claim_repeat(programmer, air, &packet, &bond, told)) {
        *outcome = told[0];
        contact = slot_take(programmer, air, role, &bond, told);
    }
    cipher_forget(&bond, sizeof bond);
    return contact;
}

enum contact pairing_make(struct programmer *programmer, const struct air *air, const uint8_t card[CARD_SECRET_BYTES],
                          enum role role, uint8_t *outcome)
{
    struct card_keys keys;
    struct noise noise;
    struct packet first;
    enum contact contact = CONTACT_SILENCE;
    enum step step = STEP_COUNTER;
    gate_of_card(card, programmer->key.pump_id, keys.gate, keys.psk);
    for (unsigned i = 0; i < COUNTER_ROUNDS && step == STEP_COUNTER; i++) {
        if (!counter_next(programmer, air)) {
            contact = CONTACT_KEEP_FAILED;
            break;
        }
        step = STEP_NONE;
        if (first_make(programmer, air, &keys, &noise, &first))
            step = first_repeat(programmer, air, &keys, &first, &noise);
        if (step == STEP_TAKEN)
            contact = claim(programmer, air, role, &noise, outcome);
        else if (step == STEP_VERSION)
            contact = CONTACT_VERSION;
        noise_forget(&noise);
    }
    cipher_forget(&keys, sizeof keys);
    return contact;
}
