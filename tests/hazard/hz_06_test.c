/* HZ-06: a replacement date is shown that is no date, or one too late. REQ-TIME-07, REQ-PWR-01 (and REQ-RSVR-07 where
 * the replacement date bounds the refill date).
 *
 * A programmer's card once showed "replace by ??/??/????", or a day more than 90 days after the indicator. Here the pump
 * holds the truth, and holds it against whatever sensors, ledgers and programs may say: every date is a date or the word
 * for unknown, the end of service is never later than 90 days after the indicator, and once the indicator has come
 * neither date moves away again. */
// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "tests/hazard/clinician.h"

#include "core/calendar.h"
#include "pump/energy.h"

enum { LIVES = 300, LOOKS = 3000 };

static uint64_t roll(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* A date that can be printed: there and back through the calendar is the same moment. */
static bool is_date(instant_ms at)
{
    struct calendar calendar = { .offset = { INT64_C(1700000000000) } }; /* implanted in 2023 */
    civil_ms civil = calendar_civil(&calendar, at), back;
    struct civil_date date = civil_date(civil);
    return at.ms >= 0 && civil_from_date(&date, &back) == RESULT_OK && back.ms == civil.ms;
}

/* A life's own way of misbehaving. */
static int32_t reading(uint64_t *chance, uint64_t kind, int look)
{
    static const int32_t odd[] = { 0, -1, 1, INT32_MAX, INT32_MIN, INT32_MIN + 1, 1500, 4000, 2200, 2350, 65535, 32768 };
    switch (kind % 6) {
    case 0:
        return 3200 - look / 8; /* as it should be */
    case 1:
        return (int32_t)roll(chance); /* anything */
    case 2:
        return 3200; /* stuck */
    case 3:
        return look < 1500 ? 3150 : 2300; /* a sudden drop */
    case 4:
        return odd[roll(chance) % (sizeof odd / sizeof odd[0])];
    default:
        return 1500 + (int32_t)(roll(chance) % 2500); /* noise over all that is possible */
    }
}

static struct energy_facts misbehave(uint64_t *chance, uint64_t kind, int look, int64_t *commanded)
{
    int64_t flow = (int64_t)(roll(chance) % (kind % 4 == 0 ? 96000 : 3000));
    int64_t more = kind % 5 == 0 ? 0 : (int64_t)(roll(chance) % (kind % 4 == 1 ? 8000 : 200));
    *commanded = *commanded > INT64_MAX - more ? INT64_MAX : *commanded + more;
    if (kind % 7 == 0 && roll(chance) % 500 == 0) {
        *commanded = kind % 2 == 0 ? 0 : INT64_MAX - (int64_t)(roll(chance) % 1000); /* a ledger lost, or flipped */
    }
    bool big = kind % 11 == 0 && roll(chance) % 100 == 0;
    return (struct energy_facts){ .commanded = *commanded,
                                  .quanta_per_day = big ? INT64_MAX : flow,
                                  .battery_mv = reading(chance, kind, look),
                                  .mechanism = kind % 2 == 0 ? MECHANISM_ROTOR : MECHANISM_VALVE };
}

static void check(const struct energy_report *was, const struct energy_report *is, instant_ms now)
{
    assert_true(is->end.ms == INSTANT_NEVER.ms || is_date(is->end));
    assert_true(is->replace.ms == INSTANT_NEVER.ms || is_date(is->replace));
    assert_int_equal(is->end.ms == INSTANT_NEVER.ms, is->replace.ms == INSTANT_NEVER.ms);
    if (is->end.ms != INSTANT_NEVER.ms) {
        assert_true(is->end.ms <= is->replace.ms + ENERGY_NOTICE_DAYS * (int64_t)DAY_MS);
        assert_true(is->days_least >= 0 && is->days_most >= is->days_least);
        assert_true((int64_t)is->days_least * DAY_MS <= is->end.ms - now.ms || is->end.ms < now.ms);
    }
    if (is->state == ENERGY_GOOD) {
        assert_int_equal(was->state, ENERGY_GOOD);
        assert_true(is->replace.ms > now.ms); /* what has not come lies ahead */
    } else {
        assert_true(is->replace.ms <= now.ms);
    }
    if (was->state != ENERGY_GOOD) {
        assert_int_equal(is->replace.ms, was->replace.ms);
        assert_true(is->end.ms <= was->end.ms && is->state >= was->state);
    }
    assert_true((is->state == ENERGY_ENDED) == (is->state != ENERGY_GOOD && is->end.ms <= now.ms));
    assert_true(is->used_mc >= was->used_mc);
}

static void test_every_date_is_one_and_within_its_bound(void **state)
{
    (void)state;
    static const struct energy_tally nothing;
    uint64_t chance = 6, ended = 0, replaced = 0;
    for (uint64_t kind = 0; kind < LIVES; kind++) {
        struct energy energy = { 0 };
        struct energy_facts facts = { .mechanism = MECHANISM_ROTOR };
        struct energy_report was = energy_report(&energy, &facts, (instant_ms){ 0 });
        assert_int_equal(was.end.ms, INSTANT_NEVER.ms); /* never looked at: unknown, not a made-up date */
        assert_int_equal(was.days_least, -1);
        instant_ms now = { 0 };
        int64_t commanded = 0;
        for (int look = 0; look < LOOKS; look++) {
            int64_t step = roll(&chance) % 50 == 0 ? (int64_t)(roll(&chance) % 20) * DAY_MS : HOUR_MS;
            now.ms += roll(&chance) % 20 == 0 ? 0 : kind % 3 == 0 ? DAY_MS : step;
            facts = misbehave(&chance, kind, look, &commanded);
            (void)energy_look(&energy, &facts, &nothing, now);
            struct energy_report is = energy_report(&energy, &facts, now);
            check(&was, &is, now);
            was = is;
        }
        ended += was.state == ENERGY_ENDED;
        replaced += was.state != ENERGY_GOOD;
    }
    print_message("%d lives of %d looks: %d reached replacement, %d the end\n", LIVES, LOOKS, (int)replaced, (int)ended);
    assert_true(ended > LIVES / 4 && replaced > ended && replaced < LIVES * 9 / 10);
}

/* On the clinic's finish screen the next refill is a date or words, whatever the pump says of its replacement. */
static void test_the_finish_screen_shows_dates_that_are_some(void **state)
{
    (void)state;
    static struct bedside bed;
    static struct finish finish;
    static const int64_t odd[] = { 0, 1, INT64_MAX, INT64_C(1) << 52, INT64_C(9000000000000), 86400000 };
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    clinician_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, DAY_MS);
    clinician.wanted = therapy;
    clinician_upto(WORK_PROGRAM, STEP_AT_FINISH);
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        unsigned year = 0, month = 0, day = 0, rows = 0;
        clinician.workflow.seen.replace.ms = odd[i];
        finish_workflow(&finish, &clinician.workflow, &clinician.practice);
        for (unsigned row = 0; row < finish.count; row++)
            if (strcmp(finish.row[row].label, "refill by") == 0) {
                rows++;
                bool words = strncmp(finish.row[row].new, "not known", 9) == 0;
                assert_true(words || sscanf(finish.row[row].new, "%4u-%2u-%2u, because of", &year, &month, &day) == 3);
                assert_true(words || (year >= 2026 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && day <= 31));
            }
        assert_int_equal(rows, 1);
    }
    clinician_finish();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_date_is_one_and_within_its_bound),
        cmocka_unit_test(test_the_finish_screen_shows_dates_that_are_some),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
