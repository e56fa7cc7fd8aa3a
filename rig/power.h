/* power.h - how the pump's software starts, and all that ends it: power that goes at a chosen operation or door, resets,
 * a core that hangs until the watchdog barks, a clock that is wrong. docs/decisions/0011-power-cuts.md. Plain data. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_POWER_H
#define RIG_POWER_H

#include "core/command.h"
#include "pump/pump.h"
#include "rig/clock.h"
#include "twin/hardware/hardware.h"

struct rig;

/* What becomes of the retained memory. */
enum rig_memory {
    RIG_MEMORY_KEPT,
    RIG_MEMORY_LOST,    /* all zero */
    RIG_MEMORY_FLIPPED, /* some bits, chosen by the twin's seed */
    RIG_MEMORY_ONES,
    RIG_MEMORY_RANDOM
};

struct rig_reset {
    enum boot_cause cause; /* BOOT_WATCHDOG and BOOT_COMMAND: the core alone starts again; else all loses power */
    span_ms off;           /* how long nothing runs */
    enum rig_memory memory;
    uint32_t flips;        /* bits, when FLIPPED */
    bool clock_lost;       /* the pump's clock begins again at 0 */
};
void rig_reset_as(struct rig *rig, const struct rig_reset *reset);
/* The plain one: power is cut and comes back at once; one bit is flipped, if any. */
void rig_reset(struct rig *rig, enum rig_memory memory);

/* Power goes in the middle of what the pump's software does: the core stops there and then, `struct pump` is lost, the
 * pump starts again (BOOT_BROWN_OUT) after `off`. */
struct rig_cut {
    uint64_t flash_operation; /* the nth from now, 1 the next (see twin/hardware/flash.h); or 0, and then */
    uint64_t door;            /* at the nth door call from now, before it does anything; 1 the next */
    enum flash_cut phase;     /* of a flash operation */
    span_ms off;
};
enum { RIG_CUTS_MAX = 8 };
/* When one is asked for already, this one counts from the boot after it: so power is cut while the pump starts. False
 * when RIG_CUTS_MAX are asked for. */
MUST_USE bool rig_cut(struct rig *rig, const struct rig_cut *cut);
MUST_USE bool rig_cut_at_flash(struct rig *rig, uint64_t operation_from_now, enum flash_cut phase);
MUST_USE bool rig_cut_at_door(struct rig *rig, uint64_t door_from_now);
/* Forgets all cuts that have not happened. */
void rig_cut_none(struct rig *rig);
/* Flash operations so far, ever. */
uint64_t rig_flash_operations(const struct rig *rig);
/* Did power go, by a cut asked for as above, since the last command was begun? */
bool rig_was_cut(const struct rig *rig);
/* Did the last command get no receipt? Power went before there was one, or the core was off or hung. */
bool rig_unheard(const struct rig *rig);
/* Does the core run? Not while it is off, nor while it hangs. */
bool rig_runs(const struct rig *rig);

/* When something happens next, to the core or without it. */
instant_ms rig_next(const struct rig *rig);

/* What the pump would have told when it last stopped, however often it has started since; once for each time. False when it
 * has not stopped, or does not run again yet. */
bool rig_restarted(struct rig *rig, struct pump_status *before, enum boot_cause *cause);

/* The core does not answer its next wake. The watchdog barks when that is so long ago. */
enum { RIG_WATCHDOG_MS = 60000 };
void rig_hang(struct rig *rig);

/* The pump's software asked to be started again: with another image of it, or the one before. So long nothing runs; a guess at
 * what the boot code takes for looking through an image of 128 KiB. */
enum { RIG_RESTART_MS = 500 };

/* From now on the pump's clock runs fast (or slow) by this. */
void rig_clock_drift(struct rig *rig, int32_t ppm);
/* What the pump's clock shows. */
instant_ms rig_tick(const struct rig *rig);

struct power {
    struct clock_map clock;
    instant_ms on_at;       /* when the core starts again; INSTANT_NEVER while it runs */
    struct rig_reset reset; /* how */
    bool hang;              /* the next wake will not be answered */
    bool was_cut, unheard;
    uint8_t image;          /* slot whose image runs, as the boot code chose (pump/chooser.h) */
    bool stopped;           /* and nobody has asked yet what it told */
    struct pump_status before;
    uint32_t cuts;          /* that happened */
    uint32_t waiting;       /* cuts asked for, the one that the twin waits for first */
    struct rig_cut cut[RIG_CUTS_MAX];
};

/* The rest is for the rig itself. */

/* One entry into the pump's software. */
struct power_call {
    enum power_entry { ENTRY_BOOT, ENTRY_STEP, ENTRY_COMMAND, ENTRY_RADIO } entry;
    struct sender sender;
    const uint8_t *bytes;
    size_t size;
    struct receipt *receipt;
};
/* False when power went meanwhile: then the pump has started again, or will at `on_at`. */
bool power_enter(struct rig *rig, const struct power_call *call);
/* The core starts for the first time. */
void power_start(struct rig *rig);
/* Is there anything at all that the quick loop does not know? */
static inline bool power_odd(const struct power *power)
{
    return power->on_at.ms != INT64_MAX || power->hang || power->waiting != 0 || power->clock.odd;
}
/* The pump's software has asked to be started again: does so. */
void power_restart(struct rig *rig);
/* As rig_run_until() and rig_run_to_event(), with everything above. */
bool power_run(struct rig *rig, instant_ms until, bool to_event);

#endif
