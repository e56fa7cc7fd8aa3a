/* interrogation.c - what comes after a pump was interrogated, in a clinic of many patients: the session is kept in the records,
 * then the therapy is read from them and its report stands on the disk. Prints figures; asserts only that every step is done.
 *
 *   interrogation_bench URL [patients 10000] [times 200]     the database must be new; bench/interrogation.py runs it for both */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "clinic/records/users.h"
#include "clinic/report/therapy.h"
#include "tests/clinic/records_case.h"

enum { AT_ONCE = 100, TIMES_MAX = 10000, EVENTS_BEFORE = 20, EVENTS_TOLD = 20, PATH_BYTES = 300 };
static const uint8_t KEY[USER_KEY_FILE_BYTES] = { 5 };
static const int64_t AT_MS = INT64_C(1772366400000);

static struct records records;
static struct formulary formulary;
static char folder[PATH_BYTES];
static int64_t patients = 10000;

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void done(enum records_fault fault, const char *what)
{
    if (fault == RECORDS_OK)
        return;
    fprintf(stderr, "bench: %s: %s\n", what, records.error);
    exit(1);
}

static void fill(void)
{
    double began = now_ms();
    for (int64_t n = 0; n < patients; n++) {
        struct case_ids ids;
        if (n % AT_ONCE == 0)
            done(records_begin(&records, AT_MS + n), "begin");
        done(case_write(&records, (unsigned)n, EVENTS_BEFORE, &ids), "a patient");
        if (n % AT_ONCE == AT_ONCE - 1 || n == patients - 1)
            done(records_commit(&records), "commit");
    }
    printf("%s: %" PRId64 " patients written in %.0f s\n", records.database.kind->name, patients,
           (now_ms() - began) / 1e3);
}

/* What a session told, kept as a whole: the visit, the events since the last pull, the alarms in them. */
static void keep(const struct implant *pump, int64_t at_ms)
{
    int64_t visit = 0;
    done(records_begin(&records, at_ms), "begin");
    done(visits_open(&records, pump->patient, pump->id, WORD_WORKFLOW_INTERROGATE, &visit), "a visit");
    done(case_pull(&records, pump->id, visit, EVENTS_TOLD), "a pull");
    done(visits_close(&records, visit, WORD_OUTCOME_APPLIED, 0, 0), "a visit's end");
    done(records_commit(&records), "commit");
}

static bool into_file(void *context, const void *bytes, size_t size)
{
    return fwrite(bytes, 1, size, context) == size;
}

/* The therapy in force, out of the records, as a PDF on the disk. */
static void tell(const struct implant *pump, int64_t at_ms)
{
    static struct therapy_record record;
    static struct therapy therapy;
    char path[PATH_BYTES + 32];
    struct patient patient;
    done(patients_read(&records, pump->patient, &patient), "a patient");
    done(therapies_newest(&records, pump->id, &record), "a therapy");
    snprintf(path, sizeof path, "%s/%s.pdf", folder, pump->serial);
    FILE *file = fopen(path, "wb");
    if (file == NULL || therapy_decode(record.canonical, record.size, &therapy) != RESULT_OK) {
        fprintf(stderr, "bench: no file, or no therapy\n");
        exit(1);
    }
    const struct report_therapy report = { .head = { .patient = patient.name,
                                                     .serial = pump->serial,
                                                     .model = model_find(pump->model, pump->revision),
                                                     .pump_software = "",
                                                     .software = "bench",
                                                     .formulary = &formulary,
                                                     .made = { at_ms, 0 },
                                                     .read = { at_ms, 0 } },
                                           .therapy = &therapy };
    struct report_out out = { .sink = into_file, .context = file };
    if (!report_therapy_write(&report, &out) || fflush(file) != 0 || fsync(fileno(file)) != 0) {
        fprintf(stderr, "bench: a report: %s\n", out.fault);
        exit(1);
    }
    (void)fclose(file);
    (void)unlink(path);
}

static int earlier(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void say(const char *what, double *took, unsigned times)
{
    qsort(took, times, sizeof *took, earlier);
    printf("%-44s %6u %10.1f %10.1f %10.1f\n", what, times, took[times / 2], took[times * 99 / 100], took[times - 1]);
}

static void measure(unsigned times)
{
    static double kept[TIMES_MAX], told[TIMES_MAX], both[TIMES_MAX];
    uint64_t seed = 1;
    for (unsigned i = 0; i < times; i++) {
        seed = seed * UINT64_C(6364136223846793005) + 1;
        const struct implant wanted = case_implant((unsigned)((seed >> 33) % (uint64_t)patients), 0);
        struct implant pump;
        double began = now_ms();
        done(implants_find(&records, wanted.serial, &pump), "a pump by its serial");
        keep(&pump, AT_MS + patients + i);
        kept[i] = now_ms() - began;
        tell(&pump, AT_MS + patients + i);
        both[i] = now_ms() - began;
        told[i] = both[i] - kept[i];
    }
    printf("%-44s %6s %10s %10s %10s\n", "step", "times", "median, ms", "99 %, ms", "most, ms");
    say("session kept: visit, 20 events, alarms", kept, times);
    say("read again, report of the therapy on the disk", told, times);
    say("both", both, times);
}

int main(int argc, char **argv)
{
    const char *url = argc > 1 && *argv[1] != '\0' ? argv[1] : getenv("CISTERNA_TEST_DB");
    unsigned times = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 200;
    if (url == NULL || times == 0 || times > TIMES_MAX) {
        fprintf(stderr, "usage: interrogation_bench URL [patients] [times, 1 to %d]\n", TIMES_MAX);
        return 2;
    }
    patients = argc > 2 ? strtoll(argv[2], NULL, 10) : patients;
    snprintf(folder, sizeof folder, "%s/interrogation-XXXXXX", P_tmpdir);
    if (mkdtemp(folder) == NULL || !formulary_builtin("US", &formulary, stderr))
        return 1;
    done(records_open(&records, url, true), "open");
    done(records_found(&records, AT_MS), "found");
    done(users_key_set(&records, KEY), "key");
    done(records_commit(&records), "commit");
    fill();
    if (strcmp(records.database.kind->name, "postgresql") == 0)
        (void)database_run(&records.database, "ANALYZE"); /* what autovacuum would have done meanwhile */
    measure(times);
    records_close(&records);
    formulary_close(&formulary);
    (void)rmdir(folder);
    return 0;
}
