/* power.c - the pump's software is entered, stopped in the middle, and started again. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/power.h"

#include <setjmp.h>
#include <string.h>

#include "pump/chooser.h"
#include "rig/chip/chip.h"
#include "rig/rig.h"

instant_ms rig_tick(const struct rig *rig)
{
    return clock_tick(&rig->power.clock, rig->now);
}

/* Makes the twin wait for the first of the cuts that are asked for. */
static void cut_arm(struct rig *rig)
{
    const struct rig_cut *cut = &rig->power.cut[0];
    flash_cut_at(&rig->twin.flash, 0, FLASH_CUT_BEFORE);
    rig->twin.cut.doors = 0;
    if (rig->power.waiting == 0)
        return;
    if (cut->flash_operation != 0)
        flash_cut_at(&rig->twin.flash, rig->twin.flash.operations + cut->flash_operation, cut->phase);
    else
        rig->twin.cut.doors = cut->door;
}

bool rig_cut(struct rig *rig, const struct rig_cut *cut)
{
    struct power *power = &rig->power;
    if (power->waiting == RIG_CUTS_MAX || (cut->flash_operation == 0 && cut->door == 0))
        return false;
    power->cut[power->waiting++] = *cut;
    if (power->waiting == 1)
        cut_arm(rig);
    return true;
}

bool rig_cut_at_flash(struct rig *rig, uint64_t operation_from_now, enum flash_cut phase)
{
    return rig_cut(rig, &(struct rig_cut){ .flash_operation = operation_from_now, .phase = phase });
}

bool rig_cut_at_door(struct rig *rig, uint64_t door_from_now)
{
    return rig_cut(rig, &(struct rig_cut){ .door = door_from_now });
}

void rig_cut_none(struct rig *rig)
{
    rig->power.waiting = 0;
    rig->twin.flash.cut_due = INSTANT_NEVER;
    cut_arm(rig);
}

uint64_t rig_flash_operations(const struct rig *rig)
{
    return rig->twin.flash.operations;
}

bool rig_was_cut(const struct rig *rig)
{
    return rig->power.was_cut;
}

bool rig_unheard(const struct rig *rig)
{
    return rig->power.unheard;
}

bool rig_runs(const struct rig *rig)
{
    return rig->power.on_at.ms == INT64_MAX;
}

/* Longer than anything lasts. */
#define FOR_GOOD_MS (INT64_C(1) << 60)

/* Into the software, with the board as it is now. */
static void enter(struct rig *rig, const struct power_call *call)
{
    struct board board = twin_board(&rig->twin);
    instant_ms tick = rig_tick(rig);
    if (rig->chip != NULL) {
        (void)chip_enter(rig->chip, rig, call);
        return;
    }
    board.image = rig->power.image;
    switch (call->entry) {
    case ENTRY_BOOT:
        board.boot_cause = (uint8_t)rig->power.reset.cause;
        board.clock_lost = rig->power.reset.clock_lost;
        board.image = rig->power.image = chooser_slot(&board, &rig->unit);
        memset(&rig->pump, 0, sizeof rig->pump);
        pump_boot(&rig->pump, &board, &rig->unit, tick);
        rig->wake = clock_true(&rig->power.clock, pump_step(&rig->pump, &board, tick));
        break;
    case ENTRY_STEP:
        rig->wake = clock_true(&rig->power.clock, pump_step(&rig->pump, &board, tick));
        break;
    case ENTRY_COMMAND:
        pump_command(&rig->pump, &board, tick, call->sender, call->bytes, call->size, call->receipt);
        break;
    case ENTRY_RADIO:
        pump_radio(&rig->pump, &board, tick);
        rig->wake = clock_true(&rig->power.clock, pump_step(&rig->pump, &board, tick));
        break;
    }
}

static void stop_core(void *context)
{
    longjmp(*(jmp_buf *)context, 1);
}

/* Did the core come to the end of its wake? One that is linked in comes there or crashes this program. */
static bool core_whole(const struct rig *rig)
{
    return rig->chip == NULL || chip_end(rig->chip) == CHIP_SLEEPS;
}

/* The same; false when power went in one of the doors, or the core has failed. Only then is there anything to jump back to. */
static bool enter_guarded(struct rig *rig, const struct power_call *call)
{
    jmp_buf stopped;
    if (rig->power.waiting == 0) {
        enter(rig, call);
        return core_whole(rig);
    }
    rig->twin.cut.strike = stop_core;
    rig->twin.cut.context = &stopped;
    if (setjmp(stopped) == 0)
        enter(rig, call);
    else if (rig->chip != NULL)
        chip_struck(rig->chip, rig);
    rig->twin.cut.strike = NULL;
    rig->twin.cut.context = NULL;
    return !rig->twin.cut.struck && core_whole(rig);
}

static void memory_change(struct rig *rig, const struct rig_reset *reset)
{
    struct twin *twin = &rig->twin;
    switch (reset->memory) {
    case RIG_MEMORY_KEPT:
        break;
    case RIG_MEMORY_LOST:
        memset(twin->retained, 0, sizeof twin->retained);
        break;
    case RIG_MEMORY_ONES:
        memset(twin->retained, 0xFF, sizeof twin->retained);
        break;
    case RIG_MEMORY_RANDOM:
        for (unsigned i = 0; i < RETAINED_BYTES / 8; i++)
            twin->retained[i] = chance_bits(twin->seed, twin->random_counter++);
        break;
    case RIG_MEMORY_FLIPPED:
        for (uint32_t i = 0; i < reset->flips; i++) {
            uint64_t chance = chance_bits(twin->seed, twin->random_counter++);
            twin->retained[chance / 64 % (RETAINED_BYTES / 8)] ^= (uint64_t)1 << chance % 64;
        }
        break;
    }
}

static bool loses_power(enum boot_cause cause)
{
    return cause == BOOT_POWER || cause == BOOT_BROWN_OUT;
}

/* The first time since somebody asked: a pump that was cut in its start has nothing new to tell. */
static void before_keep(struct rig *rig)
{
    struct board board = twin_board(&rig->twin);
    if (rig->power.stopped || (rig->chip != NULL && !chip_pictured(rig->chip)))
        return;
    board.doors = &twin_doors;
    pump_status(&rig->pump, &board, rig_tick(rig), &rig->power.before);
    rig->power.stopped = true;
}

bool rig_restarted(struct rig *rig, struct pump_status *before, enum boot_cause *cause)
{
    if (!rig->power.stopped || !rig_runs(rig))
        return false;
    *before = rig->power.before;
    *cause = rig->power.reset.cause;
    rig->power.stopped = false;
    return true;
}

/* The core has stopped, and will start again as `reset` says. */
static void core_stops(struct rig *rig, const struct rig_reset *reset)
{
    before_keep(rig);
    if (loses_power(reset->cause))
        twin_power_cut(&rig->twin);
    rig->power.hang = false;
    rig->twin.restart = false;
    rig->power.reset = *reset;
    rig->power.on_at.ms = rig->now.ms + reset->off.ms;
}

/* A cut that was asked for has happened: the next one waits for the boot. */
static void cut_happened(struct rig *rig)
{
    struct power *power = &rig->power;
    struct rig_reset reset = { .cause = BOOT_BROWN_OUT, .off = power->cut[0].off };
    core_stops(rig, &reset);
    power->was_cut = true;
    power->cuts++;
    power->waiting--;
    memmove(&power->cut[0], &power->cut[1], power->waiting * sizeof power->cut[0]);
    cut_arm(rig);
}

/* The core does not answer its wake, and after a minute the watchdog barks. */
static void core_hangs(struct rig *rig)
{
    before_keep(rig);
    rig->power.hang = false;
    rig->power.reset = (struct rig_reset){ .cause = BOOT_WATCHDOG };
    rig->power.on_at.ms = rig->now.ms + RIG_WATCHDOG_MS;
}

/* The core did not come to the end of its wake. A fault of its own starts it again as its watchdog would; when there is no chip
 * any more nothing runs, and the run ends. */
static void core_fails(struct rig *rig)
{
    enum chip_end end = rig->chip != NULL && !rig->twin.cut.struck ? chip_end(rig->chip) : CHIP_STRUCK;
    switch (end) {
    case CHIP_SLEEPS:
    case CHIP_STRUCK:
        cut_happened(rig);
        break;
    case CHIP_FAULTED:
        core_stops(rig, &(struct rig_reset){ .cause = BOOT_WATCHDOG, .off = { RIG_RESTART_MS } });
        break;
    case CHIP_HANGS:
        core_hangs(rig);
        break;
    case CHIP_LOST:
        rig->stuck = true;
        core_stops(rig, &(struct rig_reset){ .cause = BOOT_WATCHDOG, .off = { FOR_GOOD_MS } });
        break;
    }
}

void power_restart(struct rig *rig)
{
    core_stops(rig, &(struct rig_reset){ .cause = BOOT_COMMAND, .off = { RIG_RESTART_MS } });
}

/* The same, and then what the software asked for. */
static bool enter_whole(struct rig *rig, const struct power_call *call)
{
    bool whole = enter_guarded(rig, call);
    if (whole && rig->twin.restart)
        power_restart(rig);
    return whole;
}

/* The core starts, and starts again as long as power is cut in its start: at most as often as cuts wait. */
static void core_starts(struct rig *rig)
{
    const struct power_call call = { .entry = ENTRY_BOOT };
    while (rig->power.on_at.ms <= rig->now.ms) {
        memory_change(rig, &rig->power.reset);
        if (rig->power.reset.clock_lost)
            clock_lose(&rig->power.clock, rig->now);
        rig->power.on_at = INSTANT_NEVER;
        twin_miss_frames(&rig->twin);
        rig->resets++;
        if (!enter_whole(rig, &call))
            core_fails(rig);
    }
}

void power_start(struct rig *rig)
{
    rig->power.reset = (struct rig_reset){ .cause = BOOT_POWER };
    rig->power.on_at = rig->now;
    core_starts(rig);
    rig->resets = 0; /* the first start is none */
}

bool power_enter(struct rig *rig, const struct power_call *call)
{
    if (!rig_runs(rig))
        return false;
    if (rig->power.hang) {
        core_hangs(rig);
        return false;
    }
    if (enter_whole(rig, call))
        return true;
    core_fails(rig);
    core_starts(rig);
    return false;
}

void rig_reset_as(struct rig *rig, const struct rig_reset *reset)
{
    core_stops(rig, reset);
    core_starts(rig);
}

void rig_reset(struct rig *rig, enum rig_memory memory)
{
    rig_reset_as(rig, &(struct rig_reset){ .cause = BOOT_BROWN_OUT, .memory = memory, .flips = 1 });
}

void rig_hang(struct rig *rig)
{
    rig->power.hang = rig_runs(rig);
}

void rig_clock_drift(struct rig *rig, int32_t ppm)
{
    clock_drift(&rig->power.clock, rig->now, ppm);
    rig->wake = rig->now; /* what it asked for was said by the clock as it ran before: it may look again */
}

/* Time without the core: the twin goes on alone. */
static void pass_alone(struct rig *rig, instant_ms to)
{
    while (twin_next(&rig->twin).ms <= to.ms)
        twin_advance(&rig->twin, twin_next(&rig->twin));
    twin_advance(&rig->twin, to);
    rig->now = to;
}

instant_ms rig_next(const struct rig *rig)
{
    if (!rig_runs(rig))
        return rig->power.on_at;
    return instant_min(instant_min(rig->wake, twin_next(&rig->twin)), rig->twin.flash.cut_due);
}

static void happen(struct rig *rig)
{
    const struct power_call wake = { .entry = ether_waits(&rig->twin.ether, rig->now) ? ENTRY_RADIO : ENTRY_STEP };
    if (!rig_runs(rig)) {
        core_starts(rig);
    } else if (rig->now.ms >= rig->twin.flash.cut_due.ms) {
        cut_happened(rig);
        core_starts(rig);
    } else {
        (void)power_enter(rig, &wake);
    }
}

bool power_run(struct rig *rig, instant_ms until, bool to_event)
{
    enum { AT_ONE_INSTANT_MAX = 1000 };
    uint64_t last = to_event ? pump_log_last(&rig->pump) : 0;
    uint32_t resets = rig->resets;
    unsigned at_one_instant = 0;
    for (;;) {
        instant_ms next = rig_next(rig);
        if (next.ms > until.ms || rig->stuck)
            break;
        if (next.ms > rig->now.ms)
            at_one_instant = 0;
        else if (++at_one_instant > AT_ONE_INSTANT_MAX)
            rig->stuck = true;
        if (rig_runs(rig)) {
            rig->now.ms = next.ms > rig->now.ms ? next.ms : rig->now.ms;
            twin_advance(&rig->twin, rig->now);
        } else {
            pass_alone(rig, next.ms > rig->now.ms ? next : rig->now);
        }
        happen(rig);
        if (to_event && rig_runs(rig) && (pump_log_last(&rig->pump) != last || rig->resets != resets))
            return false;
    }
    if (until.ms > rig->now.ms)
        pass_alone(rig, until);
    return true;
}
