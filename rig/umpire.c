// SPDX-License-Identifier: Apache-2.0
#include "rig/umpire.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define BIT(kind) ((uint32_t)1 << (kind))

const char *wrong_word(enum wrong wrong)
{
    static const char *const words[WRONGS] = { "none", "twice", "unasked", "untrue", "lost", "unsettled",
                                               "receipt", "reused", "mode", "dose", "stuck" };
    return wrong < WRONGS ? words[wrong] : "";
}

void umpire_start(struct umpire *umpire, double quantum_nl, int32_t rate_min_nl_day, int64_t now_ms)
{
    memset(umpire, 0, sizeof *umpire);
    umpire->now_ms = now_ms;
    umpire->rate_min_nl_day = rate_min_nl_day;
    chosen_start(&umpire->chosen);
    quota_start(&umpire->quota, quantum_nl, now_ms);
}

void umpire_break(struct umpire *umpire, enum wrong wrong, const char *format, ...)
{
    va_list values;
    if (umpire->breach.wrong != WRONG_NONE)
        return;
    umpire->breach.wrong = wrong;
    umpire->breach.at_ms = umpire->now_ms;
    va_start(values, format);
    vsnprintf(umpire->breach.text, sizeof umpire->breach.text, format, values);
    va_end(values);
}

void umpire_therapy(struct umpire *umpire, const struct therapy *therapy)
{
    if (umpire->regimes < UMPIRE_REGIMES)
        umpire->known[umpire->regimes++] = regime_of(therapy);
    else
        umpire_break(umpire, WRONG_STUCK, "more therapies than the umpire can remember");
}

static const struct regime *regime_find(const struct umpire *umpire, int64_t token_low)
{
    for (unsigned i = umpire->regimes; i-- > 0;)
        if (umpire->known[i].token_low == token_low)
            return &umpire->known[i];
    return NULL;
}

void umpire_wants(struct umpire *umpire, uint8_t slot, const struct command *command)
{
    umpire->wish[slot] = (struct umpire_wish){ .open = true, .kind = command->kind, .print = errand_print(command) };
}

void umpire_wants_no_more(struct umpire *umpire, uint8_t slot)
{
    umpire->wish[slot].open = false;
}

static struct errand *find(struct umpire *umpire, uint8_t slot, uint64_t id)
{
    for (unsigned i = umpire->errands; i-- > 0;)
        if (umpire->errand[i].slot == slot && umpire->errand[i].id == id)
            return &umpire->errand[i];
    return NULL;
}

/* The first time this id is heard: exactly what its sender wants just now, and no second command for the same wish. */
static void sent_first(struct umpire *umpire, uint8_t slot, const struct command *command)
{
    struct umpire_wish *wish = &umpire->wish[slot];
    const struct regime *regime = NULL;
    bool stage = command->kind == COMMAND_STAGE;
    if (umpire->errands == UMPIRE_ERRANDS) {
        umpire_break(umpire, WRONG_STUCK, "more commands than the umpire can remember");
        return;
    }
    bool same = wish->kind == command->kind && (stage || wish->print == errand_print(command));
    if (!wish->open && !same)
        umpire_break(umpire, WRONG_UNASKED, "slot %u sends %s: nobody wants that now", slot, command_word(command->kind));
    else if (!stage && same && wish->sent > 0)
        umpire_break(umpire, WRONG_TWICE, "slot %u sends %s, asked for once, as another command", slot,
                     command_word(command->kind));
    else if (!same)
        umpire_break(umpire, WRONG_UNASKED, "slot %u sends another %s than was asked for", slot, command_word(command->kind));
    wish->sent++;
    regime = regime_find(umpire, token_low(command->token));
    umpire->errand[umpire->errands] = errand_of(slot, command, regime);
    umpire->errand[umpire->errands++].sent_ms = umpire->now_ms;
}

void umpire_sent(struct umpire *umpire, uint8_t slot, const struct command *command)
{
    struct errand *errand = find(umpire, slot, command->id);
    if (errand == NULL)
        sent_first(umpire, slot, command);
    else if (errand->print != errand_print(command))
        umpire_break(umpire, WRONG_REUSED, "slot %u uses command id %" PRIu64 " for something else", slot, command->id);
}

/* Which mode does a command lead to that was carried out? 0: any. */
static uint8_t mode_of(uint8_t kind)
{
    return kind == COMMAND_STOP ? MODE_STOPPED : kind == COMMAND_MINIMUM ? MODE_MINIMUM
           : kind == COMMAND_RESUME || kind == COMMAND_ACTIVATE          ? MODE_RUNNING
                                                                         : 0;
}

static bool in_gap(const struct umpire *umpire, int64_t at_ms)
{
    for (unsigned i = 0; i < umpire->gaps; i++)
        if (at_ms >= umpire->gap[i].from_ms && at_ms <= umpire->gap[i].to_ms)
            return true;
    return false;
}

/* The traces that were found before it was known whose they are. */
static void claim(struct umpire *umpire, struct errand *errand)
{
    for (unsigned i = 0; i < umpire->traces;) {
        const struct trace *trace = &umpire->trace[i];
        if (trace->at_ms == errand->at_ms && errand_fits(errand, trace)) {
            errand->done |= BIT(trace->kind);
            umpire->trace[i] = umpire->trace[--umpire->traces];
        } else {
            i++;
        }
    }
    errand->mode_open = mode_of(errand->kind) != 0;
    umpire->modes_open += errand->mode_open;
}

/* Did the pump do what it said that it did? An answer can be heard before its entry is read, since power may go between the two:
 * so this is asked once the log is told. */
static void modes_judge(struct umpire *umpire)
{
    for (unsigned i = umpire->errands; umpire->modes_open > 0 && i-- > 0;) {
        struct errand *errand = &umpire->errand[i];
        if (!errand->mode_open)
            continue;
        errand->mode_open = false;
        umpire->modes_open--;
        bool empty = errand->kind == COMMAND_ACTIVATE && chosen_was(&umpire->chosen, errand->at_ms, MODE_EMPTY);
        bool done = empty || chosen_was(&umpire->chosen, errand->at_ms, mode_of(errand->kind));
        if (!done && !in_gap(umpire, errand->at_ms))
            umpire_break(umpire, WRONG_MODE, "%s was applied, and the pump did not do so", command_word(errand->kind));
    }
}

static uint8_t answer_of(const struct receipt *receipt)
{
    return receipt == NULL || receipt->outcome == 0 ? ANSWER_NEVER
           : receipt->outcome == OUTCOME_APPLIED    ? ANSWER_APPLIED
                                                    : ANSWER_REFUSED;
}

/* A refusal that the pump keeps no receipt of: it is judged anew each time, and settled as never seen. */
static bool not_kept(const struct receipt *receipt)
{
    return receipt != NULL && (receipt->reasons & (VERDICT_ROLE | VERDICT_REUSED_ID | VERDICT_ID_LEAP)) != 0;
}

void umpire_answered(struct umpire *umpire, uint8_t slot, uint64_t id, const struct receipt *receipt)
{
    struct errand *errand = find(umpire, slot, id);
    uint8_t bytes[RECEIPT_BYTES] = { 0 };
    uint8_t answer = answer_of(receipt);
    if (errand == NULL) {
        if (answer != ANSWER_NEVER)
            umpire_break(umpire, WRONG_UNTRUE, "the pump has a receipt of command %" PRIu64 ", which nobody sent", id);
        return;
    }
    if (not_kept(receipt))
        errand->unkept = true;
    if (errand->kind == COMMAND_STAGE || errand->unkept)
        return;
    if (receipt != NULL)
        receipt_encode(receipt, bytes);
    if (errand->answer == ANSWER_NONE) {
        memcpy(errand->receipt, bytes, sizeof bytes);
        errand->answer = answer;
        errand->at_ms = receipt != NULL ? receipt->at.ms : 0;
        if (answer == ANSWER_APPLIED)
            claim(umpire, errand);
    } else if (answer == ANSWER_NEVER && errand->answer != ANSWER_NEVER) {
        umpire_break(umpire, WRONG_LOST, "the pump has forgotten its receipt of %s", command_word(errand->kind));
    } else if (answer != ANSWER_NEVER && errand->answer == ANSWER_NEVER) {
        umpire_break(umpire, WRONG_UNTRUE, "%s was never seen, and now has a receipt", command_word(errand->kind));
    } else if (memcmp(bytes, errand->receipt, sizeof bytes) != 0) {
        umpire_break(umpire, WRONG_RECEIPT, "%s got another receipt than at first", command_word(errand->kind));
    }
}

void umpire_gone(struct umpire *umpire, uint8_t slot, uint64_t id)
{
    bool followed = false;
    for (unsigned i = umpire->errands; i-- > 0 && !followed;) {
        const struct errand *errand = &umpire->errand[i];
        followed = errand->slot == slot && errand->id > id && errand->kind != COMMAND_STAGE && errand->answer != ANSWER_NEVER;
    }
    if (!followed)
        umpire_break(umpire, WRONG_LOST, "the pump has lost the receipt of command %" PRIu64 " of slot %u, its newest", id, slot);
}

void umpire_told(struct umpire *umpire, uint8_t slot, uint64_t id, const struct receipt *receipt)
{
    struct errand *errand = find(umpire, slot, id);
    struct receipt none = { .id = id };
    uint8_t bytes[RECEIPT_BYTES];
    receipt = receipt != NULL ? receipt : &none;
    bool never = receipt->outcome == OUTCOME_NOT_APPLIED && receipt->reasons == 0;
    uint8_t told = receipt->outcome == 0 ? ANSWER_NONE : never ? ANSWER_NEVER : answer_of(receipt);
    if (errand == NULL) {
        if (told != ANSWER_NEVER)
            umpire_break(umpire, WRONG_UNTRUE, "slot %u was told of command %" PRIu64 ", which was never sent", slot, id);
        return;
    }
    if (told == ANSWER_NONE || errand->kind == COMMAND_STAGE)
        return;
    receipt_encode(receipt, bytes);
    if (errand->unkept ? told == ANSWER_APPLIED : told != errand->answer)
        umpire_break(umpire, WRONG_UNTRUE, "slot %u was told something else of %s than the pump said", slot,
                     command_word(errand->kind));
    else if (!errand->unkept && told != ANSWER_NEVER && memcmp(bytes, errand->receipt, sizeof bytes) != 0)
        umpire_break(umpire, WRONG_UNTRUE, "slot %u was shown another receipt of %s than the pump's", slot,
                     command_word(errand->kind));
    errand->told = told;
}

void umpire_told_unsent(struct umpire *umpire, uint8_t slot)
{
    if (umpire->wish[slot].sent > 0 && umpire->wish[slot].kind != COMMAND_STAGE)
        umpire_break(umpire, WRONG_UNTRUE, "slot %u was told that %s was not sent, and it was", slot,
                     command_word(umpire->wish[slot].kind));
}

void umpire_forgets(struct umpire *umpire, uint8_t slot)
{
    for (unsigned i = 0; i < umpire->errands; i++)
        umpire->errand[i].forgotten |= umpire->errand[i].slot == slot && umpire->errand[i].told == ANSWER_NONE;
}

void umpire_gap(struct umpire *umpire, int64_t from_ms, int64_t to_ms)
{
    umpire->chosen.unsure = true;
    if (umpire->gaps < UMPIRE_GAPS)
        umpire->gap[umpire->gaps++] = (struct umpire_gap){ from_ms, to_ms };
    else
        umpire_break(umpire, WRONG_STUCK, "more gaps in the log than the umpire can remember");
}

static void flow_follow(struct umpire *umpire)
{
    uint8_t mode = umpire->chosen.mode;
    int32_t base = mode == MODE_RUNNING  ? umpire->regime.base_nl_day
                   : mode == MODE_MINIMUM ? umpire->rate_min_nl_day
                   : mode == MODE_SAFE    ? umpire->regime.safe_nl_day
                                          : 0;
    if (base != umpire->quota.base_nl_day)
        quota_flow(&umpire->quota, base, umpire->now_ms);
}

static void course_follow(struct umpire *umpire, const struct event *event, const struct trace *trace)
{
    if (event->code == EVENT_ACTIVATED) {
        const struct regime *regime = regime_find(umpire, event->field[0]);
        if (regime == NULL)
            umpire_break(umpire, WRONG_UNASKED, "a therapy came into force that nobody staged");
        else
            umpire->regime = *regime;
    } else if (event->code == EVENT_COURSE_START) {
        bool own = trace->kind != TRACE_PATIENT ||
                   (trace->a == umpire->regime.patient_nl && trace->b == umpire->regime.patient_nl_day);
        if (!own)
            umpire_break(umpire, WRONG_DOSE, "a patient's bolus is not that of the therapy in force");
        quota_course(&umpire->quota, trace->a, (int32_t)trace->b, umpire->now_ms);
    } else if (event->code == EVENT_COURSE_END && !quota_course_over(&umpire->quota, event->field[3] == 0, umpire->now_ms)) {
        umpire_break(umpire, WRONG_DOSE, "a course ended whole, and less than its volume was moved");
    } else if (event->code == EVENT_BOOT && event->field[2] == 0) {
        (void)quota_course_over(&umpire->quota, false, umpire->now_ms); /* its end may be lost with the memory */
    }
}

/* Whose is it? The pump's receipt may have been heard already; else it will be, or settled later. */
static void trace_place(struct umpire *umpire, const struct trace *trace)
{
    for (unsigned i = umpire->errands; i-- > 0;) {
        struct errand *errand = &umpire->errand[i];
        if (errand->answer == ANSWER_APPLIED && errand->at_ms == trace->at_ms && errand_fits(errand, trace)) {
            errand->done |= BIT(trace->kind);
            return;
        }
    }
    if (umpire->traces < UMPIRE_TRACES)
        umpire->trace[umpire->traces++] = *trace;
    else
        umpire_break(umpire, WRONG_STUCK, "more traces without a command than the umpire can remember");
}

void umpire_event(struct umpire *umpire, const struct event *event)
{
    struct trace trace = trace_of(event);
    /* What was written down and not yet logged when power went is gone with the memory, and no number is missing. */
    if (event->code == EVENT_BOOT && event->field[2] == 0)
        umpire_gap(umpire, umpire->event_ms, event->at.ms);
    umpire->event_ms = event->at.ms;
    const char *wrong = chosen_event(&umpire->chosen, event);
    if (wrong != NULL)
        umpire_break(umpire, WRONG_MODE, "%s: mode %s to %s", wrong, mode_word((uint8_t)event->field[0]),
                     mode_word((uint8_t)event->field[1]));
    if (trace.kind != TRACE_NONE)
        trace_place(umpire, &trace);
    course_follow(umpire, event, &trace);
    flow_follow(umpire);
}

/* Modes that commands lead to whose answer is not known, or was given without a trace. */
static uint32_t modes_asked(const struct umpire *umpire)
{
    uint32_t modes = 0;
    for (unsigned i = umpire->errands; i-- > 0;) {
        const struct errand *errand = &umpire->errand[i];
        bool may = errand->answer == ANSWER_NONE || (errand->answer == ANSWER_APPLIED && in_gap(umpire, errand->at_ms));
        if (may && mode_of(errand->kind) != 0)
            modes |= BIT(mode_of(errand->kind));
    }
    return modes;
}

void umpire_in_force(struct umpire *umpire, const uint8_t token[TOKEN_BYTES])
{
    const struct regime *regime = regime_find(umpire, token_low(token));
    if (umpire->regime.token_low == token_low(token) || umpire->chosen.mode == MODE_NEW)
        return;
    if (!umpire->chosen.unsure || regime == NULL)
        umpire_break(umpire, WRONG_MODE, "a therapy is in force that nobody chose");
    else
        umpire->regime = *regime; /* its entry was lost; the errand behind it is asked for in the end */
    flow_follow(umpire);
}

void umpire_look(struct umpire *umpire, uint8_t mode, int64_t pump_ms)
{
    uint8_t before = umpire->chosen.mode;
    modes_judge(umpire);
    if (mode == before && !umpire->chosen.unsure && !umpire->chosen.dropped)
        return;
    const char *wrong = chosen_look(&umpire->chosen, mode, mode != before ? modes_asked(umpire) : 0, pump_ms);
    if (wrong != NULL)
        umpire_break(umpire, WRONG_MODE, "%s: mode %s, was %s", wrong, mode_word(mode), mode_word(before));
    flow_follow(umpire);
}

void umpire_moved(struct umpire *umpire, uint64_t quanta)
{
    if (!quota_moved(&umpire->quota, quanta, umpire->now_ms))
        umpire_break(umpire, WRONG_DOSE, "a quantum was moved that no flow or course covers");
}

/* Nothing was heard of the command behind it. */
static void trace_left_over(struct umpire *umpire, const struct trace *trace)
{
    bool twice = false, denied = false;
    for (unsigned i = umpire->errands; i-- > 0;) {
        struct errand *errand = &umpire->errand[i], open = *errand;
        open.done = 0;
        if (!errand_fits(&open, trace))
            continue;
        if (errand->answer == ANSWER_NONE && errand->forgotten && (errand->done & BIT(trace->kind)) == 0) {
            errand->done |= BIT(trace->kind);
            return;
        }
        twice |= (errand->done & BIT(trace->kind)) != 0;
        denied |= errand->answer == ANSWER_NEVER || errand->answer == ANSWER_REFUSED || errand->unkept;
    }
    umpire_break(umpire, denied ? WRONG_UNTRUE : twice ? WRONG_TWICE : WRONG_UNASKED, "%s at %" PRId64 " ms of the pump: %s",
                 trace_word(trace->kind), trace->at_ms,
                 denied  ? "its sender was told that it did not happen"
                 : twice ? "no command but one that has had its effect asks for it"
                         : "no command asks for it");
}

void umpire_end(struct umpire *umpire)
{
    modes_judge(umpire);
    for (unsigned i = 0; i < umpire->traces; i++)
        trace_left_over(umpire, &umpire->trace[i]);
    umpire->traces = 0;
    for (unsigned i = 0; i < umpire->errands; i++) {
        const struct errand *errand = &umpire->errand[i];
        if (errand->kind == COMMAND_STAGE)
            continue;
        if (errand->answer == ANSWER_APPLIED && (errand->due & ~errand->done) != 0 && !in_gap(umpire, errand->at_ms))
            umpire_break(umpire, WRONG_LOST, "%s was applied at %" PRId64 " ms of the pump and left no trace",
                         command_word(errand->kind), errand->at_ms);
        if (errand->told == ANSWER_NONE && !errand->forgotten)
            umpire_break(umpire, WRONG_UNSETTLED, "what became of %s of slot %u is not known in the end",
                         command_word(errand->kind), errand->slot);
    }
}
