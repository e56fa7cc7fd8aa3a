/* driver.h - the motor driver: a part of its own with its own supply, clock and counters, and the last thing that
 * can refuse to move. It fires on two complementary words and keeps a least interval and a budget of quanta by
 * itself. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_HARDWARE_DRIVER_H
#define TWIN_HARDWARE_DRIVER_H

#include <stdbool.h>

#include "board/board.h"
#include "core/quantity.h"

/* A window is 32 buckets; with the one being filled, 33 are summed: too careful by at most one bucket, never too
 * generous. */
enum {
    DRIVER_NO_KEY = -1,
    DRIVER_BUCKETS = 33,
    DRIVER_HOUR_BUCKET_MS = 112500,
    DRIVER_DAY_BUCKET_MS = 2700000,
    DRIVER_STALLS_TO_SOUND = 10, /* guess */
    DRIVER_REFUSALS = MOTOR_REFUSED_BUSY + 1
};
_Static_assert((DRIVER_BUCKETS - 1) * DRIVER_HOUR_BUCKET_MS == HOUR_MS, "32 buckets are an hour");
_Static_assert((DRIVER_BUCKETS - 1) * DRIVER_DAY_BUCKET_MS == DAY_MS, "32 buckets are a day");

/* Quanta fired in a rolling window. */
struct driver_window {
    int64_t ends_ms;   /* when the bucket being filled ends */
    int64_t bucket_ms;
    uint32_t sum;      /* over all buckets, the one being filled included */
    uint32_t closed;   /* over the closed ones: a quantum then costs one addition */
    uint32_t filling;  /* index of the bucket being filled; its place below is written when it closes */
    uint32_t bucket[DRIVER_BUCKETS];
};

struct driver {
    instant_ms due;          /* when the motion under way ends; INSTANT_NEVER when nothing moves */
    int64_t fired_ms;        /* when it last fired */
    int64_t run_ms;          /* how long the next motion will take: quantum_ms, or stall_ms while jammed */
    int64_t engine_key, governor_key, last_key; /* a 32-bit word or DRIVER_NO_KEY; last: of the last firing */
    uint32_t state;          /* enum motor_state of the motion */
    uint32_t refusal;        /* enum motor_refusal not yet fetched, or 0 */
    bool blocked;            /* the motion under way will end as a stall */
    bool jammed;             /* so will the next */
    uint32_t stalls_unheard; /* stalls in a row that nobody fetched */
    uint32_t fired;          /* quanta it fired, ever; begins again at 0 after 2^32 */
    double load_from, load_to; /* motor load over a new motor's: rises evenly from one to the other, */
    int64_t load_from_ms, load_to_ms; /* between these instants */
    int64_t quantum_ms, stall_ms;
    struct motor_budget budget;
    struct driver_window hour, day;
    uint32_t refused[DRIVER_REFUSALS]; /* how often it would not move, by enum motor_refusal; looked at by campaigns alone */
};

void driver_init(struct driver *driver, int64_t quantum_ms, int64_t stall_ms);
/* Holds this budget from now on, as given: whether values and complements agree is looked at before every firing.
 * What was fired before still counts. Until the first budget everything is refused as
 * MOTOR_REFUSED_BUDGET_DAMAGED. */
void driver_set_budget(struct driver *driver, const struct motor_budget *budget);
/* Writes one of the two words. The second of a pair is the trial: true when the motor now moves, else `refusal`
 * says why. Refused are words that are not complements, the word of the last firing again, a motion under way, a
 * damaged budget, an interval since the last firing below the budget's, and an hour or a day whose quanta would
 * pass the budget. Either way both words are used up. A motion under way is not disturbed by a refusal. */
static inline bool driver_key_engine(struct driver *driver, uint32_t key, instant_ms now);
static inline bool driver_key_governor(struct driver *driver, uint32_t key, instant_ms now);
/* The mechanism cannot turn (or can again): motions that begin from now on end as stalls at the driver's time limit. */
void driver_jam(struct driver *driver, bool jammed);
/* The motion under way cannot be completed: it will end as a stall at its time limit. */
void driver_block(struct driver *driver);
/* `due` has come and the quantum is confirmed. */
static inline void driver_done(struct driver *driver);
/* `due` has come for a blocked motion. True when the driver sounds the stall by itself, because nobody has fetched
 * the last DRIVER_STALLS_TO_SOUND of them. */
bool driver_stalled(struct driver *driver);
/* The motor load becomes `to` times a new motor's, rising evenly over `over_ms` from what it is now. */
void driver_set_load(struct driver *driver, double to, instant_ms now, int64_t over_ms);
/* The motor load, thousandths of a new motor's. */
uint32_t driver_load(const struct driver *driver, instant_ms now);
/* What came of the last pair of words. A refusal is told first, once; DONE and STALLED are told once. */
static inline struct motor_report driver_result(struct driver *driver);

/* The rest is here, not in driver.c, because it runs for every quantum of every simulated year. */

/* Both words are there: fires or refuses. */
bool driver_try(struct driver *driver, int64_t now_ms);

static inline bool driver_key_engine(struct driver *driver, uint32_t key, instant_ms now)
{
    driver->engine_key = key;
    return driver->governor_key != DRIVER_NO_KEY && driver_try(driver, now.ms);
}

static inline bool driver_key_governor(struct driver *driver, uint32_t key, instant_ms now)
{
    driver->governor_key = key;
    return driver->engine_key != DRIVER_NO_KEY && driver_try(driver, now.ms);
}

static inline void driver_done(struct driver *driver)
{
    driver->due = INSTANT_NEVER;
    driver->state = MOTOR_DONE;
    driver->stalls_unheard = 0;
}

static inline struct motor_report driver_result(struct driver *driver)
{
    struct motor_report report = { .state = (uint8_t)driver->state };
    if (driver->refusal != 0) {
        report.state = MOTOR_REFUSED;
        report.refusal = (uint8_t)driver->refusal;
        driver->refusal = 0;
    } else if (report.state != MOTOR_MOVING) {
        driver->state = MOTOR_IDLE;
        driver->stalls_unheard = 0;
    }
    return report;
}

#endif
