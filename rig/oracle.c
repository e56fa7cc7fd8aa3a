// SPDX-License-Identifier: Apache-2.0
#include "rig/oracle.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rig/account.h"

const char *promise_word(enum promise promise)
{
    static const char *const words[PROMISES] = { "none", "limits", "prescribed", "flow", "old_or_new", "once", "forgotten",
                                                 "says_so", "stuck" };
    return promise < PROMISES ? words[promise] : "none";
}

void oracle_break(struct oracle *oracle, enum promise promise, int64_t at_ms, const char *format, ...)
{
    if (oracle->breach.promise != PROMISE_NONE)
        return;
    va_list list;
    oracle->breach.promise = promise;
    oracle->breach.at_ms = at_ms;
    va_start(list, format);
    vsnprintf(oracle->breach.text, sizeof oracle->breach.text, format, list);
    va_end(list);
}

void oracle_start(struct oracle *oracle, const struct oracle_facts *facts, int64_t now_ms)
{
    const int64_t never = INT64_MIN / 2;
    memset(oracle, 0, offsetof(struct oracle, tip));
    tip_clear(&oracle->tip);
    oracle->facts = *facts;
    oracle->quantum_grain = facts->quantum_fl * 432;
    oracle->at_ms = now_ms;
    oracle->mode = MODE_NEW;
    oracle->periodic_next_ms = INT64_MAX;
    oracle->fired_ms = oracle->disturbed_ms = oracle->stopped_ms = oracle->minimum_ms = oracle->boot_ms = never;
    oracle->overinfusion_ms = oracle->cleared_ms = never;
    oracle->overinfusion = 1.0;
    oracle->flow_since_ms = now_ms;
}

void oracle_sent(struct oracle *oracle, const struct therapy *therapy, const uint8_t *bytes, size_t size,
                 const uint8_t token[TOKEN_BYTES])
{
    struct oracle_therapy *sent = &oracle->sent;
    sent->is = size <= sizeof sent->bytes;
    sent->therapy = *therapy;
    sent->size = size;
    memcpy(sent->bytes, bytes, sent->is ? size : 0);
    memcpy(sent->token, token, TOKEN_BYTES);
}

/* A clinician's word, applied or perhaps applied. */
static void word_given(struct oracle *oracle, const struct command *command, int64_t now_ms)
{
    switch ((enum command_kind)command->kind) {
    case COMMAND_STOP:
        oracle->stopped_ms = now_ms;
        break;
    case COMMAND_MINIMUM:
        oracle->minimum_ms = now_ms;
        break;
    case COMMAND_RESUME:
        if (oracle->now.is && oracle->now.therapy.program.kind == PROGRAM_PERIODIC)
            oracle->periodic_next_ms =
                now_ms + (int64_t)oracle->now.therapy.program.periodic.interval_minutes * 60000;
        break;
    case COMMAND_CANCEL_COURSE:
        break;
    case COMMAND_PATIENT_BOLUS:
        oracle->pressed = 1;
        break;
    case COMMAND_CLINICIAN_BOLUS:
        oracle->ordered = 1;
        oracle->ordered_nl = command->volume.nl;
        break;
    case COMMAND_SET_CLOCK:
        account_accrue(oracle, now_ms);
        oracle->offset_ms = command->calendar.offset.ms;
        account_flows(oracle);
        break;
    case COMMAND_REFILL:
    case COMMAND_STAGE:
    case COMMAND_ACTIVATE:
    case COMMAND_SILENCE:
    case COMMAND_CLEAR_ALARM:
    case COMMAND_MRI_BEGIN:
    case COMMAND_MRI_END:
    case COMMAND_UNPAIR:
    case COMMAND_SIGN_LIMITS:
    case COMMAND_UPDATE_BEGIN:
    case COMMAND_UPDATE_CHUNK:
    case COMMAND_UPDATE_SEAL:
    case COMMAND_UPDATE_APPLY:
    case COMMAND_UPDATE_CONFIRM:
        break;
    }
}

void oracle_answered(struct oracle *oracle, const struct command *command, const struct receipt *receipt, bool again)
{
    if (again || receipt->outcome != OUTCOME_APPLIED)
        return; /* a repeat may have no effect: whatever follows it will not be excused */
    word_given(oracle, command, receipt->at.ms);
    if (command->kind == COMMAND_REFILL)
        oracle->cuts = 0;
}

void oracle_unanswered(struct oracle *oracle, const struct command *command, int64_t now_ms)
{
    if (command->kind == COMMAND_ACTIVATE || (command->kind == COMMAND_REFILL && command->refill.activate))
        oracle->uncertain = true;
    oracle->unread = true;
    if (command->kind != COMMAND_SET_CLOCK) /* read back after the boot */
        word_given(oracle, command, now_ms);
    if (command->kind == COMMAND_RESUME && oracle->periodic_next_ms != INT64_MAX)
        oracle->periodic_next_ms = ORACLE_UNKNOWN;
}

void oracle_time(struct oracle *oracle, int64_t now_ms)
{
    account_accrue(oracle, now_ms);
    if (oracle->mode == MODE_RUNNING && oracle->course == ACCOUNT_NONE && !oracle->off &&
        oracle->periodic_next_ms != ORACLE_UNKNOWN && now_ms - 2000 > oracle->periodic_next_ms)
        oracle_break(oracle, PROMISE_FLOW, now_ms, "the periodic bolus of %lld ms did not begin and was not called skipped",
                     (long long)oracle->periodic_next_ms);
    for (unsigned i = 0; i < ORACLE_WAITS; i++) {
        struct oracle_wait *wait = &oracle->wait[i];
        if (wait->open && wait->must && wait->by_ms < now_ms && wait->by_fired <= oracle->fired) {
            wait->open = false;
            oracle_break(oracle, PROMISE_SAYS_SO, now_ms, "fault %u was not told: no alarm %u or %u, no event %u or %u",
                         wait->fault, wait->alarm[0], wait->alarm[1], wait->event[0], wait->event[1]);
        }
    }
}

static void limits_broken(struct oracle *oracle, int64_t now_ms, const struct tip_excess *excess)
{
    double allowed = excess->limit;
    double slack = 0;
    if (oracle->blind)
        return;
    if (now_ms < oracle->overinfusion_ms)
        allowed *= oracle->overinfusion; /* what was commanded is judged, not what a worn mechanism made of it */
    if (now_ms - oracle->disturbed_ms < ORACLE_QUIET_MS && oracle->now.is) {
        uint16_t drug = oracle->tip.drug[excess->place];
        for (unsigned i = 0; i < oracle->now.therapy.mixture.count; i++)
            if (oracle->now.therapy.mixture.component[i].drug == drug)
                slack = (double)oracle->now.therapy.mixture.component[i].conc.ng_ml * (double)oracle->facts.quantum_fl * 1e-24;
    }
    if (excess->kg > (allowed + slack) * (1 + 1e-9))
        oracle_break(oracle, PROMISE_LIMITS, now_ms, "%.9g mg of drug %u left the tip within %s; the limit is %.9g mg",
                     excess->kg * 1e6, oracle->tip.drug[excess->place], excess->kind == WINDOW_HOUR ? "an hour" : "a day",
                     excess->limit * 1e6);
}

void oracle_fired(struct oracle *oracle, int64_t now_ms, int64_t true_ms, const double kg[TIP_DRUGS])
{
    struct tip_excess excess;
    account_accrue(oracle, now_ms);
    account_take(oracle, now_ms);
    oracle->fired++;
    oracle->fired_ms = now_ms;
    oracle->true_minus_tick = true_ms - now_ms;
    if (tip_fired(&oracle->tip, true_ms, kg, &excess))
        limits_broken(oracle, now_ms, &excess);
}

void oracle_missed(struct oracle *oracle, int64_t now_ms)
{
    account_accrue(oracle, now_ms);
    oracle->missed++;
    if (oracle->course == ACCOUNT_PRIME || oracle->course == ACCOUNT_BRIDGE) {
        oracle->course_late = true;
        oracle->course_left += oracle->quantum_grain; /* it ends by what was metered */
        account_flows(oracle);
    }
}

void oracle_disturbed(struct oracle *oracle, int64_t now_ms, int64_t lasts_ms)
{
    if (now_ms + lasts_ms > oracle->disturbed_ms)
        oracle->disturbed_ms = now_ms + lasts_ms;
}

void oracle_overinfused(struct oracle *oracle, int64_t until_ms, double factor)
{
    oracle->overinfusion = factor > oracle->overinfusion || until_ms > oracle->overinfusion_ms + 90000000
                               ? factor
                               : oracle->overinfusion;
    oracle->overinfusion_ms = until_ms + 90000000; /* 25 h: until it has left every window */
}

void oracle_off(struct oracle *oracle, int64_t now_ms)
{
    if (!oracle->off)
        account_accrue(oracle, now_ms);
    oracle->off = true;
}

void oracle_booted(struct oracle *oracle, int64_t now_ms, bool memory_kept)
{
    if (!oracle->off)
        account_accrue(oracle, now_ms);
    oracle->off = false;
    oracle->at_ms = now_ms; /* time asleep is not made up, and a clock that was lost goes on from an earlier moment */
    account_flows(oracle);
    oracle->unread = true;
    oracle->boot_ms = now_ms;
    oracle->course_loose = true;
    oracle->cuts++;
    oracle->lost |= !memory_kept;
    oracle_disturbed(oracle, now_ms, 0);
}

bool oracle_expect(struct oracle *oracle, const struct oracle_wait *wait, uint64_t quanta, int64_t ms)
{
    for (unsigned i = 0; i < ORACLE_WAITS; i++) {
        if (!oracle->wait[i].open && oracle->wait[i].fault == 0) {
            oracle->wait[i] = *wait;
            oracle->wait[i].open = true;
            oracle->wait[i].by_fired = oracle->fired + quanta;
            oracle->wait[i].by_ms = oracle->at_ms + ms;
            return true;
        }
    }
    return false;
}

int oracle_told(struct oracle *oracle, bool *answered)
{
    for (unsigned i = 0; i < ORACLE_WAITS; i++) {
        struct oracle_wait *wait = &oracle->wait[i];
        bool late = wait->open && wait->by_ms < oracle->at_ms && wait->by_fired <= oracle->fired;
        if (wait->fault == 0 || (wait->open && !late))
            continue;
        *answered = !wait->open;
        int fault = (int)wait->fault;
        memset(wait, 0, sizeof *wait);
        return fault;
    }
    return -1;
}
