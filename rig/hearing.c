// SPDX-License-Identifier: Apache-2.0
#include "rig/hearing.h"

#include <string.h>

#include "board/board.h"
#include "rig/account.h"

enum {
    LOSS_LEDGER = 1, LOSS_GOVERNOR = 2, LOSS_STANDING = 3, LOSS_THERAPY = 4, /* memory_lost, field "what" */
    PERIODIC_LATE_MS = 2000,
    CLOCK_ROUGH_MS = 28800 /* a day by a clock that is 333 ppm wrong: more than any drift of rig/strike.c */
};
static const int64_t RECOVERY_MS = 86400000 + 2700000 + 60000; /* a day, a bucket and a minute to come to rest */

static bool disturbed(const struct oracle *oracle, int64_t now_ms)
{
    return now_ms - oracle->disturbed_ms < ORACLE_QUIET_MS;
}

/* The therapy with this token came into force. */
static void activated(struct oracle *oracle, const struct event *event)
{
    int64_t low = 0;
    for (unsigned i = 0; i < 6; i++)
        low |= (int64_t)((uint64_t)oracle->sent.token[i] << (8 * i));
    if (!oracle->sent.is || low != event->field[0]) {
        oracle_break(oracle, PROMISE_OLD_OR_NEW, event->at.ms, "a therapy came into force that was not sent last");
        return;
    }
    oracle->before = oracle->now;
    oracle->now = oracle->sent;
    oracle->uncertain = false;
    oracle->activated_ms = event->at.ms;
    const struct program *program = &oracle->now.therapy.program;
    oracle->periodic_next_ms = program->kind == PROGRAM_PERIODIC
                                   ? event->at.ms + (int64_t)program->periodic.first_minutes * 60000
                                   : INT64_MAX;
    if (program->kind == PROGRAM_STOPPED)
        oracle->stopped_ms = event->at.ms;
    if (!tip_limits(&oracle->tip, &oracle->now.therapy.limits, event->at.ms + oracle->true_minus_tick))
        oracle_break(oracle, PROMISE_STUCK, event->at.ms, "the life holds more drugs than the oracle");
    account_flows(oracle);
}

static void mode_changed(struct oracle *oracle, uint8_t mode, int64_t at_ms)
{
    bool stop_sent = oracle->sent.is && oracle->sent.therapy.program.kind == PROGRAM_STOPPED;
    bool chosen = oracle->unread ? at_ms - oracle->stopped_ms < 86400000 : oracle->stopped_ms == at_ms;
    if (mode == MODE_STOPPED && !chosen && !stop_sent)
        oracle_break(oracle, PROMISE_OLD_OR_NEW, at_ms, "the pump stopped and no clinician chose so");
    if (mode == MODE_MINIMUM && oracle->minimum_ms < 0)
        oracle_break(oracle, PROMISE_OLD_OR_NEW, at_ms, "the pump went to its least flow and no clinician chose so");
    if (mode == MODE_SAFE && !disturbed(oracle, at_ms))
        oracle_break(oracle, PROMISE_OLD_OR_NEW, at_ms, "the pump went to its safe rate and nothing was wrong");
    oracle->mode = mode;
    oracle->flow_since_ms = at_ms;
    account_flows(oracle);
}

static void dropped(struct oracle *oracle, const struct event *event)
{
    int64_t grain = event->field[0];
    bool still = oracle->mode == MODE_STOPPED || oracle->mode == MODE_EMPTY || oracle->mode == MODE_NEW;
    if (!still && oracle->boot_ms != event->at.ms)
        oracle_break(oracle, PROMISE_FLOW, event->at.ms, "a fraction was dropped without a stop or a reset");
    if (!disturbed(oracle, event->at.ms) && (grain < oracle->lo || grain > oracle->hi))
        oracle_break(oracle, PROMISE_FLOW, event->at.ms, "%lld grains in hand were dropped; prescribed were %lld to %lld",
                     (long long)grain, (long long)oracle->lo, (long long)oracle->hi);
    account_drop(oracle);
}

/* Lockout, daily count and expiry, in true time, whatever the pump has forgotten. */
static void patient_bolus(struct oracle *oracle, const struct event *event)
{
    const struct patient_bolus *permit = &oracle->now.therapy.program.patient;
    int64_t at = event->at.ms + oracle->true_minus_tick;
    unsigned in_a_day = 0;
    if (oracle->pressed == 0)
        oracle_break(oracle, PROMISE_ONCE, at, "a patient bolus began that was not asked for, or once more");
    oracle->pressed = 0;
    if (!oracle->now.is || !permit->allowed || event->field[1] != permit->volume.nl)
        oracle_break(oracle, PROMISE_ONCE, at, "a patient bolus of %lld nL began without permission",
                     (long long)event->field[1]);
    for (unsigned i = 0; i < oracle->grants; i++)
        in_a_day += at - oracle->grant_ms[i] < 86400000 - CLOCK_ROUGH_MS;
    if (oracle->grants > 0 && at - oracle->grant_ms[oracle->grants - 1] <
                                  (int64_t)permit->lockout_minutes * (60000 - CLOCK_ROUGH_MS / 1440))
        oracle_break(oracle, PROMISE_ONCE, at, "a patient bolus began within the lockout: the last was at %lld ms",
                     (long long)oracle->grant_ms[oracle->grants - 1]);
    if (in_a_day >= permit->max_per_day)
        oracle_break(oracle, PROMISE_ONCE, at, "%u patient boluses in a day, %u are allowed", in_a_day + 1,
                     permit->max_per_day);
    if (event->at.ms >= oracle->activated_ms + (int64_t)permit->expiry_days * 86400000)
        oracle_break(oracle, PROMISE_ONCE, at, "a patient bolus began after the permission's end");
    if (oracle->grants == ORACLE_GRANTS) {
        memmove(oracle->grant_ms, oracle->grant_ms + 1, (ORACLE_GRANTS - 1) * sizeof oracle->grant_ms[0]);
        oracle->grants--;
    }
    oracle->grant_ms[oracle->grants++] = at;
}

static void periodic_bolus(struct oracle *oracle, const struct event *event)
{
    const struct periodic_bolus *periodic = &oracle->now.therapy.program.periodic;
    int64_t interval = (int64_t)periodic->interval_minutes * 60000, at = event->at.ms;
    if (!oracle->now.is || oracle->now.therapy.program.kind != PROGRAM_PERIODIC || event->field[1] != periodic->volume.nl)
        oracle_break(oracle, PROMISE_ONCE, at, "a periodic bolus began that the program does not hold");
    else if (oracle->periodic_next_ms == ORACLE_UNKNOWN)
        oracle->periodic_next_ms = at;
    else if (at < oracle->periodic_next_ms || at > oracle->periodic_next_ms + PERIODIC_LATE_MS)
        oracle_break(oracle, PROMISE_ONCE, at, "a periodic bolus began that is due at %lld ms",
                     (long long)oracle->periodic_next_ms);
    oracle->periodic_next_ms = at + interval - (at - oracle->periodic_next_ms);
}

/* That of this time has begun, or was skipped. */
static void periodic_over(struct oracle *oracle, int64_t at_ms)
{
    if (oracle->now.is && oracle->now.therapy.program.kind == PROGRAM_PERIODIC && oracle->periodic_next_ms != ORACLE_UNKNOWN)
        while (oracle->periodic_next_ms <= at_ms)
            oracle->periodic_next_ms += (int64_t)oracle->now.therapy.program.periodic.interval_minutes * 60000;
}

static void course_began(struct oracle *oracle, const struct event *event)
{
    const struct opening *opening = &oracle->now.therapy.program.opening;
    uint8_t kind = (uint8_t)event->field[0];
    int64_t at = event->at.ms;
    if (oracle->course != ACCOUNT_NONE && oracle->course_left > 0 && !disturbed(oracle, at))
        oracle_break(oracle, PROMISE_ONCE, at, "a course began while another was under way");
    if (kind == ACCOUNT_PATIENT) {
        patient_bolus(oracle, event);
    } else if (kind == ACCOUNT_PERIODIC) {
        periodic_bolus(oracle, event);
    } else if (kind == ACCOUNT_CLINICIAN) {
        if (oracle->ordered == 0 || oracle->ordered_nl != event->field[1])
            oracle_break(oracle, PROMISE_ONCE, at, "a bolus began that was not ordered, or once more");
        oracle->ordered = 0;
    } else if (!oracle->now.is || oracle->activated_ms != at || opening->volume.nl != event->field[1]) {
        oracle_break(oracle, PROMISE_ONCE, at, "an opening began that was not just activated");
    }
    account_course(oracle, kind, event->field[1], (int32_t)event->field[2]);
}

static void memory_lost(struct oracle *oracle, const struct event *event)
{
    if (!disturbed(oracle, event->at.ms))
        oracle_break(oracle, PROMISE_SAYS_SO, event->at.ms, "the pump lost memory that nobody touched");
    oracle->recovering_until_ms = event->at.ms + RECOVERY_MS;
    oracle->lo = 0;
    oracle->lost |= event->field[0] == LOSS_STANDING;
    if (event->field[0] == LOSS_LEDGER) {
        account_drop(oracle);
        account_course_over(oracle);
    }
}

/* Which waits does this answer? */
static void waits_heard(struct oracle *oracle, const struct event *event)
{
    for (unsigned i = 0; i < ORACLE_WAITS; i++) {
        struct oracle_wait *wait = &oracle->wait[i];
        if (!wait->open)
            continue;
        for (unsigned j = 0; j < 2; j++) {
            bool alarm = event->code == EVENT_ALARM_RAISED && wait->alarm[j] != 0 && event->field[0] == wait->alarm[j];
            if (alarm || (wait->event[j] != 0 && event->code == wait->event[j]))
                wait->open = false;
        }
    }
}

static void alarm_changed(struct oracle *oracle, uint8_t alarm, bool on)
{
    if (alarm == ALARM_WITHHELD)
        oracle->withheld = on;
    if (alarm == ALARM_DRIVER_REFUSED)
        oracle->refused = on;
    if (!on)
        oracle->lo = oracle->lo < 0 ? oracle->lo : 0;
    account_flows(oracle);
}

/* The numbers of the log only rise, one by one, or a gap is told. A pump without storage begins anew at a reset. */
static void numbered(struct oracle *oracle, const struct event *event)
{
    bool anew = !oracle->storage && event->sequence == 1 && oracle->boot_ms == event->at.ms;
    if (event->sequence != oracle->sequence + 1 && oracle->sequence != 0 && !anew &&
        !(event->code == EVENT_LOG_GAP && event->sequence > oracle->sequence))
        oracle_break(oracle, PROMISE_FORGOTTEN, event->at.ms, "log entry %llu follows %llu",
                     (unsigned long long)event->sequence, (unsigned long long)oracle->sequence);
    oracle->sequence = event->sequence;
}

void hearing_event(struct oracle *oracle, const struct event *event)
{
    numbered(oracle, event);
    account_accrue(oracle, event->at.ms);
    waits_heard(oracle, event);
    switch (event->code) {
    case EVENT_ACTIVATED:
        activated(oracle, event);
        break;
    case EVENT_MODE:
        mode_changed(oracle, (uint8_t)event->field[1], event->at.ms);
        break;
    case EVENT_LOG_GAP: /* whether a bolus began just then is not known */
        if (oracle->periodic_next_ms <= event->at.ms)
            oracle->periodic_next_ms = ORACLE_UNKNOWN;
        break;
    case EVENT_BOOT:
        oracle->boot_ms = event->at.ms; /* of a start that was cut short, perhaps, and is heard of after the next */
        oracle->unread = true;
        if (event->field[0] != BOOT_COMMAND) /* of a start that was asked for what is in hand goes on */
            account_drop(oracle); /* told by an entry of its own only as far as it was reckoned before */
        break;
    case EVENT_FRACTION_DROPPED:
        dropped(oracle, event);
        break;
    case EVENT_COURSE_START:
        course_began(oracle, event);
        break;
    case EVENT_COURSE_END:
        if (event->field[0] <= ACCOUNT_BRIDGE && (oracle->course_late || oracle->course_loose))
            oracle_disturbed(oracle, event->at.ms, 0); /* by the fault that delayed it */
        if (event->field[0] == ACCOUNT_PERIODIC && oracle->course != ACCOUNT_PERIODIC)
            periodic_over(oracle, event->at.ms); /* power went as it began, and took that entry with it */
        if (event->field[3] == 0 && oracle->course_loose)
            oracle->lo -= 5 * (int64_t)oracle->course_rate; /* it may have ended within the last millisecond */
        if (event->field[3] != 0 || oracle->course_loose || account_lenient(oracle, event->at.ms))
            account_course_over(oracle);
        break;
    case EVENT_COURSE_SKIPPED:
        periodic_over(oracle, event->at.ms);
        break;
    case EVENT_MEMORY_LOST:
        memory_lost(oracle, event);
        break;
    case EVENT_WITHHELD:
        if (!disturbed(oracle, event->at.ms))
            oracle_break(oracle, PROMISE_FLOW, event->at.ms, "the governor held back a quantum of a therapy it had accepted");
        oracle->withheld = true;
        oracle->course_withheld = true;
        oracle->lo = 0;
        break;
    case EVENT_ALARM_CLEARED:
        oracle->cleared_ms = event->at.ms;
        break;
    case EVENT_ALARM_RAISED:
    case EVENT_ALARM_ENDED:
        alarm_changed(oracle, (uint8_t)event->field[0], event->code == EVENT_ALARM_RAISED);
        break;
    default:
        break;
    }
}

static void look_therapy(struct oracle *oracle, const struct hearing_look *look)
{
    if (oracle->uncertain && oracle->sent.is && look->size == oracle->sent.size &&
        memcmp(look->bytes, oracle->sent.bytes, look->size) == 0) {
        oracle->before = oracle->now;
        oracle->now = oracle->sent;
        oracle->activated_ms = oracle->boot_ms;
        oracle->periodic_next_ms =
            oracle->now.therapy.program.kind == PROGRAM_PERIODIC ? ORACLE_UNKNOWN : INT64_MAX;
        (void)tip_limits(&oracle->tip, &oracle->now.therapy.limits, look->now_ms + oracle->true_minus_tick);
        account_flows(oracle);
    }
    oracle->uncertain = false;
    /* Without storage there is nowhere to have it from when both copies were struck. */
    bool struck = oracle->disturbed_ms >= 0;
    if (!oracle->now.is || (look->size == 0 && !oracle->storage && struck))
        return;
    if (look->size != oracle->now.size || memcmp(look->bytes, oracle->now.bytes, look->size) != 0)
        oracle_break(oracle, PROMISE_OLD_OR_NEW, look->now_ms, "the therapy read back (%zu bytes) is not the one in force",
                     look->size);
}

static void look_counts(struct oracle *oracle, const struct hearing_look *look)
{
    if (look->metered < oracle->metered && !(oracle->lost && !oracle->storage))
        oracle_break(oracle, PROMISE_FORGOTTEN, look->now_ms, "metered quanta went back from %lld to %lld",
                     (long long)oracle->metered, (long long)look->metered);
    oracle->metered = look->metered;
    int64_t slack = (int64_t)(oracle->cuts + 1) * oracle->facts.quantum_fl; /* a cut quantum may have moved in part */
    if (look->mechanism_sound && look->mode != MODE_NEW && look->remaining_fl > look->truth_fl + slack)
        oracle_break(oracle, PROMISE_FORGOTTEN, look->now_ms, "%lld fL are said to remain; there are %lld",
                     (long long)look->remaining_fl, (long long)look->truth_fl);
}

static void look_silence(struct oracle *oracle, const struct hearing_look *look)
{
    int64_t flow = oracle->base + (oracle->course != ACCOUNT_NONE ? oracle->course_rate : 0);
    int64_t since = oracle->fired_ms > oracle->flow_since_ms ? oracle->fired_ms : oracle->flow_since_ms;
    bool overdue = flow > 0 && oracle->flows_known && oracle->hi > 3 * oracle->quantum_grain &&
                   look->now_ms - since > oracle->quantum_grain / (5 * flow) * 3 + HOUR_MS;
    bool looked = oracle->cleared_ms >= oracle->flow_since_ms; /* a clinician knows of the safe rate */
    bool faulty = (look->mode == MODE_SAFE && !looked) || look->mode == MODE_EMPTY || (look->mode == MODE_NEW && oracle->now.is);
    if ((overdue || faulty) && look->alarms == 0)
        oracle_break(oracle, PROMISE_SAYS_SO, look->now_ms, "nothing flows, or the safe rate, and no alarm stands (mode %u)",
                     look->mode);
}

/* After a boot the mode and the course are what the pump says; that it may have them was judged when they began. */
static void look_state(struct oracle *oracle, const struct hearing_look *look)
{
    if (look->mode != oracle->mode) {
        if (!oracle->unread)
            oracle_break(oracle, PROMISE_FORGOTTEN, look->now_ms, "mode %u was never told in the log", look->mode);
        mode_changed(oracle, look->mode, look->now_ms);
    }
    if (!oracle->lost && !oracle->unread)
        return;
    if (oracle->storage && !oracle->unread && look->offset_ms != oracle->offset_ms)
        oracle_break(oracle, PROMISE_FORGOTTEN, look->now_ms, "civil time was %lld ms from the clock, and is %lld",
                     (long long)oracle->offset_ms, (long long)look->offset_ms);
    oracle->offset_ms = look->offset_ms;
    account_flows(oracle);
    if (look->course == ACCOUNT_NONE)
        account_course_over(oracle);
    else if (look->course != oracle->course)
        account_course(oracle, look->course, look->course_left_nl, look->course_rate);
}

void hearing_look(struct oracle *oracle, const struct hearing_look *look)
{
    oracle_time(oracle, look->now_ms);
    look_state(oracle, look);
    look_therapy(oracle, look);
    look_counts(oracle, look);
    look_silence(oracle, look);
    oracle->lost = false;
    oracle->unread = false;
}
