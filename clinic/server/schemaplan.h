/* schemaplan.h - the bodies of the questions to the planner, made of their options. clinic/planner/question.def */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_SCHEMAPLAN_H
#define CLINIC_SERVER_SCHEMAPLAN_H

#include <jansson.h>
#include <stdbool.h>

#include "clinic/planner/inquiry.h"
#include "document/reader.h"

/* A question's options as members of an object ("bolus_max"); a mixture's drugs as an array. */
bool schema_plan_read(const struct node *body, const struct question_row *row, struct inquiry *inquiry);
json_t *schema_plan_json(const struct question_row *row);
/* The member of an option: its word with '_' for '-'. */
enum { SCHEMA_MEMBER_BYTES = 32 };
void schema_member(char member[SCHEMA_MEMBER_BYTES], unsigned option);

#endif
