/* listing.c - numbers of rows. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/listing.h"

#include <stdio.h>

enum records_fault listing_read(struct records *records, enum table table, unsigned owner, int64_t value, int64_t from,
                                unsigned limit, struct listing *listing)
{
    char sql[TABLE_SQL_BYTES];
    const struct value bound[] = { value_integer(value), value_integer(from), value_integer((int64_t)limit + 1) };
    enum database_fault found = DATABASE_FAILED;
    *listing = (struct listing){ .count = 0 };
    snprintf(sql, sizeof sql, "SELECT id FROM %s WHERE %s = ? AND id >= ? ORDER BY id LIMIT ?", table_name(table),
             table_column(table, owner));
    struct statement *statement = statement_begin(&records->database, sql);
    if (statement == NULL)
        return records_database(records, DATABASE_FAILED);
    for (unsigned i = 0; i < 3; i++)
        statement_bind(statement, bound[i]);
    while ((found = statement_step(statement)) == DATABASE_ROW) {
        if (listing->count == limit)
            listing->next = statement_integer(statement, 0);
        else
            listing->id[listing->count++] = statement_integer(statement, 0);
    }
    statement_end(statement);
    return records_database(records, found);
}
