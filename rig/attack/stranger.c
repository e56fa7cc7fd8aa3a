/* stranger.c - knocking, guessing, and speaking out of turn. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/attack/stranger.h"

#include <string.h>

#include "core/bytes.h"
#include "link/message.h"
#include "link/noise.h"

enum { KNOCK_NOISE = 48, PAIR_3_NOISE = 81, ANSWER_NOISE = 56, PAIR_2_NOISE = 114, PAIRED_SEALED = 18, IDENTITY_TOLD = 40 };

/* The highest counter that the pump would take, were the tag right (link/SPEC.md §4). */
static const uint64_t COUNTER_FAR = UINT64_C(1) << 62;

static uint8_t slot_of(const struct attack *attack, uint64_t turn)
{
    return attack->wish.slot != 0 ? attack->wish.slot : (uint8_t)(1 + turn % PEER_SLOTS);
}

/* A session that was overheard; made up when there is none. */
static uint32_t session_of(struct attack *attack, uint64_t turn)
{
    uint64_t known = attack->answers.sessions < ANSWERS_SESSIONS_MAX ? attack->answers.sessions : ANSWERS_SESSIONS_MAX;
    if (attack->wish.session != 0)
        return attack->wish.session;
    return known > 0 ? attack->answers.session[turn % known] : (uint32_t)dice_between(&attack->dice, 1, UINT32_MAX);
}

static struct packet knock_make(struct attack *attack, uint8_t slot, uint64_t counter)
{
    struct packet packet = { .kind = PACKET_KNOCK, .slot = slot, .counter = counter, .size = KNOCK_NOISE };
    attack_draw(attack, packet.tag, sizeof packet.tag);
    attack_draw(attack, packet.bytes, packet.size);
    return packet;
}

bool stranger_knock(struct attack *attack)
{
    bool good = true;
    for (uint64_t i = 0; i < attack->wish.count && good; i++) {
        struct packet packet = knock_make(attack, slot_of(attack, i), 1 + dice_bits(&attack->dice) % UINT32_MAX);
        good = attack_packet(attack, &packet);
    }
    return good;
}

bool stranger_pair(struct attack *attack)
{
    static const char word[] = "cisterna pairing 1";
    bool good = true;
    for (uint64_t i = 0; i < attack->wish.count && good; i++) {
        uint8_t card[CARD_SECRET_BYTES], gate_key[KEY_BYTES], psk[KEY_BYTES], secret[KEY_BYTES], ephemeral[KEY_BYTES];
        uint8_t prologue[sizeof word - 1 + PUMP_ID_BYTES + 8];
        struct byte_writer writer = { .at = prologue, .left = sizeof prologue };
        struct packet packet = { .kind = PACKET_PAIR_1, .counter = COUNTER_FAR - attack->wish.count + i };
        struct noise noise;
        attack_draw(attack, card, sizeof card);
        attack_draw(attack, secret, sizeof secret);
        attack_draw(attack, ephemeral, sizeof ephemeral);
        gate_of_card(card, attack->wish.pump_id, gate_key, psk);
        byte_write_block(&writer, (const uint8_t *)word, sizeof word - 1);
        byte_write_block(&writer, attack->wish.pump_id, PUMP_ID_BYTES);
        byte_write(&writer, packet.counter, 8);
        noise_begin(&noise, NOISE_XX_PSK3, true,
                    &(struct noise_side){ .prologue = prologue, .prologue_size = sizeof prologue, .secret = secret,
                                          .ephemeral = ephemeral, .psk = psk });
        packet.size = (uint16_t)noise_write(&noise, NULL, 0, packet.bytes, sizeof packet.bytes);
        gate_tag(gate_key, GATE_PAIR, attack->wish.pump_id, PAIRING_SLOT, packet.counter, packet.bytes, packet.size, packet.tag);
        good = attack_packet(attack, &packet);
    }
    return good;
}

bool stranger_emergency(struct attack *attack)
{
    bool good = true;
    for (uint64_t i = 0; i < attack->wish.count && good; i++) {
        struct packet packet = { .kind = PACKET_EMERGENCY, .wish = i % 2 == 0 ? EMERGENCY_IDENTIFY : EMERGENCY_LOWER,
                                 .challenge = dice_bits(&attack->dice) };
        good = attack_packet(attack, &packet);
    }
    return good;
}

static struct packet data_make(struct attack *attack, uint32_t session, uint32_t nonce)
{
    struct packet packet = { .kind = PACKET_DATA, .session = session, .nonce = nonce };
    packet.size = (uint16_t)dice_between(&attack->dice, TAG_BYTES + 1, TAG_BYTES + PACKET_PLAIN_MAX);
    attack_draw(attack, packet.bytes, packet.size);
    return packet;
}

bool stranger_desync(struct attack *attack)
{
    /* The edges of what a receiver follows (link/SPEC.md §6), and beyond. */
    static const uint32_t nonces[] = { 1, 2, 63, 64, 65, 255, 256, 257, 320, 65536, UINT32_MAX - 1, UINT32_MAX };
    bool good = true;
    for (uint64_t i = 0; i < attack->wish.count && good; i++) {
        struct packet packet;
        if (i % 4 == 3)
            packet = knock_make(attack, slot_of(attack, i / 4), COUNTER_FAR);
        else
            packet = data_make(attack, session_of(attack, i), nonces[i % (sizeof nonces / sizeof *nonces)]);
        if (i % 8 == 7) {
            packet.kind = PACKET_PAIR_1;
            packet.slot = 0;
        }
        good = attack_packet(attack, &packet);
    }
    return good;
}

/* What only a pump sends. */
static struct packet answer_make(struct attack *attack, uint64_t turn)
{
    static const struct { uint8_t kind; uint16_t size; } kinds[] = {
        { PACKET_ANSWER, ANSWER_NOISE }, { PACKET_COUNTER, 0 }, { PACKET_PAIR_2, PAIR_2_NOISE },
        { PACKET_PAIRED, PAIRED_SEALED }, { PACKET_IDENTITY, IDENTITY_TOLD },
    };
    struct packet packet = { .kind = kinds[turn % (sizeof kinds / sizeof *kinds)].kind,
                             .size = kinds[turn % (sizeof kinds / sizeof *kinds)].size };
    if (packet.kind == PACKET_ANSWER || packet.kind == PACKET_COUNTER)
        packet.slot = slot_of(attack, turn);
    if (packet.kind == PACKET_COUNTER) {
        packet.counter = COUNTER_FAR;
        attack_draw(attack, packet.tag, sizeof packet.tag);
    }
    if (packet.kind == PACKET_IDENTITY)
        packet.challenge = dice_bits(&attack->dice);
    attack_draw(attack, packet.bytes, packet.size);
    return packet;
}

bool stranger_session(struct attack *attack)
{
    bool good = true;
    for (uint64_t i = 0; i < attack->wish.count && good; i++) {
        uint32_t session = (uint32_t)dice_between(&attack->dice, 1, UINT32_MAX);
        struct packet packet = i % 2 == 0 ? data_make(attack, session, (uint32_t)(1 + i)) : answer_make(attack, i / 2);
        good = attack_packet(attack, &packet);
    }
    return good;
}

/* A stop in the clear, as it would be sealed. */
static struct packet plain_make(struct attack *attack, uint64_t turn)
{
    struct packet packet = { .kind = PACKET_DATA, .session = session_of(attack, turn), .nonce = (uint32_t)(1 + turn) };
    cisterna_Request request = { .request = 1, .which_ask = cisterna_Request_command_tag };
    request.ask.command.command_id = COUNTER_FAR;
    request.ask.command.which_wish = cisterna_Command_stop_tag;
    packet.size = (uint16_t)(message_write_request(&request, packet.bytes) + TAG_BYTES); /* its tag: zeros */
    return packet;
}

/* Zeros as the other's key: whoever takes it agrees on zeros. */
static struct packet weak_make(struct attack *attack, uint64_t turn)
{
    struct packet packet = knock_make(attack, slot_of(attack, turn), COUNTER_FAR);
    memset(packet.bytes, 0, KEY_BYTES);
    memset(packet.tag, 0, sizeof packet.tag);
    return packet;
}

/* A kind that is not there, or a length that its kind does not have. */
static size_t odd_make(struct attack *attack, uint64_t turn, uint8_t body[FRAME_BODY_MAX])
{
    if (turn % 2 == 0) {
        size_t size = (size_t)dice_between(&attack->dice, 1, FRAME_BODY_MAX);
        attack_draw(attack, body, size);
        body[0] = (uint8_t)(turn / 2 % 2 == 0 ? 0 : PACKET_IDENTITY + 1 + turn / 4 % (UINT8_MAX - PACKET_IDENTITY));
        return size;
    }
    struct packet packet = knock_make(attack, slot_of(attack, turn), COUNTER_FAR);
    size_t size = packet_write(&packet, body);
    body[size] = 0;
    return turn / 2 % 2 == 0 ? size - 1 : size + 1;
}

bool stranger_downgrade(struct attack *attack)
{
    bool good = true;
    for (uint64_t i = 0; i < attack->wish.count && good; i++) {
        uint8_t body[FRAME_BODY_MAX];
        struct packet packet;
        if (i % 3 == 0) {
            good = attack_body(attack, attack->wish.place, body, odd_make(attack, i / 3, body));
            continue;
        }
        packet = i % 3 == 1 ? plain_make(attack, i / 3) : weak_make(attack, i / 3);
        good = attack_packet(attack, &packet);
    }
    return good;
}
