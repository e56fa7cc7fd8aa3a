/* workflow_words_test.c - workflows, causes and reasons have the codes and words under which they are recorded. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "clinic/records/list.h"
#include "clinic/records/list.h"
#include "clinic/workflow/table.h"

static void workflows_are_those_of_the_records(void **state)
{
    (void)state;
    for (unsigned i = 0; work_at(i) != 0; i++) {
        uint8_t work = work_at(i);
        assert_int_equal(list_code(LIST_WORKFLOW, work_word(work)), work);
        assert_int_equal(work_find(work_word(work)), work);
        assert_non_null(work_text(work));
    }
    assert_int_equal(work_find("something"), 0);
    assert_null(work_word(99));
    assert_null(work_text(99));
}

static void causes_and_reasons_are_those_of_the_records(void **state)
{
    (void)state;
    const char *word;
    unsigned causes = 0, reasons = 0;
    for (; (word = list_at(LIST_CAUSE, causes)) != NULL; causes++) {
        assert_int_equal(list_code(LIST_CAUSE, word), list_code(LIST_CAUSE, word));
        assert_string_equal(list_word(LIST_CAUSE, list_code(LIST_CAUSE, word)), word);
    }
    for (; (word = list_at(LIST_REASON, reasons)) != NULL; reasons++) {
        assert_int_equal(list_code(LIST_REASON, word), list_code(LIST_REASON, word));
        assert_string_equal(list_word(LIST_REASON, list_code(LIST_REASON, word)), word);
    }
    assert_true(causes > 5 && reasons > 4);
    assert_int_equal(list_code(LIST_CAUSE, "something"), -1);
    assert_null(list_word(LIST_REASON, 99));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(workflows_are_those_of_the_records),
        cmocka_unit_test(causes_and_reasons_are_those_of_the_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
