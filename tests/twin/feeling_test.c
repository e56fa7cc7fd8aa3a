/* feeling_test.c - a person complains of what is bad, of the worst first, and of nothing when all is well. */
// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <string.h>

#include "tests/twin/dice.h"
#include "twin/body/feeling.h"

static const struct person_view WELL = { .pain = 1.0, .breathing = 1.0 };

static const char *const SENTENCES[] = {
#define FEELING(member, sign, least, sentence) sentence,
#include "twin/body/feeling.def"
#undef FEELING
};

enum { SENTENCES_ALL = sizeof SENTENCES / sizeof SENTENCES[0] };

static void who_is_well_says_nothing(void **state)
{
    (void)state;
    const char *said[PERSON_FEELINGS_MAX];
    assert_int_equal(feelings_said(&WELL, said), 0);
}

static void stiff_legs_are_told_in_plain_words(void **state)
{
    (void)state;
    const char *said[PERSON_FEELINGS_MAX];
    struct person_view view = WELL;
    view.spasticity = 0.5;
    assert_int_equal(feelings_said(&view, said), 1);
    assert_string_equal(said[0], "My legs are stiff again.");
    view.spasticity = 0.9;
    assert_int_equal(feelings_said(&view, said), 1);
    assert_string_equal(said[0], "My legs are stiff as boards and jerk.");
}

static void low_and_high_pressure_are_different_complaints(void **state)
{
    (void)state;
    const char *said[PERSON_FEELINGS_MAX];
    struct person_view view = WELL;
    view.blood_pressure = 0.6;
    assert_int_equal(feelings_said(&view, said), 1);
    assert_string_equal(said[0], "My head pounds and my heart races.");
    view.blood_pressure = -0.6;
    assert_int_equal(feelings_said(&view, said), 1);
    assert_string_equal(said[0], "Everything goes black when I sit up.");
}

static int place_of(const char *sentence)
{
    for (int i = 0; i < SENTENCES_ALL; i++) {
        if (strcmp(SENTENCES[i], sentence) == 0) {
            return i;
        }
    }
    return -1;
}

/* Over views at random each sentence of the table is said once at least, in the table's order, and no more than there is
 * room for. */
static void every_sentence_is_said_in_its_order(void **state)
{
    (void)state;
    bool heard[SENTENCES_ALL] = { false };
    struct dice dice = { 11 };
    for (int life = 0; life < 20000; life++) {
        const char *said[PERSON_FEELINGS_MAX];
        double cube[9];
        for (int i = 0; i < 9; i++) {
            double share = dice_share(&dice);
            cube[i] = share * share * share;
        }
        struct person_view view = { .pain = 10 * cube[0],
                                    .spasticity = cube[1],
                                    .sedation = cube[2],
                                    .withdrawal = cube[3],
                                    .confusion = cube[4],
                                    .nausea = cube[5],
                                    .itching = cube[6],
                                    .weakness = cube[7],
                                    .fever = cube[8],
                                    .apnoea = dice_share(&dice) < 0.01 ? 1.0 : 0.0,
                                    .blood_pressure = 2 * dice_share(&dice) - 1 };
        int count = feelings_said(&view, said);
        assert_in_range(count, 0, PERSON_FEELINGS_MAX);
        for (int i = 0; i < count; i++) {
            assert_true(place_of(said[i]) >= 0 && (i == 0 || place_of(said[i]) > place_of(said[i - 1])));
            heard[place_of(said[i])] = true;
        }
    }
    for (int i = 0; i < SENTENCES_ALL; i++) {
        assert_true(heard[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_well_says_nothing),
        cmocka_unit_test(stiff_legs_are_told_in_plain_words),
        cmocka_unit_test(low_and_high_pressure_are_different_complaints),
        cmocka_unit_test(every_sentence_is_said_in_its_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
