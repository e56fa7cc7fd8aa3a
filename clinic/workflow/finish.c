/* finish.c - old beside new: two lists of rows, laid side by side. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/finish.h"

#include <stdio.h>
#include <string.h>

#include "clinic/guard/wording.h"
#include "clinic/workflow/side.h"
#include "core/catalog.h"

static const struct setting *setting_of(const struct settings *settings, const char *label)
{
    for (unsigned i = 0; i < settings->count; i++)
        if (strcmp(settings->setting[i].label, label) == 0)
            return &settings->setting[i];
    return NULL;
}

static void change_text(char text[FINISH_CHANGE_BYTES], const struct setting *old, const struct setting *new)
{
    wording percent;
    bool numbers = old != NULL && new != NULL &&ratio_is(old->number) && ratio_is(new->number) && old->number.num > 0;
    if (old == NULL)
        snprintf(text, FINISH_CHANGE_BYTES, "new");
    else if (new == NULL)
        snprintf(text, FINISH_CHANGE_BYTES, "ends");
    else if (strcmp(old->text, new->text) == 0)
        snprintf(text, FINISH_CHANGE_BYTES, "unchanged");
    else if (!numbers)
        snprintf(text, FINISH_CHANGE_BYTES, "changes");
    else {
        struct ratio share = ratio_div(ratio_sub(new->number, old->number), old->number);
        write_percent(percent, share, ROUND_NEAREST);
        snprintf(text, FINISH_CHANGE_BYTES, "%s%.20s", share.num > 0 ? "+" : "", percent);
    }
}

static void row_add(struct finish *finish, const struct setting *old, const struct setting *new)
{
    if (finish->count == FINISH_ROWS_MAX)
        return;
    struct finish_row *row = &finish->row[finish->count++];
    snprintf(row->label, sizeof row->label, "%s", new != NULL ? new->label : old->label);
    snprintf(row->old, sizeof row->old, "%s", old != NULL ? old->text : "-");
    snprintf(row->new, sizeof row->new, "%s", new != NULL ? new->text : "-");
    row->changes = strcmp(row->old, row->new) != 0;
    change_text(row->change, old, new);
}

void finish_make(struct finish *finish, const struct formulary *formulary, const struct finish_side *old,
                 const struct finish_side *new)
{
    struct settings before, after;
    side_settings(&before, formulary, old);
    side_settings(&after, formulary, new);
    finish->count = 0;
    for (unsigned i = 0; i < after.count; i++)
        row_add(finish, setting_of(&before, after.setting[i].label), &after.setting[i]);
    for (unsigned i = 0; i < before.count; i++) /* what is no more */
        if (setting_of(&after, before.setting[i].label) == NULL)
            row_add(finish, &before.setting[i], NULL);
}

/* What flows now, where that is not the therapy in force: a stop, a least flow, a safe rate, an empty reservoir. A bolus is not
 * asked for then. The same therapy besides. */
static const struct therapy *in_force(const struct workflow *workflow, struct therapy *now)
{
    const struct interrogation *seen = &workflow->seen;
    bool stopped = seen->mode == MODE_STOPPED || (seen->mode == MODE_EMPTY && workflow->draft.has_therapy) ||
                   (seen->mode == MODE_SAFE && seen->base.nl_day == 0);
    if (!seen->has_therapy)
        return NULL;
    if (!stopped && !interrogation_lowered(seen))
        return &seen->therapy;
    *now = seen->therapy;
    now->program = (struct program){ .kind = PROGRAM_STOPPED };
    if (!stopped)
        now->program = (struct program){ .kind = PROGRAM_MINIMUM, .base = seen->base };
    return now;
}

void finish_workflow(struct finish *finish, const struct workflow *workflow, const struct practice *practice)
{
    const struct interrogation *seen = &workflow->seen;
    const struct draft *draft = &workflow->draft;
    bool is_stored = workflow->stored.model != 0;
    civil_ms now = { seen->now.ms + seen->civil_offset_ms };
    bool known = seen->replace.ms != INSTANT_NEVER.ms;
    struct therapy flows;
    struct finish_side old = { .therapy = in_force(workflow, &flows),
                               .has_reservoir = seen->has_therapy,
                               .reservoir = seen->reservoir,
                               .from = now,
                               .has_replacement = known,
                               .replacement = { known ? seen->replace.ms + seen->civil_offset_ms : 0 } };
    struct finish_side new = old;
    if (draft->has_therapy)
        new.therapy = is_stored ? &workflow->stored : &draft->therapy;
    new.has_reservoir = new.therapy != NULL;
    if (draft->has_refill)
        new.reservoir.nl = draft->refill.left.nl + draft->refill.filled.nl;
    new.first_fill = workflow->work == WORK_IMPLANT;
    finish_make(finish, practice->formulary, &old, &new);
}
