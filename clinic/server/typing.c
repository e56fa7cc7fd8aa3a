/* typing.c - keys that were pressed: read, kept, told, replayed. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/typing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clinic/records/sealed.h"
#include "clinic/records/typings.h"
#include "clinic/server/journal.h"
#include "clinic/server/looks.h"
#include "clinic/server/moment.h"
#include "link/cipher.h"

enum { TYPED_TOLD_MAX = 100, STEP_MS_MAX = 24 * 3600 * 1000 };

static const char FIELD_GOOD[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

/* Where the parts of a press stand. */
enum { PRESS_MS, PRESS_FROM, PRESS_TO, PRESS_KEY, PRESS_VALUE, PRESS_PARTS };

static bool press_good(const json_t *press)
{
    const char *key = json_string_value(json_array_get(press, PRESS_KEY));
    const char *value = json_string_value(json_array_get(press, PRESS_VALUE));
    if (!json_is_array(press) || json_array_size(press) != PRESS_PARTS || key == NULL || value == NULL || *key == '\0')
        return false;
    for (unsigned i = PRESS_MS; i <= PRESS_TO; i++) {
        json_int_t most = i == PRESS_MS ? STEP_MS_MAX : TYPING_VALUE_BYTES_MAX;
        const json_t *number = json_array_get(press, i);
        if (!json_is_integer(number) || json_integer_value(number) < 0 || json_integer_value(number) > most)
            return false;
    }
    return strlen(key) <= TYPING_KEY_BYTES_MAX && strlen(value) <= TYPING_VALUE_BYTES_MAX;
}

/* As it is sealed, which has to fit. A new text; null: it does not. */
static char *field_text(const json_t *field)
{
    char *text = json_dumps(field, JSON_COMPACT | JSON_ENSURE_ASCII);
    if (text != NULL && strlen(text) > SEALED_BYTES_MAX) {
        free(text);
        text = NULL;
    }
    return text;
}

static void field_read(const struct node *field)
{
    static const char *const names[] = { "field", "value", "missed", "pressed", NULL };
    const char *name = NULL;
    int64_t missed = 0;
    if (!reader_object(field, names) || !reader_text(field, "field", REQUIRED, TYPING_FIELD_BYTES - 1, &name))
        return;
    const json_t *given = json_object_get(field->value, "value");
    struct node pressed = reader_member(field, "pressed", REQUIRED);
    if (!json_is_string(given) || json_string_length(given) > TYPING_VALUE_BYTES_MAX) {
        reader_complain(field, COMPLAINT_MALFORMED, "\"value\" must be a text of at most %d bytes",
                        TYPING_VALUE_BYTES_MAX);
        return;
    }
    if (strspn(name, FIELD_GOOD) != strlen(name))
        reader_complain(field, COMPLAINT_MALFORMED, "\"field\" must be made of letters, digits, '-' and '_'");
    (void)reader_integer(field, "missed", OPTIONAL, 0, STEP_MS_MAX, &missed);
    if (pressed.value == NULL || !reader_array(&pressed, 0, TYPING_PRESSES_MAX))
        return;
    for (size_t i = 0; i < json_array_size(pressed.value); i++)
        if (!press_good(json_array_get(pressed.value, i))) {
            struct node press = reader_element(&pressed, i);
            reader_complain(&press, COMPLAINT_MALFORMED,
                            "must be [ms, from, to, \"key\", \"value\"], with texts of at most %d and %d bytes",
                            TYPING_KEY_BYTES_MAX, TYPING_VALUE_BYTES_MAX);
            return;
        }
    char *text = field_text(field->value);
    if (text == NULL)
        reader_complain(field, COMPLAINT_MALFORMED,
                        "must be at most %d bytes long: count what is too much as \"missed\"", SEALED_BYTES_MAX);
    free(text);
}

void typing_read(const struct node *keys)
{
    static const char *const names[] = { "sent", "fields", NULL };
    int64_t sent = 0;
    if (keys->value == NULL || !reader_object(keys, names) ||
        !reader_integer(keys, "sent", REQUIRED, 0, STEP_MS_MAX, &sent))
        return;
    struct node fields = reader_member(keys, "fields", REQUIRED);
    if (fields.value == NULL || !reader_array(&fields, 0, TYPING_FIELDS_MAX))
        return;
    for (size_t i = 0; i < json_array_size(fields.value); i++) {
        struct node field = reader_element(&fields, i);
        field_read(&field);
    }
}

json_t *typing_schema(void)
{
    json_t *parts = json_pack("[{s:s}, {s:s}, {s:s}, {s:s}, {s:s}]", "type", "integer", "type", "integer", "type", "integer",
                              "type", "string", "type", "string");
    json_t *press = json_pack("{s:s, s:i, s:i, s:o, s:{s:s}, s:s}", "type", "array", "minItems", PRESS_PARTS, "maxItems",
                              PRESS_PARTS, "prefixItems", parts, "items", "type", "string", "description",
                              "[ms, from, to, \"key\", \"value\"]: since the step was opened; what was marked; the key; what the "
                              "field held then");
    json_t *field =
        json_pack("{s:s, s:{s:{s:s, s:i}, s:{s:s, s:i}, s:{s:s, s:i}, s:{s:s, s:i, s:o}}, s:[s, s, s], s:b}", "type",
                  "object", "properties", "field", "type", "string", "maxLength", TYPING_FIELD_BYTES - 1, "value",
                  "type", "string", "maxLength", TYPING_VALUE_BYTES_MAX, "missed", "type", "integer", "minimum", 0,
                  "pressed", "type", "array", "maxItems", TYPING_PRESSES_MAX, "items", press, "required", "field",
                  "value", "pressed", "additionalProperties", 0);
    return json_pack("{s:s, s:{s:{s:s, s:i}, s:{s:s, s:i, s:o}}, s:[s, s], s:b}", "type", "object", "properties",
                     "sent", "type", "integer", "minimum", 0, "fields", "type", "array", "maxItems", TYPING_FIELDS_MAX,
                     "items", field, "required", "sent", "fields", "additionalProperties", 0);
}

/* What a key brings in; null: nothing. Keys have names of more than one letter, and no letter that is typed is longer than four
 * bytes. */
static const char *brought(const char *key)
{
    static const char *const WAYS[] = { "Paste:", "Step:", "Pick:" };
    for (unsigned i = 0; i < sizeof WAYS / sizeof WAYS[0]; i++)
        if (strncmp(key, WAYS[i], strlen(WAYS[i])) == 0)
            return key + strlen(WAYS[i]);
    return key[1] == '\0' ? key : NULL;
}

/* `before` with from-to replaced by `text`; false when that is not in it. */
static bool spliced(char *into, const char *before, size_t from, size_t to, const char *text)
{
    size_t size = strlen(before), added = strlen(text);
    if (from > to || to > size || size - (to - from) + added > TYPING_VALUE_BYTES_MAX)
        return false;
    memcpy(into, before, from);
    memcpy(into + from, text, added);
    memcpy(into + from + added, before + to, size - to + 1);
    return true;
}

/* Can this key have made `after` of `before`? A key that was refused has left it. */
static bool press_leads(const char *before, const json_t *press, const char *after)
{
    char made[TYPING_VALUE_BYTES_MAX + 1] = "";
    const char *key = json_string_value(json_array_get(press, PRESS_KEY));
    size_t from = (size_t)json_integer_value(json_array_get(press, PRESS_FROM));
    size_t to = (size_t)json_integer_value(json_array_get(press, PRESS_TO));
    const char *text = brought(key);
    if (strcmp(before, after) == 0)
        return true;
    if (strcmp(key, "Clear") == 0)
        return *after == '\0';
    if (strncmp(key, "Step:", 5) == 0 || strncmp(key, "Pick:", 5) == 0)
        return strcmp(text, after) == 0;
    if (text == NULL && from == to && strcmp(key, "Backspace") == 0 && from > 0)
        from--;
    else if (text == NULL && from == to && strcmp(key, "Delete") == 0)
        to++;
    else if (text == NULL && strcmp(key, "Backspace") != 0 && strcmp(key, "Delete") != 0 && strcmp(key, "Cut") != 0)
        return false;
    return spliced(made, before, from, to, text != NULL ? text : "") && strcmp(made, after) == 0;
}

bool typing_replays(const json_t *field)
{
    const json_t *pressed = json_object_get(field, "pressed");
    const char *value = "", *last = json_string_value(json_object_get(field, "value"));
    if (json_integer_value(json_object_get(field, "missed")) > 0 || last == NULL)
        return false;
    for (size_t i = 0; i < json_array_size(pressed); i++) {
        const json_t *press = json_array_get(pressed, i);
        const char *after = press_good(press) ? json_string_value(json_array_get(press, PRESS_VALUE)) : NULL;
        if (after == NULL || !press_leads(value, press, after))
            return false;
        value = after;
    }
    return strcmp(value, last) == 0;
}

/* Whose pump it is that this session works at; false: nobody's, as far as the records know. */
static bool task_told(struct request *request, struct typing_record *typing)
{
    struct tasks *tasks = &request->server->tasks;
    (void)pthread_mutex_lock(&tasks->lock);
    const struct task *task = tasks_find(tasks, request->parameter[0]);
    bool known = task != NULL && task->session == request->session && task->book.patient != 0;
    if (known) {
        typing->patient = task->book.patient;
        typing->implant = task->book.implant;
        typing->opened_ms = task->workflow.begun_ms;
    }
    (void)pthread_mutex_unlock(&tasks->lock);
    return known;
}

static enum records_fault field_keep(struct records *records, struct typing_record *typing, const json_t *field)
{
    const char *name = json_string_value(json_object_get(field, "field"));
    char *text = field_text(field);
    if (text == NULL)
        return RECORDS_FAILED;
    snprintf(typing->field, sizeof typing->field, "%s", name);
    typing->presses = (int64_t)json_array_size(json_object_get(field, "pressed"));
    enum records_fault fault = typings_add(records, typing, text);
    cipher_forget(text, strlen(text));
    free(text);
    return fault;
}

void typing_keep(struct request *request, uint8_t step)
{
    const json_t *keys = json_object_get(request->body.value, "keys"), *fields = json_object_get(keys, "fields");
    struct typing_record typing = { .sent_ms = json_integer_value(json_object_get(keys, "sent")) };
    snprintf(typing.step, sizeof typing.step, "%s", step_word(step));
    if (json_array_size(fields) == 0 || !task_told(request, &typing))
        return;
    struct records *records = request_records(request);
    enum records_fault fault = records_begin(records, request->utc_ms);
    bool begun = fault == RECORDS_OK;
    for (size_t i = 0; i < json_array_size(fields) && fault == RECORDS_OK; i++)
        fault = field_keep(records, &typing, json_array_get(fields, i));
    if (fault == RECORDS_OK)
        fault = records_commit(records);
    else if (begun)
        records_rollback(records);
    if (fault != RECORDS_OK)
        server_log(4, "the keys that were typed at pump %s are not in the records: %s", request->parameter[0],
                   records->error);
    request_done(request);
}

static enum records_fault typed_tell(struct records *records, const struct typing_record *typing, json_t *list)
{
    char keys[SEALED_BYTES_MAX + 1] = "";
    enum records_fault fault = typings_keys(records, typing, keys, sizeof keys);
    if (fault != RECORDS_OK)
        return fault;
    json_t *field = json_loads(keys, 0, NULL), *object = json_object();
    json_t *value = json_object_get(field, "value"), *pressed = json_object_get(field, "pressed");
    (void)json_object_set_new(object, "id", json_integer(typing->id));
    (void)json_object_set_new(object, "at", moment_json(typing->at_ms));
    (void)json_object_set_new(object, "opened", moment_json(typing->opened_ms));
    (void)json_object_set_new(object, "user", typing->user == 0 ? json_null() : json_integer(typing->user));
    (void)json_object_set_new(object, "step", json_string(typing->step));
    (void)json_object_set_new(object, "field", json_string(typing->field));
    (void)json_object_set_new(object, "presses", json_integer(typing->presses));
    (void)json_object_set_new(object, "missed", json_integer(json_integer_value(json_object_get(field, "missed"))));
    (void)json_object_set_new(object, "sent", json_integer(typing->sent_ms));
    (void)json_object_set_new(object, "value", value != NULL ? json_incref(value) : json_null());
    (void)json_object_set_new(object, "replays", json_boolean(field != NULL && typing_replays(field)));
    json_t *told = json_array();
    for (size_t i = 0; i < json_array_size(pressed); i++) {
        const json_t *press = json_array_get(pressed, i);
        (void)json_array_append_new(
            told, json_pack("{s:O, s:O, s:O, s:O, s:O}", "ms", json_array_get(press, PRESS_MS), "from",
                            json_array_get(press, PRESS_FROM), "to", json_array_get(press, PRESS_TO), "key",
                            json_array_get(press, PRESS_KEY), "value", json_array_get(press, PRESS_VALUE)));
    }
    (void)json_object_set_new(object, "pressed", told);
    (void)json_array_append_new(list, object);
    json_decref(field);
    cipher_forget(keys, sizeof keys);
    return RECORDS_OK;
}

void typed_get(struct request *request, struct answer *answer)
{
    struct typing_record *typings = calloc(TYPED_TOLD_MAX, sizeof *typings);
    unsigned count = 0;
    int64_t patient = 0;
    if (typings == NULL)
        answer_problem(answer, 503, "busy", NULL, "no memory for a page");
    if (typings == NULL || !request_number(request, 0, &patient, answer)) {
        free(typings);
        return;
    }
    struct records *records = request_records(request);
    json_t *list = json_array();
    enum records_fault fault = typings_list(records, patient, typings, TYPED_TOLD_MAX, &count);
    if (fault == RECORDS_OK && count > 0) /* what was typed may tell who it is */
        fault = looks_note(request, records, &patient, 1);
    for (unsigned i = 0; i < count && fault == RECORDS_OK; i++)
        fault = typed_tell(records, &typings[i], list);
    if (fault == RECORDS_OK) {
        answer_page(answer, "typed", json_incref(list), 0);
        (void)json_object_set_new(answer->json, "older", json_boolean(count == TYPED_TOLD_MAX));
    } else {
        answer_records(answer, records, fault);
    }
    request_done(request);
    json_decref(list);
    free(typings);
}
