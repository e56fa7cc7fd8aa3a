/* papers.c - reports of what is on record of a pump. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/papers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clinic/records/implants.h"
#include "clinic/records/patients.h"
#include "clinic/records/refills.h"
#include "clinic/records/rows.h"
#include "clinic/records/therapies.h"
#include "clinic/records/visits.h"
#include "clinic/report/emergency.h"
#include "clinic/report/refillcard.h"
#include "clinic/report/therapy.h"
#include "clinic/report/trend.h"
#include "clinic/server/looks.h"
#include "clinic/server/moment.h"

/* All that a report may tell, taken from the records before anything is drawn. */
struct folder {
    struct implant implant;
    struct patient patient;
    struct therapy therapy; /* the newest that the pump did not refuse */
    int64_t therapy_ms;     /* when it was given; 0: there is none */
    unsigned refills;       /* how many of these; the newest first, without those that were not applied */
    struct refill_record refill[READINGS_MAX];
    char by[24]; /* who signs for the newest */
    struct report_head head;
    union {
        struct report_therapy therapy;
        struct report_refill refill;
        struct report_trend trend;
        struct report_emergency emergency;
    } report;
    struct mixture before;
};

/* The bytes of a file as they come. */
struct sheaf {
    char *bytes;
    size_t size;
};

static bool sheaf_take(void *context, const void *bytes, size_t size)
{
    struct sheaf *sheaf = context;
    char *grown = realloc(sheaf->bytes, sheaf->size + size);
    if (grown == NULL)
        return false;
    memcpy(grown + sheaf->size, bytes, size);
    sheaf->bytes = grown;
    sheaf->size += size;
    return true;
}

void papers_answer(struct answer *answer, bool (*draw)(const void *what, struct report_out *out), const void *what)
{
    struct sheaf sheaf = { .size = 0 };
    struct report_out out = { .sink = sheaf_take, .context = &sheaf };
    if (draw(what, &out)) {
        answer_bytes(answer, sheaf.bytes, sheaf.size, "application/pdf");
        return;
    }
    free(sheaf.bytes);
    answer_problem(answer, 503, "failed", NULL, "the report could not be drawn: %s", out.fault);
}

static enum records_fault refills_find(struct records *records, struct folder *folder)
{
    const struct value bound[] = { value_integer(folder->implant.id), value_integer(READINGS_MAX) };
    int64_t ids[READINGS_MAX];
    unsigned count = 0;
    struct rows_reading reading;
    struct visit_record visit;
    enum records_fault fault =
        rows_read(records, TABLE_REFILLS, "WHERE implant_id = ? ORDER BY id DESC LIMIT ?", bound, 2, &reading);
    for (; fault == RECORDS_OK && count < READINGS_MAX; fault = rows_next(records, TABLE_REFILLS, &reading))
        ids[count++] = reading.values[0].integer;
    rows_done(&reading);
    fault = fault == RECORDS_MISSING ? RECORDS_OK : fault;
    for (unsigned i = 0; i < count && fault == RECORDS_OK; i++) {
        struct refill_record *refill = &folder->refill[folder->refills];
        fault = refills_read(records, ids[i], refill);
        if (fault == RECORDS_OK)
            fault = visits_read(records, refill->visit, &visit);
        folder->refills += fault == RECORDS_OK && visit.outcome != WORD_OUTCOME_NOT_APPLIED;
    }
    return fault;
}

static enum records_fault therapy_find(struct records *records, struct folder *folder)
{
    struct therapy_record record;
    enum records_fault fault = therapies_newest(records, folder->implant.id, &record);
    if (fault == RECORDS_OK && therapy_decode(record.canonical, record.size, &folder->therapy) == RESULT_OK)
        folder->therapy_ms = record.at_ms;
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}

static enum records_fault paper_find(struct request *request, struct records *records, int64_t implant,
                                     struct folder *folder)
{
    enum records_fault fault = implants_read(records, implant, &folder->implant);
    if (fault == RECORDS_OK)
        fault = patients_read(records, folder->implant.patient, &folder->patient);
    if (fault == RECORDS_OK)
        fault = looks_note(request, records, &folder->implant.patient, 1);
    if (fault == RECORDS_OK)
        fault = therapy_find(records, folder);
    if (fault == RECORDS_OK)
        fault = refills_find(records, folder);
    snprintf(folder->by, sizeof folder->by, "account %lld",
             (long long)(folder->refills > 0 ? folder->refill[0].user : 0));
    return fault;
}

const struct formulary *papers_formulary(const struct server *server, const char *region)
{
    for (unsigned i = 0; i < server->regions; i++)
        if (strcmp(server->formulary[i].region, region) == 0)
            return &server->formulary[i];
    return NULL;
}

static bool therapy_draw(struct folder *folder, struct report_out *out)
{
    folder->report.therapy = (struct report_therapy){ .head = folder->head, .therapy = &folder->therapy };
    return report_therapy_write(&folder->report.therapy, out);
}

static bool emergency_draw(struct folder *folder, struct report_out *out)
{
    folder->report.emergency =
        (struct report_emergency){ .head = folder->head,
                                   .therapy = &folder->therapy,
                                   .clinic =
                                       "the clinic that fills this pump; its number is not known to this server" };
    return report_emergency_write(&folder->report.emergency, out);
}

static struct mixture mixture_of(const struct refill_record *refill)
{
    struct mixture mixture = { .count = (uint8_t)refill->drugs };
    for (unsigned i = 0; i < refill->drugs; i++)
        mixture.component[i] = (struct component){ .drug = refill->drug[i].drug, .conc = refill->drug[i].conc };
    return mixture;
}

/* As it is on record; how long the patient was watched, and what the pump has metered, are not. */
static bool refill_draw(struct folder *folder, struct report_out *out)
{
    const struct refill_record *refill = &folder->refill[0];
    const struct entry *entry = refill->drugs > 0 ? formulary_find(folder->head.formulary, refill->drug[0].drug) : NULL;
    bool marketed = entry != NULL && entry_marketed(entry, refill->drug[0].conc);
    if (folder->refills > 1)
        folder->before = mixture_of(&folder->refill[1]);
    folder->report.refill = (struct report_refill){ .head = folder->head,
                                                    .clinician = folder->by,
                                                    .at = { refill->at_ms, 0 },
                                                    .expected = refill->expected,
                                                    .found = { refill->found.nl + refill->left.nl },
                                                    .filled = refill->filled,
                                                    .before = &folder->before,
                                                    .therapy = &folder->therapy,
                                                    .state = folder->refills == 1 ? FILL_FIRST
                                                             : marketed           ? FILL_UNDILUTED
                                                                                  : FILL_DILUTED };
    return report_refill_write(&folder->report.refill, out);
}

static bool trend_draw(struct folder *folder, struct report_out *out)
{
    struct report_trend *trend = &folder->report.trend;
    *trend = (struct report_trend){ .head = folder->head, .count = folder->refills };
    for (unsigned i = 0; i < folder->refills; i++) {
        const struct refill_record *refill = &folder->refill[folder->refills - 1 - i];
        trend->reading[i] = (struct trend_reading){ .at = { refill->at_ms, 0 },
                                                    .expected = refill->expected,
                                                    .found = { refill->found.nl + refill->left.nl } };
    }
    return report_trend_write(trend, out);
}

/* A refill card says which therapy the drug was filled for: of a change since then there is none. */
static const struct kind {
    const char *word;
    bool needs_refill;
    bool (*draw)(struct folder *folder, struct report_out *out);
} KINDS[] = {
    { "therapy", false, therapy_draw },
    { "refill", true, refill_draw },
    { "trend", true, trend_draw },
    { "emergency", false, emergency_draw },
};

static const struct kind *kind_find(const char *word)
{
    for (unsigned i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++)
        if (strcmp(KINDS[i].word, word) == 0)
            return &KINDS[i];
    return NULL;
}

/* What is drawn of what. */
struct drawing {
    const struct kind *kind;
    struct folder *folder;
};

static bool kind_draw(const void *what, struct report_out *out)
{
    const struct drawing *drawing = what;
    return drawing->kind->draw(drawing->folder, out);
}

static void paper_draw(struct request *request, struct answer *answer, const struct kind *kind, struct folder *folder)
{
    const struct formulary *formulary = papers_formulary(request->server, folder->therapy.region);
    const struct model *model = model_find(folder->implant.model, folder->implant.revision);
    if (folder->therapy_ms == 0 || (kind->needs_refill && folder->refills == 0)) {
        answer_problem(answer, 409, "missing", "path", "no %s is on record of this pump, so there is nothing to report",
                       folder->therapy_ms == 0 ? "therapy" : "refill");
        return;
    }
    if (formulary == NULL || model == NULL) {
        answer_problem(answer, 409, "region", "path",
                       "the library here has nothing for region %s, or for the model of this pump",
                       folder->therapy.region);
        return;
    }
    folder->head = (struct report_head){ .patient = folder->patient.name,
                                         .serial = folder->implant.serial,
                                         .model = model,
                                         .pump_software = "",
                                         .software = request->server->options.version,
                                         .formulary = formulary,
                                         .made = { request->utc_ms, 0 },
                                         .read = { kind->needs_refill ? folder->refill[0].at_ms : folder->therapy_ms, 0 } };
    papers_answer(answer, kind_draw, &(const struct drawing){ kind, folder });
}

void paper_get(struct request *request, struct answer *answer)
{
    const struct kind *kind = kind_find(request->parameter[1]);
    struct folder *folder = calloc(1, sizeof *folder);
    int64_t implant = 0;
    if (folder == NULL)
        answer_problem(answer, 503, "busy", NULL, "no memory for a report");
    else if (kind == NULL)
        answer_problem(answer, 404, "missing", "path", "there are therapy, refill, trend and emergency");
    if (folder == NULL || kind == NULL || !request_number(request, 0, &implant, answer)) {
        free(folder);
        return;
    }
    struct records *records = request_records(request);
    enum records_fault fault = paper_find(request, records, implant, folder);
    if (fault != RECORDS_OK)
        answer_records(answer, records, fault);
    request_done(request);
    if (fault == RECORDS_OK)
        paper_draw(request, answer, kind, folder);
    free(folder);
}
