/* bedside.c - a virtual patient for the hazard tests. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/bedside.h"

#include <string.h>

struct mixture bedside_drug(uint16_t drug, int32_t ng_ml)
{
    return (struct mixture){ .count = 1, .component = { { drug, { ng_ml } } } };
}

struct pump_unit bedside_unit(const char *model)
{
    struct pump_unit unit = { .serial = "SIM-0001" };
    const struct model *found = model_named(model);
    assert_non_null(found);
    unit.model = *found;
    return unit;
}

struct twin_setup bedside_setup(const char *model)
{
    /* 0.0026 mL/cm, written here anew: the twin takes nothing from the pump's table */
    return (struct twin_setup){
        .model = model, .calibration = 1.0, .catheter_m3 = 0.0026e-6 * CATHETER_MM / 10, .seed = 1
    };
}

/* Counts what the pump said since last asked; the ring must not have lost any of it. */
static void listen(struct bedside *bed)
{
    struct event event;
    while (bed->seen < pump_log_last(&bed->rig.pump)) {
        bed->seen++;
        assert_true(pump_log_read(&bed->rig.pump, bed->seen, &event));
        assert_true(event.code < EVENT_CODES);
        bed->count[event.code]++;
        bed->last[event.code] = event;
        if (event.code == EVENT_ALARM_RAISED)
            bed->raised[alarm_position((uint8_t)event.field[0])]++;
    }
}

bool bedside_implant_unit(struct bedside *bed, const struct pump_unit *unit, const struct twin_setup *setup,
                          const struct mixture *mixture, int64_t fill_nl)
{
    memset(bed, 0, sizeof *bed);
    assert_true(rig_start(&bed->rig, unit, setup));
    /* 2026-03-16 08:00, a Monday: 20,528 days and 8 hours after the first of January 1970 */
    struct command clock = { .kind = COMMAND_SET_CLOCK,
                             .calendar = { { 20528 * (int64_t)DAY_MS + 8 * HOUR_MS }, "+01:00" } };
    assert_applied(bedside_give(bed, ROLE_CLINICIAN, clock));
    struct rig_refill fill = { .told = { .withdrawn = { -1 },
                                         .filled = { fill_nl },
                                         .drawn_up = { fill_nl },
                                         .fill = *mixture,
                                         .dead_drug_free = 1 } };
    struct receipt receipt;
    bool room = rig_refill(&bed->rig, &fill, &receipt);
    listen(bed);
    return room && receipt.reasons == 0;
}

void bedside_implant(struct bedside *bed, const char *model, const struct mixture *mixture)
{
    struct pump_unit unit = bedside_unit(model);
    struct twin_setup setup = bedside_setup(model);
    assert_true(bedside_implant_unit(bed, &unit, &setup, mixture, unit.model.reservoir.nl));
}

void bedside_limit(struct therapy *therapy, int64_t hour_nl, int64_t day_nl)
{
    therapy->limits.count = therapy->mixture.count;
    for (unsigned i = 0; i < therapy->mixture.count; i++) {
        int64_t conc = therapy->mixture.component[i].conc.ng_ml;
        therapy->limits.drug[i] =
            (struct drug_limit){ therapy->mixture.component[i].drug, { { hour_nl * conc }, { day_nl * conc } } };
    }
}

struct therapy bedside_therapy(const struct bedside *bed, const struct mixture *mixture, int32_t nl_day)
{
    const struct pump_unit *unit = &bed->rig.unit;
    struct therapy therapy = { .name = "hazard",
                               .region = "US",
                               .model = unit->model.code,
                               .revision = unit->model.revision,
                               .calibration = unit->calibration,
                               .mixture = *mixture,
                               .restart_limit_hours = 24,
                               .under_delivery = PRIORITY_HIGH,
                               .reservoir_low = { 2 * NL_PER_ML },
                               .mri_rule = MRI_KEEP_PROGRAM };
    memcpy(therapy.serial, unit->serial, sizeof therapy.serial);
    therapy.dead_volume = model_dead_volume(&unit->model, CATHETER_MM);
    therapy.program.kind = PROGRAM_CONTINUOUS;
    therapy.program.base.nl_day = nl_day;
    therapy.limits.bolus_max.nl = NL_PER_ML / 10;
    therapy.limits.rate_max.nl_day = unit->model.rate_max.nl_day;
    bedside_limit(&therapy, NL_PER_ML / 5, 2 * NL_PER_ML);
    return therapy;
}

void bedside_permit(struct therapy *therapy, int64_t volume_nl, int32_t nl_day, uint16_t lockout_minutes, uint8_t a_day)
{
    therapy->program.patient = (struct patient_bolus){ .allowed = 1,
                                                       .volume = { volume_nl },
                                                       .rate = { nl_day },
                                                       .lockout_minutes = lockout_minutes,
                                                       .max_per_day = a_day,
                                                       .expiry_days = 30 };
}

struct receipt bedside_activate(struct bedside *bed, const struct therapy *therapy, bool retitrated)
{
    struct receipt receipt;
    rig_activate(&bed->rig, therapy, retitrated, &receipt);
    listen(bed);
    return receipt;
}

void bedside_treat(struct bedside *bed, const struct therapy *therapy)
{
    assert_applied(bedside_activate(bed, therapy, false));
}

struct receipt bedside_give(struct bedside *bed, enum role role, struct command command)
{
    struct receipt receipt;
    rig_command(&bed->rig, role, &command, &receipt);
    listen(bed);
    return receipt;
}

struct receipt bedside_do(struct bedside *bed, enum command_kind kind)
{
    return bedside_give(bed, ROLE_CLINICIAN, (struct command){ .kind = (uint8_t)kind });
}

struct receipt bedside_resume(struct bedside *bed, bool retitrated)
{
    return bedside_give(bed, ROLE_CLINICIAN, (struct command){ .kind = COMMAND_RESUME, .retitrated = retitrated });
}

struct receipt bedside_bolus(struct bedside *bed, int64_t volume_nl, int32_t nl_day)
{
    return bedside_give(
        bed, ROLE_CLINICIAN,
        (struct command){ .kind = COMMAND_CLINICIAN_BOLUS, .volume = { volume_nl }, .rate = { nl_day } });
}

struct receipt bedside_press(struct bedside *bed)
{
    return bedside_give(bed, ROLE_PATIENT, (struct command){ .kind = COMMAND_PATIENT_BOLUS });
}

struct receipt bedside_refill(struct bedside *bed, const struct mixture *mixture, int64_t fill_nl,
                              const struct therapy *activate, bool retitrated)
{
    struct rig_refill refill = {
        .told = { .withdrawn = { -1 }, .filled = { fill_nl }, .drawn_up = { fill_nl }, .fill = *mixture },
        .activate = activate,
        .retitrated = retitrated
    };
    struct receipt receipt;
    assert_true(rig_refill(&bed->rig, &refill, &receipt));
    listen(bed);
    return receipt;
}

void bedside_pass(struct bedside *bed, int64_t ms)
{
    instant_ms until = { bed->rig.now.ms + ms };
    while (!rig_run_to_event(&bed->rig, until))
        listen(bed);
    listen(bed);
    assert_false(bed->rig.stuck);
}

/* Goes on listening after a start. */
static void listen_again(struct bedside *bed)
{
    struct event event; /* numbers that a loss of memory made the pump skip */
    while (bed->seen < pump_log_last(&bed->rig.pump) && !pump_log_read(&bed->rig.pump, bed->seen + 1, &event))
        bed->seen++;
    listen(bed);
}

void bedside_reset(struct bedside *bed, enum rig_memory memory)
{
    rig_reset(&bed->rig, memory);
    listen_again(bed);
}

void bedside_restart(struct bedside *bed)
{
    struct rig_reset reset = { .cause = BOOT_COMMAND, .memory = RIG_MEMORY_KEPT };
    rig_reset_as(&bed->rig, &reset);
    bedside_pass(bed, 0);
}

struct pump_status bedside_status(struct bedside *bed)
{
    struct pump_status status;
    rig_status(&bed->rig, &status);
    return status;
}

bool bedside_alarmed(struct bedside *bed, enum alarm_index alarm)
{
    return bedside_status(bed).alarms >> alarm & 1;
}

int64_t bedside_moved(const struct bedside *bed)
{
    double quantum_nl = (double)bed->rig.unit.model.quantum.nl;
    return (int64_t)(bed->rig.twin.totals.displaced * 1e12 / quantum_nl + 0.5);
}

int64_t bedside_dose_fg(const struct bedside *bed, uint16_t drug)
{
    for (unsigned i = 0; i < FLUID_DRUGS_MAX; i++)
        if (bed->rig.twin.totals.drug[i] == drug)
            return (int64_t)(bed->rig.twin.totals.delivered_kg[i] * 1e18 + 0.5);
    return 0;
}
