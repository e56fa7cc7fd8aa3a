/* bytes.h - reading and writing integers as little-endian bytes, by shifts, with the end of the buffer watched.
 * A reader or writer that meets the end turns bad and stays bad; look at it once, at the end. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CORE_BYTES_H
#define CORE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct byte_reader {
    const uint8_t *at;
    size_t left;
    bool bad;
};

struct byte_writer {
    uint8_t *at;
    size_t left;
    size_t written;
    bool bad;
};

/* Reads `size` (1 to 8) bytes, least significant first; 0 when they are not there. */
uint64_t byte_read(struct byte_reader *reader, unsigned size);
void byte_read_block(struct byte_reader *reader, uint8_t *block, size_t size);
/* Writes the `size` (1 to 8) low bytes of a value, least significant first. */
void byte_write(struct byte_writer *writer, uint64_t value, unsigned size);
void byte_write_block(struct byte_writer *writer, const uint8_t *block, size_t size);

#endif
