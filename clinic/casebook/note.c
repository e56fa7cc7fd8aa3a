/* note.c - a visit in words. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/casebook/note.h"

#include <stdarg.h>
#include <stdio.h>

#include "amount/amount.h"
#include "clinic/casebook/outcome.h"

struct writing {
    char *text;
    size_t used;
};

__attribute__((format(printf, 2, 3))) static void add(struct writing *writing, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int size = vsnprintf(writing->text + writing->used, NOTE_BYTES - writing->used, format, list);
    va_end(list);
    writing->used += size > 0 ? (size_t)size : 0;
    writing->used = writing->used < NOTE_BYTES ? writing->used : NOTE_BYTES - 1;
}

static const char *part(struct writing *writing)
{
    return writing->used > 0 ? "; " : "";
}

static void commands_tell(struct writing *writing, const struct workflow *workflow)
{
    for (unsigned i = 0; outcome_kind(workflow, i) != 0; i++) {
        const char *word = command_word(outcome_kind(workflow, i)), *came = "not given";
        if (i < workflow->sent)
            came = "applied";
        else if (i == workflow->sent && workflow->change == CHANGE_UNKNOWN)
            came = "unknown";
        else if (i == workflow->sent && workflow->change == CHANGE_NOT_APPLIED)
            came = "refused";
        add(writing, "%s%s %s", i == 0 ? "commands: " : ", ", word != NULL ? word : "?", came);
    }
}

/* A refill that the pump's account does not have: what is in the reservoir is known from here alone. */
static void refused_refill_tell(struct writing *writing, const struct workflow *workflow)
{
    const struct refill *refill = &workflow->draft.refill;
    char withdrawn[AMOUNT_TEXT_BYTES], left[AMOUNT_TEXT_BYTES], filled[AMOUNT_TEXT_BYTES];
    if (!workflow->draft.has_refill || outcome_may_stand(workflow, OUTCOME_OF_REFILL))
        return;
    amount_write_volume(withdrawn, refill->withdrawn.nl);
    amount_write_volume(left, refill->left.nl);
    amount_write_volume(filled, refill->filled.nl);
    add(writing, "%ssaid, and not in the pump's account: %s drawn out, %s left, %s put in", part(writing), withdrawn,
        left, filled);
    for (unsigned i = 0; refill->filled.nl > 0 && i < refill->fill.count; i++) {
        char conc[AMOUNT_TEXT_BYTES];
        amount_write_of(conc, DIMENSION_CONC, refill->fill.component[i].conc.ng_ml);
        add(writing, "%s%s %s", i == 0 ? " of " : ", ", drug_word(refill->fill.component[i].drug), conc);
    }
    if (refill->lot[0] != '\0')
        add(writing, ", lot %s", refill->lot);
}

void note_make(const struct workflow *workflow, char note[NOTE_BYTES])
{
    struct writing writing = { .text = note };
    const struct draft *draft = &workflow->draft;
    note[0] = '\0';
    commands_tell(&writing, workflow);
    refused_refill_tell(&writing, workflow);
    if (workflow->work == WORK_CATHETER_ACCESS)
        add(&writing, "%scatheter access: %s, %s", part(&writing), draft->aspirated ? "fluid came" : "no fluid came",
            draft->injected ? "something was injected" : "nothing was injected");
    if (draft->retitrated)
        add(&writing, "%sthe dose was found anew", part(&writing));
    if (draft->signs)
        add(&writing, "%ssigns were seen while watching", part(&writing));
    if (workflow->ending == ENDING_ABANDONED && work_step(workflow->work, workflow->place) == STEP_AT_WATCH)
        add(&writing, "%sthe watch over the patient was broken off", part(&writing));
    if (workflow->ending != ENDING_DONE)
        add(&writing, "%sended: %s", part(&writing), workflow_ending_word(workflow->ending));
    else if (workflow->change == CHANGE_APPLIED && workflow->has_after && !workflow->as_sent)
        add(&writing, "%sat the last look the pump did something else", part(&writing));
}
