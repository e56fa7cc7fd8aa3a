/* sweep_test.c - the bits that a sweep turns over are all that there are. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "rig/sweep.h"

/* A life whose live records outgrow the numbers (peers, images) is not begun: part of them would never be looked at. */
static void every_bit_of_the_live_records_has_a_number(void **state)
{
    (void)state;
    struct sweep *sweep = sweep_begin(1, 4);
    assert_non_null(sweep);
    /* The first bit of the first record is there, and the last number stands for none: the room is larger than the records. */
    assert_int_not_equal(sweep_flip(sweep, 0, RETAINED_BYTES * 8 + 1), SWEEP_WRONG);
    assert_int_equal(sweep_flip(sweep, 0, SWEEP_BITS - 1), SWEEP_MASKED);
    sweep_end(sweep);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_bit_of_the_live_records_has_a_number) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
