// SPDX-License-Identifier: Apache-2.0
#include "pump/store.h"

#include "core/bytes.h"
#include "core/crc.h"
#include "pump/blank.h"

enum { HEAD = 8, TAIL = 16, ATTEMPTS_MAX = 3 };
_Static_assert(HEAD + TAIL == STORE_OVERHEAD, "what a record costs beside its payload");

/* The commit word: far from erased flash and from zeros, and no bit of it can be torn into another record's. */
static const uint8_t COMMIT[FLASH_WORD_BYTES] = { 0xC3, 0x5A, 0x96, 0x0F, 0x3C, 0xA5, 0x69, 0xF0 };

/* A record as its first word tells it. */
struct head {
    uint8_t kind, version;
    uint16_t size;
    uint32_t sequence;
};

static enum region region_of(enum store_kind kind)
{
    static const uint8_t regions[STORES] = { [STORE_THERAPY] = REGION_THERAPY,
                                             [STORE_SETTINGS] = REGION_SETTINGS,
                                             [STORE_CHECKPOINT] = REGION_CHECKPOINT,
                                             [STORE_PEERS] = REGION_PEERS,
                                             [STORE_IMAGES] = REGION_IMAGES };
    return (enum region)regions[kind];
}

static uint32_t padded(uint32_t size)
{
    return (size + FLASH_WORD_BYTES - 1) / FLASH_WORD_BYTES * FLASH_WORD_BYTES;
}

static uint32_t record_bytes(uint32_t size)
{
    return STORE_OVERHEAD + padded(size);
}

static uint16_t sector_after(enum store_kind kind, uint16_t sector)
{
    struct region_span span = region_span(region_of(kind));
    return (uint16_t)(span.first + (sector - span.first + 1) % span.count);
}

static bool words_same(const uint8_t a[FLASH_WORD_BYTES], const uint8_t b[FLASH_WORD_BYTES])
{
    uint64_t left = 0, right = 0; /* every word of every record written passes here, and whole sectors */
    __builtin_memcpy(&left, a, sizeof left);
    __builtin_memcpy(&right, b, sizeof right);
    return left == right;
}

/* The check value over head and payload, read from where they lie, a word at a time. */
static uint32_t check_of(const struct board *board, uint32_t address, uint32_t size)
{
    uint8_t bytes[64];
    uint32_t crc = 0, total = HEAD + padded(size);
    for (uint32_t at = 0; at < total; at += sizeof bytes) {
        uint32_t part = total - at < sizeof bytes ? total - at : (uint32_t)sizeof bytes;
        board->doors->flash_read(board->hardware, address + at, bytes, part);
        crc = crc32_more(crc, bytes, part);
    }
    return crc;
}

/* Is there a whole record of this kind at this address? */
static bool record_at(const struct board *board, enum store_kind kind, uint32_t address, struct head *head)
{
    uint8_t word[FLASH_WORD_BYTES];
    uint32_t left = FLASH_SECTOR_BYTES - address % FLASH_SECTOR_BYTES;
    board->doors->flash_read(board->hardware, address, word, sizeof word);
    struct byte_reader reader = { .at = word, .left = sizeof word };
    head->kind = (uint8_t)byte_read(&reader, 1);
    head->version = (uint8_t)byte_read(&reader, 1);
    head->size = (uint16_t)byte_read(&reader, 2);
    head->sequence = (uint32_t)byte_read(&reader, 4);
    if (head->kind != (uint8_t)(kind + 1) || head->size == 0 || head->size > STORE_PAYLOAD_MAX || head->sequence == 0 ||
        record_bytes(head->size) > left) {
        return false;
    }
    uint32_t tail = address + HEAD + padded(head->size);
    board->doors->flash_read(board->hardware, tail + FLASH_WORD_BYTES, word, sizeof word);
    if (!words_same(word, COMMIT)) {
        return false;
    }
    board->doors->flash_read(board->hardware, tail, word, sizeof word);
    struct byte_reader check = { .at = word, .left = sizeof word };
    uint32_t crc = (uint32_t)byte_read(&check, 4);
    return (uint32_t)byte_read(&check, 4) == ~crc && check_of(board, address, head->size) == crc;
}

/* One sector: a newer record than the one known? Returns where its used part ends. */
static uint16_t mount_sector(struct store_place *place, const struct board *board, enum store_kind kind, uint16_t sector)
{
    uint32_t used = 0;
    struct head head;
    for (uint32_t at = 0; at < FLASH_SECTOR_BYTES; at += FLASH_WORD_BYTES) {
        uint32_t address = (uint32_t)sector * FLASH_SECTOR_BYTES + at;
        uint8_t word[FLASH_WORD_BYTES];
        if (at % BLANK_PIECE == 0 && blank_piece(board, address)) {
            at += BLANK_PIECE - FLASH_WORD_BYTES;
            continue;
        }
        board->doors->flash_read(board->hardware, address, word, sizeof word);
        if (blank_bytes(word, sizeof word)) {
            continue;
        }
        if (record_at(board, kind, address, &head)) {
            if (head.sequence > place->sequence) {
                *place = (struct store_place){ .sequence = head.sequence,
                                               .address = address,
                                               .size = head.size,
                                               .version = head.version,
                                               .sector = sector };
            }
            at += record_bytes(head.size) - FLASH_WORD_BYTES;
        }
        used = at + FLASH_WORD_BYTES;
    }
    return (uint16_t)used;
}

void store_mount_kind(struct store *store, const struct board *board, enum store_kind kind)
{
    struct region_span span = region_span(region_of(kind));
    struct store_place *place = &store->place[kind];
    uint16_t newest_used = 0;
    *place = (struct store_place){ .sector = span.first };
    for (uint16_t i = 0; i < span.count; i++) {
        uint16_t sector = (uint16_t)(span.first + i);
        uint16_t used = mount_sector(place, board, kind, sector);
        newest_used = place->sector == sector ? used : newest_used;
    }
    place->used = newest_used;
    place->tend = 1;
}

void store_mount(struct store *store, const struct board *board)
{
    for (unsigned kind = 0; kind < STORES; kind++) {
        store_mount_kind(store, board, (enum store_kind)kind);
    }
}

/* Makes sure that `bytes` more fit where the next record goes: moves on to the next sector when they do not. */
static enum result make_room(struct store *store, const struct board *board, enum store_kind kind, uint32_t bytes)
{
    struct store_place *place = &store->place[kind];
    if (place->used + bytes <= FLASH_SECTOR_BYTES) {
        return RESULT_OK;
    }
    uint16_t to = sector_after(kind, place->sector);
    if (board->doors->flash_erased(board->hardware) == FLASH_BUSY) {
        return RESULT_BUSY;
    }
    if (!blank_sector(board, to)) {
        store->erases++;
        (void)board->doors->flash_erase(board->hardware, to); /* at the next try it is blank, or begun again */
        return RESULT_BUSY;
    }
    place->sector = to;
    place->used = 0;
    place->tend = 1;
    return RESULT_OK;
}

static bool word_write(struct store *store, const struct board *board, uint32_t *address,
                       const uint8_t word[FLASH_WORD_BYTES])
{
    uint8_t back[FLASH_WORD_BYTES];
    store->words++;
    uint8_t answer = board->doors->flash_program(board->hardware, *address, word);
    board->doors->flash_read(board->hardware, *address, back, sizeof back);
    *address += FLASH_WORD_BYTES;
    return answer == FLASH_DONE && words_same(word, back);
}

/* Everything but the commit word; *address moves on past what was tried. */
static bool body_write(struct store *store, const struct board *board, uint32_t *address, const struct head *head,
                       const uint8_t *payload)
{
    uint8_t word[FLASH_WORD_BYTES];
    struct byte_writer writer = { .at = word, .left = sizeof word };
    byte_write(&writer, head->kind, 1);
    byte_write(&writer, head->version, 1);
    byte_write(&writer, head->size, 2);
    byte_write(&writer, head->sequence, 4);
    uint32_t crc = crc32_more(0, word, sizeof word);
    if (!word_write(store, board, address, word)) {
        return false;
    }
    for (uint32_t at = 0; at < head->size; at += FLASH_WORD_BYTES) {
        for (unsigned i = 0; i < FLASH_WORD_BYTES; i++) {
            word[i] = at + i < head->size ? payload[at + i] : 0;
        }
        crc = crc32_more(crc, word, sizeof word);
        if (!word_write(store, board, address, word)) {
            return false;
        }
    }
    struct byte_writer check = { .at = word, .left = sizeof word };
    byte_write(&check, crc, 4);
    byte_write(&check, (uint32_t)~crc, 4);
    return word_write(store, board, address, word);
}

enum result store_append(struct store *store, const struct board *board, enum store_kind kind, uint8_t version,
                         const uint8_t *payload, uint32_t size)
{
    struct store_place *place = &store->place[kind];
    struct head head = { (uint8_t)(kind + 1), version, (uint16_t)size, place->sequence + 1 };
    if (size == 0 || size > STORE_PAYLOAD_MAX) {
        return RESULT_NO_ROOM;
    }
    for (unsigned attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
        enum result room = make_room(store, board, kind, record_bytes(size));
        if (room != RESULT_OK) {
            return room;
        }
        uint32_t begin = (uint32_t)place->sector * FLASH_SECTOR_BYTES + place->used, address = begin;
        bool whole = body_write(store, board, &address, &head, payload) &&
                     word_write(store, board, &address, COMMIT);
        place->used = (uint16_t)(place->used + address - begin);
        if (whole) {
            place->sequence = head.sequence;
            place->address = begin;
            place->size = head.size;
            place->version = head.version;
            return RESULT_OK;
        }
    }
    return RESULT_DAMAGED;
}

static enum result payload_read(const struct board *board, uint32_t address, uint32_t size, uint8_t *payload,
                                uint32_t room)
{
    if (size > room) {
        return RESULT_NO_ROOM;
    }
    board->doors->flash_read(board->hardware, address + HEAD, payload, size);
    return RESULT_OK;
}

bool store_sound(const struct store *store, const struct board *board, enum store_kind kind)
{
    const struct store_place *place = &store->place[kind];
    struct head head;
    return place->sequence != 0 && record_at(board, kind, place->address, &head) && head.sequence == place->sequence;
}

enum result store_read(const struct store *store, const struct board *board, enum store_kind kind, uint8_t *payload,
                       uint32_t room)
{
    const struct store_place *place = &store->place[kind];
    if (!store_sound(store, board, kind)) {
        return RESULT_DAMAGED;
    }
    return payload_read(board, place->address, place->size, payload, room);
}

enum result store_find(const struct board *board, enum store_kind kind, uint32_t sequence, uint8_t *payload,
                       uint32_t room, uint32_t *size)
{
    struct region_span span = region_span(region_of(kind));
    struct head head;
    for (uint32_t at = 0; at < (uint32_t)span.count * FLASH_SECTOR_BYTES; at += FLASH_WORD_BYTES) {
        uint32_t address = (uint32_t)span.first * FLASH_SECTOR_BYTES + at;
        if (record_at(board, kind, address, &head) && head.sequence == sequence) {
            *size = head.size;
            return payload_read(board, address, head.size, payload, room);
        }
    }
    return RESULT_NOT_FOUND;
}

bool store_tend(struct store *store, const struct board *board, enum store_kind kind)
{
    struct store_place *place = &store->place[kind];
    uint16_t after = sector_after(kind, place->sector);
    if (place->tend == 0) {
        return true;
    }
    if (board->doors->flash_erased(board->hardware) == FLASH_BUSY) {
        return false;
    }
    if (place->sequence != 0 && place->address / FLASH_SECTOR_BYTES == after) {
        return false; /* the newest record still lies there: nothing whole has followed it yet */
    }
    if (!blank_sector(board, after)) {
        store->erases++;
        (void)board->doors->flash_erase(board->hardware, after);
        return false;
    }
    place->tend = 0;
    return true;
}
