/* agenda_test.c - the oracle's own walker and the program's own reckoning, two independent writings of core/SPEC.md,
 * agree on every minute of random weeks. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/agenda.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rig/invent.h"

enum { WEEKS = 200 };

static void both_agree_on_every_minute(void **state)
{
    (void)state;
    struct dice dice = dice_for(11, 0);
    struct invent implant;
    struct mixture mixture;
    struct therapy therapy;
    int32_t catheter_mm;
    unsigned flex = 0;
    for (unsigned i = 0; i < WEEKS; i++) {
        invent_implant(&dice, &implant, &catheter_mm);
        invent_mixture(&dice, &implant, &mixture);
        if (!invent_therapy(&dice, &implant, &mixture, 0, &therapy))
            continue;
        flex += therapy.program.kind == PROGRAM_FLEX;
        int64_t from = dice_between(&dice, 0, 80 * 365) * (int64_t)DAY_MS, holds = 0;
        int32_t held = 0;
        for (int64_t minute = 0; minute < 8 * DAY_MINUTES; minute++) {
            int64_t until;
            int64_t civil = from + minute * MINUTE_MS;
            int32_t flow = agenda_flow(&therapy.program, civil, &until);
            span_ms unchanged;
            assert_int_equal(flow, program_rate(&therapy.program, (civil_ms){ civil }, &unchanged).nl_day);
            assert_true(until > civil);
            if (civil < holds)
                assert_int_equal(flow, held); /* it promised so */
            held = flow;
            holds = until;
        }
    }
    assert_true(flex > WEEKS / 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(both_agree_on_every_minute) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
