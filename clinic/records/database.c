/* database.c - choosing a backend, keeping statements, replacing the words in which SQL differs. */
// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L /* strdup() */
#include "clinic/records/database.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "clinic/records/shape.h"

enum { SQL_BYTES = 16384 };

enum database_fault database_fail(struct database *database, enum database_fault fault, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(database->error, sizeof database->error, format, list);
    va_end(list);
    return fault;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

enum database_fault database_open(struct database *database, const char *url, bool create)
{
    bool server = begins(url, "postgresql://") || begins(url, "postgres://");
    memset(database, 0, sizeof *database);
    database->kind = server ? &DATABASE_POSTGRES : &DATABASE_SQLITE;
    return database->kind->open(database, begins(url, "sqlite:") ? url + strlen("sqlite:") : url, create);
}

static void statement_drop(struct statement *statement)
{
    if (statement->sql == NULL)
        return;
    statement->database->kind->finish(statement);
    free(statement->sql);
    free(statement->bind);
    memset(statement, 0, sizeof *statement);
}

void database_close(struct database *database)
{
    if (database->in_transaction)
        database_rollback(database);
    for (unsigned i = 0; i < DATABASE_CACHED; i++)
        statement_drop(&database->cached[i]);
    shape_forget(database);
    database->kind->close(database);
    database->handle = NULL;
}

/* The text with its {words} in the language of the backend. */
static bool words_replace(const struct database_kind *kind, const char *sql, char text[SQL_BYTES])
{
    const struct {
        const char *word, *means;
    } words[] = { { "{int}", kind->word_int }, { "{bytes}", kind->word_bytes }, { "{table_end}", kind->table_end } };
    size_t size = 0;
    while (*sql != '\0' && size + 1 < SQL_BYTES) {
        unsigned i = 0;
        while (i < 3 && !begins(sql, words[i].word))
            i++;
        if (i == 3) {
            text[size++] = *sql++;
            continue;
        }
        size_t length = strlen(words[i].means);
        if (size + length + 1 >= SQL_BYTES)
            return false;
        memcpy(text + size, words[i].means, length);
        size += length;
        sql += strlen(words[i].word);
    }
    text[size] = '\0';
    return *sql == '\0';
}

enum database_fault database_run(struct database *database, const char *sql)
{
    char text[SQL_BYTES];
    if (!words_replace(database->kind, sql, text))
        return database_fail(database, DATABASE_FAILED, "a statement is longer than %d bytes", SQL_BYTES);
    return database->kind->run(database, text);
}

enum database_fault database_guard(struct database *database, const char *table, enum database_guard guard)
{
    return database->kind->guard(database, table, guard);
}

/* The place of a statement: its own, an empty one, or that of the one longest unused; null when all are in use. */
static struct statement *place_find(struct database *database, const char *sql)
{
    struct statement *best = NULL;
    for (unsigned i = 0; i < DATABASE_CACHED; i++) {
        struct statement *at = &database->cached[i];
        if (at->sql != NULL && strcmp(at->sql, sql) == 0)
            return at;
        if (!at->in_use && (best == NULL || at->last_use < best->last_use))
            best = at;
    }
    return best;
}

static bool statement_make(struct database *database, const char *sql, struct statement *statement)
{
    unsigned marks = 0;
    for (const char *at = sql; *at != '\0'; at++)
        marks += *at == '?';
    *statement = (struct statement){ .database = database, .sql = strdup(sql), .number = ++database->statements, .marks = marks,
                                     .bind = calloc(marks + 1, sizeof(struct value)) };
    if (statement->sql != NULL && statement->bind != NULL && marks <= DATABASE_BINDS_MAX &&
        database->kind->prepare(statement) == DATABASE_OK)
        return true;
    free(statement->sql);
    free(statement->bind);
    memset(statement, 0, sizeof *statement);
    return false;
}

struct statement *statement_begin(struct database *database, const char *sql)
{
    struct statement *statement = place_find(database, sql);
    if (statement == NULL || statement->in_use) {
        (void)database_fail(database, DATABASE_FAILED, "a statement is used twice at once");
        return NULL;
    }
    if (statement->sql == NULL || strcmp(statement->sql, sql) != 0) {
        statement_drop(statement);
        if (!statement_make(database, sql, statement))
            return NULL;
    }
    statement->in_use = true;
    statement->last_use = ++database->uses;
    statement->binds = 0;
    return statement;
}

void statement_bind(struct statement *statement, struct value value)
{
    if (statement->binds < statement->marks)
        statement->bind[statement->binds++] = value;
}

enum database_fault statement_step(struct statement *statement)
{
    return statement->database->kind->step(statement);
}

struct value statement_column(const struct statement *statement, unsigned at)
{
    struct value value = value_nothing();
    statement->database->kind->column(statement, at, &value);
    return value;
}

int64_t statement_integer(const struct statement *statement, unsigned at)
{
    return statement_column(statement, at).integer;
}

void statement_end(struct statement *statement)
{
    statement->database->kind->reset(statement);
    statement->in_use = false;
}

enum database_fault database_ask(struct database *database, const char *sql, const struct value *values, unsigned count,
                                 int64_t *answer, bool *found)
{
    struct statement *statement = statement_begin(database, sql);
    if (statement == NULL)
        return DATABASE_FAILED;
    for (unsigned i = 0; i < count; i++)
        statement_bind(statement, values[i]);
    enum database_fault fault = statement_step(statement);
    *found = fault == DATABASE_ROW;
    if (*found)
        *answer = statement_integer(statement, 0);
    statement_end(statement);
    return *found ? DATABASE_OK : fault;
}

enum database_fault database_do(struct database *database, const char *sql, const struct value *values, unsigned count)
{
    int64_t unused = 0;
    bool found = false;
    return database_ask(database, sql, values, count, &unused, &found);
}

enum database_fault database_change_one(struct database *database, const char *sql, const struct value *values,
                                        unsigned count)
{
    struct statement *statement = statement_begin(database, sql);
    if (statement == NULL)
        return DATABASE_FAILED;
    for (unsigned i = 0; i < count; i++)
        statement_bind(statement, values[i]);
    enum database_fault fault = statement_step(statement);
    int64_t changed = fault == DATABASE_OK ? database->kind->changed(statement) : 0;
    statement_end(statement);
    if (fault == DATABASE_OK && changed != 1)
        return database_fail(database, DATABASE_DAMAGED,
                             "%s: a statement that changes one row changed %lld: something acts in this database that is none "
                             "of ours; nothing was kept; cisterna records verify tells more",
                             database->place, (long long)changed);
    return fault;
}

enum database_fault database_begin(struct database *database, bool write)
{
    if (database->in_transaction)
        return database_fail(database, DATABASE_FAILED, "a transaction is open already");
    enum database_fault fault = database->kind->run(database, write ? database->kind->begin_write : database->kind->begin_read);
    database->in_transaction = true;
    if (fault != DATABASE_OK) /* it may have begun, and not have got the right to write */
        database_rollback(database);
    return fault;
}

enum database_fault database_patience(struct database *database, unsigned ms)
{
    char sql[64];
    snprintf(sql, sizeof sql, "%s%u", database->kind->patience, ms);
    return database->kind->run(database, sql);
}

enum database_fault database_commit(struct database *database)
{
    enum database_fault fault = database->kind->run(database, "COMMIT");
    if (fault == DATABASE_OK)
        database->in_transaction = false;
    else
        database_rollback(database);
    return fault;
}

void database_rollback(struct database *database)
{
    char kept[DATABASE_ERROR_BYTES];
    if (!database->in_transaction)
        return;
    memcpy(kept, database->error, sizeof kept);
    (void)database->kind->run(database, "ROLLBACK"); /* where it fails the connection is gone, and the transaction with it */
    memcpy(database->error, kept, sizeof kept);
    database->in_transaction = false;
}
