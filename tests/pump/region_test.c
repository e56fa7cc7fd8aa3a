/* region_test.c - the regions tile the flash: one after the other, none empty, none beyond its end. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "pump/region.h"

static void regions_follow_each_other(void **state)
{
    (void)state;
    unsigned next = 0;
    for (unsigned region = 0; region < REGIONS; region++) {
        struct region_span span = region_span((enum region)region);
        assert_int_equal(span.first, next);
        assert_true(span.count >= 2); /* one is always being erased */
        next += span.count;
    }
    assert_int_equal(next, REGION_SECTORS);
    assert_true(next <= FLASH_SECTORS);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(regions_follow_each_other) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
