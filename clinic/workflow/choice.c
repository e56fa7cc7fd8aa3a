/* choice.c - what a person chooses from a list. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/choice.h"

#include <stddef.h>
#include <string.h>

enum list_of { OF_ROLE, OF_WORKFLOW, OF_OUTCOME, OF_CAUSE, OF_LEVEL, OF_ANSWER, OF_REASON, OF_ACTION };

#define WORD(list_, name, code_, word_) { .list = OF_##list_, .code = code_, .word = word_ },
static const struct {
    enum list_of list;
    int64_t code;
    const char *word;
} WORDS[] = {
#include "clinic/records/list.def"
};
#undef WORD
enum { WORDS_ALL = sizeof WORDS / sizeof WORDS[0] };

static const char *word_of(enum list_of list, int64_t code)
{
    for (unsigned i = 0; i < WORDS_ALL; i++)
        if (WORDS[i].list == list && WORDS[i].code == code)
            return WORDS[i].word;
    return NULL;
}

static int64_t code_of(enum list_of list, const char *word)
{
    for (unsigned i = 0; i < WORDS_ALL; i++)
        if (WORDS[i].list == list && strcmp(WORDS[i].word, word) == 0)
            return WORDS[i].code;
    return -1;
}

const char *choice_cause_word(int64_t code)
{
    return word_of(OF_CAUSE, code);
}

const char *choice_reason_word(int64_t code)
{
    return word_of(OF_REASON, code);
}

int64_t choice_cause(const char *word)
{
    return code_of(OF_CAUSE, word);
}

int64_t choice_reason(const char *word)
{
    return code_of(OF_REASON, word);
}

#define INTERVAL(word_, minutes_) { .word = word_, .minutes = minutes_ },
static const struct {
    const char *word;
    uint16_t minutes;
} INTERVALS[] = {
#include "clinic/workflow/interval.def"
};
#undef INTERVAL
enum { INTERVALS_ALL = sizeof INTERVALS / sizeof INTERVALS[0] };

const char *choice_interval_word(unsigned position)
{
    return position < INTERVALS_ALL ? INTERVALS[position].word : NULL;
}

uint16_t choice_interval_minutes(unsigned position)
{
    return position < INTERVALS_ALL ? INTERVALS[position].minutes : 0;
}
