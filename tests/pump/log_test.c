/* log_test.c - the ring keeps the newest events, in order and without gaps. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "pump/log.h"

static void the_ring_keeps_the_newest_events_in_order(void **state)
{
    (void)state;
    static struct log log;
    struct event event = { .code = EVENT_RATE };
    memset(&log, 0, sizeof log);
    assert_false(log_read(&log, 0, &event));
    assert_false(log_read(&log, 1, &event));
    for (int64_t i = 1; i <= 3 * LOG_EVENTS + 7; i++) {
        event = (struct event){ .code = EVENT_RATE, .field = { i } };
        log_write(&log, &event);
    }
    for (uint64_t sequence = 1; sequence <= 3 * LOG_EVENTS + 7; sequence++) {
        bool kept = sequence > 2 * LOG_EVENTS + 7;
        assert_int_equal(log_read(&log, sequence, &event), kept);
        assert_true(!kept || (event.sequence == sequence && event.field[0] == (int64_t)sequence));
    }
    assert_false(log_read(&log, 3 * LOG_EVENTS + 8, &event));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ring_keeps_the_newest_events_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
