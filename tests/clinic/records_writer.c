/* records_writer.c - writes records one after another, each in one transaction, and tells each on standard output once it was
 * acknowledged; dies in the middle when asked to. The other half of records_kill_test.py.
 *
 *   records_writer URL found               new records, with one patient and pump
 *   records_writer URL write COUNT [DIE]   so many records; with DIE, killed by itself in its DIE-th write to a file of SQLite,
 *                                          of which a part of chance reaches the file
 *   records_writer URL check ACKNOWLEDGED  is every record there, whole, and does everything verify? Tells how many there
 * are */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* pwrite() */
#include <inttypes.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clinic/records/users.h"
#include "clinic/records/verify.h"
#include "tests/clinic/records_case.h"

enum { EVENTS = 5, RIGHT = 0, WRONG = 1 };
static const uint8_t KEY[USER_KEY_FILE_BYTES] = { 9, 9, 9 };
static const int64_t AT_MS = INT64_C(1772366400000);

static int64_t writes_left; /* until death; 0: for ever */

static ssize_t deadly_pwrite(int file, const void *bytes, size_t size, off_t offset)
{
    if (writes_left == 1) {
        (void)!pwrite(file, bytes, (size_t)offset * 7919 % (size + 1), offset);
        (void)raise(SIGKILL);
    }
    writes_left -= writes_left > 0;
    return pwrite(file, bytes, size, offset);
}

static void die_in(int64_t write)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    writes_left = write;
    if (vfs->xGetSystemCall(vfs, "pwrite") != NULL)
        (void)vfs->xSetSystemCall(vfs, "pwrite", (sqlite3_syscall_ptr)deadly_pwrite);
    if (vfs->xGetSystemCall(vfs, "pwrite64") != NULL)
        (void)vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)deadly_pwrite);
}

static int failed(const struct records *records)
{
    fprintf(stderr, "records_writer: %s\n", records->error);
    return WRONG;
}

static enum records_fault found(struct records *records)
{
    struct case_ids ids;
    enum records_fault fault = records_found(records, AT_MS);
    if (fault == RECORDS_OK)
        fault = users_key_set(records, KEY);
    if (fault == RECORDS_OK)
        fault = case_write(records, 0, 0, &ids); /* with refill 1 and visit 1 */
    return fault == RECORDS_OK ? records_commit(records) : fault;
}

/* The n-th record: a visit with a refill, its two drugs, a note, a page of log and an outcome. */
static enum records_fault record_write(struct records *records, unsigned n)
{
    int64_t visit = 0;
    char note[32];
    enum records_fault fault = records_begin(records, AT_MS + n);
    if (fault == RECORDS_OK)
        fault = visits_open(records, 1, 1, WORD_WORKFLOW_REFILL, &visit);
    const struct refill_record refill = case_refill(n, 1, visit);
    snprintf(note, sizeof note, "record %u", n);
    if (fault == RECORDS_OK)
        fault = refills_add(records, &refill, note, NULL);
    if (fault == RECORDS_OK)
        fault = case_pull(records, 1, visit, EVENTS);
    if (fault == RECORDS_OK)
        fault = visits_close(records, visit, WORD_OUTCOME_APPLIED, 0, (int64_t)n);
    return fault == RECORDS_OK ? records_commit(records) : fault;
}

static enum records_fault refills_count(struct records *records, int64_t *count)
{
    struct refill_trend trend;
    enum records_fault fault = refills_trend(records, 1, &trend);
    *count = trend.count;
    return fault;
}

static int write_them(struct records *records, int64_t count)
{
    int64_t n = 0;
    enum records_fault fault = refills_count(records, &n);
    for (int64_t i = 0; i < count && fault == RECORDS_OK; i++) {
        fault = record_write(records, (unsigned)(n + i));
        char text[32];
        int size = snprintf(text, sizeof text, "%" PRId64 "\n", n + i);
        if (fault == RECORDS_OK && write(STDOUT_FILENO, text, (size_t)size) != size)
            return WRONG;
    }
    return fault == RECORDS_OK ? RIGHT : failed(records);
}

/* Is the n-th record whole? Number 0 came with the founding; rows are numbered from 1. */
static bool record_whole(struct records *records, unsigned n)
{
    struct refill_record refill;
    struct visit_record visit;
    struct pumplog_item items[EVENTS];
    char note[64], expected[32];
    unsigned count = 0;
    const struct refill_record written = case_refill(n, 1, n + 1);
    snprintf(expected, sizeof expected, "record %u", n);
    bool whole = refills_read(records, n + 1, &refill) == RECORDS_OK && visits_read(records, n + 1, &visit) == RECORDS_OK &&
                 refills_note_read(records, n + 1, note, sizeof note) == RECORDS_OK &&
                 pumplog_list(records, 1, PUMPLOG_EVENTS, (int64_t)(n - 1) * EVENTS + 1, items, EVENTS, &count) == RECORDS_OK;
    return whole && refill.expected.nl == written.expected.nl && refill.drugs == 2 && refill.visit == n + 1 &&
           strcmp(refill.drug[0].lot, written.drug[0].lot) == 0 && strcmp(note, expected) == 0 &&
           visit.outcome == WORD_OUTCOME_APPLIED && visit.command_id == n && count == EVENTS &&
           items[EVENTS - 1].from == (uint64_t)n * EVENTS;
}

static void fault_say(void *context, const char *text)
{
    (void)context;
    fprintf(stderr, "records_writer: verify: %s\n", text);
}

static int check(struct records *records, int64_t acknowledged)
{
    struct verify verify;
    int64_t count = 0, next = 0;
    enum records_fault fault = verify_run(&verify, records, NULL, fault_say, NULL);
    if (fault == RECORDS_OK)
        fault = refills_count(records, &count);
    if (fault == RECORDS_OK)
        fault = pumplog_next(records, 1, PUMPLOG_EVENTS, &next);
    if (fault != RECORDS_OK)
        return failed(records);
    count--; /* that of the founding */
    for (int64_t n = 1; n <= count; n++)
        if (!record_whole(records, (unsigned)n)) {
            fprintf(stderr, "records_writer: record %" PRId64 " is not whole\n", n);
            return WRONG;
        }
    if (count < acknowledged || count > acknowledged + 1 || next != count * EVENTS + 1) {
        fprintf(stderr, "records_writer: %" PRId64 " records are there, %" PRId64 " were acknowledged\n", count,
                acknowledged);
        return WRONG;
    }
    printf("%" PRId64 "\n", count);
    return RIGHT;
}

int main(int argc, char **argv)
{
    static struct records records;
    if (argc < 3)
        return 2;
    const bool founding = strcmp(argv[2], "found") == 0;
    const int64_t number = argc > 3 ? strtoll(argv[3], NULL, 10) : 0;
    if (argc > 4)
        die_in(strtoll(argv[4], NULL, 10));
    enum records_fault fault = records_open(&records, argv[1], founding);
    if (fault != RECORDS_OK)
        return failed(&records);
    fault = founding ? found(&records) : users_key_open(&records, KEY);
    int code = fault != RECORDS_OK ? failed(&records) : RIGHT;
    if (code == RIGHT && strcmp(argv[2], "write") == 0)
        code = write_them(&records, number);
    if (code == RIGHT && strcmp(argv[2], "check") == 0)
        code = check(&records, number);
    records_close(&records);
    return code;
}
