/* glitch_test.c - what a glitch is drawn from, and what a skipped instruction leaves behind. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/chip/glitch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const uint16_t REQUESTS[] = { 3, 9, 1, 12 };
static const struct glitch_ground GROUND = { .wakes = 4, .requests = REQUESTS, .pump_bytes = 1000 };

static void a_plan_is_its_seed_and_run(void **state)
{
    (void)state;
    unsigned alike = 0;
    for (uint64_t run = 0; run < 1000; run++) {
        struct glitch once = glitch_plan(7, run, &GROUND), again = glitch_plan(7, run, &GROUND);
        struct glitch other = glitch_plan(8, run, &GROUND);
        char text[3][160];
        glitch_text(&once, text[0], sizeof text[0]);
        glitch_text(&again, text[1], sizeof text[1]);
        glitch_text(&other, text[2], sizeof text[2]);
        assert_string_equal(text[0], text[1]);
        alike += strcmp(text[0], text[2]) == 0;
    }
    assert_true(alike < 50);
}

static void every_choice_comes_and_none_beyond(void **state)
{
    (void)state;
    unsigned wakes[4] = { 0 }, kinds[GLITCH_KINDS] = { 0 }, registers[16] = { 0 }, last = 0, longest = 0;
    for (uint64_t run = 0; run < 20000; run++) {
        struct glitch glitch = glitch_plan(1, run, &GROUND);
        assert_true(glitch.wake < 4 && glitch.request < REQUESTS[glitch.wake] && glitch.instructions < GLITCH_LONGEST);
        wakes[glitch.wake]++;
        kinds[glitch.kind]++;
        last += glitch.wake == 3 && glitch.request == 11;
        longest += glitch.instructions == GLITCH_LONGEST - 1;
        if (glitch.kind == GLITCH_REGISTER) {
            registers[glitch.number]++;
            assert_true(glitch.bit <= 31 && (glitch.number != GDB_PC || glitch.bit > 0) &&
                        (glitch.number != GDB_SP || glitch.bit > 1));
        } else if (glitch.kind == GLITCH_FLAG) {
            assert_true(glitch.bit >= 27 && glitch.bit <= 31);
        } else {
            assert_true(glitch.bit <= 7);
        }
        assert_true(glitch.kind != GLITCH_PUMP || glitch.place < 1000);
    }
    for (unsigned i = 0; i < 4; i++)
        assert_in_range(wakes[i], 4700, 5300);
    for (unsigned i = 0; i < 16; i++)
        assert_true(registers[i] > 300);
    for (unsigned i = 0; i < GLITCH_KINDS; i++)
        assert_true(kinds[i] > 800);
    assert_true(last > 0 && longest > 0);
}

static void an_instruction_has_two_bytes_or_four(void **state)
{
    (void)state;
    assert_int_equal(glitch_instruction_bytes(0x3001), 2); /* adds r0, #1 */
    assert_int_equal(glitch_instruction_bytes(0xE7FE), 2); /* b . */
    assert_int_equal(glitch_instruction_bytes(0xBF08), 2); /* it eq */
    assert_int_equal(glitch_instruction_bytes(0xE92D), 4); /* push.w */
    assert_int_equal(glitch_instruction_bytes(0xF000), 4); /* bl */
    assert_int_equal(glitch_instruction_bytes(0xF8D0), 4); /* ldr.w */
}

/* "ITTE EQ" is the state 0x06: after the first 0x0C, after the second 0x18, after the third nothing. Written out by hand from the
 * manual's table of ITSTATE: the condition stays, the mask moves up. */
static uint32_t psr_with(uint32_t state)
{
    return 0x81000003 | (state & 3) << 25 | (state >> 2) << 10;
}

static void an_it_block_goes_on_behind_a_skipped_instruction(void **state)
{
    (void)state;
    assert_int_equal(glitch_psr_after(psr_with(0)), psr_with(0));
    assert_int_equal(glitch_psr_after(psr_with(0x06)), psr_with(0x0C));
    assert_int_equal(glitch_psr_after(psr_with(0x0C)), psr_with(0x18));
    assert_int_equal(glitch_psr_after(psr_with(0x18)), psr_with(0));
    assert_int_equal(glitch_psr_after(psr_with(0xAF)), psr_with(0xBE)); /* GE, four of them */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_its_seed_and_run),
        cmocka_unit_test(every_choice_comes_and_none_beyond),
        cmocka_unit_test(an_instruction_has_two_bytes_or_four),
        cmocka_unit_test(an_it_block_goes_on_behind_a_skipped_instruction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
