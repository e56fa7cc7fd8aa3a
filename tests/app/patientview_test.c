/* patientview_test.c - what a patient is shown, from what a pump told: the state, its time, alarms in plain words.
 * REQ-PTNT-02, REQ-PTNT-04, HZ-28, HZ-30, HZ-33. */
// SPDX-License-Identifier: Apache-2.0
#include "app/patientview.h"

#include <string.h>

#include "tests/core/check.h"

enum { NOW_MS = 5 * DAY_MS, EPOCH = 3 };
/* 2026-03-01T08:00:00 at the pump's fifth day. */
static const int64_t OFFSET_MS = INT64_C(1772352000000) - NOW_MS;

static struct patientbook book;

/* A pump that answers, runs its therapy, and would give a dose. */
static struct patientview ready_view(void)
{
    struct patientview view = { .heard = true };
    view.status = (cisterna_Status){ .mode = MODE_RUNNING,
                                     .has_therapy = true,
                                     .now_ms = NOW_MS,
                                     .bolus_from_ms = NOW_MS - 1,
                                     .civil_offset_ms = OFFSET_MS,
                                     .epoch = EPOCH,
                                     .zone = "+01:00",
                                     .reservoir_nl = 18000000,
                                     .base_nl_day = 200000,
                                     .therapy_token = { .size = PATIENT_TOKEN_BYTES } };
    memset(&book, 0, sizeof book);
    return view;
}

static void told(const struct patientview *view, const char *state, const char *title)
{
    json_t *json = patientview_json(view, &book, 0);
    assert_non_null(json);
    assert_string_equal(json_string_value(json_object_get(json, "state")), state);
    assert_string_equal(json_string_value(json_object_get(json, "title")), title);
    assert_int_equal(patientview_may(view, &book), strcmp(state, "ready") == 0);
    json_decref(json);
}

static void test_the_state_is_what_the_pump_told(void **state)
{
    (void)state;
    struct patientview view = ready_view();
    told(&view, "ready", "Ready");
    view.status.bolus_from_ms = NOW_MS;
    told(&view, "ready", "Ready");
    view.status.bolus_from_ms = NOW_MS + 1; /* up to the minute: never too early */
    told(&view, "locked", "Locked until 08:01");
    view.status.bolus_from_ms = NOW_MS + 6 * HOUR_MS + 5 * MINUTE_MS;
    told(&view, "locked", "Locked until 14:05");
    view.status.bolus_from_ms = NOW_MS + 18 * HOUR_MS;
    told(&view, "locked", "Locked until 02:00 tomorrow");
    view.status.bolus_from_ms = NOW_MS + 3 * DAY_MS;
    told(&view, "locked", "Locked until 2026-Mar-04 08:00");
    view.status.civil_offset_ms = 0;
    view.status.bolus_from_ms = NOW_MS + 3 * HOUR_MS + 20 * MINUTE_MS;
    told(&view, "locked", "Locked until 3 h 20 min from now");
    view = ready_view();
    view.status.bolus_from_ms = INT64_MAX;
    told(&view, "none", "No extra dose now");
    view = ready_view();
    view.status.mode = MODE_STOPPED;
    told(&view, "none", "No extra dose now");
    view = ready_view();
    view.status.course = 2;
    told(&view, "none", "No extra dose now");
    view = ready_view();
    view.silent = true;
    told(&view, "silent", "Pump not answering");
    view = (struct patientview){ .heard = false };
    told(&view, "silent", "Pump not answering");
}

/* A day after a dose that the pump confirmed: it is their number. In another count of the pump's time, or a minute beside it,
 * that is not known, and "locked" is. */
static void test_the_limit_of_a_day_is_known_by_receipts(void **state)
{
    (void)state;
    struct patientview view = ready_view();
    book.presses = 1;
    book.press[0] = (struct press){ .id = 7, .outcome = PRESS_APPLIED, .at_ms = NOW_MS - HOUR_MS, .epoch = EPOCH };
    view.status.bolus_from_ms = NOW_MS - HOUR_MS + DAY_MS;
    told(&view, "daily_limit", "Daily limit reached");
    book.press[0].epoch = EPOCH - 1;
    told(&view, "locked", "Locked until 07:00 tomorrow");
    book.press[0].epoch = EPOCH;
    book.press[0].at_ms -= MINUTE_MS;
    told(&view, "locked", "Locked until 07:00 tomorrow");
    book.press[0] = (struct press){ .id = 8,
                                    .outcome = PRESS_NOT_APPLIED,
                                    .at_ms = NOW_MS,
                                    .epoch = EPOCH,
                                    .reasons = VERDICT_DAILY_COUNT,
                                    .earliest_ms = view.status.bolus_from_ms };
    told(&view, "daily_limit", "Daily limit reached");
}

/* The limits of an hour and a day stand in no status: the refusal that told them is kept, as long as the therapy is the same. */
static void test_a_refusal_for_a_drugs_limit_is_kept(void **state)
{
    (void)state;
    struct patientview view = ready_view();
    struct receipt receipt = { .outcome = OUTCOME_NOT_APPLIED,
                               .reasons = VERDICT_HOUR_LIMIT,
                               .earliest = { NOW_MS + HOUR_MS } };
    patientview_refused(&view, &receipt);
    told(&view, "locked", "Locked until 09:00");
    view.status.now_ms += HOUR_MS;
    told(&view, "ready", "Ready");
    view = ready_view();
    receipt.reasons = VERDICT_DAY_LIMIT;
    patientview_refused(&view, &receipt);
    told(&view, "daily_limit", "Daily limit reached");
    view.status.therapy_token.bytes[0] ^= 1;
    told(&view, "ready", "Ready");
    view = ready_view();
    receipt.earliest = INSTANT_NEVER;
    patientview_refused(&view, &receipt);
    told(&view, "ready", "Ready");
}

static void outcome_is(const struct patientview *view, const char *outcome, const char *part)
{
    json_t *json = patientview_json(view, &book, 0);
    assert_string_equal(json_string_value(json_object_get(json, "outcome")), outcome);
    assert_non_null(strstr(json_string_value(json_object_get(json, "outcome_text")), part));
    assert_int_equal(json_array_size(json_object_get(json, "given")), strcmp(outcome, "applied") == 0);
    json_decref(json);
}

/* Given is what the pump confirmed, and nothing else. */
static void test_a_press_is_told_as_what_it_is(void **state)
{
    (void)state;
    struct patientview view = ready_view();
    outcome_is(&view, "none", "");
    book.presses = 1;
    book.press[0] = (struct press){ .id = 7, .outcome = PRESS_ASKED, .epoch = EPOCH, .when = "2026-Mar-01 08:00" };
    outcome_is(&view, "unknown",
               "It is not known whether the pump gave the extra dose you asked for at 2026-Mar-01 08:00.");
    assert_false(patientview_may(&view, &book));
    view.busy = true;
    outcome_is(&view, "asking", "Nothing counts as given until the pump says so");
    view.busy = false;
    book.press[0].outcome = PRESS_APPLIED;
    outcome_is(&view, "applied", "The pump confirmed it");
    view.note = NOTE_EARLIER;
    outcome_is(&view, "applied", "Nothing new was sent");
    view.note = NOTE_NOTHING;
    book.press[0].outcome = PRESS_LOST;
    outcome_is(&view, "lost", "Call your clinic");
    book.press[0].outcome = PRESS_NOT_APPLIED;
    outcome_is(&view, "not_applied", "never reached the pump");
    for (unsigned bit = 0; bit < VERDICT_COUNT; bit++) {
        book.press[0].reasons = UINT64_C(1) << bit;
        outcome_is(&view, "not_applied", "The pump gave no extra dose: ");
    }
    view.note = NOTE_NOT_SENT;
    outcome_is(&view, "not_applied", "Nothing was sent and nothing was given");
}

/* Every alarm there is, and one of a later pump. */
static void test_every_alarm_has_plain_words(void **state)
{
    (void)state;
    struct patientview view = ready_view();
    for (view.alarms = 0; view.alarms < ALARM_COUNT; view.alarms++)
        view.alarm[view.alarms] = (cisterna_Alarm){ .alarm = alarm_row(view.alarms)->code, .since_ms = NOW_MS };
    json_t *json = patientview_json(&view, &book, 0), *one;
    size_t at;
    assert_int_equal(json_array_size(json_object_get(json, "alarms")), ALARM_COUNT);
    json_array_foreach(json_object_get(json, "alarms"), at, one)
    {
        const char *what = json_string_value(json_object_get(one, "what")),
                   *act = json_string_value(json_object_get(one, "act")),
                   *does = json_string_value(json_object_get(one, "does"));
        assert_non_null(what);
        assert_true(does != NULL && strncmp(does, "Your pump g", 11) == 0);
        assert_non_null(act);
        assert_null(strstr(what, "does not know"));
        assert_non_null(strstr(act, "all your clinic"));
        assert_true(strlen(what) > 10);
        assert_null(strpbrk(what, "<>&@/"));
        assert_string_equal(json_string_value(json_object_get(one, "since")), "2026-Mar-01 08:00");
    }
    json_decref(json);
    view.alarms = 1;
    view.alarm[0].alarm = 0xEE;
    json = patientview_json(&view, &book, 0);
    one = json_array_get(json_object_get(json, "alarms"), 0);
    assert_string_equal(json_string_value(json_object_get(one, "priority")), "high");
    assert_non_null(strstr(json_string_value(json_object_get(one, "what")), "does not know"));
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_state_is_what_the_pump_told),
        cmocka_unit_test(test_the_limit_of_a_day_is_known_by_receipts),
        cmocka_unit_test(test_a_refusal_for_a_drugs_limit_is_kept),
        cmocka_unit_test(test_a_press_is_told_as_what_it_is),
        cmocka_unit_test(test_every_alarm_has_plain_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
