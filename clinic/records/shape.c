/* shape.c - two lists of names and definitions, the one that is and the one that should be, side by side. */
// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L /* strndup() */
#include "clinic/records/shape.h"

#include <stdio.h>
#include <stdlib.h>

#include "clinic/records/migration.h"

enum { SENTENCE_BYTES = 240 };

struct thing {
    char *name, *means;
};

struct shape_list {
    struct thing *things;
    size_t count;
};

static void list_drop(struct shape_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->things[i].name);
        free(list->things[i].means);
    }
    free(list->things);
    *list = (struct shape_list){ .count = 0 };
}

static char *copy_of(const struct value *value)
{
    return strndup(value->size > 0 ? (const char *)value->bytes : "", value->size);
}

static bool list_add(struct shape_list *list, const struct value *name, const struct value *means)
{
    struct thing *things = realloc(list->things, (list->count + 1) * sizeof *things);
    if (things == NULL)
        return false;
    list->things = things;
    things[list->count] = (struct thing){ copy_of(name), copy_of(means) };
    list->count++;
    return things[list->count - 1].name != NULL && things[list->count - 1].means != NULL;
}

static enum database_fault list_read(struct database *database, struct shape_list *list)
{
    struct statement *statement = statement_begin(database, database->kind->shape);
    if (statement == NULL)
        return DATABASE_FAILED;
    enum database_fault fault = statement_step(statement);
    for (; fault == DATABASE_ROW; fault = statement_step(statement)) {
        const struct value name = statement_column(statement, 0), means = statement_column(statement, 1);
        if (!list_add(list, &name, &means)) {
            fault = database_fail(database, DATABASE_FAILED, "%s: there is no memory for its tables", database->place);
            break;
        }
    }
    statement_end(statement);
    return fault;
}

/* As the migrations make it, in a database that is nowhere. */
static enum database_fault memory_read(struct database *database, struct shape_list *list)
{
    struct database memory;
    enum database_fault fault = database_open(&memory, ":memory:", true);
    if (fault == DATABASE_OK) {
        fault = migration_make(&memory);
        if (fault == DATABASE_OK)
            fault = list_read(&memory, list);
        database_close(&memory);
    }
    return fault == DATABASE_OK ? fault : database_fail(database, fault, "%s", memory.error);
}

/* The same in a schema of its own, in a transaction that is not kept. */
static enum database_fault aside_read(struct database *database, struct shape_list *list)
{
    enum database_fault fault = database_begin(database, true);
    if (fault != DATABASE_OK)
        return fault;
    fault = database_run(database, database->kind->shape_aside);
    if (fault == DATABASE_OK)
        fault = migration_make(database);
    if (fault == DATABASE_OK)
        fault = list_read(database, list);
    database_rollback(database);
    return fault;
}

/* Both are in order: side by side they tell what one has and the other has not. */
static bool lists_same(const struct shape_list *is, const struct shape_list *should,
                       void (*say)(void *context, const char *text), void *context)
{
    char text[SENTENCE_BYTES];
    bool same = true;
    for (size_t i = 0, k = 0; i < is->count || k < should->count;) {
        int order = i == is->count ? 1 : k == should->count ? -1 : strcmp(is->things[i].name, should->things[k].name);
        const char *name = order <= 0 ? is->things[i].name : should->things[k].name, *fault = NULL;
        if (order < 0)
            fault = "is none of the records'";
        else if (order > 0)
            fault = "is missing";
        else if (strcmp(is->things[i].means, should->things[k].means) != 0)
            fault = "is not what it should be";
        i += order <= 0;
        k += order >= 0;
        if (fault == NULL)
            continue;
        snprintf(text, sizeof text, "schema: %.180s %s", name, fault);
        say(context, text);
        same = false;
    }
    return same;
}

void shape_forget(struct database *database)
{
    if (database->shape != NULL)
        list_drop(database->shape);
    free(database->shape);
    database->shape = NULL;
}

/* What should be there, made once for a connection. */
static enum database_fault should_read(struct database *database)
{
    if (database->shape != NULL)
        return DATABASE_OK;
    database->shape = calloc(1, sizeof *database->shape);
    if (database->shape == NULL)
        return database_fail(database, DATABASE_FAILED, "%s: there is no memory for its tables", database->place);
    enum database_fault fault = database->kind->shape_aside != NULL ? aside_read(database, database->shape)
                                                                    : memory_read(database, database->shape);
    if (fault != DATABASE_OK)
        shape_forget(database);
    return fault;
}

enum database_fault shape_compare(struct database *database, void (*say)(void *context, const char *text),
                                  void *context, bool *same)
{
    struct shape_list is = { .count = 0 };
    enum database_fault fault = should_read(database);
    if (fault == DATABASE_OK)
        fault = list_read(database, &is);
    *same = fault == DATABASE_OK && lists_same(&is, database->shape, say, context);
    list_drop(&is);
    return fault;
}

enum database_fault shape_glance(struct database *database, void (*say)(void *context, const char *text), void *context,
                                 bool *same)
{
    const char *mark = database->kind->shape_mark, *strange = database->kind->shape_strange;
    int64_t now = 0;
    bool found = false;
    *same = true;
    enum database_fault fault = database_ask(database, mark != NULL ? mark : strange, NULL, 0, &now, &found);
    if (fault != DATABASE_OK)
        return fault;
    if (mark == NULL) {
        *same = now == 0;
        if (!*same)
            say(context,
                "schema: a trigger, rule or policy acts there that is none of the records', or a guard does nothing");
        return DATABASE_OK;
    }
    if (database->shape_seen && database->shape_mark == now)
        return DATABASE_OK;
    fault = shape_compare(database, say, context, same);
    database->shape_seen = fault == DATABASE_OK && *same;
    database->shape_mark = now;
    return fault;
}
