// SPDX-License-Identifier: Apache-2.0
#include "pump/logring.h"

#include "pump/blank.h"

static uint32_t place(const struct logring *ring, uint16_t sector)
{
    return (uint32_t)logsector_span((enum log_kind)ring->kind).first + sector;
}

static uint16_t after(const struct logring *ring, uint16_t sector)
{
    uint16_t count = logsector_span((enum log_kind)ring->kind).count;
    return (uint16_t)(sector + 1 < count ? sector + 1 : 0);
}

static bool known(enum result result)
{
    return result == RESULT_OK || result == RESULT_UNKNOWN_VERSION;
}

/* What is in the sector ahead counts as dropped, whether an erase has begun yet or was cut: the oldest held is in the next sector
 * that can be read. */
static void first_move(struct logring *ring, const struct board *board)
{
    uint16_t count = logsector_span((enum log_kind)ring->kind).count;
    struct log_header header;
    uint16_t at = ring->ahead;
    for (uint16_t i = 0; i < count; i++) {
        at = after(ring, at);
        if (known(logsector_header(board, place(ring, at), (enum log_kind)ring->kind, &header))) {
            ring->first = header.first > ring->first ? header.first : ring->first;
            return;
        }
    }
}

/* Chooses the sector to be written after this one. Its next erase count is read before it is gone; one that cannot be read
 * is taken from its neighbour, since the ring wears evenly. */
static void ahead_set(struct logring *ring, const struct board *board, uint16_t sector)
{
    struct log_header header = { .erases = 0 };
    enum result result = logsector_header(board, place(ring, sector), (enum log_kind)ring->kind, &header);
    uint32_t round = ring->erases + (sector < ring->sector);
    ring->ahead = sector;
    ring->ahead_tries = 0;
    ring->ahead_erases = known(result) && header.erases >= round ? header.erases + 1 : round;
    ring->ahead_state = AHEAD_BLANK;
    if (!blank_sector(board, place(ring, sector))) {
        ring->ahead_state = AHEAD_SOILED;
        first_move(ring, board);
    }
}

static void erase_begin(struct logring *ring, const struct board *board)
{
    if (ring->ahead_tries >= LOGRING_TRIES) {
        ring->worn = true; /* this sector is left out from now on: the ring closes over it */
        uint16_t next = after(ring, ring->ahead);
        if (next == ring->sector) {
            ring->ahead_state = AHEAD_NONE;
            return;
        }
        ahead_set(ring, board, next);
        return;
    }
    if (board->doors->flash_erase(board->hardware, place(ring, ring->ahead)) == FLASH_DONE) {
        ring->ahead_state = AHEAD_ERASING;
        ring->ahead_tries++;
        ring->erases_begun++;
    } else if (board->doors->flash_erased(board->hardware) != FLASH_BUSY) {
        ring->ahead_tries++; /* not begun, and not because another erase is under way */
    }
}

void logring_poll(struct logring *ring, const struct board *board)
{
    if (ring->ahead_state == AHEAD_SOILED) {
        erase_begin(ring, board);
    } else if (ring->ahead_state == AHEAD_ERASING && board->doors->flash_erased(board->hardware) != FLASH_BUSY) {
        /* Others erase too, so the part's answer may be about their sector. What counts is what is read. */
        bool blank = blank_sector(board, place(ring, ring->ahead));
        ring->ahead_state = (uint8_t)(blank ? AHEAD_BLANK : AHEAD_SOILED);
    }
}

/* Programs whole words and reads them back. */
static bool programmed(struct logring *ring, const struct board *board, uint32_t address, const uint8_t *bytes, size_t size)
{
    bool good = true;
    for (size_t at = 0; at < size && good; at += FLASH_WORD_BYTES) {
        uint8_t back[FLASH_WORD_BYTES];
        ring->words_programmed++;
        good = board->doors->flash_program(board->hardware, address + (uint32_t)at, bytes + at) == FLASH_DONE;
        board->doors->flash_read(board->hardware, address + (uint32_t)at, back, sizeof back);
        for (unsigned i = 0; i < FLASH_WORD_BYTES; i++) {
            good = good && back[i] == bytes[at + i];
        }
    }
    return good;
}

/* Begins the sector ahead with a header, and looks for the one after it. */
static bool sector_enter(struct logring *ring, const struct board *board, const struct event *event, uint64_t number,
                         uint64_t given)
{
    if (ring->ahead_state != AHEAD_BLANK) {
        return false;
    }
    struct log_header header = { .version = LOG_VERSION,
                                 .kind = ring->kind,
                                 .first = number,
                                 .erases = ring->ahead_erases,
                                 .epoch = event->epoch,
                                 .waiting = given > number ? (uint32_t)(given - number) : 0 };
    uint8_t bytes[LOG_HEADER_BYTES];
    for (unsigned i = 0; i < HASH_BYTES; i++) {
        header.chain[i] = ring->chain[i];
    }
    logrecord_header_write(&header, bytes);
    if (!programmed(ring, board, place(ring, ring->ahead) * FLASH_SECTOR_BYTES, bytes, sizeof bytes)) {
        ring->ahead_state = AHEAD_SOILED;
        ring->ahead_tries++;
        return false;
    }
    ring->sector = ring->ahead;
    ring->end = LOG_HEADER_BYTES;
    ring->epoch = header.epoch;
    ring->erases = header.erases;
    ahead_set(ring, board, after(ring, ring->sector));
    logring_poll(ring, board);
    return true;
}

static size_t record_make(const struct logring *ring, struct log_record *record, uint8_t bytes[LOG_RECORD_BYTES_MAX])
{
    struct log_header header = { .version = LOG_VERSION, .kind = ring->kind, .epoch = ring->epoch };
    size_t size = logrecord_write(&header, record, bytes);
    if (ring->kind == LOG_FAULTS_RING && size > LOG_FAULT_BYTES_MAX) {
        record->bare = true;
        size = logrecord_write(&header, record, bytes);
    }
    return size;
}

enum log_answer logring_append(struct logring *ring, const struct board *board, const struct event *event, uint64_t number,
                               uint64_t given)
{
    logring_poll(ring, board);
    struct log_record record = { .number = number, .event = *event };
    uint8_t bytes[LOG_RECORD_BYTES_MAX];
    for (unsigned try = 0; try < LOGRING_TRIES; try++) {
        size_t size = record_make(ring, &record, bytes);
        if (size == 0) {
            break; /* cannot be said in a record: shows as a gap */
        }
        if (ring->end + size > FLASH_SECTOR_BYTES) {
            if (ring->ahead_state == AHEAD_NONE) {
                break;
            }
            if (!sector_enter(ring, board, event, number, given)) {
                return LOG_WAITS;
            }
            size = record_make(ring, &record, bytes); /* the epoch of the sector may spare a few bytes */
        }
        uint32_t address = place(ring, ring->sector) * FLASH_SECTOR_BYTES + ring->end;
        ring->end = (uint16_t)(ring->end + size);
        if (programmed(ring, board, address, bytes, size)) {
            logsector_chain(ring->chain, bytes, size);
            ring->last = number;
            return LOG_KEPT;
        }
    }
    ring->worn = true;
    ring->last = number;
    return LOG_FAILED;
}

/* The newest and the oldest header. False when there is none. */
static bool headers_find(struct logring *ring, const struct board *board, struct log_header *newest)
{
    bool any = false;
    uint16_t count = logsector_span((enum log_kind)ring->kind).count;
    for (uint16_t sector = 0; sector < count; sector++) {
        struct log_header header;
        if (!known(logsector_header(board, place(ring, sector), (enum log_kind)ring->kind, &header))) {
            continue;
        }
        ring->first = !any || header.first < ring->first ? header.first : ring->first;
        if (!any || header.first > newest->first) {
            *newest = header;
            ring->sector = sector;
        }
        any = true;
    }
    return any;
}

/* Walks the newest sector to its end. */
static void newest_walk(struct logring *ring, const struct board *board, const struct log_header *newest,
                        struct logring_found *found)
{
    struct logsector_walk walk;
    struct log_record record;
    uint8_t bytes[LOG_RECORD_BYTES_MAX];
    size_t size;
    ring->epoch = newest->epoch;
    ring->erases = newest->erases;
    for (unsigned i = 0; i < HASH_BYTES; i++) {
        ring->chain[i] = newest->chain[i];
    }
    logsector_begin(&walk, newest, place(ring, ring->sector));
    while ((size = logsector_next(board, &walk, &record, bytes)) > 0) {
        logsector_chain(ring->chain, bytes, size);
        found->event = record.event.sequence;
    }
    found->whole = walk.number;
    found->torn = walk.junk > 0;
    ring->end = walk.end;
    ring->last = walk.number;
    if (newest->version != LOG_VERSION) {
        found->unknown = true;
        ring->last = newest->first + LOGRING_RECORDS_MAX;
        ring->end = FLASH_SECTOR_BYTES;
    } else if (walk.junk > 0) {
        /* As many records may have stood there; at least one was begun. */
        uint64_t most = (uint64_t)walk.junk * FLASH_WORD_BYTES / LOG_RECORD_BYTES_MIN;
        ring->last += most > 0 ? most : 1;
    }
    uint64_t given = newest->first + newest->waiting;
    ring->last = given > ring->last ? given : ring->last;
}

/* The sector after the newest may be the true newest with a damaged header. Its records tell: their numbers go on from
 * ours. They cannot be given back without the header, but no number of theirs is given again, and the sector stays as it is. */
static void beheaded_look(struct logring *ring, const struct board *board, struct logring_found *found)
{
    struct log_header header;
    uint16_t sector = after(ring, ring->sector);
    if (known(logsector_header(board, place(ring, sector), (enum log_kind)ring->kind, &header))) {
        return;
    }
    header = (struct log_header){ .version = LOG_VERSION, .kind = ring->kind, .first = found->whole + 1, .epoch = ring->epoch };
    struct logsector_walk walk;
    struct log_record record;
    uint8_t bytes[LOG_RECORD_BYTES_MAX];
    logsector_begin(&walk, &header, place(ring, sector));
    while (logsector_next(board, &walk, &record, bytes) > 0) {
        found->event = record.event.sequence;
    }
    if (walk.number > found->whole) {
        uint64_t last = walk.number + walk.junk;
        found->torn = true;
        ring->last = last > ring->last ? last : ring->last;
        ring->sector = sector;
        ring->end = FLASH_SECTOR_BYTES;
    }
}

bool logring_full(const struct logring *ring)
{
    return ring->end + LOG_RECORD_BYTES_MAX > FLASH_SECTOR_BYTES;
}

void logring_boot(struct logring *ring, const struct board *board, enum log_kind kind, struct logring_found *found)
{
    struct log_header newest = { .first = 1 };
    *found = (struct logring_found){ .whole = 0 };
    *ring = (struct logring){ .kind = (uint8_t)kind, .first = 1, .end = FLASH_SECTOR_BYTES };
    bool any = headers_find(ring, board, &newest);
    if (any) {
        newest_walk(ring, board, &newest, found);
        beheaded_look(ring, board, found);
    }
    ahead_set(ring, board, any ? after(ring, ring->sector) : 0);
    logring_poll(ring, board);
}
