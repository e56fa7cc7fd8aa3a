/* records.c - the records at size: so many patients, so many rows of pumps' logs, and what a clinic asks of them all day.
 * Prints figures; asserts nothing but that every question is answered.
 *
 *   records_bench URL [patients 10000] [rows of log 5000000]     the database must be new
 *   records_postgres.py records_bench                            the same against a PostgreSQL of its own */
// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "clinic/records/dump.h"
#include "clinic/records/rows.h"
#include "clinic/records/users.h"
#include "clinic/records/verify.h"
#include "tests/clinic/records_case.h"

enum { AT_ONCE = 100, ASKED = 1000, PAGE = 100, ALARMS = 3 };
static const uint8_t KEY[USER_KEY_FILE_BYTES] = { 5 };
static const int64_t AT_MS = INT64_C(1772366400000);

static struct records records;
static int64_t patients = 10000, log_rows = 5000000;

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void done(enum records_fault fault, const char *what)
{
    if (fault == RECORDS_OK)
        return;
    fprintf(stderr, "bench: %s: %s\n", what, records.error);
    exit(1);
}

/* One patient's rows of log, in pulls of 500, and a few alarms. */
static void logs_fill(const struct case_ids *ids, int64_t rows)
{
    static struct pumplog_item items[500];
    for (int64_t number = 1; number <= rows;) {
        size_t count = 0;
        for (; count < 500 && number <= rows; count++)
            items[count] = case_event((uint64_t)number++);
        const struct pumplog_pull pull = {
            .implant = ids->implant, .visit = ids->visit, .ring = PUMPLOG_EVENTS, .items = items, .count = count
        };
        done(pumplog_add(&records, &pull, NULL), "a pull");
    }
    for (uint64_t alarm = 1; alarm <= ALARMS; alarm++) {
        const struct pumplog_item item = case_event(10 * alarm);
        done(alarms_take(&records, ids->implant, &item.event, AT_MS), "an alarm");
    }
}

static void fill(void)
{
    double began = now_us();
    for (int64_t n = 0; n < patients; n++) {
        struct case_ids ids;
        if (n % AT_ONCE == 0)
            done(records_begin(&records, AT_MS + n), "begin");
        done(case_write(&records, (unsigned)n, 0, &ids), "a patient");
        logs_fill(&ids, log_rows / patients);
        if (n % AT_ONCE == AT_ONCE - 1 || n == patients - 1)
            done(records_commit(&records), "commit");
        if (n % 1000 == 999)
            fprintf(stderr, "bench: %" PRId64 " patients, %.0f s\n", n + 1, (now_us() - began) / 1e6);
    }
    printf("written: %" PRId64 " patients, %" PRId64 " rows of log in %.1f s\n", patients, log_rows / patients * patients,
           (now_us() - began) / 1e6);
}

/* The questions; n is a patient's number from 0. */
static enum records_fault by_identifier(int64_t n)
{
    const struct patient patient = case_patient((unsigned)n);
    int64_t id = 0;
    return patients_find(&records, patient.identifier, &id);
}

static enum records_fault one_patient(int64_t n)
{
    struct patient patient;
    return patients_read(&records, n + 1, &patient);
}

static enum records_fault patients_page(int64_t n)
{
    static struct patient page[PAGE];
    unsigned count = 0;
    return patients_list(&records, n + 1, page, PAGE, &count);
}

/* For a search by name: there is no other way, for names are sealed. */
static enum records_fault everybody(int64_t n)
{
    static struct patient page[PAGE];
    unsigned count = PAGE;
    enum records_fault fault = RECORDS_OK;
    (void)n;
    for (int64_t from = 0; fault == RECORDS_OK && count == PAGE; from = page[PAGE - 1].id + 1)
        fault = patients_list(&records, from, page, PAGE, &count);
    return fault;
}

static enum records_fault pump_by_serial(int64_t n)
{
    const struct implant written = case_implant((unsigned)n, 0);
    struct implant implant;
    return implants_find(&records, written.serial, &implant);
}

static enum records_fault visits_of(int64_t n)
{
    struct visit_record visits[10];
    unsigned count = 0;
    return visits_list(&records, n + 1, visits, 10, &count);
}

static enum records_fault therapy_of(int64_t n)
{
    static struct therapy_record therapy;
    return therapies_newest(&records, n + 1, &therapy);
}

static enum records_fault trend_of(int64_t n)
{
    struct refill_trend trend;
    return refills_trend(&records, n + 1, &trend);
}

static enum records_fault lot_recall(int64_t n)
{
    char lot[REFILL_LOT_BYTES];
    int64_t ids[20];
    unsigned count = 0;
    snprintf(lot, sizeof lot, "B-%" PRId64, n / 10);
    return refills_by_lot(&records, lot, ids, 20, &count);
}

static enum records_fault next_number(int64_t n)
{
    int64_t number = 0;
    return pumplog_next(&records, n + 1, PUMPLOG_EVENTS, &number);
}

static enum records_fault log_page(int64_t n)
{
    static struct pumplog_item items[PAGE];
    unsigned count = 0;
    return pumplog_list(&records, n + 1, PUMPLOG_EVENTS, log_rows / patients / 2, items, PAGE, &count);
}

static enum records_fault standing(int64_t n)
{
    struct alarm_record alarms[20];
    unsigned count = 0;
    return alarms_standing(&records, n + 1, alarms, 20, &count);
}

static enum records_fault limits(int64_t n)
{
    struct override_count counts[20];
    unsigned count = 0;
    (void)n;
    return overrides_table(&records, "", counts, 20, &count);
}

static enum records_fault row_against_audit(int64_t n)
{
    struct rows_reading reading;
    enum records_fault fault = rows_by_id(&records, TABLE_REFILLS, n + 1, &reading);
    if (fault == RECORDS_OK)
        fault = rows_check(&records, TABLE_REFILLS, reading.values);
    rows_done(&reading);
    return fault;
}

/* A page of 20 further events in a transaction of its own: as after every visit. */
static enum records_fault page_kept(int64_t n)
{
    enum records_fault fault = records_begin(&records, AT_MS);
    if (fault == RECORDS_OK)
        fault = case_pull(&records, n + 1, 0, 20);
    return fault == RECORDS_OK ? records_commit(&records) : fault;
}

static int earlier(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void ask(const char *what, enum records_fault (*question)(int64_t n), unsigned times, double *slowest,
                const char **name)
{
    static double took[ASKED];
    uint64_t seed = 1;
    for (unsigned i = 0; i < times; i++) {
        seed = seed * UINT64_C(6364136223846793005) + 1;
        double began = now_us();
        done(question((int64_t)((seed >> 33) % (uint64_t)patients)), what);
        took[i] = now_us() - began;
    }
    qsort(took, times, sizeof took[0], earlier);
    printf("%-44s %6u %12.0f %12.0f %12.0f\n", what, times, took[times / 2], took[times * 99 / 100], took[times - 1]);
    if (took[times / 2] > *slowest) {
        *slowest = took[times / 2];
        *name = what;
    }
}

static void questions(void)
{
    static const struct {
        const char *what;
        enum records_fault (*question)(int64_t n);
        unsigned times;
    } all[] = {
        { "patient by identifier", by_identifier, ASKED },
        { "one patient, opened", one_patient, ASKED },
        { "100 patients, opened", patients_page, 100 },
        { "all patients, opened (search by name)", everybody, 3 },
        { "pump by serial", pump_by_serial, ASKED },
        { "visits of a patient", visits_of, ASKED },
        { "newest therapy", therapy_of, ASKED },
        { "trend of refills", trend_of, ASKED },
        { "recall of a lot", lot_recall, ASKED },
        { "next number to pull", next_number, ASKED },
        { "100 rows of log, from the middle", log_page, ASKED },
        { "standing alarms", standing, ASKED },
        { "limits shown and overridden, of all", limits, 20 },
        { "a row against the audit", row_against_audit, ASKED },
        { "20 rows of log, kept", page_kept, 100 },
    };
    const char *name = "";
    double slowest = 0;
    printf("%-44s %6s %12s %12s %12s\n", "question", "times", "median, us", "99 %, us", "most, us");
    for (unsigned i = 0; i < sizeof all / sizeof all[0]; i++)
        ask(all[i].what, all[i].question, all[i].times, &slowest, &name);
    printf("slowest by median: %s, %.1f ms\n", name, slowest / 1e3);
}

static void say(void *context, const char *text)
{
    (void)context;
    printf("verify: %s\n", text);
}

static void whole(void)
{
    struct verify verify;
    uint64_t rows = 0;
    FILE *nowhere = fopen("/dev/null", "w");
    double began = now_us();
    done(verify_run(&verify, &records, NULL, say, NULL), "verify");
    printf("verify: %" PRIu64 " rows of audit, %" PRIu64 " rows, %" PRIu64 " of logs in %.1f s\n", verify.audit_rows,
           verify.rows, verify.log_rows, (now_us() - began) / 1e6);
    began = now_us();
    if (nowhere == NULL)
        exit(1);
    done(dump_write(&records, nowhere, false, &rows), "export");
    printf("export: %" PRIu64 " rows in %.1f s\n", rows, (now_us() - began) / 1e6);
    (void)fclose(nowhere);
}

int main(int argc, char **argv)
{
    const char *url = argc > 1 ? argv[1] : getenv("CISTERNA_TEST_DB");
    if (url == NULL) {
        fprintf(stderr, "usage: records_bench URL [patients] [rows of log]\n");
        return 2;
    }
    patients = argc > 2 ? strtoll(argv[2], NULL, 10) : patients;
    log_rows = argc > 3 ? strtoll(argv[3], NULL, 10) : log_rows;
    done(records_open(&records, url, true), "open");
    done(records_found(&records, AT_MS), "found");
    done(users_key_set(&records, KEY), "key");
    done(records_commit(&records), "commit");
    printf("%s\n", records.database.kind->name);
    fill();
    if (strcmp(records.database.kind->name, "postgresql") == 0)
        (void)database_run(&records.database, "ANALYZE"); /* what autovacuum would have done meanwhile */
    questions();
    whole();
    records_close(&records);
    return 0;
}
