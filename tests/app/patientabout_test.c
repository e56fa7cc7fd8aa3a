/* patientabout_test.c - no statement without what it rests on. */
// SPDX-License-Identifier: Apache-2.0
#include "app/patientabout.h"

#include <string.h>

#include "tests/core/check.h"

static void test_every_statement_has_a_source(void **state)
{
    (void)state;
    unsigned parts = 0, statements = 0;
    for (unsigned i = 0; patientabout_row(i) != NULL; i++) {
        const struct about_row *row = patientabout_row(i);
        if (row->statement == NULL) {
            assert_true(strlen(row->id) > 0 && strlen(row->heading) > 0);
            parts++;
            continue;
        }
        statements++;
        assert_true(parts > 0);
        assert_true(row->mark < ABOUT_MARKS_COUNT);
        assert_true(strlen(row->statement) > 20 && row->statement[strlen(row->statement) - 1] == '.');
        assert_true(strlen(row->source) > 5);
        bool address = strncmp(row->address, "https://", 8) == 0 || strncmp(row->address, "http://", 7) == 0;
        assert_true(address || *row->address == '\0');
        if (row->mark == ABOUT_GUESS || row->mark == ABOUT_MEMORY || row->mark == ABOUT_DESIGN)
            assert_false(address); /* nobody wrote it elsewhere: an address would lend it a weight that it has not */
        assert_null(strpbrk(row->statement, "<>&@"));
    }
    assert_true(parts >= 7 && statements >= 30);
}

/* What the page has to speak of: benefits, risks by name, drugs, refills, beeps. */
static void test_the_page_says_what_it_must(void **state)
{
    static const char *const WANTED[] = { "Catheter problems",
                                          "Reaction to a medicine",
                                          "Infection",
                                          "Spinal damage",
                                          "Granuloma",
                                          "Ziconotide is not an opioid",
                                          "refilled",
                                          "single beep",
                                          "A guess of this project",
                                          "Baclofen",
                                          "Morphine is an opioid" };
    struct patientabout about;
    (void)state;
    assert_true(patientabout_make(&about));
    for (unsigned i = 0; i < sizeof WANTED / sizeof WANTED[0]; i++)
        if (strstr(about.bytes, WANTED[i]) == NULL)
            fail_msg("the page does not say: %s", WANTED[i]);
    assert_int_equal(about.file.size, strlen(about.bytes));
    assert_null(strstr(about.bytes, "<script"));
    assert_null(strstr(about.bytes, "href=\"http")); /* nothing leads off the machine */
    patientabout_free(&about);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_statement_has_a_source),
        cmocka_unit_test(test_the_page_says_what_it_must),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
