/* table.c - tables on the pages of a report. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/table.h"

#include <stdio.h>
#include <string.h>

static const double PAD = 3, POINT_AT = 0.27; /* where in its column a decimal point stands */
static const double ROUNDING = 0.5;           /* so that what fits exactly fits */
static const struct letters CELL = { 8.5, false }, CELL_BOLD = { 8.5, true };

/* The width of a number up to its decimal point, or up to its end where it has none. */
static double width_to_point(struct page *page, struct letters letters, const char *text)
{
    char whole[64];
    size_t size = strspn(text, "+-0123456789,");
    if (size == 0 || size >= sizeof whole)
        return -1;
    memcpy(whole, text, size);
    whole[size] = '\0';
    return page_text_width(page, letters, whole);
}

static void cell_draw(struct page *page, const struct column *column, struct letters letters, double x, double width,
                      const char *text)
{
    double before = column->amounts ? width_to_point(page, letters, text) : -1;
    double shift = before >= 0 ? width * POINT_AT - before : 0;
    double most = width - page_text_width(page, letters, text);
    if (before >= 0 && shift > most)
        shift = most;
    if (shift < 0)
        shift = 0;
    page_text_at(page, letters, x + shift, page->y + PAD, width - shift + ROUNDING, text);
}

static double row_height(struct page *page, const struct table *table, const char *const *cell, struct letters letters)
{
    double most = 0, all = page->right - page->left;
    for (unsigned i = 0; i < table->columns; i++) {
        double height = page_text_height(page, letters, table->column[i].share * all - 2 * PAD + ROUNDING, cell[i]);
        most = height > most ? height : most;
    }
    return most + 2 * PAD;
}

static void row_draw(struct page *page, const struct table *table, const char *const *cell, struct letters letters,
                     double height)
{
    double x = page->left, all = page->right - page->left;
    for (unsigned i = 0; i < table->columns; i++) {
        double width = table->column[i].share * all;
        cell_draw(page, &table->column[i], letters, x + PAD, width - 2 * PAD, cell[i]);
        x += width;
    }
    page->y += height;
    page_line(page, page->left, page->y, page->right, page->y, 0.5);
}

static const char *const *titles_of(const struct table *table, const char *titles[TABLE_COLUMNS_MAX])
{
    for (unsigned i = 0; i < table->columns; i++)
        titles[i] = table->column[i].title;
    return titles;
}

void table_head(struct page *page, const struct table *table)
{
    const char *titles[TABLE_COLUMNS_MAX];
    double height = row_height(page, table, titles_of(table, titles), CELL_BOLD);
    page_keep(page, height + 40);
    cairo_save(page->cairo);
    cairo_set_source_rgb(page->cairo, 0.9, 0.9, 0.9);
    cairo_rectangle(page->cairo, page->left, page->y, page->right - page->left, height);
    cairo_fill(page->cairo);
    cairo_restore(page->cairo);
    row_draw(page, table, titles, CELL_BOLD, height);
}

void table_row(struct page *page, const struct table *table, const char *const *cell, bool bold)
{
    struct letters letters = bold ? CELL_BOLD : CELL;
    double height = row_height(page, table, cell, letters);
    if (page->y + height > page->bottom) {
        page_break(page);
        table_head(page, table);
    }
    row_draw(page, table, cell, letters, height);
}
