/* recording.c - what a workflow leaves in the records: one transaction, known again when it comes twice. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/casebook/recording.h"

#include <stdio.h>

#include "clinic/casebook/limit.h"
#include "clinic/casebook/note.h"
#include "clinic/casebook/outcome.h"
#include "clinic/records/catheters.h"
#include "clinic/records/implants.h"
#include "clinic/records/refills.h"
#include "clinic/records/rows.h"
#include "clinic/records/therapies.h"
#include "clinic/records/visits.h"
#include "core/catalog.h"
#include "core/text.h"

/* What is under way while a workflow is recorded. */
struct recording {
    struct records *records;
    const struct casebook *book;
    const struct workflow *workflow;
    int64_t implant; /* 0: none is recorded */
    int64_t visit;   /* 0: none yet */
    bool ahead;      /* of a command that is about to be sent */
};

/* May this workflow be recorded here, and by whoever is signed in? */
static enum records_fault form_judge(const struct recording *at)
{
    const struct workflow *workflow = at->workflow;
    if (workflow_want(workflow) != WANT_RECORD && !workflow->recorded)
        return records_fail(at->records, RECORDS_REFUSED, "the workflow leaves nothing to be recorded");
    if (!text_same(workflow->seen.serial, at->book->serial))
        return records_fail(at->records, RECORDS_REFUSED, "the workflow was with pump %s, and the record is of pump %s",
                            workflow->seen.serial, at->book->serial);
    if (workflow->begun_ms <= 0)
        return records_fail(at->records, RECORDS_MALFORMED,
                            "a workflow that is recorded keeps times of UTC since 1970");
    if (at->records->user != 0 && workflow->user != 0 && at->records->user != workflow->user)
        return records_fail(at->records, RECORDS_REFUSED, "user %lld did this: only they, or a key file, record it",
                            (long long)workflow->user);
    return RECORDS_OK;
}

/* The pump's row now, which the same workflow may have made before. */
static enum records_fault implant_find(struct recording *at)
{
    struct implant implant;
    at->implant = at->book->implant;
    if (at->implant != 0)
        return RECORDS_OK;
    enum records_fault fault = implants_find(at->records, at->book->serial, &implant);
    if (fault == RECORDS_MISSING)
        return RECORDS_OK;
    if (fault == RECORDS_OK && implant.patient != at->book->patient)
        return records_fail(at->records, RECORDS_EXISTS, "the pump %s has become another patient's: implant %lld",
                            implant.serial, (long long)implant.id);
    at->implant = implant.id;
    return fault;
}

/* The visit this workflow was recorded as before: with this command, or ahead of it; a person may have settled it meanwhile. */
static enum records_fault visit_find(struct recording *at, struct visit_record *visit)
{
    const struct value bound[] = { value_integer(at->book->patient), value_integer(at->workflow->work),
                                   value_integer(at->workflow->begun_ms) };
    struct rows_reading reading;
    enum records_fault fault =
        rows_read(at->records, TABLE_VISITS, "WHERE patient_id = ? AND workflow = ? AND opened_ms = ? ORDER BY id",
                  bound, 3, &reading);
    for (; fault == RECORDS_OK && at->visit == 0; fault = rows_next(at->records, TABLE_VISITS, &reading)) {
        int64_t implant = reading.values[AT(VISITS, IMPLANT)].integer;
        if (implant == 0 || implant == at->implant)
            at->visit = reading.values[0].integer;
    }
    rows_done(&reading);
    if (fault != RECORDS_OK && fault != RECORDS_MISSING)
        return fault;
    return at->visit != 0 ? visits_read(at->records, at->visit, visit) : RECORDS_OK;
}

/* The pump is in this patient from now on, as far as the records know. */
static enum records_fault implant_add(struct recording *at)
{
    const struct interrogation *seen = &at->workflow->seen;
    struct implant implant = { .patient = at->book->patient,
                               .model = seen->model,
                               .revision = seen->revision,
                               .calibration = seen->calibration,
                               .implanted_ms = at->workflow->begun_ms };
    memcpy(implant.serial, seen->serial, sizeof implant.serial);
    return implants_add(at->records, &implant, &at->implant);
}

/* The shortest catheter that holds as much: where a volume was told, there is no length, and the row has to have one. */
static void length_reckon(const struct model *model, vol_nl dead_volume, struct catheter *catheter)
{
    catheter->length_mm = 1;
    while (catheter->length_mm < CATHETER_MM_MAX &&
           model_dead_volume(model, (int32_t)catheter->length_mm).nl < dead_volume.nl)
        catheter->length_mm++;
    (void)snprintf(catheter->kind, sizeof catheter->kind, "length reckoned from volume");
}

/* The catheter that was said, unless it is the one that is known to be in place. */
static enum records_fault catheter_change(struct recording *at)
{
    const struct draft *draft = &at->workflow->draft;
    const struct implanted_catheter *said = &draft->catheter;
    const struct model *model = interrogation_model(&at->workflow->seen);
    struct catheter there, catheter = { .implant = at->implant,
                                        .length_mm = said->length_mm - said->trimmed_mm,
                                        .dead_volume = draft->dead_volume,
                                        .placed_ms = at->workflow->begun_ms };
    if (draft->dead_volume.nl == 0 || model == NULL)
        return RECORDS_OK;
    if (said->by_volume)
        length_reckon(model, draft->dead_volume, &catheter);
    enum records_fault fault = catheters_in_place(at->records, at->implant, &there);
    if (fault == RECORDS_OK && there.dead_volume.nl == catheter.dead_volume.nl &&
        (said->by_volume || there.length_mm == catheter.length_mm))
        return RECORDS_OK;
    if (fault == RECORDS_OK)
        fault = catheters_remove(at->records, there.id, at->workflow->begun_ms);
    else if (fault == RECORDS_MISSING)
        fault = RECORDS_OK;
    return fault == RECORDS_OK ? catheters_add(at->records, &catheter, NULL) : fault;
}

/* What came out and what went in. Where nothing was put in, there is no drug and no lot. */
static enum records_fault refill_add(struct recording *at)
{
    const struct draft *draft = &at->workflow->draft;
    const struct refill *said = &draft->refill;
    struct refill_record refill = { .implant = at->implant,
                                    .visit = at->visit,
                                    .expected = draft->expected,
                                    .found = said->withdrawn,
                                    .left = said->left,
                                    .filled = said->filled,
                                    .drawn_up = said->drawn_up,
                                    .cause = draft->cause,
                                    .drugs = said->filled.nl > 0 ? said->fill.count : 0 };
    for (unsigned i = 0; i < refill.drugs; i++) {
        refill.drug[i].drug = said->fill.component[i].drug;
        refill.drug[i].conc = said->fill.component[i].conc;
        memcpy(refill.drug[i].lot, said->lot, sizeof said->lot);
    }
    return refills_add(at->records, &refill, NULL, NULL);
}

/* As the pump has told it back, not as it was sent. */
static enum records_fault therapy_add(struct recording *at)
{
    const struct therapy *stored = &at->workflow->stored;
    uint8_t bytes[THERAPY_BYTES_MAX];
    size_t size = 0;
    if (therapy_encode(stored, bytes, sizeof bytes, &size) != RESULT_OK)
        return records_fail(at->records, RECORDS_MALFORMED, "what pump %s has stored has no canonical bytes",
                            at->book->serial);
    return therapies_add(at->records, at->implant, at->visit, bytes, size, stored->formulary_version, stored->region,
                         NULL);
}

/* The pump is out of the patient, unless somebody has said so already. */
static enum records_fault explant_end(struct recording *at)
{
    struct implant implant;
    if (at->workflow->work != WORK_EXPLANT || outcome_of(at->workflow) != WORD_OUTCOME_APPLIED)
        return RECORDS_OK;
    enum records_fault fault = implants_read(at->records, at->implant, &implant);
    if (fault != RECORDS_OK || implant.explanted_ms != 0)
        return fault;
    return implants_explant(at->records, at->implant, at->records->at_ms);
}

/* Whatever came of it at the pump: what was applied, and what may have been. */
static enum records_fault change_add(struct recording *at)
{
    const struct workflow *workflow = at->workflow;
    enum records_fault fault = RECORDS_OK;
    if (outcome_may_stand(workflow, OUTCOME_OF_CATHETER))
        fault = catheter_change(at);
    if (fault == RECORDS_OK && outcome_may_stand(workflow, OUTCOME_OF_REFILL))
        fault = refill_add(at);
    if (fault == RECORDS_OK && outcome_may_stand(workflow, OUTCOME_OF_THERAPY))
        fault = therapy_add(at);
    return fault == RECORDS_OK ? explant_end(at) : fault;
}

static enum records_fault limits_add(struct recording *at)
{
    const struct workflow *workflow = at->workflow;
    enum records_fault fault = RECORDS_OK;
    for (unsigned i = 0; i < workflow->passed_count && fault == RECORDS_OK; i++) {
        struct override_record shown = limit_passed(workflow, &workflow->passed[i]);
        shown.visit = at->visit;
        fault = overrides_add(at->records, &shown, NULL);
    }
    for (unsigned i = 0; i < workflow->heeded_count && fault == RECORDS_OK; i++) {
        struct override_record shown = limit_heeded(&workflow->heeded[i]);
        shown.visit = at->visit;
        fault = overrides_add(at->records, &shown, NULL);
    }
    return fault;
}

static enum records_fault visit_add(struct recording *at)
{
    const struct workflow *workflow = at->workflow;
    char note[NOTE_BYTES];
    enum records_fault fault = RECORDS_OK;
    if (at->implant == 0 && outcome_may_stand(workflow, OUTCOME_OF_ANYTHING))
        fault = implant_add(at);
    if (fault == RECORDS_OK)
        fault =
            visits_open_at(at->records, at->book->patient, at->implant, workflow->work, workflow->begun_ms, &at->visit);
    if (fault == RECORDS_OK && at->book->programmer != 0)
        fault = visits_sent_by(at->records, at->visit, at->book->programmer);
    if (fault == RECORDS_OK)
        fault = change_add(at);
    if (fault == RECORDS_OK)
        fault = limits_add(at);
    note_make(workflow, note);
    if (fault == RECORDS_OK && *note != '\0')
        fault = visits_note(at->records, at->visit, note);
    if (fault == RECORDS_OK)
        fault = visits_close(at->records, at->visit, outcome_of(workflow), outcome_reasons(workflow),
                             outcome_command(workflow));
    return fault;
}

/* The note was written ahead of the command: made anew for what is known now. One that a person had settled otherwise says so. */
static enum records_fault note_renew(struct recording *at, const struct visit_record *before, bool changed)
{
    char note[NOTE_BYTES], kept[NOTE_BYTES] = "", text[NOTE_BYTES];
    bool settled = changed && before->outcome != WORD_OUTCOME_UNKNOWN;
    enum records_fault fault = visits_note_read(at->records, at->visit, kept, sizeof kept);
    if (fault != RECORDS_OK || (!changed && strstr(kept, workflow_ending_word(ENDING_UNSETTLED)) == NULL))
        return fault;
    note_make(at->workflow, note);
    if (settled)
        (void)snprintf(text, sizeof text, "settled as %s before this was written, and corrected; %.900s",
                       list_word(LIST_OUTCOME, before->outcome), note);
    return visits_note(at->records, at->visit, settled ? text : note);
}

/* A visit that was recorded before: closed by what is known now. Against what a person has settled meanwhile the pump's own
 * answer counts; and one that goes on with another command is unknown again. */
static enum records_fault visit_renew(struct recording *at, const struct visit_record *before)
{
    const struct workflow *workflow = at->workflow;
    int64_t outcome = outcome_of(workflow), command = outcome_command(workflow);
    bool told = workflow->change != CHANGE_UNKNOWN, unknown = before->outcome == WORD_OUTCOME_UNKNOWN;
    bool changed = unknown ? told || before->command_id != command : (told || at->ahead) && before->outcome != outcome;
    enum records_fault fault = RECORDS_OK;
    if (changed)
        fault = visits_correct(at->records, at->visit, outcome, outcome_reasons(workflow), command);
    if (fault == RECORDS_OK && changed)
        fault = explant_end(at);
    return fault == RECORDS_OK && (told || changed) ? note_renew(at, before, changed) : fault;
}

/* All of it in one transaction. */
static enum records_fault record(struct recording *at, int64_t at_ms)
{
    struct visit_record before = { .outcome = WORD_OUTCOME_OPEN };
    enum records_fault fault = form_judge(at);
    if (fault != RECORDS_OK)
        return fault;
    fault = records_begin(at->records, at_ms);
    if (fault != RECORDS_OK)
        return fault;
    fault = implant_find(at);
    if (fault == RECORDS_OK)
        fault = visit_find(at, &before);
    if (fault == RECORDS_OK)
        fault = at->visit == 0 ? visit_add(at) : visit_renew(at, &before);
    if (fault == RECORDS_OK)
        fault = records_commit(at->records);
    else
        records_rollback(at->records);
    return fault;
}

enum records_fault casebook_record(struct records *records, const struct casebook *casebook,
                                   const struct workflow *workflow, int64_t at_ms, int64_t *visit)
{
    struct recording at = { .records = records, .book = casebook, .workflow = workflow };
    enum records_fault fault = record(&at, at_ms);
    if (fault == RECORDS_OK && visit != NULL)
        *visit = at.visit;
    return fault;
}

enum records_fault casebook_record_ahead(struct records *records, const struct casebook *casebook,
                                         const struct workflow *workflow, uint64_t command_id, int64_t at_ms)
{
    struct workflow ahead = *workflow;
    bool last =
        outcome_kind(workflow, workflow->sent + 1U) == 0; /* of the series: the others do not say how it ended */
    ahead.change = CHANGE_UNKNOWN;
    ahead.ending = ENDING_UNSETTLED;
    ahead.receipt = (struct receipt){ .id = last ? command_id : 0 };
    struct recording at = { .records = records, .book = casebook, .workflow = &ahead, .ahead = true };
    return record(&at, at_ms);
}
