/* bytes.c - integers as little-endian bytes, by shifts: the same on every machine, whatever its own byte order. */
// SPDX-License-Identifier: Apache-2.0
#include "core/bytes.h"

/* True when `size` more bytes can be taken; else the reader turns bad for good. */
static bool reader_has(struct byte_reader *reader, size_t size)
{
    if (reader->bad || reader->left < size)
        reader->bad = true;
    return !reader->bad;
}

static bool writer_has(struct byte_writer *writer, size_t size)
{
    if (writer->bad || writer->left < size)
        writer->bad = true;
    return !writer->bad;
}

uint64_t byte_read(struct byte_reader *reader, unsigned size)
{
    if (!reader_has(reader, size))
        return 0;
    uint64_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value |= (uint64_t)reader->at[i] << (8 * i);
    reader->at += size;
    reader->left -= size;
    return value;
}

void byte_read_block(struct byte_reader *reader, uint8_t *block, size_t size)
{
    bool there = reader_has(reader, size);
    for (size_t i = 0; i < size; i++)
        block[i] = there ? reader->at[i] : 0;
    if (there) {
        reader->at += size;
        reader->left -= size;
    }
}

void byte_write(struct byte_writer *writer, uint64_t value, unsigned size)
{
    if (!writer_has(writer, size))
        return;
    for (unsigned i = 0; i < size; i++)
        writer->at[i] = (uint8_t)(value >> (8 * i));
    writer->at += size;
    writer->left -= size;
    writer->written += size;
}

void byte_write_block(struct byte_writer *writer, const uint8_t *block, size_t size)
{
    if (!writer_has(writer, size))
        return;
    for (size_t i = 0; i < size; i++)
        writer->at[i] = block[i];
    writer->at += size;
    writer->left -= size;
    writer->written += size;
}
