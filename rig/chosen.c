// SPDX-License-Identifier: Apache-2.0
#include "rig/chosen.h"

#include <string.h>

#include "pump/supervisor.h"

static void mode_note(struct chosen *chosen, int64_t at_ms, uint8_t mode)
{
    chosen->mode = mode;
    chosen->was[chosen->count++ % CHOSEN_MODES] = (struct chosen_was){ at_ms, mode };
}

void chosen_start(struct chosen *chosen)
{
    memset(chosen, 0, sizeof *chosen);
    mode_note(chosen, 0, MODE_NEW);
}

/* Where this leads: from the sentences of core/mode.def and core/alarm.def. */
static uint8_t leads_to(const struct chosen *chosen, int64_t cause)
{
    bool still = chosen->mode == MODE_NEW || chosen->mode == MODE_EMPTY;
    switch (cause) {
    case HAPPENING_ACTIVATE:
        return chosen->mode == MODE_EMPTY ? MODE_EMPTY : MODE_RUNNING;
    case HAPPENING_STOP:
        return MODE_STOPPED;
    case HAPPENING_MINIMUM:
        return still ? chosen->mode : MODE_MINIMUM;
    case HAPPENING_RESUME:
        return still ? chosen->mode : MODE_RUNNING;
    case HAPPENING_EMPTY:
        return chosen->mode == MODE_NEW || chosen->mode == MODE_STOPPED ? chosen->mode : MODE_EMPTY;
    case HAPPENING_REFILLED:
        return chosen->mode == MODE_EMPTY ? chosen->before : chosen->mode;
    case HAPPENING_FAULT:
        return still || chosen->mode == MODE_STOPPED ? chosen->mode : MODE_SAFE;
    default:
        return 0;
    }
}

/* May the pump drop to the safe rate for this? */
static bool is_reason(const struct event *event)
{
    if (event->code == EVENT_ALARM_RAISED)
        return event->field[0] == ALARM_INTERRUPTED_LONG || event->field[0] == ALARM_CYCLES || event->field[0] == ALARM_RESETS ||
               event->field[0] == ALARM_SELFTEST || event->field[0] == ALARM_THERAPY_DAMAGED;
    return event->code == EVENT_RESETS || event->code == EVENT_EMERGENCY || event->code == EVENT_MEMORY_LOST ||
           event->code == EVENT_SELFTEST;
}

/* The reason may be told before or after the drop, at the same instant. */
static const char *instant_over(struct chosen *chosen, int64_t next_ms)
{
    bool baseless = chosen->dropped && !chosen->reason;
    if (next_ms == chosen->event_ms)
        return NULL;
    chosen->event_ms = next_ms;
    chosen->dropped = chosen->reason = false;
    return baseless ? "it dropped to the safe rate without a reason" : NULL;
}

static const char *changed(struct chosen *chosen, const struct event *event)
{
    const char *wrong = NULL;
    uint8_t from = (uint8_t)event->field[0], to = (uint8_t)event->field[1];
    int64_t cause = event->field[2];
    if (from != chosen->mode && !chosen->unsure)
        wrong = "it changed from a mode in which it was not";
    chosen->mode = from;
    bool faulted = cause == HAPPENING_REFILLED && chosen->reason_empty && to == MODE_SAFE;
    if (to != leads_to(chosen, cause) && !faulted && wrong == NULL)
        wrong = "this does not lead to that mode";
    if (to == MODE_EMPTY) {
        chosen->before = from;
        chosen->reason_empty = false;
    }
    chosen->dropped |= to == MODE_SAFE && cause == HAPPENING_FAULT;
    mode_note(chosen, event->at.ms, to);
    return wrong;
}

const char *chosen_event(struct chosen *chosen, const struct event *event)
{
    const char *wrong = instant_over(chosen, event->at.ms), *more = NULL;
    if (event->code == EVENT_MODE)
        more = changed(chosen, event);
    else if (event->code == EVENT_ACTIVATED && chosen->mode == MODE_EMPTY)
        chosen->before = MODE_RUNNING;
    else if (event->code == EVENT_LOG_GAP || (event->code == EVENT_BOOT && event->field[2] == 0))
        chosen->unsure = true;
    if (is_reason(event)) {
        chosen->reason = true;
        chosen->reason_empty |= chosen->mode == MODE_EMPTY;
    }
    return wrong != NULL ? wrong : more;
}

const char *chosen_look(struct chosen *chosen, uint8_t mode, uint32_t asked, int64_t now_ms)
{
    const char *wrong = instant_over(chosen, now_ms);
    if (mode != chosen->mode) {
        /* When all that is known is older than what was lost, the pump takes the safe rate. */
        bool may = chosen->unsure && (mode == MODE_SAFE || (asked >> mode & 1) != 0);
        if (!may && wrong == NULL)
            wrong = "it is in a mode that nobody chose";
        mode_note(chosen, now_ms, mode);
    }
    chosen->unsure = false;
    return wrong;
}

bool chosen_was(const struct chosen *chosen, int64_t at_ms, uint8_t mode)
{
    unsigned kept = chosen->count < CHOSEN_MODES ? chosen->count : CHOSEN_MODES;
    for (unsigned back = 1; back <= kept; back++) {
        const struct chosen_was *was = &chosen->was[(chosen->count - back) % CHOSEN_MODES];
        if (was->at_ms <= at_ms && was->mode == mode)
            return true;
        if (was->at_ms < at_ms)
            return false; /* the one that stood when that instant began */
    }
    return false;
}
