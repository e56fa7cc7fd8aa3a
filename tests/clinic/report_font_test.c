/* Reports by the hundred in one process, and by several threads at once: what a server does that a command never did. Each is the
 * same bytes as the first of its kind. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/font.h"

#include <pthread.h>
#include <stdlib.h>

#include "clinic/report/page.h"
#include "tests/core/check.h"

enum { REPORTS = 400, THREADS = 4, EACH = 40, KINDS = 40, ROOM = 65536 };

struct paper_bytes {
    size_t size;
    uint8_t bytes[ROOM];
};

static bool take(void *context, const void *bytes, size_t size)
{
    struct paper_bytes *paper = context;
    if (size > ROOM - paper->size)
        return false;
    memcpy(paper->bytes + paper->size, bytes, size);
    paper->size += size;
    return true;
}

/* Letters that depend on the kind, in both weights. */
static void draw(struct page *page, const void *what)
{
    const unsigned *kind = what;
    char text[32];
    for (unsigned i = 0; i < 4; i++) {
        snprintf(text, sizeof text, "%c%c%c %u mcg/day", 'A' + (int)(*kind % 26), 'a' + (int)(*kind * 7 % 26),
                 '0' + (int)(*kind % 10), *kind * i);
        page_heading(page, text);
        page_text(page, text);
    }
}

static bool written(unsigned kind, struct paper_bytes *paper)
{
    const struct frame frame = { .paper = PAPER_A4,
                                 .title = "many",
                                 .subtitle = "of a kind",
                                 .foot = "test",
                                 .creator = "test",
                                 .date = "2026-03-01T12:00:00Z" };
    char fault[PAGE_FAULT_BYTES];
    paper->size = 0;
    return pages_write(&frame, draw, &kind, take, paper, fault);
}

static struct paper_bytes first[KINDS];

static bool same(unsigned kind, struct paper_bytes *paper)
{
    return written(kind, paper) && paper->size == first[kind].size &&
           memcmp(paper->bytes, first[kind].bytes, paper->size) == 0;
}

static int begin(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < KINDS; kind++)
        if (!written(kind, &first[kind]))
            return -1;
    return 0;
}

static void test_hundreds_in_one_process(void **state)
{
    static struct paper_bytes paper;
    (void)state;
    for (unsigned i = 0; i < REPORTS; i++)
        assert_true(same(i % KINDS, &paper));
    assert_true(first[0].size > 1000);
    assert_true(first[0].size != first[1].size || memcmp(first[0].bytes, first[1].bytes, first[0].size) != 0);
}

static void *some(void *context)
{
    struct paper_bytes *paper = malloc(sizeof *paper);
    bool *good = context;
    *good = paper != NULL;
    for (unsigned i = 0; i < EACH && *good; i++)
        *good = same(i, paper);
    free(paper);
    return NULL;
}

static void test_several_threads(void **state)
{
    pthread_t thread[THREADS];
    bool good[THREADS];
    (void)state;
    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, some, &good[i]), 0);
    for (unsigned i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(thread[i], NULL), 0);
        assert_true(good[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_hundreds_in_one_process, begin),
        cmocka_unit_test(test_several_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
