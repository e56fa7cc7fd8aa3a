/* clinicbook.c - a key file, and the records opened with it. */
// SPDX-License-Identifier: Apache-2.0
#include "app/clinicbook.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/records/keyholder.h"
#include "clinic/server/journal.h"

struct clinicbook {
    struct clerk clerk; /* its records are those that are opened */
    const char *database;
    uint8_t key[USER_KEY_FILE_BYTES];
};

/* Close them only after RECORDS_OK. */
static enum records_fault open_with_key(struct clinicbook *book)
{
    struct records *records = &book->clerk.records;
    enum records_fault fault = records_open(records, book->database, false);
    if (fault != RECORDS_OK)
        return fault;
    fault = users_key_open(records, book->key);
    if (fault != RECORDS_OK)
        records_close(records);
    return fault;
}

int clinicbook_open(const char *key_file, const char *database, struct clinicbook **opened)
{
    struct clinicbook *book = calloc(1, sizeof *book);
    if (book == NULL)
        return EXIT_FAILED;
    book->clerk.command = "clinic";
    book->database = database;
    int code = keyholder_read(&book->clerk, key_file, book->key);
    if (code == EXIT_DONE) {
        enum records_fault fault = open_with_key(book);
        code = clerk_fault(&book->clerk, fault);
        if (fault == RECORDS_OK)
            records_close(&book->clerk.records);
    }
    if (code == EXIT_DONE)
        *opened = book;
    else
        clinicbook_close(book);
    return code;
}

enum records_fault clinicbook_pull(struct clinicbook *book, const char *serial, struct programmer *programmer,
                                   const struct air *air, unsigned pages, struct pull *pull,
                                   char fault[CLINICBOOK_FAULT_BYTES])
{
    struct records *records = &book->clerk.records;
    struct casebook casebook;
    *pull = (struct pull){ .contact = CONTACT_OK };
    enum records_fault came = open_with_key(book);
    bool open = came == RECORDS_OK;
    if (came == RECORDS_OK)
        came = casebook_of_pump(records, serial, &casebook);
    if (came == RECORDS_OK)
        came = casebook_pull(records, &casebook, 0, programmer, air, pages, server_utc(), pull);
    snprintf(fault, CLINICBOOK_FAULT_BYTES, "%s", came == RECORDS_OK ? "" : records->error);
    cipher_forget(&casebook, sizeof casebook); /* it holds a name */
    if (open)
        records_close(records);
    return came;
}

void clinicbook_close(struct clinicbook *book)
{
    if (book == NULL)
        return;
    keyholder_forget(book->key);
    free(book);
}
