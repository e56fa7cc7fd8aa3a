/* list.c - the words of the records, by code and back. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/list.h"

#include <stddef.h>
#include <string.h>

#define WORD(list_, name, code_, word_) { .list = LIST_##list_, .code = code_, .word = word_ },
static const struct {
    uint8_t list;
    int8_t code;
    const char *word;
} WORDS[] = {
#include "clinic/records/list.def"
};
#undef WORD
enum { WORDS_ALL = sizeof WORDS / sizeof WORDS[0] };

#define ROLE_RIGHTS(name, opens_, writes_, administers_)                                                               \
    { .role = WORD_ROLE_##name, .opens = opens_, .writes = writes_, .administers = administers_ },
static const struct rights {
    int8_t role;
    bool opens, writes, administers;
} RIGHTS[] = {
#include "clinic/records/list.def"
};
#undef ROLE_RIGHTS

const char *list_word(enum list list, int64_t code)
{
    for (unsigned i = 0; i < WORDS_ALL; i++)
        if (WORDS[i].list == list && WORDS[i].code == code)
            return WORDS[i].word;
    return NULL;
}

int64_t list_code(enum list list, const char *word)
{
    for (unsigned i = 0; i < WORDS_ALL; i++)
        if (WORDS[i].list == list && strcmp(WORDS[i].word, word) == 0)
            return WORDS[i].code;
    return LIST_WORD_NONE;
}

const char *list_at(enum list list, unsigned index)
{
    for (unsigned i = 0; i < WORDS_ALL; i++)
        if (WORDS[i].list == list && index-- == 0)
            return WORDS[i].word;
    return NULL;
}

/* Of a role nobody knows: none. */
static struct rights rights_of(int64_t role)
{
    for (unsigned i = 0; i < sizeof RIGHTS / sizeof RIGHTS[0]; i++)
        if (RIGHTS[i].role == role)
            return RIGHTS[i];
    return (struct rights){ .role = 0 };
}

bool list_role_opens(int64_t role)
{
    return rights_of(role).opens;
}

bool list_role_writes(int64_t role)
{
    return rights_of(role).writes;
}

bool list_role_administers(int64_t role)
{
    return rights_of(role).administers;
}
