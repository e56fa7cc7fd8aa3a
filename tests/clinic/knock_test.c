/* knock_test.c - opening a session: counters, repeats, versions, strangers on the air. link/SPEC.md §4 to §7. REQ-LINK-11,
 * REQ-SECU-03, HZ-42. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/clinic/fake_pump.h"

#include <limits.h>
#include <string.h>

static bool session_forgotten(const struct programmer *programmer)
{
    static const struct session none;
    return memcmp(&programmer->session, &none, sizeof none) == 0;
}

static void a_session_opens(void **state)
{
    (void)state;
    struct fake_pump pump;
    fake_start(&pump, 1);
    struct air air = fake_air(&pump);
    struct programmer programmer = fake_paired(&pump, &air, ROLE_READER);
    assert_int_equal(programmer_open(&programmer, &air), CONTACT_OK);
    assert_int_equal(programmer.role, ROLE_READER);
    assert_int_equal(programmer.session.id, 0x80000001);
    assert_true(programmer.head == pump.head);
    assert_int_equal(programmer.settled.id, 0);
    assert_int_equal(pump.asked[6], 1); /* what it can, then how it is */
    assert_int_equal(pump.asked[1], 1);
    programmer_close(&programmer, &air);
    assert_int_equal(pump.closes, 1);
    assert_true(session_forgotten(&programmer));
}

static void one_bad_frame_anywhere_does_no_harm(void **state)
{
    (void)state;
    for (enum way way = WAY_TO_PUMP; way < WAYS; way++) {
        for (enum fate fate = FATE_LOSE; fate <= FATE_GARBLE; fate++) {
            for (unsigned position = 0; position < 6; position++) {
                struct fake_pump pump;
                fake_start(&pump, 100 + position);
                struct air air = fake_air(&pump);
                struct programmer programmer = fake_paired(&pump, &air, ROLE_CLINICIAN);
                fake_plan(&pump, way, position, position, fate);
                assert_int_equal(programmer_open(&programmer, &air), CONTACT_OK);
                assert_int_equal(pump.sessions, 1);
                assert_true(programmer.head == pump.head);
            }
        }
    }
}

static void a_knock_is_repeated_byte_for_byte(void **state)
{
    (void)state;
    struct fake_pump pump;
    fake_start(&pump, 2);
    struct air air = fake_air(&pump);
    struct programmer programmer = fake_paired(&pump, &air, ROLE_CLINICIAN);
    unsigned first = pump.ways[WAY_TO_PUMP].frames;
    uint64_t counter = programmer.key.counter;
    fake_plan(&pump, WAY_TO_PROGRAMMER, 0, 2, FATE_LOSE);
    assert_int_equal(programmer_open(&programmer, &air), CONTACT_OK);
    for (unsigned i = 1; i <= 3; i++)
        assert_memory_equal(&pump.heard[first], &pump.heard[first + i], sizeof pump.heard[0]);
    assert_int_equal(programmer.key.counter, counter + 1);
    assert_int_equal(pump.sessions, 1);
}

static void the_counter_goes_on_where_the_pump_says(void **state)
{
    (void)state;
    struct fake_pump pump;
    fake_start(&pump, 3);
    struct air air = fake_air(&pump);
    struct programmer programmer = fake_paired(&pump, &air, ROLE_CLINICIAN);
    pump.counter = 5000;
    assert_int_equal(programmer_open(&programmer, &air), CONTACT_OK);
    assert_int_equal(programmer.key.counter, 5001);
    assert_int_equal(pump.counter, 5001);
    assert_int_equal(pump.kept.counter, 5001);
}

/* What comes from others while the pump is asked: nothing of it moves anything. */
static void strangers_frames_change_nothing(void **state)
{
    (void)state;
    static const struct packet strange[] = {
        { .kind = PACKET_COUNTER, .slot = FAKE_SLOT, .counter = UINT64_MAX - 1, .tag = { 1 } },
        { .kind = PACKET_COUNTER, .slot = 0, .counter = UINT64_MAX - 1, .tag = { 2 } },
        { .kind = PACKET_ANSWER, .slot = FAKE_SLOT, .size = 56, .bytes = { 9 } },
        { .kind = PACKET_ANSWER, .slot = FAKE_SLOT + 1, .size = 56, .bytes = { 9 } },
        { .kind = PACKET_DATA, .session = UINT32_C(0x80000001), .nonce = 1, .size = 60 },
        { .kind = PACKET_PAIR_2, .size = 114, .bytes = { 9 } },
        { .kind = PACKET_PAIRED, .size = 18 },
    };
    struct fake_pump pump;
    fake_start(&pump, 4);
    struct air air = fake_air(&pump);
    struct programmer programmer = fake_paired(&pump, &air, ROLE_CLINICIAN);
    struct fake_way *way = &pump.ways[WAY_TO_PROGRAMMER];
    for (unsigned i = 0; i < sizeof strange / sizeof *strange; i++) {
        uint8_t body[FRAME_BODY_MAX];
        way->queue[way->queued].size = frame_write(body, packet_write(&strange[i], body), way->queue[way->queued].bytes);
        assert_true(way->queue[way->queued++].size > 0);
    }
    way->queue[way->queued++] = (struct fake_frame){ .size = 3, .bytes = { 1, 2, 0 } };
    assert_int_equal(programmer_open(&programmer, &air), CONTACT_OK);
    assert_int_equal(programmer.key.counter, 2);
    assert_int_equal(pump.sessions, 1);
}

/* A pump that has a key of its own for the slot, and knows the knock, tells a counter of another knock. */
static void a_counter_told_to_another_knock_is_not_taken(void **state)
{
    (void)state;
    struct fake_pump pump;
    fake_start(&pump, 5);
    struct air air = fake_air(&pump);
    struct programmer programmer = fake_paired(&pump, &air, ROLE_CLINICIAN);
    struct packet told = { .kind = PACKET_COUNTER, .slot = FAKE_SLOT, .counter = 77 };
    struct fake_way *way = &pump.ways[WAY_TO_PROGRAMMER];
    uint8_t body[FRAME_BODY_MAX], other[TAG_BYTES] = { 4 };
    gate_tag(pump.gate_key, GATE_COUNTER, pump.pump_id, FAKE_SLOT, 77, other, TAG_BYTES, told.tag);
    way->queue[0].size = frame_write(body, packet_write(&told, body), way->queue[0].bytes);
    way->queued = 1;
    assert_int_equal(programmer_open(&programmer, &air), CONTACT_OK);
    assert_int_equal(programmer.key.counter, 2);
}

static size_t flood(void *context, uint8_t frame[FRAME_BYTES_MAX], int64_t wait_ms)
{
    (void)wait_ms;
    memset(frame, 7, 32);
    ++*(unsigned *)context;
    return 32;
}

static bool sent_nowhere(void *context, const uint8_t *frame, size_t size)
{
    (void)context;
    (void)frame;
    (void)size;
    return true;
}

static bool kept_nowhere(void *context, const struct key *key)
{
    (void)context;
    (void)key;
    return true;
}

static void no_chance(void *context, uint8_t *bytes, size_t size)
{
    (void)context;
    memset(bytes, 5, size);
}

/* Somebody who floods the air holds nobody up for ever. */
static void a_flood_ends_as_silence(void **state)
{
    (void)state;
    unsigned frames = 0;
    struct fake_pump pump;
    fake_start(&pump, 6);
    struct air air = fake_air(&pump);
    struct programmer programmer = fake_paired(&pump, &air, ROLE_CLINICIAN);
    struct air flooded = { .context = &frames, .send = sent_nowhere, .receive = flood, .chance = no_chance,
                           .keep = kept_nowhere };
    assert_int_equal(programmer_open(&programmer, &flooded), CONTACT_SILENCE);
    assert_true(frames > 0 && frames < 1000);
}

static void nothing_is_sent_that_was_not_kept(void **state)
{
    (void)state;
    struct fake_pump pump;
    fake_start(&pump, 7);
    struct air air = fake_air(&pump);
    struct programmer programmer = fake_paired(&pump, &air, ROLE_CLINICIAN);
    unsigned sent = pump.ways[WAY_TO_PUMP].frames;
    pump.keep_fails_from = 1;
    pump.keep_fails_to = UINT_MAX;
    assert_int_equal(programmer_open(&programmer, &air), CONTACT_KEEP_FAILED);
    assert_int_equal(pump.ways[WAY_TO_PUMP].frames, sent);
    assert_int_equal(programmer.key.counter, 1);
    programmer.key.counter = UINT64_MAX;
    pump.keep_fails_to = 0;
    assert_int_equal(programmer_open(&programmer, &air), CONTACT_KEEP_FAILED);
    assert_int_equal(pump.ways[WAY_TO_PUMP].frames, sent);
}

static void another_version_of_anything_is_told_as_that(void **state)
{
    (void)state;
    for (unsigned which = 0; which < 5; which++) {
        struct fake_pump pump;
        fake_start(&pump, 8);
        struct air air = fake_air(&pump);
        struct programmer programmer = fake_paired(&pump, &air, ROLE_CLINICIAN);
        pump.protocol += which == 0;
        pump.therapy_version += which == 1;
        pump.command_version += which == 2;
        pump.too_old = which == 3;
        pump.answer_version = which == 4 ? 2 : 1;
        assert_int_equal(programmer_open(&programmer, &air), CONTACT_VERSION);
        assert_true(session_forgotten(&programmer));
    }
}

static void without_a_slot_or_an_answer_there_is_no_session(void **state)
{
    (void)state;
    struct fake_pump pump;
    fake_start(&pump, 9);
    struct air air = fake_air(&pump);
    struct key key = fake_key(&pump);
    struct programmer programmer;
    programmer_start(&programmer, &key);
    assert_int_equal(programmer_open(&programmer, &air), CONTACT_NOT_PAIRED);
    assert_int_equal(pump.ways[WAY_TO_PUMP].frames, 0);
    programmer = fake_open(&pump, &air, ROLE_CLINICIAN);
    unsigned sent = pump.ways[WAY_TO_PUMP].frames;
    pump.deaf = true;
    assert_int_equal(programmer_open(&programmer, &air), CONTACT_SILENCE);
    assert_true(session_forgotten(&programmer));
    assert_int_equal(pump.ways[WAY_TO_PUMP].frames, sent + programmer.patience.tries);
}

/* The session that stood is over as soon as another is opened, even when that one fails half way. */
static void a_session_that_cannot_be_prepared_is_forgotten(void **state)
{
    (void)state;
    struct fake_pump pump;
    fake_start(&pump, 10);
    struct air air = fake_air(&pump);
    struct programmer programmer = fake_paired(&pump, &air, ROLE_CLINICIAN);
    fake_plan(&pump, WAY_TO_PROGRAMMER, 1, UINT_MAX, FATE_LOSE);
    assert_int_equal(programmer_open(&programmer, &air), CONTACT_SILENCE);
    assert_int_equal(pump.sessions, 1);
    assert_true(session_forgotten(&programmer));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_opens),
        cmocka_unit_test(one_bad_frame_anywhere_does_no_harm),
        cmocka_unit_test(a_knock_is_repeated_byte_for_byte),
        cmocka_unit_test(the_counter_goes_on_where_the_pump_says),
        cmocka_unit_test(strangers_frames_change_nothing),
        cmocka_unit_test(a_counter_told_to_another_knock_is_not_taken),
        cmocka_unit_test(a_flood_ends_as_silence),
        cmocka_unit_test(nothing_is_sent_that_was_not_kept),
        cmocka_unit_test(another_version_of_anything_is_told_as_that),
        cmocka_unit_test(without_a_slot_or_an_answer_there_is_no_session),
        cmocka_unit_test(a_session_that_cannot_be_prepared_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
