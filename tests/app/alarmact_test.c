/* alarmact_test.c - every alarm of core/alarm.def with what the pump does, what to do and by when; and where the pump's own
 * rows say what it does, the same is told here. REQ-ALRM-13, screen rule A5. */
// SPDX-License-Identifier: Apache-2.0
#include "app/alarmact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool sentence(const char *text)
{
    size_t length = text != NULL ? strlen(text) : 0;
    return length > 12 && length < 160 && text[length - 1] == '.' && text[0] >= 'A' && text[0] <= 'Z' &&
           strpbrk(text, "<>&@") == NULL;
}

static void every_alarm_says_what_to_do_and_by_when(void **state)
{
    (void)state;
    for (unsigned i = 0; i <= ALARM_COUNT; i++) { /* the last is of a later pump */
        const struct alarmact *act = alarmact_of(i);
        assert_true(sentence(act->does) && sentence(act->act) && sentence(alarmact_patient(i)));
        assert_true(strcmp(act->by, "now") == 0 || strcmp(act->by, "today") == 0 || strcmp(act->by, "this week") == 0);
        const struct alarm_row *row = alarm_row(i);
        if (row == NULL || row->priority != ALARM_PRIORITY_LOW)
            assert_string_equal(act->by, "now"); /* high, of the drug's priority, or unknown */
        else
            assert_string_not_equal(act->by, "now");
        for (unsigned other = 0; other < i && i < ALARM_COUNT; other++)
            assert_true(alarmact_of(other)->act != NULL && strcmp(alarmact_of(other)->act, act->act) != 0);
    }
}

/* Typed once more by hand, from the head of core/alarm.def. */
static void what_the_pump_does_is_what_its_rows_say(void **state)
{
    (void)state;
    static const uint8_t SAFE[] = { ALARM_AT_INTERRUPTED_LONG, ALARM_AT_CYCLES,          ALARM_AT_RESETS,
                                    ALARM_AT_SELFTEST,         ALARM_AT_THERAPY_DAMAGED, ALARM_AT_EMERGENCY };
    unsigned safe = 0, nothing = 0, closed = 0;
    for (unsigned i = 0; i < sizeof SAFE; i++) {
        assert_non_null(strstr(alarmact_of(SAFE[i])->does, "Only the safe rate"));
        assert_non_null(strstr(alarmact_patient(SAFE[i]), "only its safe rate"));
    }
    assert_string_equal(alarmact_of(ALARM_AT_RESERVOIR_EMPTY)->does, "Nothing flows.");
    assert_string_equal(alarmact_of(ALARM_AT_STOPPED_LONG)->does, "Nothing flows.");
    assert_non_null(strstr(alarmact_of(ALARM_AT_MEMORY_LOST)->does, "boluses are closed for a day"));
    for (unsigned i = 0; i < ALARM_COUNT; i++) {
        safe += strstr(alarmact_of(i)->does, "safe rate") != NULL;
        nothing += strstr(alarmact_of(i)->does, "Nothing") != NULL;
        closed += strstr(alarmact_of(i)->does, "closed") != NULL;
    }
    assert_true(safe == sizeof SAFE && nothing == 2 && closed == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_alarm_says_what_to_do_and_by_when),
        cmocka_unit_test(what_the_pump_does_is_what_its_rows_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
