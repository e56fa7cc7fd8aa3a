/* records_case.c - a small clinic. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/clinic/records_case.h"

#include <stdio.h>

enum { EVENTS_AT_ONCE = 512 };

struct patient case_patient(unsigned n)
{
    struct patient patient = { .id = 0 };
    snprintf(patient.name, sizeof patient.name,
             "Z\xC3\xB6"
             "e Patient %u",
             n);
    snprintf(patient.birth_date, sizeof patient.birth_date, "19%02u-%02u-%02u", n % 100, n % 12 + 1, n % 28 + 1);
    snprintf(patient.identifier, sizeof patient.identifier, "MRN-%06u", n);
    snprintf(patient.note, sizeof patient.note, "allergic to deadline %u", n);
    return patient;
}

struct implant case_implant(unsigned n, int64_t patient)
{
    struct implant implant = { .patient = patient,
                               .model = MODEL_C20,
                               .revision = 1,
                               .calibration = { (int32_t)(n % 100) - 50 },
                               .implanted_ms = INT64_C(1700000000000) + n };
    snprintf(implant.serial, sizeof implant.serial, "SIM-%06u", n);
    return implant;
}

struct catheter case_catheter(unsigned n, int64_t implant)
{
    struct catheter catheter = { .implant = implant,
                                 .kind = "plain, one piece",
                                 .length_mm = 400 + n % 200,
                                 .dead_volume = { 244000 + n % 200 },
                                 .placed_ms = INT64_C(1700000000000) + n };
    return catheter;
}

size_t case_therapy(const struct implant *implant, unsigned n, uint8_t bytes[THERAPY_BYTES_MAX])
{
    size_t size = 0;
    struct therapy t = { .name = "morphine",
                         .model = implant->model,
                         .revision = implant->revision,
                         .formulary_version = 7,
                         .region = "US",
                         .calibration = implant->calibration,
                         .dead_volume = { 244000 },
                         .safe_rate = { 48000 },
                         .restart_limit_hours = 24,
                         .under_delivery = PRIORITY_HIGH,
                         .reservoir_low = { 2000000 },
                         .mri_rule = MRI_KEEP_PROGRAM };
    memcpy(t.serial, implant->serial, sizeof t.serial);
    t.mixture = (struct mixture){ .count = 1, .component = { { DRUG_MORPHINE, { 10000000 } } } };
    t.program = (struct program){ .kind = PROGRAM_CONTINUOUS, .base = { 100000 + (int32_t)(n % 1000) } };
    t.limits.count = 1;
    t.limits.drug[0] = (struct drug_limit){ DRUG_MORPHINE, { { INT64_C(1000000000000) }, { INT64_C(5000000000000) } } };
    t.limits.rate_max.nl_day = 1000000;
    return therapy_encode(&t, bytes, THERAPY_BYTES_MAX, &size) == RESULT_OK ? size : 0;
}

struct refill_record case_refill(unsigned n, int64_t implant, int64_t visit)
{
    struct refill_record refill = { .implant = implant,
                                    .visit = visit,
                                    .expected = { 3000000 + n },
                                    .found = { 1500000 + n },
                                    .left = { 500000 },
                                    .filled = { 18000000 },
                                    .drawn_up = { 18000000 },
                                    .cause = WORD_CAUSE_INCOMPLETE_ASPIRATION,
                                    .drugs = 2 };
    refill.drug[0].drug = DRUG_MORPHINE;
    refill.drug[0].conc.ng_ml = 10000000;
    refill.drug[1].drug = DRUG_BUPIVACAINE;
    refill.drug[1].conc.ng_ml = 5000000;
    snprintf(refill.drug[0].lot, REFILL_LOT_BYTES, "M-%u", n);
    snprintf(refill.drug[1].lot, REFILL_LOT_BYTES, "B-%u", n / 10);
    return refill;
}

struct pumplog_item case_event(uint64_t number)
{
    struct pumplog_item item = { .what = PUMPLOG_EVENT, .from = number, .to = number };
    item.event = (struct event){ .sequence = number,
                                 .at = { (int64_t)number * 60000 },
                                 .epoch = 1,
                                 .code = EVENT_RATE,
                                 .actor = ACTOR_CLINICIAN,
                                 .field = { (int64_t)number, -(int64_t)number, 0, INT64_MIN } };
    if (number % 10 == 0)
        item.event = (struct event){ .sequence = number,
                                     .at = { (int64_t)number * 60000 },
                                     .code = EVENT_ALARM_RAISED,
                                     .field = { ALARM_RESERVOIR_LOW, ALARM_PRIORITY_LOW, 1 } };
    if (number % 10 == 1 && number > 1)
        item.event = (struct event){ .sequence = number,
                                     .at = { (int64_t)number * 60000 },
                                     .code = EVENT_ALARM_ENDED,
                                     .field = { ALARM_RESERVOIR_LOW } };
    return item;
}

struct override_record case_override(unsigned n, int64_t visit)
{
    struct override_record shown = { .visit = visit,
                                     .level = n % 3 == 2 ? WORD_LEVEL_HARD : WORD_LEVEL_SOFT,
                                     .value = 15000 + n,
                                     .bound = 15000,
                                     .answer = n % 3 == 0 ? WORD_ANSWER_OVERRIDDEN : WORD_ANSWER_HEEDED,
                                     .reason = n % 3 == 0 ? WORD_REASON_TITRATED : WORD_REASON_NONE };
    snprintf(shown.rule, sizeof shown.rule, "morphine.dose_day.%s", n % 3 == 2 ? "hard" : "soft");
    return shown;
}

enum records_fault case_pull(struct records *records, int64_t implant, int64_t visit, unsigned events)
{
    static struct pumplog_item items[EVENTS_AT_ONCE];
    int64_t number = 0;
    enum records_fault fault = pumplog_next(records, implant, PUMPLOG_EVENTS, &number);
    while (fault == RECORDS_OK && events > 0) {
        unsigned count = events < EVENTS_AT_ONCE ? events : EVENTS_AT_ONCE;
        const struct pumplog_pull pull = {
            .implant = implant, .visit = visit, .ring = PUMPLOG_EVENTS, .items = items, .count = count
        };
        for (unsigned i = 0; i < count; i++)
            items[i] = case_event((uint64_t)number + i);
        fault = pumplog_add(records, &pull, NULL);
        for (unsigned i = 0; i < count && fault == RECORDS_OK; i++)
            fault = alarms_take(records, implant, &items[i].event, records->at_ms + (int64_t)i);
        number += count;
        events -= count;
    }
    return fault;
}

struct score_record case_score(unsigned n, int64_t patient, int64_t visit)
{
    struct score_record score = {
        .patient = patient, .visit = visit, .scale = WORD_SCALE_NRS, .relief_percent = SCORE_NOT_SAID
    };
    score.pain = n % (SCORE_NRS_MAX + 1U);
    if (n % 2 != 0)
        score.relief_percent = n % (SCORE_RELIEF_MAX + 1U);
    return score;
}

struct typing_record case_typing(unsigned n, int64_t patient, int64_t implant)
{
    return (struct typing_record){ .patient = patient,
                                   .implant = implant,
                                   .opened_ms = 1000 + n,
                                   .sent_ms = 3000 + n,
                                   .step = "therapy",
                                   .field = "dose",
                                   .presses = n };
}

struct twin_act case_twin_act(unsigned n, int64_t implant)
{
    struct twin_act act = { .implant = implant, .action = WORD_ACTION_TWIN_FAULT };
    snprintf(act.said, sizeof act.said, "fault kink, on, amount %u %%", n % 100);
    return act;
}

enum records_fault case_write(struct records *records, unsigned n, unsigned events, struct case_ids *ids)
{
    uint8_t bytes[THERAPY_BYTES_MAX];
    const struct patient patient = case_patient(n);
    enum records_fault fault = patients_add(records, &patient, &ids->patient);
    struct implant implant = case_implant(n, ids->patient);
    if (fault == RECORDS_OK)
        fault = implants_add(records, &implant, &ids->implant);
    const struct catheter catheter = case_catheter(n, ids->implant);
    if (fault == RECORDS_OK)
        fault = catheters_add(records, &catheter, &ids->catheter);
    if (fault == RECORDS_OK)
        fault = visits_open(records, ids->patient, ids->implant, WORD_WORKFLOW_REFILL, &ids->visit);
    const struct refill_record refill = case_refill(n, ids->implant, ids->visit);
    if (fault == RECORDS_OK)
        fault = refills_add(records, &refill, "the patient had moved", &ids->refill);
    if (fault == RECORDS_OK)
        fault = therapies_add(records, ids->implant, ids->visit, bytes, case_therapy(&implant, n, bytes), 7, "US",
                              &ids->therapy);
    const struct override_record shown = case_override(n, ids->visit);
    if (fault == RECORDS_OK)
        fault = overrides_add(records, &shown, &ids->override);
    const struct score_record score = case_score(n, ids->patient, ids->visit);
    if (fault == RECORDS_OK)
        fault = scores_add(records, &score, "worse since the cold came", &ids->score);
    const struct typing_record typing = case_typing(n, ids->patient, ids->implant);
    if (fault == RECORDS_OK)
        fault = typings_add(records, &typing, "{\"field\":\"dose\"}");
    const struct twin_act act = case_twin_act(n, ids->implant);
    int64_t done = 0;
    if (fault == RECORDS_OK)
        fault = twinacts_add(records, &act, &done);
    if (fault == RECORDS_OK)
        fault = twinacts_end(records, done, WORD_ACT_DONE);
    if (fault == RECORDS_OK)
        fault = case_pull(records, ids->implant, ids->visit, events);
    if (fault == RECORDS_OK)
        fault = visits_note(records, ids->visit, "came by bus");
    return fault == RECORDS_OK ? visits_close(records, ids->visit, WORD_OUTCOME_APPLIED, 0, 4711) : fault;
}

enum records_fault case_fill(struct records *records, unsigned patients, unsigned events, int64_t at_ms)
{
    struct case_ids ids;
    enum records_fault fault = RECORDS_OK;
    for (unsigned n = 0; n < patients && fault == RECORDS_OK; n++) {
        fault = records_begin(records, at_ms + n);
        if (fault == RECORDS_OK)
            fault = case_write(records, n, events, &ids);
        if (fault == RECORDS_OK)
            fault = records_commit(records);
    }
    return fault;
}
