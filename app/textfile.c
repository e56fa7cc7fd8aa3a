/* textfile.c - a text file read as a whole. */
// SPDX-License-Identifier: Apache-2.0
#include "app/textfile.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES_MAX = 16 * 1024 * 1024 };

char *textfile_read(const char *name, size_t *size)
{
    FILE *file = fopen(name, "rb");
    char *text = file != NULL ? malloc(TEXT_BYTES_MAX + 1) : NULL;
    if (text == NULL) {
        fprintf(stderr, "cisterna: cannot read %s: %s\n", name, strerror(errno));
        if (file != NULL)
            (void)fclose(file);
        return NULL;
    }
    *size = fread(text, 1, TEXT_BYTES_MAX + 1, file);
    bool bad = ferror(file) != 0;
    (void)fclose(file);
    if (bad || *size > TEXT_BYTES_MAX) {
        fprintf(stderr, "cisterna: cannot read %s: %s\n", name, bad ? "it is no readable file" : "larger than 16 MiB");
        free(text);
        return NULL;
    }
    text[*size] = '\0';
    return text;
}
