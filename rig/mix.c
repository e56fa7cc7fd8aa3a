// SPDX-License-Identifier: Apache-2.0
#include "rig/mix.h"

#include <stdio.h>
#include <string.h>

enum { ALL_TIMES = 10, PER_YEAR_MAX = 100000 };

#define FAULT(name, word, group, rate, silent) { word, group, rate, silent },
static const struct fault_row rows[FAULTS] = {
#include "rig/mix.def"
};
#undef FAULT

const struct fault_row *fault_row(enum fault fault)
{
    return fault < FAULTS ? &rows[fault] : NULL;
}

/* "12" or "0.25" strikes a year, as strikes in a thousand years; -1 when it is neither. */
static int32_t rate_read(const char *text)
{
    int64_t value = 0;
    int decimals = -1;
    for (; *text != '\0'; text++) {
        if (*text == '.' && decimals < 0) {
            decimals = 0;
        } else if (*text >= '0' && *text <= '9' && decimals < 3 && value < PER_YEAR_MAX * INT64_C(1000)) {
            value = value * 10 + (*text - '0');
            decimals += decimals >= 0;
        } else {
            return -1;
        }
    }
    for (decimals = decimals < 0 ? 0 : decimals; decimals < 3; decimals++)
        value *= 10;
    return value <= PER_YEAR_MAX * INT64_C(1000) ? (int32_t)value : -1;
}

static bool word_take(const char *word, const char *rate, struct mix *mix)
{
    bool found = strcmp(word, "none") == 0;
    int32_t told = rate != NULL ? rate_read(rate) : 0;
    if (rate != NULL && (told < 0 || *rate == '\0'))
        return false;
    for (unsigned i = 0; i < FAULTS; i++) {
        bool all = strcmp(word, "all") == 0, usual = strcmp(word, "default") == 0;
        if (strcmp(word, rows[i].word) == 0 || strcmp(word, rows[i].group) == 0 || all || usual) {
            int32_t own = rows[i].per_thousand_years;
            if (own == 0 && !usual && !all)
                own = 1000; /* not in the usual mix: once a year when it is asked for by name */
            mix->per_thousand_years[i] = rate != NULL ? told : all ? own * ALL_TIMES : own;
            found = true;
        }
    }
    return found;
}

bool mix_read(const char *text, struct mix *mix, char wrong[64])
{
    struct mix made = { { 0 } };
    while (*text != '\0') {
        size_t size = strcspn(text, ",");
        char word[64];
        snprintf(word, sizeof word, "%.*s", (int)(size < sizeof word ? size : sizeof word - 1), text);
        snprintf(wrong, 64, "%s", word);
        char *rate = strchr(word, '=');
        if (rate != NULL)
            *rate++ = '\0';
        if (!word_take(word, rate, &made))
            return false;
        text += size + (text[size] == ',');
    }
    *mix = made;
    return true;
}
