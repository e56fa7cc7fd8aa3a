/* answers_test.c - what is heard is counted by kind, and the sessions that talk are known. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/attack/answers.h"

#include <string.h>

#include "tests/core/check.h"

static void hear(struct answers *answers, const struct packet *packet)
{
    uint8_t body[FRAME_BODY_MAX], frame[FRAME_BYTES_MAX];
    size_t size = frame_write(body, packet_write(packet, body), frame);
    assert_true(size > 0);
    answers_hear(answers, frame, size);
}

static struct packet data(uint32_t session)
{
    return (struct packet){ .kind = PACKET_DATA, .session = session, .nonce = 1, .size = 17 };
}

static void kinds_are_counted(void **state)
{
    (void)state;
    struct answers answers = { .frames = 0 };
    struct packet counter = { .kind = PACKET_COUNTER, .slot = 1, .counter = 9 }, talk = data(7);
    struct packet identity = { .kind = PACKET_IDENTITY, .challenge = 5, .size = 40 };
    hear(&answers, &counter);
    hear(&answers, &talk);
    hear(&answers, &talk);
    hear(&answers, &identity);
    answers_hear(&answers, (const uint8_t *)"\x05\x01\x02\x03\x04", 6);
    assert_int_equal(answers.frames, 5);
    assert_int_equal(answers.kind[PACKET_COUNTER], 1);
    assert_int_equal(answers.kind[PACKET_DATA], 2);
    assert_int_equal(answers.kind[PACKET_IDENTITY], 1);
    assert_int_equal(answers.kind[0], 1);
    assert_int_equal(answers.identity.challenge, 5);
}

static void sessions_are_known_once_and_outlast_forgetting(void **state)
{
    (void)state;
    struct answers answers = { .frames = 0 };
    for (uint32_t i = 0; i < 2 * ANSWERS_SESSIONS_MAX; i++) {
        struct packet talk = data(100 + i / 2);
        hear(&answers, &talk);
    }
    assert_int_equal(answers.sessions, ANSWERS_SESSIONS_MAX);
    answers_forget(&answers);
    assert_int_equal(answers.frames + answers.bytes + answers.kind[PACKET_DATA], 0);
    for (uint32_t i = 0; i < ANSWERS_SESSIONS_MAX; i++)
        assert_int_equal(answers.session[i], 100 + i);
    struct packet ninth = data(200);
    hear(&answers, &ninth);
    assert_int_equal(answers.session[0], 200); /* in the place of the one heard first */
}

static void words_and_kinds_agree(void **state)
{
    (void)state;
    for (unsigned kind = 1; kind < ANSWERS_KINDS; kind++)
        assert_int_equal(answers_kind(answers_word(kind)), kind);
    assert_int_equal(answers_kind("pair_2"), PACKET_PAIR_2);
    assert_int_equal(answers_kind("damaged") + answers_kind("") + answers_kind("PAIR"), 0);
    assert_string_equal(answers_word(ANSWERS_KINDS), "damaged");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_counted),
        cmocka_unit_test(sessions_are_known_once_and_outlast_forgetting),
        cmocka_unit_test(words_and_kinds_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
