/* gate_test.c - buckets that fill with time and are empty after a loss; counters that never go back. REQ-SECU-03, -04. */
// SPDX-License-Identifier: Apache-2.0
#include "pump/gate.h"

#include "tests/pump/bench.h"

static struct stand stand;

static bool take(unsigned bucket)
{
    struct board board = stand_board(&stand);
    return gate_take(&stand.pump, &board, bucket, stand.now);
}

static unsigned empty(unsigned bucket)
{
    unsigned taken = 0;
    while (take(bucket))
        taken++;
    return taken;
}

static void each_bucket_holds_and_fills_as_specified(void **state)
{
    (void)state;
    static const struct { unsigned bucket, most, every_s; } RULES[] = { /* link/SPEC.md */
        { GATE_FAR, 30, 150 }, { GATE_NEAR, 200, 120 }, { GATE_HANDSHAKE + 0, 4, 300 }, { GATE_HANDSHAKE + 1, 30, 120 },
        { GATE_HANDSHAKE + 8, 30, 120 }, { GATE_ANSWER + 0, 8, 30 }, { GATE_ANSWER + 8, 8, 30 },
        { GATE_MESSAGE + 1, 250, 10 }, { GATE_MESSAGE + 8, 250, 10 },
    };
    for (unsigned i = 0; i < sizeof RULES / sizeof RULES[0]; i++) {
        bench_running(&stand);
        stand_run(&stand, HOUR_MS);
        assert_int_equal(empty(RULES[i].bucket), RULES[i].most);
        assert_int_equal(gate_next(&stand.pump, RULES[i].bucket, stand.now).ms, stand.now.ms + RULES[i].every_s * 1000);
        stand_run(&stand, stand.now.ms + RULES[i].every_s * 1000 - 1000);
        assert_false(take(RULES[i].bucket));
        stand_run(&stand, stand.now.ms + 1000);
        assert_int_equal(empty(RULES[i].bucket), 1);
        stand_run(&stand, stand.now.ms + 3 * (int64_t)RULES[i].every_s * 1000);
        assert_int_equal(empty(RULES[i].bucket), 3);
        stand_run(&stand, stand.now.ms + 10 * DAY_MS);
        assert_int_equal(empty(RULES[i].bucket), RULES[i].most);
    }
}

static void a_full_bucket_waits_for_nothing(void **state)
{
    (void)state;
    bench_running(&stand);
    assert_int_equal(gate_next(&stand.pump, GATE_FAR, stand.now).ms, INT64_MAX);
    assert_true(gate_open(&stand.pump, GATE_FAR, stand.now));
}

static void a_reset_fills_nothing(void **state)
{
    (void)state;
    bench_running(&stand);
    (void)empty(GATE_HANDSHAKE + 1);
    stand_reset(&stand);
    assert_false(take(GATE_HANDSHAKE + 1));
}

/* One copy is damaged: the other knows. Both: empty, and counters as reserved. */
static void a_damaged_copy_is_mended(void **state)
{
    (void)state;
    bench_running(&stand);
    struct board board = stand_board(&stand);
    assert_true(gate_count(&stand.pump, &board, 3, 7));
    for (unsigned copy = 0; copy < 2; copy++) {
        bench_kept(&stand)->gate[copy].memory.counter[3] = 1;
        stand_reset(&stand);
        assert_int_equal(stand.pump.gate.counter[3], 7);
        assert_true(gate_open(&stand.pump, GATE_HANDSHAKE + 3, stand.now));
    }
    bench_kept(&stand)->gate[0].check ^= 1;
    bench_kept(&stand)->gate[1].check ^= 1;
    stand.pump.listening = REACH_NEAR;
    board = stand_board(&stand);
    gate_boot(&stand.pump, &board, stand.now);
    assert_int_equal(stand.pump.gate.counter[3], 7 + GATE_RESERVE);
    for (unsigned bucket = 0; bucket < GATE_BUCKETS; bucket++)
        assert_false(gate_open(&stand.pump, bucket, stand.now));
}

/* Flash is written once in GATE_RESERVE counters. */
static void counters_are_reserved_ahead(void **state)
{
    (void)state;
    bench_running(&stand);
    struct board board = stand_board(&stand);
    uint32_t records = stand.pump.store.place[STORE_PEERS].sequence;
    for (uint64_t counter = 1; counter <= 600; counter++) {
        assert_true(gate_count(&stand.pump, &board, 2, counter));
        stand_run(&stand, stand.now.ms + 100);
    }
    assert_in_range(stand.pump.store.place[STORE_PEERS].sequence - records, 2 * 6, 2 * 9);
    assert_false(gate_count(&stand.pump, &board, 2, UINT64_MAX)); /* nothing could follow it */
    assert_false(gate_count(&stand.pump, &board, 2, 600 + GATE_LEAP_MAX + 1)); /* would lock out all that follow */
    assert_int_equal(stand.pump.gate.counter[2], 600);
    unsigned leaps = 0; /* who has the key and leaps on purpose does not get far */
    for (; gate_count(&stand.pump, &board, 2, stand.pump.peers.reserved[2] + 1); leaps++) {
        stand_run(&stand, stand.now.ms + MINUTE_MS);
    }
    assert_in_range(leaps, 100, 700);
}

/* While flash cannot reserve it the frame is dropped, and spent all the same. */
static void a_counter_is_spent_while_flash_is_busy(void **state)
{
    (void)state;
    bench_running(&stand);
    struct board board = stand_board(&stand);
    for (uint64_t counter = 1000; counter < GATE_LEAP_MAX; counter = stand.pump.peers.reserved[2] + 1) {
        if (!gate_count(&stand.pump, &board, 2, counter)) {
            assert_int_equal(stand.pump.gate.counter[2], counter);
            return;
        }
    }
    fail(); /* records follow each other faster than sectors are erased */
}

static void a_new_key_begins_anew(void **state)
{
    (void)state;
    bench_running(&stand);
    struct board board = stand_board(&stand);
    assert_true(gate_count(&stand.pump, &board, 2, 5));
    (void)empty(GATE_HANDSHAKE + 2);
    gate_renew(&stand.pump, &board, 2, stand.now);
    assert_int_equal(stand.pump.gate.counter[2], 0);
    assert_int_equal(empty(GATE_HANDSHAKE + 2), 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bucket_holds_and_fills_as_specified),
        cmocka_unit_test(a_full_bucket_waits_for_nothing),
        cmocka_unit_test(a_reset_fills_nothing),
        cmocka_unit_test(a_damaged_copy_is_mended),
        cmocka_unit_test(counters_are_reserved_ahead),
        cmocka_unit_test(a_counter_is_spent_while_flash_is_busy),
        cmocka_unit_test(a_new_key_begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
