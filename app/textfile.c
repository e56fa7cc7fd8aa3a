/* textfile.c - a text file read as a whole. */
// SPDX-License-Identifier: Apache-2.0
#include "app/textfile.h"

#include <errno.h>
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

bool textfile_lines(const char *name, const char *text, size_t size)
{
    size_t line = 1;
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];
        if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F) {
            fprintf(stderr, "%s:%zu: a control character (byte 0x%02X) stands in this line; plain text is right\n", name,
                    line, (unsigned)byte);
            return false;
        }
        line += byte == '\n';
    }
    return true;
}
