/* backup.c - a backup of the records, as somebody else may have left it: any bytes, and lines of chance with a digest that
 * holds. What is refused leaves no row and says why; what is taken is written out again as a backup that is taken too, and is
 * the same from then on. REQ-SECU-13. */
// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L /* fmemopen(), open_memstream() */
#include "fuzz/fuzz.h"

#include <string.h>

#include "clinic/records/dump.h"
#include "clinic/records/load.h"

/* An input whose first byte is this has its end written anew, with the digest of what stands before. */
enum { END_MADE = '!' };

static struct records records;

static void records_make(void)
{
    MUST(records_open(&records, ":memory:", true) == RECORDS_OK);
}

static int64_t rows_of(const char *sql)
{
    int64_t count = -1;
    bool found = false;
    MUST(database_ask(&records.database, sql, NULL, 0, &count, &found) == DATABASE_OK && found);
    return count;
}

static enum records_fault load(const char *text, size_t size)
{
    FILE *in = fmemopen((void *)text, size, "r");
    MUST(in != NULL);
    records.error[0] = '\0';
    enum records_fault fault = load_read(&records, in, NULL);
    MUST(fclose(in) == 0);
    return fault;
}

/* The lines that are whole, with the last one that belongs to them. */
static char *end_make(const uint8_t *bytes, size_t size, size_t *length)
{
    uint8_t digest[HASH_BYTES];
    uint64_t lines = 0;
    while (size > 0 && bytes[size - 1] != '\n')
        size--;
    for (size_t i = 0; i < size; i++)
        lines += bytes[i] == '\n';
    char *text = malloc(size + 160);
    MUST(text != NULL);
    memcpy(text, bytes, size);
    hash_of(bytes, size, digest);
    *length = size + (size_t)snprintf(text + size, 80, "{\"end\":%llu,\"digest\":\"",
                                      (unsigned long long)(lines > 0 ? lines - 1 : 0));
    for (unsigned i = 0; i < HASH_BYTES; i++)
        *length += (size_t)snprintf(text + *length, 3, "%02x", digest[i]);
    *length += (size_t)snprintf(text + *length, 4, "\"}\n");
    return text;
}

static char *dumped(size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, size);
    MUST(out != NULL && dump_write(&records, out, false, NULL) == RECORDS_OK && fclose(out) == 0);
    return text;
}

/* What was taken, written out, taken and written out again, is the same. */
static void comes_back(void)
{
    size_t size = 0, again = 0;
    char *text = dumped(&size);
    records_close(&records);
    records_make();
    MUST(load(text, size) == RECORDS_OK);
    char *back = dumped(&again);
    MUST(size == again && memcmp(text, back, size) == 0);
    free(text);
    free(back);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    bool made = size > 0 && bytes[0] == END_MADE;
    size_t length = made ? size - 1 : size;
    if (records.database.handle == NULL)
        records_make();
    if (length == 0)
        return 0;
    char *text = made ? end_make(bytes + 1, length, &length) : NULL;
    enum records_fault fault = load(made ? text : (const char *)bytes, length);
    free(text);
    if (fault == RECORDS_OK) {
        comes_back();
        records_close(&records);
        records_make();
    } else {
        MUST(strlen(records.error) > 0 && fault != RECORDS_FAILED);
        MUST(rows_of("SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM audit) + (SELECT count(*) FROM head)") ==
             0);
    }
    return 0;
}
