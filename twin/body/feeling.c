/* feeling.c - what a person says of how things are. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/body/feeling.h"

#include <stddef.h>

static const struct {
    size_t place; /* of the member in the view */
    double sign, least;
    const char *sentence;
} FEELINGS[] = {
#define FEELING(member, sign, least, sentence) { offsetof(struct person_view, member), sign, least, sentence },
#include "twin/body/feeling.def"
#undef FEELING
};

enum { FEELINGS_ALL = sizeof FEELINGS / sizeof FEELINGS[0] };

static bool holds(const struct person_view *view, int feeling)
{
    double value = *(const double *)(const void *)((const char *)view + FEELINGS[feeling].place);
    return FEELINGS[feeling].sign * value >= FEELINGS[feeling].least;
}

/* A worse one of the same member holds, too. */
static bool surpassed(const struct person_view *view, int feeling)
{
    for (int i = 0; i < feeling; i++) {
        if (FEELINGS[i].place == FEELINGS[feeling].place && holds(view, i)) {
            return true;
        }
    }
    return false;
}

int feelings_said(const struct person_view *view, const char *said[PERSON_FEELINGS_MAX])
{
    int count = 0;
    for (int i = 0; i < FEELINGS_ALL && count < PERSON_FEELINGS_MAX; i++) {
        if (holds(view, i) && !surpassed(view, i)) {
            said[count++] = FEELINGS[i].sentence;
        }
    }
    return count;
}
