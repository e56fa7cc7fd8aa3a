/* rig.c - one pump and one twin under one virtual clock. The loop below runs twice for every quantum delivered,
 * millions of times in a simulated year: it opens the doors once per call and does nothing that is not needed. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/rig.h"

#include <string.h>

#include "amount/amount.h"
#include "link/hash.h"
#include "rig/chip/chip.h"
#include "rig/nearest.h"

enum { STEPS_AT_ONE_INSTANT_MAX = 1000 };

double rig_m3(vol_nl volume)
{
    return (double)volume.nl / 1e12;
}

vol_nl rig_nl(double m3)
{
    return (vol_nl){ nearest(m3 * 1e12) };
}

struct fluid rig_fluid(const struct mixture *mixture)
{
    struct fluid fluid = { .drug = { 0 } };
    for (unsigned i = 0; i < mixture->count && i < FLUID_DRUGS_MAX; i++) {
        fluid.drug[i] = mixture->component[i].drug;
        fluid.kg_m3[i] = (double)mixture->component[i].conc.ng_ml / 1e6; /* 1 ng/mL is 1e-6 kg/m3 */
    }
    return fluid;
}

static bool start(struct rig *rig, struct chip *chip, const struct pump_unit *unit, const struct twin_setup *setup,
                  const struct rig *before)
{
    memset(rig, 0, sizeof *rig);
    rig->chip = chip;
    if (chip != NULL)
        chip_forget(chip);
    if (!twin_init(&rig->twin, setup))
        return false;
    if (before != NULL) {
        twin_succeed(&rig->twin, &before->twin);
        rig->now = before->now;
    }
    rig->unit = *unit;
    rig->next_id = 1;
    struct board board = twin_board(&rig->twin);
    pump_make(&board, rig->now);
    power_start(rig);
    return rig_runs(rig); /* the software of a chip may not come up */
}

bool rig_start(struct rig *rig, const struct pump_unit *unit, const struct twin_setup *setup)
{
    return start(rig, NULL, unit, setup, NULL);
}

bool rig_start_on(struct rig *rig, struct chip *chip, const struct pump_unit *unit, const struct twin_setup *setup)
{
    return start(rig, chip, unit, setup, NULL);
}

bool rig_succeed(struct rig *rig, struct chip *chip, const struct pump_unit *unit, const struct twin_setup *setup,
                 const struct rig *before)
{
    return start(rig, chip, unit, setup, before);
}

static inline bool run(struct rig *rig, instant_ms until, bool to_event)
{
    if (power_odd(&rig->power) || rig->twin.ether.to_pump.under_way != 0 || rig->chip != NULL)
        return power_run(rig, until, to_event);
    const struct board board = twin_board(&rig->twin);
    uint64_t last = to_event ? pump_log_last(&rig->pump) : 0;
    instant_ms now = rig->now, wake = rig->wake;
    unsigned at_one_instant = 0;
    bool reached = true;
    for (;;) {
        instant_ms next = instant_min(wake, twin_next(&rig->twin));
        if (next.ms > until.ms || rig->stuck)
            break;
        if (next.ms > now.ms) {
            now = next;
            at_one_instant = 0;
        } else if (++at_one_instant > STEPS_AT_ONE_INSTANT_MAX) {
            rig->stuck = true;
        }
        twin_advance(&rig->twin, now);
        wake = pump_step(&rig->pump, &board, now);
        if (rig->twin.restart) { /* seldom: all else is done by the loop that knows of starts */
            rig->now = now;
            rig->wake = wake;
            power_restart(rig);
            return (to_event && pump_log_last(&rig->pump) != last) ? false : power_run(rig, until, to_event);
        }
        if (to_event && pump_log_last(&rig->pump) != last) {
            reached = false;
            break;
        }
    }
    rig->wake = wake;
    rig->now = now;
    if (reached && until.ms > now.ms) {
        rig->now = until;
        twin_advance(&rig->twin, until);
    }
    return reached;
}

void rig_run_until(struct rig *rig, instant_ms until)
{
    (void)run(rig, until, false);
}

bool rig_run_to_event(struct rig *rig, instant_ms until)
{
    return run(rig, until, true);
}

void rig_status(struct rig *rig, struct pump_status *status)
{
    struct board board = twin_board(&rig->twin);
    memset(status, 0, sizeof *status);
    if (rig->chip != NULL && !chip_pictured(rig->chip))
        return;
    board.doors = &twin_doors; /* looking is not counted */
    pump_status(&rig->pump, &board, rig_tick(rig), status);
}

/* Gives the last command's bytes and does not let the pump step yet. */
static void tell_again(struct rig *rig, struct receipt *receipt)
{
    const struct power_call call = { .entry = ENTRY_COMMAND, .sender = rig->told_by, .bytes = rig->told,
                                     .size = rig->told_size, .receipt = receipt };
    rig->power.was_cut = false;
    rig->power.unheard = !power_enter(rig, &call);
    if (rig->power.unheard)
        *receipt = (struct receipt){ .at = rig->now, .earliest = INSTANT_NEVER };
}

/* The same with a new command. */
static void tell(struct rig *rig, enum role role, struct command *command, struct receipt *receipt)
{
    command->id = rig->next_id++;
    command->head = 0;
    if (command_needs_head(command->kind)) {
        struct pump_status status;
        rig_status(rig, &status);
        command->head = status.head;
    }
    bool known = role >= ROLE_PATIENT && role <= ROLE_SERVICE; /* a slot for each, those that people take last */
    rig->told_by = (struct sender){ (uint8_t)role, (uint8_t)(SENDER_SLOTS + 1 - (known ? role : ROLE_SERVICE)) };
    rig->told_size = 0;
    rig->power.unheard = false;
    if (command_encode(command, rig->told, sizeof rig->told, &rig->told_size) != RESULT_OK) {
        *receipt = (struct receipt){ .id = command->id, .kind = command->kind, .outcome = OUTCOME_NOT_APPLIED,
                                     .reasons = VERDICT_MALFORMED, .at = rig->now, .earliest = INSTANT_NEVER };
        return;
    }
    tell_again(rig, receipt);
    if (rig->power.unheard) {
        receipt->id = command->id;
        receipt->kind = command->kind;
    }
}

static void step(struct rig *rig)
{
    const struct power_call call = { .entry = ENTRY_STEP };
    if (!rig->power.unheard)
        (void)power_enter(rig, &call);
}

void rig_command(struct rig *rig, enum role role, struct command *command, struct receipt *receipt)
{
    tell(rig, role, command, receipt);
    step(rig);
}

void rig_repeat(struct rig *rig, struct receipt *receipt)
{
    tell_again(rig, receipt);
    step(rig);
}

bool rig_stage(struct rig *rig, const struct therapy *therapy, uint8_t token[TOKEN_BYTES], struct receipt *receipt)
{
    uint8_t bytes[THERAPY_BYTES_MAX];
    size_t size = 0;
    *receipt = (struct receipt){ .kind = COMMAND_STAGE, .outcome = OUTCOME_NOT_APPLIED, .at = rig->now,
                                 .earliest = INSTANT_NEVER };
    if (therapy_encode(therapy, bytes, sizeof bytes, &size) != RESULT_OK) {
        receipt->reasons = VERDICT_THERAPY_FORM;
        return false;
    }
    for (size_t offset = 0; offset < size; offset += STAGE_CHUNK_MAX) {
        struct command command = { .kind = COMMAND_STAGE };
        size_t chunk = size - offset < STAGE_CHUNK_MAX ? size - offset : STAGE_CHUNK_MAX;
        command.stage.total = (uint16_t)size;
        command.stage.offset = (uint16_t)offset;
        command.stage.size = (uint8_t)chunk;
        memcpy(command.stage.bytes, bytes + offset, chunk);
        rig_command(rig, ROLE_CLINICIAN, &command, receipt);
        if (receipt->outcome != OUTCOME_APPLIED)
            return false;
    }
    struct pump_status status;
    rig_status(rig, &status);
    hash_of(bytes, size, token);
    if (status.staged_bytes != size || memcmp(status.staged_token, token, TOKEN_BYTES) != 0) {
        receipt->outcome = OUTCOME_NOT_APPLIED;
        receipt->reasons = VERDICT_TOKEN;
        return false;
    }
    return true;
}

void rig_activate(struct rig *rig, const struct therapy *therapy, bool retitrated, struct receipt *receipt)
{
    struct command command = { .kind = COMMAND_ACTIVATE, .retitrated = retitrated };
    if (rig_stage(rig, therapy, command.token, receipt))
        rig_command(rig, ROLE_CLINICIAN, &command, receipt);
}

/* What a clinician believes to have left behind: nothing when all was asked for, else what the pump had calculated less
 * what came out. */
static int64_t left_by_account(struct rig *rig, vol_nl asked, vol_nl withdrawn)
{
    struct pump_status status;
    rig_status(rig, &status);
    int64_t left = nl_of_fl(status.remaining).nl - withdrawn.nl;
    return asked.nl < 0 || left < 0 ? 0 : left;
}

bool rig_refill_plan(struct rig *rig, const struct rig_refill *refill, struct command *command,
                     struct rig_transfer *transfer)
{
    /* What the syringe shows is a whole number of nanolitres; less than one stays behind. */
    double there = rig->twin.reservoir_m3;
    vol_nl all = { (int64_t)(there * 1e12 + 1e-3) };
    *command = (struct command){ .kind = COMMAND_REFILL, .retitrated = refill->retitrated, .refill = refill->told };
    if (refill->told.withdrawn.nl < 0 || refill->told.withdrawn.nl > all.nl)
        command->refill.withdrawn = all;
    if (refill->told.left.nl < 0)
        command->refill.left.nl = left_by_account(rig, refill->told.withdrawn, command->refill.withdrawn);
    command->refill.activate = refill->activate != NULL;
    /* All means all, the part of a nanolitre included that no syringe shows. */
    bool whole = command->refill.withdrawn.nl == all.nl;
    *transfer = (struct rig_transfer){ .withdrawn_m3 = whole ? there : rig_m3(command->refill.withdrawn),
                                       .filled_m3 = rig_m3(command->refill.filled),
                                       .fluid = rig_fluid(&command->refill.fill) };
    return twin_can_fill(&rig->twin, transfer->withdrawn_m3, transfer->filled_m3, &transfer->fluid);
}

void rig_refill_move(struct rig *rig, const struct rig_transfer *transfer)
{
    (void)twin_withdraw(&rig->twin, transfer->withdrawn_m3);
    rig->stuck |= !twin_fill(&rig->twin, transfer->filled_m3, &transfer->fluid); /* cannot be: the plan asked for it */
}

bool rig_refill(struct rig *rig, const struct rig_refill *refill, struct receipt *receipt)
{
    struct command command;
    struct rig_transfer transfer;
    if (!rig_refill_plan(rig, refill, &command, &transfer)) /* found before the pump is told */
        return false;
    if (refill->activate != NULL && !rig_stage(rig, refill->activate, command.token, receipt))
        return true;
    tell(rig, ROLE_CLINICIAN, &command, receipt);
    while (rig->power.unheard && rig_runs(rig)) /* ends: no more cuts wait than RIG_CUTS_MAX */
        tell_again(rig, receipt);
    if (receipt->outcome == OUTCOME_APPLIED)
        rig_refill_move(rig, &transfer);
    step(rig);
    return true;
}
