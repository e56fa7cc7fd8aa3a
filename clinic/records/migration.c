/* migration.c - the steps of migration.def, version by version. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/migration.h"

enum { GUARD_NONE = 0 };

struct step {
    int64_t version;
    const char *text; /* SQL, or a table to be guarded */
    int guard;
};
#define STEP(version_, sql) { .version = version_, .text = sql, .guard = GUARD_NONE },
#define KEPT(version_, table, guard_) { .version = version_, .text = table, .guard = GUARD_##guard_ },
static const struct step STEPS[] = {
#include "clinic/records/migration.def"
};
#undef STEP
#undef KEPT
enum { STEPS_ALL = sizeof STEPS / sizeof STEPS[0] };

enum database_fault migration_version(struct database *database, int64_t *version)
{
    const struct value name = value_text("edition");
    int64_t there = 0;
    bool found = false;
    enum database_fault fault = database_ask(database, database->kind->table_there, &name, 1, &there, &found);
    *version = 0;
    if (fault != DATABASE_OK || there == 0)
        return fault;
    return database_ask(database, "SELECT version FROM edition WHERE id = 1", NULL, 0, version, &found);
}

int migration_guard(const char *table)
{
    for (unsigned i = 0; i < STEPS_ALL; i++)
        if (STEPS[i].guard != GUARD_NONE && strcmp(STEPS[i].text, table) == 0)
            return STEPS[i].guard;
    return GUARD_NONE;
}

static enum database_fault step_run(struct database *database, const struct step *step)
{
    return step->guard == GUARD_NONE ? database_run(database, step->text)
                                     : database_guard(database, step->text, (enum database_guard)step->guard);
}

static enum database_fault version_make(struct database *database, int64_t version)
{
    enum database_fault fault = DATABASE_OK;
    if (version == 1)
        fault = database_run(database, "CREATE TABLE edition (id {int} PRIMARY KEY, version {int} NOT NULL) {table_end};"
                                       "INSERT INTO edition (id, version) VALUES (1, 0)");
    for (unsigned i = 0; i < STEPS_ALL && fault == DATABASE_OK; i++)
        if (STEPS[i].version == version)
            fault = step_run(database, &STEPS[i]);
    return fault;
}

enum database_fault migration_make(struct database *database)
{
    enum database_fault fault = DATABASE_OK;
    for (int64_t version = 1; version <= MIGRATION_VERSION && fault == DATABASE_OK; version++)
        fault = version_make(database, version);
    return fault;
}

/* From the version before to this one, as a whole or not at all. */
static enum database_fault version_reach(struct database *database, int64_t version)
{
    const struct value number = value_integer(version);
    enum database_fault fault = database_begin(database, true);
    if (fault != DATABASE_OK)
        return fault;
    int64_t now = 0;
    fault = migration_version(database, &now);
    if (fault == DATABASE_OK && now >= version) { /* another process was faster */
        database_rollback(database);
        return DATABASE_OK;
    }
    if (fault == DATABASE_OK)
        fault = version_make(database, version);
    if (fault == DATABASE_OK)
        fault = database_do(database, "UPDATE edition SET version = ? WHERE id = 1", &number, 1);
    if (fault == DATABASE_OK)
        return database_commit(database);
    database_rollback(database);
    return fault;
}

enum database_fault migration_run(struct database *database, int64_t version)
{
    int64_t now = 0;
    enum database_fault fault = migration_version(database, &now);
    while (fault == DATABASE_OK && now < version)
        fault = version_reach(database, ++now);
    return fault;
}
