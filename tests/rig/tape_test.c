/* tape_test.c - a capture read back is what was captured; what is none, or is cut off, is refused whole. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* mkstemp() */
#include "rig/attack/tape.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "link/packet.h"
#include "tests/core/check.h"

enum { FRAMES = 100, FILE_BYTES_MAX = 40000 };

static char path[] = P_tmpdir "/cisterna-tape-XXXXXX";

static int path_make(void **state)
{
    (void)state;
    int descriptor = mkstemp(path);
    return descriptor < 0 ? -1 : close(descriptor);
}

static int path_remove(void **state)
{
    (void)state;
    return unlink(path);
}

static size_t frame_make(unsigned number, uint8_t frame[FRAME_BYTES_MAX])
{
    uint8_t body[FRAME_BODY_MAX];
    struct packet packet = { .kind = PACKET_EMERGENCY, .wish = EMERGENCY_IDENTIFY, .challenge = number };
    return frame_write(body, packet_write(&packet, body), frame);
}

static void capture_make(unsigned frames)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    capture_begin(stream);
    for (unsigned i = 0; i < frames; i++) {
        uint8_t frame[FRAME_BYTES_MAX];
        size_t size = frame_make(i, frame);
        frame[1] ^= (uint8_t)(i % 3 == 2); /* every third is damaged */
        assert_true(capture_frame(stream, (instant_ms){ 1000 + i * 250 }, (enum capture_way)(i % 3), frame, size));
    }
    assert_int_equal(fclose(stream), 0);
}

static void what_was_captured_is_read(void **state)
{
    (void)state;
    struct tape tape;
    capture_make(FRAMES);
    assert_int_equal(tape_read(&tape, path), TAPE_OK);
    assert_int_equal(tape.count, FRAMES);
    for (unsigned i = 0; i < FRAMES; i++) {
        uint8_t frame[FRAME_BYTES_MAX];
        size_t size = frame_make(i, frame);
        frame[1] ^= (uint8_t)(i % 3 == 2);
        assert_int_equal(tape.frame[i].size, size);
        assert_memory_equal(tape.frame[i].bytes, frame, size);
        assert_int_equal(tape.frame[i].way, i % 3);
        assert_int_equal(tape.frame[i].kind, i % 3 == 2 ? 0 : PACKET_EMERGENCY);
        assert_int_equal(tape.frame[i].at_us, (1000 + i * 250) * 1000);
    }
    tape_free(&tape);
}

static void an_empty_capture_is_one(void **state)
{
    (void)state;
    struct tape tape;
    capture_make(0);
    assert_int_equal(tape_read(&tape, path), TAPE_OK);
    assert_int_equal(tape.count, 0);
}

/* Rewrites the file with `size` of its bytes, the one at `at` turned over. */
static void capture_spoil(size_t size, size_t at)
{
    uint8_t bytes[FILE_BYTES_MAX];
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    size_t whole = fread(bytes, 1, sizeof bytes, stream);
    assert_int_equal(fclose(stream), 0);
    assert_true(whole > 0 && whole < sizeof bytes);
    bytes[at] ^= 0xFF;
    stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, size < whole ? size : whole, stream), size < whole ? size : whole);
    assert_int_equal(fclose(stream), 0);
}

static void what_is_no_capture_is_refused(void **state)
{
    (void)state;
    static const size_t head[] = { 0, 3, 4, 6, 20 }; /* magic, versions, link type */
    struct tape tape;
    for (unsigned i = 0; i < sizeof head / sizeof *head; i++) {
        capture_make(2);
        capture_spoil(FILE_BYTES_MAX, head[i]);
        assert_int_equal(tape_read(&tape, path), TAPE_FORM);
        assert_int_equal(tape.count, 0);
    }
    capture_make(2);
    capture_spoil(FILE_BYTES_MAX, 24 + 8); /* a length */
    assert_int_equal(tape_read(&tape, path), TAPE_FORM);
    capture_make(2);
    capture_spoil(FILE_BYTES_MAX, 24 + 16); /* a way */
    assert_int_equal(tape_read(&tape, path), TAPE_FORM);
    for (size_t size = 24 + 1; size < 24 + 16 + 1 + 12; size++) {
        capture_make(1);
        capture_spoil(size, 16); /* accuracy: not looked at */
        assert_int_equal(tape_read(&tape, path), TAPE_CUT);
    }
    for (size_t size = 0; size < 24; size++) {
        capture_make(1);
        capture_spoil(size, 16);
        assert_int_equal(tape_read(&tape, path), TAPE_FORM);
    }
    assert_int_equal(tape_read(&tape, "no/such/capture"), TAPE_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_captured_is_read),
        cmocka_unit_test(an_empty_capture_is_one),
        cmocka_unit_test(what_is_no_capture_is_refused),
    };
    return cmocka_run_group_tests(tests, path_make, path_remove);
}
