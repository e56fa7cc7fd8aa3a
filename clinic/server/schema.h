/* schema.h - what the body of a request may be: read by it, and described by it. clinic/server/schema.def */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_SCHEMA_H
#define CLINIC_SERVER_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>

#include "clinic/planner/inquiry.h"
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

/* A question's options as members of an object ("bolus_max"); a mixture's drugs as an array. */
bool schema_plan_read(const struct node *body, const struct question_row *row, struct inquiry *inquiry);
json_t *schema_plan_json(const struct question_row *row);
/* The member of an option: its word with '_' for '-'. */
enum { SCHEMA_MEMBER_BYTES = 32 };
void schema_member(char member[SCHEMA_MEMBER_BYTES], unsigned option);

/* Roles, as they are written; null at the end. */
extern const char *const SCHEMA_ROLES[];

#endif
