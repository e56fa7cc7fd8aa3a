/* postgres.h - the backend for PostgreSQL by a URL. A server that does not sync (fsync off) is refused: there "done" would mean
 * nothing. Values travel in PostgreSQL's binary form, and are never pasted into SQL. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_POSTGRES_H
#define CLINIC_RECORDS_POSTGRES_H

#include "clinic/records/database.h"

#endif
