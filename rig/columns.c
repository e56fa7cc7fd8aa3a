/* columns.c - columns, thinned out. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/columns.h"

struct columns columns_none(void)
{
    return (struct columns){ .every_ms = BODY_ROW_MS };
}

instant_ms columns_next(const struct columns *columns)
{
    return (instant_ms){ columns->count == 0 ? 0 : columns->column[columns->count - 1].at.ms + columns->every_ms };
}

static void thin_out(struct columns *columns)
{
    for (unsigned i = 0; 2 * i + 1 < COLUMNS_MAX; i++)
        columns->column[i] = columns->column[2 * i + 1]; /* the newest stays */
    columns->count = COLUMNS_MAX / 2;
    columns->every_ms *= 2;
}

void columns_add(struct columns *columns, const struct body_view *view)
{
    if (columns->count == COLUMNS_MAX && view->at.ms >= columns_next(columns).ms)
        thin_out(columns);
    if (view->at.ms < columns_next(columns).ms)
        return;
    struct column *column = &columns->column[columns->count++];
    *column = (struct column){ .at = view->at };
    for (unsigned i = 0; i < view->drugs; i++) {
        const struct body_drug *drug = &view->drug[i];
        if (!drug->known)
            continue;
        column->drug[column->drugs] = drug->drug;
        for (int level = 0; level < LEVELS_ALL; level++)
            column->csf_kg_m3[column->drugs][level] = (float)drug->csf[level];
        column->drugs++;
    }
}
