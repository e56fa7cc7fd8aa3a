/* export.c - a walk through the tables. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/fhir/export.h"

#include <errno.h>

#include "clinic/fhir/administration.h"
#include "clinic/fhir/audit.h"
#include "clinic/fhir/device.h"
#include "clinic/fhir/medication.h"
#include "clinic/fhir/metric.h"
#include "clinic/fhir/observation.h"
#include "clinic/fhir/person.h"
#include "clinic/fhir/procedure.h"
#include "clinic/fhir/provenance.h"
#include "clinic/fhir/request.h"
#include "clinic/fhir/use.h"
#include "clinic/records/rows.h"
#include "clinic/records/sealed.h"
#include "link/cipher.h"

enum { AUDIT_AT_ONCE = 256 };

struct export
{
    struct records *records;
    struct bundle bundle;
};

static enum records_fault patient(struct export *export, int64_t id)
{
    struct patient patient = { .id = id };
    enum records_fault fault = RECORDS_OK;
    if (export->bundle.clear)
        fault = patients_read(export->records, id, &patient);
    if (fault == RECORDS_OK)
        fhir_patient(&export->bundle, &patient);
    cipher_forget(&patient, sizeof patient);
    return fault;
}

static enum records_fault user(struct export *export, int64_t id)
{
    struct user user;
    enum records_fault fault = users_read(export->records, id, &user);
    if (fault == RECORDS_OK)
        fhir_user(&export->bundle, &user);
    return fault;
}

static enum records_fault implant(struct export *export, int64_t id)
{
    struct implant implant;
    enum records_fault fault = implants_read(export->records, id, &implant);
    if (fault != RECORDS_OK)
        return fault;
    fhir_pump(&export->bundle, &implant);
    fhir_metrics(&export->bundle, &implant);
    fhir_use_pump(&export->bundle, &implant);
    return RECORDS_OK;
}

/* Whose pump it is. */
static enum records_fault patient_of(struct export *export, int64_t implant, int64_t *patient)
{
    struct implant pump;
    enum records_fault fault = implants_read(export->records, implant, &pump);
    if (fault == RECORDS_OK)
        *patient = pump.patient;
    return fault;
}

static enum records_fault catheter(struct export *export, int64_t id)
{
    struct catheter catheter;
    int64_t patient = 0;
    enum records_fault fault = catheters_read(export->records, id, &catheter);
    if (fault == RECORDS_OK)
        fault = patient_of(export, catheter.implant, &patient);
    if (fault != RECORDS_OK)
        return fault;
    fhir_catheter(&export->bundle, &catheter, patient);
    fhir_use_catheter(&export->bundle, &catheter, patient);
    return RECORDS_OK;
}

static enum records_fault visit(struct export *export, int64_t id)
{
    struct visit_record visit;
    char note[SEALED_BYTES_MAX + 1] = "";
    enum records_fault fault = visits_read(export->records, id, &visit);
    if (fault == RECORDS_OK && export->bundle.clear)
        fault = visits_note_read(export->records, id, note, sizeof note);
    if (fault == RECORDS_OK)
        fhir_procedure(&export->bundle, &visit, note);
    cipher_forget(note, sizeof note);
    return fault;
}

/* Is there a visit to this pump behind this one that ended so? */
static enum records_fault visited(struct export *export, const struct visit_record *visit, int64_t outcome, bool *is)
{
    const struct value bound[] = { value_integer(visit->implant), value_integer(visit->id), value_integer(outcome) };
    int64_t count = 0;
    bool found = false;
    enum database_fault fault = database_ask(
        &export->records->database, "SELECT COUNT(*) FROM visits WHERE implant_id = ? AND id > ? AND outcome = ?",
        bound, 3, &count, &found);
    *is = found && count > 0;
    return records_database(export->records, fault);
}

/* Is it held: was the last command behind this visit that lets it flow or not one that does not? After an emergency, which may
 * have ended a bolus alone, *perhaps. */
static enum records_fault held(struct export *export, const struct visit_record *visit, bool *is, bool *perhaps)
{
    const struct value bound[] = { value_integer(visit->implant),          value_integer(visit->id),
                                   value_integer(WORD_OUTCOME_APPLIED),    value_integer(WORD_WORKFLOW_STOP),
                                   value_integer(WORD_WORKFLOW_EMERGENCY), value_integer(WORD_WORKFLOW_RESUME),
                                   value_integer(WORD_WORKFLOW_MINIMUM) };
    int64_t last = 0;
    bool found = false;
    enum database_fault fault =
        database_ask(&export->records->database,
                     "SELECT workflow FROM visits WHERE implant_id = ? AND id > ? AND outcome = ?"
                     " AND workflow IN (?, ?, ?, ?) ORDER BY id DESC LIMIT 1",
                     bound, 7, &last, &found);
    *is = found && (last == WORD_WORKFLOW_STOP || last == WORD_WORKFLOW_MINIMUM);
    *perhaps |= found && last == WORD_WORKFLOW_EMERGENCY;
    return records_database(export->records, fault);
}

/* Did a later therapy come into force in its place? */
static enum records_fault replaced(struct export *export, const struct therapy_record *record, bool *is)
{
    const struct value bound[] = { value_integer(record->implant), value_integer(record->id),
                                   value_integer(WORD_OUTCOME_APPLIED) };
    int64_t count = 0;
    bool found = false;
    enum database_fault fault = database_ask(&export->records->database,
                                             "SELECT COUNT(*) FROM therapies t JOIN visits v ON v.id = t.visit_id"
                                             " WHERE t.implant_id = ? AND t.id > ? AND v.outcome = ?",
                                             bound, 3, &count, &found);
    *is = found && count > 0;
    return records_database(export->records, fault);
}

/* What became of an order, as FHIR says it. Whatever may have happened at a visit whose outcome nobody knows, so is the order. */
static enum records_fault fate(struct export *export, const struct therapy_record *record,
                               const struct visit_record *visit, const char **status)
{
    struct implant pump;
    bool later = false, stopped = false, perhaps = false;
    *status = visit->outcome == WORD_OUTCOME_OPEN          ? "draft"
              : visit->outcome == WORD_OUTCOME_NOT_APPLIED ? "cancelled"
                                                           : "unknown";
    if (visit->outcome != WORD_OUTCOME_APPLIED)
        return RECORDS_OK;
    enum records_fault fault = implants_read(export->records, record->implant, &pump);
    if (fault == RECORDS_OK)
        fault = replaced(export, record, &later);
    if (fault == RECORDS_OK)
        fault = visited(export, visit, WORD_OUTCOME_UNKNOWN, &perhaps);
    if (fault == RECORDS_OK)
        fault = held(export, visit, &stopped, &perhaps);
    if (fault == RECORDS_OK)
        *status = later || pump.explanted_ms != 0 ? "completed" : perhaps ? "unknown" : stopped ? "on-hold" : "active";
    return fault;
}

static enum records_fault therapy(struct export *export, int64_t id)
{
    struct therapy_record record;
    struct therapy therapy;
    struct visit_record visit;
    const char *status = NULL;
    enum records_fault fault = therapies_read(export->records, id, &record);
    if (fault == RECORDS_OK && therapy_decode(record.canonical, record.size, &therapy) != RESULT_OK)
        fault = records_fail(export->records, RECORDS_DAMAGED, "therapy %lld has no canonical bytes", (long long)id);
    if (fault == RECORDS_OK)
        fault = visits_read(export->records, record.visit, &visit);
    if (fault == RECORDS_OK)
        fault = fate(export, &record, &visit, &status);
    if (fault != RECORDS_OK)
        return fault;
    fhir_medication_therapy(&export->bundle, id, &therapy.mixture);
    fhir_request(&export->bundle, &record, &therapy, &visit, status);
    fhir_provenance_therapy(&export->bundle, &record, visit.user);
    return RECORDS_OK;
}

static enum records_fault refill(struct export *export, int64_t id)
{
    struct refill_record refill;
    struct visit_record visit;
    int64_t patient = 0;
    char note[SEALED_BYTES_MAX + 1] = "";
    enum records_fault fault = refills_read(export->records, id, &refill);
    if (fault == RECORDS_OK)
        fault = patient_of(export, refill.implant, &patient);
    if (fault == RECORDS_OK)
        fault = visits_read(export->records, refill.visit, &visit);
    if (fault == RECORDS_OK && export->bundle.clear)
        fault = refills_note_read(export->records, id, note, sizeof note);
    if (fault == RECORDS_OK) {
        fhir_medication_refill(&export->bundle, &refill);
        fhir_administration(&export->bundle, &refill, patient, visit.outcome, note);
        fhir_observation_refill(&export->bundle, &refill, patient, visit.outcome);
        fhir_provenance_refill(&export->bundle, &refill);
    }
    cipher_forget(note, sizeof note);
    return fault;
}

static enum records_fault alarm_write(struct export *export, int64_t id)
{
    struct alarm_record alarm;
    int64_t patient = 0;
    enum records_fault fault = alarms_read(export->records, id, &alarm);
    if (fault == RECORDS_OK)
        fault = patient_of(export, alarm.implant, &patient);
    if (fault == RECORDS_OK)
        fhir_observation_alarm(&export->bundle, &alarm, patient);
    return fault;
}

static enum records_fault score(struct export *export, int64_t id)
{
    struct score_record score;
    char note[SEALED_BYTES_MAX + 1] = "";
    enum records_fault fault = scores_read(export->records, id, &score);
    if (fault == RECORDS_OK && export->bundle.clear)
        fault = scores_note_read(export->records, id, note, sizeof note);
    if (fault == RECORDS_OK)
        fhir_observation_score(&export->bundle, &score, note);
    cipher_forget(note, sizeof note);
    return fault;
}

static enum records_fault each(struct export *export, enum table table,
                               enum records_fault (*write)(struct export *export, int64_t id))
{
    struct rows_reading reading;
    int64_t id = 0;
    for (;;) {
        const struct value bound[] = { value_integer(id) };
        enum records_fault fault =
            rows_read(export->records, table, "WHERE id > ? ORDER BY id LIMIT 1", bound, 1, &reading);
        if (fault == RECORDS_OK)
            id = reading.values[0].integer;
        rows_done(&reading);
        if (fault == RECORDS_OK)
            fault = write(export, id);
        if (fault != RECORDS_OK)
            return fault == RECORDS_MISSING ? RECORDS_OK : fault;
    }
}

static enum records_fault audit(struct export *export)
{
    struct audit_row rows[AUDIT_AT_ONCE];
    unsigned count = AUDIT_AT_ONCE;
    int64_t from = 0;
    enum records_fault fault = RECORDS_OK;
    while (fault == RECORDS_OK && count == AUDIT_AT_ONCE) {
        fault = audit_list(export->records, from, rows, AUDIT_AT_ONCE, &count);
        for (unsigned i = 0; i < count && fault == RECORDS_OK; i++)
            fhir_audit(&export->bundle, &rows[i]);
        from = count > 0 ? rows[count - 1].id + 1 : from;
    }
    return fault;
}

static enum records_fault all(struct export *export)
{
    static const struct {
        enum table table;
        enum records_fault (*write)(struct export *export, int64_t id);
    } TABLES[] = { { TABLE_PATIENTS, patient },   { TABLE_USERS, user },         { TABLE_IMPLANTS, implant },
                   { TABLE_CATHETERS, catheter }, { TABLE_VISITS, visit },       { TABLE_THERAPIES, therapy },
                   { TABLE_REFILLS, refill },     { TABLE_ALARMS, alarm_write }, { TABLE_SCORES, score } };
    enum records_fault fault = RECORDS_OK;
    for (unsigned i = 0; i < sizeof TABLES / sizeof TABLES[0] && fault == RECORDS_OK; i++)
        fault = each(export, TABLES[i].table, TABLES[i].write);
    return fault == RECORDS_OK ? audit(export) : fault;
}

static enum records_fault begin(struct export *export)
{
    struct records *records = export->records;
    if (export->bundle.clear && !records->vault.opens)
        return records_fail(records, RECORDS_REFUSED, "the keys that are open do not open what is sealed");
    memcpy(export->bundle.name, records->vault.name, sizeof export->bundle.name);
    return records_database(records, database_begin(&records->database, false));
}

static enum records_fault end(struct export *export, enum records_fault fault, uint64_t *resources)
{
    bool failed = export->bundle.writer.spoilt;
    for (unsigned i = 0; i < KIND_END; i++)
        failed = fflush(export->bundle.file[i]) != 0 || ferror(export->bundle.file[i]) != 0 || failed;
    database_rollback(&export->records->database);
    if (fault == RECORDS_OK && failed)
        fault =
            records_fail(export->records, RECORDS_FAILED, "the resources cannot be written out: %s", strerror(errno));
    if (resources != NULL)
        *resources = export->bundle.resources;
    return fault;
}

enum records_fault fhir_export_bundle(struct records *records, FILE *out, bool clear, int64_t at_ms,
                                      uint64_t *resources)
{
    struct export export = { .records = records, .bundle = { .clear = clear } };
    enum records_fault fault = begin(&export);
    if (fault != RECORDS_OK)
        return fault;
    bundle_begin(&export.bundle, out, at_ms);
    fault = all(&export);
    if (fault == RECORDS_OK)
        bundle_end(&export.bundle);
    return end(&export, fault, resources);
}

enum records_fault fhir_export_lines(struct records *records, FILE *const out[KIND_END], bool clear,
                                     uint64_t *resources)
{
    struct export export = { .records = records, .bundle = { .clear = clear, .lines = true } };
    enum records_fault fault = begin(&export);
    if (fault != RECORDS_OK)
        return fault;
    memcpy(export.bundle.file, out, sizeof export.bundle.file);
    fault = all(&export);
    return end(&export, fault, resources);
}
