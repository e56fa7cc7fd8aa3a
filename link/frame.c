/* frame.c - stuffing and unstuffing. For bodies of these lengths a frame has one form only: two frames of the same body are
 * the same bytes, and frame_read takes nothing else. */
// SPDX-License-Identifier: Apache-2.0
#include "link/frame.h"

enum {
    CRC_BYTES = 2,
    STUFFED_MAX = FRAME_BODY_MAX + CRC_BYTES, /* what is stuffed: body and CRC */
    BLOCK_MAX = 254,                          /* bytes without a zero that one length byte can stand for */
    STUFFED_MIN = 1 + 1 + CRC_BYTES           /* a length byte, and the shortest body with its CRC */
};

_Static_assert(STUFFED_MAX <= BLOCK_MAX, "one byte more at most: only a frame of one whole block has a length byte of 255");
_Static_assert(1 + STUFFED_MAX + 1 == FRAME_BYTES_MAX, "the longest frame fits");

uint16_t frame_crc(const uint8_t *bytes, size_t size)
{
    uint32_t crc = 0xFFFF;
    for (size_t i = 0; i < size; i++) {
        crc ^= (uint32_t)bytes[i] << 8;
        for (unsigned bit = 0; bit < 8; bit++) {
            crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
        }
        crc &= 0xFFFF;
    }
    return (uint16_t)crc;
}

size_t frame_write(const uint8_t *body, size_t size, uint8_t frame[FRAME_BYTES_MAX])
{
    if (size == 0 || size > FRAME_BODY_MAX) {
        return 0;
    }
    uint16_t crc = frame_crc(body, size);
    const uint8_t tail[CRC_BYTES] = { (uint8_t)crc, (uint8_t)(crc >> 8) };
    size_t length_at = 0, at = 1;
    for (size_t i = 0; i < size + CRC_BYTES; i++) {
        uint8_t byte = i < size ? body[i] : tail[i - size];
        if (byte == 0) {
            frame[length_at] = (uint8_t)(at - length_at); /* 254 at most: the zero itself is one of the 254 bytes */
            length_at = at;
        } else {
            frame[at] = byte;
        }
        at++;
    }
    frame[length_at] = (uint8_t)(at - length_at);
    frame[at] = 0;
    return at + 1;
}

/* Takes the stuffing off `size` (STUFFED_MIN to 1 + STUFFED_MAX) bytes: always one fewer. False when a zero stands among them or
 * the last block does not end with them. */
static bool unstuff(const uint8_t *stuffed, size_t size, uint8_t plain[STUFFED_MAX])
{
    size_t length_at = 0; /* where the block under way has its length byte */
    for (size_t i = 0; i < size; i++) {
        if (stuffed[i] == 0) {
            return false;
        }
        if (i == length_at + stuffed[length_at]) {
            length_at = i;
        }
        if (i > 0) {
            plain[i - 1] = i == length_at ? 0 : stuffed[i];
        }
    }
    return length_at + stuffed[length_at] == size;
}

size_t frame_read(const uint8_t *frame, size_t size, uint8_t body[FRAME_BODY_MAX])
{
    size_t stuffed = size > 0 && frame[size - 1] == 0 ? size - 1 : size;
    uint8_t plain[STUFFED_MAX];
    if (stuffed < STUFFED_MIN || stuffed > 1 + STUFFED_MAX || !unstuff(frame, stuffed, plain)) {
        return 0;
    }
    size_t count = stuffed - 1 - CRC_BYTES;
    if ((plain[count] | plain[count + 1] << 8) != frame_crc(plain, count)) {
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        body[i] = plain[i];
    }
    return count;
}

bool frame_cut(struct frame_cutter *cutter, uint8_t byte)
{
    /* The frame told last lies here until the next byte comes. */
    if (cutter->size > 0 && cutter->bytes[cutter->size - 1] == 0) {
        cutter->size = 0;
    }
    if (byte != 0 && cutter->size == FRAME_BYTES_MAX - 1) {
        cutter->spoilt = true;
        cutter->size = 0;
    }
    if (cutter->spoilt) {
        cutter->spoilt = byte != 0;
        return false;
    }
    if (byte == 0 && cutter->size == 0) {
        return false;
    }
    cutter->bytes[cutter->size] = byte;
    cutter->size++;
    return byte == 0;
}
