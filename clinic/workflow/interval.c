/* interval.c - the list of intervals. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/interval.h"

#include <stddef.h>

#define INTERVAL(word_, minutes_) { .word = word_, .minutes = minutes_ },
static const struct {
    const char *word;
    uint16_t minutes;
} INTERVALS[] = {
#include "clinic/workflow/interval.def"
};
#undef INTERVAL
enum { INTERVALS_ALL = sizeof INTERVALS / sizeof INTERVALS[0] };

const char *interval_word(unsigned position)
{
    return position < INTERVALS_ALL ? INTERVALS[position].word : NULL;
}

uint16_t interval_minutes(unsigned position)
{
    return position < INTERVALS_ALL ? INTERVALS[position].minutes : 0;
}
