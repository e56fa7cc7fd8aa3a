/* sqlite.h - the backend for a file of SQLite: STRICT tables, foreign keys, a write-ahead log synced at each commit
 * (synchronous=FULL), what is deleted overwritten (secure_delete). */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_SQLITE_H
#define CLINIC_RECORDS_SQLITE_H

#include "clinic/records/database.h"

#endif
