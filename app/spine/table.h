/* table.h - a course as CSV, as a page of text, and as JSON. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SPINE_TABLE_H
#define APP_SPINE_TABLE_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#include "app/spine/course.h"

/* Who and what, for heads. */
struct table_head {
    const char *id, *drug, *regime;
    enum level tip;
    uint32_t levels; /* bit i: level i is asked for */
};

void table_csv_head(FILE *out);
/* One row a level and moment, and one "head" for the head's fluid. Concentrations in ng/mL. */
void table_csv(FILE *out, const struct table_head *head, const struct course *course);
void table_text(FILE *out, const struct table_head *head, const struct course *course);
/* A new object. */
json_t *table_json(const struct table_head *head, const struct course *course);

#endif
