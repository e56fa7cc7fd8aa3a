/* casebook_stand.c - records beside a pump that is a few variables. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* mkdtemp() */
#include "tests/clinic/casebook_stand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clinic/records/catheters.h"
#include "clinic/records/implants.h"
#include "clinic/records/patients.h"
#include "clinic/records/users.h"

struct records book_records;
struct workflow book_workflow;
struct casebook book_case;
struct book_failing book_failing;
const char BOOK_NAME[] = "Example, Anna", BOOK_SERIAL[] = "SIM-0042", BOOK_PASSWORD[] = "a pump in every port";
static char folder[] = P_tmpdir "/cisterna-casebook-XXXXXX";
static char path[128];
static bool is_open;
static const struct database_kind *kind; /* the one that works */
static struct database_kind failing;

int book_begin(void **state)
{
    if (mkdtemp(folder) == NULL)
        return -1;
    (void)snprintf(path, sizeof path, "%s/records.db", folder);
    return stand_open(state);
}

static const char *url(void)
{
    const char *server = getenv("CISTERNA_TEST_DB");
    return server != NULL ? server : path;
}

static void wipe(void)
{
    static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
    struct database database;
    char name[160];
    if (url() != path) {
        assert_int_equal(database_open(&database, url(), false), DATABASE_OK);
        assert_int_equal(database_run(&database, "DROP SCHEMA public CASCADE; CREATE SCHEMA public"), DATABASE_OK);
        database_close(&database);
    }
    for (unsigned i = 0; i < 4; i++) {
        (void)snprintf(name, sizeof name, "%s%s", path, endings[i]);
        (void)unlink(name);
    }
}

int book_end(void **state)
{
    book_close();
    if (url() == path)
        wipe();
    return stand_close(state) | rmdir(folder);
}

void book_done(int fault, const char *file, int line)
{
    if (fault != RECORDS_OK)
        print_error("%s\n", book_records.error);
    _assert_int_equal((LargestIntegralType)fault, RECORDS_OK, file, line);
}

void book_close(void)
{
    if (!is_open)
        return;
    book_records.database.kind = kind;
    records_close(&book_records);
    is_open = false;
}

static bool fails(void)
{
    return ++book_failing.count == book_failing.at;
}

static enum database_fault step(struct statement *statement)
{
    return fails() ? database_fail(statement->database, DATABASE_FAILED, "the disk is full") : kind->step(statement);
}

static enum database_fault run(struct database *database, const char *sql)
{
    bool commits = strncmp(sql, "COMMIT", 6) == 0;
    if (strncmp(sql, "ROLLBACK", 8) == 0)
        return kind->run(database, sql);
    if (fails())
        return database_fail(database, DATABASE_FAILED, "the disk is full");
    if (commits && book_failing.commit_unknown) {
        book_failing.commit_unknown = false;
        assert_int_equal(kind->run(database, sql), DATABASE_OK);
        return database_fail(database, DATABASE_UNKNOWN, "the connection broke");
    }
    return kind->run(database, sql);
}

static void may_fail(void)
{
    kind = book_records.database.kind;
    failing = *kind;
    failing.step = step;
    failing.run = run;
    book_records.database.kind = &failing;
    book_failing = (struct book_failing){ .at = 0 };
}

void book_fail(unsigned at)
{
    book_failing.at = at;
    book_failing.count = 0;
}

static void people_add(void)
{
    char name[32];
    for (int64_t i = 1, id = 0; i <= BOOK_AUDITOR; i++) {
        (void)snprintf(name, sizeof name, "user%lld", (long long)i);
        assert_kept(users_add(&book_records, name, i == BOOK_AUDITOR ? WORD_ROLE_AUDITOR : WORD_ROLE_PHYSICIAN,
                              BOOK_PASSWORD, strlen(BOOK_PASSWORD), &VAULT_COST_LEAST, &id));
        assert_int_equal(id, i);
    }
}

static void case_add(bool fresh, const char *model)
{
    struct patient patient = { .birth_date = "1950-12-31", .identifier = "MRN-1" };
    const struct model *found = model_named(model);
    struct implant implant = { .model = found->code, .revision = found->revision, .implanted_ms = BOOK_AT - DAY_MS };
    struct catheter catheter = { .length_mm = 400, .placed_ms = BOOK_AT - DAY_MS };
    strcpy(patient.name, BOOK_NAME);
    strcpy(implant.serial, BOOK_SERIAL);
    catheter.dead_volume = model_dead_volume(found, 400);
    assert_kept(patients_add(&book_records, &patient, &implant.patient));
    if (fresh)
        return;
    assert_kept(implants_add(&book_records, &implant, &catheter.implant));
    assert_kept(catheters_add(&book_records, &catheter, NULL));
}

void book_fresh(bool fresh, const char *model)
{
    book_close();
    wipe();
    assert_kept(records_open(&book_records, url(), true));
    assert_kept(records_found(&book_records, BOOK_AT - DAY_MS));
    people_add();
    case_add(fresh, model);
    assert_kept(records_commit(&book_records));
    records_close(&book_records);
    book_sign_in(STAND_FIRST);
}

void book_sign_in(int64_t user)
{
    char name[32];
    book_close();
    (void)snprintf(name, sizeof name, "user%lld", (long long)user);
    assert_kept(records_open(&book_records, url(), false));
    assert_kept(users_sign_in(&book_records, name, BOOK_PASSWORD, strlen(BOOK_PASSWORD)));
    is_open = true;
    may_fail();
}

int64_t book_ask(const char *sql)
{
    int64_t answer = 0;
    bool found = false;
    assert_int_equal(database_ask(&book_records.database, sql, NULL, 0, &answer, &found), DATABASE_OK);
    assert_true(found);
    return answer;
}

int64_t book_rows(enum table table)
{
    char sql[80];
    (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table_name(table));
    return book_ask(sql);
}

int64_t book_audit(enum list_word action)
{
    char sql[80];
    (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM audit WHERE action = %d", (int)action);
    return book_ask(sql);
}

static void say(void *context, const char *text)
{
    (void)context;
    print_error("found: %s\n", text);
}

void book_verify(void)
{
    struct verify verify;
    assert_kept(verify_run(&verify, &book_records, NULL, say, NULL));
}

/* A pump of one kind, and the casebook of it. */
void book_pump_ready(enum work work, bool valve)
{
    stand_ready(work, valve);
    stand.now_ms = BOOK_AT;
    if (work == WORK_IMPLANT)
        assert_kept(casebook_of_patient(&book_records, 1, BOOK_SERIAL, &book_case));
    else
        assert_kept(casebook_of_pump(&book_records, BOOK_SERIAL, &book_case));
    const struct formulary *formulary = stand.practice.formulary;
    stand.practice = (struct practice){ .formulary = formulary };
    casebook_practice(&book_case, &stand.practice);
}

void book_ready(enum work work, bool valve)
{
    book_fresh(work == WORK_IMPLANT, valve ? "V20" : "C20");
    book_pump_ready(work, valve);
}

enum records_fault book_record(int64_t *visit)
{
    return casebook_record(&book_records, &book_case, &book_workflow, stand.now_ms, visit);
}

/* On to where it wants to be recorded, and no further. */
void book_run(void)
{
    for (unsigned i = 0; workflow_want(&book_workflow) != WANT_RECORD; i++) {
        assert_true(i < 2 * STEPS && workflow_want(&book_workflow) != WANT_NOTHING);
        stand_do(&book_workflow);
    }
}

void book_end_audit(void)
{
    assert_kept(casebook_audit(&book_records, &book_case, &book_workflow, stand.now_ms));
    workflow_audited(&book_workflow);
}
