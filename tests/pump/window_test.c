/* window_test.c - buckets and the sum beside them. REQ-THER-09. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "pump/window.h"

static void the_sum_is_that_of_the_buckets(void **state)
{
    (void)state;
    uint64_t seed = 9;
    struct window window;
    int64_t mirror[WINDOW_RING] = { 0 };
    window_clear(&window);
    for (unsigned i = 0; i < 5000; i++) {
        unsigned at = (unsigned)chance_between(&seed, 0, WINDOW_RING - 1);
        if (chance_between(&seed, 0, 3) == 0) {
            window_drop(&window, at);
            mirror[at] = 0;
        } else {
            int64_t fg = chance_between(&seed, 0, LIMIT_FG_MAX / 6000);
            window_book(&window, at, fg);
            mirror[at] += fg;
        }
        int64_t sum = 0;
        for (unsigned b = 0; b < WINDOW_RING; b++) {
            assert_true(window.bucket_fg[b] == mirror[b]);
            sum += mirror[b];
        }
        assert_true(window.sum_fg == sum);
        assert_true(window_sound(&window));
    }
}

static void a_changed_bucket_sum_or_complement_is_not_sound(void **state)
{
    (void)state;
    struct window whole, window;
    window_clear(&whole);
    window_book(&whole, 5, 12345);
    for (unsigned bit = 0; bit < 8 * sizeof window; bit++) {
        window = whole;
        ((uint8_t *)&window)[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(window_sound(&window));
    }
    assert_true(window_sound(&whole));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sum_is_that_of_the_buckets),
        cmocka_unit_test(a_changed_bucket_sum_or_complement_is_not_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
