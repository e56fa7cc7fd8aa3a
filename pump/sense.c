// SPDX-License-Identifier: Apache-2.0
#include "pump/sense.h"

#include "pump/alarm.h"
#include "pump/engine.h"
#include "pump/field.h"
#include "pump/refill.h"
#include "pump/standing.h"

/* Guesses all: an implant outside 10 to 45 C is in trouble; a catheter that takes 30 kPa (several times the pressure of
 * a cough) is blocked; a sensor with noise that shows the very same a day long is stuck. */
enum {
    TEMPERATURE_LOW_MDEG = 10000,
    TEMPERATURE_HIGH_MDEG = 45000,
    PRESSURE_HIGH_PA = 30000,
    SAME_READINGS = 24,
    SOON_DAYS = 7,
    SOON_OVER_DAYS = 8, /* so that the alarm does not come and go */
    LOAD_DAYS = 30,
    LOAD_RISE_PERCENT = 150
};

/* Beyond these a reading is the sensor's fault, not the body's: guesses. */
enum {
    BELIEVED_LOW_MDEG = -20000,
    BELIEVED_HIGH_MDEG = 80000,
    BELIEVED_LOW_PA = -50000,
    BELIEVED_HIGH_PA = 1000000
};

/* Is a reading to be believed? One that is not is ignored, and logged when it begins. */
static bool believed(struct pump *pump, enum sensor which, int64_t shown, int64_t low, int64_t high, instant_ms now)
{
    uint32_t bit = (uint32_t)1 << which;
    if (shown >= low && shown <= high) {
        pump->sense.odd &= ~bit;
        return true;
    }
    if ((pump->sense.odd & bit) == 0) {
        pump->sense.odd |= bit;
        note(pump, now, ACTOR_PUMP, EVENT_SENSOR, which, shown, shown < low ? low : high, 0);
    }
    return false;
}

static void alarm_while(struct pump *pump, bool present, enum alarm_index alarm, int64_t value, instant_ms now)
{
    if (present) {
        alarm_raise(pump, alarm, value, now);
    } else {
        alarm_end(pump, alarm, now);
    }
}

/* Temperature is shown in thousandths of a degree and has noise: the very same again and again is no reading. */
static void sense_stuck(struct pump *pump, const struct sensors *shown, instant_ms now)
{
    struct sense *sense = &pump->sense;
    sense->same = shown->temperature_mdeg == sense->shown.temperature_mdeg ? sense->same + 1 : 0;
    if (sense->same == SAME_READINGS) {
        note(pump, now, ACTOR_PUMP, EVENT_SENSOR, SENSOR_TEMPERATURE, shown->temperature_mdeg, shown->temperature_mdeg, 0);
    }
}

/* The volume to reckon with: the smaller one when a fill sensor and the calculation disagree. */
static vol_nl sense_fill(struct pump *pump, const struct sensors *shown, vol_nl calculated, instant_ms now)
{
    vol_nl tolerance = refill_tolerance(pump);
    bool fitted = shown->reservoir_nl != -1 && pump->now.has_contents;
    if (!fitted || !believed(pump, SENSOR_FILL, shown->reservoir_nl, -tolerance.nl,
                             pump->model.reservoir.nl + tolerance.nl, now)) {
        return calculated;
    }
    int64_t off_nl = shown->reservoir_nl - calculated.nl;
    bool disagrees = off_nl > tolerance.nl || off_nl < -tolerance.nl;
    alarm_while(pump, disagrees, ALARM_AT_RESERVOIR_DISAGREES, off_nl, now);
    bool lasts = (pump->alarm.active & ((uint32_t)1 << ALARM_AT_RESERVOIR_DISAGREES)) != 0;
    if (!disagrees || !lasts || shown->reservoir_nl >= calculated.nl) {
        return calculated;
    }
    if (pump->has_therapy && shown->reservoir_nl <= pump->therapy.reservoir_low.nl) {
        alarm_raise(pump, ALARM_AT_RESERVOIR_LOW, shown->reservoir_nl, now);
    }
    return (vol_nl){ shown->reservoir_nl };
}

/* Will it last? At the program's fullest day or at that of yesterday, whichever was more. */
static void sense_soon(struct pump *pump, vol_nl remaining, instant_ms now)
{
    int64_t day_grain = pump->sense.day_quanta * pump->quantum_grain.grain;
    int64_t told = pump->now.mode == MODE_RUNNING && pump->has_therapy
                       ? pump->worst[WINDOW_DAY].grain
                       : grain_of_rate(pump->base, (span_ms){ DAY_MS }).grain;
    day_grain = told > day_grain ? told : day_grain;
    int64_t left_grain = grain_of_nl((vol_nl){ remaining.nl < 0 ? 0 : remaining.nl }).grain;
    bool low = pump->has_therapy && remaining.nl <= pump->therapy.reservoir_low.nl; /* has an alarm of its own */
    if (day_grain == 0 || !pump->now.has_contents || low || left_grain / day_grain >= SOON_OVER_DAYS) {
        alarm_end(pump, ALARM_AT_RESERVOIR_SOON, now);
    } else if (left_grain / day_grain < SOON_DAYS) {
        alarm_raise(pump, ALARM_AT_RESERVOIR_SOON, left_grain / day_grain, now);
    }
}

/* The mean load of a day against that of the first month. */
static void sense_load(struct pump *pump, instant_ms now)
{
    struct sense *sense = &pump->sense;
    struct wear *wear = &pump->now.wear;
    if (sense->loads == 0) {
        return;
    }
    int64_t mean = sense->load_sum / sense->loads;
    sense->load_sum = 0;
    sense->loads = 0;
    if (wear->days < LOAD_DAYS) {
        wear->first_load = (uint32_t)((wear->first_load * (int64_t)wear->days + mean) / (wear->days + 1));
        wear->days++;
        pump->now_changed = true;
        return;
    }
    alarm_while(pump, mean * 100 > wear->first_load * (int64_t)LOAD_RISE_PERCENT, ALARM_AT_MOTOR_LOAD, mean, now);
}

static void sense_day(struct pump *pump, const struct ledger *ledger, instant_ms now)
{
    struct sense *sense = &pump->sense;
    if (sense->day_ms == 0) { /* the first day since the start */
        sense->day_ms = now.ms + DAY_MS;
        sense->day_metered = ledger->metered;
    } else if (now.ms >= sense->day_ms) {
        sense->day_ms = now.ms + DAY_MS;
        sense->day_quanta = ledger->metered - sense->day_metered;
        sense->day_metered = ledger->metered;
        sense_load(pump, now);
    }
}

static void sense_take(struct pump *pump, const struct board *board, instant_ms now)
{
    struct kept *kept = kept_of(board);
    struct sensors shown;
    struct motor_witness witness;
    struct ledger ledger;
    pump->tally.count[ENERGY_SENSE]++;
    board->doors->sense(board->hardware, &shown);
    board->doors->motor_witness(board->hardware, &witness);
    field_felt(pump, kept, shown.field != 0, now);
    if (believed(pump, SENSOR_TEMPERATURE, shown.temperature_mdeg, BELIEVED_LOW_MDEG, BELIEVED_HIGH_MDEG, now)) {
        bool outside = shown.temperature_mdeg < TEMPERATURE_LOW_MDEG || shown.temperature_mdeg > TEMPERATURE_HIGH_MDEG;
        alarm_while(pump, outside, ALARM_AT_TEMPERATURE, shown.temperature_mdeg, now);
    }
    if (shown.catheter_pa != INT32_MIN &&
        believed(pump, SENSOR_PRESSURE, shown.catheter_pa, BELIEVED_LOW_PA, BELIEVED_HIGH_PA, now)) {
        alarm_while(pump, shown.catheter_pa > PRESSURE_HIGH_PA, ALARM_AT_CATHETER_PRESSURE, shown.catheter_pa, now);
    }
    sense_stuck(pump, &shown, now);
    pump->sense.shown = shown;
    if (witness.load > 0) {
        pump->sense.load_sum += witness.load;
        pump->sense.loads++;
    }
    if (ledger_load(&kept->ledger, &ledger) == RESULT_OK) {
        sense_day(pump, &ledger, now);
        sense_soon(pump, sense_fill(pump, &shown, nl_of_fl(engine_remaining(pump, &ledger)), now), now);
    }
}

instant_ms sense_look(struct pump *pump, const struct board *board, instant_ms now)
{
    if (now.ms >= pump->sense.due_ms) {
        sense_take(pump, board, now);
        bool amiss = pump->alarm.pending != 0 || pump->now.field.on; /* an onset must be seen to last */
        pump->sense.due_ms = now.ms + (amiss ? MINUTE_MS : HOUR_MS);
    }
    return (instant_ms){ pump->sense.due_ms };
}
