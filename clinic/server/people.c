/* people.c - patients and the pumps in them. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/people.h"

#include <stdlib.h>
#include <string.h>

#include "clinic/records/catheters.h"
#include "clinic/records/implants.h"
#include "clinic/records/patients.h"
#include "clinic/server/looks.h"
#include "clinic/server/moment.h"

enum { PAGE_USUAL = 20, PAGE_MAX = LOOKS_PAGE_MAX, IMPLANTS_OF_ONE_MAX = 16 };

static json_t *patient_json(const struct patient *patient)
{
    json_t *object =
        json_pack("{s:I, s:o}", "id", (json_int_t)patient->id, "created", moment_json(patient->created_ms));
    (void)json_object_set_new(object, "purged", moment_json(patient->purged_ms));
    if (patient->purged_ms != 0)
        return object;
    (void)json_object_set_new(object, "name", json_string(patient->name));
    (void)json_object_set_new(object, "birth_date", json_string(patient->birth_date));
    (void)json_object_set_new(object, "identifier", json_string(patient->identifier));
    (void)json_object_set_new(object, "note", json_string(patient->note));
    return object;
}

void patients_get(struct request *request, struct answer *answer)
{
    struct patient *patients = calloc(PAGE_MAX, sizeof *patients);
    unsigned limit = (unsigned)request_query(request, QUERY_LIMIT, PAGE_USUAL), count = 0;
    if (patients == NULL) {
        answer_problem(answer, 503, "busy", NULL, "no memory for a page");
        return;
    }
    struct records *records = request_records(request);
    enum records_fault fault = patients_list(records, request_query(request, QUERY_FROM, 1), patients, limit, &count);
    if (fault == RECORDS_OK)
        fault = looks_note_page(request, records, patients, count);
    if (fault == RECORDS_OK) {
        json_t *list = json_array();
        for (unsigned i = 0; i < count; i++)
            (void)json_array_append_new(list, patient_json(&patients[i]));
        answer_page(answer, "patients", list, count == limit ? patients[count - 1].id + 1 : 0);
    } else {
        answer_records(answer, records, fault);
    }
    request_done(request);
    free(patients);
}

static void patient_of(const struct request *request, struct patient *patient)
{
    snprintf(patient->name, sizeof patient->name, "%s", request_text(request, "name"));
    snprintf(patient->birth_date, sizeof patient->birth_date, "%s", request_text(request, "birth_date"));
    snprintf(patient->identifier, sizeof patient->identifier, "%s", request_text(request, "identifier"));
    snprintf(patient->note, sizeof patient->note, "%s", request_text(request, "note"));
}

void patients_post(struct request *request, struct answer *answer)
{
    struct patient patient = { .id = 0 };
    int64_t id = 0;
    patient_of(request, &patient);
    struct records *records = request_begin(request, answer);
    if (records == NULL)
        return;
    enum records_fault fault = patients_add(records, &patient, &id);
    if (request_commit(request, fault, answer))
        answer_json(answer, 201, json_pack("{s:I}", "id", (json_int_t)id));
}

void patient_get(struct request *request, struct answer *answer)
{
    struct patient patient;
    int64_t id = 0;
    if (!request_number(request, 0, &id, answer))
        return;
    struct records *records = request_records(request);
    enum records_fault fault = patients_read(records, id, &patient);
    if (fault == RECORDS_OK)
        fault = looks_note_page(request, records, &patient, 1);
    if (fault == RECORDS_OK)
        answer_json(answer, 200, patient_json(&patient));
    else
        answer_records(answer, records, fault);
    request_done(request);
}

void patient_put(struct request *request, struct answer *answer)
{
    struct patient patient = { .id = 0 };
    patient_of(request, &patient);
    if (!request_number(request, 0, &patient.id, answer))
        return;
    struct records *records = request_begin(request, answer);
    if (records == NULL)
        return;
    enum records_fault fault = patients_change(records, &patient);
    if (request_commit(request, fault, answer))
        answer->status = 204;
}

void patient_delete(struct request *request, struct answer *answer)
{
    int64_t id = 0;
    if (!request_number(request, 0, &id, answer))
        return;
    struct records *records = request_begin(request, answer);
    if (records == NULL)
        return;
    enum records_fault fault = patients_purge(records, id);
    if (!request_commit(request, fault, answer))
        return;
    records = request_records(request);
    fault = patients_scour(records);
    if (fault == RECORDS_OK)
        answer->status = 204;
    else
        answer_records(answer, records, fault);
    request_done(request);
}

static json_t *implant_json(struct records *records, const struct implant *implant)
{
    char text[AMOUNT_TEXT_BYTES];
    struct catheter catheter;
    const char *model = model_name(implant->model);
    json_t *object =
        json_pack("{s:I, s:I, s:s, s:i}", "id", (json_int_t)implant->id, "patient", (json_int_t)implant->patient,
                  "serial", implant->serial, "revision", (int)implant->revision);
    snprintf(text, sizeof text, "%d ppm", implant->calibration.ppm);
    (void)json_object_set_new(object, "model", json_string(model != NULL ? model : "unknown"));
    (void)json_object_set_new(object, "calibration", json_string(text));
    (void)json_object_set_new(object, "implanted", moment_json(implant->implanted_ms));
    (void)json_object_set_new(object, "explanted", moment_json(implant->explanted_ms));
    if (catheters_in_place(records, implant->id, &catheter) != RECORDS_OK)
        return object;
    json_t *placed = json_pack("{s:s, s:o}", "kind", catheter.kind, "placed", moment_json(catheter.placed_ms));
    amount_write(text, catheter.length_mm, 1, 0, "cm");
    (void)json_object_set_new(placed, "length", json_string(text));
    amount_write_volume(text, catheter.dead_volume.nl);
    (void)json_object_set_new(placed, "dead_volume", json_string(text));
    (void)json_object_set_new(object, "catheter", placed);
    return object;
}

void implants_get(struct request *request, struct answer *answer)
{
    struct implant implants[IMPLANTS_OF_ONE_MAX];
    unsigned count = 0;
    int64_t patient = 0;
    if (!request_number(request, 0, &patient, answer))
        return;
    struct records *records = request_records(request);
    enum records_fault fault = implants_list(records, patient, implants, IMPLANTS_OF_ONE_MAX, &count);
    if (fault == RECORDS_OK) {
        json_t *list = json_array();
        for (unsigned i = 0; i < count; i++)
            (void)json_array_append_new(list, implant_json(records, &implants[i]));
        answer_page(answer, "implants", list, 0);
        (void)json_object_set_new(answer->json, "more", json_boolean(count == IMPLANTS_OF_ONE_MAX));
    } else {
        answer_records(answer, records, fault);
    }
    request_done(request);
}

void implants_post(struct request *request, struct answer *answer)
{
    struct implant implant = { .revision = 1 };
    int64_t id = 0, ppm = 0, revision = 1;
    const struct model *model = model_named(request_text(request, "model"));
    if (!request_number(request, 0, &implant.patient, answer))
        return;
    (void)reader_integer(&request->body, "revision", OPTIONAL, 1, UINT8_MAX, &revision);
    if (*request_text(request, "calibration") != '\0')
        (void)amount_read(request_text(request, "calibration"), DIMENSION_PPM, &ppm);
    (void)moment_read(request_text(request, "implanted"), &implant.implanted_ms);
    snprintf(implant.serial, sizeof implant.serial, "%s", request_text(request, "serial"));
    implant.model = model->code; /* the schema has looked at all of these */
    implant.revision = (uint8_t)revision;
    implant.calibration.ppm = (int32_t)ppm;
    struct records *records = request_begin(request, answer);
    if (records == NULL)
        return;
    enum records_fault fault = implants_add(records, &implant, &id);
    if (request_commit(request, fault, answer))
        answer_json(answer, 201, json_pack("{s:I}", "id", (json_int_t)id));
}
