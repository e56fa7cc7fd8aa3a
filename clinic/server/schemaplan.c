/* schemaplan.c - the bodies of the questions to the planner: options as members. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/schemaplan.h"

#include <string.h>

enum { MEMBERS_MAX = PLAN_OPTIONS + 2, HISTORY_BYTES_MAX = 8192, VALUE_BYTES_MAX = 200 };

/* On the command line alone. */
static bool is_member(const struct question_row *row, unsigned option)
{
    return option != PLAN_JSON && option != PLAN_HELP && !question_part(row, option) &&
           (option == PLAN_REGION || ((row->needed | row->taken) >> option & 1) != 0);
}

void schema_member(char member[SCHEMA_MEMBER_BYTES], unsigned option)
{
    snprintf(member, SCHEMA_MEMBER_BYTES, "%s", option_row(option)->word);
    for (char *at = member; *at != '\0'; at++)
        if (*at == '-')
            *at = '_';
}

/* A member that is a text, or of a flag true. */
static void option_read(const struct node *body, const struct question_row *row, unsigned option, struct inquiry *inquiry)
{
    char member[SCHEMA_MEMBER_BYTES];
    schema_member(member, option);
    enum need need = (row->needed >> option & 1) != 0 ? REQUIRED : OPTIONAL;
    struct node node = reader_member(body, member, need);
    const char *text = json_string_value(node.value);
    bool given = false;
    if (node.value == NULL)
        return;
    if (*option_row(option)->value == '\0') {
        if (reader_flag(body, member, &given) && given)
            inquiry->value[option] = "";
    } else if (option == PLAN_HISTORY && text != NULL && strlen(text) <= HISTORY_BYTES_MAX) {
        inquiry->value[option] = "history";
        inquiry->history = text;
    } else {
        (void)reader_text(body, member, need, VALUE_BYTES_MAX, &inquiry->value[option]);
    }
}

static void drugs_read(const struct node *body, struct inquiry *inquiry)
{
    static const char *const PARTS[] = { "drug", "dose", "stock", NULL };
    static const enum plan_option OPTIONS[] = { PLAN_DRUG, PLAN_DOSE, PLAN_STOCK };
    struct node drugs = reader_member(body, "drugs", REQUIRED);
    if (!reader_array(&drugs, 1, MIXTURE_DRUGS_MAX))
        return;
    for (size_t i = 0; i < json_array_size(drugs.value); i++) {
        struct node drug = reader_element(&drugs, i);
        const char *text = NULL;
        if (!reader_object(&drug, PARTS))
            continue;
        for (unsigned part = 0; part < 3; part++)
            if (reader_text(&drug, PARTS[part], REQUIRED, VALUE_BYTES_MAX, &text))
                (void)inquiry_part(inquiry, OPTIONS[part], text);
    }
}

bool schema_plan_read(const struct node *body, const struct question_row *row, struct inquiry *inquiry)
{
    char member[PLAN_OPTIONS][SCHEMA_MEMBER_BYTES];
    const char *names[MEMBERS_MAX] = { NULL };
    unsigned count = 0;
    bool mixture = question_part(row, PLAN_DRUG);
    for (unsigned i = 0; i < PLAN_OPTIONS; i++) {
        if (!is_member(row, i))
            continue;
        schema_member(member[i], i);
        names[count++] = member[i];
    }
    if (mixture)
        names[count++] = "drugs";
    if (!reader_object(body, names))
        return false;
    for (unsigned i = 0; i < PLAN_OPTIONS; i++)
        if (is_member(row, i))
            option_read(body, row, i, inquiry);
    if (mixture)
        drugs_read(body, inquiry);
    return body->reader->count == 0;
}

static json_t *option_json(unsigned option)
{
    return json_pack("{s:s, s:s}", "type", *option_row(option)->value == '\0' ? "boolean" : "string", "description",
                     option_row(option)->text);
}

static json_t *drugs_json(void)
{
    json_t *part = json_pack("{s:s, s:{s:o, s:o, s:o}, s:[s, s, s], s:b}", "type", "object", "properties", "drug",
                             option_json(PLAN_DRUG), "dose", option_json(PLAN_DOSE), "stock", option_json(PLAN_STOCK),
                             "required", "drug", "dose", "stock", "additionalProperties", 0);
    return json_pack("{s:s, s:i, s:i, s:o}", "type", "array", "minItems", 1, "maxItems", MIXTURE_DRUGS_MAX, "items", part);
}

json_t *schema_plan_json(const struct question_row *row)
{
    json_t *properties = json_object(), *needed = json_array();
    char member[SCHEMA_MEMBER_BYTES];
    for (unsigned i = 0; i < PLAN_OPTIONS; i++) {
        if (!is_member(row, i))
            continue;
        schema_member(member, i);
        (void)json_object_set_new(properties, member, option_json(i));
        if ((row->needed >> i & 1) != 0)
            (void)json_array_append_new(needed, json_string(member));
    }
    if (question_part(row, PLAN_DRUG)) {
        (void)json_object_set_new(properties, "drugs", drugs_json());
        (void)json_array_append_new(needed, json_string("drugs"));
    }
    return json_pack("{s:s, s:s, s:o, s:o, s:b}", "type", "object", "description", row->text, "properties", properties,
                     "required", needed, "additionalProperties", 0);
}
