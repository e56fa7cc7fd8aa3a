/* mutant_test.c - frames for a fuzzer: each form is what it says, each ends with a zero and fits, and the dice decide alone. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/attack/mutant.h"

#include <string.h>

#include "tests/core/check.h"

enum { ROUNDS = 4000 };

static struct tape_frame taped;
static struct tape tape = { .count = 1, .frame = &taped };
static uint8_t taped_body[FRAME_BODY_MAX];
static size_t taped_size;

static void start(void)
{
    struct packet packet = { .kind = PACKET_KNOCK, .slot = 3, .counter = 77, .size = 48 };
    memset(packet.bytes, 0x5A, packet.size);
    taped_size = packet_write(&packet, taped_body);
    taped.kind = PACKET_KNOCK;
    taped.size = (uint16_t)frame_write(taped_body, taped_size, taped.bytes);
}

static size_t changed_bytes(const uint8_t *body, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size && i < taped_size; i++)
        count += body[i] != taped_body[i];
    return count;
}

static void form_judge(enum mutant_form form, const uint8_t *bytes, size_t size)
{
    uint8_t body[FRAME_BODY_MAX];
    struct packet packet;
    size_t length = frame_read(bytes, size, body);
    switch (form) {
    case MUTANT_NOISE:
    case MUTANT_FORMS:
        return;
    case MUTANT_BODY:
        assert_true(length > 0);
        return;
    case MUTANT_PACKET:
        assert_true(packet_read(body, length, &packet));
        return;
    case MUTANT_CHANGED:
        assert_int_equal(length, taped_size);
        assert_true(changed_bytes(body, length) <= 4);
        return;
    case MUTANT_RESIZED:
        assert_true(length > 0);
        assert_int_equal(changed_bytes(body, length), 0);
        return;
    case MUTANT_SPLICED: /* of the one body there is: itself */
        assert_int_equal(length, taped_size);
        assert_memory_equal(body, taped_body, length);
        return;
    case MUTANT_DAMAGED:
        assert_int_equal(size, taped.size);
        assert_int_equal(length, 0);
        return;
    }
}

static void each_form_is_what_it_says(void **state)
{
    (void)state;
    struct dice dice = dice_for(5, 0);
    start();
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t bytes[MUTANT_BYTES_MAX];
        enum mutant_form form = (enum mutant_form)(i % MUTANT_FORMS);
        size_t size = mutant_make(&dice, form, &tape, bytes);
        assert_in_range(size, 1, MUTANT_BYTES_MAX);
        assert_int_equal(bytes[size - 1], 0);
        form_judge(form, bytes, size);
    }
}

static void without_a_tape_all_forms_are_made_up(void **state)
{
    (void)state;
    static const struct tape none = { .count = 0 };
    struct dice dice = dice_for(6, 0);
    unsigned kinds[PACKET_IDENTITY + 1] = { 0 };
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t bytes[MUTANT_BYTES_MAX], body[FRAME_BODY_MAX];
        struct packet packet;
        size_t size = mutant_make(&dice, (enum mutant_form)(i % MUTANT_FORMS), &none, bytes);
        if (i % MUTANT_FORMS == MUTANT_PACKET && packet_read(body, frame_read(bytes, size, body), &packet))
            kinds[packet.kind]++;
    }
    assert_true(kinds[PACKET_KNOCK] > 0 && kinds[PACKET_DATA] > 0 && kinds[PACKET_PAIR_1] > 0);
    assert_true(kinds[PACKET_PAIR_3] > 0 && kinds[PACKET_EMERGENCY] > 0);
    assert_int_equal(kinds[PACKET_ANSWER] + kinds[PACKET_COUNTER] + kinds[PACKET_PAIR_2] + kinds[PACKET_PAIRED], 0);
}

static void the_same_dice_give_the_same_frames(void **state)
{
    (void)state;
    struct dice one = dice_for(7, 0), other = dice_for(7, 0), third = dice_for(8, 0);
    unsigned differ = 0;
    start();
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t first[MUTANT_BYTES_MAX] = { 0 }, second[MUTANT_BYTES_MAX] = { 0 }, strange[MUTANT_BYTES_MAX] = { 0 };
        enum mutant_form form = (enum mutant_form)(i % MUTANT_FORMS);
        size_t size = mutant_make(&one, form, &tape, first);
        assert_int_equal(mutant_make(&other, form, &tape, second), size);
        assert_memory_equal(first, second, size);
        differ += mutant_make(&third, form, &tape, strange) != size || memcmp(first, strange, size) != 0;
    }
    assert_true(differ > ROUNDS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_is_what_it_says),
        cmocka_unit_test(without_a_tape_all_forms_are_made_up),
        cmocka_unit_test(the_same_dice_give_the_same_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
