// SPDX-License-Identifier: Apache-2.0
#include "rig/rounds.h"

#include <string.h>

#include "core/catalog.h"
#include "link/permit.h"
#include "rig/recipe.h"

/* What somebody does in one session. */
enum { ACTS_MOST = 4, PRESSES_MOST = 2 };

static void fate(struct calls *calls, enum call_who who, enum call_fate fate)
{
    calls->report.fate[fate]++;
    calls_tell(calls, caller_word(who), fate_word(fate), NULL);
}

/* Somebody learned that the refill is booked: only now the syringe is emptied. */
static void transfer_move(struct calls *calls, enum call_who who, const struct receipt *receipt)
{
    const struct command *given = &calls->caller[who].given;
    if (!calls->transfer_waits || given->kind != COMMAND_REFILL || given->id != receipt->id)
        return;
    calls->transfer_waits = false;
    if (receipt->outcome == OUTCOME_APPLIED)
        rig_refill_move(&calls->rig, &calls->transfer);
}

/* Somebody learns at last what became of a command. */
static void learned(struct calls *calls, enum call_who who, const struct receipt *receipt)
{
    struct caller *caller = &calls->caller[who];
    umpire_told(&calls->umpire, caller->slot, receipt->id, receipt);
    transfer_move(calls, who, receipt);
    if (!caller->awaits || receipt->id != caller->given.id)
        return; /* told before, to a programmer that could not keep it, or does not know that any more */
    caller->awaits = false;
    fate(calls, who, receipt->outcome == OUTCOME_APPLIED ? FATE_LATER_APPLIED
                     : receipt->reasons != 0             ? FATE_LATER_REFUSED
                                                         : FATE_LATER_NEVER);
}

/* What opening a session made known of the command that was pending. */
static void settled(struct calls *calls, enum call_who who, uint64_t pending_id)
{
    const struct caller *caller = &calls->caller[who];
    const struct receipt *receipt = &caller->programmer.settled;
    if (receipt->id == 0)
        return;
    if (receipt->id != pending_id)
        umpire_break(&calls->umpire, WRONG_UNTRUE, "slot %u was told of another command than the pending one", caller->slot);
    if (receipt->outcome != 0) {
        learned(calls, who, receipt);
        return;
    }
    calls->report.gone++;
    if (!caller->restored)
        umpire_break(&calls->umpire, WRONG_UNSETTLED, "slot %u was told that a receipt is gone", caller->slot);
}

void rounds_restarted(struct calls *calls, enum call_who who)
{
    struct caller *caller = &calls->caller[who];
    if (!caller->awaits || caller->kept.pending.id == caller->given.id)
        return;
    if (caller->kept.last.id == caller->given.id) {
        learned(calls, who, &caller->kept.last);
        return;
    }
    caller->awaits = false;
    umpire_told_unsent(&calls->umpire, caller->slot);
    fate(calls, who, FATE_UNSENT);
}

static bool opened(struct calls *calls, enum call_who who, const struct air *air)
{
    struct caller *caller = &calls->caller[who];
    uint64_t pending_id = caller->programmer.key.pending.id;
    caller->let_in = programmer_open(&caller->programmer, air) == CONTACT_OK;
    settled(calls, who, pending_id);
    if (!caller->let_in)
        return false;
    if (pending_id != 0 && caller->programmer.settled.id == 0)
        umpire_break(&calls->umpire, WRONG_UNSETTLED, "slot %u opened a session, and nothing was settled", caller->slot);
    caller->restored = false;
    return true;
}

/* Gives a command and hears, or does not, what became of it. One given while another is not known yet must not be sent. */
static enum told give(struct calls *calls, enum call_who who, const struct air *air, const struct command *wanted)
{
    struct caller *caller = &calls->caller[who];
    struct command *command = caller->awaits ? &caller->tried : &caller->given;
    struct receipt receipt;
    enum contact contact = CONTACT_OK;
    bool vain = caller->awaits;
    *command = *wanted;
    caller->awaits = true;
    calls_tell(calls, caller_word(who), command_word(command->kind), NULL);
    umpire_wants(&calls->umpire, caller->slot, command);
    enum told told = programmer_command(&caller->programmer, air, command, &receipt, &contact);
    umpire_wants_no_more(&calls->umpire, caller->slot);
    bool unsent = told == TOLD_NOT_APPLIED && receipt.outcome == 0 && contact != CONTACT_REFUSED;
    calls->report.wish[command->kind]++;
    if (vain && !unsent)
        umpire_break(&calls->umpire, WRONG_UNTRUE, "slot %u sends %s while it does not know of an earlier command",
                     caller->slot, command_word(command->kind));
    caller->awaits = vain || told == TOLD_UNKNOWN;
    calls->report.unknown += told == TOLD_UNKNOWN;
    if (unsent) {
        umpire_told_unsent(&calls->umpire, caller->slot);
        fate(calls, who, FATE_UNSENT);
        return told;
    }
    umpire_told(&calls->umpire, caller->slot, command->id, &receipt);
    if (told != TOLD_UNKNOWN) {
        transfer_move(calls, who, &receipt);
        fate(calls, who, told == TOLD_APPLIED ? FATE_APPLIED : FATE_REFUSED);
    }
    return told;
}

static enum told plain(struct calls *calls, enum call_who who, const struct air *air, enum command_kind kind)
{
    struct command command = { .kind = (uint8_t)kind, .retitrated = kind == COMMAND_RESUME };
    return give(calls, who, air, &command);
}

static bool ask(struct calls *calls, enum call_who who, const struct air *air, uint32_t topic)
{
    cisterna_Request request = { .which_ask = cisterna_Request_interrogate_tag, .ask.interrogate.topic = topic };
    cisterna_Reply reply = cisterna_Reply_init_zero;
    return programmer_ask(&calls->caller[who].programmer, air, &request, &reply) == CONTACT_OK;
}

static bool read_log(struct calls *calls, enum call_who who, const struct air *air)
{
    cisterna_Request request = { .which_ask = cisterna_Request_read_log_tag, .ask.read_log = { .ring = 1 } };
    cisterna_Reply reply = cisterna_Reply_init_zero;
    request.ask.read_log.from_sequence = (uint64_t)dice_between(&calls->dice, 1, (int64_t)calls->sequence + 1);
    return programmer_ask(&calls->caller[who].programmer, air, &request, &reply) == CONTACT_OK;
}

static bool stage(struct calls *calls, enum call_who who, const struct air *air, uint8_t token[TOKEN_BYTES])
{
    struct caller *caller = &calls->caller[who];
    struct command command = { .kind = COMMAND_STAGE };
    struct receipt receipt;
    enum contact contact = CONTACT_OK;
    recipe_therapy(&calls->dice, &calls->rig.unit, &calls->mixture, &calls->therapy);
    umpire_therapy(&calls->umpire, &calls->therapy);
    calls_tell(calls, caller_word(who), "stage", NULL);
    calls->report.wish[COMMAND_STAGE]++;
    umpire_wants(&calls->umpire, caller->slot, &command);
    enum told told = programmer_stage(&caller->programmer, air, &calls->therapy, token, &receipt, &contact);
    umpire_wants_no_more(&calls->umpire, caller->slot);
    return told == TOLD_APPLIED;
}

/* A therapy comes into force, or is left half way: then the one before must go on. */
static void programme(struct calls *calls, enum call_who who, const struct air *air)
{
    struct command command = { .kind = COMMAND_ACTIVATE, .retitrated = 1 };
    if (stage(calls, who, air, command.token) && !dice_once_in(&calls->dice, 4))
        (void)give(calls, who, air, &command);
}

static void refill(struct calls *calls, enum call_who who, const struct air *air, bool activate)
{
    struct rig_refill refill = { .told = { .withdrawn = { -1 }, .left = { -1 }, .fill = calls->mixture, .lot = "LOT-1" },
                                 .retitrated = true, .activate = activate ? &calls->therapy : NULL };
    int64_t most = calls->rig.unit.model.reservoir.nl;
    struct command command;
    struct rig_transfer transfer;
    if (calls->transfer_waits)
        return; /* the syringe is still full: whether it may be emptied is not known */
    refill.told.filled.nl = dice_between(&calls->dice, most * 7 / 10, most - 1000);
    refill.told.drawn_up = refill.told.filled;
    refill.told.dead_drug_free = activate;
    if (!rig_refill_plan(&calls->rig, &refill, &command, &transfer))
        return;
    if (activate && !stage(calls, who, air, command.token))
        return;
    calls->transfer = transfer;
    calls->transfer_waits = true;
    if (give(calls, who, air, &command) != TOLD_UNKNOWN)
        calls->transfer_waits = false; /* moved, refused, or never sent */
}

static void order_bolus(struct calls *calls, enum call_who who, const struct air *air)
{
    struct command command = { .kind = COMMAND_CLINICIAN_BOLUS };
    recipe_course(&calls->dice, &calls->rig.unit.model, &command.volume, &command.rate);
    (void)give(calls, who, air, &command);
}

static void clock_set(struct calls *calls, enum call_who who, const struct air *air)
{
    struct command command = { .kind = COMMAND_SET_CLOCK, .calendar = { .zone = "+01:00" } };
    command.calendar.offset.ms = 20000 * (int64_t)DAY_MS + dice_between(&calls->dice, 0, 7 * (int64_t)DAY_MS);
    (void)give(calls, who, air, &command);
}

static void silence(struct calls *calls, enum call_who who, const struct air *air)
{
    struct command command = { .kind = COMMAND_SILENCE, .minutes = (uint16_t)dice_between(&calls->dice, 1, 720) };
    (void)give(calls, who, air, &command);
}

/* One of those that stand; most of them come back when their condition is still there. */
static void alarm_clear_one(struct calls *calls, enum call_who who, const struct air *air, uint32_t alarms)
{
    struct command command = { .kind = COMMAND_CLEAR_ALARM };
    unsigned first = (unsigned)dice_between(&calls->dice, 0, ALARM_COUNT - 1);
    for (unsigned i = 0; i < ALARM_COUNT && command.alarm == 0; i++) {
        unsigned alarm = (first + i) % ALARM_COUNT;
        if ((alarms >> alarm & 1) != 0 && alarm_row(alarm)->latch)
            command.alarm = alarm_row(alarm)->code;
    }
    if (command.alarm != 0)
        (void)give(calls, who, air, &command);
}

static void clinician_wants(struct calls *calls, enum call_who who, const struct air *air, const cisterna_Status *status)
{
    struct dice *dice = &calls->dice;
    switch (dice_between(dice, 0, 11)) {
    case 0:
    case 1:
    case 2:
        order_bolus(calls, who, air);
        break;
    case 3:
    case 4:
    case 5:
        programme(calls, who, air);
        break;
    case 6:
        (void)plain(calls, who, air, dice_once_in(dice, 2) ? COMMAND_STOP : COMMAND_MINIMUM);
        break;
    case 7:
        (void)plain(calls, who, air, COMMAND_CANCEL_COURSE);
        break;
    case 8:
        clock_set(calls, who, air);
        break;
    case 9:
        silence(calls, who, air);
        break;
    case 10:
        (void)plain(calls, who, air, COMMAND_PATIENT_BOLUS); /* for a patient who cannot press */
        break;
    default:
        alarm_clear_one(calls, who, air, status->alarms);
        break;
    }
}

static void clinician_acts(struct calls *calls, enum call_who who, const struct air *air)
{
    cisterna_Status status;
    struct dice *dice = &calls->dice;
    if (programmer_status(&calls->caller[who].programmer, air, &status) != CONTACT_OK)
        return;
    bool low = status.reservoir_nl < calls->rig.unit.model.reservoir.nl / 3;
    bool flows = status.mode == MODE_RUNNING;
    if (!status.has_therapy)
        programme(calls, who, air);
    else if (low && dice_once_in(dice, 2))
        refill(calls, who, air, false);
    else if (status.mode == MODE_SAFE && status.alarms != 0 && dice_once_in(dice, 2))
        alarm_clear_one(calls, who, air, status.alarms);
    else if (!flows && dice_once_in(dice, 2))
        (void)plain(calls, who, air, COMMAND_RESUME);
    else
        clinician_wants(calls, who, air, &status);
}

static void patient_acts(struct calls *calls, enum call_who who, const struct air *air)
{
    int64_t deed = dice_between(&calls->dice, 0, 9);
    if (deed < 7)
        (void)plain(calls, who, air, COMMAND_PATIENT_BOLUS);
    else if (deed == 7)
        silence(calls, who, air);
    else if (deed == 8)
        order_bolus(calls, who, air); /* which this key may not */
    else
        (void)ask(calls, who, air, (uint32_t)dice_between(&calls->dice, QUERY_STATUS, QUERY_UPDATE));
}

static void reader_acts(struct calls *calls, enum call_who who, const struct air *air)
{
    uint8_t bytes[THERAPY_BYTES_MAX];
    size_t size;
    switch (dice_between(&calls->dice, 0, 5)) {
    case 0:
    case 1:
        (void)read_log(calls, who, air);
        break;
    case 2:
        (void)(programmer_read_therapy(&calls->caller[who].programmer, air, false, bytes, &size) == CONTACT_OK);
        break;
    case 3:
        (void)plain(calls, who, air, COMMAND_STOP); /* which this key may not */
        break;
    default:
        (void)ask(calls, who, air, (uint32_t)dice_between(&calls->dice, QUERY_STATUS, QUERY_UPDATE));
        break;
    }
}

/* Some people close a session, others walk away. */
static void leave(struct calls *calls, enum call_who who, const struct air *air)
{
    if (!dice_once_in(&calls->dice, 3))
        programmer_close(&calls->caller[who].programmer, air);
}

void rounds_session(struct calls *calls, enum call_who who, const struct air *air)
{
    static void (*const acts[CALLERS])(struct calls *, enum call_who, const struct air *) = {
        [CALL_CLINICIAN] = clinician_acts, [CALL_PATIENT] = patient_acts, [CALL_READER] = reader_acts
    };
    if (!opened(calls, who, air))
        return;
    calls->report.opened++;
    for (int64_t left = dice_between(&calls->dice, 1, who == CALL_PATIENT ? PRESSES_MOST : ACTS_MOST); left > 0; left--)
        acts[who](calls, who, air);
    leave(calls, who, air);
}

void rounds_settle(struct calls *calls, enum call_who who, const struct air *air)
{
    if (opened(calls, who, air))
        programmer_close(&calls->caller[who].programmer, air);
}

void rounds_pair(struct calls *calls, enum call_who who, const struct air *air)
{
    struct caller *caller = &calls->caller[who];
    uint8_t outcome = 0;
    enum contact contact = programmer_pair(&caller->programmer, air, calls->rig.unit.card, (enum role)caller->role, &outcome);
    if (contact != CONTACT_OK)
        umpire_break(&calls->umpire, WRONG_STUCK, "the %s could not be paired", caller_word(who));
}

void rounds_implant(struct calls *calls, enum call_who who, const struct air *air)
{
    if (!opened(calls, who, air))
        return;
    clock_set(calls, who, air);
    refill(calls, who, air, true);
    programmer_close(&calls->caller[who].programmer, air);
}
