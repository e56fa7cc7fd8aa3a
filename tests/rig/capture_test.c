/* capture_test.c - captures and key files are the bytes that docs/wireshark.md says, and nothing is written that could not be
 * read. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "rig/capture.h"

/* What was written to a stream. */
static size_t written(FILE *stream, char *bytes, size_t room)
{
    rewind(stream);
    size_t size = fread(bytes, 1, room, stream);
    fclose(stream);
    return size;
}

static void a_capture_is_a_pcap_file(void **state)
{
    (void)state;
    static const uint8_t frame[] = { 3, 9, 8, 1, 0 };
    static const uint8_t expected[] = {
        0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01, 0x01, 0, 0, 147, 0, 0, 0, /* 257 bytes at most */
        0x10, 0x0E, 0, 0, 0xB0, 0xA1, 0x03, 0, 6, 0, 0, 0, 6, 0, 0, 0, 2, 3, 9, 8, 1, 0,            /* 3600.238000 s */
        0x10, 0x0E, 0, 0, 0xB0, 0xA1, 0x03, 0, 6, 0, 0, 0, 6, 0, 0, 0, 1, 3, 9, 8, 1, 0,
    };
    uint8_t bytes[sizeof expected + 1];
    FILE *stream = tmpfile();
    assert_non_null(stream);
    capture_begin(stream);
    assert_true(capture_frame(stream, (instant_ms){ 3600238 }, capture_heard(REACH_NEAR), frame, sizeof frame));
    assert_true(capture_frame(stream, (instant_ms){ 3600238 }, CAPTURE_FROM_PUMP, frame, sizeof frame));
    assert_int_equal(written(stream, (char *)bytes, sizeof bytes), sizeof expected);
    assert_memory_equal(bytes, expected, sizeof expected);
}

static void a_far_frame_has_no_bit_set(void **state)
{
    (void)state;
    assert_int_equal(capture_heard(REACH_FAR), 0);
    assert_int_equal(capture_heard(REACH_NEAR), 2);
}

static void no_frame_has_these_sizes(void **state)
{
    (void)state;
    static const uint8_t frame[RADIO_FRAME_MAX + 1] = { 0 };
    char bytes[1];
    FILE *stream = tmpfile();
    assert_non_null(stream);
    assert_false(capture_frame(stream, (instant_ms){ 0 }, CAPTURE_FROM_PUMP, frame, 0));
    assert_false(capture_frame(stream, (instant_ms){ 0 }, CAPTURE_FROM_PUMP, frame, sizeof frame));
    assert_int_equal(written(stream, bytes, sizeof bytes), 0);
}

static struct session session(void)
{
    struct session session;
    uint8_t out[KEY_BYTES], in[KEY_BYTES];
    memset(out, 0xA0, sizeof out);
    memset(in, 0x0B, sizeof in);
    session_begin(&session, 0x0C0B0A09, out, in);
    return session;
}

static void keys_stand_on_one_line(void **state)
{
    (void)state;
    const char *expected = "session 0c0b0a09 programmer a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0"
                           " pump 0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b\n";
    char text[512] = "";
    struct session programmers = session();
    FILE *stream = tmpfile();
    assert_non_null(stream);
    capture_keys_begin(stream);
    assert_true(capture_keys(stream, &programmers));
    (void)written(stream, text, sizeof text - 1);
    assert_int_equal(text[0], '#');
    assert_string_equal(strchr(text, '\n') + 1, expected);
}

static void keys_that_have_moved_on_are_not_told(void **state)
{
    (void)state;
    struct session programmers = session();
    struct packet packet;
    char text[1];
    FILE *stream = tmpfile();
    assert_non_null(stream);
    while (programmers.out.nonce < SESSION_REKEY_EVERY)
        assert_true(session_seal(&programmers, (const uint8_t *)"?", 1, &packet));
    assert_false(capture_keys(stream, &programmers));
    session_end(&programmers);
    assert_false(capture_keys(stream, &programmers));
    assert_int_equal(written(stream, text, sizeof text), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_capture_is_a_pcap_file),
        cmocka_unit_test(a_far_frame_has_no_bit_set),
        cmocka_unit_test(no_frame_has_these_sizes),
        cmocka_unit_test(keys_stand_on_one_line),
        cmocka_unit_test(keys_that_have_moved_on_are_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
