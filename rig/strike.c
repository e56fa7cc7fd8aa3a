// SPDX-License-Identifier: Apache-2.0
#include "rig/strike.h"

#include "core/catalog.h"

enum { DRIFT_PPM_MAX = 200 }; /* a guess: ten times a usual crystal */

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

static void reset(struct life *life, const struct rig_reset *reset)
{
    bool lost = reset->memory != RIG_MEMORY_KEPT && reset->memory != RIG_MEMORY_FLIPPED;
    oracle_time(&life->oracle, life_tick(life));
    life->memory_lost |= lost;
    rig_reset_as(&life->rig, reset);
    life_observe(life);
}

static void brown_out(struct life *life)
{
    reset(life, &(struct rig_reset){ .cause = BOOT_BROWN_OUT });
}

/* A fault that lasts, in the twin; 0: none of the twin's. */
static const struct lasting {
    bool is;
    enum twin_fault kind;
} LASTING[FAULTS] = {
    [FAULT_STALL] = { true, TWIN_FAULT_STALL },
    [FAULT_FIELD] = { true, TWIN_FAULT_FIELD },
    [FAULT_MAGNET] = { true, TWIN_FAULT_MAGNET },
    [FAULT_SLIP] = { true, TWIN_FAULT_SLIP },
    [FAULT_OVERINFUSION] = { true, TWIN_FAULT_OVERINFUSION },
    [FAULT_LOAD] = { true, TWIN_FAULT_LOAD },
    [FAULT_KINK] = { true, TWIN_FAULT_KINK },
    [FAULT_OCCLUSION] = { true, TWIN_FAULT_OCCLUSION },
    [FAULT_LEAK] = { true, TWIN_FAULT_LEAK },
    [FAULT_DISCONNECTION] = { true, TWIN_FAULT_DISCONNECTION },
    [FAULT_SENSOR_STUCK] = { true, TWIN_FAULT_SENSOR_STUCK },
    [FAULT_SENSOR_WRONG] = { true, TWIN_FAULT_SENSOR_WRONG },
    [FAULT_TEMPERATURE] = { true, TWIN_FAULT_TEMPERATURE },
    [FAULT_LEAKAGE] = { true, TWIN_FAULT_LEAKAGE },
    [FAULT_SOUNDER_DEAD] = { true, TWIN_FAULT_SOUNDER_DEAD },
};

static void begin(struct life *life, enum fault fault, double amount, int64_t lasts_ms)
{
    twin_set_fault(&life->rig.twin, LASTING[fault].kind, amount);
    life->fault_until_ms[fault] = life->rig.now.ms + lasts_ms;
    oracle_disturbed(&life->oracle, life_tick(life), lasts_ms);
    life->oracle.cuts += fault == FAULT_STALL || fault == FAULT_FIELD; /* a quantum under way has moved in part */
    if (fault_row(fault)->silent) {
        life->mechanism_sound = false;
        expect(life, fault, ALARM_REFILL_EXCESS, 0, 0, lasts_ms + 90 * (int64_t)DAY_MS, false);
    }
    if (fault == FAULT_KINK || fault == FAULT_OCCLUSION) { /* what was pressed upon comes out at its end, unasked */
        life->blind_until_ms = life->rig.now.ms + lasts_ms + 25 * (int64_t)HOUR_MS;
        life->oracle.blind = true;
    }
    if (fault == FAULT_OVERINFUSION)
        oracle_overinfused(&life->oracle, life->rig.now.ms + lasts_ms, amount);
}

static void strike_lasting(struct life *life, enum fault fault)
{
    struct dice *dice = &life->fault_dice;
    int64_t lasts = dice_scale(dice, 60000, 10 * (int64_t)DAY_MS);
    double share = (double)dice_between(dice, 5, 95) / 100.0;
    double amount = 1;
    if (fault == FAULT_SLIP || fault == FAULT_KINK || fault == FAULT_LEAK)
        amount = share;
    if (fault == FAULT_OVERINFUSION || fault == FAULT_LOAD || fault == FAULT_SENSOR_WRONG)
        amount = 1 + share;
    if (fault == FAULT_TEMPERATURE)
        amount = 37 + 20 * share;
    if (fault == FAULT_LEAKAGE)
        amount = 2000 * share;
    /* The field opens the valves of that model and empties it into the patient: its rule is to be emptied before. */
    if (fault == FAULT_FIELD && life->implant.model->mechanism == MECHANISM_VALVE)
        return;
    bool jammed = life->rig.twin.driver.jammed || life->rig.pump.stalled; /* then the alarm stands already */
    if (fault == FAULT_STALL || fault == FAULT_FIELD)
        expect(life, fault, ALARM_MOTOR_STALL, fault == FAULT_FIELD ? EVENT_FIELD : EVENT_STALL, 2, 10000, !jammed);
    else if (!fault_row(fault)->silent)
        expect(life, fault, 0, EVENT_SENSOR, 0, lasts, false);
    life->report.injected[fault]++;
    begin(life, fault, amount, lasts);
}

static void strike_core(struct life *life, enum fault fault)
{
    struct dice *dice = &life->fault_dice;
    struct rig_reset off = { .cause = BOOT_POWER, .off = { dice_scale(dice, 1, 4 * (int64_t)HOUR_MS) } };
    /* A hang shows at the next wake, an hour away at most; and a cut that waits can meet the boot and last an hour. */
    expect(life, fault, 0, EVENT_BOOT, 0, 3 * (int64_t)HOUR_MS + off.off.ms, true);
    switch ((int)fault) {
    case FAULT_BROWN_OUT:
        brown_out(life);
        break;
    case FAULT_BROWN_OUT_TWICE:
        brown_out(life);
        life_pass(life, life->rig.now.ms + dice_scale(dice, 1, 2000));
        brown_out(life);
        break;
    case FAULT_POWER_OFF:
        reset(life, &off);
        break;
    case FAULT_HANG:
        rig_hang(&life->rig);
        break;
    case FAULT_MEMORY_RANDOM:
        off.memory = RIG_MEMORY_RANDOM;
        reset(life, &off);
        break;
    case FAULT_MEMORY_LOST:
        off.memory = dice_once_in(dice, 2) ? RIG_MEMORY_LOST : RIG_MEMORY_ONES;
        reset(life, &off);
        break;
    case FAULT_CLOCK_LOST:
        off.memory = RIG_MEMORY_LOST;
        off.clock_lost = true;
        reset(life, &off);
        break;
    default:
        break;
    }
}

/* Faults that wait for the flash or a door to be used. */
static void strike_waiting(struct life *life, enum fault fault)
{
    struct dice *dice = &life->fault_dice;
    struct rig_cut cut = { .phase = (enum flash_cut)dice_between(dice, FLASH_CUT_BEFORE, FLASH_CUT_DURING),
                           .off = { dice_once_in(dice, 2) ? 0 : dice_scale(dice, 1, HOUR_MS) } };
    if (fault == FAULT_CUT_DOOR)
        cut.door = (uint64_t)dice_scale(dice, 1, 2000);
    else
        cut.flash_operation = (uint64_t)dice_scale(dice, 1, 100);
    if (fault == FAULT_FLASH_FAIL)
        flash_fail_at(&life->rig.twin.flash, life->rig.twin.flash.operations + cut.flash_operation);
    else if (!rig_cut(&life->rig, &cut))
        return;
    life->fault_until_ms[fault] = life->rig.now.ms + 2 * (int64_t)DAY_MS;
    oracle_disturbed(&life->oracle, life_tick(life), 2 * (int64_t)DAY_MS);
    expect(life, fault, ALARM_STORE_WORN, fault == FAULT_FLASH_FAIL ? EVENT_STORE_FAILED : EVENT_BOOT, 0,
           2 * (int64_t)DAY_MS, false);
}

static void strike(struct life *life, enum fault fault)
{
    struct dice *dice = &life->fault_dice;
    if (LASTING[fault].is) {
        strike_lasting(life, fault);
        return;
    }
    bool flash = fault == FAULT_CUT_FLASH || fault == FAULT_FLASH_FLIP || fault == FAULT_FLASH_FAIL;
    if (flash && !life->oracle.storage)
        return; /* this pump's software does not use its flash */
    oracle_disturbed(&life->oracle, life_tick(life), 0);
    life->report.injected[fault]++;
    switch ((int)fault) {
    case FAULT_BROWN_OUT_FLIP:
    case FAULT_FLIP_TWO:
    case FAULT_FLIP:
        expect(life, fault, 0, EVENT_MEMORY_LOST, 0, 26 * (int64_t)HOUR_MS, false);
        flip(life);
        if (fault == FAULT_FLIP_TWO)
            flip(life);
        if (fault == FAULT_BROWN_OUT_FLIP)
            brown_out(life);
        break;
    case FAULT_FLASH_FLIP:
        expect(life, fault, ALARM_STORE_DAMAGED, EVENT_STORE_FAILED, 0, 40 * (int64_t)DAY_MS, false);
        flash_flip(&life->rig.twin.flash, (uint64_t)dice_between(dice, 0, (int64_t)FLASH_BYTES * 8 - 1));
        break;
    case FAULT_CUT_DOOR:
    case FAULT_CUT_FLASH:
    case FAULT_FLASH_FAIL:
        strike_waiting(life, fault);
        break;
    case FAULT_DRIFT:
        rig_clock_drift(&life->rig, (int32_t)dice_between(dice, -DRIFT_PPM_MAX, DRIFT_PPM_MAX));
        life->fault_until_ms[fault] = life->rig.now.ms + dice_scale(dice, HOUR_MS, 30 * (int64_t)DAY_MS);
        oracle_disturbed(&life->oracle, life_tick(life), life->fault_until_ms[fault] - life->rig.now.ms);
        break;
    default:
        strike_core(life, fault);
        break;
    }
}

/* Over before it could be noticed: then it need not be. */
static void end(struct life *life, enum fault fault)
{
    if (LASTING[fault].is)
        twin_set_fault(&life->rig.twin, LASTING[fault].kind, 0);
    if (fault == FAULT_CUT_DOOR || fault == FAULT_CUT_FLASH)
        rig_cut_none(&life->rig);
    if (fault == FAULT_DRIFT)
        rig_clock_drift(&life->rig, 0);
    life->fault_until_ms[fault] = INT64_MAX;
    oracle_disturbed(&life->oracle, life_tick(life), 0);
    for (unsigned i = 0; i < ORACLE_WAITS; i++)
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
            if (life->fault_until_ms[fault] == INT64_MAX && rig_runs(&life->rig)) /* one of a kind at a time */
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
