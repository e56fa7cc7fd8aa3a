// SPDX-License-Identifier: Apache-2.0
#include "pump/command.h"

#include "link/permit.h"
#include "pump/abuse.h"
#include "pump/activation.h"
#include "pump/alarm.h"
#include "pump/answered.h"
#include "pump/bolus.h"
#include "pump/engine.h"
#include "pump/field.h"
#include "pump/forecast.h"
#include "pump/keep.h"
#include "pump/peers.h"
#include "pump/refill.h"
#include "pump/selftest.h"
#include "pump/standing.h"
#include "pump/supervisor.h"
#include "pump/trial.h"
#include "pump/update.h"

enum { STORAGE_RETRY_MS = 1000 }; /* a sector is erased by then: tens of milliseconds in data sheets */

#define ID_LEAP_MAX (UINT64_C(1) << 32) /* more commands than a life holds, far less than the room above */

static void refuse(struct receipt *receipt, verdict reasons, instant_ms earliest)
{
    receipt->outcome = OUTCOME_NOT_APPLIED;
    receipt->reasons |= reasons;
    receipt->earliest = earliest;
}

static void refuse_any(struct receipt *receipt, verdict reasons)
{
    if (reasons != 0) {
        refuse(receipt, reasons, INSTANT_NEVER);
    }
}

static enum actor actor_of(enum role role)
{
    return role == ROLE_CLINICIAN ? ACTOR_CLINICIAN
           : role == ROLE_PATIENT ? ACTOR_PATIENT
           : role == ROLE_READER  ? ACTOR_READER
                                  : ACTOR_SERVICE;
}

static void do_bolus(struct pump *pump, struct kept *kept, const struct bolus_ask *ask, instant_ms now,
                     struct receipt *receipt)
{
    selftest_program(pump, kept, now); /* before each bolus: REQ-STOR-08 */
    struct bolus_answer answer = bolus_judge(pump, kept, ask, now);
    if (answer.reasons != 0) {
        if (ask->patient) {
            abuse_refused(pump, now);
        }
        refuse(receipt, answer.reasons, answer.earliest);
        receipt->detail = (answer.reasons & VERDICT_BOLUS_SIZE) ? pump->therapy.limits.bolus_max.nl : 0;
        return;
    }
    bolus_begin(pump, kept, ask, now);
}

/* The staged therapy goes into flash before anything else changes: what cannot be kept cannot come into force. */
static bool staged_stored(struct pump *pump, const struct board *board, instant_ms now, struct receipt *receipt)
{
    enum result stored = keep_staged(pump, board, now);
    if (stored != RESULT_OK) {
        bool soon = stored == RESULT_BUSY;
        refuse(receipt, VERDICT_STORAGE, soon ? (instant_ms){ now.ms + STORAGE_RETRY_MS } : INSTANT_NEVER);
    }
    return stored == RESULT_OK;
}

static void do_activate(struct pump *pump, const struct board *board, const struct command *command, instant_ms now,
                        struct receipt *receipt)
{
    struct kept *kept = kept_of(board);
    struct activation_answer answer =
        activation_judge(pump, kept, &pump->now.contents, command->token, command->retitrated, now);
    if (answer.reasons != 0) {
        refuse(receipt, answer.reasons, answer.earliest);
        return;
    }
    if (!staged_stored(pump, board, now, receipt)) {
        return;
    }
    if (command->retitrated) {
        supervisor_acknowledge(pump, now);
    }
    activation_enact(pump, board, now);
}

static void do_refill(struct pump *pump, const struct board *board, const struct command *command, instant_ms now,
                      struct receipt *receipt)
{
    struct activation_answer answer = refill_judge(pump, kept_of(board), command, now);
    if (answer.reasons != 0) {
        refuse(receipt, answer.reasons, answer.earliest);
        receipt->detail = (answer.reasons & VERDICT_CAPACITY) ? pump->model.reservoir.nl - command->refill.left.nl : 0;
        return;
    }
    if (command->refill.activate && !staged_stored(pump, board, now, receipt)) {
        return;
    }
    if (command->retitrated) {
        supervisor_acknowledge(pump, now);
    }
    refill_enact(pump, board, command, now);
}

/* Back to the therapy in force, from a stop, the minimum or the safe rate: judged like an activation of it. */
static void do_resume(struct pump *pump, const struct board *board, const struct command *command, instant_ms now,
                      struct receipt *receipt)
{
    struct kept *kept = kept_of(board);
    struct ledger ledger;
    if (!pump->has_therapy || supervisor_next(pump->now.mode, HAPPENING_RESUME) != MODE_RUNNING ||
        pump->therapy.program.kind == PROGRAM_STOPPED) {
        refuse(receipt, VERDICT_MODE, INSTANT_NEVER);
        return;
    }
    if (!command->retitrated && supervisor_restart_barred(pump, pump->therapy.restart_limit_hours, now)) {
        refuse(receipt, VERDICT_RETITRATION, INSTANT_NEVER);
        return;
    }
    if (activation_bridged(pump) && governor_recovering(&kept->governor, now)) {
        refuse(receipt, VERDICT_RECOVERING, (instant_ms){ kept->governor.recovered_ms });
        return; /* the older drug in the catheter was never meant for the program's flow */
    }
    ledger_working(pump, kept, &ledger, now);
    ledger_accrue(&ledger, pump->base, pump->course, now);
    struct forecast_ask ask = { .base = forecast_base(pump), .contents = &pump->now.contents };
    ask.base.program = &pump->therapy.program;
    ask.anew = true;
    int64_t interval = (int64_t)pump->therapy.program.periodic.interval_minutes * MINUTE_MS;
    ask.base.periodic_next_ms = pump->therapy.program.kind == PROGRAM_PERIODIC ? now.ms + interval : INT64_MAX;
    struct forecast forecast = forecast_judge(pump, &kept->governor, &ledger, now, &ask);
    if (forecast.reasons != 0) {
        refuse(receipt, forecast.reasons, forecast.earliest);
        return;
    }
    if (command->retitrated) {
        supervisor_acknowledge(pump, now);
    }
    pump->now.periodic_next_ms = ask.base.periodic_next_ms;
    pump->now_changed = true;
    supervisor_happen(pump, kept, HAPPENING_RESUME, now);
    alarm_end(pump, ALARM_AT_INTERRUPTED_LONG, now);
}

/* A change of civil time moves the day program: judged like an activation of it under the new time. */
static void do_clock(struct pump *pump, const struct board *board, const struct command *command, instant_ms now,
                     struct receipt *receipt)
{
    struct kept *kept = kept_of(board);
    struct ledger ledger;
    int64_t civil = now.ms + command->calendar.offset.ms;
    struct civil_date last = { .year = 2199, .month = 12, .day = 31 };
    civil_ms end;
    if (civil < 0 || civil_from_date(&last, &end) != RESULT_OK || civil > end.ms) {
        refuse(receipt, VERDICT_CIVIL_TIME, INSTANT_NEVER);
        return;
    }
    bool moves = pump->has_therapy && pump->therapy.program.kind == PROGRAM_FLEX &&
                 command->calendar.offset.ms != pump->now.calendar.offset.ms;
    if (moves && governor_recovering(&kept->governor, now)) {
        refuse(receipt, VERDICT_RECOVERING, (instant_ms){ kept->governor.recovered_ms });
        return;
    }
    engine_reckon(pump, kept, now);
    if (pump->has_therapy) {
        ledger_working(pump, kept, &ledger, now);
        struct forecast_ask ask = { .base = forecast_base(pump),
                                    .contents = &pump->now.contents,
                                    .exclusive = course_exclusive(pump->now.course),
                                    .course = { ledger.course_left_grain },
                                    .course_rate = pump->now.course_rate };
        ask.base.offset_ms = command->calendar.offset.ms;
        struct forecast forecast = forecast_judge(pump, &kept->governor, &ledger, now, &ask);
        if (forecast.reasons != 0) {
            refuse(receipt, forecast.reasons, forecast.earliest);
            return;
        }
    }
    note(pump, now, ACTOR_CLINICIAN, EVENT_CLOCK_SET, pump->now.calendar.offset.ms, command->calendar.offset.ms, 0, 0);
    pump->now.calendar = command->calendar;
    head_move(pump, now);
    engine_flows(pump, kept, now);
}

/* The least flow is a way down, so nothing but the limits may refuse it; from a standstill it is a way up and they
 * do. */
static void do_minimum(struct pump *pump, struct kept *kept, instant_ms now, struct receipt *receipt)
{
    struct ledger ledger;
    if (supervisor_next(pump->now.mode, HAPPENING_MINIMUM) != MODE_MINIMUM) {
        refuse(receipt, VERDICT_MODE, INSTANT_NEVER);
        return;
    }
    ledger_working(pump, kept, &ledger, now);
    if (pump->base.nl_day < pump->model.rate_min.nl_day && !course_exclusive(pump->now.course)) {
        ledger_accrue(&ledger, pump->base, pump->course, now);
        struct forecast_ask ask = { .base = { .fixed = pump->model.rate_min, .periodic_next_ms = INT64_MAX },
                                    .contents = &pump->now.contents };
        struct forecast forecast = forecast_judge(pump, &kept->governor, &ledger, now, &ask);
        if (forecast.reasons != 0) {
            refuse(receipt, forecast.reasons, forecast.earliest);
            return;
        }
    }
    pump->now.minimum_rate = pump->model.rate_min;
    supervisor_happen(pump, kept, HAPPENING_MINIMUM, now);
}

/* Without its prime or bridge the program would push the older drug at its own flow: judged like an activation of it.
 * STOP and MINIMUM remain. */
static void do_cancel(struct pump *pump, struct kept *kept, instant_ms now, struct receipt *receipt)
{
    engine_reckon(pump, kept, now);
    if (course_exclusive(pump->now.course) && governor_recovering(&kept->governor, now)) {
        refuse(receipt, VERDICT_RECOVERING, (instant_ms){ kept->governor.recovered_ms });
        return;
    }
    if (course_exclusive(pump->now.course)) {
        struct ledger ledger;
        ledger_working(pump, kept, &ledger, now);
        struct forecast_ask ask = { .base = forecast_base(pump), .contents = &pump->now.contents };
        struct forecast forecast = forecast_judge(pump, &kept->governor, &ledger, now, &ask);
        if (forecast.reasons != 0) {
            refuse(receipt, forecast.reasons, forecast.earliest);
            return;
        }
    }
    course_end(pump, kept, COURSE_CANCELLED, now);
}

/* The session of the one removed ends with this, his own too once he has been answered. */
static void do_unpair(struct pump *pump, const struct board *board, uint8_t slot, instant_ms now, struct receipt *receipt)
{
    const struct peer *peer = peers_find(pump, board, slot);
    if (peer == NULL) {
        refuse(receipt, VERDICT_PEER, INSTANT_NEVER);
        return;
    }
    uint8_t role = peer->role;
    enum result stored = peers_set(pump, board, slot, NULL);
    if (stored != RESULT_OK) {
        bool soon = stored == RESULT_BUSY;
        refuse(receipt, VERDICT_STORAGE, soon ? (instant_ms){ now.ms + STORAGE_RETRY_MS } : INSTANT_NEVER);
        return;
    }
    note(pump, now, ACTOR_CLINICIAN, EVENT_UNPAIRED, slot, role, 0, 0);
}

static void do_stage(struct pump *pump, const struct command *command, instant_ms now, struct receipt *receipt)
{
    bool was_whole = pump->staging.whole;
    refuse_any(receipt, staging_take(pump, &command->stage, now));
    if (receipt->reasons == 0 && pump->staging.whole && !was_whole) {
        note(pump, now, ACTOR_CLINICIAN, EVENT_STAGED, pump->staging.total, 0, 0, 0);
    }
}

static void do_update(struct pump *pump, const struct board *board, enum role role, const struct command *command,
                      instant_ms now, struct receipt *receipt)
{
    struct update_answer answer = update_command(pump, board, actor_of(role), command, now);
    if (answer.reasons != 0) {
        refuse(receipt, answer.reasons, answer.earliest);
        receipt->detail = answer.detail;
    }
}

static void do_silence(struct pump *pump, enum actor actor, uint16_t minutes, instant_ms now, struct receipt *receipt)
{
    instant_ms earliest;
    if (!alarm_pause(pump, minutes, now, &earliest)) {
        refuse(receipt, VERDICT_PAUSED, earliest);
        return;
    }
    note(pump, now, actor, EVENT_SILENCED, pump->now.silent_until_ms, 0, 0, 0);
}

static void do_command(struct pump *pump, const struct board *board, enum role role, const struct command *command,
                       instant_ms now, struct receipt *receipt)
{
    struct kept *kept = kept_of(board);
    struct bolus_ask ask = { role == ROLE_PATIENT, command->volume, command->rate };
    switch ((enum command_kind)command->kind) {
    case COMMAND_STAGE:
        do_stage(pump, command, now, receipt);
        break;
    case COMMAND_ACTIVATE:
        do_activate(pump, board, command, now, receipt);
        break;
    case COMMAND_STOP:
        supervisor_happen(pump, kept, HAPPENING_STOP, now);
        break;
    case COMMAND_MINIMUM:
        do_minimum(pump, kept, now, receipt);
        break;
    case COMMAND_RESUME:
        do_resume(pump, board, command, now, receipt);
        break;
    case COMMAND_PATIENT_BOLUS:
        ask = (struct bolus_ask){ true, pump->therapy.program.patient.volume, pump->therapy.program.patient.rate };
        do_bolus(pump, kept, &ask, now, receipt);
        break;
    case COMMAND_CLINICIAN_BOLUS:
        do_bolus(pump, kept, &ask, now, receipt);
        break;
    case COMMAND_CANCEL_COURSE:
        do_cancel(pump, kept, now, receipt);
        break;
    case COMMAND_REFILL:
        do_refill(pump, board, command, now, receipt);
        break;
    case COMMAND_SET_CLOCK:
        do_clock(pump, board, command, now, receipt);
        break;
    case COMMAND_SILENCE:
        do_silence(pump, actor_of(role), command->minutes, now, receipt);
        break;
    case COMMAND_MRI_BEGIN:
        refuse_any(receipt, field_begin(pump, kept, now));
        break;
    case COMMAND_MRI_END:
        refuse_any(receipt, field_end(pump, now));
        break;
    case COMMAND_UNPAIR:
        do_unpair(pump, board, command->slot, now, receipt);
        break;
    case COMMAND_SIGN_LIMITS:
        refuse_any(receipt, staging_sign(pump, command->token, command->signature, now));
        break;
    case COMMAND_UPDATE_BEGIN:
    case COMMAND_UPDATE_CHUNK:
    case COMMAND_UPDATE_SEAL:
    case COMMAND_UPDATE_APPLY:
    case COMMAND_UPDATE_CONFIRM:
        do_update(pump, board, role, command, now, receipt);
        break;
    case COMMAND_CLEAR_ALARM:
        if (!alarm_clear(pump, command->alarm, now)) {
            refuse(receipt, VERDICT_MODE, INSTANT_NEVER);
        }
        break;
    }
}

/* Pieces of something larger are left out of the order of ids, and their receipts are not kept: they repeat themselves
 * harmlessly, and are many. */
static bool in_pieces(const struct command *command)
{
    return command->kind == COMMAND_STAGE || command->kind == COMMAND_UPDATE_CHUNK;
}

/* May it be carried out at all? */
static verdict command_barred(const struct pump *pump, struct sender sender, const struct command *command)
{
    verdict permit = permit_command(command->kind, sender.role, pump->now.mode);
    if ((permit & VERDICT_ROLE) != 0) {
        return permit;
    }
    uint64_t highest = pump->now.highest_id[sender.slot];
    if (!in_pieces(command) && command->id <= highest) {
        return VERDICT_REUSED_ID;
    }
    uint64_t furthest = highest == 0 ? UINT64_MAX / 2 : highest + ID_LEAP_MAX; /* a first id is taken as it comes */
    if (!in_pieces(command) && command->id > furthest) {
        return VERDICT_ID_LEAP;
    }
    if (command_needs_head(command->kind) && command->head != pump->now.head) {
        return VERDICT_STALE_HEAD;
    }
    verdict held = trial_bars(pump, command) ? VERDICT_MODE : supervisor_bars(pump, command);
    return held != 0 ? held : permit;
}

void command_carry_out(struct pump *pump, const struct board *board, struct sender sender, const struct command *command,
                       uint64_t fingerprint, instant_ms now, struct receipt *receipt)
{
    const struct answered *before = answered_find(pump, sender.slot, command->id);
    if (before != NULL && before->fingerprint == fingerprint) {
        *receipt = before->receipt;
        return;
    }
    *receipt = (struct receipt){
        .id = command->id, .kind = command->kind, .outcome = OUTCOME_APPLIED, .at = now, .earliest = now
    };
    verdict barred = command_barred(pump, sender, command);
    if (barred != 0) {
        refuse(receipt, barred, INSTANT_NEVER);
    } else {
        do_command(pump, board, (enum role)sender.role, command, now, receipt);
    }
    if (receipt->reasons != 0) {
        note(pump, now, actor_of((enum role)sender.role), EVENT_REFUSED, command->kind, (int64_t)receipt->reasons,
             receipt->earliest.ms, receipt->detail);
    }
    receipt->head = pump->now.head;
    if (!in_pieces(command) && (barred & (VERDICT_ROLE | VERDICT_REUSED_ID | VERDICT_ID_LEAP)) == 0) {
        answered_add(pump, sender.slot, fingerprint, receipt);
    }
}
