// SPDX-License-Identifier: Apache-2.0
#include "pump/logread.h"

#include "pump/blank.h"

enum { STATE_WALK = 1, STATE_TAIL = 2, STATE_END = 3 };

static bool known(enum result result)
{
    return result == RESULT_OK || result == RESULT_UNKNOWN_VERSION;
}

static bool same(const uint8_t *one, const uint8_t *other)
{
    unsigned differing = 0;
    for (unsigned i = 0; i < HASH_BYTES; i++) {
        differing |= one[i] ^ other[i];
    }
    return differing == 0;
}

static void chain_copy(uint8_t *to, const uint8_t *from)
{
    for (unsigned i = 0; i < HASH_BYTES; i++) {
        to[i] = from[i];
    }
}

static void tell(struct logread *read, const struct logread_item *item)
{
    read->queue[read->queued++] = *item; /* never more than two between two calls */
}

/* Tells the gap from the next number on up to this one, if there is one. */
static void gap_tell(struct logread *read, uint64_t to, enum logread_why why)
{
    if (to >= read->next) {
        struct logread_item gap = { .what = LOGREAD_GAP, .why = (uint8_t)why, .from = read->next, .to = to };
        tell(read, &gap);
        read->next = to + 1;
    }
}

static void sector_begin(struct logread *read, const struct log_header *header, uint16_t sector)
{
    read->state = STATE_WALK;
    read->sector = sector;
    read->sector_first = header->first;
    logsector_begin(&read->walk, header, (uint32_t)logsector_span((enum log_kind)read->kind).first + sector);
    chain_copy(read->chain, header->chain);
    if (header->version != LOG_VERSION) {
        struct logread_item unknown = { .what = LOGREAD_UNKNOWN, .from = header->first, .to = header->version };
        tell(read, &unknown);
    }
}

/* Finds the sector to begin with: the newest that begins at the next number or before; failing that, the oldest. */
static void start(struct logread *read, const struct board *board)
{
    enum log_kind kind = (enum log_kind)read->kind;
    struct region_span span = logsector_span(kind);
    struct log_header best = { .first = 0 };
    uint16_t at = 0;
    read->state = STATE_TAIL;
    read->damaged = false;
    for (uint16_t sector = 0; sector < span.count; sector++) {
        struct log_header header;
        if (!known(logsector_header(board, (uint32_t)span.first + sector, kind, &header)) ||
            header.first < read->head.first) {
            continue; /* no header, or one that an erase has left over */
        }
        bool before = header.first <= read->next;
        bool better = best.first == 0 || (best.first <= read->next ? before && header.first > best.first
                                                                     : before || header.first < best.first);
        if (better) {
            best = header;
            at = sector;
        }
    }
    if (best.first > 0) {
        gap_tell(read, best.first - 1, LOGREAD_DROPPED);
        sector_begin(read, &best, at);
    }
}

void logread_begin(struct logread *read, const struct board *board, enum log_kind kind, uint64_t from,
                   const struct log_head *head)
{
    *read = (struct logread){ .kind = (uint8_t)kind, .next = from > 0 ? from : 1 };
    if (head != NULL) {
        read->head = *head;
    }
    start(read, board);
}

/* The sector after this one in the ring that goes on from it. Sectors between that hold something unreadable are damage. */
static bool sector_next(struct logread *read, const struct board *board, struct log_header *header, uint16_t *sector)
{
    struct region_span span = logsector_span((enum log_kind)read->kind);
    bool soiled = read->damaged || read->walk.junk > 0;
    *sector = read->sector;
    for (uint16_t i = 1; i < span.count; i++) {
        *sector = (uint16_t)(*sector + 1 < span.count ? *sector + 1 : 0);
        uint32_t place = (uint32_t)span.first + *sector;
        enum result result = logsector_header(board, place, (enum log_kind)read->kind, header);
        if (known(result) && header->first > read->sector_first) {
            read->damaged = soiled;
            return true;
        }
        soiled = soiled || (!known(result) && !blank_sector(board, place));
    }
    read->damaged = soiled;
    return false;
}

/* Has the writer come round and dropped the sector while it was being read? */
static bool overtaken(const struct logread *read, const struct board *board)
{
    struct log_header header;
    enum result result = logsector_header(board, read->walk.sector, (enum log_kind)read->kind, &header);
    return !known(result) || header.first != read->sector_first;
}

/* Goes on into the next sector; the chain of the last must lead to it. */
static void sector_change(struct logread *read, const struct board *board)
{
    struct log_header header;
    uint16_t sector = 0;
    if (!sector_next(read, board, &header, &sector)) {
        read->state = STATE_TAIL;
        return;
    }
    if (read->walk.header.version != LOG_VERSION) {
        read->next = header.first > read->next ? header.first : read->next; /* told as unknown, not as a gap */
        read->damaged = false;
    } else if (!same(read->chain, header.chain)) {
        struct logread_item broken = { .what = LOGREAD_BREAK, .from = read->sector_first, .to = header.first - 1 };
        tell(read, &broken);
    }
    sector_begin(read, &header, sector);
}

/* The end: a tail that should be there, and a chain that should hold. */
static void tail_tell(struct logread *read)
{
    read->state = STATE_END;
    if (read->head.last > 0) {
        gap_tell(read, read->head.last, read->damaged ? LOGREAD_DAMAGED : LOGREAD_ABSENT);
        if (!same(read->chain, read->head.chain)) {
            struct logread_item broken = { .what = LOGREAD_BREAK, .from = read->sector_first, .to = read->head.last };
            tell(read, &broken);
        }
    }
}

static void record_take(struct logread *read, const struct log_record *record)
{
    uint64_t number = record->number;
    bool damaged = read->damaged || read->walk.before > 0;
    read->damaged = false;
    if (number >= read->next) {
        struct logread_item told = { .what = LOGREAD_EVENT, .bare = record->bare, .event = record->event };
        told.from = told.to = number;
        gap_tell(read, number - 1, damaged ? LOGREAD_DAMAGED : LOGREAD_ABSENT);
        tell(read, &told);
        read->next = number + 1;
    }
}

void logread_next(struct logread *read, const struct board *board, struct logread_item *item)
{
    /* Ends: a walk goes through finitely many words, and the first numbers of the sectors rise. */
    while (read->queued == 0 && read->state == STATE_WALK) {
        struct log_record record;
        uint8_t bytes[LOG_RECORD_BYTES_MAX];
        size_t size = logsector_next(board, &read->walk, &record, bytes);
        if (overtaken(read, board)) {
            start(read, board);
        } else if (size > 0) {
            logsector_chain(read->chain, bytes, size);
            record_take(read, &record);
        } else {
            sector_change(read, board);
        }
    }
    if (read->queued == 0 && read->state == STATE_TAIL) {
        tail_tell(read);
    }
    *item = (struct logread_item){ .what = LOGREAD_END };
    if (read->queued > 0) {
        *item = read->queue[0];
        read->queue[0] = read->queue[1];
        read->queued--;
    }
}
