/* clinicwatch_test.c - turns of the watch at a pump of these tests: what it asks for, how seldom it knocks, and what it tells.
 * REQ-ALRM-14, REQ-LINK-08, HZ-38, HZ-43. */
// SPDX-License-Identifier: Apache-2.0
#include "app/clinicwatch.h"

#include <pthread.h>
#include <string.h>

#include "core/catalog.h"
#include "tests/clinic/fake_pump.h"

enum { EVERY_MS = 1, ALARM_AT = 5 };

/* A door that always leads to the one pump; what happens to it happens between turns, in the thread of the watch. */
struct ward {
    struct fake_pump pump;
    struct key key;
    struct feed feed;
    pthread_mutex_t lock;
    pthread_cond_t turned;
    unsigned turns, silent_from, silent_to, alarm_from;
    unsigned waits;               /* for frames that did not come, until the last turn; */
    unsigned waited_at, waited[2]; /* and in two turns: this one, and the third after it */
    unsigned asked_before, asked_after; /* alarms, around the turn at which one was raised */
};

static struct ward ward;

static bool enter(void *context, const char *serial, uint8_t role, struct programmer *programmer, struct air *air,
                  char fault[DOOR_FAULT_BYTES])
{
    struct ward *at = context;
    (void)fault;
    assert_int_equal(role, ROLE_READER);
    assert_string_equal(serial, "C20-0001");
    at->pump.deaf = at->turns >= at->silent_from && at->turns < at->silent_to;
    if (at->turns == at->alarm_from) {
        at->asked_before = at->pump.asked[3];
        at->pump.alarm = alarm_row(0)->code;
    }
    if (programmer->key.slot == PAIRING_SLOT) {
        programmer_start(programmer, &at->key);
        programmer->patience = (struct patience){ .wait_ms = 1, .tries = 12 };
    }
    *air = fake_air(&at->pump);
    return true;
}

static void leave(void *context)
{
    struct ward *at = context;
    if (at->turns == at->alarm_from)
        at->asked_after = at->pump.asked[3];
    if (at->turns == at->waited_at || at->turns == at->waited_at + 3)
        at->waited[at->turns != at->waited_at] = at->pump.waits - at->waits;
    at->waits = at->pump.waits;
    (void)pthread_mutex_lock(&at->lock);
    at->turns++;
    (void)pthread_cond_signal(&at->turned);
    (void)pthread_mutex_unlock(&at->lock);
}

static bool pump_at(void *context, uint8_t role, unsigned index, char serial[SERIAL_BYTES])
{
    (void)context;
    assert_int_equal(role, ROLE_READER);
    memcpy(serial, "C20-0001", 9);
    return index == 0;
}

/* A pump paired with a reader. */
static void ward_begin(void)
{
    memset(&ward, 0, sizeof ward);
    fake_start(&ward.pump, 11);
    struct air air = fake_air(&ward.pump);
    ward.key = fake_paired(&ward.pump, &air, ROLE_READER).key;
    ward.silent_from = ward.silent_to = ward.alarm_from = ward.waited_at = UINT32_MAX;
    assert_int_equal(pthread_mutex_init(&ward.lock, NULL), 0);
    assert_int_equal(pthread_cond_init(&ward.turned, NULL), 0);
    assert_true(feed_start(&ward.feed));
}

static void ward_watch(unsigned turns)
{
    const struct door door = { .context = &ward, .enter = enter, .leave = leave, .pump_at = pump_at };
    struct clinicwatch *watch = clinicwatch_start(EVERY_MS, &door, &ward.feed, NULL);
    assert_non_null(watch);
    (void)pthread_mutex_lock(&ward.lock);
    while (ward.turns < turns)
        (void)pthread_cond_wait(&ward.turned, &ward.lock);
    (void)pthread_mutex_unlock(&ward.lock);
    clinicwatch_stop(watch);
}

/* A pump gives a reader a handshake in two minutes and a message in ten seconds, in the long run (link/SPEC.md, section 4): turns
 * of one minute, which is the usual, have to live on that. */
static void test_turns_of_a_minute_stay_within_the_rations_of_a_reader(void **state)
{
    (void)state;
    unsigned messages = 0;
    ward_begin();
    ward_watch(300);
    for (unsigned i = 0; i < 16; i++)
        messages += ward.pump.asked[i];
    assert_int_equal(ward.pump.sessions, 1);
    assert_true(messages >= ward.turns);
    assert_true(messages < ward.turns * 6 / 2); /* half of it is left for who else looks, and for logs */
}

static void test_an_alarm_is_asked_for_in_the_turn_in_which_it_shows(void **state)
{
    (void)state;
    struct feed_pump told;
    ward_begin();
    ward.alarm_from = ALARM_AT;
    ward_watch(ALARM_AT + 1);
    assert_int_equal(ward.asked_after, ward.asked_before + 1);
    assert_true(feed_read(&ward.feed, "C20-0001", &told));
    assert_non_null(strstr(told.text, "\"alarms\":[{"));
    assert_false(told.silent);
}

/* What a silent pump costs those behind it. */
static void test_a_pump_that_stays_silent_is_asked_less(void **state)
{
    (void)state;
    ward_begin();
    ward.silent_from = ward.waited_at = 1;
    ward_watch(5);
    assert_true(ward.waited[0] >= 12); /* so often it knocks, after the session that stood */
    assert_in_range(ward.waited[1], 1, ward.waited[0] / 4);
}

static void test_silence_is_told_and_a_new_session_ends_it(void **state)
{
    (void)state;
    struct feed_pump told;
    ward_begin();
    ward.silent_from = 3;
    ward_watch(4);
    assert_true(feed_read(&ward.feed, "C20-0001", &told));
    assert_true(told.silent && told.number == 3);
    assert_non_null(strstr(told.fault, "the pump did not answer"));
    ward_begin();
    ward.silent_from = 3;
    ward.silent_to = 5;
    ward_watch(7);
    assert_true(feed_read(&ward.feed, "C20-0001", &told));
    assert_false(told.silent);
    assert_int_equal(ward.pump.sessions, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_turns_of_a_minute_stay_within_the_rations_of_a_reader),
        cmocka_unit_test(test_an_alarm_is_asked_for_in_the_turn_in_which_it_shows),
        cmocka_unit_test(test_a_pump_that_stays_silent_is_asked_less),
        cmocka_unit_test(test_silence_is_told_and_a_new_session_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
