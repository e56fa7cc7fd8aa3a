/* table.c - workflows and their steps. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/table.h"

#include <stddef.h>
#include <string.h>

#define WORKFLOW(name, code_, word_, text_) { .code = code_, .word = word_, .text = text_ },
static const struct work_row {
    uint8_t code;
    const char *word, *text;
} WORKS[] = {
#include "clinic/workflow/workflow.def"
};
#undef WORKFLOW
enum { WORKS_ALL = sizeof WORKS / sizeof WORKS[0] };

#define IN(work_, step_) { .work = WORK_##work_, .step = STEP_AT_##step_ },
static const struct place_row {
    uint8_t work, step;
} PLACES[] = {
#include "clinic/workflow/workflow.def"
};
#undef IN
enum { PLACES_ALL = sizeof PLACES / sizeof PLACES[0] };

#define STEP(name, word_, who_, when_, text_) { .word = word_, .text = text_, .who = WHO_##who_, .when = WHEN_##when_ },
static const struct {
    const char *word, *text;
    enum step_who who;
    enum step_when when;
} ROWS[STEPS] = {
#include "clinic/workflow/step.def"
};
#undef STEP

static const struct work_row *row_of(uint8_t work)
{
    for (unsigned i = 0; i < WORKS_ALL; i++)
        if (WORKS[i].code == work)
            return &WORKS[i];
    return NULL;
}

uint8_t work_at(unsigned index)
{
    return index < WORKS_ALL ? WORKS[index].code : 0;
}

const char *work_word(uint8_t work)
{
    const struct work_row *row = row_of(work);
    return row != NULL ? row->word : NULL;
}

const char *work_text(uint8_t work)
{
    const struct work_row *row = row_of(work);
    return row != NULL ? row->text : NULL;
}

uint8_t work_find(const char *word)
{
    for (unsigned i = 0; i < WORKS_ALL; i++)
        if (strcmp(WORKS[i].word, word) == 0)
            return WORKS[i].code;
    return 0;
}

uint8_t work_step(uint8_t work, unsigned place)
{
    for (unsigned i = 0; i < PLACES_ALL; i++)
        if (PLACES[i].work == work && place-- == 0)
            return PLACES[i].step;
    return STEPS;
}

const char *step_word(uint8_t step)
{
    return step < STEPS ? ROWS[step].word : NULL;
}

const char *step_text(uint8_t step)
{
    return step < STEPS ? ROWS[step].text : NULL;
}

enum step_who step_who(uint8_t step)
{
    return ROWS[step].who;
}

enum step_when step_when(uint8_t step)
{
    return ROWS[step].when;
}
