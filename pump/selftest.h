/* selftest.h - does the pump itself still work? All parts before the first delivery after each start, then one an hour;
 * and the copies that ordinary memory holds are worked out anew and compared, every hour and before each bolus.
 * REQ-PWR-04, -05, REQ-STOR-08, HZ-03, HZ-08.
 *
 * A failure is logged, raises an alarm that a clinician must clear, and drops to the therapy's safe rate, which is held until
 * then. It never resets. A sounder that is dead cannot make delivery wrong: it is told, and therapy goes on. A start
 * by the watchdog is told too; it counts among the resets (supervisor_booted). */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_SELFTEST_H
#define PUMP_SELFTEST_H

#include "pump/state.h"

/* Bits that name what failed: in the event, and in the standing facts. Frozen. */
enum selftest_bit {
    SELFTEST_RAM = 1,
    SELFTEST_CLOCK = 2,    /* the core's clock and the motor driver's run apart */
    SELFTEST_COUNT = 4,    /* the driver fired more or fewer quanta than it was told to */
    SELFTEST_SOUNDER = 8,
    SELFTEST_WATCHDOG = 16,
    SELFTEST_LEAKAGE = 32, /* current between the feedthroughs */
    SELFTEST_STORE = 64,   /* a record in flash */
    SELFTEST_UNIT = 128    /* the unit's constants, and nothing to restore them from */
};

/* What was mended, as the event mended tells it; retained memory and flash have numbers below 16. */
enum mended { MENDED_THERAPY = 16, MENDED_UNIT = 17, MENDED_FLOWS = 18, MENDED_MILESTONE = 19, MENDED_WORST = 20 };

/* When due: all parts at the first look after a start, one part an hour later on. Returns when the next is due. */
instant_ms selftest_look(struct pump *pump, const struct board *board, instant_ms now);
/* Is the program as it was activated? A working copy that differs from the stored bytes is reloaded; without sound bytes
 * the pump drops to its safe rate. */
void selftest_program(struct pump *pump, struct kept *kept, instant_ms now);
/* Is the safe state held because a test failed? */
bool selftest_holds(const struct pump *pump);
/* Patterns on words that are in use for nothing; they keep what they held. False when one does not take a pattern. */
bool selftest_words(volatile uint64_t *words, unsigned count);
/* Are the records in flash sound? Called after each that is damaged was written anew (pump/keep.h): so false means that the
 * therapy's could not be, or that flash takes no records and an old one has fallen too. */
bool selftest_store(const struct pump *pump, const struct board *board);

#endif
