/* settings.h - every setting of a therapy in words, and two therapies beside each other: old, new and change, whether a setting
 * changes or not. REQ-CLIN-02, screen rule W1. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_REPORT_SETTINGS_H
#define CLINIC_REPORT_SETTINGS_H

#include "clinic/report/words.h"
#include "core/therapy.h"

enum { SETTINGS_MAX = 160, SETTING_LABEL_BYTES = 72 };

struct setting {
    char label[SETTING_LABEL_BYTES];
    char text[2 * WORDS_BYTES];
    struct ratio amount; /* for the change in percent; no number where there is none */
    bool daily;          /* of a whole day: every large error shows in it, so it is shown first */
};

/* What does not fit is counted in `lost`, so that a report can refuse instead of leaving a setting out. */
struct settings {
    unsigned count, lost;
    struct setting setting[SETTINGS_MAX];
};

void settings_make(struct settings *settings, const struct formulary *formulary, const struct therapy *therapy);
/* The setting with this label; null when there is none. */
const struct setting *settings_find(const struct settings *settings, const char *label);
/* Either may be null: "new", "no longer there", "none", "changed", "20 % more". */
void setting_change(phrase text, const struct setting *old, const struct setting *new);

#endif
