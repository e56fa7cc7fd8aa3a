/* due_test.c - dates of the next refill under random therapies: each is the floor of an exact fraction of other arithmetic, none
 * is later than what bounds it, the first is the earliest, and what is printed is a date that exists or the words for none.
 * REQ-TIME-07, REQ-RSVR-07, HZ-06. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/due.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 40000, ML_NL = 1000000 };

static uint64_t chance = 7;

static int64_t draw(int64_t least, int64_t most)
{
    uint64_t z = chance += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return least + (int64_t)((z ^ (z >> 31)) % (uint64_t)(most - least + 1));
}

static struct therapy any_therapy(void)
{
    struct therapy therapy = { .mixture = { .count = (uint8_t)draw(0, 3) }, .reservoir_low = { draw(0, 4 * ML_NL) } };
    for (unsigned i = 0; i < therapy.mixture.count; i++)
        therapy.mixture.component[i] = (struct component){ (uint16_t)(DRUG_MORPHINE + draw(0, 2) + (int64_t)i * 2),
                                                           { (int32_t)draw(1, CONC_NG_ML_MAX) } };
    therapy.program.kind = PROGRAM_CONTINUOUS;
    therapy.program.base.nl_day = draw(0, 9) == 0 ? 0 : (int32_t)draw(1, draw(0, 1) ? 1000 : 24 * ML_NL);
    if (draw(0, 1)) {
        therapy.program.patient.allowed = 1;
        therapy.program.patient.volume.nl = draw(1, 500000);
        therapy.program.patient.max_per_day = (uint8_t)draw(1, 24);
    }
    return therapy;
}

/* The days of a month, by another rule than the calendar's. */
static int month_days(int year, int month)
{
    if (month == 2)
        return year % 400 == 0 || (year % 4 == 0 && year % 100 != 0) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* Days from 1970 on, counted one year and one month at a time; -1: there is no such date. */
static int64_t day_number(const char *text)
{
    static const char *const MONTHS[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    int year = 0, month = 0, day = 0, end = 0;
    char name[4] = "";
    if (sscanf(text, "%4d-%3s-%2d%n", &year, name, &day, &end) != 3 || text[end] != '\0' || end != 11)
        return -1;
    while (month < 12 && strcmp(MONTHS[month], name) != 0)
        month++;
    if (month == 12 || year < 1970 || year > 2199 || day < 1 || day > month_days(year, month + 1))
        return -1;
    int64_t days = day - 1;
    for (int one = 1970; one < year; one++)
        days += 337 + month_days(one, 2);
    for (int one = 1; one <= month; one++)
        days += month_days(year, one);
    return days;
}

static void date_holds(struct moment at)
{
    phrase text;
    int64_t civil = at.utc_ms + (int64_t)at.zone_minutes * MINUTE_MS;
    words_day(text, at);
    if (civil < 0 || civil / DAY_MS > day_number("2199-Dec-31"))
        assert_string_equal(text, "outside 1970 to 2199");
    else
        assert_int_equal(day_number(text), civil / DAY_MS);
}

/* The volume's date is the last whole millisecond before the alarm volume is reached, whatever the drugs. */
static void volume_holds(const struct due_question *question, const struct due *due)
{
    const struct therapy *therapy = question->therapy;
    const struct patient_bolus *patient = &therapy->program.patient;
    __int128 daily =
        therapy->program.base.nl_day + (patient->allowed ? (__int128)patient->volume.nl * patient->max_per_day : 0);
    __int128 usable = (__int128)(question->volume.nl - therapy->reservoir_low.nl) * DAY_MS;
    if (daily == 0)
        assert_false(due->by[REFILLING_VOLUME].known);
    if (!due->by[REFILLING_VOLUME].known)
        return;
    __int128 span = due->by[REFILLING_VOLUME].at.utc_ms - question->from.utc_ms;
    assert_true(span * daily <= usable);      /* no later than its bound, */
    assert_true((span + 1) * daily > usable); /* and no earlier than need be */
}

static void every_date_is_one_and_within_its_bound(void **state)
{
    (void)state;
    struct formulary formulary;
    unsigned known = 0, outside = 0, unknown = 0;
    assert_true(formulary_builtin("US", &formulary, stderr));
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct therapy therapy = any_therapy();
        int32_t zone = (int32_t)draw(-720, 840);
        struct moment from = { draw(0, 1) ? draw(0, INT64_C(7258118400000)) : draw(1700000000000, 1900000000000), zone };
        struct due_question question = { .formulary = &formulary,
                                         .model = model_find((uint8_t)draw(1, 3), 1),
                                         .therapy = &therapy,
                                         .volume = { draw(0, 40 * ML_NL) },
                                         .from = from,
                                         .filled = { from.utc_ms - draw(0, 200) * DAY_MS, zone },
                                         .state = (enum fill_state)draw(0, FILL_STATES - 1),
                                         .has_replacement = draw(0, 1) != 0,
                                         .replacement = { from.utc_ms + draw(-100, 4000) * DAY_MS, zone } };
        struct due due;
        phrase text, day;
        due_dates(&question, &due);
        volume_holds(&question, &due);
        bool any = false;
        for (unsigned reason = 0; reason < REFILLING_REASONS; reason++) {
            if (!due.by[reason].known)
                continue;
            any = true;
            date_holds(due.by[reason].at);
            assert_true(due.any && due.by[due.first].known && due.by[due.first].at.utc_ms <= due.by[reason].at.utc_ms);
        }
        assert_int_equal(due.any, any);
        assert_int_equal(due.by[REFILLING_REPLACEMENT].known, question.has_replacement);
        if (question.has_replacement)
            assert_true(due.by[due.first].at.utc_ms <= question.replacement.utc_ms);
        due_words(text, &due);
        if (!any) {
            assert_string_equal(text, "not bounded: nothing flows");
            unknown++;
            continue;
        }
        words_day(day, due.by[due.first].at);
        assert_int_equal(strncmp(text, day, strlen(day)), 0);
        known += day_number(day) >= 0;
        outside += day_number(day) < 0;
    }
    assert_true(known > ROUNDS / 4 && outside > 10 && unknown > 10); /* all three were met */
    formulary_close(&formulary);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_date_is_one_and_within_its_bound) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
