/* logrecord_test.c - the bytes of pump/SPEC.md, one form for each event, and nothing else is read. REQ-STOR-10, REQ-TIME-01. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "core/crc.h"
#include "pump/logrecord.h"

static const struct log_header HEADER = { .version = LOG_VERSION, .kind = LOG_EVENTS_RING, .first = 1, .epoch = 3 };
static const struct log_header FAULTS = { .version = LOG_VERSION, .kind = LOG_FAULTS_RING, .first = 1, .epoch = 3 };

static void seal(uint8_t *bytes, size_t size)
{
    uint32_t crc = crc32_of(bytes, size - 4);
    for (unsigned i = 0; i < 4; i++)
        bytes[size - 4 + i] = (uint8_t)(crc >> 8 * i);
}

/* The example of pump/SPEC.md, put together by hand. */
static void the_example_of_the_specification(void **state)
{
    (void)state;
    struct log_record record = { .number = 0x1020304,
                                 .event = { .sequence = 0x1020304, .at = { 0x0A0B0C0D }, .epoch = 3, .code = EVENT_RATE,
                                            .actor = ACTOR_CLINICIAN, .field = { 100000, -1, 0, 0 } } };
    uint8_t expected[24] = { 0x02 | 1 << 3, 0x13, 0x04, 0x03, 0x02, 0x0D, 0x0C, 0x0B, 0x0A, 0, 0, 0xC0, 0x9A, 0x0C, 0x01 };
    seal(expected, sizeof expected);
    uint8_t bytes[LOG_RECORD_BYTES_MAX];
    assert_int_equal(logrecord_write(&HEADER, &record, bytes), sizeof expected);
    assert_memory_equal(bytes, expected, sizeof expected);
    struct log_record back;
    assert_int_equal(logrecord_read(&HEADER, bytes, sizeof bytes, 0x1020300, &back), sizeof expected);
    assert_int_equal(back.event.field[1], -1);
    assert_int_equal(back.number, 0x1020304);
    assert_int_equal(logrecord_read(&HEADER, bytes, sizeof expected - 8, 0x1020300, &back), 0); /* not all there */
    assert_int_equal(logrecord_read(&HEADER, bytes, sizeof bytes, 0x1020305, &back), 0);        /* out of order */
    struct log_header later = HEADER;
    later.version = 2;
    assert_int_equal(logrecord_read(&later, bytes, sizeof bytes, 0x1020300, &back), 0);
}

static struct log_record some_record(uint64_t *seed, const struct log_header *header)
{
    struct log_record record = { .number = 1 + chance_next(seed) % 0xFFFFFFFFFF };
    struct event *event = &record.event;
    event->sequence = header->kind == LOG_FAULTS_RING ? chance_next(seed) >> chance_between(seed, 1, 60) : record.number;
    event->at.ms = (int64_t)(chance_next(seed) >> chance_between(seed, 16, 60));
    event->epoch = chance_between(seed, 0, 3) != 0 ? 3 : (uint32_t)chance_next(seed);
    event->code = (uint16_t)chance_between(seed, 0, (1 << 14) - 1);
    event->actor = (uint8_t)chance_between(seed, 0, 7);
    for (unsigned i = 0; i < 4; i++)
        event->field[i] = chance_between(seed, 0, 2) == 0 ? 0 : (int64_t)chance_next(seed) >> chance_between(seed, 0, 63);
    return record;
}

static void every_event_comes_back_and_no_flipped_bit_passes(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (unsigned i = 0; i < 4000; i++) {
        const struct log_header *header = i % 2 == 0 ? &HEADER : &FAULTS;
        struct log_record record = some_record(&seed, header), back;
        if (i % 8 == 1)
            for (unsigned k = 0; k < 4; k++)
                record.event.field[k] = 0, record.bare = true;
        uint8_t bytes[LOG_RECORD_BYTES_MAX];
        size_t size = logrecord_write(header, &record, bytes);
        if (size == 0) { /* only a fault with four wide fields: it is kept bare */
            assert_int_equal(header->kind, LOG_FAULTS_RING);
            continue;
        }
        assert_true(size >= LOG_RECORD_BYTES_MIN && size % 8 == 0 && size <= LOG_RECORD_BYTES_MAX);
        assert_true(!record.bare || size <= LOG_FAULT_BYTES_MAX);
        memset(&back, 0, sizeof back);
        uint64_t least = record.number > 1000 ? record.number - (uint64_t)chance_between(&seed, 0, 1000) : record.number;
        assert_int_equal(logrecord_read(header, bytes, size, least, &back), size);
        assert_true(back.number == record.number && back.bare == record.bare);
        assert_true(back.event.sequence == record.event.sequence && back.event.at.ms == record.event.at.ms);
        assert_true(back.event.epoch == record.event.epoch && back.event.code == record.event.code);
        assert_int_equal(back.event.actor, record.event.actor);
        assert_memory_equal(back.event.field, record.event.field, sizeof back.event.field);
        for (size_t bit = 0; i < 200 && bit < 8 * size; bit++) {
            bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
            assert_int_equal(logrecord_read(header, bytes, sizeof bytes, least, &back), 0);
            bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
    }
}

/* Sound check, wrong form: longer varints than need be, and padding that is not zero or too long. */
static void another_form_of_an_event_is_refused(void **state)
{
    (void)state;
    struct log_record back;
    uint8_t good[16] = { 1, EVENT_RATE, 7, 0, 0, 9, 0, 0, 0, 0, 0, 2 };
    uint8_t overlong[24] = { 2, EVENT_RATE, 7, 0, 0, 9, 0, 0, 0, 0, 0, 0x82, 0x00 };
    uint8_t long_code[24] = { 2, EVENT_RATE | 0x80, 0, 7, 0, 0, 9, 0, 0, 0, 0, 0, 2 };
    uint8_t padded[24] = { 2, EVENT_RATE, 7, 0, 0, 9, 0, 0, 0, 0, 0, 2 };
    uint8_t five[24] = { 2, EVENT_RATE, 7, 0, 0, 9, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2 };
    uint8_t restated[24] = { 2 | 0x40, EVENT_RATE, 7, 0, 0, 9, 0, 0, 0, 0, 0, 3, 2, 2, 2, 2 };
    seal(good, sizeof good);
    assert_int_equal(logrecord_read(&HEADER, good, sizeof good, 1, &back), sizeof good);
    uint8_t *bad[] = { overlong, long_code, padded, five, restated };
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        seal(bad[i], 24);
        assert_int_equal(logrecord_read(&HEADER, bad[i], 24, 1, &back), 0);
    }
    uint8_t unending[32] = { 3, EVENT_RATE, 7, 0, 0, 9, 0, 0, 0, 0, 0 };
    memset(unending + 11, 0xFF, 17);
    seal(unending, sizeof unending);
    assert_int_equal(logrecord_read(&HEADER, unending, sizeof unending, 1, &back), 0);
}

static void what_cannot_be_said_is_refused(void **state)
{
    (void)state;
    uint8_t bytes[LOG_RECORD_BYTES_MAX];
    struct log_record record = { .number = 1, .event = { .at = { -1 } } };
    assert_int_equal(logrecord_write(&HEADER, &record, bytes), 0);
    record.event.at.ms = INT64_C(1) << 48;
    assert_int_equal(logrecord_write(&HEADER, &record, bytes), 0);
    record.event = (struct event){ .actor = 8 };
    assert_int_equal(logrecord_write(&HEADER, &record, bytes), 0);
    record.event = (struct event){ .code = 1 << 14 };
    assert_int_equal(logrecord_write(&HEADER, &record, bytes), 0);
}

static void a_header_is_read_whole_or_not_at_all(void **state)
{
    (void)state;
    struct log_header header = { .version = LOG_VERSION, .kind = LOG_FAULTS_RING, .first = UINT64_C(0x1122334455667788),
                                 .erases = 0xAABBCCDD, .epoch = 0x01020304, .waiting = 31 };
    struct log_header back;
    for (unsigned i = 0; i < HASH_BYTES; i++)
        header.chain[i] = (uint8_t)(i + 1);
    uint8_t bytes[LOG_HEADER_BYTES];
    logrecord_header_write(&header, bytes);
    assert_memory_equal(bytes, "CLG1\x01\x00\x02\x00\x88\x77\x66\x55\x44\x33\x22\x11", 16);
    assert_memory_equal(bytes + 16, "\xDD\xCC\xBB\xAA\x04\x03\x02\x01\x01\x02", 10);
    assert_memory_equal(bytes + 56, "\x1F\x00\x00\x00", 4);
    assert_int_equal(logrecord_header_read(bytes, &back), RESULT_OK);
    assert_true(back.first == header.first && back.erases == header.erases && back.epoch == header.epoch);
    assert_true(back.kind == header.kind && back.waiting == header.waiting);
    assert_memory_equal(back.chain, header.chain, HASH_BYTES);
    for (size_t bit = 0; bit < 8 * sizeof bytes; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(logrecord_header_read(bytes, &back), bit < 32 ? RESULT_NOT_FOUND : RESULT_DAMAGED);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    header.version = 2;
    logrecord_header_write(&header, bytes);
    assert_int_equal(logrecord_header_read(bytes, &back), RESULT_UNKNOWN_VERSION);
    assert_int_equal(back.first, header.first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_specification),
        cmocka_unit_test(every_event_comes_back_and_no_flipped_bit_passes),
        cmocka_unit_test(another_form_of_an_event_is_refused),
        cmocka_unit_test(what_cannot_be_said_is_refused),
        cmocka_unit_test(a_header_is_read_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
