/* mutant.c - seven ways to be wrong. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/attack/mutant.h"

#include <string.h>

enum { CHANGES_MAX = 4, TAPE_DRAWS = 8, KNOCK_NOISE = 48, PAIR_3_NOISE = 81 };

static void bytes_draw(struct dice *dice, uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)dice_bits(dice);
}

static size_t at_random(struct dice *dice, size_t size)
{
    return (size_t)dice_between(dice, 0, (int64_t)size - 1);
}

void mutant_packet(struct dice *dice, struct packet *packet)
{
    static const uint8_t kinds[] = { PACKET_KNOCK, PACKET_DATA, PACKET_PAIR_1, PACKET_PAIR_3, PACKET_EMERGENCY };
    *packet = (struct packet){ .kind = kinds[at_random(dice, sizeof kinds)] };
    bool tagged = packet->kind == PACKET_KNOCK || packet->kind == PACKET_PAIR_1;
    if (tagged) {
        packet->counter = dice_bits(dice) >> dice_between(dice, 0, 63);
        packet->size = KNOCK_NOISE;
        bytes_draw(dice, packet->tag, sizeof packet->tag);
    }
    if (packet->kind == PACKET_KNOCK)
        packet->slot = (uint8_t)dice_between(dice, 1, PEER_SLOTS);
    if (packet->kind == PACKET_PAIR_3)
        packet->size = PAIR_3_NOISE;
    if (packet->kind == PACKET_DATA) {
        packet->session = (uint32_t)dice_between(dice, 1, UINT32_MAX);
        packet->nonce = (uint32_t)dice_scale(dice, 1, UINT32_MAX);
        packet->size = (uint16_t)dice_between(dice, TAG_BYTES + 1, TAG_BYTES + PACKET_PLAIN_MAX);
    }
    if (packet->kind == PACKET_EMERGENCY) {
        packet->wish = (uint8_t)dice_between(dice, EMERGENCY_IDENTIFY, EMERGENCY_LOWER);
        packet->challenge = dice_bits(dice);
    }
    bytes_draw(dice, packet->bytes, packet->size);
}

/* A sound body: of the tape, or made up when a few draws find none there. */
static size_t body_sound(struct dice *dice, const struct tape *tape, uint8_t body[FRAME_BODY_MAX])
{
    struct packet packet;
    for (unsigned i = 0; i < TAPE_DRAWS && tape->count > 0; i++) {
        const struct tape_frame *frame = &tape->frame[at_random(dice, tape->count)];
        size_t size = frame->kind != 0 ? frame_read(frame->bytes, frame->size, body) : 0;
        if (size > 0)
            return size;
    }
    mutant_packet(dice, &packet);
    return packet_write(&packet, body);
}

static void body_change(struct dice *dice, uint8_t *body, size_t size)
{
    int64_t changes = dice_between(dice, 1, CHANGES_MAX);
    for (int64_t i = 0; i < changes; i++)
        body[at_random(dice, size)] ^= (uint8_t)dice_between(dice, 1, UINT8_MAX);
}

static size_t body_resize(struct dice *dice, uint8_t body[FRAME_BODY_MAX], size_t size)
{
    size_t length = (size_t)dice_between(dice, 1, FRAME_BODY_MAX);
    if (length > size)
        bytes_draw(dice, body + size, length - size);
    return length;
}

static size_t body_splice(struct dice *dice, const struct tape *tape, uint8_t body[FRAME_BODY_MAX], size_t size)
{
    uint8_t other[FRAME_BODY_MAX];
    size_t length = body_sound(dice, tape, other), at = at_random(dice, size < length ? size : length);
    memcpy(body + at, other + at, length - at);
    return length;
}

static size_t noise_make(struct dice *dice, uint8_t bytes[MUTANT_BYTES_MAX])
{
    size_t size = (size_t)dice_between(dice, 0, MUTANT_BYTES_MAX - 1);
    bytes_draw(dice, bytes, size);
    bytes[size] = 0;
    return size + 1;
}

size_t mutant_make(struct dice *dice, enum mutant_form form, const struct tape *tape, uint8_t bytes[MUTANT_BYTES_MAX])
{
    static const struct tape nothing = { .count = 0 };
    uint8_t body[FRAME_BODY_MAX];
    size_t size = 0;
    if (form == MUTANT_NOISE)
        return noise_make(dice, bytes);
    if (form == MUTANT_BODY)
        bytes_draw(dice, body, size = (size_t)dice_between(dice, 1, FRAME_BODY_MAX));
    else
        size = body_sound(dice, form == MUTANT_PACKET ? &nothing : tape, body);
    if (form == MUTANT_CHANGED)
        body_change(dice, body, size);
    if (form == MUTANT_RESIZED)
        size = body_resize(dice, body, size);
    if (form == MUTANT_SPLICED)
        size = body_splice(dice, tape, body, size);
    size_t length = frame_write(body, size, bytes);
    if (form == MUTANT_DAMAGED)
        bytes[at_random(dice, length - 1)] ^= (uint8_t)(1u << dice_between(dice, 0, 7));
    return length;
}
