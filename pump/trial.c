// SPDX-License-Identifier: Apache-2.0
#include "pump/trial.h"

#include "pump/engine.h"
#include "pump/standing.h"

/* What becomes of a slot at a start. True when its state has changed. */
static bool slot_boot(struct pump *pump, uint8_t slot, uint8_t boot_cause, instant_ms now)
{
    struct image_slot *held = &pump->update.images.slot[slot - 1];
    struct image image = { .version = 0 };
    (void)images_header(&pump->update.images, slot, &image);
    bool damaged = held->state == IMAGE_CONFIRMED && image.version > pump->software;
    if (held->state == IMAGE_FILLING) {
        *held = (struct image_slot){ .state = IMAGE_EMPTY }; /* how much of it is whole is not known */
        note(pump, now, ACTOR_PUMP, EVENT_IMAGE, slot, IMAGE_EMPTY, 0, 0);
        return true;
    }
    if (slot == pump->update.running || (held->state != IMAGE_TRYING && !damaged)) {
        return false;
    }
    note(pump, now, ACTOR_PUMP, EVENT_IMAGE_REVERTED, slot, image.version, boot_cause, held->starts);
    if (held->state == IMAGE_TRYING) {
        held->state = IMAGE_WHOLE; /* it can be tried again */
        held->starts = 0;
    }
    return !damaged;
}

void trial_boot(struct pump *pump, const struct board *board, instant_ms now)
{
    struct update *update = &pump->update;
    struct image image;
    update->running = board->image <= IMAGE_SLOTS ? board->image : 0;
    update->revert_ms = INT64_MAX;
    if (images_load(&pump->store, board, &update->images) != RESULT_OK) {
        update->images = (struct images){ .floor = 0 };
    }
    if (images_header(&update->images, update->running, &image)) {
        pump->software = image.version;
    }
    bool changed = slot_boot(pump, 1, board->boot_cause, now);
    changed |= slot_boot(pump, 2, board->boot_cause, now);
    update->copies_due = changed ? 2 : 0;
    if (images_state(&update->images, update->running) == IMAGE_TRYING) {
        update->revert_ms = now.ms + TRIAL_MS;
    }
    if (board->boot_cause == BOOT_COMMAND) {
        struct ledger ledger;
        bool known = ledger_load(&kept_of(board)->ledger, &ledger) == RESULT_OK;
        note(pump, now, ACTOR_PUMP, EVENT_IMAGE_RUNS, update->running, pump->software, update->images.floor,
             known ? now.ms - ledger.accrued_ms : -1);
    }
}

int64_t trial_held_until_ms(const struct pump *pump, instant_ms now)
{
    const struct periodic_bolus *periodic = &pump->therapy.program.periodic;
    int64_t gap_ms = pump->model.motor_timeout.ms + TRIAL_GAP_MS;
    if (pump->now.mode != MODE_RUNNING || pump->now.periodic_next_ms > now.ms + gap_ms) {
        return 0;
    }
    return pump->now.periodic_next_ms + span_until_due(grain_of_nl(periodic->volume), periodic->rate).ms;
}

void trial_begin(struct pump *pump, enum actor actor, uint8_t slot, instant_ms now)
{
    pump->update.restart_due = true;
    note(pump, now, actor, EVENT_RESTART, pump->update.running, slot, 0, 0);
}

bool trial_bars(const struct pump *pump, const struct command *command)
{
    return pump->update.restart_due && command->kind != COMMAND_STOP;
}

void trial_restart(struct pump *pump, const struct board *board, instant_ms now)
{
    if (pump->update.restart_due && !pump->moving) {
        engine_reckon(pump, kept_of(board), now); /* the fraction in hand is known up to here */
        pump->update.restart_due = false;         /* should the core go on all the same, therapy does too */
        board->doors->restart(board->hardware);
    }
}

instant_ms trial_look(struct pump *pump, instant_ms now)
{
    struct update *update = &pump->update;
    bool bolus = pump->now.course != COURSE_NONE && !course_exclusive(pump->now.course);
    if (now.ms < update->revert_ms) {
        return (instant_ms){ update->revert_ms };
    }
    if (bolus || trial_held_until_ms(pump, now) != 0) {
        return (instant_ms){ now.ms + MINUTE_MS };
    }
    uint8_t other = (uint8_t)(IMAGE_SLOTS + 1 - update->running);
    bool back = images_state(&update->images, other) == IMAGE_CONFIRMED;
    update->revert_ms = INT64_MAX;
    trial_begin(pump, ACTOR_PUMP, back ? other : 0, now);
    return INSTANT_NEVER;
}
