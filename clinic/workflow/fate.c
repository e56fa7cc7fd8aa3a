/* fate.c - what a pump does if nothing is done from now on, in words. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/fate.h"

#include <stdio.h>

#include "amount/amount.h"
#include "core/catalog.h"

/* "goes on with "morphine, start", 0.2 mL/day now". */
static void goes_on(const struct interrogation *seen, char text[FATE_TEXT_BYTES / 3])
{
    char flow[AMOUNT_TEXT_BYTES];
    amount_write_flow(flow, seen->base.nl_day);
    if (seen->mode == MODE_RUNNING && seen->has_therapy)
        snprintf(text, FATE_TEXT_BYTES / 3, "goes on with \"%.32s\", %s now", seen->therapy.name, flow);
    else if (seen->mode == MODE_MINIMUM || seen->mode == MODE_SAFE)
        snprintf(text, FATE_TEXT_BYTES / 3, "goes on at %s, its %s flow", flow,
                 seen->mode == MODE_SAFE ? "safe" : "least");
    else
        snprintf(text, FATE_TEXT_BYTES / 3, "stays as it is, and gives nothing");
}

void fate_tell(const struct workflow *workflow, char text[FATE_TEXT_BYTES])
{
    char old[FATE_TEXT_BYTES / 3];
    goes_on(workflow->has_after ? &workflow->after : &workflow->seen, old);
    if (workflow->place == 0)
        snprintf(text, FATE_TEXT_BYTES, "nothing was asked of the pump: it does what it did");
    else if (workflow->change == CHANGE_UNKNOWN && workflow->draft.has_therapy)
        snprintf(text, FATE_TEXT_BYTES,
                 "it is not known whether the pump has taken the new therapy. If not, it %s; if so, \"%.32s\" flows "
                 "already. "
                 "It does "
                 "one or the other, and neither ends by itself. Interrogate it before anything else",
                 old, workflow->stored.name);
    else if (workflow->change == CHANGE_UNKNOWN)
        snprintf(text, FATE_TEXT_BYTES,
                 "it is not known whether the pump has heard the last command. If not, it %s. Interrogate it before "
                 "anything else",
                 old);
    else if (workflow->change == CHANGE_NOT_APPLIED && workflow->sent == 0)
        snprintf(text, FATE_TEXT_BYTES, "the pump has refused: it %s", old);
    else if (workflow->change == CHANGE_NONE)
        snprintf(text, FATE_TEXT_BYTES, "nothing has been changed: the pump %s; what was staged, if anything, expires",
                 old);
    else if (workflow->has_after)
        snprintf(text, FATE_TEXT_BYTES, "%u of the commands were carried out: the pump %s", workflow->sent, old);
    else
        snprintf(text, FATE_TEXT_BYTES,
                 "%u of the commands were carried out, and the pump has not been looked at since", workflow->sent);
}
