/* patientbook_test.c - the book of presses: written before anything is sent, read again after any end, and what a key tells of a
 * press whose outcome is not known. REQ-PTNT-03, HZ-28, HZ-33. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/patientbook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/core/check.h"

static char folder[64], path[96];

static int folder_make(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "%s/book-XXXXXX", P_tmpdir);
    snprintf(path, sizeof path, "%s/book", mkdtemp(folder));
    return 0;
}

static int folder_remove(void **state)
{
    char lock[112];
    (void)state;
    snprintf(lock, sizeof lock, "%s.lock", path);
    (void)unlink(path);
    (void)unlink(lock);
    return rmdir(folder);
}

static void book_open(struct patientbook *book)
{
    char fault[PATIENTBOOK_FAULT_BYTES];
    assert_true(patientbook_open(book, path, "SIM-0042", fault));
}

static void ask(struct patientbook *book, uint64_t id)
{
    const struct press press = {
        .id = id, .outcome = PRESS_ASKED, .at_ms = (int64_t)id * MINUTE_MS, .epoch = 2, .when = "now"
    };
    assert_true(patientbook_ask(book, &press));
}

static void test_a_press_is_there_again_after_any_end(void **state)
{
    static struct patientbook book, again;
    const struct calendar calendar = { .offset = { INT64_C(1772352000000) } };
    struct receipt receipt = { .id = UINT64_MAX, .outcome = OUTCOME_APPLIED, .at = { 2 * MINUTE_MS }, .reasons = 0 };
    (void)state;
    book_open(&book);
    assert_null(patientbook_asked(&book));
    ask(&book, UINT64_MAX);
    const struct press second = { .id = 1, .outcome = PRESS_ASKED };
    assert_false(patientbook_ask(&book, &second)); /* one at a time */
    patientbook_close(&book);
    book_open(&again);
    assert_int_equal(again.presses, 1);
    assert_int_equal(patientbook_asked(&again)->id, UINT64_MAX);
    assert_true(patientbook_settle(&again, &receipt, &calendar));
    patientbook_close(&again);
    book_open(&book);
    assert_null(patientbook_asked(&book));
    assert_int_equal(book.press[0].outcome, PRESS_APPLIED);
    assert_string_equal(book.press[0].when, "2026-Mar-01 08:02");
    patientbook_close(&book);
}

static void test_the_oldest_go_when_it_is_full(void **state)
{
    static struct patientbook book;
    const struct calendar calendar = { .offset = { 0 } };
    (void)state;
    book_open(&book);
    for (uint64_t id = 1; id <= PATIENTBOOK_PRESSES_MAX + 3; id++) {
        const struct receipt receipt = { .id = id, .outcome = OUTCOME_NOT_APPLIED, .reasons = VERDICT_LOCKOUT };
        ask(&book, id);
        assert_true(patientbook_settle(&book, &receipt, &calendar));
    }
    assert_int_equal(book.presses, PATIENTBOOK_PRESSES_MAX);
    assert_int_equal(book.press[PATIENTBOOK_PRESSES_MAX - 1].id, PATIENTBOOK_PRESSES_MAX + 3);
    patientbook_close(&book);
    book_open(&book);
    assert_int_equal(book.presses, PATIENTBOOK_PRESSES_MAX);
    assert_int_equal(book.press[0].id, 4);
    patientbook_close(&book);
}

static void test_another_controller_may_not_use_it_too(void **state)
{
    static struct patientbook book, other;
    char fault[PATIENTBOOK_FAULT_BYTES];
    (void)state;
    book_open(&book);
    assert_false(patientbook_open(&other, path, "SIM-0042", fault));
    assert_non_null(strstr(fault, "another controller uses it"));
    patientbook_close(&book);
}

/* Nothing pending: never sent, its receipt, or nobody knows. Pending: the pump has to be asked. */
static void test_a_key_tells_what_became_of_a_press(void **state)
{
    static struct patientbook book;
    struct key key = { .command_id = 6 };
    struct receipt receipt = { .outcome = 99 };
    const struct calendar calendar = { .offset = { 0 } };
    (void)state;
    book_open(&book);
    assert_false(patientbook_learn(&book, &key, &receipt));
    ask(&book, 7);
    assert_true(patientbook_learn(&book, &key, &receipt));
    assert_int_equal(receipt.outcome, OUTCOME_NOT_APPLIED);
    key.command_id = 7;
    key.pending.id = 7;
    assert_false(patientbook_learn(&book, &key, &receipt));
    key.pending.id = 0;
    key.last = (struct receipt){ .id = 7, .kind = COMMAND_PATIENT_BOLUS, .outcome = OUTCOME_APPLIED, .at = { 5 } };
    assert_true(patientbook_learn(&book, &key, &receipt));
    assert_int_equal(receipt.outcome, OUTCOME_APPLIED);
    assert_int_equal(receipt.at.ms, 5);
    key.command_id = key.last.id = 8;
    assert_true(patientbook_learn(&book, &key, &receipt));
    assert_int_equal(receipt.outcome, 0);
    assert_true(patientbook_settle(&book, &receipt, &calendar));
    assert_int_equal(book.press[0].outcome, PRESS_LOST);
    patientbook_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_press_is_there_again_after_any_end, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_the_oldest_go_when_it_is_full, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_another_controller_may_not_use_it_too, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_a_key_tells_what_became_of_a_press, folder_make, folder_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
