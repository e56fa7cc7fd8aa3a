/* ratios.c - published ratios between routes, as reading. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/planner/ratios.h"

#include <stdio.h>

#define PUBLISHED(what, printed, source) { what, printed, source },
static const struct {
    const char *what, *printed, *source;
} RATIOS[] = {
#include "clinic/planner/ratio.def"
};
#undef PUBLISHED

void ratios_rows(struct sheet *sheet)
{
    for (size_t i = 0; i < sizeof RATIOS / sizeof RATIOS[0]; i++) {
        struct source source;
        snprintf(source.id, sizeof source.id, "published-%zu", i + 1);
        snprintf(source.text, sizeof source.text, "%s", RATIOS[i].source);
        sheet_result(sheet, "published_ratios", source.id, RATIOS[i].what, "%s", RATIOS[i].printed);
        sheet_source(sheet, &source);
    }
    findings_add(&sheet->findings, RULE_ROUTE, FINDING_NOTE,
                 "these ratios contradict each other: they are here to be read, and no dose may be taken from them");
}
