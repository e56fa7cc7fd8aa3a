/* crew_test.c - work shared out over processes: told in order, whatever their number; nothing behind the last wanted; a process
 * that dies is noticed. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/crew.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { NEVER = 1000000 };

struct report {
    uint64_t number, square, done_here;
};

static struct seen {
    uint64_t last, dies;        /* numbers */
    uint64_t told, next, progress, busiest;
    bool in_order;
} seen;

static bool square(void *context, void *room, uint64_t number, void *report)
{
    const struct seen *wanted = context;
    uint64_t *done_here = room;
    struct report made = { number, number * number, ++*done_here };
    if (number == wanted->dies)
        _exit(3);
    memcpy(report, &made, sizeof made);
    return number >= wanted->last;
}

static void told(void *context, const void *report)
{
    struct report made;
    (void)context;
    memcpy(&made, report, sizeof made);
    seen.in_order &= made.number == seen.next++ && made.square == made.number * made.number;
    seen.busiest = made.done_here > seen.busiest ? made.done_here : seen.busiest;
    seen.told++;
}

static void progress(void *context, uint64_t done, uint64_t count)
{
    (void)context;
    (void)count;
    seen.progress = done;
}

static bool run(uint64_t first, uint64_t count, unsigned jobs, uint64_t last, uint64_t dies)
{
    seen = (struct seen){ .last = last, .dies = dies, .next = first, .in_order = true };
    return crew_run(&(struct crew_work){ .first = first, .count = count, .jobs = jobs, .context = &seen,
                                         .room_size = sizeof(uint64_t), .report_size = sizeof(struct report), .work = square,
                                         .told = told, .progress = progress });
}

static void all_is_told_in_order(void **state)
{
    (void)state;
    for (unsigned jobs = 0; jobs < 5; jobs++) {
        assert_true(run(7, 300, jobs, NEVER, NEVER));
        assert_int_equal(seen.told, 300);
        assert_int_equal(seen.progress, 300);
        assert_true(seen.in_order);
        if (jobs < 2)
            assert_int_equal(seen.busiest, 300); /* one process, whose room lasts */
    }
    assert_true(run(7, 0, 2, NEVER, NEVER));
    assert_int_equal(seen.told, 0);
}

static void nothing_is_told_behind_the_last(void **state)
{
    (void)state;
    for (unsigned jobs = 1; jobs < 5; jobs++) {
        assert_true(run(0, 500, jobs, 123, NEVER)); /* all from 123 on say so: the first counts */
        assert_int_equal(seen.told, 124);
        assert_true(seen.in_order);
    }
}

static void a_death_is_noticed(void **state)
{
    (void)state;
    assert_false(run(0, 50, 1, NEVER, 20));
    assert_int_equal(seen.told, 20);
    assert_false(run(0, 50, 3, NEVER, 20));
    assert_true(seen.in_order);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_told_in_order),
        cmocka_unit_test(nothing_is_told_behind_the_last),
        cmocka_unit_test(a_death_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
