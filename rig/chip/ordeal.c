// SPDX-License-Identifier: Apache-2.0
#include "rig/chip/ordeal.h"

#include <string.h>

/* Made up, small: so that a run is short and yet holds everything. */
enum {
    CONC_NG_ML = 10000000,
    BASE_NL_DAY = 500000,
    RAISED_NL_DAY = 750000,
    HOUR_NL = 60000,
    DAY_NL = 900000, /* the limits, as volumes */
    BOLUS_NL = 10000,
    BOLUS_NL_DAY = 1440000,
    FILL_NL = 15000000,
    PRIME_NL_DAY = 14400000,
    PRIMED_MS =
        6300000 /* the prime takes 27 min; then an hour's window and more goes by, so that nothing of it counts */
};

enum deed { DEED_BOLUS, DEED_ORDER, DEED_PROGRAM, DEED_REFILL };
static const struct {
    int64_t at_ms;
    enum deed deed;
} DEEDS[] = { { 900000, DEED_BOLUS }, { 2700000, DEED_PROGRAM }, { 4500000, DEED_REFILL }, { 5700000, DEED_ORDER } };
enum { DEEDS_COUNT = sizeof DEEDS / sizeof DEEDS[0] };

static struct therapy therapy_make(const struct model *model, bool raised)
{
    struct therapy therapy = { .name = "ordeal",
                               .serial = "ORDEAL-1",
                               .model = model->code,
                               .revision = model->revision,
                               .dead_volume = model_dead_volume(model, 500),
                               .restart_limit_hours = 48,
                               .under_delivery = PRIORITY_HIGH,
                               .mri_rule = MRI_KEEP_PROGRAM,
                               .safe_rate = { 48000 } };
    const conc_ng_ml conc = { CONC_NG_ML };
    therapy.mixture.count = 1;
    therapy.mixture.component[0] = (struct component){ DRUG_MORPHINE, conc };
    therapy.program.kind = PROGRAM_FLEX;
    therapy.program.day_set_count = 1;
    if (!raised)
        therapy.program.opening = (struct opening){ OPENING_PRIME, therapy.dead_volume, { PRIME_NL_DAY } };
    therapy.program.day_set[0] =
        (struct day_set){ .count = 1, .step = { { 0, { raised ? RAISED_NL_DAY : BASE_NL_DAY } } } };
    therapy.program.patient = (struct patient_bolus){ .allowed = 1,
                                                      .volume = { BOLUS_NL },
                                                      .rate = { BOLUS_NL_DAY },
                                                      .lockout_minutes = 240,
                                                      .max_per_day = 4,
                                                      .expiry_days = 60 };
    therapy.limits = (struct limits){ .count = 1, .bolus_max = { BOLUS_NL }, .rate_max = { PRIME_NL_DAY } };
    therapy.limits.drug[0] =
        (struct drug_limit){ DRUG_MORPHINE, { mass_of((vol_nl){ HOUR_NL }, conc), mass_of((vol_nl){ DAY_NL }, conc) } };
    return therapy;
}

struct ordeal_bounds ordeal_bounds(void)
{
    const struct model *model = model_find(MODEL_C20, 1);
    return (struct ordeal_bounds){ .hour_m3 = HOUR_NL / 1e12,
                                   .day_m3 = DAY_NL / 1e12,
                                   .rate_m3_ms = (double)model->rate_max.nl_day / 1e12 / DAY_MS,
                                   .quantum_m3 = (double)model->quantum.nl / 1e12,
                                   .interval_ms = model->quantum.nl * (int64_t)DAY_MS / BASE_NL_DAY + 1 };
}

static void log_read_on(struct ordeal *ordeal)
{
    struct ordeal_record *record = &ordeal->record;
    uint64_t last = pump_log_last(&ordeal->rig.pump);
    if (last < record->seen)
        record->seen = 0; /* the log was lost with the memory, and counts from 1 again */
    if (last - record->seen > ORDEAL_EVENTS)
        record->seen = last; /* a number that no log has come to: what a fault has left of one */
    while (record->seen < last) {
        struct event event;
        if (!pump_log_read(&ordeal->rig.pump, ++record->seen, &event))
            continue;
        if (record->events < ORDEAL_EVENTS)
            record->event[record->events++] = event;
        else
            record->whole = false;
    }
}

/* A point whenever something has moved since the last. */
static void look(struct ordeal *ordeal)
{
    struct ordeal_record *record = &ordeal->record;
    const struct twin *twin = &ordeal->rig.twin;
    const struct ordeal_point now = { .at_ms = ordeal->rig.now.ms,
                                      .fired = twin->driver.fired,
                                      .displaced_m3 = twin->totals.displaced,
                                      .delivered_m3 = twin->totals.delivered };
    const struct ordeal_point *last = record->points > 0 ? &record->point[record->points - 1] : NULL;
    bool moved = last == NULL || now.fired != last->fired || now.displaced_m3 < last->displaced_m3 ||
                 now.displaced_m3 > last->displaced_m3 || now.delivered_m3 < last->delivered_m3 ||
                 now.delivered_m3 > last->delivered_m3;
    if (moved && record->points < ORDEAL_POINTS)
        record->point[record->points++] = now;
    else if (moved)
        record->whole = false;
    record->resets = ordeal->rig.resets;
    record->tones = twin->tones;
    memcpy(record->refused, twin->driver.refused, sizeof record->refused);
    if (rig_runs(&ordeal->rig))
        log_read_on(ordeal);
}

/* A command that nobody answers is asked after, as a person would; what came of it at last is counted. */
static void settle(struct ordeal *ordeal, struct receipt *receipt)
{
    struct people *people = &ordeal->people;
    for (unsigned tries = 0; people->unheard && rig_runs(&ordeal->rig) && tries < PEOPLE_TRIES; tries++)
        people_settle(people, receipt);
    if (people->unheard || receipt->outcome != OUTCOME_APPLIED)
        ordeal->record.undone++;
}

static void refill_do(struct ordeal *ordeal, const struct therapy *activate, struct receipt *receipt)
{
    struct mixture mixture = { .count = 1, .component = { { DRUG_MORPHINE, { CONC_NG_ML } } } };
    struct rig_refill refill = { .told = { .withdrawn = { -1 },
                                           .left = { 0 },
                                           .filled = { FILL_NL },
                                           .drawn_up = { FILL_NL },
                                           .dead_drug_free = activate != NULL,
                                           .fill = mixture },
                                 .activate = activate };
    *receipt = (struct receipt){ .outcome = OUTCOME_NOT_APPLIED };
    if (!people_refill(&ordeal->people, &refill, receipt))
        receipt->outcome = OUTCOME_NOT_APPLIED;
}

static void deed_do(struct ordeal *ordeal, enum deed deed)
{
    const struct therapy raised = therapy_make(model_find(MODEL_C20, 1), true);
    struct command command = { .kind = COMMAND_PATIENT_BOLUS };
    struct receipt receipt;
    switch (deed) {
    case DEED_BOLUS:
        people_command(&ordeal->people, PARTY_PATIENT, &command, &receipt);
        break;
    case DEED_ORDER:
        command.kind = COMMAND_CLINICIAN_BOLUS;
        command.volume.nl = BOLUS_NL;
        command.rate.nl_day = BOLUS_NL_DAY;
        people_command(&ordeal->people, PARTY_CLINICIAN, &command, &receipt);
        break;
    case DEED_PROGRAM:
        people_activate(&ordeal->people, &raised, false, &receipt);
        break;
    case DEED_REFILL:
        refill_do(ordeal, NULL, &receipt);
        break;
    }
    settle(ordeal, &receipt);
}

/* Wake by wake, so that every quantum stands in the record at its own instant. A pump that wakes again and again and gets
 * nowhere is stuck. */
static void run_to(struct ordeal *ordeal, int64_t until_ms)
{
    struct rig *rig = &ordeal->rig;
    for (unsigned wakes = 0; rig->now.ms < until_ms && !rig->stuck; wakes++) {
        int64_t next_ms = rig_next(rig).ms;
        next_ms = next_ms > rig->now.ms ? next_ms : rig->now.ms + 1;
        rig_run_until(rig, (instant_ms){ next_ms < until_ms ? next_ms : until_ms });
        look(ordeal);
        rig->stuck |= wakes > ORDEAL_WAKES_MAX;
    }
}

bool ordeal_begin(struct ordeal *ordeal, struct chip *chip, uint64_t seed)
{
    const struct model *model = model_find(MODEL_C20, 1);
    const struct therapy therapy = therapy_make(model, false);
    struct pump_unit unit = { .model = *model, .serial = "ORDEAL-1" };
    struct twin_setup setup = { .model = "C20",
                                .calibration = 1,
                                .seed = seed,
                                .catheter_m3 = rig_m3((vol_nl){ therapy.dead_volume.nl - model->tubing.nl }) };
    struct command command = { .kind = COMMAND_SET_CLOCK,
                               .calendar = { .offset = { 20000 * (int64_t)DAY_MS }, .zone = "+00" } };
    struct receipt receipt;
    memset(ordeal, 0, sizeof *ordeal);
    ordeal->record.whole = true;
    people_provision(&unit, seed);
    if (!rig_start_on(&ordeal->rig, chip, &unit, &setup) || !people_meet(&ordeal->people, &ordeal->rig))
        return false;
    people_command(&ordeal->people, PARTY_CLINICIAN, &command, &receipt);
    if (receipt.outcome != OUTCOME_APPLIED)
        return false;
    refill_do(ordeal, &therapy, &receipt);
    if (receipt.outcome != OUTCOME_APPLIED)
        return false;
    run_to(ordeal, ordeal->rig.now.ms + PRIMED_MS);
    uint64_t seen = ordeal->record.seen;
    memset(&ordeal->record, 0, sizeof ordeal->record);
    ordeal->record.whole = true;
    ordeal->record.seen = seen;
    ordeal->begun_ms = ordeal->rig.now.ms;
    look(ordeal);
    /* The drug stands at the tip, so that what leaves the reservoir counts for the governor, too. */
    return ordeal->rig.twin.totals.delivered_kg[0] > 0 && !ordeal->rig.stuck;
}

bool ordeal_pass(struct ordeal *ordeal)
{
    int64_t end_ms = ordeal->passed_ms + ORDEAL_SLICE_MS;
    while (ordeal->deed < DEEDS_COUNT && DEEDS[ordeal->deed].at_ms <= end_ms && !ordeal->rig.stuck) {
        run_to(ordeal, ordeal->begun_ms + DEEDS[ordeal->deed].at_ms);
        deed_do(ordeal, DEEDS[ordeal->deed].deed);
        ordeal->deed++;
        look(ordeal);
    }
    run_to(ordeal, ordeal->begun_ms + end_ms);
    ordeal->passed_ms = end_ms;
    return !ordeal->rig.stuck;
}
