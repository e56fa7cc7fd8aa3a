/* planning.c - questions to the planner, and what the library says. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "clinic/server/planning.h"

#include <stdlib.h>
#include <string.h>

#include "clinic/formulary/telling.h"
#include "clinic/server/schemaplan.h"

/* Of the region that was asked for, or of the first there is; null when the library in force has nothing for it. */
static const struct formulary *formulary_of(const struct server *server, const char *region)
{
    for (unsigned i = 0; i < server->regions; i++)
        if (region != NULL && strcmp(server->formulary[i].region, region) == 0)
            return &server->formulary[i];
    return region == NULL ? &server->formulary[0] : NULL;
}

/* A fault, worded for options of a command line, as one of members: "--bolus-max is" becomes "bolus_max is". */
static void fault_answer(const struct inquiry *inquiry, const char *lines, struct answer *answer)
{
    const char *from = *inquiry->fault != '\0' ? inquiry->fault : lines;
    char text[INQUIRY_FAULT_BYTES], member[SCHEMA_MEMBER_BYTES] = "";
    size_t size = 0;
    while (*from != '\0' && *from != '\n' && size + 1 < sizeof text) {
        bool option = strncmp(from, "--", 2) == 0 && from[2] >= 'a' && from[2] <= 'z';
        from += option ? 2 : 0;
        for (; *from != '\0' && *from != '\n' && *from != ' ' && size + 1 < sizeof text; from++)
            text[size++] = option && *from == '-' ? '_' : *from;
        if (*from == ' ' && size + 1 < sizeof text)
            text[size++] = *from++;
    }
    text[size] = '\0';
    if (inquiry->at < PLAN_OPTIONS)
        schema_member(member, inquiry->at);
    answer_problem(answer, 400, "malformed", member, "%s", text);
}

static void sheet_answer(const struct question_row *row, struct inquiry *inquiry, const struct formulary *formulary,
                         struct answer *answer)
{
    char *lines = NULL;
    size_t size = 0;
    struct sheet *sheet = calloc(1, sizeof *sheet);
    inquiry->messages = open_memstream(&lines, &size);
    if (sheet == NULL || inquiry->messages == NULL) {
        answer_problem(answer, 503, "busy", NULL, "no memory for a sheet");
    } else if (row->ask(inquiry, formulary, sheet)) {
        answer_json(answer, 200, sheet_json(sheet));
    } else {
        (void)fflush(inquiry->messages);
        fault_answer(inquiry, lines, answer);
    }
    if (inquiry->messages != NULL)
        (void)fclose(inquiry->messages);
    free(lines);
    free(sheet);
}

void plan_ask(struct request *request, struct answer *answer)
{
    const struct question_row *row = question_named(request->parameter[0]);
    struct inquiry inquiry = { .question = request->parameter[0], .today_ms = request->utc_ms, .at = PLAN_OPTIONS };
    if (row == NULL) {
        answer_problem(answer, 404, "missing", "path", "no such question; GET /api/openapi.json tells those there are");
        return;
    }
    if (!schema_plan_read(&request->body, row, &inquiry)) {
        answer_complaints(answer, request->reader);
        return;
    }
    const struct formulary *formulary = formulary_of(request->server, inquiry.value[PLAN_REGION]);
    if (formulary == NULL)
        answer_problem(answer, 400, "malformed", "region", "the library in force here has nothing for it; there is %s",
                       request->server->formulary[0].region);
    else
        sheet_answer(row, &inquiry, formulary, answer);
}

void formulary_get(struct request *request, struct answer *answer)
{
    const struct formulary *formulary = formulary_of(request->server, request->query[QUERY_REGION]);
    if (formulary == NULL) {
        answer_problem(answer, 404, "missing", "region", "the library in force here has nothing for it; there is %s",
                       request->server->formulary[0].region);
        return;
    }
    json_t *drugs = json_array();
    for (unsigned i = 0; i < formulary->entries; i++)
        (void)json_array_append_new(drugs, json_pack("{s:s, s:s}", "drug", drug_word(formulary->entry[i].drug), "class",
                                                     formulary->entry[i].drug_class));
    answer_json(answer, 200,
                json_pack("{s:i, s:s, s:o}", "version", (int)formulary->version, "region", formulary->region, "drugs", drugs));
}

void drug_get(struct request *request, struct answer *answer)
{
    const struct formulary *formulary = formulary_of(request->server, request->query[QUERY_REGION]);
    uint16_t drug = drug_code(request->parameter[0]);
    const struct entry *entry = drug != DRUG_NONE && formulary != NULL ? formulary_find(formulary, drug) : NULL;
    if (entry == NULL)
        answer_problem(answer, 404, "missing", "path", "the library has no entry for it in this region; there is no programming "
                       "without one");
    else
        answer_json(answer, 200, entry_json(entry));
}
