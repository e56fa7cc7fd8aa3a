/* shape.h - is everything that stands in the database what the migrations make: each table, column, index, trigger and guard, and
 * nothing besides? A trigger of somebody else's can swallow a row that was acknowledged. HZ-33, REQ-SECU-12. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_SHAPE_H
#define CLINIC_RECORDS_SHAPE_H

#include "clinic/records/database.h"

/* Outside a transaction; says each thing that is missing, changed or none of the records', in a sentence. *same: there was
 * none. What should be there is made aside, and gone again: in PostgreSQL that takes the right to create a schema. */
enum database_fault shape_compare(struct database *database, void (*say)(void *context, const char *text),
                                  void *context, bool *same);

/* Frees what shape_compare() keeps for the next time; database_close() calls it. */
void shape_forget(struct database *database);

/* The same at less cost, inside the transaction that is to write: in SQLite all of it, once for each change of the shape; in
 * PostgreSQL only whether anything acts on what is written that is none of the guards. */
enum database_fault shape_glance(struct database *database, void (*say)(void *context, const char *text), void *context,
                                 bool *same);

#endif
