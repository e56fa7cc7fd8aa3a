/* personfile.c - a patient from a file. */
// SPDX-License-Identifier: Apache-2.0
#include "app/personfile.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/options.h"
#include "app/textfile.h"

static void root_read(const struct node *root, struct patient **patient)
{
    static const char *const fields[] = { "patient", "note", NULL };
    if (!reader_object(root, fields))
        return;
    struct node node = reader_member(root, "patient", REQUIRED);
    *patient = node.value != NULL ? patient_read(root) : NULL;
    if (*patient != NULL && ((*patient)->comes || (*patient)->hears))
        reader_complain(
            &node, COMPLAINT_MALFORMED,
            "comes or hears freely: only a scenario's patient can; that of a live implant is refilled and heard by "
            "whoever sits before it");
}

int personfile_read(const char *name, struct patient **patient)
{
    size_t size = 0;
    char *text = textfile_read(name, &size);
    struct reader *reader = calloc(1, sizeof *reader);
    *patient = NULL;
    if (text == NULL || reader == NULL) {
        free(text);
        free(reader);
        return EXIT_USAGE;
    }
    *reader = (struct reader){ .file = name, .text = text, .size = size };
    struct node root = reader_document(reader);
    if (root.value != NULL)
        root_read(&root, patient);
    json_decref(root.value);
    reader_print(reader, stderr);
    int code = reader_exit(reader);
    if (code != EXIT_DONE) {
        free(*patient);
        *patient = NULL;
    }
    free(text);
    free(reader);
    return code;
}
