/* frame_test.c - frames against published values, a slow writer of the test's own, and the damage that radio does. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "link/frame.h"

enum { CRC_BYTES = 2, LONGEST = FRAME_BODY_MAX + 1 /* what the test's own writer takes */ };

/* The definition: the remainder of the message, its first 16 bits inverted and 16 zeros behind it, divided by the polynomial. */
static uint16_t slow_crc(const uint8_t *bytes, size_t size)
{
    static const uint8_t polynomial[17] = { 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1 }; /* x^16 + x^12 + x^5 + 1 */
    uint8_t bit[8 * LONGEST + 16] = { 0 };
    for (size_t i = 0; i < 8 * size; i++)
        bit[i] = bytes[i / 8] >> (7 - i % 8) & 1;
    for (size_t i = 0; i < 16; i++)
        bit[i] ^= 1;
    for (size_t i = 0; i < 8 * size; i++) {
        for (size_t k = 0; k < sizeof polynomial && bit[i] != 0; k++)
            bit[i + sizeof polynomial - 1 - k] ^= polynomial[sizeof polynomial - 1 - k];
    }
    unsigned crc = 0;
    for (size_t i = 0; i < 16; i++)
        crc = crc << 1 | bit[8 * size + i];
    return (uint16_t)crc;
}

/* Stuffing by its definition: cut at the zeros; every piece is told with its length plus one. The last piece may be empty, and is
 * still told; but a piece of 254 is no more than itself. */
static size_t slow_write(const uint8_t *body, size_t size, uint8_t *frame)
{
    uint8_t plain[LONGEST + CRC_BYTES];
    memcpy(plain, body, size);
    uint16_t crc = slow_crc(body, size);
    plain[size] = (uint8_t)(crc % 256);
    plain[size + 1] = (uint8_t)(crc / 256);
    size_t written = 0;
    for (size_t start = 0; start <= size + CRC_BYTES;) {
        const uint8_t *zero = memchr(plain + start, 0, size + CRC_BYTES - start);
        size_t piece = zero != NULL ? (size_t)(zero - plain) - start : size + CRC_BYTES - start;
        frame[written++] = (uint8_t)(piece + 1);
        memcpy(frame + written, plain + start, piece);
        written += piece;
        start += piece + 1;
    }
    frame[written++] = 0;
    return written;
}

static void random_body(uint64_t *seed, uint8_t *body, size_t size, unsigned values)
{
    for (size_t i = 0; i < size; i++)
        body[i] = (uint8_t)(chance_next(seed) % values);
}

static void check_round(const uint8_t *body, size_t size)
{
    uint8_t frame[FRAME_BYTES_MAX], expected[FRAME_BYTES_MAX], read[FRAME_BODY_MAX];
    size_t length = frame_write(body, size, frame);
    assert_int_equal(length, slow_write(body, size, expected));
    assert_memory_equal(frame, expected, length);
    assert_int_equal(length, size + 4); /* never a byte more than one for the stuffing, the CRC and the end */
    assert_ptr_equal(memchr(frame, 0, length), frame + length - 1);
    for (unsigned closing = 0; closing <= 1; closing++) {
        memset(read, 0xA5, sizeof read);
        assert_int_equal(frame_read(frame, length - 1 + closing, read), size);
        assert_memory_equal(read, body, size);
    }
}

static void the_published_crc(void **state)
{
    (void)state;
    assert_int_equal(frame_crc((const uint8_t *)"123456789", 9), 0x29B1);
    assert_int_equal(frame_crc((const uint8_t *)"A", 1), 0xB915); /* a second published one of this CRC */
    assert_int_equal(frame_crc(NULL, 0), 0xFFFF);
}

static void the_crc_is_a_remainder(void **state)
{
    (void)state;
    uint64_t seed = 1;
    uint8_t body[FRAME_BODY_MAX];
    for (size_t size = 1; size <= FRAME_BODY_MAX; size++) {
        random_body(&seed, body, size, 256);
        assert_int_equal(frame_crc(body, size), slow_crc(body, size));
    }
}

static void written_out(void **state)
{
    (void)state;
    /* Worked by hand from the rule, with CRCs from another program (Python's binascii.crc_hqx). */
    uint8_t frame[FRAME_BYTES_MAX];
    const uint8_t one_zero[] = { 0x01, 0x03, 0xF0, 0xE1, 0x00 };
    assert_int_equal(frame_write((const uint8_t[]){ 0 }, 1, frame), sizeof one_zero);
    assert_memory_equal(frame, one_zero, sizeof one_zero);
    const uint8_t digits[] = { 0x0C, '1', '2', '3', '4', '5', '6', '7', '8', '9', 0xB1, 0x29, 0x00 };
    assert_int_equal(frame_write((const uint8_t *)"123456789", 9, frame), sizeof digits);
    assert_memory_equal(frame, digits, sizeof digits);
    const uint8_t mixed[] = { 0x03, 0x11, 0x22, 0x01, 0x02, 0x33, 0x03, 0xC5, 0x4D, 0x00 };
    assert_int_equal(frame_write((const uint8_t[]){ 0x11, 0x22, 0, 0, 0x33, 0 }, 6, frame), sizeof mixed);
    assert_memory_equal(frame, mixed, sizeof mixed);
}

static void every_length(void **state)
{
    (void)state;
    uint64_t seed = 2;
    uint8_t body[FRAME_BODY_MAX + 1], frame[FRAME_BYTES_MAX];
    for (size_t size = 1; size <= FRAME_BODY_MAX; size++) {
        memset(body, 0, sizeof body);
        check_round(body, size);
        memset(body, 0xFF, sizeof body);
        check_round(body, size);
        /* Few values give many zeros, many values long blocks. */
        for (unsigned values = 2; values <= 256; values *= 2) {
            random_body(&seed, body, size, values);
            check_round(body, size);
        }
        for (size_t i = 0; i < size; i++)
            body[i] |= 1;
        check_round(body, size);
    }
    assert_int_equal(frame_write(body, 0, frame), 0);
    assert_int_equal(frame_write(body, FRAME_BODY_MAX + 1, frame), 0);
}

/* A change of one bit in the body or CRC is always seen. In a length byte it moves zeros about, which the CRC sees but for one in
 * 65,536: none among these. */
static void every_flipped_bit(void **state)
{
    (void)state;
    uint64_t seed = 3;
    const size_t sizes[] = { 1, 2, 3, 10, 19, 26, 49, 58, 73, 74, 82, 115, 251, 252 };
    size_t flips = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (unsigned values = 2; values <= 256; values *= 128) {
            uint8_t body[FRAME_BODY_MAX], frame[FRAME_BYTES_MAX], read[FRAME_BODY_MAX];
            random_body(&seed, body, sizes[i], values);
            size_t length = frame_write(body, sizes[i], frame);
            for (size_t bit = 0; bit < 8 * length; bit++, flips++) {
                frame[bit / 8] ^= (uint8_t)(1u << bit % 8);
                assert_int_equal(frame_read(frame, length, read), 0);
                frame[bit / 8] ^= (uint8_t)(1u << bit % 8);
            }
        }
    }
    print_message("%zu flipped bits refused\n", flips);
}

static void cut_short_or_lengthened(void **state)
{
    (void)state;
    uint64_t seed = 4;
    uint8_t body[FRAME_BODY_MAX], frame[FRAME_BYTES_MAX + 8] = { 0 }, read[FRAME_BODY_MAX];
    for (size_t size = 1; size <= FRAME_BODY_MAX; size++) {
        random_body(&seed, body, size, 256);
        memset(frame, 0, sizeof frame);
        size_t length = frame_write(body, size, frame);
        for (size_t kept = 0; kept < length - 1; kept++)
            assert_int_equal(frame_read(frame, kept, read), 0);
        /* A second closing zero, or the end of another frame. */
        assert_int_equal(frame_read(frame, length + 1, read), 0);
        assert_int_equal(frame_read(frame, length + 8, read), 0);
        memset(frame + length, 1, 8);
        for (size_t more = 1; more <= 8; more++)
            assert_int_equal(frame_read(frame, length + more, read), 0);
    }
}

/* Sound CRCs in the wrong dress: what is not exactly a frame is refused, however good its inside. */
static void other_forms(void **state)
{
    (void)state;
    uint8_t read[FRAME_BODY_MAX], frame[600];
    /* A body of nothing: its CRC is FFFF. */
    assert_int_equal(frame_read((const uint8_t[]){ 3, 0xFF, 0xFF, 0 }, 4, read), 0);
    /* A longest block told to be followed by an empty one, as some writers do. */
    uint8_t body[LONGEST];
    memset(body, 0x55, sizeof body);
    body[0] = 0x56; /* neither byte of this CRC is zero */
    size_t length = frame_write(body, FRAME_BODY_MAX, frame);
    assert_int_equal(frame[0], 255);
    frame[length - 1] = 1;
    frame[length] = 0;
    assert_int_equal(frame_read(frame, length + 1, read), 0);
    assert_int_equal(frame_read(frame, length, read), 0);
    /* A body one byte too long, in sound blocks. */
    body[100] = 0;
    length = slow_write(body, LONGEST, frame);
    assert_int_equal(length, FRAME_BYTES_MAX + 1);
    assert_int_equal(frame_read(frame, length, read), 0);
    assert_int_equal(frame_read(frame, length - 1, read), 0);
    assert_int_equal(frame_read(frame, 0, read), 0);
}

/* Every string of four bytes that could be the frame of one byte, with a second byte up to 15: those read are those written. */
static void one_frame_a_body(void **state)
{
    (void)state;
    size_t written = 0, sound = 0;
    uint8_t frame[FRAME_BYTES_MAX], again[FRAME_BYTES_MAX], body[FRAME_BODY_MAX];
    for (unsigned value = 0; value <= 255; value++) {
        assert_int_equal(frame_write((const uint8_t[]){ (uint8_t)value }, 1, frame), 5);
        written += frame[1] <= 15;
    }
    for (uint32_t number = 0; number < 6 * (1u << 20); number++) {
        const uint8_t bytes[4] = { (uint8_t)(number >> 20), number >> 16 & 15, (uint8_t)(number >> 8), (uint8_t)number };
        size_t count = frame_read(bytes, sizeof bytes, body);
        if (count == 0)
            continue;
        assert_int_equal(count, 1);
        assert_int_equal(frame_write(body, 1, again), 5);
        assert_memory_equal(again, bytes, sizeof bytes);
        sound++;
    }
    assert_int_equal(sound, written);
    print_message("%zu of %u strings were frames\n", sound, 6 * (1u << 20));
}

/* Sound frames with bytes of them put wrong: what is still read has no other form. */
static void bytes_put_wrong(void **state)
{
    (void)state;
    uint64_t seed = 5;
    size_t sound = 0;
    for (unsigned round = 0; round < 100000; round++) {
        uint8_t frame[FRAME_BYTES_MAX], body[FRAME_BODY_MAX], again[FRAME_BYTES_MAX];
        size_t size = (size_t)chance_between(&seed, 1, 20);
        random_body(&seed, body, size, round % 2 == 0 ? 256 : 3);
        size_t length = frame_write(body, size, frame);
        for (unsigned changes = 0; changes < round % 4; changes++)
            frame[chance_next(&seed) % length] = (uint8_t)chance_next(&seed);
        size_t count = frame_read(frame, length, body);
        if (count > 0) {
            sound++;
            assert_int_equal(frame_write(body, count, again), length);
            assert_memory_equal(again, frame, length);
        }
    }
    assert_in_range(sound, 25000, 26000); /* the quarter left alone, and a few that got the byte they had */
}

static void the_cutter_finds_every_frame(void **state)
{
    (void)state;
    uint64_t seed = 6;
    struct frame_cutter cutter = { .size = 0 };
    for (unsigned round = 0; round < 2000; round++) {
        uint8_t body[FRAME_BODY_MAX], frame[FRAME_BYTES_MAX];
        size_t size = (size_t)chance_between(&seed, 1, FRAME_BODY_MAX);
        random_body(&seed, body, size, 256);
        size_t length = frame_write(body, size, frame);
        /* Noise of any length before it, and a zero that ends the noise. */
        size_t noise = (size_t)chance_between(&seed, 0, 700);
        for (size_t i = 0; i < noise; i++)
            (void)frame_cut(&cutter, (uint8_t)chance_next(&seed));
        (void)frame_cut(&cutter, 0);
        for (size_t i = 0; i < length; i++)
            assert_int_equal(frame_cut(&cutter, frame[i]), i == length - 1);
        assert_int_equal(cutter.size, length);
        assert_memory_equal(cutter.bytes, frame, length);
    }
}

static void the_cutter_drops_what_is_too_long(void **state)
{
    (void)state;
    struct frame_cutter cutter = { .size = 0 };
    for (size_t size = FRAME_BYTES_MAX - 2; size <= FRAME_BYTES_MAX + 300; size++) {
        for (size_t i = 0; i < size; i++)
            assert_false(frame_cut(&cutter, (uint8_t)(i % 255 + 1)));
        /* 255 bytes and a zero are the longest frame there can be. */
        assert_int_equal(frame_cut(&cutter, 0), size <= FRAME_BYTES_MAX - 1);
        /* The rest of the long one is not taken for another, and the next is whole. */
        assert_false(frame_cut(&cutter, 7));
        assert_true(frame_cut(&cutter, 0));
        assert_int_equal(cutter.size, 2);
        assert_int_equal(cutter.bytes[0], 7);
    }
}

static void the_cutter_passes_over_empty_frames(void **state)
{
    (void)state;
    struct frame_cutter cutter = { .size = 0 };
    for (unsigned i = 0; i < 1000; i++)
        assert_false(frame_cut(&cutter, 0));
    assert_false(frame_cut(&cutter, 1));
    assert_true(frame_cut(&cutter, 0));
    assert_false(frame_cut(&cutter, 0));
    assert_false(frame_cut(&cutter, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_crc),
        cmocka_unit_test(the_crc_is_a_remainder),
        cmocka_unit_test(written_out),
        cmocka_unit_test(every_length),
        cmocka_unit_test(every_flipped_bit),
        cmocka_unit_test(cut_short_or_lengthened),
        cmocka_unit_test(other_forms),
        cmocka_unit_test(one_frame_a_body),
        cmocka_unit_test(bytes_put_wrong),
        cmocka_unit_test(the_cutter_finds_every_frame),
        cmocka_unit_test(the_cutter_drops_what_is_too_long),
        cmocka_unit_test(the_cutter_passes_over_empty_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
