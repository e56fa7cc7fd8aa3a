/* migration.h - tables made and carried forward to what this software knows; never back. Each version is one transaction. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_MIGRATION_H
#define CLINIC_RECORDS_MIGRATION_H

#include "clinic/records/database.h"

enum { MIGRATION_VERSION = 5 };

/* The version of what stands in the database; 0: it is empty. */
enum database_fault migration_version(struct database *database, int64_t *version);
/* Carries it to `version`, or leaves it where a step failed. */
enum database_fault migration_run(struct database *database, int64_t version);

/* Makes everything of the newest version in an empty place, inside the transaction that is open: what it should look like. */
enum database_fault migration_make(struct database *database);

/* What guards a table, by its name, in the newest version; 0: nothing. */
int migration_guard(const char *table);

#endif
