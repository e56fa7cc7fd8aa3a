/* chosen_test.c - modes that somebody chose pass, others do not: against the sentences of core/mode.def, written out here. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/chosen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "pump/supervisor.h"

static struct chosen chosen;

static const char *entry(uint16_t code, int64_t at_ms, int64_t f0, int64_t f1, int64_t f2)
{
    struct event event = { .at = { at_ms }, .code = code, .field = { f0, f1, f2 } };
    return chosen_event(&chosen, &event);
}

static const char *change(int64_t at_ms, uint8_t from, uint8_t to, enum happening cause)
{
    return entry(EVENT_MODE, at_ms, from, to, cause);
}

/* A pump in this mode, at 1000 ms. */
static void begin(uint8_t mode)
{
    chosen_start(&chosen);
    chosen.mode = mode;
    chosen.before = MODE_RUNNING;
    chosen.event_ms = 1000;
}

static void every_way_from_mode_to_mode_is_known(void **state)
{
    (void)state;
    static const struct { uint8_t from, to; enum happening cause; } ways[] = {
        { MODE_NEW, MODE_RUNNING, HAPPENING_ACTIVATE },     { MODE_STOPPED, MODE_RUNNING, HAPPENING_ACTIVATE },
        { MODE_SAFE, MODE_RUNNING, HAPPENING_ACTIVATE },    { MODE_RUNNING, MODE_STOPPED, HAPPENING_STOP },
        { MODE_EMPTY, MODE_STOPPED, HAPPENING_STOP },       { MODE_RUNNING, MODE_MINIMUM, HAPPENING_MINIMUM },
        { MODE_STOPPED, MODE_MINIMUM, HAPPENING_MINIMUM },  { MODE_STOPPED, MODE_RUNNING, HAPPENING_RESUME },
        { MODE_MINIMUM, MODE_RUNNING, HAPPENING_RESUME },   { MODE_RUNNING, MODE_EMPTY, HAPPENING_EMPTY },
        { MODE_EMPTY, MODE_RUNNING, HAPPENING_REFILLED },   { MODE_MINIMUM, MODE_SAFE, HAPPENING_FAULT },
    };
    for (unsigned i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        begin(ways[i].from);
        assert_null(change(2000, ways[i].from, ways[i].to, ways[i].cause));
        assert_int_equal(chosen.mode, ways[i].to);
        for (uint8_t to = MODE_NEW; to <= MODE_EMPTY; to++) {
            begin(ways[i].from);
            assert_int_equal(change(2000, ways[i].from, to, ways[i].cause) == NULL, to == ways[i].to);
        }
    }
    begin(MODE_STOPPED);
    assert_non_null(change(2000, MODE_RUNNING, MODE_STOPPED, HAPPENING_STOP)); /* it was not in that mode */
    begin(MODE_STOPPED);
    assert_non_null(change(2000, MODE_STOPPED, MODE_SAFE, HAPPENING_FAULT)); /* a stop stays one */
}

static void what_nobody_chose_shows(void **state)
{
    (void)state;
    begin(MODE_RUNNING);
    assert_null(chosen_look(&chosen, MODE_RUNNING, 0, 1500));
    assert_non_null(chosen_look(&chosen, MODE_STOPPED, 0, 1600));
    /* Without its entry only what may have been asked for, or the safe rate, is believed; and once. */
    for (uint8_t mode = MODE_NEW; mode <= MODE_EMPTY; mode++) {
        begin(MODE_RUNNING);
        assert_null(entry(EVENT_BOOT, 2000, 1, 1, 0));
        bool may = mode == MODE_RUNNING || mode == MODE_SAFE || mode == MODE_STOPPED;
        assert_int_equal(chosen_look(&chosen, mode, 1U << MODE_STOPPED, 2000) == NULL, may);
        assert_null(chosen_look(&chosen, mode, 0, 2000));
        assert_non_null(chosen_look(&chosen, mode == MODE_NEW ? MODE_EMPTY : MODE_NEW, ~0U, 2000));
    }
}

static void the_safe_rate_has_a_reason(void **state)
{
    (void)state;
    begin(MODE_RUNNING);
    assert_null(change(2000, MODE_RUNNING, MODE_SAFE, HAPPENING_FAULT));
    assert_non_null(entry(EVENT_DAY, 2001, 0, 0, 0)); /* the instant is over */
    begin(MODE_RUNNING);
    assert_null(entry(EVENT_RESETS, 2000, 3, 1, 0));
    assert_null(change(2000, MODE_RUNNING, MODE_SAFE, HAPPENING_FAULT));
    assert_null(entry(EVENT_DAY, 2001, 0, 0, 0));
    begin(MODE_RUNNING);
    assert_null(change(2000, MODE_RUNNING, MODE_SAFE, HAPPENING_FAULT));
    assert_null(entry(EVENT_ALARM_RAISED, 2000, ALARM_CYCLES, 3, 0)); /* told after it, at the same instant */
    assert_null(chosen_look(&chosen, MODE_SAFE, 0, 3000));
    begin(MODE_RUNNING);
    assert_null(entry(EVENT_ALARM_RAISED, 2000, ALARM_RESERVOIR_LOW, 3, 0)); /* none */
    assert_null(change(2000, MODE_RUNNING, MODE_SAFE, HAPPENING_FAULT));
    assert_non_null(chosen_look(&chosen, MODE_SAFE, 0, 3000));
}

static void an_empty_pump_returns_to_what_it_did(void **state)
{
    (void)state;
    begin(MODE_MINIMUM);
    assert_null(change(2000, MODE_MINIMUM, MODE_EMPTY, HAPPENING_EMPTY));
    struct chosen empty = chosen;
    assert_null(change(3000, MODE_EMPTY, MODE_MINIMUM, HAPPENING_REFILLED));
    chosen = empty;
    assert_non_null(change(3000, MODE_EMPTY, MODE_RUNNING, HAPPENING_REFILLED));
    chosen = empty;
    assert_null(entry(EVENT_ACTIVATED, 2500, 0, 0, 0)); /* a therapy was activated meanwhile */
    assert_null(change(3000, MODE_EMPTY, MODE_RUNNING, HAPPENING_REFILLED));
    chosen = empty;
    assert_non_null(change(3000, MODE_EMPTY, MODE_SAFE, HAPPENING_REFILLED));
    chosen = empty;
    assert_null(entry(EVENT_RESETS, 2500, 3, 1, 0));
    assert_null(change(3000, MODE_EMPTY, MODE_SAFE, HAPPENING_REFILLED));
}

static void what_was_is_remembered(void **state)
{
    (void)state;
    begin(MODE_NEW);
    assert_null(change(2000, MODE_NEW, MODE_RUNNING, HAPPENING_ACTIVATE));
    assert_null(change(3000, MODE_RUNNING, MODE_STOPPED, HAPPENING_STOP));
    assert_null(change(3000, MODE_STOPPED, MODE_RUNNING, HAPPENING_RESUME));
    assert_true(chosen_was(&chosen, 2999, MODE_RUNNING));
    assert_false(chosen_was(&chosen, 2999, MODE_STOPPED));
    assert_true(chosen_was(&chosen, 3000, MODE_STOPPED));
    assert_true(chosen_was(&chosen, 3000, MODE_RUNNING));
    assert_true(chosen_was(&chosen, 9000, MODE_RUNNING));
    assert_false(chosen_was(&chosen, 1999, MODE_RUNNING));
    assert_true(chosen_was(&chosen, 1999, MODE_NEW));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_from_mode_to_mode_is_known),
        cmocka_unit_test(what_nobody_chose_shows),
        cmocka_unit_test(the_safe_rate_has_a_reason),
        cmocka_unit_test(an_empty_pump_returns_to_what_it_did),
        cmocka_unit_test(what_was_is_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
