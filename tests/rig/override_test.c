/* override_test.c - other values of figures inside a larger document, as a scenario carries them: taken, left alone where
 * nothing is said, and refused at the place where they are wrong. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/override.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
/* The order is cmocka's wish. */
#include <cmocka.h>

/* Reads a document whose member "body" is the list; the complaints stay in the reader. */
static void read_text(const char *text, struct reader *reader, struct figures *figures)
{
    *reader = (struct reader){ .file = "scenario", .text = text, .size = strlen(text) };
    figures_typical(figures);
    struct node document = reader_document(reader);
    assert_non_null(document.value);
    override_member(&document, "body", figures);
    json_decref(document.value);
}

static void a_list_is_taken(void **state)
{
    static struct reader reader;
    struct figures figures, typical;
    (void)state;
    figures_typical(&typical);
    read_text("{\"name\": \"other members are not its business\"}", &reader, &figures);
    assert_int_equal(reader.count, 0);
    assert_memory_equal(&figures, &typical, sizeof typical);
    read_text("{\"body\": [{\"figure\": \"body.mixing\", \"value\": 3, \"unit\": \"cm\", \"guess\": true}]}", &reader,
              &figures);
    assert_int_equal(reader.count, 0);
    typical.value[FIGURE_MIXING] = 3;
    assert_memory_equal(&figures, &typical, sizeof typical);
}

static void what_is_wrong_is_told_where_it_stands(void **state)
{
    static struct reader reader;
    struct figures figures, typical;
    (void)state;
    figures_typical(&typical);
    read_text("{\"body\": [\n{\"figure\": \"body.mixing\", \"value\": 3, \"unit\": \"cm\", \"guess\": true},\n"
              "{\"figure\": \"body.reservoir\", \"value\": 0, \"unit\": \"mL\", \"source\": \"x\"},\n"
              "{\"figure\": \"body.inflow\", \"value\": 5, \"unit\": \"mL\", \"source\": \"x\"}]}",
              &reader, &figures);
    assert_int_equal(reader.count, 2);
    assert_int_equal(reader.complaint[0].line, 3);
    assert_non_null(strstr(reader.complaint[0].text, "out of range"));
    assert_int_equal(reader.complaint[1].line, 4);
    assert_non_null(strstr(reader.complaint[1].text, "mL/h"));
    typical.value[FIGURE_MIXING] = 3; /* what was right is set, what was wrong is not */
    assert_memory_equal(&figures, &typical, sizeof typical);
    read_text("{\"body\": {}}", &reader, &figures);
    assert_int_equal(reader.count, 1);
    read_text("{\"body\": []}", &reader, &figures);
    assert_int_equal(reader.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_list_is_taken),
                                        cmocka_unit_test(what_is_wrong_is_told_where_it_stands) };
    return cmocka_run_group_tests_name("override", tests, NULL, NULL);
}
