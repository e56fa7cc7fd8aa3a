// SPDX-License-Identifier: Apache-2.0
#include "pump/logsector.h"

#include "pump/blank.h"

struct region_span logsector_span(enum log_kind kind)
{
    return region_span(kind == LOG_FAULTS_RING ? REGION_FAULTS : REGION_EVENTS);
}

enum result logsector_header(const struct board *board, uint32_t sector, enum log_kind kind, struct log_header *header)
{
    uint8_t bytes[LOG_HEADER_BYTES];
    board->doors->flash_read(board->hardware, sector * FLASH_SECTOR_BYTES, bytes, sizeof bytes);
    enum result result = logrecord_header_read(bytes, header);
    bool sound = result == RESULT_OK || result == RESULT_UNKNOWN_VERSION;
    return sound && (header->kind != kind || header->first == 0) ? RESULT_DAMAGED : result;
}

void logsector_begin(struct logsector_walk *walk, const struct log_header *header, uint32_t sector)
{
    *walk = (struct logsector_walk){ .header = *header,
                                     .sector = sector,
                                     .at = LOG_HEADER_BYTES,
                                     .end = LOG_HEADER_BYTES,
                                     .number = header->first - 1 };
}

size_t logsector_next(const struct board *board, struct logsector_walk *walk, struct log_record *record,
                      uint8_t bytes[LOG_RECORD_BYTES_MAX])
{
    while (walk->at < FLASH_SECTOR_BYTES) {
        uint32_t left = (uint32_t)FLASH_SECTOR_BYTES - walk->at;
        uint32_t room = left < LOG_RECORD_BYTES_MAX ? left : LOG_RECORD_BYTES_MAX;
        board->doors->flash_read(board->hardware, walk->sector * FLASH_SECTOR_BYTES + walk->at, bytes, room);
        bool blank = blank_bytes(bytes, FLASH_WORD_BYTES);
        size_t size = blank ? 0 : logrecord_read(&walk->header, bytes, room, walk->number + 1, record);
        walk->at = (uint16_t)(walk->at + (size > 0 ? size : FLASH_WORD_BYTES));
        walk->end = blank ? walk->end : walk->at;
        if (size > 0) {
            walk->number = record->number;
            walk->before = walk->junk;
            walk->junk = 0;
            return size;
        }
        walk->junk = (uint16_t)(walk->junk + !blank);
    }
    return 0;
}

void logsector_chain(uint8_t chain[HASH_BYTES], const uint8_t *bytes, size_t size)
{
    uint8_t joined[HASH_BYTES + LOG_RECORD_BYTES_MAX];
    for (unsigned i = 0; i < HASH_BYTES; i++) {
        joined[i] = chain[i];
    }
    for (size_t i = 0; i < size; i++) {
        joined[HASH_BYTES + i] = bytes[i];
    }
    hash_of(joined, HASH_BYTES + size, chain);
}
