/* fakes.h - a test's own sensors, sounder and motor witness in the place of the twin's doors. One stand for each test
 * program. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_PUMP_FAKES_H
#define TESTS_PUMP_FAKES_H

#include "tests/pump/bench.h"

static struct stand stand;

static struct {
    bool field, fill_fitted, pressure_fitted, mute;
    int32_t temperature_mdeg; /* 0: the twin's own */
    int64_t fill_nl;
    int32_t pressure_pa, leakage_na;
    uint32_t load, fired_more; /* load 0: the twin's own */
    int64_t clock_percent;     /* how much faster the driver's clock runs */
    uint32_t extra;            /* told with the next result */
    unsigned senses;
    struct board_doors twin;
} fakes;

static void fake_sense(void *hardware, struct sensors *sensors)
{
    fakes.twin.sense(hardware, sensors);
    fakes.senses++;
    sensors->field = fakes.field;
    sensors->leakage_na = fakes.leakage_na;
    if (fakes.temperature_mdeg != 0)
        sensors->temperature_mdeg = fakes.temperature_mdeg;
    if (fakes.fill_fitted)
        sensors->reservoir_nl = fakes.fill_nl;
    if (fakes.pressure_fitted)
        sensors->catheter_pa = fakes.pressure_pa;
}

static void fake_witness(void *hardware, struct motor_witness *witness)
{
    fakes.twin.motor_witness(hardware, witness);
    witness->fired += fakes.fired_more;
    witness->clock_ms += witness->clock_ms / 100 * fakes.clock_percent;
    if (fakes.load != 0)
        witness->load = fakes.load;
}

static bool fake_alive(void *hardware)
{
    return !fakes.mute && fakes.twin.sounder_alive(hardware);
}

static struct motor_report fake_result(void *hardware)
{
    struct motor_report report = fakes.twin.motor_result(hardware);
    if (report.state == MOTOR_DONE) {
        report.extra += fakes.extra;
        fakes.extra = 0;
    }
    return report;
}

static void fakes_dress(struct board_doors *doors)
{
    fakes.twin = *doors;
    doors->sense = fake_sense;
    doors->motor_witness = fake_witness;
    doors->sounder_alive = fake_alive;
    doors->motor_result = fake_result;
}

/* From now on; everything as the twin shows it until a test says otherwise. */
static inline void fakes_on(void)
{
    memset(&fakes, 0, sizeof fakes);
    stand.dress = fakes_dress;
}

static inline void pass(int64_t ms)
{
    stand_run(&stand, stand.now.ms + ms);
}

static inline void clear(enum alarm_index alarm)
{
    struct command command = { .kind = COMMAND_CLEAR_ALARM, .alarm = alarm_row(alarm)->code };
    assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, command).reasons, 0);
}

static inline struct receipt resume(bool retitrated)
{
    struct command command = { .kind = COMMAND_RESUME, .retitrated = retitrated };
    return stand_tell(&stand, ROLE_CLINICIAN, command);
}

#endif
