/* workrun.c - a workflow of the clinic at the command line. */
// SPDX-License-Identifier: Apache-2.0
#include "app/workrun.h"

#include <stdio.h>
#include <string.h>

#include "app/site.h"
#include "app/told.h"
#include "clinic/workflow/daydose.h"
#include "clinic/workflow/hands.h"
#include "clinic/workflow/interval.h"
#include "clinic/workflow/readback.h"

int workrun_look(struct workrun *work, struct visit *visit)
{
    work->visit = visit;
    enum contact contact = hands_interrogate(&visit->programmer, &visit->air, &work->seen);
    if (contact == CONTACT_OK)
        return work->book != NULL ? workbook_meet(work->book, visit, &work->seen, false) : EXIT_DONE;
    fprintf(stderr, "cisterna %s: %s\n", visit->desk->command, told_contact(contact));
    return told_contact_exit(contact);
}

static bool has_records(const struct workrun *work)
{
    return work->book != NULL && work->book->is;
}

/* The workflow's own clock, which stands still where nothing is recorded. */
static int64_t now_ms(const struct workrun *work)
{
    return has_records(work) ? workbook_now(work->book) : 0;
}

/* Who answers: whoever has signed in, and at one step the other one. */
static void people_say(const struct workrun *work, struct answers *answers)
{
    if (!has_records(work))
        return;
    answers->user = answers->step == STEP_AT_SECOND ? work->book->second : work->book->records.user;
    memcpy(answers->identify.patient, work->book->book.name,
           sizeof answers->identify.patient); /* --patient has said so */
}

static const char *said(const struct workrun *work, enum desk_option option)
{
    const char *text = work->visit->desk->value[option];
    return text != NULL ? text : "";
}

static enum work kind_of(const struct workrun *work)
{
    if (!work->has_therapy)
        return WORK_REFILL;
    if (work->has_refill)
        return work->seen.stretches == 0 ? WORK_IMPLANT : WORK_BRIDGE;
    return work->therapy.program.opening.kind == OPENING_PRIME ? WORK_PRIME : WORK_PROGRAM;
}

/* A file says how often in its own way: here it becomes the word of the list, where there is one. */
static void schedule_say(const struct workrun *work, struct answers *answers)
{
    const struct therapy *therapy = &work->therapy;
    const struct component *first = &therapy->mixture.component[0];
    const struct periodic_bolus *periodic = &therapy->program.periodic;
    int64_t total = daydose_most(therapy, first->drug, PART_BASE);
    if (therapy->program.kind == PROGRAM_PERIODIC) {
        int64_t dose = periodic->volume.nl * first->conc.ng_ml;
        for (uint8_t i = 0; interval_word(i) != NULL; i++)
            if (interval_minutes(i) == periodic->interval_minutes) {
                answers->schedule.interval = i;
                answers->schedule.has_interval = true;
            }
        amount_write_of(answers->schedule.dose, DIMENSION_MASS, daydose_shown(dose));
        total = daydose_shown(dose * (DAY_MINUTES / periodic->interval_minutes));
    }
    amount_write_of(answers->schedule.total, DIMENSION_DOSE, total);
}

/* The pump's own account of what stands between reservoir and tip; of a new one what the command says. */
static void prime_say(const struct workrun *work, struct answers *answers)
{
    conc_ng_ml most = { 0 };
    for (unsigned i = work->seen.stretches > 1 ? 1 : 0; i < work->seen.stretches; i++)
        for (unsigned j = 0; j < work->seen.stretch[i].count; j++)
            if (work->seen.stretch[i].component[j].conc.ng_ml > most.ng_ml)
                most = work->seen.stretch[i].component[j].conc;
    bool empty = work->seen.stretches > 0 ? most.ng_ml == 0 : work->refill.dead_drug_free != 0;
    answers->prime.holds = empty ? HOLDS_NO_DRUG : HOLDS_DRUG;
    answers->prime.conc = work->seen.stretches > 0 ? most : work->therapy.mixture.component[0].conc;
}

static void refill_say(const struct workrun *work, struct answers *answers)
{
    int64_t cause =
        *said(work, OPTION_AT_CAUSE) != '\0' ? list_code(LIST_CAUSE, said(work, OPTION_AT_CAUSE)) : WORD_CAUSE_NONE;
    answers->port.port = PORT_RESERVOIR;
    answers->port.aspirated = work->refill.withdrawn.nl > 0 ? ANSWER_YES : ANSWER_NO;
    answers->residual.withdrawn = (struct said_volume){ true, work->refill.withdrawn };
    answers->residual.left = (struct said_volume){ true, work->refill.left };
    answers->residual.cause = (uint8_t)(cause >= 0 ? cause : WORD_CAUSE_NONE);
    answers->fill.filled = (struct said_volume){ true, work->refill.filled };
    answers->fill.drawn_up = (struct said_volume){ true, work->refill.drawn_up };
    answers->fill.mixture = work->refill.fill;
    memcpy(answers->fill.lot, work->refill.lot, sizeof answers->fill.lot);
}

/* All that the command says, for whichever step asks. */
static void answers_make(const struct workrun *work, struct answers *answers)
{
    const struct model *model = interrogation_model(&work->seen);
    bool retitrated = desk_has(work->visit->desk, OPTION_AT_RETITRATED);
    *answers = (struct answers){ .step = workflow_step(&work->workflow) };
    people_say(work, answers);
    memcpy(answers->identify.serial, work->seen.serial, sizeof answers->identify.serial);
    answers->identify.mixture = work->seen.stretch[0];
    answers->therapy.therapy = work->therapy;
    answers->therapy.retitrated = answers->residual.retitrated = answers->fill.retitrated = retitrated;
    snprintf(answers->therapy.stopped_for, sizeof answers->therapy.stopped_for, "%s",
             said(work, OPTION_AT_STOPPED_FOR));
    answers->catheter.by_volume = true;
    answers->catheter.volume.nl = work->therapy.dead_volume.nl - (model != NULL ? model->tubing.nl : 0);
    refill_say(work, answers);
    schedule_say(work, answers);
    answers->therapy.has_signature = work->has_signature;
    memcpy(answers->therapy.signature, work->limits.signature, sizeof answers->therapy.signature);
    prime_say(work, answers);
}

/* A soft limit is said, and passed with the reason of the command. */
static void soft_pass(const struct workrun *work, const struct findings *findings, struct answers *answers)
{
    int64_t reason = list_code(LIST_REASON, said(work, OPTION_AT_REASON));
    for (unsigned i = 0; i < findings->count && answers->overrides < OVERRIDES_MAX; i++) {
        const struct finding *finding = &findings->item[i];
        if (finding->level != FINDING_SOFT)
            continue;
        struct override *override = &answers->override[answers->overrides++];
        override->rule = finding->rule;
        override->reason = (uint8_t)(reason > WORD_REASON_NONE ? reason : WORD_REASON_OTHER);
        amount_write_of(override->again, (enum dimension)finding->ask.dimension, finding->ask.value);
    }
}

static void findings_print(const struct workrun *work, const struct findings *findings, enum finding_level level)
{
    for (unsigned i = 0; i < findings->count; i++)
        if (findings->item[i].level == level)
            fprintf(stderr, "cisterna %s: %s (%s): %s\n", work->visit->desk->command, finding_level_word(level),
                    rule_word((enum rule)findings->item[i].rule), findings->item[i].text);
}

/* One step of a person. */
static int step_answer(struct workrun *work)
{
    struct answers answers;
    struct findings findings;
    answers_make(work, &answers);
    enum given given = workflow_give(&work->workflow, &work->practice, &answers, now_ms(work), &findings);
    if (given == GIVEN_HELD && findings_of(&findings, FINDING_HARD) == 0) {
        findings_print(work, &findings, FINDING_SOFT);
        soft_pass(work, &findings, &answers);
        given = workflow_give(&work->workflow, &work->practice, &answers, now_ms(work), &findings);
    }
    if (given == GIVEN_ON)
        return EXIT_DONE;
    findings_print(work, &findings, FINDING_HARD);
    if (answers.step == STEP_AT_SECOND)
        fprintf(stderr, "cisterna %s: --second NAME would pass\n", work->visit->desk->command);
    fprintf(stderr, "cisterna %s: refused by the clinic's rules: nothing was sent\n", work->visit->desk->command);
    return EXIT_REFUSED;
}

/* The practice of the records; where they know no catheter, the therapy's own dead volume is all there is. */
static void practice_take(struct workrun *work)
{
    casebook_practice(&work->book->book, &work->practice);
    if (work->practice.dead_volume.nl == 0)
        work->practice.dead_volume = work->therapy.dead_volume;
}

int workrun_draft(struct workrun *work)
{
    const char *region = work->has_therapy ? work->therapy.region : work->seen.therapy.region;
    int code = site_library(work->visit->desk, region, &work->formulary);
    if (code == EXIT_DONE && work->has_therapy)
        code = site_limits(work);
    if (code != EXIT_DONE)
        return code;
    work->practice = (struct practice){ .formulary = &work->formulary, .dead_volume = work->therapy.dead_volume };
    if (has_records(work))
        practice_take(work);
    workflow_begin(&work->workflow, kind_of(work), now_ms(work));
    workflow_interrogated(&work->workflow, &work->seen, now_ms(work));
    while (code == EXIT_DONE && workflow_want(&work->workflow) == WANT_ANSWER &&
           workflow_step(&work->workflow) != STEP_AT_READBACK)
        code = step_answer(work);
    work->therapy = work->workflow.draft.therapy;
    return code;
}

void workrun_staged(struct workrun *work, const struct therapy *stored, const uint8_t token[TOKEN_BYTES])
{
    workflow_staged(&work->workflow, stored, token, &(struct receipt){ .outcome = OUTCOME_APPLIED }, now_ms(work));
}

bool workrun_known(struct workrun *work)
{
    struct readback readback;
    char text[AMOUNT_TEXT_BYTES];
    readback_ask(&work->workflow, &readback);
    amount_write_of(text, readback.dimension, readback.amount);
    return workrun_readback(work, text);
}

bool workrun_readback(struct workrun *work, const char *text)
{
    struct answers answers = { .step = STEP_AT_READBACK };
    struct findings findings;
    people_say(work, &answers);
    snprintf(answers.readback, sizeof answers.readback, "%s", text);
    if (workflow_give(&work->workflow, &work->practice, &answers, now_ms(work), &findings) == GIVEN_ON)
        return true;
    if (work->workflow.ending == ENDING_IDLE)
        fprintf(stderr, "cisterna %s: nobody answered for %d min: not activated; begin anew\n",
                work->visit->desk->command, WORKFLOW_IDLE_MS / MINUTE_MS);
    else
        fprintf(stderr,
                "cisterna %s: that is not what the pump has stored: not activated. What is staged expires by itself.\n",
                work->visit->desk->command);
    return false;
}

int workrun_send(struct workrun *work)
{
    struct visit *visit = work->visit;
    struct command command;
    struct receipt receipt;
    struct interrogation seen;
    enum contact contact = CONTACT_OK;
    workflow_command(&work->workflow, &command);
    visit->programmer.head = work->seen.head; /* what was decided was decided on that state of the pump */
    enum told told = programmer_command(&visit->programmer, &visit->air, &command, &receipt, &contact);
    workflow_told(&work->workflow,
                  told == TOLD_APPLIED   ? CHANGE_APPLIED
                  : told == TOLD_UNKNOWN ? CHANGE_UNKNOWN
                                         : CHANGE_NOT_APPLIED,
                  &receipt, now_ms(work));
    int code = told_say(visit, told, &receipt, contact);
    if (code != EXIT_DONE || hands_interrogate(&visit->programmer, &visit->air, &seen) != CONTACT_OK)
        return code;
    workflow_interrogated(&work->workflow, &seen, now_ms(work));
    if (!work->workflow.as_sent)
        fprintf(stderr, "cisterna %s: the pump has applied it, and does something else by now: cisterna status\n",
                visit->desk->command);
    return code;
}

void workrun_end(struct workrun *work)
{
    if (work->formulary.entry != NULL)
        formulary_close(&work->formulary);
}
