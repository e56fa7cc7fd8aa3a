/* frame.c - bytes off the air: frames, the stream they are cut from, and the bodies in them. What is read writes itself again
 * byte for byte, what was written is read again, and a stream is cut where its zeros stand. REQ-LINK-10, REQ-SECU-13. */
// SPDX-License-Identifier: Apache-2.0
#include "fuzz/fuzz.h"

#include <stdbool.h>

#include "fuzz/tape.h"
#include "link/packet.h"

/* A body has one form only. */
static void body_is_a_packet(const uint8_t *body, size_t size)
{
    struct packet packet;
    uint8_t untouched[sizeof packet], again[FRAME_BODY_MAX];
    memset(&packet, 0xA5, sizeof packet);
    memset(untouched, 0xA5, sizeof untouched);
    if (!packet_read(body, size, &packet)) {
        MUST(memcmp(&packet, untouched, sizeof packet) == 0);
        return;
    }
    MUST(packet.kind >= PACKET_KNOCK && packet.kind <= PACKET_IDENTITY && packet.size <= FRAME_BODY_MAX);
    MUST(packet_write(&packet, again) == size && memcmp(again, body, size) == 0);
}

/* A frame has one form only, with its closing zero or without. */
static void frame_is_a_body(const uint8_t *frame, size_t size)
{
    uint8_t body[FRAME_BODY_MAX], again[FRAME_BYTES_MAX];
    size_t count = frame_read(frame, size, body);
    size_t stuffed = size > 0 && frame[size - 1] == 0 ? size - 1 : size;
    if (count == 0)
        return;
    MUST(count <= FRAME_BODY_MAX);
    MUST(frame_write(body, count, again) == stuffed + 1);
    MUST(memcmp(again, frame, stuffed) == 0 && again[stuffed] == 0);
    body_is_a_packet(body, count);
}

static void body_comes_back(const uint8_t *body, size_t size)
{
    uint8_t frame[FRAME_BYTES_MAX], again[FRAME_BODY_MAX];
    size_t count = frame_write(body, size, frame);
    if (size == 0 || size > FRAME_BODY_MAX) {
        MUST(count == 0);
        return;
    }
    MUST(count > size && count <= FRAME_BYTES_MAX && memchr(frame, 0, count) == frame + count - 1);
    MUST(frame_read(frame, count, again) == size && memcmp(again, body, size) == 0);
    MUST(frame_read(frame, count - 1, again) == size);
}

/* Where frames end is told here by the zeros of the whole stream, not byte by byte. */
static void stream_is_cut_at_zeros(const uint8_t *stream, size_t size)
{
    struct frame_cutter cutter;
    size_t from = 0;
    memset(&cutter, 0, sizeof cutter);
    for (size_t i = 0; i < size; i++) {
        bool closed = frame_cut(&cutter, stream[i]);
        size_t length = i + 1 - from;
        MUST(closed == (stream[i] == 0 && length > 1 && length <= FRAME_BYTES_MAX));
        if (closed) {
            MUST(cutter.size == length && memcmp(cutter.bytes, stream + from, length) == 0);
            frame_is_a_body(cutter.bytes, cutter.size);
        }
        from = stream[i] == 0 ? i + 1 : from;
    }
}

static bool same(const struct packet *one, const struct packet *other)
{
    return one->kind == other->kind && one->slot == other->slot && one->wish == other->wish &&
           one->counter == other->counter && memcmp(one->tag, other->tag, TAG_BYTES) == 0 &&
           one->session == other->session && one->nonce == other->nonce && one->challenge == other->challenge &&
           one->size == other->size && memcmp(one->bytes, other->bytes, one->size) == 0;
}

/* Members as the input has them. A bit of `zero` keeps a member out, since most kinds have few. */
static void members_come_back(struct tape tape)
{
    struct packet packet = { .kind = tape_byte(&tape) }, again;
    uint8_t body[FRAME_BODY_MAX], zero = tape_byte(&tape);
    packet.slot = (zero & 1) != 0 ? 0 : tape_byte(&tape);
    packet.wish = (zero & 2) != 0 ? 0 : tape_byte(&tape);
    packet.counter = (zero & 4) != 0 ? 0 : tape_number(&tape, 8);
    if ((zero & 8) == 0)
        tape_block(&tape, packet.tag, TAG_BYTES);
    packet.session = (zero & 16) != 0 ? 0 : (uint32_t)tape_number(&tape, 4);
    packet.nonce = (zero & 16) != 0 ? 0 : (uint32_t)tape_number(&tape, 4);
    packet.challenge = (zero & 32) != 0 ? 0 : tape_number(&tape, 8);
    packet.size = (uint16_t)((zero & 64) != 0 ? tape_number(&tape, 2) : tape_byte(&tape));
    tape_block(&tape, packet.bytes, sizeof packet.bytes);
    size_t size = packet_write(&packet, body);
    if (size == 0)
        return;
    MUST(size <= FRAME_BODY_MAX);
    MUST(packet_read(body, size, &again) && same(&packet, &again));
    body_comes_back(body, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    frame_is_a_body(bytes, size);
    body_is_a_packet(bytes, size);
    body_comes_back(bytes, size);
    stream_is_cut_at_zeros(bytes, size);
    members_come_back((struct tape){ bytes, size });
    return 0;
}
