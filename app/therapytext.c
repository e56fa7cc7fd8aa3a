/* therapytext.c - the clinic's finish screen as a table on a terminal. */
// SPDX-License-Identifier: Apache-2.0
#include "app/therapytext.h"

void therapytext_print(FILE *out, const struct workflow *workflow, const struct practice *practice)
{
    struct finish finish;
    finish_workflow(&finish, workflow, practice);
    fprintf(out, "  %-32s %-34s %s\n", "", workflow->seen.has_therapy ? "OLD, in force" : "OLD: none",
            "NEW, as the pump has stored it");
    for (unsigned i = 0; i < finish.count; i++) {
        const struct finish_row *row = &finish.row[i];
        fprintf(out, "%s %-32s %-34s %s\n", row->changes ? "*" : " ", row->label, row->old, row->new);
    }
    fprintf(out, "  (* changes)\n");
}
