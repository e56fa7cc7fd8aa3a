/* locator_test.c - an error names the line on which its value stands. */
// SPDX-License-Identifier: Apache-2.0
#include "document/locator.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char TEXT[] = "\n"                                        /* 1 */
                           "{ \"a\": 1,\n"                             /* 2 */
                           "  \"b\\\"]\": \"x\\\\\", \"c\": [\n"       /* 3 */
                           "    10,\n"                                 /* 4 */
                           "    { \"d\"\n"                             /* 5 */
                           "      : [ [], {},\n"                       /* 6 */
                           "      \"}],\" ] },\n"                      /* 7 */
                           "    {\"e\":\n"                             /* 8 */
                           "      null}],\n"                           /* 9 */
                           "  \"f\": {\"g\": true } }\n";              /* 10 */

static void lines(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        int line;
    } rows[] = {
        { "", 2 },          { "a", 2 },         { "b\"]", 3 },     { "c", 3 },
        { "c[0]", 4 },      { "c[1]", 5 },      { "c[1].d", 5 },     { "c[1].d[0]", 6 },
        { "c[1].d[1]", 6 }, { "c[1].d[2]", 7 }, { "c[2]", 8 },       { "c[2].e", 8 },
        { "f", 10 },        { "f.g", 10 },      { "f.nothing", 1 },  { "c[3]", 1 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (locator_line(TEXT, strlen(TEXT), rows[i].path) != rows[i].line)
            fail_msg("%s: line %d", rows[i].path, locator_line(TEXT, strlen(TEXT), rows[i].path));
}

/* Whatever the end of the text, the walk ends inside it. */
static void every_cut_is_survived(void **state)
{
    (void)state;
    for (size_t size = 0; size < strlen(TEXT); size++) {
        char cut[sizeof TEXT];
        memcpy(cut, TEXT, size);
        cut[size] = '\0';
        assert_in_range(locator_line(cut, size, "f.g"), 1, 10);
    }
}

static void paths(void **state)
{
    (void)state;
    char path[LOCATOR_PATH_BYTES], inner[LOCATOR_PATH_BYTES];
    locator_member(path, "", "a");
    assert_string_equal(path, "a");
    locator_element(inner, path, 12);
    assert_string_equal(inner, "a[12]");
    locator_member(path, inner, "b");
    assert_string_equal(path, "a[12].b");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(lines), cmocka_unit_test(every_cut_is_survived),
                                        cmocka_unit_test(paths) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
