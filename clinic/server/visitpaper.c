/* visitpaper.c - a visit on paper. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/visitpaper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clinic/records/implants.h"
#include "clinic/records/overrides.h"
#include "clinic/records/patients.h"
#include "clinic/records/refills.h"
#include "clinic/records/rows.h"
#include "clinic/records/therapies.h"
#include "clinic/records/visits.h"
#include "clinic/report/session.h"
#include "clinic/server/looks.h"
#include "clinic/server/papers.h"
#include "clinic/workflow/readback.h"

enum { ACCOUNT_BYTES = 32 };

/* All that the report may tell, taken from the records before anything is drawn. */
struct dossier {
    struct visit_record visit;
    struct implant implant;
    struct patient patient;
    struct therapy old, new;
    bool has_old, has_new;
    bool typed; /* keys of a read-back are on record */
    bool filled_here;
    int64_t filled_ms, fills; /* the last fill that was applied, up to this visit; how many there were */
    struct refill_record fill;
    struct override_record passed[SESSION_PASSED_MAX];
    unsigned passes;
    char clinician[ACCOUNT_BYTES], second[SESSION_PASSED_MAX][ACCOUNT_BYTES];
    struct report_session session;
};

static void account_say(int64_t user, char text[ACCOUNT_BYTES])
{
    if (user == 0)
        snprintf(text, ACCOUNT_BYTES, "a key file");
    else
        snprintf(text, ACCOUNT_BYTES, "account %lld", (long long)user);
}

/* The number of the row that a question selects; 0: there is none. */
static enum records_fault id_ask(struct records *records, const char *sql, const struct value *bound, unsigned count,
                                 int64_t *id)
{
    bool found = false;
    enum records_fault fault =
        records_database(records, database_ask(&records->database, sql, bound, count, id, &found));
    if (fault != RECORDS_OK || !found)
        *id = 0;
    return fault;
}

static enum records_fault therapy_take(struct records *records, int64_t id, struct therapy *therapy, bool *has)
{
    struct therapy_record record;
    *has = false;
    enum records_fault fault = id != 0 ? therapies_read(records, id, &record) : RECORDS_OK;
    if (fault == RECORDS_OK && id != 0)
        *has = therapy_decode(record.canonical, record.size, therapy) == RESULT_OK;
    return fault;
}

/* The therapy that was sent, and the one before it that the pump did not refuse. */
static enum records_fault therapies_take(struct records *records, struct dossier *dossier)
{
    const struct value visit = value_integer(dossier->visit.id);
    int64_t sent = 0, before = 0;
    enum records_fault fault =
        id_ask(records, "SELECT COALESCE(MAX(id), 0) FROM therapies WHERE visit_id = ?", &visit, 1, &sent);
    const struct value bound[] = { value_integer(dossier->visit.implant), value_integer(sent), visit,
                                   value_integer(WORD_OUTCOME_NOT_APPLIED) };
    if (fault == RECORDS_OK && sent != 0)
        fault = id_ask(records,
                       "SELECT COALESCE(MAX(id), 0) FROM therapies WHERE implant_id = ? AND id < ? AND visit_id <> ?"
                       " AND visit_id NOT IN (SELECT id FROM visits WHERE outcome = ?)",
                       bound, 4, &before);
    if (fault == RECORDS_OK)
        fault = therapy_take(records, sent, &dossier->new, &dossier->has_new);
    return fault == RECORDS_OK ? therapy_take(records, before, &dossier->old, &dossier->has_old) : fault;
}

/* What is in the reservoir is on record only where it was filled in this visit; when it was filled last, always. */
static enum records_fault fills_take(struct records *records, struct dossier *dossier)
{
    static const char LAST[] =
        "SELECT COALESCE(MAX(id), 0) FROM refills WHERE implant_id = ? AND filled_nl > 0 AND visit_id <= ?"
        " AND visit_id NOT IN (SELECT id FROM visits WHERE outcome = ?)";
    static const char COUNT[] = "SELECT COUNT(*) FROM refills WHERE implant_id = ? AND filled_nl > 0 AND visit_id <= ?"
                                " AND visit_id NOT IN (SELECT id FROM visits WHERE outcome = ?)";
    const struct value bound[] = { value_integer(dossier->visit.implant), value_integer(dossier->visit.id),
                                   value_integer(WORD_OUTCOME_NOT_APPLIED) };
    int64_t last = 0;
    enum records_fault fault = id_ask(records, LAST, bound, 3, &last);
    if (fault == RECORDS_OK)
        fault = id_ask(records, COUNT, bound, 3, &dossier->fills);
    if (fault == RECORDS_OK && last != 0)
        fault = refills_read(records, last, &dossier->fill);
    if (fault == RECORDS_OK && last != 0) {
        dossier->filled_ms = dossier->fill.at_ms;
        dossier->filled_here = dossier->fill.visit == dossier->visit.id;
    }
    return fault;
}

/* Keys of the read-back, of the same workflow: it was typed again, and the server held it against what the pump had stored. */
static enum records_fault typed_take(struct records *records, struct dossier *dossier)
{
    const struct value bound[] = { value_integer(dossier->visit.patient), value_integer(dossier->visit.opened_ms) };
    int64_t count = 0;
    enum records_fault fault =
        id_ask(records, "SELECT COUNT(*) FROM typings WHERE patient_id = ? AND opened_ms = ? AND step = 'readback'",
               bound, 2, &count);
    dossier->typed = count > 0 && dossier->visit.outcome != WORD_OUTCOME_NOT_APPLIED;
    return fault;
}

static enum records_fault passed_take(struct records *records, struct dossier *dossier)
{
    const struct value bound[] = { value_integer(dossier->visit.id), value_integer(WORD_ANSWER_OVERRIDDEN),
                                   value_integer(SESSION_PASSED_MAX) };
    struct rows_reading reading;
    int64_t ids[SESSION_PASSED_MAX];
    unsigned count = 0;
    enum records_fault fault = rows_read(records, TABLE_OVERRIDES,
                                         "WHERE visit_id = ? AND answer = ? ORDER BY id LIMIT ?", bound, 3, &reading);
    for (; fault == RECORDS_OK; fault = rows_next(records, TABLE_OVERRIDES, &reading))
        ids[count++] = reading.values[0].integer;
    rows_done(&reading);
    fault = fault == RECORDS_MISSING ? RECORDS_OK : fault;
    for (unsigned i = 0; i < count && fault == RECORDS_OK; i++) {
        fault = overrides_read(records, ids[i], &dossier->passed[i]);
        dossier->passes = i + 1;
    }
    return fault;
}

static enum records_fault dossier_take(struct request *request, struct records *records, int64_t id,
                                       struct dossier *dossier)
{
    enum records_fault fault = visits_read(records, id, &dossier->visit);
    if (fault == RECORDS_OK)
        fault = patients_read(records, dossier->visit.patient, &dossier->patient);
    if (fault == RECORDS_OK)
        fault = looks_note(request, records, &dossier->visit.patient, 1);
    if (fault == RECORDS_OK && dossier->visit.implant != 0)
        fault = implants_read(records, dossier->visit.implant, &dossier->implant);
    if (fault == RECORDS_OK)
        fault = therapies_take(records, dossier);
    if (fault == RECORDS_OK)
        fault = fills_take(records, dossier);
    if (fault == RECORDS_OK)
        fault = typed_take(records, dossier);
    return fault == RECORDS_OK ? passed_take(records, dossier) : fault;
}

static void session_make(struct dossier *dossier, const struct formulary *formulary, const struct model *model,
                         const struct request *request)
{
    const struct visit_record *visit = &dossier->visit;
    struct report_session *session = &dossier->session;
    const struct component *first = &dossier->new.mixture.component[0];
    const struct entry *entry = formulary_find(formulary, first->drug);
    struct readback readback;
    readback_therapy(&dossier->new, &readback);
    bool dose = readback.dimension == DIMENSION_DOSE;
    account_say(visit->user, dossier->clinician);
    *session = (struct report_session){ .clinician = dossier->clinician,
                                        .outcome = visit->outcome == WORD_OUTCOME_APPLIED       ? SESSION_APPLIED
                                                   : visit->outcome == WORD_OUTCOME_NOT_APPLIED ? SESSION_NOT_APPLIED
                                                                                                : SESSION_UNKNOWN,
                                        .old = dossier->has_old ? &dossier->old : NULL,
                                        .new = &dossier->new,
                                        .has_typed = dose && dossier->typed,
        .typed_unknown = !dossier->typed,
                                        .typed = { readback.amount },
                                        .has_most = dose,
                                        .most = { readback.amount },
                                        .reservoir = { dossier->fill.left.nl + dossier->fill.filled.nl },
                                        .reservoir_unknown = !dossier->filled_here,
                                        .filled = { dossier->filled_ms, 0 },
                                        .state = dossier->fills <= 1                                  ? FILL_FIRST
                                                 : entry != NULL &&entry_marketed(entry, first->conc) ? FILL_UNDILUTED
                                                                                                      : FILL_DILUTED };
    session->head = (struct report_head){ .patient = dossier->patient.name,
                                          .serial = dossier->implant.serial,
                                          .model = model,
                                          .pump_software = "",
                                          .software = request->server->options.version,
                                          .formulary = formulary,
                                          .made = { request->utc_ms, 0 },
                                          .read = { visit->closed_ms != 0 ? visit->closed_ms : visit->opened_ms, 0 } };
    for (unsigned i = 0; i < dossier->passes; i++) {
        const struct override_record *passed = &dossier->passed[i];
        const char *reason = list_word(LIST_REASON, passed->reason);
        if (passed->second != 0)
            account_say(passed->second, dossier->second[i]);
        session->pass[session->passed++] = (struct session_passed){ .limit = passed->rule,
                                                                    .reason = reason != NULL ? reason : "",
                                                                    .second = dossier->second[i] };
    }
}

static bool drawn(const void *what, struct report_out *out)
{
    return report_session_write(what, out);
}

static void dossier_answer(struct request *request, struct answer *answer, struct dossier *dossier)
{
    const struct formulary *formulary = papers_formulary(request->server, dossier->new.region);
    const struct model *model = model_find(dossier->implant.model, dossier->implant.revision);
    if (!dossier->has_new)
        answer_problem(answer, 409, "missing", "path",
                       "no therapy was sent in this visit, so there is no session to report");
    else if (dossier->visit.outcome == WORD_OUTCOME_OPEN)
        answer_problem(answer, 409, "open", "path", "this visit has not ended: its report is there once it has");
    else if (formulary == NULL || model == NULL)
        answer_problem(answer, 409, "region", "path",
                       "the library here has nothing for region %s, or for the model of this pump",
                       dossier->new.region);
    else {
        session_make(dossier, formulary, model, request);
        papers_answer(answer, drawn, &dossier->session);
        if (answer->status == 200)
            snprintf(answer->file_name, sizeof answer->file_name, "session-%s-%lld.pdf", dossier->implant.serial,
                     (long long)dossier->visit.id);
    }
}

void visit_report(struct request *request, struct answer *answer)
{
    int64_t id = 0;
    if (!request_number(request, 0, &id, answer))
        return;
    struct dossier *dossier = calloc(1, sizeof *dossier);
    if (dossier == NULL) {
        answer_problem(answer, 503, "busy", NULL, "no memory for a report");
        return;
    }
    struct records *records = request_records(request);
    enum records_fault fault = dossier_take(request, records, id, dossier);
    if (fault != RECORDS_OK)
        answer_records(answer, records, fault);
    request_done(request);
    if (fault == RECORDS_OK)
        dossier_answer(request, answer, dossier);
    free(dossier);
}

enum records_fault visitpaper_is(struct records *records, int64_t visit, bool *is)
{
    const struct value bound = value_integer(visit);
    int64_t count = 0;
    enum records_fault fault = id_ask(records, "SELECT COUNT(*) FROM therapies WHERE visit_id = ?", &bound, 1, &count);
    *is = count > 0;
    return fault;
}
