/* pairing_test.c - a programmer and a pump get to know each other, whatever happens to the frames between them.
 * link/SPEC.md §5. REQ-SECU-06, -07. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/clinic/fake_pump.h"

#include <limits.h>
#include <string.h>

static bool all_zero(const void *memory, size_t size)
{
    const uint8_t *bytes = memory;
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

static struct programmer fresh(struct fake_pump *pump)
{
    struct programmer programmer;
    struct key key = fake_key(pump);
    programmer_start(&programmer, &key);
    programmer.patience = (struct patience){ .wait_ms = 10, .tries = 4 };
    return programmer;
}

static void assert_paired(const struct fake_pump *pump, const struct programmer *programmer)
{
    uint8_t key[KEY_BYTES];
    cipher_public(pump->secret, key);
    assert_int_equal(programmer->key.slot, FAKE_SLOT);
    assert_memory_equal(programmer->key.pump_key, key, KEY_BYTES);
    assert_memory_equal(programmer->key.gate_key, pump->gate_key, KEY_BYTES);
    cipher_public(programmer->key.secret, key);
    assert_memory_equal(pump->peer_key, key, KEY_BYTES);
    assert_int_equal(pump->kept.slot, FAKE_SLOT);
    assert_memory_equal(&pump->kept, &programmer->key, sizeof pump->kept);
}

static void both_keep_the_same(void **state)
{
    (void)state;
    struct fake_pump pump;
    fake_start(&pump, 1);
    struct air air = fake_air(&pump);
    struct programmer programmer = fresh(&pump);
    uint8_t outcome = 0;
    assert_int_equal(programmer_pair(&programmer, &air, pump.card, ROLE_CLINICIAN, &outcome), CONTACT_OK);
    assert_int_equal(outcome, 1);
    assert_int_equal(programmer.key.role, ROLE_CLINICIAN);
    assert_int_equal(pump.peer_role, ROLE_CLINICIAN);
    assert_paired(&pump, &programmer);
    assert_int_equal(pump.ways[WAY_TO_PUMP].frames, 2);
    assert_int_equal(programmer.cost.frames_sent, 2);
    assert_int_equal(programmer.cost.frames_heard, 2);
    assert_int_equal(programmer.cost.repeats, 0);
    assert_int_equal(programmer.cost.public_key, 3);
}

/* One frame at a time meets each fate, wherever it is in the conversation. */
static void one_bad_frame_anywhere_does_no_harm(void **state)
{
    (void)state;
    for (enum way way = WAY_TO_PUMP; way < WAYS; way++) {
        for (enum fate fate = FATE_LOSE; fate <= FATE_GARBLE; fate++) {
            for (unsigned position = 0; position < 6; position++) {
                struct fake_pump pump;
                fake_start(&pump, 2 + position);
                fake_plan(&pump, way, position, position, fate);
                struct air air = fake_air(&pump);
                struct programmer programmer = fresh(&pump);
                uint8_t outcome = 0;
                assert_int_equal(programmer_pair(&programmer, &air, pump.card, ROLE_PATIENT, &outcome), CONTACT_OK);
                assert_paired(&pump, &programmer);
                assert_int_equal(programmer_open(&programmer, &air), CONTACT_OK);
            }
        }
    }
}

/* The radio dies at some frame and never comes back; later the same programmer pairs again, and gets the same slot. */
static void pairing_lost_at_every_message_can_be_had_again(void **state)
{
    (void)state;
    for (enum way way = WAY_TO_PUMP; way < WAYS; way++) {
        for (unsigned position = 0; position < 2; position++) {
            struct fake_pump pump;
            fake_start(&pump, 20 + position);
            fake_plan(&pump, way, position, UINT_MAX, FATE_LOSE);
            struct air air = fake_air(&pump);
            struct programmer programmer = fresh(&pump);
            uint8_t outcome = 0, secret[KEY_BYTES];
            assert_int_equal(programmer_pair(&programmer, &air, pump.card, ROLE_CLINICIAN, &outcome), CONTACT_SILENCE);
            assert_int_equal(programmer.key.slot, 0);
            assert_int_equal(pump.kept.slot, 0);
            memcpy(secret, programmer.key.secret, KEY_BYTES);
            pump.plan = plan_pass;
            programmer_start(&programmer, &pump.kept);
            assert_int_equal(programmer_pair(&programmer, &air, pump.card, ROLE_CLINICIAN, &outcome), CONTACT_OK);
            assert_memory_equal(programmer.key.secret, secret, KEY_BYTES); /* the pump knows it again by that */
            assert_paired(&pump, &programmer);
        }
    }
}

static void a_message_is_repeated_byte_for_byte(void **state)
{
    (void)state;
    struct fake_pump pump;
    fake_start(&pump, 3);
    fake_plan(&pump, WAY_TO_PUMP, 0, 1, FATE_LOSE);
    struct air air = fake_air(&pump);
    struct programmer programmer = fresh(&pump);
    uint8_t outcome = 0;
    assert_int_equal(programmer_pair(&programmer, &air, pump.card, ROLE_PATIENT, &outcome), CONTACT_OK);
    assert_memory_equal(&pump.heard[0], &pump.heard[1], sizeof pump.heard[0]);
    assert_memory_equal(&pump.heard[0], &pump.heard[2], sizeof pump.heard[0]);
    assert_int_equal(programmer.cost.repeats, 2);
    assert_int_equal(programmer.key.counter, 1);
    assert_int_equal(pump.waits, 2);
}

static void what_the_pump_refuses_is_told(void **state)
{
    (void)state;
    for (uint8_t refused = 2; refused <= 4; refused++) {
        struct fake_pump pump;
        fake_start(&pump, 4);
        pump.pairing_outcome = refused;
        struct air air = fake_air(&pump);
        struct programmer programmer = fresh(&pump);
        uint8_t outcome = 0;
        assert_int_equal(programmer_pair(&programmer, &air, pump.card, ROLE_PATIENT, &outcome), CONTACT_REFUSED);
        assert_int_equal(outcome, refused);
        assert_int_equal(programmer.key.slot, 0);
        assert_true(all_zero(programmer.key.gate_key, KEY_BYTES));
    }
}

/* A card that was used by many: the pump tells where its counter stands. */
static void the_counter_goes_on_where_the_pump_says(void **state)
{
    (void)state;
    struct fake_pump pump;
    fake_start(&pump, 5);
    pump.pairing_counter = 1000;
    struct air air = fake_air(&pump);
    struct programmer programmer = fresh(&pump);
    uint8_t outcome = 0;
    assert_int_equal(programmer_pair(&programmer, &air, pump.card, ROLE_PATIENT, &outcome), CONTACT_OK);
    assert_int_equal(pump.pairing_counter, 1001);
    assert_int_equal(programmer.key.counter, 1001);
    assert_paired(&pump, &programmer);
}

static void nothing_is_sent_that_was_not_kept(void **state)
{
    (void)state;
    struct fake_pump pump;
    fake_start(&pump, 6);
    pump.keep_fails_from = pump.keep_fails_to = 1;
    struct air air = fake_air(&pump);
    struct programmer programmer = fresh(&pump);
    uint8_t outcome = 0;
    assert_int_equal(programmer_pair(&programmer, &air, pump.card, ROLE_PATIENT, &outcome), CONTACT_KEEP_FAILED);
    assert_int_equal(pump.ways[WAY_TO_PUMP].frames, 0);
    assert_int_equal(programmer.key.counter, 0);
    /* The second fails: the pump has paired, the programmer knows of nothing, and pairs again. */
    pump.keep_fails_from = pump.keep_fails_to = 3;
    assert_int_equal(programmer_pair(&programmer, &air, pump.card, ROLE_PATIENT, &outcome), CONTACT_KEEP_FAILED);
    assert_true(pump.paired);
    assert_int_equal(programmer.key.slot, 0);
    assert_int_equal(programmer_pair(&programmer, &air, pump.card, ROLE_PATIENT, &outcome), CONTACT_OK);
    assert_paired(&pump, &programmer);
}

static void without_the_card_there_is_silence(void **state)
{
    (void)state;
    struct fake_pump pump;
    fake_start(&pump, 7);
    struct air air = fake_air(&pump);
    struct programmer programmer = fresh(&pump);
    uint8_t outcome = 0, other[CARD_SECRET_BYTES] = { 1 };
    assert_int_equal(programmer_pair(&programmer, &air, other, ROLE_PATIENT, &outcome), CONTACT_SILENCE);
    assert_int_equal(outcome, 0);
    assert_false(pump.paired);
    assert_int_equal(programmer.key.slot, 0);
}

static void another_version_is_told_as_that(void **state)
{
    (void)state;
    struct fake_pump pump;
    fake_start(&pump, 8);
    pump.answer_version = 2;
    struct air air = fake_air(&pump);
    struct programmer programmer = fresh(&pump);
    uint8_t outcome = 0;
    assert_int_equal(programmer_pair(&programmer, &air, pump.card, ROLE_PATIENT, &outcome), CONTACT_VERSION);
    assert_false(pump.paired);
}

static void what_cannot_be_a_role_or_label_is_not_sent(void **state)
{
    (void)state;
    struct fake_pump pump;
    fake_start(&pump, 9);
    struct air air = fake_air(&pump);
    struct programmer programmer = fresh(&pump);
    uint8_t outcome = 0;
    assert_int_equal(programmer_pair(&programmer, &air, pump.card, (enum role)0, &outcome), CONTACT_MALFORMED);
    assert_int_equal(programmer_pair(&programmer, &air, pump.card, (enum role)5, &outcome), CONTACT_MALFORMED);
    memset(programmer.key.label, 'x', sizeof programmer.key.label);
    assert_int_equal(programmer_pair(&programmer, &air, pump.card, ROLE_PATIENT, &outcome), CONTACT_MALFORMED);
    assert_int_equal(pump.ways[WAY_TO_PUMP].frames, 0);
    assert_int_equal(pump.keeps, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_keep_the_same),
        cmocka_unit_test(one_bad_frame_anywhere_does_no_harm),
        cmocka_unit_test(pairing_lost_at_every_message_can_be_had_again),
        cmocka_unit_test(a_message_is_repeated_byte_for_byte),
        cmocka_unit_test(what_the_pump_refuses_is_told),
        cmocka_unit_test(the_counter_goes_on_where_the_pump_says),
        cmocka_unit_test(nothing_is_sent_that_was_not_kept),
        cmocka_unit_test(without_the_card_there_is_silence),
        cmocka_unit_test(another_version_is_told_as_that),
        cmocka_unit_test(what_cannot_be_a_role_or_label_is_not_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
