/* formulary_teller.c - reads one entry a line of standard input and says a verdict a line: 0 in order, 2 malformed, 3 refused.
 * For tests that try thousands. */
// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clinic/formulary/reading.h"

enum { LINE_BYTES = 1 << 20 };

static int verdict(const char *text, size_t size)
{
    static struct reader reader;
    static struct entry_file file;
    reader = (struct reader){ .file = "line", .text = text, .size = size };
    struct node root = reader_document(&reader);
    bool good = root.value != NULL && entry_read(&root, &file);
    json_decref(root.value);
    return good == (reader_exit(&reader) == 0) ? reader_exit(&reader) : -1;
}

int main(void)
{
    char *line = malloc(LINE_BYTES);
    if (line == NULL)
        return 1;
    while (fgets(line, LINE_BYTES, stdin) != NULL)
        printf("%d\n", verdict(line, strlen(line)));
    free(line);
    return 0;
}
