/* typing_test.c - keys that were pressed: read strictly, and replayed to the value that was sent; also by the C grammar of
 * amounts. Screen rules N2 and N8, HZ-22. */
// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "amount/amount.h"
#include "clinic/server/typing.h"
#include "tests/core/check.h"

/* Does "pressed" lead to the value? */
static bool replays(const char *value, const char *pressed)
{
    char text[2048];
    snprintf(text, sizeof text, "{\"field\":\"dose\",\"value\":\"%s\",\"missed\":0,\"pressed\":%s}", value, pressed);
    json_t *field = json_loads(text, 0, NULL);
    assert_non_null(field);
    bool leads = typing_replays(field);
    json_decref(field);
    return leads;
}

/* `0 . . DEL 5` is 0.5 and never 5: the second point was refused, and DEL takes it away and nothing else. */
static const char DEL[] =
    "[[0,0,0,\"0\",\"0\"],[9,1,1,\".\",\"0.\"],[20,2,2,\".\",\"0.\"],[31,2,2,\"Backspace\",\"0.\"],"
    "[44,2,2,\"5\",\"0.5\"]]";

static void keys_lead_to_the_value(void **state)
{
    (void)state;
    int64_t dose = 0;
    assert_true(replays("0.5", DEL));
    assert_int_equal(amount_read("0.5 mg/day", DIMENSION_DOSE, &dose), AMOUNT_OK);
    assert_int_equal(dose, INT64_C(500000000000));
    assert_true(replays("", "[]"));
    assert_true(replays("12", "[[0,0,0,\"2\",\"2\"],[5,1,1,\"ArrowLeft\",\"2\"],[9,0,0,\"1\",\"12\"]]"));
    assert_true(replays("9", "[[0,0,0,\"Paste:125\",\"125\"],[4,0,3,\"9\",\"9\"]]"));
    assert_true(replays("15", "[[0,0,0,\"Paste:125\",\"125\"],[4,1,1,\"Delete\",\"15\"]]"));
    assert_true(replays("5.25", "[[0,0,0,\"5\",\"5\"],[4,0,1,\"Clear\",\"\"],[9,0,0,\"Step:5.25\",\"5.25\"]]"));
    assert_true(replays("5 mg", "[[0,0,0,\"Paste:5 mg per day\",\"5 mg per day\"],[4,4,12,\"Cut\",\"5 mg\"]]"));
}

static void keys_that_lead_elsewhere_are_told_apart(void **state)
{
    (void)state;
    assert_false(replays("5", DEL));
    assert_false(replays("0.5", "[[0,0,0,\"5\",\"0.5\"]]"));
    assert_false(replays("50", "[[0,0,0,\"5\",\"5\"],[1,1,1,\"0\",\"5\"],[2,1,1,\"Enter\",\"50\"]]"));
    assert_false(replays("5", "[[0,0,0,\"5\",\"5\"],[1,0,0,\"Backspace\",\"\"]]")); /* nothing stood before it */
    assert_false(replays("5", "[[0,3,9,\"5\",\"5\"]]"));                            /* marked what was not there */
    assert_false(replays("5", "[[0,0,0,\"5\"]]"));
    assert_false(replays("5.2", "[[0,0,0,\"Step:5.25\",\"5.2\"]]"));
    json_t *cut =
        json_loads("{\"field\":\"dose\",\"value\":\"5\",\"missed\":1,\"pressed\":[[0,0,0,\"5\",\"5\"]]}", 0, NULL);
    assert_false(typing_replays(cut)); /* what is not known leads nowhere */
    json_decref(cut);
}

static unsigned faults_of(const char *text)
{
    struct reader reader = { .file = "body", .text = text, .size = strlen(text) };
    struct node root = reader_document(&reader);
    assert_non_null(root.value);
    typing_read(&root);
    json_decref(root.value);
    return reader.count;
}

static void what_is_no_log_of_keys_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "[]",
        "{\"fields\":[]}",
        "{\"sent\":-1,\"fields\":[]}",
        "{\"sent\":1,\"fields\":{}}",
        "{\"sent\":1,\"fields\":[{\"field\":\"dose\",\"pressed\":[]}]}",
        "{\"sent\":1,\"fields\":[{\"field\":\"do se\",\"value\":\"\",\"pressed\":[]}]}",
        "{\"sent\":1,\"fields\":[{\"field\":\"dose\",\"value\":5,\"pressed\":[]}]}",
        "{\"sent\":1,\"fields\":[{\"field\":\"dose\",\"value\":\"5\",\"pressed\":[[0,0,0,\"\",\"5\"]]}]}",
        "{\"sent\":1,\"fields\":[{\"field\":\"dose\",\"value\":\"5\",\"pressed\":[[0,0,0,\"5\",5]]}]}",
        "{\"sent\":1,\"fields\":[{\"field\":\"dose\",\"value\":\"5\",\"pressed\":[[0,64,0,\"5\",\"5\"]]}]}",
        "{\"sent\":1,\"fields\":[{\"field\":\"dose\",\"value\":\"5\",\"pressed\":[[0,0.5,0,\"5\",\"5\"]]}]}",
        "{\"sent\":1,\"fields\":[{\"field\":\"dose\",\"value\":\"5\",\"pressed\":[],\"more\":1}]}",
    };
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_true(faults_of(bad[i]) > 0);
    assert_int_equal(
        faults_of("{\"sent\":1,\"fields\":[{\"field\":\"p-dose\",\"value\":\"5\",\"pressed\":[[0,0,0,\"5\",\"5\"]]}]}"),
        0);
}

/* More than can be sealed, or more keys than there may be: counted by the page, never taken in part. */
static void too_many_keys_are_refused(void **state)
{
    (void)state;
    static char text[64 * 1024];
    for (int presses = TYPING_PRESSES_MAX; presses <= TYPING_PRESSES_MAX + 1; presses++) {
        size_t at = (size_t)snprintf(text, sizeof text,
                                     "{\"sent\":1,\"fields\":[{\"field\":\"d\",\"value\":\"5\",\"pressed\":[");
        for (int i = 0; i < presses; i++)
            at += (size_t)snprintf(text + at, sizeof text - at, "%s[0,0,0,\"5\",\"5\"]", i > 0 ? "," : "");
        snprintf(text + at, sizeof text - at, "]}]}");
        assert_int_equal(faults_of(text), presses > TYPING_PRESSES_MAX ? 1 : 0);
    }
    size_t at =
        (size_t)snprintf(text, sizeof text, "{\"sent\":1,\"fields\":[{\"field\":\"d\",\"value\":\"5\",\"pressed\":[");
    for (int i = 0; i < 60; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%s[0,0,0,\"Paste:%060d\",\"5\"]", i > 0 ? "," : "", 5);
    snprintf(text + at, sizeof text - at, "]}]}");
    assert_int_equal(faults_of(text), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_lead_to_the_value),
        cmocka_unit_test(keys_that_lead_elsewhere_are_told_apart),
        cmocka_unit_test(what_is_no_log_of_keys_is_refused),
        cmocka_unit_test(too_many_keys_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
