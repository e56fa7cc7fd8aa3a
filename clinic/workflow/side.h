/* side.h - inside this folder: a therapy in rows, a label and a text each, so that two can be laid side by side. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_SIDE_H
#define CLINIC_WORKFLOW_SIDE_H

#include "amount/ratio.h"
#include "clinic/workflow/finish.h"

struct setting {
    char label[FINISH_LABEL_BYTES], text[FINISH_TEXT_BYTES];
    struct ratio number; /* for its change in per cent; none where it has none */
};

struct settings {
    unsigned count;
    struct setting setting[FINISH_ROWS_MAX];
};

/* Nothing for a side without a therapy. */
void side_settings(struct settings *settings, const struct formulary *formulary, const struct finish_side *side);

#endif
