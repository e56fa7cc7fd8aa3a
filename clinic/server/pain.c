/* pain.c - scores of pain, told and added, and what the doses are judged by them. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/pain.h"

#include <string.h>

#include "clinic/casebook/history.h"
#include "clinic/planner/benefitwords.h"
#include "clinic/records/scores.h"
#include "clinic/records/sealed.h"
#include "clinic/server/looks.h"
#include "clinic/server/moment.h"
#include "link/cipher.h"

enum { SCORES_TOLD_MAX = 100 };
static const int64_t NUMBER_MAX = INT64_C(9007199254740991); /* what JSON bears */

/* With its note, which is empty where the patient was purged. */
static enum records_fault score_tell(struct records *records, const struct score_record *score, json_t *list)
{
    char note[SEALED_BYTES_MAX + 1] = "";
    enum records_fault fault = scores_note_read(records, score->id, note, sizeof note);
    if (fault != RECORDS_OK)
        return fault;
    json_t *object = json_pack("{s:I, s:o, s:s, s:I}", "id", (json_int_t)score->id, "said", moment_json(score->at_ms),
                               "scale", list_word(LIST_SCALE, score->scale), "pain", (json_int_t)score->pain);
    (void)json_object_set_new(
        object, "relief", score->relief_percent == SCORE_NOT_SAID ? json_null() : json_integer(score->relief_percent));
    (void)json_object_set_new(object, "visit", score->visit == 0 ? json_null() : json_integer(score->visit));
    (void)json_object_set_new(object, "user", score->user == 0 ? json_null() : json_integer(score->user));
    (void)json_object_set_new(object, "note", json_string(note));
    (void)json_array_append_new(list, object);
    cipher_forget(note, sizeof note);
    return RECORDS_OK;
}

void scores_get(struct request *request, struct answer *answer)
{
    struct score_record scores[SCORES_TOLD_MAX];
    unsigned count = 0;
    int64_t patient = 0;
    if (!request_number(request, 0, &patient, answer))
        return;
    struct records *records = request_records(request);
    json_t *list = json_array();
    enum records_fault fault = scores_list(records, patient, scores, SCORES_TOLD_MAX, &count);
    if (fault == RECORDS_OK && count > 0) /* their notes may tell who it is */
        fault = looks_note(request, records, &patient, 1);
    for (unsigned i = 0; i < count && fault == RECORDS_OK; i++)
        fault = score_tell(records, &scores[i], list);
    if (fault == RECORDS_OK) {
        answer_page(answer, "scores", json_incref(list), 0);
        (void)json_object_set_new(answer->json, "older", json_boolean(count == SCORES_TOLD_MAX));
    } else {
        answer_records(answer, records, fault);
    }
    request_done(request);
    json_decref(list);
}

void scores_post(struct request *request, struct answer *answer)
{
    struct score_record score = { .scale = WORD_SCALE_NRS, .relief_percent = SCORE_NOT_SAID };
    const char *note = request_text(request, "note");
    int64_t id = 0;
    if (!request_number(request, 0, &score.patient, answer))
        return;
    /* the schema has looked at all of these */
    (void)reader_integer(&request->body, "pain", REQUIRED, 0, SCORE_NRS_MAX, &score.pain);
    (void)reader_integer(&request->body, "relief", OPTIONAL, 0, SCORE_RELIEF_MAX, &score.relief_percent);
    (void)reader_integer(&request->body, "visit", OPTIONAL, 1, NUMBER_MAX, &score.visit);
    (void)moment_read(request_text(request, "said"), &score.at_ms);
    struct records *records = request_begin(request, answer);
    if (records == NULL)
        return;
    enum records_fault fault = scores_add(records, &score, *note != '\0' ? note : NULL, &id);
    if (request_commit(request, fault, answer))
        answer_json(answer, 201, json_pack("{s:I}", "id", (json_int_t)id));
}

/* As it is asked for; the route has looked at the word. */
static const struct formulary *formulary_of(const struct request *request)
{
    const struct formulary *formulary = request->server->formulary;
    for (unsigned i = 0; i < SERVER_REGIONS && request->query[QUERY_REGION] != NULL; i++)
        if (strcmp(formulary[i].region, request->query[QUERY_REGION]) == 0)
            return &formulary[i];
    return &formulary[0];
}

void benefit_get(struct request *request, struct answer *answer)
{
    struct benefit_history history;
    struct findings findings = { .count = 0 };
    int64_t patient = 0;
    if (!request_number(request, 0, &patient, answer))
        return;
    struct records *records = request_records(request);
    enum records_fault fault = history_of_patient(records, patient, &history);
    if (fault != RECORDS_OK) {
        answer_records(answer, records, fault);
    } else {
        json_t *list = json_array();
        if (history.therapies > 0)
            benefit_judge(&findings, formulary_of(request), &history, &history.therapy[history.therapies - 1],
                          request->utc_ms);
        for (unsigned i = 0; i < findings.count; i++)
            (void)json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "rule",
                                                        rule_word((enum rule)findings.item[i].rule), "level",
                                                        finding_level_word((enum finding_level)findings.item[i].level),
                                                        "text", findings.item[i].text));
        answer_json(answer, 200,
                    json_pack("{s:i, s:i, s:o}", "therapies", (int)history.therapies, "scores", (int)history.scores,
                              "findings", list));
    }
    request_done(request);
}
