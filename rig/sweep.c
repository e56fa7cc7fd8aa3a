// SPDX-License-Identifier: Apache-2.0
#include "rig/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "core/catalog.h"
#include "rig/dice.h"

enum { LOOK_MS = 6 * HOUR_MS };

/* What the undisturbed run was like at each look: to see that a fork has become the same again. */
struct golden {
    struct pump pump;
    struct driver driver;
    uint64_t retained[RETAINED_BYTES / 8];
    double displaced_m3;
    int64_t wake_ms;
};

struct instant {
    unsigned look; /* the next look after it */
    struct rig rig;
};

struct sweep {
    unsigned instants, at; /* at: whose flash the fork holds */
    double quantum_m3;
    struct golden golden[SWEEP_LOOKS + 1];
    struct rig fork;
    struct instant instant[];
};

const char *sweep_word(enum sweep_fate fate)
{
    static const char *const words[SWEEP_FATES] = { "masked", "harmless", "detected", "wrong", "stuck" };
    return fate < SWEEP_FATES ? words[fate] : "";
}

/* Morphine by day and night, a bolus on demand: about 250 quanta a day, so that millions of months can be lived. */
static struct therapy therapy_make(const struct model *model, vol_nl dead)
{
    struct therapy therapy = { .name = "sweep", .serial = "SWEEP-1", .model = model->code, .revision = model->revision,
                               .dead_volume = dead, .restart_limit_hours = 48, .under_delivery = PRIORITY_HIGH,
                               .mri_rule = MRI_KEEP_PROGRAM, .safe_rate = { 48000 } };
    therapy.mixture.count = 2;
    therapy.mixture.component[0] = (struct component){ DRUG_MORPHINE, { 10000000 } };
    therapy.mixture.component[1] = (struct component){ DRUG_CLONIDINE, { 50000 } };
    therapy.program.kind = PROGRAM_FLEX;
    therapy.program.day_set_count = 1;
    therapy.program.day_set[0] =
        (struct day_set){ .count = 3, .step = { { 0, { 50000 } }, { 480, { 80000 } }, { 1320, { 60000 } } } };
    therapy.program.patient = (struct patient_bolus){ .allowed = 1, .volume = { 2000 }, .rate = { 480000 },
                                                      .lockout_minutes = 240, .max_per_day = 4, .expiry_days = 60 };
    therapy.limits = (struct limits){ .count = 2, .bolus_max = { 8000 }, .rate_max = { 2000000 } };
    therapy.limits.drug[0] = (struct drug_limit){ DRUG_MORPHINE, { { INT64_C(80000000000) }, { INT64_C(1000000000000) } } };
    therapy.limits.drug[1] = (struct drug_limit){ DRUG_CLONIDINE, { { INT64_C(400000000) }, { INT64_C(5000000000) } } };
    return therapy;
}

static bool start(struct rig *rig, uint64_t seed)
{
    const struct model *model = model_find(MODEL_C20, 1);
    vol_nl dead = model_dead_volume(model, 500);
    struct pump_unit unit = { .model = *model, .serial = "SWEEP-1" };
    struct twin_setup setup = { .model = "C20", .calibration = 1, .seed = seed,
                                .catheter_m3 = rig_m3((vol_nl){ dead.nl - model->tubing.nl }) };
    struct therapy therapy = therapy_make(model, dead);
    struct command command = { .kind = COMMAND_SET_CLOCK, .calendar = { .offset = { 20000 * (int64_t)DAY_MS }, .zone = "+00" } };
    struct rig_refill refill = { .told = { .withdrawn = { -1 }, .left = { -1 }, .filled = { 15000000 },
                                           .drawn_up = { 15000000 }, .dead_drug_free = 1, .fill = therapy.mixture },
                                 .activate = &therapy };
    struct receipt receipt;
    if (!rig_start(rig, &unit, &setup))
        return false;
    rig_command(rig, ROLE_CLINICIAN, &command, &receipt);
    return rig_refill(rig, &refill, &receipt) && receipt.outcome == OUTCOME_APPLIED;
}

/* What happens at a look, the same in every run: boluses, a command, power that goes for a moment. */
static void look_deed(struct rig *rig, unsigned look)
{
    struct command command = { .kind = COMMAND_PATIENT_BOLUS };
    struct receipt receipt;
    if (look % 7 == 3)
        rig_command(rig, ROLE_PATIENT, &command, &receipt);
    command.kind = COMMAND_SILENCE;
    command.minutes = 5;
    if (look % 29 == 11)
        rig_command(rig, ROLE_PATIENT, &command, &receipt);
    if (look % 40 == 25)
        rig_reset(rig, RIG_MEMORY_KEPT);
}

static void golden_take(struct golden *golden, const struct rig *rig)
{
    golden->pump = rig->pump;
    golden->driver = rig->twin.driver;
    memcpy(golden->retained, rig->twin.retained, sizeof golden->retained);
    golden->displaced_m3 = rig->twin.totals.displaced;
    golden->wake_ms = rig->wake.ms;
}

static uint32_t record_bits(const struct store_place *place)
{
    return place->sequence == 0 ? 0 : (STORE_OVERHEAD + (place->size + 7u) / 8 * 8) * 8;
}

/* Has every bit of the live records a number? */
static bool records_fit(const struct rig *rig)
{
    uint32_t bits = 0;
    for (unsigned kind = 0; kind < STORES; kind++)
        bits += record_bits(&rig->pump.store.place[kind]);
    return bits <= SWEEP_RECORD_BYTES * 8;
}

struct sweep *sweep_begin(uint64_t seed, unsigned instants)
{
    struct sweep *sweep = calloc(1, sizeof *sweep + instants * sizeof sweep->instant[0]);
    if (sweep == NULL || !start(&sweep->fork, seed)) {
        free(sweep);
        return NULL;
    }
    struct rig *rig = &sweep->fork;
    int64_t begin = rig->now.ms;
    unsigned next = 0;
    bool fit = true;
    for (unsigned look = 1; look <= SWEEP_LOOKS; look++) {
        /* The instants lie evenly, each at a chance moment of its share of the month. */
        for (; next < instants; next++) {
            int64_t share = (int64_t)SWEEP_DAYS * DAY_MS / (instants + 1);
            struct dice own = dice_for(seed, next + 1);
            int64_t at = begin + share * next + dice_between(&own, 1, share - 1);
            if (at >= begin + (int64_t)look * LOOK_MS)
                break;
            rig_run_until(rig, (instant_ms){ at });
            fit &= records_fit(rig);
            sweep->instant[next].look = look;
            sweep->instant[next].rig = *rig;
        }
        rig_run_until(rig, (instant_ms){ begin + (int64_t)look * LOOK_MS });
        look_deed(rig, look);
        golden_take(&sweep->golden[look], rig);
    }
    if (!fit) {
        free(sweep);
        return NULL;
    }
    sweep->instants = next;
    sweep->at = UINT32_MAX;
    sweep->quantum_m3 = rig->twin.mechanism.calibrated_m3;
    return sweep;
}

void sweep_end(struct sweep *sweep)
{
    free(sweep);
}

/* The fork becomes the run at this instant. The flash, much the largest part, only when it is not that already. */
static void fork_make(struct sweep *sweep, unsigned instant)
{
    const struct rig *from = &sweep->instant[instant].rig;
    bool flash_same = sweep->at == instant && sweep->fork.twin.flash.operations == from->twin.flash.operations;
    memcpy(&sweep->fork, from, flash_same ? offsetof(struct rig, twin) + offsetof(struct twin, flash) : sizeof *from);
    sweep->at = instant;
}

static bool same(const struct rig *rig, const struct golden *golden)
{
    return rig->wake.ms == golden->wake_ms && memcmp(rig->twin.retained, golden->retained, sizeof golden->retained) == 0 &&
           memcmp(&rig->pump, &golden->pump, sizeof rig->pump) == 0 &&
           memcmp(&rig->twin.driver, &golden->driver, sizeof golden->driver) == 0;
}

/* Has the pump told of it since this entry of its log? */
static bool told(const struct rig *rig, uint64_t since)
{
    struct event event;
    uint64_t last = pump_log_last(&rig->pump);
    for (uint64_t n = last < since ? 1 : since + 1; n <= last; n++) {
        if (pump_log_read(&rig->pump, n, &event) &&
            (event.code == EVENT_MEMORY_LOST || event.code == EVENT_MENDED || event.code == EVENT_ALARM_RAISED ||
             event.code == EVENT_STORE_FAILED || event.code == EVENT_WITHHELD || event.code == EVENT_DRIVER_REFUSED))
            return true;
    }
    return false;
}

/* Turns over a bit of the live records, counted through all kinds; false when they are not that long. */
static bool record_flip(struct rig *rig, uint32_t bit)
{
    for (unsigned kind = 0; kind < STORES; kind++) {
        const struct store_place *place = &rig->pump.store.place[kind];
        uint32_t bits = record_bits(place);
        if (bit < bits) {
            flash_flip(&rig->twin.flash, (uint64_t)place->address * 8 + bit);
            return true;
        }
        bit -= bits;
    }
    return false;
}

/* False when there is no such bit at this instant. */
static bool turn_over(struct sweep *sweep, uint32_t bit)
{
    struct rig *rig = &sweep->fork;
    if (bit < RETAINED_BYTES * 8) {
        rig->twin.retained[bit / 64] ^= (uint64_t)1 << bit % 64;
        return true;
    }
    bit -= RETAINED_BYTES * 8;
    sweep->at = UINT32_MAX; /* the flash of the fork is no longer that of its instant */
    if (!record_flip(rig, bit / 2))
        return false;
    if (bit % 2 == 1)
        rig_reset(rig, RIG_MEMORY_LOST);
    return true;
}

enum sweep_fate sweep_flip(struct sweep *sweep, unsigned instant, uint32_t bit)
{
    struct rig *rig = &sweep->fork;
    fork_make(sweep, instant);
    uint64_t log = pump_log_last(&rig->pump);
    bool detected = false, off = false;
    unsigned look = sweep->instant[instant].look;
    if (!turn_over(sweep, bit))
        return SWEEP_MASKED;
    int64_t first = rig->now.ms - rig->now.ms % LOOK_MS + LOOK_MS;
    for (unsigned k = look; k <= SWEEP_LOOKS; k++) {
        rig_run_until(rig, (instant_ms){ first + (int64_t)(k - look) * LOOK_MS });
        detected |= told(rig, log); /* the deed may be a reset, and a log begin anew */
        log = pump_log_last(&rig->pump);
        look_deed(rig, k);
        if (rig->stuck)
            return SWEEP_STUCK;
        if (same(rig, &sweep->golden[k]))
            return SWEEP_MASKED;
        detected |= told(rig, log);
        log = pump_log_last(&rig->pump);
        double excess = (rig->twin.totals.displaced - sweep->golden[k].displaced_m3) / sweep->quantum_m3;
        if (excess > 1.5)
            return SWEEP_WRONG; /* more than one quantum too many is never right */
        off |= excess < -1.5;
        if (off && !detected)
            return SWEEP_WRONG;
    }
    return detected ? SWEEP_DETECTED : SWEEP_HARMLESS;
}
