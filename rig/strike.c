// SPDX-License-Identifier: Apache-2.0
#include "rig/strike.h"

#include "core/catalog.h"

void strike_plan(struct life *life)
{
    for (unsigned fault = 0; fault < FAULTS; fault++) {
        int64_t wait = dice_wait(&life->fault_dice, life->mix.per_thousand_years[fault]);
        life->next_fault_ms[fault] = wait == INT64_MAX ? INT64_MAX : life->rig.now.ms + wait;
        life->fault_until_ms[fault] = INT64_MAX;
    }
}

int64_t strike_next(const struct life *life)
{
    int64_t next = INT64_MAX;
    for (unsigned fault = 0; fault < FAULTS; fault++) {
        next = life->next_fault_ms[fault] < next ? life->next_fault_ms[fault] : next;
        next = life->fault_until_ms[fault] < next ? life->fault_until_ms[fault] : next;
    }
    return next;
}

static void flip(struct life *life)
{
    int64_t bit = dice_between(&life->fault_dice, 0, RETAINED_BYTES * 8 - 1);
    life->rig.twin.retained[bit / 64] ^= (uint64_t)1 << bit % 64;
}

/* What will be taken as having noticed it, by when, and whether it must be. */
static void expect(struct life *life, enum fault fault, uint8_t alarm, uint16_t event, uint64_t quanta, int64_t ms, bool must)
{
    struct oracle_wait wait = { .fault = fault + 1, .alarm = { alarm }, .event = { event }, .must = must };
    if (fault == FAULT_FLIP || fault == FAULT_FLIP_TWO || fault == FAULT_BROWN_OUT_FLIP)
        wait.event[1] = EVENT_MENDED;
    if (fault_row(fault)->silent)
        wait.alarm[1] = ALARM_REFILL_SHORTFALL;
    (void)oracle_expect(&life->oracle, &wait, quanta, ms);
}

static void brown_out(struct life *life, enum rig_memory memory)
{
    oracle_time(&life->oracle, life->rig.now.ms);
    rig_reset(&life->rig, memory);
    life->report.resets++;
    life_booted(life, memory != RIG_MEMORY_LOST);
}

static void mechanism(struct life *life, enum fault fault, enum twin_fault kind, double amount, int64_t lasts_ms)
{
    twin_set_fault(&life->rig.twin, kind, amount);
    life->fault_until_ms[fault] = life->rig.now.ms + lasts_ms;
    oracle_disturbed(&life->oracle, life->rig.now.ms, lasts_ms);
    if (fault != FAULT_STALL && fault != FAULT_SENSOR)
        life->mechanism_sound = false;
    if (fault == FAULT_OVERINFUSION)
        oracle_overinfused(&life->oracle, life->rig.now.ms + lasts_ms, amount);
    if (fault != FAULT_STALL && fault != FAULT_SENSOR)
        expect(life, fault, ALARM_REFILL_EXCESS, 0, 0, lasts_ms + 90 * (int64_t)DAY_MS, false);
}

static void strike(struct life *life, enum fault fault)
{
    struct dice *dice = &life->fault_dice;
    int64_t lasts = dice_scale(dice, 60000, 10 * (int64_t)DAY_MS);
    double share = (double)dice_between(dice, 5, 95) / 100.0;
    oracle_disturbed(&life->oracle, life->rig.now.ms, 0);
    life->report.injected[fault]++;
    switch (fault) {
    case FAULT_BROWN_OUT:
        expect(life, fault, 0, EVENT_BOOT, 0, 0, true);
        brown_out(life, RIG_MEMORY_KEPT);
        break;
    case FAULT_BROWN_OUT_TWICE:
        expect(life, fault, 0, EVENT_BOOT, 0, 0, true);
        brown_out(life, RIG_MEMORY_KEPT);
        life_pass(life, life->rig.now.ms + dice_scale(dice, 1, 2000));
        brown_out(life, RIG_MEMORY_KEPT);
        break;
    case FAULT_BROWN_OUT_FLIP:
        expect(life, fault, 0, EVENT_MEMORY_LOST, 0, 26 * (int64_t)HOUR_MS, false);
        flip(life);
        brown_out(life, RIG_MEMORY_KEPT);
        break;
    case FAULT_MEMORY_LOST:
        expect(life, fault, ALARM_MEMORY_LOST, EVENT_MEMORY_LOST, 0, 0, true);
        brown_out(life, RIG_MEMORY_LOST);
        break;
    case FAULT_FLIP_TWO:
        flip(life);
        flip(life);
        expect(life, fault, 0, EVENT_MEMORY_LOST, 0, 26 * (int64_t)HOUR_MS, false);
        break;
    case FAULT_FLIP:
        flip(life);
        expect(life, fault, 0, EVENT_MEMORY_LOST, 0, 26 * (int64_t)HOUR_MS, false);
        break;
    case FAULT_STALL:
        expect(life, fault, ALARM_MOTOR_STALL, EVENT_STALL, 2, 10000, true);
        mechanism(life, fault, TWIN_FAULT_STALL, 1, lasts);
        break;
    case FAULT_SLIP:
        mechanism(life, fault, TWIN_FAULT_SLIP, share, lasts);
        break;
    case FAULT_OVERINFUSION:
        mechanism(life, fault, TWIN_FAULT_OVERINFUSION, 1 + share, lasts);
        break;
    case FAULT_KINK:
        mechanism(life, fault, TWIN_FAULT_KINK, share, lasts);
        break;
    case FAULT_OCCLUSION:
        mechanism(life, fault, TWIN_FAULT_OCCLUSION, 1, lasts);
        break;
    case FAULT_LEAK:
        mechanism(life, fault, TWIN_FAULT_LEAK, share, lasts);
        break;
    case FAULT_DISCONNECTION:
        mechanism(life, fault, TWIN_FAULT_DISCONNECTION, 1, lasts);
        break;
    case FAULT_SENSOR:
        expect(life, fault, 0, EVENT_SENSOR, 0, 30 * (int64_t)DAY_MS, false);
        mechanism(life, fault, TWIN_FAULT_SENSOR_STUCK, 1, lasts);
        break;
    case FAULTS:
        break;
    }
}

static const enum twin_fault KIND[FAULTS] = {
    [FAULT_STALL] = TWIN_FAULT_STALL, [FAULT_SLIP] = TWIN_FAULT_SLIP, [FAULT_OVERINFUSION] = TWIN_FAULT_OVERINFUSION,
    [FAULT_KINK] = TWIN_FAULT_KINK, [FAULT_OCCLUSION] = TWIN_FAULT_OCCLUSION, [FAULT_LEAK] = TWIN_FAULT_LEAK,
    [FAULT_DISCONNECTION] = TWIN_FAULT_DISCONNECTION, [FAULT_SENSOR] = TWIN_FAULT_SENSOR_STUCK,
};

/* Over before it could be noticed: then it need not be. */
static void end(struct life *life, enum fault fault)
{
    twin_set_fault(&life->rig.twin, KIND[fault], 0);
    life->fault_until_ms[fault] = INT64_MAX;
    oracle_disturbed(&life->oracle, life->rig.now.ms, 0);
    for (unsigned i = 0; fault == FAULT_STALL && i < ORACLE_WAITS; i++)
        if (life->oracle.wait[i].fault == fault + 1)
            life->oracle.wait[i].must = false;
}

void strike_due(struct life *life)
{
    for (unsigned i = 0; i < FAULTS; i++) {
        enum fault fault = (enum fault)i;
        if (life->rig.now.ms >= life->fault_until_ms[fault])
            end(life, fault);
        if (life->rig.now.ms >= life->next_fault_ms[fault]) {
            life->next_fault_ms[fault] =
                life->rig.now.ms + dice_wait(&life->fault_dice, life->mix.per_thousand_years[fault]);
            if (life->fault_until_ms[fault] == INT64_MAX) /* one of a kind at a time */
                strike(life, fault);
        }
    }
}

void strike_count(struct life *life)
{
    bool answered;
    for (int fault; (fault = oracle_told(&life->oracle, &answered)) >= 0;) {
        life->report.detected[fault - 1] += answered;
        life->report.silent[fault - 1] += !answered && fault_row((enum fault)(fault - 1))->silent;
    }
}
