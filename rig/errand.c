// SPDX-License-Identifier: Apache-2.0
#include "rig/errand.h"

#include <string.h>

#include "link/hash.h"
#include "pump/state.h"
#include "pump/supervisor.h"

#define BIT(kind) ((uint32_t)1 << (kind))

int64_t token_low(const uint8_t token[TOKEN_BYTES])
{
    int64_t low = 0;
    for (unsigned i = 0; i < 6; i++)
        low |= (int64_t)token[i] << (8 * i);
    return low;
}

struct regime regime_of(const struct therapy *therapy)
{
    const struct program *program = &therapy->program;
    struct regime regime = { .base_nl_day = program->base.nl_day, .safe_nl_day = therapy->safe_rate.nl_day,
                             .patient_nl = program->patient.volume.nl, .patient_nl_day = program->patient.rate.nl_day };
    uint8_t bytes[THERAPY_BYTES_MAX], token[TOKEN_BYTES];
    size_t size = 0;
    if (therapy_encode(therapy, bytes, sizeof bytes, &size) == RESULT_OK) {
        hash_of(bytes, size, token);
        regime.token_low = token_low(token);
    }
    if (program->opening.kind == OPENING_SINGLE) {
        regime.opening_nl = program->opening.volume.nl;
        regime.opening_nl_day = program->opening.rate.nl_day;
    }
    return regime;
}

const char *trace_word(uint8_t kind)
{
    static const char *const words[TRACES] = { "none", "patient bolus", "clinician's bolus", "single bolus", "other course",
                                               "activation", "refill", "clock", "silence", "cleared alarm",
                                               "cancelled course", "stop", "minimum", "resumption", "run" };
    return kind < TRACES ? words[kind] : "";
}

static uint8_t trace_of_course(int64_t kind)
{
    return kind == COURSE_PATIENT     ? TRACE_PATIENT
           : kind == COURSE_CLINICIAN ? TRACE_CLINICIAN
           : kind == COURSE_SINGLE    ? TRACE_OPENING
                                      : TRACE_COURSE;
}

static uint8_t trace_of_mode(int64_t cause)
{
    return cause == HAPPENING_ACTIVATE  ? TRACE_RUN
           : cause == HAPPENING_STOP    ? TRACE_STOP
           : cause == HAPPENING_MINIMUM ? TRACE_MINIMUM
           : cause == HAPPENING_RESUME  ? TRACE_RESUME
                                        : TRACE_NONE;
}

struct trace trace_of(const struct event *event)
{
    const int64_t *field = event->field;
    struct trace trace = { .at_ms = event->at.ms, .a = field[0], .b = field[1] };
    switch (event->code) {
    case EVENT_COURSE_START:
        return (struct trace){ trace_of_course(field[0]), event->at.ms, field[1], field[2] };
    case EVENT_COURSE_END:
        return (struct trace){ field[3] == COURSE_CANCELLED ? TRACE_CANCELLED : TRACE_NONE, event->at.ms, 0, 0 };
    case EVENT_MODE:
        return (struct trace){ trace_of_mode(field[2]), event->at.ms, 0, 0 };
    case EVENT_CLOCK_SET:
        return (struct trace){ TRACE_CLOCK, event->at.ms, field[1], 0 };
    case EVENT_ACTIVATED:
        return (struct trace){ TRACE_ACTIVATED, event->at.ms, field[0], 0 };
    case EVENT_SILENCED:
        return (struct trace){ TRACE_SILENCED, event->at.ms, field[0], 0 };
    case EVENT_ALARM_CLEARED:
        return (struct trace){ TRACE_CLEARED, event->at.ms, field[0], 0 };
    case EVENT_REFILL:
        trace.kind = TRACE_REFILL;
        return trace;
    default: /* the pump's own business */
        return trace;
    }
}

uint64_t errand_print(const struct command *command)
{
    struct command same = *command;
    uint8_t bytes[COMMAND_BYTES_MAX];
    uint64_t print = UINT64_C(0xCBF29CE484222325); /* FNV-1a */
    size_t size = 0;
    same.id = 1;
    same.head = 0;
    if (command_encode(&same, bytes, sizeof bytes, &size) != RESULT_OK)
        return 0;
    for (size_t i = 0; i < size; i++)
        print = (print ^ bytes[i]) * UINT64_C(0x100000001B3);
    return print;
}

/* What a therapy that comes into force leaves behind. */
static void activates(struct errand *errand, const struct regime *regime)
{
    errand->due |= BIT(TRACE_ACTIVATED);
    errand->may |= BIT(TRACE_RUN);
    if (regime != NULL) {
        errand->regime = *regime;
        errand->due |= regime->opening_nl != 0 ? BIT(TRACE_OPENING) : 0;
    }
}

struct errand errand_of(uint8_t slot, const struct command *command, const struct regime *regime)
{
    struct errand errand = { .slot = slot, .kind = command->kind, .id = command->id, .print = errand_print(command) };
    switch ((int)command->kind) {
    case COMMAND_PATIENT_BOLUS:
        errand.due = BIT(TRACE_PATIENT);
        break;
    case COMMAND_CLINICIAN_BOLUS:
        errand.due = BIT(TRACE_CLINICIAN);
        errand.a = command->volume.nl;
        errand.b = command->rate.nl_day;
        break;
    case COMMAND_ACTIVATE:
        activates(&errand, regime);
        break;
    case COMMAND_REFILL:
        errand.due = BIT(TRACE_REFILL);
        errand.a = command->refill.withdrawn.nl;
        errand.b = command->refill.filled.nl;
        if (command->refill.activate)
            activates(&errand, regime);
        break;
    case COMMAND_SET_CLOCK:
        errand.due = BIT(TRACE_CLOCK);
        errand.a = command->calendar.offset.ms;
        break;
    case COMMAND_SILENCE:
        errand.due = BIT(TRACE_SILENCED);
        errand.minutes = command->minutes;
        break;
    case COMMAND_CLEAR_ALARM:
        errand.due = BIT(TRACE_CLEARED);
        errand.a = command->alarm;
        break;
    case COMMAND_CANCEL_COURSE:
        errand.may = BIT(TRACE_CANCELLED); /* none when no course was under way */
        break;
    case COMMAND_STOP:
        errand.may = BIT(TRACE_STOP); /* none when it stood already; and so the next two */
        break;
    case COMMAND_MINIMUM:
        errand.may = BIT(TRACE_MINIMUM);
        break;
    case COMMAND_RESUME:
        errand.may = BIT(TRACE_RESUME);
        break;
    default: /* stages, and what is not asked for here */
        break;
    }
    return errand;
}

bool errand_fits(const struct errand *errand, const struct trace *trace)
{
    if (((errand->due | errand->may) & ~errand->done & BIT(trace->kind)) == 0)
        return false;
    switch (trace->kind) {
    case TRACE_CLINICIAN:
    case TRACE_REFILL:
        return errand->a == trace->a && errand->b == trace->b;
    case TRACE_CLOCK:
    case TRACE_CLEARED:
        return errand->a == trace->a;
    case TRACE_SILENCED:
        return trace->a == trace->at_ms + (int64_t)errand->minutes * MINUTE_MS;
    case TRACE_ACTIVATED:
        return errand->regime.token_low == trace->a;
    case TRACE_OPENING:
        return errand->regime.opening_nl == trace->a && errand->regime.opening_nl_day == trace->b;
    default: /* a patient's bolus is that of the therapy in force, which its sender does not state */
        return true;
    }
}
