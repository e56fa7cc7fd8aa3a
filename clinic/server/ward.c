/* ward.c - patients and their pumps, together. REQ-CLIN-01, REQ-ALRM-14, REQ-LIBR-10, HZ-07, HZ-38. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/ward.h"

#include <stdlib.h>
#include <string.h>

#include "clinic/guard/surveillance.h"
#include "clinic/records/implants.h"
#include "clinic/records/patients.h"
#include "clinic/records/pumplog.h"
#include "clinic/records/refills.h"
#include "clinic/records/rows.h"
#include "clinic/records/therapies.h"
#include "clinic/server/looks.h"
#include "clinic/server/moment.h"

enum { PAGE_USUAL = 20, PAGE_MAX = LOOKS_PAGE_MAX, IMPLANTS_OF_ONE_MAX = 16 };

/* When the pump was refilled last, 0: never as far as the records know; and whether that is the only one. */
static enum records_fault refilled_at(struct records *records, int64_t implant, int64_t *at_ms, bool *only)
{
    const struct value bound[] = { value_integer(implant) };
    struct rows_reading reading;
    enum records_fault fault =
        rows_read(records, TABLE_REFILLS, "WHERE implant_id = ? ORDER BY id DESC LIMIT 2", bound, 1, &reading);
    *at_ms = fault == RECORDS_OK ? reading.values[AT(REFILLS, AT)].integer : 0;
    *only = fault == RECORDS_OK;
    if (fault == RECORDS_OK) {
        fault = rows_next(records, TABLE_REFILLS, &reading);
        *only = fault == RECORDS_MISSING;
    }
    rows_done(&reading);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}

/* The same by the pump's own clock, as its log has it: dates that count from a fill are dates of the pump. Null where the log
 * was never pulled so far. */
static enum records_fault filled_add(struct records *records, int64_t implant, json_t *object)
{
    struct pumplog_item item;
    enum records_fault fault = pumplog_newest(records, implant, EVENT_REFILL, &item);
    bool there = fault == RECORDS_OK;
    (void)json_object_set_new(object, "refilled_pump_ms", there ? json_integer(item.event.at.ms) : json_null());
    (void)json_object_set_new(object, "refilled_epoch", there ? json_integer(item.event.epoch) : json_null());
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}

/* The library in force for this region; of the first there is where none is told. */
static const struct formulary *library_of(const struct server *server, const char *region)
{
    for (unsigned i = 0; i < server->regions; i++)
        if (strcmp(server->formulary[i].region, region) == 0)
            return &server->formulary[i];
    return *region == '\0' && server->regions > 0 ? &server->formulary[0] : NULL;
}

/* The raised tier of surveillance in words, by all that was ever filled and by the newest therapy; null: the usual one. A therapy
 * that cannot be read is told by the pages about therapies, and does not hide this list. REQ-LIBR-10 */
static enum records_fault surveillance_add(struct request *request, struct records *records, const struct implant *implant,
                                           json_t *object)
{
    struct surveillance surveillance = { .mixed = false };
    struct therapy_record record;
    struct therapy therapy = { .mixture = { .count = 0 } };
    uint16_t drugs[SURVEILLANCE_DRUGS_MAX];
    unsigned count = 0;
    bool mixed = false;
    char words[SURVEILLANCE_TEXT_BYTES];
    const struct model *model = model_find(implant->model, implant->revision);
    enum records_fault fault = refills_drugs(records, implant->id, drugs, SURVEILLANCE_DRUGS_MAX, &count, &mixed);
    if (therapies_newest(records, implant->id, &record) != RECORDS_OK ||
        therapy_decode(record.canonical, record.size, &therapy) != RESULT_OK)
        therapy = (struct therapy){ .mixture = { .count = 0 } };
    const struct formulary *library = library_of(request->server, therapy.region);
    surveillance.mixed = mixed;
    for (unsigned i = 0; i < count && fault == RECORDS_OK; i++)
        surveillance_drug(&surveillance, library, model, drugs[i]);
    surveillance_mixture(&surveillance, library, model, &therapy.mixture);
    surveillance_words(&surveillance, model, words);
    (void)json_object_set_new(object, "surveillance", surveillance_raised(&surveillance) ? json_string(words) : json_null());
    return fault;
}

/* What the feed knows of a pump: its state, and how old that is. */
static void told_add(json_t *object, struct feed *feed, const char *serial, int64_t now_ms)
{
    struct feed_pump pump;
    char age[FEED_AGE_BYTES];
    bool there = feed_read(feed, serial, &pump), told = there && pump.number > 0;
    if (told)
        feed_age(age, now_ms - pump.at_ms);
    (void)json_object_set_new(object, "watched", json_boolean(there));
    (void)json_object_set_new(object, "silent", json_boolean(there && pump.silent));
    (void)json_object_set_new(object, "fault", there && pump.silent ? json_string(pump.fault) : json_null());
    (void)json_object_set_new(object, "age", told ? json_string(age) : json_null());
    json_t *state = told ? json_loads(pump.text, 0, NULL) : NULL;
    (void)json_object_set_new(object, "state", state != NULL ? state : json_null());
}

/* Where the patient's own page is, when that is known. */
static void patient_page_add(json_t *object, const struct server_options *options, const char *serial)
{
    bool known = options->patient_url != NULL && strcmp(options->patient_serial, serial) == 0;
    (void)json_object_set_new(object, "patient_page", known ? json_string(options->patient_url) : json_null());
}

static json_t *pump_json(struct request *request, struct records *records, const struct patient *patient,
                         const struct implant *implant, enum records_fault *fault)
{
    int64_t refilled_ms = 0;
    bool only = false;
    const char *model = model_name(implant->model);
    *fault = refilled_at(records, implant->id, &refilled_ms, &only);
    json_t *object =
        json_pack("{s:{s:I, s:s, s:s, s:s}, s:I, s:s, s:s}", "patient", "id", (json_int_t)patient->id, "name",
                  patient->name, "birth_date", patient->birth_date, "identifier", patient->identifier, "implant",
                  (json_int_t)implant->id, "serial", implant->serial, "model", model != NULL ? model : "unknown");
    (void)json_object_set_new(object, "refilled", moment_json(refilled_ms));
    (void)json_object_set_new(object, "first_fill", json_boolean(only));
    patient_page_add(object, &request->server->options, implant->serial);
    (void)json_object_set_new(object, "twin", json_boolean(request->server->twin.ask != NULL));
    if (*fault == RECORDS_OK)
        *fault = filled_add(records, implant->id, object);
    if (*fault == RECORDS_OK)
        *fault = surveillance_add(request, records, implant, object);
    told_add(object, &request->server->feed, implant->serial, request->now_ms);
    return object;
}

/* The pumps in place of one patient, added to the list. */
static enum records_fault pumps_add(struct request *request, struct records *records, const struct patient *patient,
                                    json_t *list)
{
    struct implant implants[IMPLANTS_OF_ONE_MAX];
    unsigned count = 0;
    enum records_fault fault = implants_list(records, patient->id, implants, IMPLANTS_OF_ONE_MAX, &count);
    for (unsigned i = 0; i < count && fault == RECORDS_OK; i++)
        if (implants[i].explanted_ms == 0)
            (void)json_array_append_new(list, pump_json(request, records, patient, &implants[i], &fault));
    return fault;
}

void ward_get(struct request *request, struct answer *answer)
{
    struct patient *patients = calloc(PAGE_MAX, sizeof *patients);
    unsigned limit = (unsigned)request_query(request, QUERY_LIMIT, PAGE_USUAL), count = 0;
    json_t *list = json_array();
    if (patients == NULL) {
        json_decref(list);
        answer_problem(answer, 503, "busy", NULL, "no memory for a page");
        return;
    }
    struct records *records = request_records(request);
    enum records_fault fault = patients_list(records, request_query(request, QUERY_FROM, 1), patients, limit, &count);
    if (fault == RECORDS_OK)
        fault = looks_note_page(request, records, patients, count);
    for (unsigned i = 0; i < count && fault == RECORDS_OK; i++)
        if (patients[i].purged_ms == 0)
            fault = pumps_add(request, records, &patients[i], list);
    if (fault == RECORDS_OK)
        answer_page(answer, "pumps", json_incref(list), count == limit ? patients[count - 1].id + 1 : 0);
    else
        answer_records(answer, records, fault);
    request_done(request);
    json_decref(list);
    free(patients);
}

void pump_get(struct request *request, struct answer *answer)
{
    struct implant implant;
    struct patient patient;
    struct records *records = request_records(request);
    enum records_fault fault = implants_find(records, request->parameter[0], &implant);
    if (fault == RECORDS_OK)
        fault = patients_read(records, implant.patient, &patient);
    if (fault == RECORDS_OK)
        fault = looks_note(request, records, &implant.patient, 1);
    json_t *object = fault == RECORDS_OK ? pump_json(request, records, &patient, &implant, &fault) : NULL;
    if (fault == RECORDS_OK)
        answer_json(answer, 200, json_incref(object));
    else
        answer_records(answer, records, fault);
    request_done(request);
    json_decref(object);
}
