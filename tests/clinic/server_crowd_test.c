/* Who has to go from the crowd of connections, and when, with a time of its own. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/crowd.h"

#include <string.h>

#include "clinic/server/feed.h"
#include "tests/core/check.h"

static struct crowd crowd;
static unsigned shut[CROWD_MAX + 1];

static void shut_count(int socket)
{
    shut[socket]++;
}

static int begin(void **state)
{
    (void)state;
    memset(shut, 0, sizeof shut);
    return crowd_start(&crowd, shut_count) ? 0 : -1;
}

static unsigned shut_all(void)
{
    unsigned sum = 0;
    for (unsigned i = 0; i <= CROWD_MAX; i++)
        sum += shut[i];
    return sum;
}

static void test_a_request_is_whole_in_time(void **state)
{
    (void)state;
    struct guest *slow = crowd_enter(&crowd, 1, 0), *quick = crowd_enter(&crowd, 2, 0);
    assert_true(crowd_step(&crowd, quick, GUEST_SERVED, 5));
    crowd_sweep(&crowd, CROWD_ASKING_MS - 1);
    assert_int_equal(shut_all(), 0);
    crowd_sweep(&crowd, CROWD_ASKING_MS);
    assert_int_equal(shut[1], 1);
    crowd_sweep(&crowd, 100 * CROWD_ASKING_MS); /* once; and nobody ends what a handler has begun */
    assert_int_equal(shut_all(), 1);
    assert_false(crowd_step(&crowd, slow, GUEST_SERVED, CROWD_ASKING_MS + 1)); /* too late */
    assert_true(crowd_step(&crowd, quick, GUEST_TAKING, 100 * CROWD_ASKING_MS));
}

static void test_an_answer_is_taken_in_time(void **state)
{
    (void)state;
    struct guest *guest = crowd_enter(&crowd, 1, 0);
    assert_true(crowd_step(&crowd, guest, GUEST_SERVED, 1));
    assert_true(crowd_step(&crowd, guest, GUEST_TAKING, 1000));
    crowd_sweep(&crowd, 1000 + CROWD_TAKING_MS - 1);
    assert_int_equal(shut_all(), 0);
    assert_true(crowd_step(&crowd, guest, GUEST_ASKING, 30000)); /* taken: the next request has its own time */
    crowd_sweep(&crowd, 30000 + CROWD_ASKING_MS - 1);
    assert_int_equal(shut_all(), 0);
    assert_true(crowd_step(&crowd, guest, GUEST_TAKING, 50000));
    crowd_sweep(&crowd, 50000 + CROWD_TAKING_MS);
    assert_int_equal(shut[1], 1);
    crowd_leave(&crowd, guest);
    assert_ptr_equal(crowd_enter(&crowd, 2, 90000), guest); /* its place is another's, who has all of the time */
    crowd_sweep(&crowd, 90000 + CROWD_ASKING_MS - 1);
    assert_int_equal(shut[2], 0);
}

static void test_streams_have_all_time(void **state)
{
    (void)state;
    struct guest *guest = crowd_enter(&crowd, 1, 0);
    assert_true(crowd_step(&crowd, guest, GUEST_LOOKING, 1));
    crowd_sweep(&crowd, INT64_C(1000) * 86400);
    assert_int_equal(shut_all(), 0);
}

/* The oldest goes, whoever it is; those who look on or are served do not stand about. */
static void test_the_oldest_makes_room(void **state)
{
    (void)state;
    struct guest *looking = crowd_enter(&crowd, 0, 0), *served = crowd_enter(&crowd, 1, 0);
    assert_true(crowd_step(&crowd, looking, GUEST_LOOKING, 0));
    assert_true(crowd_step(&crowd, served, GUEST_SERVED, 0));
    struct guest *first = crowd_enter(&crowd, 2, 1);
    for (int i = 1; i < CROWD_STANDING_MAX; i++)
        assert_non_null(crowd_enter(&crowd, 2 + i, 1 + i));
    assert_int_equal(shut_all(), 0);
    assert_true(crowd_step(&crowd, first, GUEST_TAKING, 1000)); /* has come on: no longer the oldest */
    assert_non_null(crowd_enter(&crowd, 400, 1001));
    assert_int_equal(shut[3], 1);
    assert_int_equal(shut_all(), 1);
    assert_int_equal(crowd.pushed, 1);
    assert_true(crowd_step(&crowd, served, GUEST_TAKING, 1002)); /* one more who stands about */
    assert_int_equal(shut[4], 1);
    assert_int_equal(shut_all(), 2);
    assert_true(crowd_step(&crowd, served, GUEST_ASKING, 1003)); /* one who stands anyway pushes nobody */
    assert_int_equal(shut_all(), 2);
}

static void test_the_journal_is_told_now_and_then(void **state)
{
    (void)state;
    assert_int_equal(crowd_tell(&crowd, 0), 0);
    for (int i = 0; i < CROWD_STANDING_MAX + 3; i++)
        assert_non_null(crowd_enter(&crowd, i, i));
    assert_int_equal(crowd_tell(&crowd, 1000), 3);
    assert_int_equal(crowd_tell(&crowd, 1001), 0);
    assert_non_null(crowd_enter(&crowd, CROWD_STANDING_MAX + 3, 1002));
    assert_int_equal(crowd_tell(&crowd, 1000 + CROWD_TOLD_MS - 1), 0);
    assert_int_equal(crowd_tell(&crowd, 1000 + CROWD_TOLD_MS), 1);
    assert_int_equal(crowd_tell(&crowd, 1000 + CROWD_TOLD_MS * 2), 0);
}

/* Until the library has closed those who were told to go, their places are taken. */
static void test_no_place(void **state)
{
    (void)state;
    for (int i = 0; i < CROWD_MAX; i++)
        assert_non_null(crowd_enter(&crowd, i, i));
    assert_int_equal(shut_all(), CROWD_MAX - CROWD_STANDING_MAX);
    assert_null(crowd_enter(&crowd, CROWD_MAX, 1000));
    assert_int_equal(shut[CROWD_MAX], 1);
    assert_false(crowd_step(&crowd, NULL, GUEST_SERVED, 1000));
    crowd_leave(&crowd, NULL);
}

static void test_there_is_always_room(void **state)
{
    (void)state;
    assert_true(CROWD_STANDING_MAX + FEED_STREAMS_MAX + 64 <= CROWD_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_a_request_is_whole_in_time, begin),
        cmocka_unit_test_setup(test_an_answer_is_taken_in_time, begin),
        cmocka_unit_test_setup(test_streams_have_all_time, begin),
        cmocka_unit_test_setup(test_the_oldest_makes_room, begin),
        cmocka_unit_test_setup(test_the_journal_is_told_now_and_then, begin),
        cmocka_unit_test_setup(test_no_place, begin),
        cmocka_unit_test(test_there_is_always_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
