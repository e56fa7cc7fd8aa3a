// SPDX-License-Identifier: Apache-2.0
#include "pump/pump.h"

#include "link/hash.h"
#include "pump/activation.h"
#include "pump/alarm.h"
#include "pump/bolus.h"
#include "pump/command.h"
#include "pump/engine.h"
#include "pump/keep.h"
#include "pump/loss.h"
#include "pump/motor.h"
#include "pump/radio.h"
#include "pump/standing.h"
#include "pump/supervisor.h"
#include "pump/trial.h"

static void zero(void *memory, uint32_t size)
{
    uint8_t *byte = memory;
    for (uint32_t i = 0; i < size; i++) {
        byte[i] = 0;
    }
}

void pump_make(const struct board *board, instant_ms now)
{
    struct kept *kept = kept_of(board);
    struct ledger ledger;
    struct standing standing;
    zero(kept, sizeof *kept);
    ledger_clear(&ledger, now);
    ledger_store(&kept->ledger, &ledger);
    standing_clear(&standing);
    standing_store(kept, &standing);
    governor_clear(&kept->governor, now);
    gate_make(kept->gate);
}

/* The therapy in force comes back from retained memory, or else from its record in flash. */
static void boot_therapy(struct pump *pump, const struct board *board, instant_ms now)
{
    struct kept *kept = kept_of(board);
    uint32_t sequence = pump->now.therapy_sequence;
    const struct therapy_slot *slot = sequence != 0 ? therapy_slot_sound(kept, sequence) : NULL;
    if (slot == NULL && sequence != 0 && keep_slots(pump, board, now)) {
        slot = therapy_slot_sound(kept, sequence);
    }
    pump->has_therapy = slot != NULL && therapy_decode(slot->bytes, slot->size, &pump->therapy) == RESULT_OK &&
                        therapy_judge(&pump->therapy, &pump->model) == 0;
    if (pump->has_therapy) {
        activation_derive(pump);
        therapy_slot_mend(kept, sequence);
        if (pump->therapy.program.kind != PROGRAM_PERIODIC) {
            pump->now.periodic_next_ms = INT64_MAX; /* whatever older facts say of another program's boluses */
        }
    } else if (pump->now.mode != MODE_NEW) {
        loss_of_therapy(pump, now);
    }
}

/* What was under way when the power went: the quantum counts as given, the fraction is dropped, a bolus is closed, a
 * prime or bridge goes on (it ends by volume). No time passed asleep is made up. Of a start that was asked for the fraction is
 * known to the millisecond, and goes on. */
static void boot_ledger(struct pump *pump, struct kept *kept, uint8_t cause, instant_ms now)
{
    struct ledger ledger;
    ledger_working(pump, kept, &ledger, now);
    ledger.accrued_ms = now.ms;
    ledger_settle(&ledger, false);
    ledger_store(&kept->ledger, &ledger);
    if (cause != BOOT_COMMAND) {
        engine_drop(pump, kept, now);
    }
    if (!pump->ledger_lost && pump->now.course != COURSE_NONE && !course_exclusive(pump->now.course)) {
        course_end(pump, kept, COURSE_RESET, now); /* else loss_of_ledger() does, with the counts that are left */
    }
}

/* While the power was off nothing flowed that should have: an interruption like any other, which the restart limit judges
 * at the first look. The last moment known lies within the hour. How long a lost clock stood nobody knows; that it was not
 * long the retained memory vouches for, where it is whole and something flowed (docs/decisions/0020-unknown-stop.md). */
static void boot_interruption(struct pump *pump, const struct board *board, bool memory_whole, int64_t known_ms,
                              instant_ms now)
{
    bool powerless = board->boot_cause == BOOT_POWER || board->boot_cause == BOOT_BROWN_OUT;
    bool flowed = pump->now.mode == MODE_RUNNING || pump->now.mode == MODE_MINIMUM ||
                  (pump->now.mode == MODE_SAFE && pump->now.safe_rate.nl_day > 0);
    if (!pump->clock_lost) {
        supervisor_powerless(pump, known_ms, now);
    } else if (powerless && pump->now.mode != MODE_NEW && !(memory_whole && flowed)) {
        supervisor_unknown_stop(pump);
    }
}

/* Conditions that the mode itself tells are raised again: what is only latched could be cleared away while still so. */
static void boot_alarms(struct pump *pump, instant_ms now)
{
    if (pump->now.mode == MODE_EMPTY) {
        alarm_raise(pump, ALARM_AT_RESERVOIR_EMPTY, 0, now);
    }
    if (pump->now.mode == MODE_SAFE && (pump->now.latched & ((uint32_t)1 << ALARM_AT_INTERRUPTED_LONG))) {
        alarm_raise(pump, ALARM_AT_INTERRUPTED_LONG, supervisor_interrupted_told(pump, now), now);
    }
}

/* The standing facts: from retained memory, or else from flash. False when something of them is lost. */
static bool boot_standing(struct pump *pump, const struct board *board)
{
    keep_mount(pump, board);
    if (standing_load(kept_of(board), &pump->now) == RESULT_OK) {
        if (standing_possible(&pump->now, &pump->model)) {
            return true;
        }
        zero(&pump->now, sizeof pump->now);
    }
    enum kept_facts facts = keep_facts(pump, board);
    if (facts == FACTS_OLDER && (pump->now.mode == MODE_RUNNING || pump->now.mode == MODE_MINIMUM)) {
        pump->now.mode = MODE_SAFE; /* what the newest record said instead is not known */
    }
    return false;
}

/* The pump's time goes on from the last moment known when the clock has begun again: for limits no time has passed
 * (REQ-TIME-04). */
static instant_ms boot_time(struct pump *pump, const struct board *board, instant_ms tick)
{
    int64_t known_ms = keep_known_until(pump, kept_of(board));
    if (board->clock_lost || tick.ms + pump->now.clock_base_ms < known_ms) {
        pump->clock_lost = true;
        pump->now.clock_base_ms = known_ms - tick.ms;
        pump->now.epoch++;
    }
    return (instant_ms){ tick.ms + pump->now.clock_base_ms };
}

/* The log goes on where it ended; numbers that are missing are told. */
static void boot_log(struct pump *pump, const struct board *board, bool kept_standing, instant_ms now)
{
    struct log_found found;
    log_boot(&pump->log, board, kept_standing ? pump->now.log_last : 0, &found);
    if (found.lost_to != 0) {
        note(pump, now, ACTOR_PUMP, EVENT_LOG_GAP, (int64_t)found.lost_from, (int64_t)found.lost_to, 0, 0);
    }
}

static void boot_tell(struct pump *pump, const struct board *board, bool kept_standing, instant_ms now)
{
    pump->now.boots++;
    pump->tally.count[ENERGY_BOOT]++;
    pump->now.silent_until_ms = 0; /* a pause of sound ends at a reset: REQ-ALRM-09 */
    pump->now_changed = true;
    note(pump, now, ACTOR_PUMP, EVENT_BOOT, board->boot_cause, pump->now.boots, kept_standing, 0);
    if (pump->clock_lost) {
        note(pump, now, ACTOR_PUMP, EVENT_CLOCK_LOST, now.ms, -1, 0, 0);
        alarm_happen(pump, ALARM_AT_CLOCK_LOST, 0, now);
    }
    if (!kept_standing) {
        note(pump, now, ACTOR_PUMP, EVENT_MEMORY_LOST, 3, 0, 0, 0);
        alarm_happen(pump, ALARM_AT_MEMORY_LOST, 3, now);
    }
}

static void boot_unit(struct pump *pump, const struct pump_unit *unit)
{
    zero(pump, sizeof *pump);
    pump->model = unit->model;
    pump->calibration = unit->calibration;
    for (unsigned i = 0; i < SERIAL_BYTES; i++) {
        pump->serial[i] = unit->serial[i];
    }
    pump->software = unit->software;
    for (unsigned i = 0; i < KEY_BYTES; i++) {
        pump->secret[i] = unit->secret[i];
        pump->formulary_key[i] = unit->formulary_key[i];
        pump->firmware_key[i] = unit->firmware_key[i];
    }
    for (unsigned i = 0; i < CARD_SECRET_BYTES; i++) {
        pump->card[i] = unit->card[i];
    }
    pump->quantum = quantum_volume(unit->model.quantum, unit->calibration);
    pump->quantum_grain = grain_of_fl(pump->quantum);
}

void pump_boot(struct pump *pump, const struct board *board, const struct pump_unit *unit, instant_ms tick)
{
    struct kept *kept = kept_of(board);
    boot_unit(pump, unit);
    bool kept_standing = boot_standing(pump, board);
    int64_t known_ms = keep_known_until(pump, kept);
    instant_ms now = boot_time(pump, board, tick);
    peers_boot(pump, board);
    gate_boot(pump, board, now);
    boot_log(pump, board, kept_standing, now);
    boot_tell(pump, board, kept_standing, now);
    for (unsigned i = 0; i < ALARM_COUNT; i++) {
        pump->alarm.repeat_ms[i] = now.ms; /* what is latched sounds again at once */
    }
    bool whole = kept_standing && governor_turn(&kept->governor, now);
    if (!whole) {
        governor_clear(&kept->governor, now); /* so that nothing leans on rubbish before the loss is dealt with */
    }
    boot_therapy(pump, board, now);
    trial_boot(pump, board, now);
    boot_ledger(pump, kept, board->boot_cause, now);
    bool memory_whole = whole && !pump->ledger_lost;
    if (pump->ledger_lost) {
        loss_of_ledger(pump, kept, now);
    } else if (!whole) {
        loss_of_governor(pump, kept, now);
    }
    boot_interruption(pump, board, memory_whole, known_ms, now);
    engine_flows(pump, kept, now); /* first, so that a safe state knows which flow it comes from */
    supervisor_booted(pump, kept, board->boot_cause, now);
    supervisor_milestone(pump, board, now);
    boot_alarms(pump, now);
    head_move(pump, now);
    keep_scrub(pump, board, now);
    keep_write(pump, board, now);
}

instant_ms pump_step(struct pump *pump, const struct board *board, instant_ms tick)
{
    instant_ms now = { tick.ms + pump->now.clock_base_ms };
    if (pump->moving) {
        motor_poll(pump, board, now);
    }
    if (now.ms >= pump->change_ms) {
        engine_change(pump, kept_of(board), now);
    }
    /* It looks at itself within the hour: an instant beyond that is none that it chose. */
    if (now.ms >= pump->look_ms || pump->look_ms > now.ms + LOOK_EVERY_MS) {
        supervisor_look(pump, board, now);
    }
    if (pump->keeping.budget_due) { /* before a quantum that needs it */
        pump->keeping.budget_due = false;
        motor_hand_budget(pump, board);
    }
    if (!pump->moving && now.ms >= pump->due_ms) {
        engine_fire(pump, board, now);
    }
    if (pump->ledger_lost) {
        loss_of_ledger(pump, kept_of(board), now);
        supervisor_milestone(pump, board, now);
    }
    if (pump->now_changed || pump->keeping.due) {
        keep_write(pump, board, now);
    }
    instant_ms next = { pump->moving ? pump->motor_deadline_ms : pump->due_ms };
    next = instant_min(next, (instant_ms){ pump->change_ms });
    next = instant_min(next, (instant_ms){ pump->look_ms });
    return (instant_ms){ next.ms - pump->now.clock_base_ms };
}

void pump_command(struct pump *pump, const struct board *board, instant_ms tick, struct sender sender,
                  const uint8_t *bytes, size_t size, struct receipt *receipt)
{
    struct command command;
    uint8_t hash[HASH_BYTES];
    instant_ms now = { tick.ms + pump->now.clock_base_ms };
    bool known = sender.slot >= 1 && sender.slot <= SENDER_SLOTS;
    if (!known || command_decode(bytes, size, &command) != RESULT_OK) {
        *receipt = (struct receipt){ .outcome = OUTCOME_NOT_APPLIED,
                                     .reasons = VERDICT_MALFORMED,
                                     .at = now,
                                     .earliest = INSTANT_NEVER,
                                     .head = pump->now.head };
        return;
    }
    struct ledger ledger;
    ledger_working(pump, kept_of(board), &ledger, now);
    if (pump->ledger_lost) {
        loss_of_ledger(pump, kept_of(board), now); /* first the loss, then the wish */
    }
    if (!governor_turn(&kept_of(board)->governor, now)) {
        loss_of_governor(pump, kept_of(board), now);
    }
    hash_of(bytes, size, hash);
    uint64_t fingerprint = 0;
    for (unsigned i = 0; i < 8; i++) {
        fingerprint = fingerprint << 8 | hash[i];
    }
    command_carry_out(pump, board, sender, &command, fingerprint, now, receipt);
    if (pump->now_changed || pump->keeping.due) {
        keep_write(pump, board, now);
    }
}

void pump_radio(struct pump *pump, const struct board *board, instant_ms tick)
{
    instant_ms now = { tick.ms + pump->now.clock_base_ms };
    while (radio_hear(pump, board, now)) {
    }
    if (pump->now_changed || pump->keeping.due) {
        keep_write(pump, board, now);
    }
}

uint64_t pump_log_last(const struct pump *pump)
{
    return pump->log.last;
}

bool pump_log_read(const struct pump *pump, uint64_t sequence, struct event *event)
{
    return log_read(&pump->log, sequence, event);
}
