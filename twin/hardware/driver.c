/* driver.c - the motor driver's two keys, least interval and budget. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/hardware/driver.h"

/* Before the first firing: longer ago than any interval. */
#define NEVER_FIRED_MS (INT64_MIN / 2)

static void window_init(struct driver_window *window, int64_t bucket_ms)
{
    *window = (struct driver_window){ .ends_ms = bucket_ms, .bucket_ms = bucket_ms };
}

/* Opens the buckets up to `now`, forgetting the ones that fell out of the window: at most all of them, however
 * long ago. */
static void window_turn(struct driver_window *window, int64_t now_ms)
{
    int64_t turns = (now_ms - window->ends_ms) / window->bucket_ms + 1;
    window->ends_ms += turns * window->bucket_ms;
    window->bucket[window->filling] = window->sum - window->closed;
    for (int64_t left = turns < DRIVER_BUCKETS ? turns : DRIVER_BUCKETS; left > 0; left--) {
        window->filling = window->filling + 1 < DRIVER_BUCKETS ? window->filling + 1 : 0;
        window->sum -= window->bucket[window->filling];
        window->bucket[window->filling] = 0;
    }
    window->closed = window->sum;
}

void driver_init(struct driver *driver, int64_t quantum_ms, int64_t stall_ms)
{
    *driver = (struct driver){ .due = INSTANT_NEVER, .fired_ms = NEVER_FIRED_MS, .run_ms = quantum_ms,
                               .quantum_ms = quantum_ms, .stall_ms = stall_ms, .engine_key = DRIVER_NO_KEY,
                               .governor_key = DRIVER_NO_KEY, .last_key = DRIVER_NO_KEY, .state = MOTOR_IDLE,
                               .load_from = 1.0, .load_to = 1.0 };
    window_init(&driver->hour, DRIVER_HOUR_BUCKET_MS);
    window_init(&driver->day, DRIVER_DAY_BUCKET_MS);
}

void driver_set_budget(struct driver *driver, const struct motor_budget *budget)
{
    driver->budget = *budget;
}

static bool budget_sound(const struct motor_budget *budget)
{
    return ((budget->interval_ms ^ budget->interval_inv) & (budget->hour ^ budget->hour_inv)
            & (budget->day ^ budget->day_inv)) == UINT32_MAX;
}

static bool driver_refuse(struct driver *driver, enum motor_refusal refusal)
{
    driver->refusal = refusal;
    driver->refused[refusal]++;
    return false;
}

bool driver_try(struct driver *driver, int64_t now_ms)
{
    int64_t engine = driver->engine_key;
    int64_t governor = driver->governor_key;
    driver->engine_key = DRIVER_NO_KEY;
    driver->governor_key = DRIVER_NO_KEY;
    if ((engine ^ governor) != UINT32_MAX || engine == driver->last_key) {
        return driver_refuse(driver, MOTOR_REFUSED_KEYS);
    }
    if (driver->state == MOTOR_MOVING) {
        return driver_refuse(driver, MOTOR_REFUSED_BUSY);
    }
    if (!budget_sound(&driver->budget)) {
        return driver_refuse(driver, MOTOR_REFUSED_BUDGET_DAMAGED);
    }
    if (now_ms - driver->fired_ms < driver->budget.interval_ms) {
        return driver_refuse(driver, MOTOR_REFUSED_INTERVAL);
    }
    if (now_ms >= driver->hour.ends_ms) {
        window_turn(&driver->hour, now_ms);
        if (now_ms >= driver->day.ends_ms) { /* a day bucket ends where an hour bucket ends */
            window_turn(&driver->day, now_ms);
        }
    }
    if (driver->hour.sum >= driver->budget.hour) {
        return driver_refuse(driver, MOTOR_REFUSED_HOUR);
    }
    if (driver->day.sum >= driver->budget.day) {
        return driver_refuse(driver, MOTOR_REFUSED_DAY);
    }
    driver->hour.sum++;
    driver->day.sum++;
    driver->fired++;
    driver->last_key = engine;
    driver->fired_ms = now_ms;
    driver->due = (instant_ms){ now_ms + driver->run_ms };
    driver->state = MOTOR_MOVING;
    driver->blocked = driver->jammed;
    driver->refusal = 0;
    return true;
}

void driver_jam(struct driver *driver, bool jammed)
{
    driver->jammed = jammed;
    driver->run_ms = jammed ? driver->stall_ms : driver->quantum_ms;
}

void driver_block(struct driver *driver)
{
    driver->blocked = true;
    driver->due = (instant_ms){ driver->fired_ms + driver->stall_ms };
}

bool driver_stalled(struct driver *driver)
{
    driver->due = INSTANT_NEVER;
    driver->state = MOTOR_STALLED;
    if (driver->stalls_unheard < DRIVER_STALLS_TO_SOUND) {
        driver->stalls_unheard++;
    }
    return driver->stalls_unheard == DRIVER_STALLS_TO_SOUND;
}

static double load_at(const struct driver *driver, int64_t now_ms)
{
    if (now_ms >= driver->load_to_ms) {
        return driver->load_to;
    }
    double share = (double)(now_ms - driver->load_from_ms) / (double)(driver->load_to_ms - driver->load_from_ms);
    return driver->load_from + (driver->load_to - driver->load_from) * share;
}

void driver_set_load(struct driver *driver, double to, instant_ms now, int64_t over_ms)
{
    driver->load_from = load_at(driver, now.ms);
    driver->load_to = to;
    driver->load_from_ms = now.ms;
    driver->load_to_ms = now.ms + over_ms;
}

uint32_t driver_load(const struct driver *driver, instant_ms now)
{
    return (uint32_t)(load_at(driver, now.ms) * 1000.0 + 0.5);
}
