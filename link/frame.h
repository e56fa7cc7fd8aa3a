/* frame.h - what goes over the air: a body of 1 to 252 bytes, its CRC-16, stuffed (COBS) so that a zero byte ends each frame and
 * stands nowhere else. link/SPEC.md §2. REQ-LINK-10, REQ-SECU-13. */
// SPDX-License-Identifier: Apache-2.0
#ifndef LINK_FRAME_H
#define LINK_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FRAME_BODY_MAX = 252, FRAME_BYTES_MAX = 256 };

/* CRC-16 with polynomial 1021, first value FFFF, not reflected: "123456789" gives 29B1. */
uint16_t frame_crc(const uint8_t *bytes, size_t size);
/* Writes the frame of a body of 1 to FRAME_BODY_MAX bytes, its closing zero included; returns its length, 0 when the body is
 * empty or too long. */
size_t frame_write(const uint8_t *body, size_t size, uint8_t frame[FRAME_BYTES_MAX]);
/* Reads one frame, with or without its closing zero; returns the length of the body, 0 for anything that is not exactly one
 * frame (then `body` holds nothing to be relied on). */
size_t frame_read(const uint8_t *frame, size_t size, uint8_t body[FRAME_BODY_MAX]);

/* Cuts a stream of bytes into frames. All zero is the beginning. */
struct frame_cutter {
    uint8_t bytes[FRAME_BYTES_MAX];
    uint16_t size;
    bool spoilt; /* longer than any frame: all is dropped up to the next zero */
};
/* Takes one byte; true when it closed a frame, which then lies in cutter->bytes (closing zero included), cutter->size long, until
 * the next call. Empty frames are passed over. */
bool frame_cut(struct frame_cutter *cutter, uint8_t byte);

#endif
