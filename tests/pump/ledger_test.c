/* ledger_test.c - whose quantum, what is in hand, and which copy counts. REQ-THER-01, REQ-STOR-03. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "pump/ledger.h"

static const vol_grain QUANTUM = { INT64_C(250) * GRAIN_PER_NL };

static struct ledger cleared(void)
{
    struct ledger ledger;
    ledger_clear(&ledger, (instant_ms){ 1000 });
    return ledger;
}

static void nothing_is_lost_in_any_order_of_flows(void **state)
{
    (void)state;
    uint64_t seed = 3;
    struct ledger ledger = cleared();
    int64_t prescribed = 0, taken = 0;
    for (unsigned i = 0; i < 20000; i++) {
        rate_nl_day base = { (int32_t)chance_between(&seed, 0, 3000000) };
        rate_nl_day course = { (int32_t)chance_between(&seed, 0, 20000000) };
        if (ledger.course_left_grain == 0 && chance_between(&seed, 0, 9) == 0)
            ledger.course_left_grain = chance_between(&seed, 1, 40) * QUANTUM.grain / 7;
        int64_t left = ledger.course_left_grain, span = chance_between(&seed, 0, 700);
        int64_t due = 5 * (int64_t)course.nl_day * span;
        prescribed += 5 * (int64_t)base.nl_day * span + (due < left ? due : left);
        ledger_accrue(&ledger, base, course, (instant_ms){ ledger.accrued_ms + span });
        while (ledger_in_hand(&ledger).grain >= QUANTUM.grain) {
            bool course_first = ledger.course_grain >= ledger.base_grain;
            enum ledger_intent whose = ledger_take(&ledger, QUANTUM);
            assert_int_equal(whose, course_first ? INTENT_COURSE : INTENT_BASE);
            ledger_command(&ledger, whose);
            ledger_settle(&ledger, true);
            taken++;
        }
        assert_true(ledger_in_hand(&ledger).grain == prescribed - taken * QUANTUM.grain);
        assert_true(2 * ledger.base_grain >= -QUANTUM.grain && 2 * ledger.course_grain >= -QUANTUM.grain);
    }
    assert_true(taken > 1000);
    assert_int_equal(ledger.commanded, taken);
    assert_int_equal(ledger.metered, taken);
}

static void ties_go_to_the_course(void **state)
{
    (void)state;
    struct ledger ledger = cleared();
    ledger.base_grain = QUANTUM.grain / 2;
    ledger.course_grain = QUANTUM.grain / 2;
    assert_int_equal(ledger_take(&ledger, QUANTUM), INTENT_COURSE);
    assert_true(ledger.course_grain == -QUANTUM.grain / 2);
}

static void a_quantum_unconfirmed_is_commanded_and_not_metered(void **state)
{
    (void)state;
    struct ledger ledger = cleared();
    ledger_command(&ledger, INTENT_COURSE);
    assert_int_equal(ledger.intent, INTENT_COURSE);
    ledger_settle(&ledger, false);
    assert_int_equal(ledger.intent, INTENT_NONE);
    assert_int_equal(ledger.commanded, 1);
    assert_int_equal(ledger.commanded_course, 1);
    assert_int_equal(ledger.metered, 0);
}

static void a_confirmation_in_place_is_a_settlement_of_both_copies(void **state)
{
    (void)state;
    struct ledger_pair pair, settled;
    struct ledger ledger = cleared();
    ledger.commanded = 9;
    ledger.metered = 7;
    ledger_command(&ledger, INTENT_BASE);
    ledger_store(&pair, &ledger);
    assert_int_equal(ledger_confirm(&pair), 8);
    ledger_settle(&ledger, true);
    ledger_store(&settled, &ledger);
    assert_memory_equal(&pair, &settled, sizeof pair);
}

static void any_flipped_bit_in_one_copy_leaves_the_other(void **state)
{
    (void)state;
    struct ledger_pair pair;
    struct ledger ledger = cleared(), read;
    ledger.commanded = 123456;
    ledger.base_grain = -77;
    ledger_store(&pair, &ledger);
    for (unsigned copy = 0; copy < 2; copy++) {
        for (unsigned bit = 0; bit < 8 * sizeof pair.copy[0]; bit++) {
            uint8_t *byte = (uint8_t *)&pair.copy[copy] + bit / 8;
            *byte ^= (uint8_t)(1u << bit % 8);
            assert_int_equal(ledger_load(&pair, &read), RESULT_OK);
            assert_memory_equal(&read, &ledger, sizeof read);
            *byte ^= (uint8_t)(1u << bit % 8);
        }
    }
}

static void what_was_not_loaded_is_not_what_is_kept(void **state)
{
    (void)state;
    struct ledger_pair pair;
    struct ledger ledger = { 7, 2, 6, 1000, -50, 9000, 123456, INTENT_BASE }, none = { 0 };
    ledger_store(&pair, &ledger);
    assert_true(ledger_kept(&pair, &ledger));
    assert_false(ledger_kept(&pair, &none));
    for (unsigned bit = 0; bit < 8 * sizeof ledger; bit++) {
        uint8_t *byte = (uint8_t *)&ledger + bit / 8;
        *byte ^= (uint8_t)(1u << bit % 8);
        assert_false(ledger_kept(&pair, &ledger));
        *byte ^= (uint8_t)(1u << bit % 8);
    }
    pair.copy[0].check ^= 1;
    assert_true(ledger_kept(&pair, &ledger));
    pair.copy[1].check ^= 1;
    assert_false(ledger_kept(&pair, &ledger));
}

static void two_damaged_copies_are_no_ledger(void **state)
{
    (void)state;
    struct ledger_pair pair;
    struct ledger ledger = cleared(), read = cleared();
    ledger_store(&pair, &ledger);
    pair.copy[0].ledger.commanded ^= 1;
    pair.copy[1].ledger.metered ^= 1 << 20;
    read.commanded = 42;
    assert_int_equal(ledger_load(&pair, &read), RESULT_DAMAGED);
    assert_int_equal(read.commanded, 42);
    memset(&pair, 0, sizeof pair); /* memory never written */
    assert_int_equal(ledger_load(&pair, &read), RESULT_DAMAGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost_in_any_order_of_flows),
        cmocka_unit_test(ties_go_to_the_course),
        cmocka_unit_test(a_quantum_unconfirmed_is_commanded_and_not_metered),
        cmocka_unit_test(a_confirmation_in_place_is_a_settlement_of_both_copies),
        cmocka_unit_test(any_flipped_bit_in_one_copy_leaves_the_other),
        cmocka_unit_test(what_was_not_loaded_is_not_what_is_kept),
        cmocka_unit_test(two_damaged_copies_are_no_ledger),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
