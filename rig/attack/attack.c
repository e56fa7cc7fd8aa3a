/* attack.c - what all attacks share. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/attack/attack.h"

bool attack_send(struct attack *attack, enum place place, const uint8_t *bytes, size_t size)
{
    if (!attack->aerial.send(attack->aerial.context, place, bytes, size))
        return false;
    attack->frames++;
    attack->bytes += size;
    return attack->wish.every_ms == 0 || attack->aerial.pass(attack->aerial.context, attack->wish.every_ms);
}

bool attack_body(struct attack *attack, enum place place, const uint8_t *body, size_t size)
{
    uint8_t frame[FRAME_BYTES_MAX];
    size_t length = frame_write(body, size, frame);
    return length > 0 && attack_send(attack, place, frame, length);
}

bool attack_packet(struct attack *attack, const struct packet *packet)
{
    uint8_t body[FRAME_BODY_MAX];
    size_t size = packet_write(packet, body);
    return attack_body(attack, attack->wish.place, body, size);
}

void attack_draw(struct attack *attack, uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)dice_bits(&attack->dice);
}

uint32_t attack_unheard(const struct attack *attack)
{
    uint32_t heard = 0;
    for (unsigned kind = 1; kind < ANSWERS_KINDS; kind++)
        if (attack->answers.kind[kind] > 0)
            heard |= ANSWERS_BIT(kind);
    uint32_t unheard = attack->kind->unheard;
    if (attack->wish.place == PLACE_MAGNET)
        unheard &= ~ANSWERS_BIT(PACKET_IDENTITY); /* that is what a magnet is for */
    if (attack->tape.count > 0)
        unheard &= ANSWERS_BIT(PACKET_DATA); /* recorded handshakes may be answered: that tells nothing new */
    return heard & unheard;
}
