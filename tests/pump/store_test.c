/* store_test.c - records in flash against a plain list of what was written, with power cut in every operation, words that do
 * not take, and every bit of a record flipped. REQ-STOR-01, -02, -10. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "pump/store.h"
#include "tests/pump/paper.h"

enum { RECORDS = 60, BIGGEST = 1500 };

static struct paper paper, begun;
static struct store store;

/* The payload of record number n: its length and every byte follow from the number. */
static uint32_t payload_of(unsigned n, uint8_t bytes[BIGGEST])
{
    uint32_t size = 1 + n * 977u % BIGGEST;
    for (uint32_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(n * 31 + i * 7 + i / 250);
    return size;
}

static enum result append(unsigned n, enum store_kind kind)
{
    struct board board = paper_board(&paper);
    uint8_t bytes[BIGGEST];
    uint32_t size = payload_of(n, bytes);
    enum result result = store_append(&store, &board, kind, 1, bytes, size);
    while (result == RESULT_BUSY) /* the chip on paper is done with an erase when it is next asked */
        result = store_append(&store, &board, kind, 1, bytes, size);
    return result;
}

/* Is the newest record number n? */
static bool newest_is(unsigned n, enum store_kind kind)
{
    struct board board = paper_board(&paper);
    uint8_t expected[BIGGEST], found[STORE_PAYLOAD_MAX];
    uint32_t size = payload_of(n, expected);
    return store.place[kind].sequence == n && store.place[kind].size == size &&
           store_read(&store, &board, kind, found, sizeof found) == RESULT_OK && memcmp(expected, found, size) == 0;
}

static void tend(void)
{
    struct board board = paper_board(&paper);
    for (unsigned kind = 0; kind < STORES; kind++)
        (void)store_tend(&store, &board, (enum store_kind)kind);
}

static void the_newest_record_is_found_again(void **state)
{
    (void)state;
    struct board board = paper_board(&paper);
    for (unsigned kind = 0; kind < STORES; kind++) {
        paper_blank(&paper, 1);
        store_mount(&store, &board);
        uint8_t bytes[STORE_PAYLOAD_MAX];
        assert_int_equal(store_read(&store, &board, (enum store_kind)kind, bytes, sizeof bytes), RESULT_DAMAGED);
        for (unsigned n = 1; n <= RECORDS; n++) {
            assert_int_equal(append(n, (enum store_kind)kind), RESULT_OK);
            assert_true(newest_is(n, (enum store_kind)kind));
            tend();
            store_mount(&store, &board);
            assert_true(newest_is(n, (enum store_kind)kind));
        }
        assert_int_equal(paper.misuse, 0);
    }
}

static void an_older_record_can_be_read_by_its_number(void **state)
{
    (void)state;
    struct board board = paper_board(&paper);
    uint8_t expected[BIGGEST], found[BIGGEST];
    uint32_t size = 0;
    paper_blank(&paper, 1);
    store_mount(&store, &board);
    for (unsigned n = 1; n <= 3; n++)
        assert_int_equal(append(n, STORE_THERAPY), RESULT_OK);
    uint32_t wanted = payload_of(2, expected);
    assert_int_equal(store_find(&board, STORE_THERAPY, 2, found, sizeof found, &size), RESULT_OK);
    assert_int_equal(size, wanted);
    assert_memory_equal(found, expected, size);
    assert_int_equal(store_find(&board, STORE_THERAPY, 9, found, sizeof found, &size), RESULT_NOT_FOUND);
    assert_int_equal(store_find(&board, STORE_THERAPY, 2, found, wanted - 1, &size), RESULT_NO_ROOM);
}

/* Writes one more record with the power cut in operation `at` of it; false when it took fewer operations. */
static bool cut_in(unsigned n, uint64_t at, enum paper_phase phase)
{
    static volatile bool cut;
    paper = begun;
    paper.seed = at * 3 + phase;
    struct board board = paper_board(&paper);
    store_mount(&store, &board);
    paper.cut_at = paper.operations + at;
    paper.phase = phase;
    cut = true;
    if (setjmp(paper.cut) == 0) {
        tend();
        assert_int_equal(append(n, STORE_SETTINGS), RESULT_OK);
        tend();
        cut = false;
    }
    paper.cut_at = 0;
    if (cut && paper.erasing >= 0)
        paper_tear(&paper);
    return cut;
}

/* After any cut the newest record is the last whole one or the new one, and the next one can be written. */
static void a_cut_leaves_the_old_record_or_the_new_one(void **state)
{
    (void)state;
    struct board board = paper_board(&paper);
    unsigned old = 0, whole = 0;
    paper_blank(&begun, 2);
    for (unsigned n = 1; n <= 24; n++) { /* 24 records go round the ring */
        for (unsigned phase = 0; phase < PAPER_PHASES; phase++) {
            for (uint64_t at = 1; cut_in(n, at, (enum paper_phase)phase); at++) {
                store_mount(&store, &board);
                bool is_new = newest_is(n, STORE_SETTINGS);
                assert_true(is_new || n == 1 || newest_is(n - 1, STORE_SETTINGS));
                assert_true(n > 1 || is_new || store.place[STORE_SETTINGS].sequence == 0);
                old += !is_new;
                whole += is_new;
                unsigned next = is_new ? n + 1 : n;
                assert_int_equal(append(next, STORE_SETTINGS), RESULT_OK);
                assert_true(newest_is(next, STORE_SETTINGS));
                store_mount(&store, &board);
                assert_true(newest_is(next, STORE_SETTINGS));
            }
        }
        begun = paper; /* the last try was not cut */
    }
    assert_true(old > 1000 && whole > 24);
    print_message("%u cuts left the old record, %u the new one\n", old, whole);
}

static void every_flipped_bit_shows(void **state)
{
    (void)state;
    struct board board = paper_board(&paper);
    paper_blank(&paper, 3);
    store_mount(&store, &board);
    assert_int_equal(append(1, STORE_CHECKPOINT), RESULT_OK);
    assert_int_equal(append(2, STORE_CHECKPOINT), RESULT_OK);
    struct store_place place = store.place[STORE_CHECKPOINT];
    uint8_t expected[BIGGEST];
    uint32_t size = payload_of(2, expected), bits = (STORE_OVERHEAD + (size + 7) / 8 * 8) * 8;
    for (uint32_t bit = 0; bit < bits; bit++) {
        paper.byte[place.address + bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(store_sound(&store, &board, STORE_CHECKPOINT));
        store_mount(&store, &board);
        assert_true(newest_is(1, STORE_CHECKPOINT));
        paper.byte[place.address + bit / 8] ^= (uint8_t)(1u << bit % 8);
        store.place[STORE_CHECKPOINT] = place;
    }
}

static void words_that_do_not_take_are_tried_elsewhere(void **state)
{
    (void)state;
    struct board board = paper_board(&paper);
    for (unsigned words = 1; words < 3; words++) {
        paper_blank(&paper, words);
        store_mount(&store, &board);
        assert_int_equal(append(1, STORE_SETTINGS), RESULT_OK);
        paper.fail_from = paper.operations + 3;
        paper.fail_to = paper.fail_from + words;
        assert_int_equal(append(2, STORE_SETTINGS), RESULT_OK);
        store_mount(&store, &board);
        assert_true(newest_is(2, STORE_SETTINGS));
    }
    paper.fail_from = paper.operations + 1; /* and one that never takes a word again is told */
    paper.fail_to = UINT64_MAX;
    assert_int_equal(append(3, STORE_SETTINGS), RESULT_DAMAGED);
    assert_true(newest_is(2, STORE_SETTINGS));
}

/* The move to a fresh sector succeeds and every word there fails: what is tended then is not where the newest record lies. */
static void a_sector_that_takes_nothing_costs_no_record(void **state)
{
    (void)state;
    struct board board = paper_board(&paper);
    unsigned n = 1;
    paper_blank(&paper, 5);
    store_mount(&store, &board);
    for (; store.place[STORE_THERAPY].used + BIGGEST + STORE_OVERHEAD + 8 <= FLASH_SECTOR_BYTES; n++)
        assert_int_equal(append(n, STORE_THERAPY), RESULT_OK);
    paper.fail_from = paper.operations + 1;
    paper.fail_to = UINT64_MAX;
    uint8_t bytes[BIGGEST] = { 1 };
    while (store.place[STORE_THERAPY].address / FLASH_SECTOR_BYTES == store.place[STORE_THERAPY].sector)
        assert_int_not_equal(store_append(&store, &board, STORE_THERAPY, 1, bytes, BIGGEST), RESULT_OK);
    for (unsigned i = 0; i < 4; i++)
        tend();
    store_mount(&store, &board);
    assert_true(newest_is(n - 1, STORE_THERAPY));
}

static void what_is_too_long_is_not_written(void **state)
{
    (void)state;
    struct board board = paper_board(&paper);
    uint8_t bytes[1] = { 0 };
    paper_blank(&paper, 1);
    store_mount(&store, &board);
    assert_int_equal(store_append(&store, &board, STORE_THERAPY, 1, bytes, 0), RESULT_NO_ROOM);
    assert_int_equal(store_append(&store, &board, STORE_THERAPY, 1, bytes, STORE_PAYLOAD_MAX + 1), RESULT_NO_ROOM);
    assert_int_equal(paper.operations, 0);
}

/* Records written round and round use every sector alike. */
static void wear_is_spread(void **state)
{
    (void)state;
    struct board board = paper_board(&paper);
    struct region_span span = region_span(REGION_CHECKPOINT);
    paper_blank(&paper, 1);
    store_mount(&store, &board);
    for (unsigned n = 1; n <= 800; n++) {
        assert_int_equal(append(n, STORE_CHECKPOINT), RESULT_OK);
        tend();
    }
    unsigned least = UINT32_MAX, most = 0;
    for (unsigned i = 0; i < span.count; i++) {
        unsigned erases = paper.erases[span.first + i];
        least = erases < least ? erases : least;
        most = erases > most ? erases : most;
    }
    assert_true(least > 5 && most - least <= 1);
    assert_int_equal(paper.misuse, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_record_is_found_again),
        cmocka_unit_test(an_older_record_can_be_read_by_its_number),
        cmocka_unit_test(a_cut_leaves_the_old_record_or_the_new_one),
        cmocka_unit_test(every_flipped_bit_shows),
        cmocka_unit_test(words_that_do_not_take_are_tried_elsewhere),
        cmocka_unit_test(a_sector_that_takes_nothing_costs_no_record),
        cmocka_unit_test(what_is_too_long_is_not_written),
        cmocka_unit_test(wear_is_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
