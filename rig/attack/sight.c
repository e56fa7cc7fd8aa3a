/* sight.c - two looks and a log, compared. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/attack/sight.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/catalog.h"
#include "core/model.h"
#include "rig/journal.h"

enum { COURSE_SINGLE = 3, COURSE_PERIODIC = 4 }; /* by the program itself: link/cisterna.proto, Status */
static const int64_t SPAN_MS_MAX = INT64_C(366) * DAY_MS; /* what flows in it fits a number */

/* Alarms that come with time, or that say of an attack that there is one. */
static const uint32_t NATURAL = UINT32_C(1) << ALARM_AT_RADIO_ABUSE | UINT32_C(1) << ALARM_AT_RESERVOIR_LOW |
                                UINT32_C(1) << ALARM_AT_RESERVOIR_SOON | UINT32_C(1) << ALARM_AT_REPLACE_SOON;

struct judge {
    const struct sight *before, *after;
    const struct sight_log *log;
    const struct sight_pardon *pardon;
    struct sight_judgement *judgement;
    bool flow_told; /* the log tells of another flow than the base of before */
};

__attribute__((format(printf, 2, 3))) static void change(struct judge *judge, const char *format, ...)
{
    struct sight_judgement *judgement = judge->judgement;
    if (judgement->count < SIGHT_CHANGES_MAX) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(judgement->change[judgement->count], SIGHT_CHANGE_BYTES, format, arguments);
        va_end(arguments);
    }
    judgement->count++;
}

static bool natural_alarm(const struct judge *judge, unsigned index)
{
    return (index < ALARM_COUNT && (NATURAL >> index & 1) != 0) ||
           (judge->pardon->magnet && index == (unsigned)ALARM_AT_EMERGENCY);
}

/* May an event stand in the log although nobody with a key has done anything? */
static bool natural(const struct judge *judge, const struct event *event)
{
    switch ((enum event_code)event->code) {
    case EVENT_RATE:
    case EVENT_COURSE_SKIPPED:
    case EVENT_STAGING_EXPIRED:
    case EVENT_BOUNDARY:
    case EVENT_DAY:
    case EVENT_ENERGY:
    case EVENT_ALARM_ENDED:
        return true;
    case EVENT_COURSE_START:
    case EVENT_COURSE_END:
        return event->field[0] == COURSE_SINGLE || event->field[0] == COURSE_PERIODIC ||
               (event->code == EVENT_COURSE_END && judge->before->status.course != 0);
    case EVENT_ALARM_RAISED:
        return natural_alarm(judge, alarm_position((uint8_t)event->field[0]));
    case EVENT_SESSION:
        return event->field[0] == judge->pardon->slot;
    case EVENT_REFUSED:
        return judge->pardon->refusals;
    case EVENT_EMERGENCY:
    case EVENT_MODE:
    case EVENT_FRACTION_DROPPED:
        return judge->judgement->lowered;
    case EVENT_BOOT:
    case EVENT_CLOCK_SET:
    case EVENT_CLOCK_LOST:
    case EVENT_STAGED:
    case EVENT_ACTIVATED:
    case EVENT_REFILL:
    case EVENT_RETITRATION:
    case EVENT_DISCREPANCY:
    case EVENT_ALARM_CLEARED:
    case EVENT_SILENCED:
    case EVENT_STALL:
    case EVENT_STALL_END:
    case EVENT_WITHHELD:
    case EVENT_DRIVER_REFUSED:
    case EVENT_FIELD:
    case EVENT_MRI:
    case EVENT_SENSOR:
    case EVENT_MEMORY_LOST:
    case EVENT_MENDED:
    case EVENT_STORE_FAILED:
    case EVENT_LOG_GAP:
    case EVENT_SELFTEST:
    case EVENT_RESETS:
    case EVENT_PAIRED:
    case EVENT_UNPAIRED:
    case EVENT_LIMITS_SIGNED:
    case EVENT_LOT:
    case EVENT_IMAGE:
    case EVENT_RESTART:
    case EVENT_IMAGE_RUNS:
    case EVENT_IMAGE_REVERTED:
        return false;
    }
    return false;
}

static bool moves_head(const struct event *event)
{
    return event->code == EVENT_COURSE_START || event->code == EVENT_COURSE_END || event->code == EVENT_COURSE_SKIPPED;
}

static bool moves_flow(const struct event *event)
{
    return event->code == EVENT_RATE || moves_head(event);
}

/* With a magnet the dose may go down, to the safe rate and no further up; an alarm tells it until a clinician ends it. */
static bool lowered(const struct judge *judge)
{
    const cisterna_Status *before = &judge->before->status, *after = &judge->after->status;
    return judge->pardon->magnet && (after->alarms >> ALARM_AT_EMERGENCY & 1) != 0 &&
           after->base_nl_day <= before->base_nl_day && (after->mode == before->mode || after->mode == MODE_SAFE);
}

static void events_judge(struct judge *judge, bool *head_told)
{
    for (unsigned i = 0; i < judge->log->count; i++) {
        const struct event *event = &judge->log->event[i];
        const struct event_row *row = event_row(event->code);
        *head_told = *head_told || moves_head(event);
        judge->flow_told = judge->flow_told || moves_flow(event);
        if (natural(judge, event))
            continue;
        if (row == NULL)
            change(judge, "event 0x%02X, which this program does not know", event->code);
        else
            change(judge, "%s: %s (%" PRId64 ", %" PRId64 ")", row->word, row->cause, event->field[0], event->field[1]);
    }
    if (judge->log->more)
        change(judge, "the log has gaps, or more events than are read here");
}

static void alarms_judge(struct judge *judge)
{
    uint32_t before = judge->before->status.alarms, after = judge->after->status.alarms;
    for (unsigned index = 0; index < ALARM_COUNT; index++) {
        char name[32];
        journal_alarm_name(name, index);
        if (((before ^ after) >> index & 1) != 0 && !natural_alarm(judge, index))
            change(judge, "alarm %s %s", name, (after >> index & 1) != 0 ? "was raised" : "is gone");
    }
}

static bool token_same(const uint8_t *before, pb_size_t before_size, const uint8_t *after, pb_size_t after_size)
{
    return before_size == after_size && memcmp(before, after, after_size) == 0;
}

static const char *mode_text(uint32_t mode)
{
    const char *word = mode_word((uint8_t)mode);
    return word != NULL ? word : "unknown";
}

static void status_judge(struct judge *judge, bool head_told)
{
    const cisterna_Status *before = &judge->before->status, *after = &judge->after->status;
    if (before->mode != after->mode && !judge->judgement->lowered)
        change(judge, "mode %s became %s", mode_text(before->mode), mode_text(after->mode));
    if (before->has_therapy != after->has_therapy ||
        !token_same(before->therapy_token.bytes, before->therapy_token.size, after->therapy_token.bytes,
                    after->therapy_token.size))
        change(judge, "another therapy is in force");
    if (after->staged_bytes != 0 &&
        !token_same(before->staged_token.bytes, before->staged_token.size, after->staged_token.bytes,
                    after->staged_token.size))
        change(judge, "another therapy stands in the staging slot");
    if (before->ledger_head != after->ledger_head && !head_told && !judge->judgement->lowered)
        change(judge, "ledger head %016" PRIx64 " became %016" PRIx64, before->ledger_head, after->ledger_head);
    if (before->epoch != after->epoch || before->civil_offset_ms != after->civil_offset_ms ||
        strncmp(before->zone, after->zone, sizeof before->zone) != 0)
        change(judge, "the clock was set, or lost");
    if (after->log_last < before->log_last)
        change(judge, "the log is shorter than it was");
}

/* Grains that have flowed or are in hand: with nothing but the base they grow exactly as it says. */
static int64_t grains(const cisterna_Ledger *before, const cisterna_Ledger *after)
{
    return (after->commanded_fl - before->commanded_fl) * GRAIN_PER_FL + after->in_hand_grain - before->in_hand_grain +
           after->dropped_grain - before->dropped_grain;
}

static void flow_judge(struct judge *judge)
{
    const cisterna_Ledger *before = &judge->before->ledger, *after = &judge->after->ledger;
    struct sight_judgement *judgement = judge->judgement;
    int64_t base = judge->before->status.base_nl_day, lasted_ms = after->now_ms - before->now_ms;
    judgement->flowed_nl = grains(before, after) / GRAIN_PER_NL;
    if (after->missed_quanta != before->missed_quanta || after->withheld_quanta != before->withheld_quanta)
        change(judge, "quanta were missed or withheld");
    judgement->weighed = !judge->flow_told && !judgement->lowered && judge->before->status.course == 0 &&
                         judge->after->status.course == 0 && base == judge->after->status.base_nl_day &&
                         lasted_ms <= SPAN_MS_MAX;
    if (!judgement->weighed)
        return;
    int64_t due_grain = base * GRAIN_PER_RATE_MS * lasted_ms;
    judgement->due_nl = due_grain / GRAIN_PER_NL;
    if (grains(before, after) != due_grain)
        change(judge, "%" PRId64 " nL flowed where %" PRId64 " nL were due", judgement->flowed_nl, judgement->due_nl);
}

void sight_judge(const struct sight *before, const struct sight *after, const struct sight_log *log,
                 const struct sight_pardon *pardon, struct sight_judgement *judgement)
{
    struct judge judge = { .before = before, .after = after, .log = log, .pardon = pardon, .judgement = judgement };
    bool head_told = false;
    *judgement = (struct sight_judgement){ .count = 0 };
    judgement->lowered = lowered(&judge);
    events_judge(&judge, &head_told);
    status_judge(&judge, head_told);
    alarms_judge(&judge);
    flow_judge(&judge);
}
