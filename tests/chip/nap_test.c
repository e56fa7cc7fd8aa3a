/* nap_test.c - no wish of the pump lets the core sleep for longer than the pump can do without a look at itself. */
// SPDX-License-Identifier: Apache-2.0
#include "chip/nap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_wish_within_the_hour_is_granted_and_none_beyond(void **state)
{
    (void)state;
    static const int64_t nows[] = { 0, 5, 3600000, INT64_C(3153600000000) };
    for (unsigned i = 0; i < sizeof nows / sizeof nows[0]; i++) {
        instant_ms now = { nows[i] };
        for (int64_t wish = -1; wish <= 3600000; wish += 3600001 / 7)
            assert_int_equal(nap_until(now, (instant_ms){ now.ms + wish }), now.ms + wish);
        assert_int_equal(nap_until(now, (instant_ms){ now.ms + 3600000 }), now.ms + 3600000);
        assert_int_equal(nap_until(now, (instant_ms){ now.ms + 3600001 }), now.ms + 3600000);
        assert_int_equal(nap_until(now, INSTANT_NEVER), now.ms + 3600000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_wish_within_the_hour_is_granted_and_none_beyond) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
