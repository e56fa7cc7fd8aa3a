/* insider.c - the programmer's side of link/SPEC.md §4 to §6, packet by packet. */
// SPDX-License-Identifier: Apache-2.0
#include "fuzz/insider.h"

#include <string.h>

#include "core/bytes.h"
#include "fuzz/fuzz.h"

enum { PROLOGUE_MAX = 18 + PUMP_ID_BYTES + 1 + 8, WORD_BYTES = 18, TOLD_BYTES = 8, OFFER_BYTES = 2 + PUMP_ID_BYTES };

static void draw(struct insider *insider, uint8_t bytes[KEY_BYTES])
{
    for (unsigned i = 0; i < KEY_BYTES; i++) {
        insider->chance = insider->chance * 6364136223846793005u + 1442695040888963407u;
        bytes[i] = (uint8_t)(insider->chance >> 56);
    }
}

void insider_start(struct insider *insider, uint8_t number)
{
    memset(insider, 0, sizeof *insider);
    insider->chance = number;
    draw(insider, insider->secret);
    cipher_public(insider->secret, insider->key);
}

/* Slot 0 has none in its prologue: it is that of pairing. */
static size_t prologue_write(const char word[WORD_BYTES], const struct implant *implant, uint8_t slot, uint64_t counter,
                             uint8_t prologue[PROLOGUE_MAX])
{
    struct byte_writer writer = { .at = prologue, .left = PROLOGUE_MAX };
    byte_write_block(&writer, (const uint8_t *)word, WORD_BYTES);
    byte_write_block(&writer, implant->id, PUMP_ID_BYTES);
    if (slot != PAIRING_SLOT)
        byte_write(&writer, slot, 1);
    byte_write(&writer, counter, 8);
    return writer.written;
}

void insider_knock(struct insider *insider, const struct implant *implant, uint8_t slot, const uint8_t gate_key[KEY_BYTES],
                   uint64_t counter, struct packet *knock)
{
    uint8_t prologue[PROLOGUE_MAX], ephemeral[KEY_BYTES];
    draw(insider, ephemeral);
    struct noise_side side = { .prologue = prologue, .secret = insider->secret, .ephemeral = ephemeral, .remote = implant->key,
                               .prologue_size = prologue_write("cisterna session 1", implant, slot, counter, prologue) };
    noise_begin(&insider->knocking, NOISE_KK, true, &side);
    *knock = (struct packet){ .kind = PACKET_KNOCK, .slot = slot, .counter = counter };
    knock->size = (uint16_t)noise_write(&insider->knocking, NULL, 0, knock->bytes, sizeof knock->bytes);
    gate_tag(gate_key, GATE_KNOCK, implant->id, slot, counter, knock->bytes, knock->size, knock->tag);
    insider->knock = *knock;
}

void insider_pair(struct insider *insider, const struct implant *implant, uint64_t counter, struct packet *first)
{
    uint8_t prologue[PROLOGUE_MAX], ephemeral[KEY_BYTES];
    draw(insider, ephemeral);
    struct noise_side side = { .prologue = prologue, .secret = insider->secret, .ephemeral = ephemeral, .psk = implant->psk,
                               .prologue_size = prologue_write("cisterna pairing 1", implant, PAIRING_SLOT, counter, prologue) };
    noise_begin(&insider->pairing, NOISE_XX_PSK3, true, &side);
    insider->offered = false;
    *first = (struct packet){ .kind = PACKET_PAIR_1, .counter = counter };
    first->size = (uint16_t)noise_write(&insider->pairing, NULL, 0, first->bytes, sizeof first->bytes);
    gate_tag(implant->gate_key, GATE_PAIR, implant->id, PAIRING_SLOT, counter, first->bytes, first->size, first->tag);
}

bool insider_claim(struct insider *insider, uint8_t role, const char label[LABEL_BYTES], struct packet *third)
{
    uint8_t wish[1 + LABEL_BYTES] = { role }, out[KEY_BYTES];
    if (!insider->offered)
        return false;
    insider->offered = false;
    memcpy(wish + 1, label, LABEL_BYTES);
    *third = (struct packet){ .kind = PACKET_PAIR_3 };
    third->size = (uint16_t)noise_write(&insider->pairing, wish, sizeof wish, third->bytes, sizeof third->bytes);
    noise_split(&insider->pairing, out, insider->paired_key, insider->paired_gate, NULL);
    return true;
}

bool insider_ask(struct insider *insider, const uint8_t *plain, size_t size, struct packet *packet)
{
    if (!session_seal(&insider->session, plain, size, packet))
        return false;
    memmove(insider->plain, plain, size);
    insider->size = (uint16_t)size;
    return true;
}

void insider_lose(struct insider *insider, unsigned frames)
{
    struct packet lost;
    for (unsigned i = 0; i < frames; i++)
        (void)session_seal(&insider->session, (const uint8_t *)"", 1, &lost);
}

static enum heard hear_answer(struct insider *insider, const struct packet *packet)
{
    struct noise trial = insider->knocking;
    uint8_t told[TOLD_BYTES], out[KEY_BYTES], in[KEY_BYTES], shared[KEY_BYTES];
    size_t size = 0;
    if (packet->slot != insider->knock.slot ||
        !noise_read(&trial, packet->bytes, packet->size, told, sizeof told, &size) || size != TOLD_BYTES)
        return HEARD_NOTHING;
    noise_split(&trial, out, in, shared, NULL);
    struct byte_reader reader = { .at = told, .left = sizeof told };
    uint32_t session = (uint32_t)byte_read(&reader, 4);
    MUST(session != 0 && byte_read(&reader, 1) == LINK_VERSION);
    if (session == insider->session.id)
        return HEARD_ANSWER; /* the same once more: its nonces must not begin again */
    session_begin(&insider->session, session, out, in);
    insider->session_slot = packet->slot;
    insider->request = 0;
    return HEARD_ANSWER;
}

static bool counter_is(const struct insider *insider, const struct implant *implant, const struct packet *packet)
{
    uint8_t tag[TAG_BYTES];
    gate_tag(insider->gate_key, GATE_COUNTER, implant->id, packet->slot, packet->counter, insider->knock.tag, TAG_BYTES, tag);
    return packet->slot == insider->knock.slot && memcmp(tag, packet->tag, TAG_BYTES) == 0;
}

static enum heard hear_offer(struct insider *insider, const struct implant *implant, const struct packet *packet)
{
    struct noise trial = insider->pairing;
    uint8_t offer[OFFER_BYTES];
    size_t size = 0;
    if (!noise_read(&trial, packet->bytes, packet->size, offer, sizeof offer, &size))
        return HEARD_NOTHING;
    MUST(size == OFFER_BYTES && offer[0] == LINK_VERSION && memcmp(offer + 2, implant->id, PUMP_ID_BYTES) == 0);
    MUST(memcmp(trial.remote, implant->key, KEY_BYTES) == 0);
    insider->pairing = trial;
    insider->offered = true;
    return HEARD_OFFER;
}

static enum heard hear_paired(struct insider *insider, const struct packet *packet, uint8_t told[2])
{
    const uint8_t kind = PACKET_PAIRED;
    if (!cipher_open(insider->paired_key, 0, &kind, 1, packet->bytes, packet->size, told))
        return HEARD_NOTHING;
    if (told[0] == 1 && memcmp(insider->gate_key, insider->paired_gate, KEY_BYTES) != 0) {
        MUST(told[1] >= 1 && told[1] <= PEER_SLOTS);
        bool elsewhere = insider->slot != told[1];
        insider->slot = told[1];
        insider->counter = elsewhere ? 0 : insider->counter;
        insider->command_id = elsewhere ? 0 : insider->command_id;
        memcpy(insider->gate_key, insider->paired_gate, KEY_BYTES);
    }
    return HEARD_PAIRED;
}

enum heard insider_hear(struct insider *insider, const struct implant *implant, const struct packet *packet,
                        uint8_t plain[PACKET_PLAIN_MAX], size_t *size)
{
    if (packet->kind == PACKET_ANSWER)
        return hear_answer(insider, packet);
    if (packet->kind == PACKET_COUNTER && counter_is(insider, implant, packet)) {
        insider->counter = packet->counter > insider->counter ? packet->counter : insider->counter;
        return HEARD_COUNTER;
    }
    if (packet->kind == PACKET_PAIR_2)
        return hear_offer(insider, implant, packet);
    if (packet->kind == PACKET_PAIRED) {
        *size = 2;
        return hear_paired(insider, packet, plain);
    }
    *size = packet->kind == PACKET_DATA ? session_open(&insider->session, packet, plain) : 0;
    return *size > 0 ? HEARD_REPLY : HEARD_NOTHING;
}
