/* schemaanswer.c - schemas of answers, made of their rows. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/schemaanswer.h"

#include <stdio.h>
#include <string.h>

#include "clinic/records/list.h"

enum { REFERENCE_BYTES = 64 };

enum form {
    TEXT,
    INTEGER,
    PLOTTED,
    CURVES,
    FLAG,
    FLAG_OR_TEXT,
    MOMENT,
    DATE,
    NUMBER,
    ROLE,
    WORKFLOW,
    OUTCOME,
    CAUSE,
    ACT,
    ACTION,
    TEXTS,
    WORDS,
    COUNTS,
    OPEN,
    ONE,
    LIST,
    NAMED
};
enum need { ALWAYS, MAYBE, NULLABLE };

static const struct reply_row REPLIES[] = {
#define REPLY(handler_, status_, form_) { .handler = #handler_, .status = status_, .form = ANSWER_##form_ },
#include "clinic/server/answer.def"
#undef REPLY
};

static const struct {
    const char *word, *text;
} ROWS[ANSWERS] = {
    [ANSWER_NOTHING] = { "", "" },
#define ANSWER(name, word_, text_) [ANSWER_##name] = { .word = word_, .text = text_ },
#include "clinic/server/answer.def"
#undef ANSWER
};

static const struct member {
    enum answer_form answer;
    const char *name;
    enum form form;
    enum need need;
    enum answer_form of;
    const char *text;
} MEMBERS[] = {
#define MEMBER(answer_, name_, form_, need_, of_, text_)                                                               \
    { .answer = ANSWER_##answer_, .name = name_, .form = form_, .need = need_, .of = ANSWER_##of_, .text = text_ },
#include "clinic/server/answer.def"
#undef MEMBER
};

const struct reply_row *reply_at(const char *handler, unsigned index)
{
    for (unsigned i = 0; i < sizeof REPLIES / sizeof REPLIES[0]; i++)
        if (strcmp(REPLIES[i].handler, handler) == 0 && index-- == 0)
            return &REPLIES[i];
    return NULL;
}

const char *answer_word(enum answer_form form)
{
    return ROWS[form].word;
}

static json_t *typed(const char *type)
{
    return json_pack("{s:s}", "type", type);
}

static json_t *formatted(const char *format)
{
    return json_pack("{s:s, s:s}", "type", "string", "format", format);
}

static json_t *words(enum list list)
{
    json_t *all = json_array();
    const char *word = NULL;
    for (unsigned i = 0; (word = list_at(list, i)) != NULL; i++)
        (void)json_array_append_new(all, json_string(word));
    return json_pack("{s:s, s:o}", "type", "string", "enum", all);
}

/* An object of that answer; any object, where it is none. */
static json_t *object_of(enum answer_form of)
{
    char text[REFERENCE_BYTES];
    if (of == ANSWER_NOTHING)
        return typed("object");
    snprintf(text, sizeof text, "#/components/schemas/%s", ROWS[of].word);
    return json_pack("{s:s}", "$ref", text);
}

static json_t *form_schema(const struct member *member)
{
    switch (member->form) {
    case TEXT:
        return typed("string");
    case INTEGER:
        return typed("integer");
    case PLOTTED:
        return typed("number");
    case CURVES:
        return json_pack("{s:s, s:{s:s, s:o}}", "type", "object", "additionalProperties", "type", "array", "items",
                         typed("number"));
    case FLAG:
        return typed("boolean");
    case FLAG_OR_TEXT:
        return json_pack("{s:[s, s]}", "type", "boolean", "string");
    case MOMENT:
        return formatted("date-time");
    case DATE:
        return formatted("date");
    case NUMBER:
        return json_pack("{s:s, s:i}", "type", "integer", "minimum", 1);
    case ROLE:
        return words(LIST_ROLE);
    case WORKFLOW:
        return words(LIST_WORKFLOW);
    case OUTCOME:
        return words(LIST_OUTCOME);
    case CAUSE:
        return words(LIST_CAUSE);
    case ACT:
        return words(LIST_ACT);
    case ACTION:
        return words(LIST_ACTION);
    case TEXTS:
        return json_pack("{s:s, s:o}", "type", "array", "items", typed("string"));
    case WORDS:
        return json_pack("{s:s, s:o}", "type", "object", "additionalProperties", typed("string"));
    case COUNTS:
        return json_pack("{s:s, s:o}", "type", "object", "additionalProperties", typed("integer"));
    case OPEN:
        return typed("object");
    case ONE:
        return object_of(member->of);
    case LIST:
        return json_pack("{s:s, s:o}", "type", "array", "items", object_of(member->of));
    case NAMED:
        return json_pack("{s:s, s:o}", "type", "object", "additionalProperties", object_of(member->of));
    }
    return NULL;
}

static json_t *member_schema(const struct member *member)
{
    json_t *schema = form_schema(member);
    const char *type = json_string_value(json_object_get(schema, "type"));
    if (member->need == NULLABLE && type != NULL)
        (void)json_object_set_new(schema, "type", json_pack("[s, s]", type, "null"));
    else if (member->need == NULLABLE)
        schema = json_pack("{s:[o, o]}", "anyOf", schema, typed("null"));
    (void)json_object_set_new(schema, "description", json_string(member->text));
    return schema;
}

json_t *answer_schema(enum answer_form form)
{
    json_t *properties = json_object(), *needed = json_array(), *others = json_false();
    for (unsigned i = 0; i < sizeof MEMBERS / sizeof MEMBERS[0]; i++) {
        const struct member *member = &MEMBERS[i];
        if (member->answer != form)
            continue;
        if (strcmp(member->name, "*") == 0) {
            others = member_schema(member);
            continue;
        }
        (void)json_object_set_new(properties, member->name, member_schema(member));
        if (member->need != MAYBE)
            (void)json_array_append_new(needed, json_string(member->name));
    }
    json_t *object = json_pack("{s:s, s:s, s:o, s:o}", "type", "object", "description", ROWS[form].text, "properties",
                               properties, "additionalProperties", others);
    if (json_array_size(needed) > 0)
        (void)json_object_set(object, "required", needed);
    json_decref(needed);
    return object;
}
