// SPDX-License-Identifier: Apache-2.0
#include "pump/logrecord.h"

#include "board/board.h"
#include "core/bytes.h"
#include "core/crc.h"

enum { MAGIC = 0x31474C43, CRC_BYTES = 4, EPOCH_STATED = 0x40, BARE = 0x80, CODES = 1 << 14, NUMBER_BITS = 24, FIELDS = 4 };
#define AT_MS_MAX ((INT64_C(1) << 48) - 1)

_Static_assert(4 + 2 + 1 + 1 + 8 + 4 + 4 + HASH_BYTES + 4 + CRC_BYTES == LOG_HEADER_BYTES, "the header fills its bytes");
_Static_assert(1 + 2 + 3 + 6 + 5 + FIELDS * 10 + CRC_BYTES <= LOG_RECORD_BYTES_MAX, "every event fits a record");
_Static_assert(1 + 2 + 3 + 6 + 5 + 10 + CRC_BYTES <= LOG_FAULT_BYTES_MAX, "every bare fault fits");
_Static_assert(LOG_RECORD_BYTES_MAX / FLASH_WORD_BYTES <= 8, "the length fits three bits");

void logrecord_header_write(const struct log_header *header, uint8_t bytes[LOG_HEADER_BYTES])
{
    struct byte_writer writer = { bytes, LOG_HEADER_BYTES, 0, false };
    byte_write(&writer, MAGIC, 4);
    byte_write(&writer, header->version, 2);
    byte_write(&writer, header->kind, 1);
    byte_write(&writer, 0, 1);
    byte_write(&writer, header->first, 8);
    byte_write(&writer, header->erases, 4);
    byte_write(&writer, header->epoch, 4);
    byte_write_block(&writer, header->chain, HASH_BYTES);
    byte_write(&writer, header->waiting, 4);
    byte_write(&writer, crc32_of(bytes, LOG_HEADER_BYTES - CRC_BYTES), CRC_BYTES);
}

enum result logrecord_header_read(const uint8_t bytes[LOG_HEADER_BYTES], struct log_header *header)
{
    struct byte_reader reader = { bytes, LOG_HEADER_BYTES, false };
    struct byte_reader tail = { bytes + LOG_HEADER_BYTES - CRC_BYTES, CRC_BYTES, false };
    if (byte_read(&reader, 4) != MAGIC) {
        return RESULT_NOT_FOUND;
    }
    if (byte_read(&tail, CRC_BYTES) != crc32_of(bytes, LOG_HEADER_BYTES - CRC_BYTES)) {
        return RESULT_DAMAGED;
    }
    header->version = (uint16_t)byte_read(&reader, 2);
    header->kind = (uint8_t)byte_read(&reader, 1);
    byte_read(&reader, 1);
    header->first = byte_read(&reader, 8);
    header->erases = (uint32_t)byte_read(&reader, 4);
    header->epoch = (uint32_t)byte_read(&reader, 4);
    byte_read_block(&reader, header->chain, HASH_BYTES);
    header->waiting = (uint32_t)byte_read(&reader, 4);
    return header->version == LOG_VERSION ? RESULT_OK : RESULT_UNKNOWN_VERSION;
}

static void varint_write(struct byte_writer *writer, uint64_t value)
{
    for (; value >= 0x80; value >>= 7) {
        byte_write(writer, (value & 0x7F) | 0x80, 1);
    }
    byte_write(writer, value, 1);
}

/* Ten bytes at most; that a varint is the shortest one is seen when the record is written again and compared. */
static uint64_t varint_read(struct byte_reader *reader)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
        uint64_t byte = byte_read(reader, 1);
        value |= (byte & 0x7F) << shift;
        if (byte < 0x80) {
            return value;
        }
    }
    reader->bad = true;
    return 0;
}

static uint64_t zigzag(int64_t value)
{
    return (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
}

static int64_t zagzig(uint64_t value)
{
    return (int64_t)(value >> 1 ^ ((value & 1) != 0 ? UINT64_MAX : 0));
}

/* Everything but length and check; the number of bytes before padding. */
static size_t body_write(const struct log_header *header, const struct log_record *record, uint8_t bytes[LOG_RECORD_BYTES_MAX])
{
    const struct event *event = &record->event;
    bool stated = event->epoch != header->epoch;
    struct byte_writer writer = { bytes, LOG_RECORD_BYTES_MAX - CRC_BYTES, 0, false };
    byte_write(&writer, (uint64_t)event->actor << 3 | (stated ? EPOCH_STATED : 0u) | (record->bare ? BARE : 0u), 1);
    varint_write(&writer, event->code);
    byte_write(&writer, record->number, NUMBER_BITS / 8);
    byte_write(&writer, (uint64_t)event->at.ms, 6);
    if (stated) {
        varint_write(&writer, event->epoch);
    }
    if (header->kind == LOG_FAULTS_RING) {
        varint_write(&writer, event->sequence);
    }
    unsigned count = record->bare ? 0 : FIELDS;
    while (count > 0 && event->field[count - 1] == 0) {
        count--;
    }
    for (unsigned i = 0; i < count; i++) {
        varint_write(&writer, zigzag(event->field[i]));
    }
    return writer.bad ? 0 : writer.written;
}

static size_t record1_write(const struct log_header *header, const struct log_record *record, uint8_t bytes[LOG_RECORD_BYTES_MAX])
{
    const struct event *event = &record->event;
    if (event->at.ms < 0 || event->at.ms > AT_MS_MAX || event->actor >= 8 || event->code >= CODES) {
        return 0;
    }
    size_t body = body_write(header, record, bytes);
    size_t size = (body + CRC_BYTES + FLASH_WORD_BYTES - 1) / FLASH_WORD_BYTES * FLASH_WORD_BYTES;
    if (body == 0 || size > LOG_RECORD_BYTES_MAX) {
        return 0;
    }
    for (size_t i = body; i < size - CRC_BYTES; i++) {
        bytes[i] = 0; /* reads as fields that are zero, so they need no count */
    }
    bytes[0] = (uint8_t)(bytes[0] | (size / FLASH_WORD_BYTES - 1));
    struct byte_writer tail = { bytes + size - CRC_BYTES, CRC_BYTES, 0, false };
    byte_write(&tail, crc32_of(bytes, size - CRC_BYTES), CRC_BYTES);
    return size;
}

/* The number nearest above `least` that ends in these bits; false when it is too far off to be meant. */
static bool number_from(uint64_t low, uint64_t least, uint64_t *number)
{
    uint64_t above = (low - least) & ((1u << NUMBER_BITS) - 1);
    *number = least + above;
    return above <= 1u << (NUMBER_BITS - 1);
}

static bool body_read(const struct log_header *header, struct byte_reader *reader, uint64_t least, struct log_record *record)
{
    uint64_t start = byte_read(reader, 1), code = varint_read(reader);
    bool near = number_from(byte_read(reader, NUMBER_BITS / 8), least, &record->number);
    struct event *event = &record->event;
    event->at.ms = (int64_t)byte_read(reader, 6);
    uint64_t epoch = (start & EPOCH_STATED) != 0 ? varint_read(reader) : header->epoch;
    event->sequence = header->kind == LOG_FAULTS_RING ? varint_read(reader) : record->number;
    event->actor = (uint8_t)(start >> 3 & 7);
    event->code = (uint16_t)code;
    event->epoch = (uint32_t)epoch;
    record->bare = (start & BARE) != 0;
    for (unsigned i = 0; i < FIELDS; i++) {
        event->field[i] = reader->left > 0 && !record->bare ? zagzig(varint_read(reader)) : 0;
    }
    return near && !reader->bad && code < CODES && epoch <= UINT32_MAX;
}

static size_t record1_read(const struct log_header *header, const uint8_t *bytes, size_t room, uint64_t least,
                           struct log_record *record)
{
    size_t size = room > 0 ? ((size_t)(bytes[0] & 7) + 1) * FLASH_WORD_BYTES : 0;
    if (size < LOG_RECORD_BYTES_MIN || size > room) {
        return 0;
    }
    struct byte_reader reader = { bytes, size - CRC_BYTES, false };
    struct byte_reader tail = { bytes + size - CRC_BYTES, CRC_BYTES, false };
    struct log_record found;
    uint8_t again[LOG_RECORD_BYTES_MAX];
    if (byte_read(&tail, CRC_BYTES) != crc32_of(bytes, size - CRC_BYTES) || !body_read(header, &reader, least, &found) ||
        record1_write(header, &found, again) != size) {
        return 0;
    }
    for (size_t i = 0; i < size; i++) {
        if (again[i] != bytes[i]) {
            return 0; /* not the one form of this event */
        }
    }
    *record = found;
    return size;
}

/* One row a version: what software wrote once, later software reads. */
size_t logrecord_read(const struct log_header *header, const uint8_t *bytes, size_t room, uint64_t least,
                      struct log_record *record)
{
    switch (header->version) {
    case 1:
        return record1_read(header, bytes, room, least, record);
    default:
        return 0;
    }
}

size_t logrecord_write(const struct log_header *header, const struct log_record *record, uint8_t bytes[LOG_RECORD_BYTES_MAX])
{
    return record1_write(header, record, bytes);
}
