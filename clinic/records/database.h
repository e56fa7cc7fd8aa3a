/* database.h - one thin interface to a database: SQLite by a path, PostgreSQL by postgresql://... A statement has ? for what
 * is bound, whichever it is. Every fault leaves a text in `error` that says what, where, and what would be right; no text
 * repeats a bound value or a password.
 *
 * SQL is written once, in what both understand, with these words in braces where they differ: {int} {bytes} {table_end} (the
 * options of a table). Durable means: when database_commit() has returned DATABASE_OK the rows are on the disk. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_DATABASE_H
#define CLINIC_RECORDS_DATABASE_H

#include <stdbool.h>

#include "clinic/records/value.h"

enum {
    DATABASE_PATIENCE_MS = 5000,
    DATABASE_ERROR_BYTES = 320,
    DATABASE_PLACE_BYTES = 160,
    DATABASE_BINDS_MAX = 640,
    DATABASE_CACHED = 64
};

enum database_fault {
    DATABASE_OK = 0,
    DATABASE_ROW,     /* no fault: a row is there to be read */
    DATABASE_BUSY,    /* somebody else is writing, for longer than one waits */
    DATABASE_EXISTS,  /* a row with this key is there already */
    DATABASE_REFUSED, /* a constraint or a guard of the database does not allow it */
    DATABASE_MISSING, /* there is no such database */
    DATABASE_DAMAGED, /* what stands there is no database, or a damaged one */
    DATABASE_UNKNOWN, /* the connection broke at the commit: whether the rows are kept has to be looked up */
    DATABASE_FAILED   /* disk, memory, connection, a wrong statement */
};

/* What a guard keeps of a table: no row ever goes, or no row ever changes either. */
enum database_guard { GUARD_KEEP = 1, GUARD_APPEND_ONLY = 2 };

struct database;

struct statement {
    struct database *database;
    char *sql; /* its own copy, as it was asked for */
    bool in_use;
    uint64_t last_use;
    unsigned binds, marks; /* how many are bound, and how many ? there are */
    struct value *bind;
    void *handle; /* of the backend */
    int64_t number, row;
};

/* What a backend does. Faults are told with their text in database->error. */
struct database_kind {
    const char *name;
    const char *begin_write, *begin_read; /* the statements that open a transaction: only one writes at a time */
    const char *word_int, *word_bytes, *table_end;
    const char *table_there;     /* tells 1 when there is a table of the name bound */
    const char *shape;           /* tells everything that stands in the database, in order: a name and its definition */
    const char *shape_aside;     /* makes an empty place for other tables, in this transaction; null: ":memory:" is one */
    const char *shape_mark;      /* an integer that changes with the shape; null: there is none, and */
    const char *shape_strange;   /* this tells how much there is that acts on what is written and is none of the guards */
    const char *patience;        /* "SET ... = ": the milliseconds that are waited for another writer */
    enum database_fault (*open)(struct database *database, const char *url, bool create);
    void (*close)(struct database *database);
    enum database_fault (*run)(struct database *database, const char *sql);
    enum database_fault (*prepare)(struct statement *statement);
    enum database_fault (*step)(struct statement *statement);
    /* How many rows a statement that was stepped to its end has added, changed or removed. */
    int64_t (*changed)(const struct statement *statement);
    void (*column)(const struct statement *statement, unsigned at, struct value *value);
    void (*reset)(struct statement *statement);
    void (*finish)(struct statement *statement);
    enum database_fault (*guard)(struct database *database, const char *table, enum database_guard guard);
    /* Removes what is left of deleted and changed rows of these tables ("one, other") in files, as far as the backend can. */
    enum database_fault (*scour)(struct database *database, const char *tables);
};

extern const struct database_kind DATABASE_SQLITE, DATABASE_POSTGRES; /* sqlite.c, postgres.c */

struct database {
    const struct database_kind *kind;
    void *handle;
    bool in_transaction;
    struct shape_list *shape; /* what should be there, once it was made (shape.c); null before */
    bool shape_seen; /* the shape was compared, when its mark was this */
    int64_t shape_mark;
    uint64_t uses;
    int64_t statements;               /* ever prepared: names in PostgreSQL */
    char place[DATABASE_PLACE_BYTES]; /* for people; without a password */
    char error[DATABASE_ERROR_BYTES];
    struct statement cached[DATABASE_CACHED];
};

/* postgresql:// or postgres:// is PostgreSQL; sqlite:PATH and any other text is a file of SQLite. `create`: a file that is
 * not there is made, for its owner alone (PostgreSQL: the database has to be there). Close it only after DATABASE_OK. */
enum database_fault database_open(struct database *database, const char *url, bool create);
void database_close(struct database *database);

/* Runs statements without parameters, {words} replaced; results are passed over. */
enum database_fault database_run(struct database *database, const char *sql);
enum database_fault database_guard(struct database *database, const char *table, enum database_guard guard);

/* A statement, prepared once and kept; its text and what was bound before are forgotten at statement_end(). The same text
 * must not be in use twice at once: that is a fault of the caller. Null with an error. */
struct statement *statement_begin(struct database *database, const char *sql);
/* Binds the next ?; text and bytes must stay until the statement has been stepped to its end, or is ended. */
void statement_bind(struct statement *statement, struct value value);
/* DATABASE_ROW: there is one to be read. DATABASE_OK: that was all. PostgreSQL holds the whole result in memory: a query that
 * can be long is asked in pages. */
enum database_fault statement_step(struct statement *statement);
/* Of the row; text and bytes stay until the next step or the end. */
struct value statement_column(const struct statement *statement, unsigned at);
int64_t statement_integer(const struct statement *statement, unsigned at); /* 0 for nothing */
void statement_end(struct statement *statement);
/* Begins, binds these, steps once and ends: for what tells no rows. */
enum database_fault database_do(struct database *database, const char *sql, const struct value *values, unsigned count);
/* The same for what has to change just one row: DATABASE_DAMAGED when it has not, for then something in the database acts that is
 * none of ours. */
enum database_fault database_change_one(struct database *database, const char *sql, const struct value *values,
                                        unsigned count);
/* The integer in the first column of the first row; DATABASE_OK and *found false when there is no row. */
enum database_fault database_ask(struct database *database, const char *sql, const struct value *values, unsigned count,
                                 int64_t *answer, bool *found);

/* How long one that writes waits for another: DATABASE_PATIENCE_MS (guess) when nothing is said. */
enum database_fault database_patience(struct database *database, unsigned ms);
/* After a fault inside a transaction only rollback is left. */
enum database_fault database_begin(struct database *database, bool write);
enum database_fault database_commit(struct database *database);
void database_rollback(struct database *database);

/* For backends: sets the error text. */
__attribute__((format(printf, 3, 4))) enum database_fault database_fail(struct database *database, enum database_fault fault,
                                                                        const char *format, ...);

#endif
