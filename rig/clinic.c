// SPDX-License-Identifier: Apache-2.0
#include "rig/clinic.h"

#include <string.h>

#include "core/catalog.h"
#include "link/hash.h"

enum { FIRST_TRIES = 30, CHANGE_IN = 3, OTHER_DRUG_IN = 5, LATE_IN = 20, CLOCK_IN = 6, STOP_IN = 20 };

static void sent(struct life *life, const struct therapy *therapy)
{
    uint8_t bytes[THERAPY_BYTES_MAX], token[TOKEN_BYTES];
    size_t size = 0;
    if (therapy_encode(therapy, bytes, sizeof bytes, &size) != RESULT_OK)
        return;
    hash_of(bytes, size, token);
    oracle_sent(&life->oracle, therapy, bytes, size, token);
}

static bool activate(struct life *life, const struct therapy *therapy)
{
    struct command command = { .kind = COMMAND_ACTIVATE, .retitrated = 1 };
    struct receipt receipt;
    sent(life, therapy);
    if (!rig_stage(&life->rig, therapy, command.token, &receipt)) {
        life_observe(life);
        return false;
    }
    life_observe(life);
    if (!life_tell(life, ROLE_CLINICIAN, &command, &receipt))
        return false;
    life->therapy = *therapy;
    return true;
}

/* When it must be refilled again, by the clinic's reckoning: mostly in time, now and then too late. */
static void refill_plan(struct life *life, int64_t filled_nl)
{
    int64_t lasts_ms = filled_nl * DAY_MS / life->implant.pace;
    int64_t share = dice_once_in(&life->dice, LATE_IN) ? dice_between(&life->dice, 1000, 2500)
                                                       : dice_between(&life->dice, 300, 650);
    life->refill_ms = life->rig.now.ms + lasts_ms / 1000 * share;
}

/* No receipt came for a refill: the clinic waits until the pump answers again and reads what it has booked. Where it has
 * booked the refill, the syringe is emptied now: nothing had been moved yet. */
static bool fill_after_silence(struct life *life, const struct rig_refill *refill)
{
    struct pump_status status;
    struct fluid fluid = rig_fluid(&refill->told.fill);
    bool sound = life->mechanism_sound;
    life->mechanism_sound = false; /* until the syringe is emptied the pump may say more than there is */
    life_observe(life);
    while (!rig_runs(&life->rig) && life->oracle.breach.promise == PROMISE_NONE)
        life_pass(life, life->rig.power.on_at.ms);
    life->mechanism_sound = sound;
    rig_status(&life->rig, &status);
    int64_t missing = refill->told.filled.nl - nl_of_fl(status.remaining).nl;
    if (missing < 0 || missing > 4 * life->implant.model->quantum.nl)
        return false;
    (void)twin_withdraw(&life->rig.twin, life->rig.twin.reservoir_m3);
    return twin_fill(&life->rig.twin, rig_m3(refill->told.filled), &fluid);
}

static bool fill(struct life *life, const struct mixture *mixture, const struct therapy *therapy, bool first)
{
    int64_t most = life->implant.model->reservoir.nl;
    struct rig_refill refill = { .told = { .withdrawn = { -1 }, .left = { -1 }, .fill = *mixture }, .retitrated = true };
    struct receipt receipt;
    refill.told.filled.nl = dice_between(&life->dice, most * 6 / 10, most - 1000);
    refill.told.drawn_up = refill.told.filled;
    refill.told.dead_drug_free = first;
    refill.activate = therapy;
    if (therapy != NULL)
        sent(life, therapy);
    bool could = rig_refill(&life->rig, &refill, &receipt);
    struct command command = { .kind = COMMAND_REFILL, .id = receipt.id, .refill = refill.told };
    command.refill.activate = therapy != NULL;
    if (could && (rig_unheard(&life->rig) || life->rig.resets != life->resets))
        oracle_unanswered(&life->oracle, &command, life_tick(life));
    else if (could)
        oracle_answered(&life->oracle, &command, &receipt, false);
    bool silence = could && receipt.outcome != OUTCOME_APPLIED &&
                   (rig_unheard(&life->rig) || life->rig.resets != life->resets);
    bool booked = silence && fill_after_silence(life, &refill);
    life_observe(life);
    if (!booked && (!could || receipt.outcome != OUTCOME_APPLIED)) {
        life->report.refused++;
        return false;
    }
    life->report.refills++;
    life->mixture = *mixture;
    bool troubled = life->rig.twin.troubled || life->rig.twin.fault[TWIN_FAULT_OVERINFUSION] > 0;
    life->mechanism_sound = !troubled;
    if (therapy != NULL)
        life->therapy = *therapy;
    refill_plan(life, refill.told.filled.nl);
    return true;
}

static void alarms_clear(struct life *life)
{
    struct pump_status status;
    struct receipt receipt;
    rig_status(&life->rig, &status);
    for (unsigned i = 0; i < ALARM_COUNT; i++) {
        if ((status.alarms & ((uint32_t)1 << i)) != 0 && alarm_row(i)->latch) {
            struct command command = { .kind = COMMAND_CLEAR_ALARM, .alarm = alarm_row(i)->code };
            (void)life_tell(life, ROLE_CLINICIAN, &command, &receipt);
        }
    }
}

void clinic_resume(struct life *life)
{
    struct command command = { .kind = COMMAND_RESUME, .retitrated = 1 };
    struct receipt receipt;
    life->resume_ms = INT64_MAX;
    if (!life_tell(life, ROLE_CLINICIAN, &command, &receipt))
        life->visit_ms = life->rig.now.ms + DAY_MS;
}

static void clock_set(struct life *life)
{
    struct command command = { .kind = COMMAND_SET_CLOCK };
    struct receipt receipt;
    struct pump_status status;
    rig_status(&life->rig, &status);
    command.calendar = status.calendar;
    int64_t by = dice_once_in(&life->dice, 2) ? dice_between(&life->dice, -600000, 600000)
                                              : dice_between(&life->dice, -12, 12) * (int64_t)HOUR_MS;
    command.calendar.offset.ms += by;
    (void)life_tell(life, ROLE_CLINICIAN, &command, &receipt);
}

/* A refill: more of the same, the same with another therapy, or other drugs behind a bridge. */
static bool refill(struct life *life)
{
    struct therapy therapy;
    struct mixture mixture;
    if (dice_once_in(&life->dice, OTHER_DRUG_IN)) {
        int32_t flow = life->therapy.program.base.nl_day > 0 ? life->therapy.program.base.nl_day : life->implant.pace;
        invent_mixture(&life->dice, &life->implant, &mixture);
        if (invent_therapy(&life->dice, &life->implant, &mixture, flow, &therapy) && fill(life, &mixture, &therapy, false))
            return true;
    }
    if (dice_once_in(&life->dice, CHANGE_IN) &&
        invent_therapy(&life->dice, &life->implant, &life->mixture, 0, &therapy) &&
        fill(life, &life->mixture, &therapy, false))
        return true;
    mixture = life->mixture;
    return fill(life, &mixture, NULL, false);
}

static void stop_for_a_while(struct life *life)
{
    struct command command = { .kind = dice_once_in(&life->dice, 2) ? COMMAND_STOP : COMMAND_MINIMUM };
    struct receipt receipt;
    if (life_tell(life, ROLE_CLINICIAN, &command, &receipt))
        life->resume_ms = life->rig.now.ms + dice_scale(&life->dice, MINUTE_MS, 3 * (int64_t)DAY_MS);
}

static void order_bolus(struct life *life)
{
    const struct model *model = life->implant.model;
    struct command command = { .kind = COMMAND_CLINICIAN_BOLUS };
    struct receipt receipt;
    command.volume.nl = dice_scale(&life->dice, model->quantum.nl, model->quantum.nl * 20);
    command.rate.nl_day = (int32_t)dice_between(&life->dice, command.volume.nl * 10, command.volume.nl * 200);
    (void)life_tell(life, ROLE_CLINICIAN, &command, &receipt);
}

static void therapy_change(struct life *life)
{
    struct therapy therapy;
    if (invent_therapy(&life->dice, &life->implant, &life->mixture, 0, &therapy))
        (void)activate(life, &therapy);
}

/* A pump that has forgotten its therapy is given it anew, and filled as if it were new. */
static void start_anew(struct life *life)
{
    struct therapy therapy = life->therapy;
    struct mixture mixture = life->mixture;
    therapy.program.opening = (struct opening){ .kind = OPENING_NONE };
    if (!fill(life, &mixture, &therapy, true))
        life->visit_ms = life->rig.now.ms + HOUR_MS;
}

void clinic_visit(struct life *life)
{
    struct pump_status status;
    bool due = life->rig.now.ms >= life->refill_ms;
    life->report.visits++;
    life->unwell = false;
    life->visit_ms = life->rig.now.ms + dice_between(&life->dice, 10 * (int64_t)DAY_MS, 60 * (int64_t)DAY_MS);
    life_look(life);
    alarms_clear(life);
    rig_status(&life->rig, &status);
    if (status.mode == MODE_NEW || !status.has_therapy) {
        start_anew(life);
        return;
    }
    if ((due || status.mode == MODE_EMPTY) && !refill(life))
        life->refill_ms = life->rig.now.ms + DAY_MS / 2;
    rig_status(&life->rig, &status);
    if (status.mode == MODE_SAFE)
        clinic_resume(life);
    if (dice_once_in(&life->dice, CLOCK_IN))
        clock_set(life);
    if (dice_once_in(&life->dice, STOP_IN))
        stop_for_a_while(life);
    else if (dice_once_in(&life->dice, CHANGE_IN))
        therapy_change(life);
    else if (dice_once_in(&life->dice, CHANGE_IN))
        order_bolus(life);
}

void clinic_press(struct life *life)
{
    struct command command = { .kind = COMMAND_PATIENT_BOLUS };
    struct receipt receipt;
    life->press_ms = life->rig.now.ms + dice_scale(&life->dice, 10 * MINUTE_MS, 2 * (int64_t)DAY_MS);
    if (life->therapy.program.patient.allowed || dice_once_in(&life->dice, 20))
        (void)life_tell(life, ROLE_PATIENT, &command, &receipt);
}

bool clinic_implant(struct life *life, uint64_t twin_seed)
{
    int32_t catheter_mm;
    struct mixture mixture;
    struct therapy therapy;
    struct receipt receipt;
    struct command command = { .kind = COMMAND_SET_CLOCK };
    invent_implant(&life->dice, &life->implant, &catheter_mm);
    const struct model *model = life->implant.model;
    struct pump_unit unit = { .model = *model, .calibration = life->implant.calibration };
    memcpy(unit.serial, life->implant.serial, SERIAL_BYTES);
    struct twin_setup setup = { .model = model_name(model->code), .calibration = 1.0 + life->implant.calibration.ppm / 1e6,
                                .catheter_m3 = rig_m3((vol_nl){ life->implant.dead_volume.nl - model->tubing.nl }),
                                .seed = twin_seed };
    if (!rig_start_on(&life->rig, life->chip, &unit, &setup))
        return false;
    struct oracle_facts facts = { .quantum_fl = (int64_t)(life->rig.twin.mechanism.calibrated_m3 * 1e18 + 0.5),
                                  .rate_min = model->rate_min.nl_day,
                                  .busy_ms = life->rig.twin.driver.stall_ms + 1000 };
    oracle_start(&life->oracle, &facts, life->rig.now.ms);
    life->fired_ms = life->rig.twin.driver.fired_ms;
    life->mechanism_sound = true;
    life->resume_ms = INT64_MAX;
    life_observe(life);
    command.calendar.offset.ms = 20000 * (int64_t)DAY_MS + dice_between(&life->dice, 0, 7 * (int64_t)DAY_MS);
    (void)life_tell(life, ROLE_CLINICIAN, &command, &receipt);
    life->press_ms = dice_between(&life->dice, 0, DAY_MS);
    life->visit_ms = dice_between(&life->dice, DAY_MS, 20 * (int64_t)DAY_MS);
    for (unsigned tries = 0; tries < FIRST_TRIES; tries++) {
        invent_mixture(&life->dice, &life->implant, &mixture);
        if (invent_therapy(&life->dice, &life->implant, &mixture, 0, &therapy) && fill(life, &mixture, &therapy, true))
            return true;
    }
    return false;
}

const char *clinic_word(enum clinic_deed deed)
{
    static const char *const words[CLINIC_DEEDS] = { "program", "refill", "refill_other", "patient_bolus", "clinician_bolus",
                                                     "stop", "resume", "minimum", "cancel", "clock", "clear_alarm",
                                                     "silence", "hours", "boot" };
    return deed < CLINIC_DEEDS ? words[deed] : "";
}

static void plain(struct life *life, enum command_kind kind, enum role role)
{
    struct command command = { .kind = (uint8_t)kind, .retitrated = kind == COMMAND_RESUME };
    struct receipt receipt;
    command.minutes = kind == COMMAND_SILENCE ? 10 : 0;
    command.alarm = kind == COMMAND_CLEAR_ALARM ? ALARM_UNDER_INFUSION : 0;
    (void)life_tell(life, role, &command, &receipt);
}

static void other_drug(struct life *life)
{
    struct mixture mixture;
    struct therapy therapy;
    invent_mixture(&life->dice, &life->implant, &mixture);
    if (invent_therapy(&life->dice, &life->implant, &mixture, life->implant.pace, &therapy))
        (void)fill(life, &mixture, &therapy, false);
}

void clinic_prepare(struct life *life, enum clinic_deed deed)
{
    if (deed == CLINIC_RESUME)
        plain(life, COMMAND_STOP, ROLE_CLINICIAN);
    if (deed == CLINIC_CANCEL)
        order_bolus(life);
    if (deed == CLINIC_CLEAR_ALARM) { /* quanta that are missed now and then, until the pump complains */
        oracle_disturbed(&life->oracle, life_tick(life), 2 * DAY_MS);
        for (unsigned i = 0; i < 40; i++) {
            twin_set_fault(&life->rig.twin, TWIN_FAULT_STALL, i % 2 == 0);
            life_pass(life, life->rig.now.ms + 20 * MINUTE_MS);
        }
        twin_set_fault(&life->rig.twin, TWIN_FAULT_STALL, 0);
        life_pass(life, life->rig.now.ms + 20 * MINUTE_MS);
    }
}

void clinic_do(struct life *life, enum clinic_deed deed)
{
    switch (deed) {
    case CLINIC_PROGRAM:
        therapy_change(life);
        break;
    case CLINIC_REFILL:
        (void)fill(life, &life->mixture, NULL, false);
        break;
    case CLINIC_REFILL_OTHER:
        other_drug(life);
        break;
    case CLINIC_PATIENT_BOLUS:
        plain(life, COMMAND_PATIENT_BOLUS, ROLE_PATIENT);
        break;
    case CLINIC_CLINICIAN_BOLUS:
        order_bolus(life);
        break;
    case CLINIC_STOP:
        plain(life, COMMAND_STOP, ROLE_CLINICIAN);
        break;
    case CLINIC_RESUME:
        plain(life, COMMAND_RESUME, ROLE_CLINICIAN);
        break;
    case CLINIC_MINIMUM:
        plain(life, COMMAND_MINIMUM, ROLE_CLINICIAN);
        break;
    case CLINIC_CANCEL:
        plain(life, COMMAND_CANCEL_COURSE, ROLE_CLINICIAN);
        break;
    case CLINIC_CLOCK:
        clock_set(life);
        break;
    case CLINIC_CLEAR_ALARM:
        plain(life, COMMAND_CLEAR_ALARM, ROLE_CLINICIAN);
        break;
    case CLINIC_SILENCE:
        plain(life, COMMAND_SILENCE, ROLE_PATIENT);
        break;
    case CLINIC_HOURS:
        life_pass(life, life->rig.now.ms + 3 * HOUR_MS);
        break;
    case CLINIC_BOOT:
        oracle_disturbed(&life->oracle, life_tick(life), 0);
        rig_reset(&life->rig, RIG_MEMORY_KEPT);
        life_observe(life);
        break;
    case CLINIC_DEEDS:
        break;
    }
}
