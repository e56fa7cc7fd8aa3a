// SPDX-License-Identifier: Apache-2.0
#include "pump/energy.h"

#define NOTICE_MS ((int64_t)ENERGY_NOTICE_DAYS * DAY_MS)
#define MARGIN_MS ((int64_t)ENERGY_MARGIN_DAYS * DAY_MS)
#define ANCHOR_MS ((int64_t)ENERGY_ANCHOR_DAYS * DAY_MS)

/* The cell, nanocoulomb. Rated 3.0 Ah: guess. Of that a cell may lack 10 % from the start, and the last tenth of what
 * it has lies in the knee, where the voltage under load can no longer be foreseen: both guesses. From ERI on a tone an
 * hour (alarm.def) is taken out as well. At the other end, a good cell has 10 % more and does not lose by itself the sixth
 * of the standing current that is booked for that: a fifth more again. */
#define RATED_NC INT64_C(10800000000000)
#define USABLE_NC (RATED_NC / 100 * 81)
#define LARGEST_NC (RATED_NC / 100 * 132)
#define TONES_NC (INT64_C(24) * ENERGY_NOTICE_DAYS * 5000000)

/* Charge saturates here, a hundred times above what any cell holds. */
#define MOST_NC INT64_C(1100000000000000)

/* Fifteen years at 28.8 mL/day: 11,520 quanta of the valve pump, or 115,200 of a rotor were it that fast, are 88 C a
 * day. Half a million coulomb stay below MOST_NC, and MOST_NC for each operation at once far below the range of an int64. */
_Static_assert(INT64_C(15) * 366 * (115200 * (INT64_C(740000) + 2 * 2000) + INT64_C(24) * DAY_MS) < MOST_NC,
               "fifteen years at the largest flow do not saturate");
_Static_assert(MOST_NC < INT64_MAX / (ENERGY_OPERATIONS + 2), "every operation saturated still adds up");

static const int64_t charges[ENERGY_OPERATIONS] = {
#define ENERGY(name, charge_nc, per, provenance) [ENERGY_##name] = (charge_nc),
#include "pump/energy.def"
#undef ENERGY
};

int64_t energy_charge(enum energy_operation operation)
{
    return charges[operation];
}

static int64_t charge_of(enum energy_operation operation, int64_t count)
{
    return count <= 0 ? 0 : count > MOST_NC / charges[operation] ? MOST_NC : count * charges[operation];
}

static enum energy_operation quantum_of(uint8_t mechanism)
{
    return mechanism == MECHANISM_ROTOR ? ENERGY_QUANTUM_ROTOR : ENERGY_QUANTUM_VALVE;
}

/* The charge of so many quanta, with the wakes they need. */
static int64_t charge_of_quanta(uint8_t mechanism, int64_t quanta)
{
    int64_t wakes = quanta < MOST_NC ? ENERGY_WAKES_PER_QUANTUM * quanta : MOST_NC;
    return charge_of(quantum_of(mechanism), quanta) + charge_of(ENERGY_WAKE, wakes);
}

static int64_t charge_min(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t energy_day(uint8_t mechanism, int64_t quanta_per_day)
{
    return charge_min(charge_of_quanta(mechanism, quanta_per_day) + charge_of(ENERGY_STANDING, DAY_MS)
                          + 24 * (charges[ENERGY_LOOK] + charges[ENERGY_WAKE]) + charges[ENERGY_SENSE],
                      MOST_NC);
}

bool energy_reading_due(const struct energy *energy, instant_ms now)
{
    bool never = energy->readings == 0 && energy->strange == 0;
    return never || now.ms - energy->reading_ms >= DAY_MS;
}

void energy_restore(struct energy *energy, int64_t used_mc, int64_t commanded, instant_ms at)
{
    int64_t used_nc = used_mc > MOST_NC / 1000000 ? MOST_NC : used_mc * 1000000;
    if (used_nc > energy->used_nc && at.ms >= energy->at_ms) {
        energy->used_nc = used_nc;
        energy->quanta = commanded;
        energy->at_ms = at.ms;
        energy->day_nc = 0;
        energy->day_ms = at.ms;
    }
}

static void book(struct energy *energy, const struct energy_facts *facts, const struct energy_tally *tally,
                 instant_ms now)
{
    int64_t standing_ms = now.ms > energy->at_ms ? now.ms - energy->at_ms : 0;
    /* A ledger that was lost begins anew below: what it had counted is booked already, save for the last hour. */
    int64_t quanta = facts->commanded >= energy->quanta ? facts->commanded - energy->quanta : facts->commanded;
    int64_t charge = charge_of(ENERGY_STANDING, standing_ms) + charge_of_quanta(facts->mechanism, quanta)
                     + charges[ENERGY_LOOK] + charges[ENERGY_WAKE];
    for (unsigned i = 0; i < ENERGY_OPERATIONS; i++) {
        charge = charge_min(charge + charge_of((enum energy_operation)i, tally->count[i]), MOST_NC);
    }
    energy->used_nc = charge_min(energy->used_nc + charge, MOST_NC);
    energy->day_nc = charge_min(energy->day_nc + charge, MOST_NC);
    energy->quanta = facts->commanded;
    energy->at_ms += standing_ms;
    int64_t hours = (energy->at_ms - energy->day_ms) / HOUR_MS;
    if (hours >= 24) {
        int64_t day_nc = energy->day_nc / hours * 24;
        energy->daily_nc = energy->daily_nc == 0
                               ? day_nc
                               : energy->daily_nc + (day_nc - energy->daily_nc) / ENERGY_AVERAGE_DAYS;
        energy->day_nc = 0;
        energy->day_ms = energy->at_ms;
    }
}

/* The middle of a few numbers; of an even count the lower. */
static int16_t median(const int16_t *number, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        unsigned below = 0, same = 0;
        for (unsigned j = 0; j < count; j++) {
            below += number[j] < number[i];
            same += number[j] == number[i];
        }
        if (below <= (count - 1) / 2 && below + same > (count - 1) / 2) {
            return number[i];
        }
    }
    return number[0];
}

static void push(int16_t *list, uint8_t *used, unsigned room, int16_t number)
{
    for (unsigned i = room - 1; i > 0; i--) {
        list[i] = list[i - 1];
    }
    list[0] = number;
    *used = (uint8_t)(*used < room ? *used + 1u : room);
}

/* One wrong reading does nothing, and impossible ones are none. When only such come, what was read before is too old to
 * judge by, and the charge alone is left. */
static void read_voltage(struct energy *energy, int32_t battery_mv, instant_ms now)
{
    energy->reading_ms = now.ms;
    if (battery_mv < ENERGY_LEAST_MV || battery_mv > ENERGY_MOST_MV) {
        energy->strange = (uint8_t)(energy->strange < ENERGY_READINGS ? energy->strange + 1 : ENERGY_READINGS);
        if (energy->strange == ENERGY_READINGS) {
            energy->readings = 0;
            energy->anchors = 0;
        }
        return;
    }
    energy->strange = 0;
    push(energy->reading, &energy->readings, ENERGY_READINGS, (int16_t)battery_mv);
    if (energy->readings == ENERGY_READINGS && (energy->anchors == 0 || now.ms - energy->anchor_ms >= ANCHOR_MS)) {
        push(energy->anchor, &energy->anchors, ENERGY_ANCHORS, median(energy->reading, ENERGY_READINGS));
        energy->anchor_ms = now.ms;
    }
}

/* Voltage under load; -1 while fewer than five readings tell. */
static int32_t loaded_mv(const struct energy *energy)
{
    return energy->readings == ENERGY_READINGS ? median(energy->reading, ENERGY_READINGS) : -1;
}

/* How far the voltage falls in ten days: the middle of the last three falls, so that a single step (another
 * temperature, another motor load) is no trend, while a growing film is one after some twenty days. */
static int32_t fall_mv(const struct energy *energy)
{
    int16_t fall[ENERGY_ANCHORS - 1];
    for (unsigned i = 0; i + 1 < ENERGY_ANCHORS; i++) {
        fall[i] = (int16_t)(energy->anchor[i + 1] - energy->anchor[i]);
    }
    return energy->anchors == ENERGY_ANCHORS ? median(fall, ENERGY_ANCHORS - 1) : 0;
}

/* The time until this much charge is used at this daily charge, whole hours, never too long. */
static int64_t charge_lasts(int64_t charge_nc, int64_t daily_nc)
{
    return charge_nc > 0 ? charge_nc / (daily_nc / 24 + 1) * HOUR_MS : 0;
}

static int64_t voltage_lasts(const struct energy *energy)
{
    int32_t mv = loaded_mv(energy), fall = fall_mv(energy);
    if (mv < 0) {
        return INT64_MAX;
    }
    if (mv <= ENERGY_FLOOR_MV) {
        return 0;
    }
    int64_t above = mv - ENERGY_FLOOR_MV;
    int64_t trend = fall > 0 ? above * ANCHOR_MS / fall : INT64_MAX;
    int64_t curve = mv < ENERGY_LOW_MV ? NOTICE_MS * above / (ENERGY_LOW_MV - ENERGY_FLOOR_MV) : INT64_MAX;
    return trend < curve ? trend : curve;
}

/* The charge of a day that counts for the end: what the program can ask for or what was used of late, whichever is
 * more. */
static int64_t daily_most(const struct energy *energy, const struct energy_facts *facts)
{
    int64_t expected = energy_day(facts->mechanism, facts->quanta_per_day);
    return expected > energy->daily_nc ? expected : energy->daily_nc;
}

enum energy_state energy_state(const struct energy *energy)
{
    return energy->ended != 0 ? ENERGY_ENDED : energy->replace_ms != 0 ? ENERGY_REPLACE : ENERGY_GOOD;
}

span_ms energy_lasts(const struct energy *energy, const struct energy_facts *facts)
{
    /* From ERI on its tones are counted like all others. */
    int64_t left_nc = USABLE_NC - energy->used_nc - (energy->replace_ms == 0 ? TONES_NC : 0);
    int64_t charge_ms = charge_lasts(left_nc, daily_most(energy, facts));
    int64_t voltage_ms = voltage_lasts(energy);
    return (span_ms){ voltage_ms < charge_ms ? voltage_ms : charge_ms };
}

enum energy_state energy_look(struct energy *energy, const struct energy_facts *facts, const struct energy_tally *tally,
                              instant_ms now)
{
    book(energy, facts, tally, now);
    instant_ms at = { energy->at_ms };
    if (facts->battery_mv != ENERGY_NO_READING) {
        read_voltage(energy, facts->battery_mv, at);
    }
    if (at.ms <= 0) {
        return energy_state(energy); /* nothing has been lived yet; and 0 stands for "unknown" below */
    }
    int64_t lasts_ms = energy_lasts(energy, facts).ms;
    int64_t end_ms = at.ms + lasts_ms;
    if (energy->replace_ms == 0 && lasts_ms <= NOTICE_MS + MARGIN_MS) {
        energy->replace_ms = at.ms;
        energy->end_ms = energy->replace_ms + NOTICE_MS;
    }
    if (energy->replace_ms == 0 || end_ms < energy->end_ms) {
        energy->end_ms = end_ms;
    }
    if (energy->replace_ms != 0 && at.ms >= energy->end_ms) {
        energy->ended = 1;
    }
    return energy_state(energy);
}

struct energy_report energy_report(const struct energy *energy, const struct energy_facts *facts, instant_ms now)
{
    int64_t used_mc = energy->used_nc / 1000000;
    struct energy_report report = { .state = (uint8_t)energy_state(energy),
                                    .used_mc = used_mc,
                                    .used_ppm = (int32_t)(used_mc * PPM_ONE / (RATED_NC / 1000000)),
                                    .loaded_mv = loaded_mv(energy),
                                    .replace = INSTANT_NEVER,
                                    .end = INSTANT_NEVER,
                                    .days_least = -1,
                                    .days_most = -1 };
    if (energy->end_ms == 0) {
        return report;
    }
    report.end.ms = energy->end_ms;
    report.replace.ms = energy->replace_ms;
    if (energy->replace_ms == 0) {
        report.end.ms -= MARGIN_MS; /* as it will be when ERI is latched by today's reckoning */
        report.replace.ms = report.end.ms - NOTICE_MS;
        report.replace.ms = report.replace.ms > now.ms ? report.replace.ms : now.ms; /* not reached: it is still to come */
    }
    report.days_least = (int32_t)(report.end.ms > now.ms ? (report.end.ms - now.ms) / DAY_MS : 0);
    /* At most: the best cell, at the smaller of both daily charges. */
    int64_t expected = energy_day(facts->mechanism, facts->quanta_per_day);
    int64_t daily = energy->daily_nc > 0 && energy->daily_nc < expected ? energy->daily_nc : expected;
    int64_t most_ms = energy->at_ms + charge_lasts(LARGEST_NC - energy->used_nc, daily);
    report.days_most = (int32_t)(most_ms > now.ms ? (most_ms - now.ms) / DAY_MS : 0);
    report.days_most = report.days_most > report.days_least ? report.days_most : report.days_least;
    return report;
}
