/* logread_test.c - no flipped bit is read as an event, no deletion, edit or exchange goes unseen. REQ-SECU-12, REQ-STOR-06. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "core/crc.h"
#include "pump/logread.h"
#include "tests/pump/nor.h"

enum { EVENTS = 2001 }; /* the last is no fault: only the ring of events knows its number */

static struct bench {
    struct nor nor;
    struct log log;
    struct log_head head;
} bench;

/* The event of a number, by formula: the oracle needs no list. */
static struct event event_of(uint64_t number)
{
    return (struct event){ .sequence = number,
                           .at = { (int64_t)number * 1000 },
                           .epoch = 1,
                           .code = number % 5 == 0 ? EVENT_STALL : EVENT_RATE,
                           .actor = (uint8_t)(number % 3),
                           .field = { (int64_t)(number * number), -(int64_t)number, (int64_t)number % 7 } };
}

static void fill(unsigned events)
{
    nor_init(&bench.nor, 1);
    struct board board = nor_board(&bench.nor);
    struct log_found found;
    log_boot(&bench.log, &board, 0, &found);
    for (uint64_t number = 1; number <= events; number++) {
        struct event event = event_of(number);
        log_write(&bench.log, &event);
        assert_int_equal(log_flush(&bench.log, &board), LOG_KEPT);
    }
    log_head(&bench.log, LOG_EVENTS_RING, &bench.head);
}

struct count {
    uint64_t events, missing, dropped;
    unsigned gaps, breaks, unknown, damaged;
};

/* Reads all from a number on; every event must be the one of its number, and every number told once. */
static struct count read_all(enum log_kind kind, uint64_t from, const struct log_head *head)
{
    struct board board = nor_board(&bench.nor);
    struct count count = { 0 };
    struct logread read;
    struct logread_item item;
    uint64_t next = from;
    logread_begin(&read, &board, kind, from, head);
    for (logread_next(&read, &board, &item); item.what != LOGREAD_END; logread_next(&read, &board, &item)) {
        count.breaks += item.what == LOGREAD_BREAK;
        count.unknown += item.what == LOGREAD_UNKNOWN;
        if (item.what == LOGREAD_BREAK || item.what == LOGREAD_UNKNOWN)
            continue;
        assert_true(item.from == next || count.unknown > 0);
        next = item.to + 1;
        if (item.what == LOGREAD_GAP) {
            count.gaps++;
            count.damaged += item.why == LOGREAD_DAMAGED;
            *(item.why == LOGREAD_DROPPED ? &count.dropped : &count.missing) += item.to - item.from + 1;
        } else {
            struct event expected = event_of(item.event.sequence);
            assert_memory_equal(item.event.field, expected.field, sizeof expected.field);
            assert_true(item.event.at.ms == expected.at.ms && item.event.code == expected.code && item.event.epoch == 1);
            assert_true(item.event.actor == expected.actor && !item.bare);
            assert_true(kind == LOG_FAULTS_RING ? item.event.sequence == 5 * item.from : item.event.sequence == item.from);
            count.events++;
        }
    }
    logread_next(&read, &board, &item);
    assert_int_equal(item.what, LOGREAD_END);
    return count;
}

static void all_is_read_from_any_number(void **state)
{
    (void)state;
    fill(EVENTS);
    struct count count = read_all(LOG_EVENTS_RING, 1, &bench.head);
    assert_true(count.events == EVENTS && count.gaps == 0 && count.breaks == 0);
    count = read_all(LOG_EVENTS_RING, 1777, NULL);
    assert_true(count.events == EVENTS - 1776 && count.gaps == 0 && count.breaks == 0);
    count = read_all(LOG_EVENTS_RING, EVENTS + 1, &bench.head);
    assert_true(count.events == 0 && count.gaps == 0 && count.breaks == 0);
    struct log_head faults;
    log_head(&bench.log, LOG_FAULTS_RING, &faults);
    count = read_all(LOG_FAULTS_RING, 1, &faults);
    assert_true(count.events == EVENTS / 5 && count.gaps == 0 && count.breaks == 0);
}

static void every_flipped_bit_is_a_gap(void **state)
{
    (void)state;
    fill(EVENTS);
    static const uint8_t erased[FLASH_WORD_BYTES] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
    uint32_t newest = REGION_FIRST_EVENTS + bench.log.flash[0].sector;
    for (uint32_t bit = 0; bit < 8 * FLASH_SECTOR_BYTES; bit += 61) { /* 61: every bit of bytes comes up */
        for (uint32_t sector = newest - 1; sector <= newest; sector++) {
            bool blank = memcmp(nor_at(&bench.nor, sector, bit / 64 * 8), erased, sizeof erased) == 0;
            *nor_at(&bench.nor, sector, bit / 8) ^= (uint8_t)(1 << bit % 8);
            struct count count = read_all(LOG_EVENTS_RING, EVENTS - 500, &bench.head);
            bool header = bit / 8 < LOG_HEADER_BYTES;
            assert_int_equal(count.events + count.missing, 501);
            if (blank)
                assert_true(count.missing == 0 && count.breaks == 0);
            else if (!header)
                assert_true(count.missing == 1 && count.damaged == 1 && count.breaks == 1);
            else
                assert_true(count.missing > 1 && count.gaps == 1);
            *nor_at(&bench.nor, sector, bit / 8) ^= (uint8_t)(1 << bit % 8);
        }
    }
}

/* After a boot over a flipped bit anywhere in the newest sector numbers go on, and what is then written is read. */
static void a_boot_over_damage_goes_on(void **state)
{
    (void)state;
    static struct bench before;
    fill(EVENTS);
    /* Without the ring of faults, whose numbers would tell too. */
    memset(nor_at(&bench.nor, REGION_FIRST_FAULTS, 0), 0xFF, (size_t)region_span(REGION_FAULTS).count * FLASH_SECTOR_BYTES);
    before = bench;
    uint32_t newest = REGION_FIRST_EVENTS + bench.log.flash[0].sector, tail = bench.log.flash[0].end;
    for (uint32_t bit = 0; bit < 8 * tail; bit += 61) {
        bench = before;
        struct board board = nor_board(&bench.nor);
        struct log_found found;
        *nor_at(&bench.nor, newest, bit / 8) ^= (uint8_t)(1 << bit % 8);
        log_boot(&bench.log, &board, 0, &found);
        assert_true(bench.log.last >= EVENTS && bench.log.last <= EVENTS + 40);
        struct event event = event_of(bench.log.last + 1);
        log_write(&bench.log, &event);
        assert_int_equal(log_flush(&bench.log, &board), LOG_KEPT);
        log_head(&bench.log, LOG_EVENTS_RING, &bench.head);
        struct count count = read_all(LOG_EVENTS_RING, EVENTS - 300, &bench.head);
        assert_int_equal(count.events + count.missing, bench.head.last - (EVENTS - 300) + 1);
        assert_true(count.events >= 1 && count.breaks == 0);
    }
}

/* The writer may come round while somebody reads: what was dropped under the reader is told as dropped. */
static void a_reader_overtaken_by_the_writer(void **state)
{
    (void)state;
    fill(EVENTS);
    struct board board = nor_board(&bench.nor);
    struct logread read;
    struct logread_item item;
    logread_begin(&read, &board, LOG_EVENTS_RING, 1, NULL);
    for (unsigned i = 0; i < 100; i++)
        logread_next(&read, &board, &item);
    assert_int_equal(item.from, 100);
    while (bench.log.flash[0].first <= 700) {
        struct event event = event_of(bench.log.last + 1);
        log_write(&bench.log, &event);
        assert_int_equal(log_flush(&bench.log, &board), LOG_KEPT);
    }
    assert_int_equal(log_flush(&bench.log, &board), LOG_KEPT); /* the erase ends */
    logread_next(&read, &board, &item);
    assert_true(item.what == LOGREAD_GAP && item.why == LOGREAD_DROPPED && item.from == 101);
    assert_int_equal(item.to, bench.log.flash[0].first - 1);
    for (uint64_t next = item.to + 1; next <= bench.log.last; next++) {
        logread_next(&read, &board, &item);
        assert_true(item.what == LOGREAD_EVENT && item.from == next);
    }
}

static struct logsector_walk record_find(uint64_t number, uint32_t *size)
{
    struct board board = nor_board(&bench.nor);
    struct log_record record;
    uint8_t bytes[LOG_RECORD_BYTES_MAX];
    for (uint32_t sector = REGION_FIRST_EVENTS;; sector++) {
        struct logsector_walk walk;
        struct log_header header;
        assert_int_equal(logsector_header(&board, sector, LOG_EVENTS_RING, &header), RESULT_OK);
        logsector_begin(&walk, &header, sector);
        while ((*size = (uint32_t)logsector_next(&board, &walk, &record, bytes)) > 0)
            if (record.number == number)
                return walk;
    }
}

static void deleting_editing_and_exchanging_are_seen(void **state)
{
    (void)state;
    for (unsigned where = 0; where < 2; where++) { /* in an old sector, and in the newest */
        uint64_t number = where == 0 ? 700 : EVENTS - 3;
        uint32_t size, other;
        for (unsigned how = 0; how < 4; how++) {
            fill(EVENTS);
            struct logsector_walk walk = record_find(number, &size);
            uint8_t *at = nor_at(&bench.nor, walk.sector, walk.at - size), held[2 * LOG_RECORD_BYTES_MAX];
            if (how == 0) { /* edited, with a sound check: the actor */
                at[0] ^= 3 << 3;
                uint32_t crc = crc32_of(at, size - 4);
                for (unsigned i = 0; i < 4; i++)
                    at[size - 4 + i] = (uint8_t)(crc >> 8 * i);
            } else if (how == 1) { /* deleted: as if never programmed */
                memset(at, 0xFF, size);
            } else if (how == 2) { /* exchanged with its neighbour */
                record_find(number + 1, &other);
                memcpy(held, at, size);
                memmove(at, at + size, other);
                memcpy(at + other, held, size);
            } else { /* deleted, and the rest moved up */
                memmove(at, at + size, FLASH_SECTOR_BYTES - walk.at);
                memset(nor_at(&bench.nor, walk.sector, FLASH_SECTOR_BYTES - size), 0xFF, size);
            }
            struct board board = nor_board(&bench.nor);
            struct logread read;
            struct logread_item item;
            bool broken = false, gap = false;
            logread_begin(&read, &board, LOG_EVENTS_RING, 1, &bench.head);
            for (logread_next(&read, &board, &item); item.what != LOGREAD_END; logread_next(&read, &board, &item)) {
                gap = gap || (item.what == LOGREAD_GAP && item.from <= number + 1 && item.to >= number);
                broken = broken || (item.what == LOGREAD_BREAK && item.from <= number && item.to >= number);
            }
            assert_true(broken);
            assert_int_equal(gap, how != 0);
        }
    }
}

static void a_lost_sector_and_a_cut_tail_are_told(void **state)
{
    (void)state;
    fill(EVENTS);
    uint32_t size;
    uint32_t sector = record_find(700, &size).sector;
    memset(nor_at(&bench.nor, sector, 0), 0xFF, FLASH_SECTOR_BYTES);
    struct count count = read_all(LOG_EVENTS_RING, 1, &bench.head);
    assert_true(count.missing > 100 && count.gaps == 1 && count.damaged == 0 && count.breaks == 1);
    fill(EVENTS);
    sector = REGION_FIRST_EVENTS + bench.log.flash[0].sector;
    memset(nor_at(&bench.nor, sector, 0), 0xFF, FLASH_SECTOR_BYTES);
    count = read_all(LOG_EVENTS_RING, 1, &bench.head);
    assert_true(count.missing > 0 && count.gaps == 1 && count.breaks == 1);
    count = read_all(LOG_EVENTS_RING, 1, NULL); /* without a head a missing tail cannot be known: heads are for that */
    assert_true(count.missing == 0 && count.breaks == 0);
}

static void an_unknown_version_is_refused_and_told(void **state)
{
    (void)state;
    fill(EVENTS);
    struct board board = nor_board(&bench.nor);
    uint32_t newest = REGION_FIRST_EVENTS + bench.log.flash[0].sector, size;
    uint32_t old = record_find(700, &size).sector;
    for (unsigned i = 0; i < 2; i++) {
        struct log_header header;
        uint32_t sector = i == 0 ? old : newest;
        assert_int_equal(logsector_header(&board, sector, LOG_EVENTS_RING, &header), RESULT_OK);
        header.version = 2;
        logrecord_header_write(&header, nor_at(&bench.nor, sector, 0));
        struct count count = read_all(LOG_EVENTS_RING, 1, NULL);
        assert_true(count.unknown == i + 1 && count.events > 500);
    }
    /* An older software that boots over it numbers on above all that may stand there. */
    struct log_found found;
    log_boot(&bench.log, &board, 0, &found);
    assert_true(found.unknown && bench.log.last >= EVENTS);
    struct event event = event_of(bench.log.last + 1);
    log_write(&bench.log, &event);
    assert_int_equal(log_flush(&bench.log, &board), LOG_KEPT);
    assert_true(read_all(LOG_EVENTS_RING, bench.log.last, NULL).events == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_read_from_any_number),
        cmocka_unit_test(every_flipped_bit_is_a_gap),
        cmocka_unit_test(a_boot_over_damage_goes_on),
        cmocka_unit_test(deleting_editing_and_exchanging_are_seen),
        cmocka_unit_test(a_reader_overtaken_by_the_writer),
        cmocka_unit_test(a_lost_sector_and_a_cut_tail_are_told),
        cmocka_unit_test(an_unknown_version_is_refused_and_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
