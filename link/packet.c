/* packet.c - the bodies of frames. The members of every kind are written by one list and read by one list, in one order. */
// SPDX-License-Identifier: Apache-2.0
#include "link/packet.h"

#include "core/bytes.h"

/* The members that can stand between the kind and the bytes, in this order. */
enum { HAS_SLOT = 1, HAS_WISH = 2, HAS_COUNTER = 4, HAS_TAG = 8, HAS_SESSION = 16, HAS_CHALLENGE = 32 };

struct form {
    uint8_t has;
    uint16_t least, most; /* how many bytes follow the members */
};

static struct form form_of(uint8_t kind)
{
    /* Row by row the table of link/SPEC.md §3. */
    static const struct form forms[] = {
        [PACKET_KNOCK] = { HAS_SLOT | HAS_COUNTER | HAS_TAG, 48, 48 },
        [PACKET_ANSWER] = { HAS_SLOT, 56, 56 },
        [PACKET_COUNTER] = { HAS_SLOT | HAS_COUNTER | HAS_TAG, 0, 0 },
        [PACKET_DATA] = { HAS_SESSION, TAG_BYTES + 1, TAG_BYTES + PACKET_PLAIN_MAX },
        [PACKET_PAIR_1] = { HAS_COUNTER | HAS_TAG, 48, 48 },
        [PACKET_PAIR_2] = { 0, 114, 114 },
        [PACKET_PAIR_3] = { 0, 81, 81 },
        [PACKET_PAIRED] = { 0, 18, 18 },
        [PACKET_EMERGENCY] = { HAS_WISH | HAS_CHALLENGE, 0, 0 },
        [PACKET_IDENTITY] = { HAS_CHALLENGE, 40, 40 },
    };
    return kind < sizeof forms / sizeof *forms ? forms[kind] : (struct form){ .has = 0, .least = 0, .most = 0 };
}

static bool is_zero(const uint8_t tag[TAG_BYTES])
{
    uint8_t seen = 0;
    for (unsigned i = 0; i < TAG_BYTES; i++) {
        seen |= tag[i];
    }
    return seen == 0;
}

/* Members of the form lie in their ranges, and the others are zero. */
static bool fits(const struct packet *packet, const struct form *form)
{
    /* A COUNTER may answer a PAIR_1, which is of the pairing slot. */
    uint8_t slot_least = packet->kind == PACKET_COUNTER ? PAIRING_SLOT : 1;
    bool slot = (form->has & HAS_SLOT) != 0 ? packet->slot >= slot_least && packet->slot <= PEER_SLOTS : packet->slot == 0;
    bool wish = (form->has & HAS_WISH) != 0 ? packet->wish == EMERGENCY_IDENTIFY || packet->wish == EMERGENCY_LOWER
                                            : packet->wish == 0;
    bool session = (form->has & HAS_SESSION) != 0 ? packet->session != 0 && packet->nonce != 0
                                                  : packet->session == 0 && packet->nonce == 0;
    bool others = ((form->has & HAS_COUNTER) != 0 || packet->counter == 0) &&
                  ((form->has & HAS_TAG) != 0 || is_zero(packet->tag)) &&
                  ((form->has & HAS_CHALLENGE) != 0 || packet->challenge == 0);
    /* A kind that is none has no members and no bytes. */
    return form->has + form->most > 0 && slot && wish && session && others && packet->size >= form->least &&
           packet->size <= form->most;
}

size_t packet_write(const struct packet *packet, uint8_t body[FRAME_BODY_MAX])
{
    struct form form = form_of(packet->kind);
    if (!fits(packet, &form)) {
        return 0;
    }
    struct byte_writer writer = { .at = body, .left = FRAME_BODY_MAX };
    byte_write(&writer, packet->kind, 1);
    if ((form.has & HAS_SLOT) != 0) {
        byte_write(&writer, packet->slot, 1);
    }
    if ((form.has & HAS_WISH) != 0) {
        byte_write(&writer, packet->wish, 1);
    }
    if ((form.has & HAS_COUNTER) != 0) {
        byte_write(&writer, packet->counter, 8);
    }
    if ((form.has & HAS_TAG) != 0) {
        byte_write_block(&writer, packet->tag, TAG_BYTES);
    }
    if ((form.has & HAS_SESSION) != 0) {
        byte_write(&writer, packet->session, 4);
        byte_write(&writer, packet->nonce, 4);
    }
    if ((form.has & HAS_CHALLENGE) != 0) {
        byte_write(&writer, packet->challenge, 8);
    }
    byte_write_block(&writer, packet->bytes, packet->size);
    return writer.bad ? 0 : writer.written;
}

bool packet_read(const uint8_t *body, size_t size, struct packet *packet)
{
    struct byte_reader reader = { .at = body, .left = size };
    struct packet read = { .kind = (uint8_t)byte_read(&reader, 1) };
    struct form form = form_of(read.kind);
    if ((form.has & HAS_SLOT) != 0) {
        read.slot = (uint8_t)byte_read(&reader, 1);
    }
    if ((form.has & HAS_WISH) != 0) {
        read.wish = (uint8_t)byte_read(&reader, 1);
    }
    if ((form.has & HAS_COUNTER) != 0) {
        read.counter = byte_read(&reader, 8);
    }
    if ((form.has & HAS_TAG) != 0) {
        byte_read_block(&reader, read.tag, TAG_BYTES);
    }
    if ((form.has & HAS_SESSION) != 0) {
        read.session = (uint32_t)byte_read(&reader, 4);
        read.nonce = (uint32_t)byte_read(&reader, 4);
    }
    if ((form.has & HAS_CHALLENGE) != 0) {
        read.challenge = byte_read(&reader, 8);
    }
    if (reader.bad || reader.left > form.most) {
        return false;
    }
    read.size = (uint16_t)reader.left;
    byte_read_block(&reader, read.bytes, read.size);
    if (!fits(&read, &form)) {
        return false;
    }
    *packet = read;
    return true;
}
