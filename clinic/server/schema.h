/* schema.h - what the body of a request may be: read by it, and described by it. clinic/server/schema.def */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_SCHEMA_H
#define CLINIC_SERVER_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>

#include "document/reader.h"

#define SCHEMA(name, ...) SCHEMA_##name,
enum schema {
    SCHEMA_NONE,
#include "clinic/server/schema.def"
    SCHEMAS
};
#undef SCHEMA

/* Holds a body to its schema: every fault becomes a complaint. Not for SCHEMA_PLAN. */
bool schema_read(const struct node *body, enum schema schema);
const char *schema_word(enum schema schema);
/* The schema as JSON Schema (2020-12); a new object. */
json_t *schema_json(enum schema schema);

/* Words as they are written; null at the end. In the order of their enumerations. */
extern const char *const SCHEMA_ROLES[], *const SCHEMA_HOLDS[], *const SCHEMA_PORTS[], *const SCHEMA_SCANS[],
                                                                                           *const SCHEMA_LOWERS[];

#endif
