/* past.c - what was done to a pump: visits, refills, therapies, alarms. Amounts are texts with their units. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/past.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "amount/amount.h"
#include "clinic/records/alarms.h"
#include "clinic/records/pumplog.h"
#include "clinic/records/refills.h"
#include "clinic/records/therapies.h"
#include "clinic/records/visits.h"
#include "clinic/server/feed.h"
#include "clinic/server/listing.h"
#include "clinic/server/moment.h"
#include "clinic/server/visitpaper.h"

enum { PAGE_USUAL = 20, VISITS_TOLD_MAX = 100, ALARMS_TOLD_MAX = 64 };

static void volume_set(json_t *object, const char *name, vol_nl volume)
{
    char text[AMOUNT_TEXT_BYTES];
    amount_write_volume(text, volume.nl);
    (void)json_object_set_new(object, name, json_string(text));
}

static json_t *link_json(int64_t id)
{
    return id == 0 ? json_null() : json_integer(id);
}

static json_t *visit_json(const struct visit_record *visit)
{
    char reasons[20];
    json_t *object = json_pack("{s:I, s:o, s:o, s:s, s:s}", "id", (json_int_t)visit->id, "implant", link_json(visit->implant),
                               "user", link_json(visit->user), "workflow", list_word(LIST_WORKFLOW, visit->workflow), "outcome",
                               list_word(LIST_OUTCOME, visit->outcome));
    snprintf(reasons, sizeof reasons, "%016llx", (unsigned long long)visit->reasons);
    (void)json_object_set_new(object, "opened", moment_json(visit->opened_ms));
    (void)json_object_set_new(object, "closed", moment_json(visit->closed_ms));
    (void)json_object_set_new(object, "reasons", json_string(reasons));
    (void)json_object_set_new(object, "command", link_json(visit->command_id));
    return object;
}

void visits_get(struct request *request, struct answer *answer)
{
    struct visit_record visits[VISITS_TOLD_MAX];
    unsigned count = 0;
    int64_t patient = 0;
    if (!request_number(request, 0, &patient, answer))
        return;
    struct records *records = request_records(request);
    enum records_fault fault = visits_list(records, patient, visits, VISITS_TOLD_MAX, &count);
    json_t *list = json_array();
    for (unsigned i = 0; i < count && fault == RECORDS_OK; i++) {
        bool is = false;
        fault = visitpaper_is(records, visits[i].id, &is);
        json_t *object = visit_json(&visits[i]);
        (void)json_object_set_new(object, "report", json_boolean(is));
        (void)json_array_append_new(list, object);
    }
    if (fault == RECORDS_OK) {
        answer_page(answer, "visits", json_incref(list), 0);
        (void)json_object_set_new(answer->json, "older", json_boolean(count == VISITS_TOLD_MAX));
    } else {
        answer_records(answer, records, fault);
    }
    json_decref(list);
    request_done(request);
}

/* A page of rows that belong to an implant: each read and told by `tell`, null when it could not. */
static void page_of(struct request *request, struct answer *answer, enum table table, unsigned owner, const char *name,
                    json_t *(*tell)(struct records *records, int64_t id))
{
    struct listing listing;
    int64_t implant = 0;
    json_t *list = json_array(), *one = NULL;
    if (!request_number(request, 0, &implant, answer)) {
        json_decref(list);
        return;
    }
    struct records *records = request_records(request);
    enum records_fault fault =
        listing_read(records, table, owner, implant, request_query(request, QUERY_FROM, 1),
                     (unsigned)request_query(request, QUERY_LIMIT, PAGE_USUAL), &listing);
    for (unsigned i = 0; i < listing.count && fault == RECORDS_OK; i++) {
        one = tell(records, listing.id[i]);
        if (one == NULL)
            fault = RECORDS_DAMAGED;
        else
            (void)json_array_append_new(list, one);
    }
    if (fault == RECORDS_OK)
        answer_page(answer, name, json_incref(list), listing.next);
    else
        answer_records(answer, records, fault);
    request_done(request);
    json_decref(list);
}

static json_t *refill_json(struct records *records, int64_t id)
{
    struct refill_record refill;
    struct visit_record visit;
    char text[AMOUNT_TEXT_BYTES];
    if (refills_read(records, id, &refill) != RECORDS_OK || visits_read(records, refill.visit, &visit) != RECORDS_OK)
        return NULL;
    json_t *drugs = json_array();
    for (unsigned i = 0; i < refill.drugs; i++) {
        const char *drug = drug_word(refill.drug[i].drug);
        amount_write(text, refill.drug[i].conc.ng_ml, 6, 0, "mg/mL");
        (void)json_array_append_new(drugs, json_pack("{s:s, s:s, s:s}", "drug", drug != NULL ? drug : "unknown",
                                                     "concentration", text, "lot", refill.drug[i].lot));
    }
    json_t *object = json_pack("{s:I, s:o, s:o, s:o, s:s, s:o}", "id", (json_int_t)refill.id, "visit", link_json(refill.visit),
                               "user", link_json(refill.user), "at", moment_json(refill.at_ms), "cause",
                               list_word(LIST_CAUSE, refill.cause), "drugs", drugs);
    (void)json_object_set_new(object, "outcome", json_string(list_word(LIST_OUTCOME, visit.outcome)));
    volume_set(object, "expected", refill.expected);
    volume_set(object, "found", refill.found);
    volume_set(object, "left", refill.left);
    volume_set(object, "filled", refill.filled);
    volume_set(object, "drawn_up", refill.drawn_up);
    volume_set(object, "discrepancy", refills_discrepancy(&refill));
    return object;
}

void refills_get(struct request *request, struct answer *answer)
{
    struct refill_trend trend = { .count = 0 };
    page_of(request, answer, TABLE_REFILLS, AT(REFILLS, IMPLANT), "refills", refill_json);
    if (answer->status != 200)
        return;
    struct records *records = request_records(request);
    enum records_fault fault = refills_trend(records, strtoll(request->parameter[0], NULL, 10), &trend);
    json_t *told = json_pack("{s:I}", "count", (json_int_t)trend.count);
    volume_set(told, "sum", trend.sum);
    volume_set(told, "largest", trend.largest);
    if (fault == RECORDS_OK)
        (void)json_object_set(answer->json, "trend", told);
    else
        answer_records(answer, records, fault);
    json_decref(told);
    request_done(request);
}

static json_t *therapy_json(struct records *records, int64_t id)
{
    struct therapy_record record;
    struct therapy therapy;
    char text[2 * THERAPY_BYTES_MAX + 1];
    if (therapies_read(records, id, &record) != RECORDS_OK)
        return NULL;
    json_t *object = json_pack("{s:I, s:o, s:o, s:I, s:s}", "id", (json_int_t)record.id, "visit", link_json(record.visit), "at",
                               moment_json(record.at_ms), "formulary_version", (json_int_t)record.formulary_version, "region",
                               record.region);
    if (therapy_decode(record.canonical, record.size, &therapy) == RESULT_OK)
        (void)json_object_set_new(object, "name", json_string(therapy.name));
    sodium_bin2hex(text, sizeof text, record.hash, HASH_BYTES);
    (void)json_object_set_new(object, "hash", json_string(text));
    sodium_bin2hex(text, sizeof text, record.canonical, record.size);
    (void)json_object_set_new(object, "canonical", json_string(text));
    return object;
}

void therapies_get(struct request *request, struct answer *answer)
{
    page_of(request, answer, TABLE_THERAPIES, AT(THERAPIES, IMPLANT), "therapies", therapy_json);
}

static json_t *alarm_json(const struct alarm_record *alarm)
{
    static const char *const PRIORITIES[] = { "drug", "low", "medium", "high" };
    const struct alarm_row *row = alarm_row(alarm_position(alarm->code));
    json_t *object = json_pack("{s:I, s:i, s:s, s:s, s:s}", "id", (json_int_t)alarm->id, "code", (int)alarm->code, "alarm",
                               row != NULL ? row->name : "unknown", "text", row != NULL ? row->text : "", "priority",
                               PRIORITIES[alarm->priority & 3]);
    (void)json_object_set_new(object, "raised", moment_json(alarm->raised_ms));
    (void)json_object_set_new(object, "ended", moment_json(alarm->ended_ms));
    (void)json_object_set_new(object, "cleared", moment_json(alarm->cleared_ms));
    (void)json_object_set_new(object, "seen", moment_json(alarm->seen_ms));
    (void)json_object_set_new(object, "seen_by", link_json(alarm->seen_by));
    return object;
}

void alarms_get(struct request *request, struct answer *answer)
{
    struct alarm_record alarms[ALARMS_TOLD_MAX];
    unsigned count = 0;
    int64_t implant = 0, pulled_ms = 0;
    char age[FEED_AGE_BYTES];
    if (!request_number(request, 0, &implant, answer))
        return;
    struct records *records = request_records(request);
    enum records_fault fault = alarms_standing(records, implant, alarms, ALARMS_TOLD_MAX, &count);
    if (fault == RECORDS_OK)
        fault = pumplog_pulled(records, implant, PUMPLOG_EVENTS, &pulled_ms);
    if (fault == RECORDS_OK) {
        json_t *list = json_array();
        for (unsigned i = 0; i < count; i++)
            (void)json_array_append_new(list, alarm_json(&alarms[i]));
        answer_page(answer, "alarms", list, 0);
        feed_age(age, request->utc_ms - pulled_ms);
        (void)json_object_set_new(answer->json, "pulled", moment_json(pulled_ms));
        (void)json_object_set_new(answer->json, "age", pulled_ms != 0 ? json_string(age) : json_null());
    } else {
        answer_records(answer, records, fault);
    }
    request_done(request);
}

void alarm_seen(struct request *request, struct answer *answer)
{
    int64_t id = 0;
    if (!request_number(request, 0, &id, answer))
        return;
    struct records *records = request_begin(request, answer);
    if (records == NULL)
        return;
    enum records_fault fault = alarms_see(records, id);
    if (request_commit(request, fault, answer))
        answer->status = 204;
}
