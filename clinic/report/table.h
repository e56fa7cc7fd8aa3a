/* table.h - tables on the pages of a report: the head is written again on every page, a row is never torn. Screen rule U3. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_REPORT_TABLE_H
#define CLINIC_REPORT_TABLE_H

#include "clinic/report/page.h"

enum { TABLE_COLUMNS_MAX = 8 };

struct column {
    const char *title;
    double share; /* of the page's width; all together 1 */
    bool amounts; /* numbers stand with their decimal points below each other */
};

struct table {
    unsigned columns;
    struct column column[TABLE_COLUMNS_MAX];
};

void table_head(struct page *page, const struct table *table);
/* One text a column. A bold row is one that must be seen first. */
void table_row(struct page *page, const struct table *table, const char *const *cell, bool bold);

#endif
