/* schema.c - bodies, held to their schemas. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/schema.h"

#include <string.h>

#include "clinic/records/list.h"
#include "clinic/server/moment.h"
#include "clinic/server/typing.h"
#include "clinic/workflow/answers.h"
#include "clinic/workflow/interval.h"

enum { FIELDS_OF_ONE_MAX = 12, SERIAL_TEXT_MAX = 15 };
static const char SERIAL_GOOD[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

enum kind {
    TEXT,
    SECRET,
    INTEGER,
    PPM,
    VOLUME,
    LENGTH,
    CONC,
    DATE,
    MOMENT,
    SERIAL,
    FLAG,
    /* words of a list */
    ROLE,
    MODEL,
    WORKFLOW,
    REGION,
    PORT,
    HOLDS,
    SCAN,
    LOWER,
    DEED,
    CAUSE,
    INTERVAL,
    /* read by their own readers */
    DRUGS,
    THERAPY,
    PASSING,
    SIGNED,
    KEYS
};
enum { WORDS_MAX = 48 };

static const struct field_row {
    enum schema schema;
    const char *name;
    enum kind kind;
    enum need need;
    int64_t least, most;
    const char *text;
} FIELDS[] = {
#define FIELD(schema_, name_, kind_, need_, least_, most_, text_)                                                      \
    { .schema = SCHEMA_##schema_,                                                                                      \
      .name = name_,                                                                                                   \
      .kind = kind_,                                                                                                   \
      .need = need_,                                                                                                   \
      .least = least_,                                                                                                 \
      .most = most_,                                                                                                   \
      .text = text_ },
#include "clinic/server/schema.def"
#undef FIELD
};
enum { FIELD_ROWS = sizeof FIELDS / sizeof FIELDS[0] };

static const struct {
    const char *word, *text;
} SCHEMA_ROWS[SCHEMAS] = {
    [SCHEMA_NONE] = { "", "" },
#define SCHEMA(name, word_, text_) [SCHEMA_##name] = { .word = word_, .text = text_ },
#include "clinic/server/schema.def"
#undef SCHEMA
};

const char *const SCHEMA_ROLES[] = { "nurse", "physician", "pharmacist", "auditor", "admin", NULL };
const char *const SCHEMA_HOLDS[] = { "no_drug", "drug", NULL };
const char *const SCHEMA_PORTS[] = { "reservoir", "catheter", NULL };
const char *const SCHEMA_SCANS[] = { "keep", "empty", NULL };
const char *const SCHEMA_LOWERS[] = { "stop", "minimum", "cancel", NULL };
static const char *const MODELS[] = { "C20", "C40", "V20", NULL };
/* Each is an action of clinic/records/list.def, behind "twin_". */
static const char *const DEEDS[] = { "speed", "fault", "granuloma", "infection", "migrate", "battery",
                                     "radio", "skip",  "save",      "fork",      NULL };
static const char *const REGIONS[] = { "US", "EU", NULL };

static const char *workflow_word(unsigned at)
{
    return work_word(work_at(at));
}

static const char *cause_word(unsigned at)
{
    return list_at(LIST_CAUSE, at);
}

/* The words of a kind, null at the end; null when it has none. `made` is room for those that stand in other tables. */
static const char *const *words_of(enum kind kind, const char *made[WORDS_MAX + 1])
{
    static const char *const *const LISTS[] = {
        [ROLE] = SCHEMA_ROLES,  [MODEL] = MODELS,      [REGION] = REGIONS,      [PORT] = SCHEMA_PORTS,
        [HOLDS] = SCHEMA_HOLDS, [SCAN] = SCHEMA_SCANS, [LOWER] = SCHEMA_LOWERS, [DEED] = DEEDS
    };
    const char *(*at)(unsigned) = kind == WORKFLOW ? workflow_word : kind == CAUSE ? cause_word : interval_word;
    if (kind < ROLE || kind > INTERVAL)
        return NULL;
    if (kind != WORKFLOW && kind != CAUSE && kind != INTERVAL)
        return LISTS[kind];
    unsigned count = 0;
    for (; count < WORDS_MAX && at(count) != NULL; count++)
        made[count] = at(count);
    made[count] = NULL;
    return made;
}

const char *schema_word(enum schema schema)
{
    return SCHEMA_ROWS[schema].word;
}

static void text_read(const struct node *body, const struct field_row *field)
{
    const char *text = NULL;
    const char *given = json_string_value(json_object_get(body->value, field->name));
    if (field->least == 0 && given != NULL && *given == '\0')
        return;
    if (reader_text(body, field->name, field->need, (size_t)field->most, &text) &&
        strlen(text) < (size_t)field->least) {
        struct node member = reader_member(body, field->name, field->need);
        reader_complain(&member, COMPLAINT_MALFORMED, "must be at least %d bytes long", (int)field->least);
    }
}

/* Nothing of it is repeated in a complaint. */
static void secret_read(const struct node *body, const struct field_row *field)
{
    struct node member = reader_member(body, field->name, field->need);
    const char *text = json_string_value(member.value);
    size_t size = text != NULL ? strlen(text) : 0;
    if (member.value == NULL)
        return;
    if (text == NULL || size < (size_t)field->least || size > (size_t)field->most)
        reader_complain(&member, COMPLAINT_MALFORMED, "must be a text of %d to %d bytes, in quotes", (int)field->least,
                        (int)field->most);
}

/* A text of which a function says whether it has the right form. */
static void formed_read(const struct node *body, const struct field_row *field)
{
    const char *text = NULL;
    int64_t ms = 0;
    if (!reader_text(body, field->name, field->need, field->most > 0 ? (size_t)field->most : MOMENT_TEXT_BYTES, &text))
        return;
    struct node member = reader_member(body, field->name, field->need);
    if (field->kind == DATE && !moment_date_good(text))
        reader_complain(&member, COMPLAINT_MALFORMED, "must be a day, such as \"1950-12-31\"");
    if (field->kind == MOMENT && !moment_read(text, &ms))
        reader_complain(&member, COMPLAINT_MALFORMED, "must be a moment of UTC, such as \"2026-03-01T12:00:00Z\"");
    if (field->kind == SERIAL && (strspn(text, SERIAL_GOOD) != strlen(text) || *text == '.'))
        reader_complain(&member, COMPLAINT_MALFORMED,
                        "must be made of letters, digits, '.', '_' and '-', such as \"SIM-0042\"");
}

static void flag_read(const struct node *body, const struct field_row *field)
{
    bool flag = false;
    struct node member = reader_member(body, field->name, field->need);
    if (member.value != NULL)
        (void)reader_flag(body, field->name, &flag);
}

static enum dimension dimension_of(enum kind kind)
{
    return kind == PPM      ? DIMENSION_PPM
           : kind == VOLUME ? DIMENSION_VOLUME
           : kind == LENGTH ? DIMENSION_LENGTH
                            : DIMENSION_CONC;
}

static void field_read(const struct node *body, const struct field_row *field)
{
    const char *made[WORDS_MAX + 1];
    int64_t integer = 0;
    unsigned at = 0;
    switch (field->kind) {
    case TEXT:
        text_read(body, field);
        break;
    case SECRET:
        secret_read(body, field);
        break;
    case INTEGER:
        (void)reader_integer(body, field->name, field->need, field->least, field->most, &integer);
        break;
    case PPM:
    case VOLUME:
    case LENGTH:
    case CONC:
        (void)reader_amount(body, field->name, field->need, dimension_of(field->kind), field->least, field->most,
                            &integer);
        break;
    case FLAG:
        flag_read(body, field);
        break;
    case DATE:
    case MOMENT:
    case SERIAL:
        formed_read(body, field);
        break;
    case ROLE:
    case MODEL:
    case WORKFLOW:
    case REGION:
    case PORT:
    case HOLDS:
    case SCAN:
    case LOWER:
    case DEED:
    case CAUSE:
    case INTERVAL:
        (void)reader_choice(body, field->name, field->need, words_of(field->kind, made), &at);
        break;
    case DRUGS:
    case THERAPY:
    case PASSING:
    case SIGNED: /* by clinic/server/answering.c, which knows the pump */
        (void)reader_member(body, field->name, field->need);
        break;
    case KEYS: {
        struct node member = reader_member(body, field->name, field->need);
        typing_read(&member);
        break;
    }
    }
}

bool schema_read(const struct node *body, enum schema schema)
{
    const char *names[FIELDS_OF_ONE_MAX + 1] = { NULL };
    unsigned count = 0;
    for (unsigned i = 0; i < FIELD_ROWS; i++)
        if (FIELDS[i].schema == schema && count < FIELDS_OF_ONE_MAX)
            names[count++] = FIELDS[i].name;
    if (!reader_object(body, names))
        return false;
    for (unsigned i = 0; i < FIELD_ROWS; i++)
        if (FIELDS[i].schema == schema)
            field_read(body, &FIELDS[i]);
    return body->reader->count == 0;
}

static json_t *words_json(const char *const *words)
{
    json_t *list = json_array();
    for (; *words != NULL; words++)
        (void)json_array_append_new(list, json_string(*words));
    return json_pack("{s:s, s:o}", "type", "string", "enum", list);
}

/* A list of objects with two members that are needed and perhaps a third, all texts. */
static json_t *members_json(const char *first, const char *second, const char *third, int most)
{
    json_t *properties = json_object(), *needed = json_pack("[s, s]", first, second);
    const char *const names[] = { first, second, third };
    for (unsigned i = 0; i < 3 && names[i] != NULL; i++)
        (void)json_object_set_new(properties, names[i], json_pack("{s:s}", "type", "string"));
    json_t *item = json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties", properties, "required", needed,
                             "additionalProperties", 0);
    return json_pack("{s:s, s:i, s:o}", "type", "array", "maxItems", most, "items", item);
}

static json_t *field_json(const struct field_row *field)
{
    json_t *object = NULL;
    const char *made[WORDS_MAX + 1];
    switch (field->kind) {
    case TEXT:
    case SECRET: /* bytes in the reader, characters here: the reader is the stricter one */
        object = json_pack("{s:s, s:I, s:I}", "type", "string", "minLength", (json_int_t)field->least, "maxLength",
                           (json_int_t)field->most);
        break;
    case INTEGER:
        object = json_pack("{s:s, s:I, s:I}", "type", "integer", "minimum", (json_int_t)field->least, "maximum",
                           (json_int_t)field->most);
        break;
    case PPM:
        object = json_pack("{s:s, s:s}", "type", "string", "pattern", "^-?[0-9]+ ppm$");
        break;
    case DATE:
        object = json_pack("{s:s, s:s}", "type", "string", "format", "date");
        break;
    case MOMENT:
        object = json_pack("{s:s, s:s}", "type", "string", "format", "date-time");
        break;
    case SERIAL:
        object = json_pack("{s:s, s:s, s:i}", "type", "string", "pattern", "^[A-Za-z0-9_-][A-Za-z0-9._-]*$",
                           "maxLength", SERIAL_TEXT_MAX);
        break;
    case VOLUME:
    case LENGTH:
    case CONC:
        object = json_pack("{s:s, s:s}", "type", "string", "pattern", "^[0-9]+(\\.[0-9]+)? [A-Za-zµ/]+$");
        break;
    case FLAG:
        object = json_pack("{s:s}", "type", "boolean");
        break;
    case ROLE:
    case MODEL:
    case WORKFLOW:
    case REGION:
    case PORT:
    case HOLDS:
    case SCAN:
    case LOWER:
    case DEED:
    case CAUSE:
    case INTERVAL:
        object = words_json(words_of(field->kind, made));
        break;
    case DRUGS:
        object = members_json("drug", "concentration", NULL, MIXTURE_DRUGS_MAX);
        break;
    case THERAPY:
        object = json_pack("{s:s}", "type", "object");
        break;
    case SIGNED:
        object = json_pack("{s:s}", "type", "string");
        break;
    case PASSING:
        object = members_json("rule", "reason", "again", OVERRIDES_MAX);
        break;
    case KEYS:
        object = typing_schema();
        break;
    }
    if (field->kind == SECRET)
        (void)json_object_set_new(object, "writeOnly", json_true());
    (void)json_object_set_new(object, "description", json_string(field->text));
    return object;
}

json_t *schema_json(enum schema schema)
{
    json_t *properties = json_object(), *needed = json_array();
    for (unsigned i = 0; i < FIELD_ROWS; i++) {
        if (FIELDS[i].schema != schema)
            continue;
        (void)json_object_set_new(properties, FIELDS[i].name, field_json(&FIELDS[i]));
        if (FIELDS[i].need == REQUIRED)
            (void)json_array_append_new(needed, json_string(FIELDS[i].name));
    }
    json_t *object = json_pack("{s:s, s:s, s:o, s:b}", "type", "object", "description", SCHEMA_ROWS[schema].text,
                               "properties", properties, "additionalProperties", 0);
    if (json_array_size(needed) > 0)
        (void)json_object_set(object, "required", needed);
    json_decref(needed);
    return object;
}
