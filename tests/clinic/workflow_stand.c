/* workflow_stand.c - a practice, a pump that is a few variables, and the right answers. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/clinic/workflow_stand.h"

#include <stdio.h>
#include <string.h>

#include "clinic/workflow/daydose.h"
#include "clinic/workflow/readback.h"
#include "core/catalog.h"
#include "link/hash.h"

struct stand stand;
struct findings stand_findings;
static struct formulary library;
enum { CATHETER_LENGTH_MM = 400, NEW_NL_DAY = 240000, OLD_NL_DAY = 200000, CONC = 25 * MG_NG, OTHER_CONC = 10 * MG_NG };
static const char PATIENT[] = "Example, Anna", SERIAL[] = "SIM-0042";

int stand_open(void **state)
{
    (void)state;
    return formulary_builtin("US", &library, stderr) ? 0 : -1;
}

int stand_close(void **state)
{
    (void)state;
    formulary_close(&library);
    return 0;
}

static struct mixture morphine(int32_t ng_ml)
{
    return (struct mixture){ .count = 1, .component = { { DRUG_MORPHINE, { ng_ml } } } };
}

static void token_of(const struct therapy *therapy, uint8_t token[TOKEN_BYTES])
{
    uint8_t bytes[THERAPY_BYTES_MAX];
    size_t size = 0;
    assert_int_equal(therapy_encode(therapy, bytes, sizeof bytes, &size), RESULT_OK);
    hash_of(bytes, size, token);
}

struct therapy stand_therapy(int32_t ng_ml, int32_t nl_day)
{
    struct therapy therapy = { .name = "morphine",
                               .region = "US",
                               .model = stand.pump.model,
                               .revision = stand.pump.revision,
                               .formulary_version = library.version,
                               .mixture = morphine(ng_ml),
                               .program = { .kind = PROGRAM_CONTINUOUS, .base = { nl_day } },
                               .restart_limit_hours = 24,
                               .under_delivery = PRIORITY_HIGH,
                               .reservoir_low = { 2 * ML_NL } };
    const struct model *model = model_find(stand.pump.model, stand.pump.revision);
    strcpy(therapy.serial, SERIAL);
    therapy.mri_rule = model->mechanism == MECHANISM_VALVE ? MRI_EMPTY_FIRST : MRI_KEEP_PROGRAM;
    therapy.dead_volume = model_dead_volume(model, CATHETER_LENGTH_MM);
    therapy.limits =
        (struct limits){ .count = 1,
                         .drug = { { DRUG_MORPHINE, { { INT64_C(4000000000000) }, { INT64_C(30000000000000) } } } },
                         .bolus_max = { 20000 },
                         .rate_max = { 4 * ML_NL } };
    return therapy;
}

void stand_begin(bool fresh, const char *model)
{
    const struct model *found = model_named(model);
    stand = (struct stand){ .practice = { .formulary = &library, .has_record = true, .accounts = true }, .now_ms = 1000 };
    strcpy(stand.practice.patient, PATIENT);
    strcpy(stand.practice.serial, SERIAL);
    strcpy(stand.pump.serial, SERIAL);
    stand.pump.model = found->code;
    stand.pump.revision = found->revision;
    stand.pump.mode = MODE_NEW;
    stand.pump.head = 77;
    stand.pump.now.ms = DAY_MS;
    stand.pump.civil_offset_ms = 20528 * (int64_t)DAY_MS;
    stand.pump.interrupted_since = stand.pump.replace = INSTANT_NEVER;
    if (fresh)
        return;
    stand.pump.mode = MODE_RUNNING;
    stand.pump.base.nl_day = OLD_NL_DAY;
    stand.pump.reservoir.nl = 10 * ML_NL;
    stand.pump.stretches = 1;
    stand.pump.stretch[0] = morphine(CONC);
    stand.pump.has_therapy = true;
    stand.pump.therapy = stand_therapy(CONC, OLD_NL_DAY);
    token_of(&stand.pump.therapy, stand.pump.token);
}

void stand_ready(enum work work, bool valve)
{
    stand_begin(work == WORK_IMPLANT, valve ? "V20" : "C20");
}

/* What this workflow is for, as a therapy. */
static struct therapy wanted(const struct workflow *workflow)
{
    struct therapy therapy = stand_therapy(CONC, NEW_NL_DAY);
    if (workflow->work == WORK_PRIME || workflow->work == WORK_IMPLANT)
        therapy.program.opening = (struct opening){ OPENING_PRIME, therapy.dead_volume, { 2 * ML_NL } };
    if (workflow->work == WORK_BRIDGE) {
        therapy = stand_therapy(OTHER_CONC, 2 * OLD_NL_DAY);
        therapy.program.opening = (struct opening){ OPENING_BRIDGE, therapy.dead_volume, { OLD_NL_DAY } };
    }
    return therapy;
}

static void readback_type(const struct workflow *workflow, typed text)
{
    struct readback readback;
    readback_ask(workflow, &readback);
    if (readback.dimension == DIMENSION_DOSE)
        amount_write(text, readback.amount, 12, 0, "mg/day");
    else
        amount_write_volume(text, readback.amount);
}

/* What is typed of drugs, volumes and ports. */
static void answers_reservoir(const struct workflow *workflow, struct answers *answers)
{
    int32_t conc = workflow->work == WORK_BRIDGE ? OTHER_CONC : CONC;
    answers->port.port = workflow->work == WORK_CATHETER_ACCESS ? PORT_CATHETER : PORT_RESERVOIR;
    answers->port.aspirated = ANSWER_YES;
    answers->residual.withdrawn = (struct said_volume){ true, stand.pump.reservoir };
    answers->residual.left = (struct said_volume){ true, { 0 } };
    answers->fill.filled = answers->fill.drawn_up = (struct said_volume){ true, { 18 * ML_NL } };
    answers->fill.mixture = morphine(conc);
    strcpy(answers->fill.lot, "L-17");
    answers->empty.emptied = ANSWER_YES;
    answers->empty.withdrawn = (struct said_volume){ true, stand.pump.reservoir };
}

void stand_answers(const struct workflow *workflow, struct answers *answers)
{
    *answers = (struct answers){ .step = workflow_step(workflow), .user = STAND_FIRST };
    strcpy(answers->identify.patient, PATIENT);
    strcpy(answers->identify.serial, SERIAL);
    if (workflow->seen.stretches > 0)
        answers->identify.mixture = workflow->seen.stretch[0];
    answers->therapy.therapy = wanted(workflow);
    answers->therapy.therapy.formulary_version = 0; /* what it is checked against is for the workflow to say */
    answers_reservoir(workflow, answers);
    answers->catheter.length_mm = CATHETER_LENGTH_MM;
    answers->prime.holds = HOLDS_NO_DRUG;
    answers->aspirated = answers->inject = ANSWER_YES;
    answers->scan = stand.pump.therapy.mri_rule == MRI_EMPTY_FIRST ? SCAN_EMPTY : SCAN_KEEP;
    answers->lower = COMMAND_STOP;
    answers->signs = ANSWER_NO;
    if (answers->step == STEP_AT_READBACK)
        readback_type(workflow, answers->readback);
    if (answers->step == STEP_AT_SECOND)
        answers->user = STAND_SECOND;
}

enum given stand_give(struct workflow *workflow, const struct answers *answers)
{
    return workflow_give(workflow, &stand.practice, answers, stand.now_ms, &stand_findings);
}

static void careful_answer(struct workflow *workflow)
{
    static struct answers answers;
    stand_answers(workflow, &answers);
    if (answers.step == STEP_AT_WATCH && stand.now_ms < workflow->watch_until_ms)
        stand.now_ms = workflow->watch_until_ms;
    enum given given = stand_give(workflow, &answers);
    if (given != GIVEN_ON)
        for (unsigned i = 0; i < stand_findings.count; i++)
            if (stand_findings.item[i].level >= FINDING_SOFT)
                print_error("%s: %s\n", step_word(answers.step), stand_findings.item[i].text);
    assert_int_equal(given, GIVEN_ON);
}

/* The pump of a few variables carries a command out. */
static void obey(const struct workflow *workflow, const struct command *command)
{
    struct interrogation *pump = &stand.pump;
    stand.kind[stand.commands++ % (COMMANDS_MAX + 1)] = command->kind;
    pump->head++;
    if (command->kind == COMMAND_REFILL) {
        pump->reservoir.nl = command->refill.left.nl + command->refill.filled.nl;
        pump->stretch[0] = workflow->draft.blend;
        pump->stretches = 1;
    }
    if (command->kind == COMMAND_ACTIVATE || command->refill.activate) {
        pump->therapy = stand.staged;
        pump->has_therapy = true;
        pump->mode = MODE_RUNNING;
        token_of(&pump->therapy, pump->token);
    }
    if (command->kind == COMMAND_STOP)
        pump->mode = MODE_STOPPED;
    if (command->kind == COMMAND_MINIMUM)
        pump->mode = MODE_MINIMUM;
}

static void command_hear(struct workflow *workflow)
{
    struct command command;
    struct receipt receipt = { .id = 900 + stand.commands, .outcome = OUTCOME_APPLIED };
    workflow_command(workflow, &command);
    assert_int_not_equal(command.kind, 0);
    receipt.kind = command.kind;
    if (stand.reasons != 0) {
        receipt.outcome = OUTCOME_NOT_APPLIED;
        receipt.reasons = stand.reasons;
    }
    bool done = stand.reasons == 0 && (!stand.deaf || stand.obeys);
    if (done)
        obey(workflow, &command);
    if (stand.deaf) {
        receipt.outcome = done ? OUTCOME_APPLIED : OUTCOME_NOT_APPLIED;
        stand.pump.settled = receipt;
        workflow_told(workflow, CHANGE_UNKNOWN, &(struct receipt){ .id = receipt.id, .kind = receipt.kind }, stand.now_ms);
        return;
    }
    workflow_told(workflow, stand.reasons == 0 ? CHANGE_APPLIED : CHANGE_NOT_APPLIED, &receipt, stand.now_ms);
}

void stand_do(struct workflow *workflow)
{
    uint8_t token[TOKEN_BYTES];
    stand.now_ms += 1000;
    switch (workflow_want(workflow)) {
    case WANT_ANSWER:
        careful_answer(workflow);
        break;
    case WANT_INTERROGATE:
        workflow_interrogated(workflow, &stand.pump, stand.now_ms);
        break;
    case WANT_STAGE:
        stand.stagings++;
        stand.staged = workflow->draft.therapy;
        stand.has_staged = true;
        token_of(&stand.staged, token);
        workflow_staged(workflow, &stand.staged, token, &(struct receipt){ .outcome = OUTCOME_APPLIED }, stand.now_ms);
        break;
    case WANT_ACTIVATE:
    case WANT_COMMAND:
        command_hear(workflow);
        break;
    case WANT_RECORD:
        workflow_recorded(workflow);
        break;
    case WANT_AUDIT:
        workflow_audited(workflow);
        break;
    case WANT_NOTHING:
        break;
    }
}

void stand_walk(struct workflow *workflow, enum work work, enum step_at upto)
{
    workflow_begin(workflow, work, stand.now_ms);
    while (workflow_step(workflow) != (uint8_t)upto) {
        assert_int_equal(workflow->ending, ENDING_NONE);
        stand_do(workflow);
    }
}

void stand_end(struct workflow *workflow)
{
    for (unsigned i = 0; workflow_want(workflow) != WANT_NOTHING; i++) {
        assert_true(i < 2 * STEPS);
        stand_do(workflow);
    }
}

void stand_assert(bool held, enum rule rule, enum finding_level level, const char *words, const char *file, int line)
{
    for (unsigned i = 0; held && i < stand_findings.count; i++)
        if (stand_findings.item[i].rule == rule && stand_findings.item[i].level == level &&
            strstr(stand_findings.item[i].text, words) != NULL)
            return;
    print_error("%s, %s: not said: \"%s\"%s\n", rule_word(rule), finding_level_word(level), words, held ? "" : ", nor held");
    for (unsigned i = 0; i < stand_findings.count; i++)
        print_error("  %s, %s: %s\n", rule_word((enum rule)stand_findings.item[i].rule),
                    finding_level_word((enum finding_level)stand_findings.item[i].level), stand_findings.item[i].text);
    _fail(file, line);
}
