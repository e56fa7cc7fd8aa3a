/* clinician.c - somebody with a programmer at the bedside. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/clinician.h"

#include <stdio.h>
#include <string.h>

#include "clinic/workflow/readback.h"
#include "rig/people.h"

struct clinician clinician;
static struct formulary library;
static const char PATIENT[] = "Example, Anna";

static bool air_send(void *context, const uint8_t *frame, size_t size)
{
    (void)context;
    struct air air = rig_air_of(&clinician.ear);
    return air.send(air.context, frame, size);
}

static size_t air_receive(void *context, uint8_t frame[FRAME_BYTES_MAX], int64_t wait_ms)
{
    (void)context;
    struct air air = rig_air_of(&clinician.ear);
    size_t size = air.receive(air.context, frame, wait_ms);
    if (clinician.deaf)
        return 0;
    if (size > 0 && clinician.deaf_after > 0 && --clinician.deaf_after == 0)
        clinician.deaf = true;
    return size;
}

static void air_chance(void *context, uint8_t *bytes, size_t size)
{
    (void)context;
    struct air air = rig_air_of(&clinician.ear);
    air.chance(air.context, bytes, size);
}

static bool air_keep(void *context, const struct key *key)
{
    (void)context;
    clinician.kept = *key;
    return true;
}

static const struct air AIR = { NULL, air_send, air_receive, air_chance, air_keep };

void clinician_implant(struct bedside *bed, const char *model, const struct mixture *mixture)
{
    struct pump_unit unit = bedside_unit(model);
    struct twin_setup setup = bedside_setup(model);
    struct key key = { .label = "ward tablet" };
    uint8_t outcome = 0;
    people_provision(&unit, 7);
    assert_true(bedside_implant_unit(bed, &unit, &setup, mixture, unit.model.reservoir.nl));
    memset(&clinician, 0, sizeof clinician);
    clinician.bed = bed;
    clinician.fill = *mixture;
    clinician.fill_nl = unit.model.reservoir.nl - 2 * NL_PER_ML;
    if (library.entries == 0)
        assert_true(formulary_builtin("US", &library, stderr));
    clinician.practice = (struct practice){ .formulary = &library, .has_record = true, .accounts = true };
    strcpy(clinician.practice.patient, PATIENT);
    memcpy(clinician.practice.serial, unit.serial, sizeof unit.serial);
    memcpy(key.pump_id, unit.serial, sizeof key.pump_id);
    programmer_start(&clinician.programmer, &key);
    rig_air_start(&clinician.ear, &bed->rig, REACH_NEAR, 1, &clinician.kept);
    assert_int_equal(programmer_pair(&clinician.programmer, &AIR, unit.card, ROLE_CLINICIAN, &outcome), CONTACT_OK);
    bedside_pass(bed, 0);
}

/* The amount that is to be typed again, as text. */
static void readback_type(typed text)
{
    struct readback readback;
    readback_ask(&clinician.workflow, &readback);
    if (readback.dimension == DIMENSION_DOSE)
        amount_write(text, readback.amount, 12, 0, "mg/day");
    else
        amount_write_volume(text, readback.amount);
}

/* What the reservoir truly holds. */
static struct said_volume all(void)
{
    return (struct said_volume){ true, rig_nl(clinician.bed->rig.twin.reservoir_m3) };
}

static void answers_make(void)
{
    struct answers *answers = &clinician.answers;
    const struct interrogation *seen = &clinician.workflow.seen;
    *answers = (struct answers){ .step = workflow_step(&clinician.workflow), .user = CLINICIAN_USER };
    strcpy(answers->identify.patient, PATIENT);
    memcpy(answers->identify.serial, clinician.bed->rig.unit.serial, sizeof answers->identify.serial);
    answers->identify.mixture = seen->stretch[0];
    answers->therapy.therapy = clinician.wanted;
    answers->port.port = clinician.workflow.work == WORK_CATHETER_ACCESS ? PORT_CATHETER : PORT_RESERVOIR;
    answers->port.aspirated = ANSWER_YES;
    answers->residual.withdrawn = answers->empty.withdrawn = all();
    answers->residual.left.said = true;
    answers->fill.filled = answers->fill.drawn_up = (struct said_volume){ true, { clinician.fill_nl } };
    answers->fill.mixture = clinician.fill;
    answers->empty.emptied = ANSWER_YES;
    answers->catheter.length_mm = CATHETER_MM;
    answers->prime.holds = HOLDS_NO_DRUG;
    answers->aspirated = answers->inject = ANSWER_YES;
    answers->scan = clinician.bed->rig.unit.model.mechanism == MECHANISM_VALVE ? SCAN_EMPTY : SCAN_KEEP;
    answers->lower = COMMAND_STOP;
    answers->signs = ANSWER_NO;
    if (answers->step == STEP_AT_READBACK)
        readback_type(answers->readback);
    if (answers->step == STEP_AT_SECOND)
        answers->user = CLINICIAN_OTHER;
}

enum given clinician_give(void)
{
    return workflow_give(&clinician.workflow, &clinician.practice, &clinician.answers, clinician.bed->rig.now.ms,
                         &clinician.findings);
}

void clinician_do(void)
{
    struct workflow *workflow = &clinician.workflow;
    enum want want = workflow_want(workflow);
    answers_make();
    if (want == WANT_ANSWER) {
        if (workflow_step(workflow) == STEP_AT_WATCH && clinician.bed->rig.now.ms < workflow->watch_until_ms)
            bedside_pass(clinician.bed, workflow->watch_until_ms - clinician.bed->rig.now.ms);
        enum given given = clinician_give();
        for (unsigned i = 0; given != GIVEN_ON && i < clinician.findings.count; i++)
            print_error("%s\n", clinician.findings.item[i].text);
        assert_int_equal(given, GIVEN_ON);
    } else if (want == WANT_RECORD) {
        workflow_recorded(workflow);
    } else if (want == WANT_AUDIT) {
        workflow_audited(workflow);
    } else {
        (void)hands_do(workflow, &clinician.programmer, &AIR, clinician.bed->rig.now.ms, NULL);
    }
    bedside_pass(clinician.bed, 0); /* hears what the pump wrote meanwhile */
}

void clinician_upto(enum work work, enum step_at step)
{
    workflow_begin(&clinician.workflow, work, clinician.bed->rig.now.ms);
    while (workflow_step(&clinician.workflow) != (uint8_t)step) {
        assert_int_equal(clinician.workflow.ending, ENDING_NONE);
        clinician_do();
    }
    answers_make();
}

void clinician_finish(void)
{
    for (unsigned i = 0; workflow_want(&clinician.workflow) != WANT_NOTHING; i++) {
        assert_true(i < 2 * STEPS);
        clinician_do();
    }
}

bool clinician_found(enum rule rule, enum finding_level level, const char *words)
{
    for (unsigned i = 0; i < clinician.findings.count; i++)
        if (clinician.findings.item[i].rule == rule && clinician.findings.item[i].level == level &&
            strstr(clinician.findings.item[i].text, words) != NULL)
            return true;
    print_error("not said: %s: \"%s\"\n", rule_word(rule), words);
    for (unsigned i = 0; i < clinician.findings.count; i++)
        print_error("  %s: %s\n", rule_word((enum rule)clinician.findings.item[i].rule), clinician.findings.item[i].text);
    return false;
}
