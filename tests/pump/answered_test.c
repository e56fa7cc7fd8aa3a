/* answered_test.c - which receipts are kept, and for whom. REQ-LINK-02, -03, HZ-28. */
// SPDX-License-Identifier: Apache-2.0
#include "pump/answered.h"

#include "tests/pump/bench.h"

static struct pump pump;

static void add(uint8_t slot, uint64_t id)
{
    struct receipt receipt = { .id = id, .detail = (int64_t)(1000 * slot + id) };
    answered_add(&pump, slot, id ^ 0xABCD, &receipt);
}

static bool known(uint8_t slot, uint64_t id)
{
    const struct answered *answered = answered_find(&pump, slot, id);
    assert_true(answered == NULL || answered->receipt.detail == (int64_t)(1000 * slot + id));
    assert_true(answered == NULL || answered->fingerprint == (id ^ 0xABCD));
    return answered != NULL;
}

static void the_newest_are_kept(void **state)
{
    (void)state;
    pump = (struct pump){ .moving = false };
    assert_false(known(1, 1));
    for (uint64_t id = 1; id <= 100; id++) {
        pump.now_changed = pump.keeping.checkpoint_due = false;
        add(1, id);
        assert_true(pump.now_changed && pump.keeping.checkpoint_due);
        assert_int_equal(pump.now.highest_id[1], id);
        for (uint64_t old = 1; old <= id; old++)
            assert_int_equal(known(1, old), old + RECEIPTS_MAX > id);
    }
    assert_false(known(2, 100)); /* each slot counts for itself */
}

/* However many commands another sends, the newest of each can be asked for. */
static void nobody_pushes_out_the_newest_of_another(void **state)
{
    (void)state;
    pump = (struct pump){ .moving = false };
    for (uint8_t slot = 1; slot < SENDER_SLOTS; slot++)
        add(slot, 7);
    for (uint64_t id = 1; id <= 50; id++) {
        add(SENDER_SLOTS, id);
        assert_true(known(SENDER_SLOTS, id));
        for (uint8_t slot = 1; slot < SENDER_SLOTS; slot++)
            assert_true(known(slot, 7));
    }
}

static void a_new_key_is_told_nothing_of_the_one_before(void **state)
{
    (void)state;
    pump = (struct pump){ .moving = false };
    add(3, 1);
    add(4, 1);
    add(3, 2);
    pump.now_changed = pump.keeping.checkpoint_due = false;
    answered_forget(&pump, 3);
    assert_true(pump.now_changed && pump.keeping.checkpoint_due);
    assert_false(known(3, 1) || known(3, 2));
    assert_int_equal(pump.now.highest_id[3], 0);
    assert_true(known(4, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_are_kept),
        cmocka_unit_test(nobody_pushes_out_the_newest_of_another),
        cmocka_unit_test(a_new_key_is_told_nothing_of_the_one_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
