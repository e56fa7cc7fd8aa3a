/* card.c - tasks as documents. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/card.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "amount/amount.h"
#include "clinic/records/list.h"
#include "clinic/server/moment.h"
#include "clinic/server/prescribed.h"
#include "clinic/workflow/clockdiff.h"
#include "clinic/workflow/daydose.h"
#include "clinic/workflow/fate.h"
#include "clinic/workflow/finish.h"
#include "clinic/workflow/names.h"
#include "clinic/workflow/readback.h"
#include "core/catalog.h"
#include "link/hash.h"

static const char *const WANTS[] = { "nothing",  "answer",  "interrogate", "stage",
                                     "activate", "command", "record",      "audit" };
static const char *const CHANGES[] = { "none", "applied", "not_applied", "unknown" };
static const char *const WHO[] = { "person", "pump", "record" };

static json_t *volume_json(vol_nl volume)
{
    char text[AMOUNT_TEXT_BYTES];
    amount_write_volume(text, volume.nl);
    return json_string(text);
}

/* The steps in their order; those that are passed over are known only when they are reached. */
static json_t *steps_json(const struct workflow *workflow)
{
    json_t *list = json_array();
    for (unsigned place = 0; work_step(workflow->work, place) != STEPS; place++) {
        uint8_t step = work_step(workflow->work, place);
        const char *state = place < workflow->place ? "past" : place > workflow->place ? "ahead" : "now";
        if (workflow->ending != ENDING_NONE && place >= workflow->place)
            state = workflow->ending == ENDING_DONE ? "past" : "never";
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "step", step_word(step), "who",
                                                    WHO[step_who(step)], "text", step_text(step), "state", state));
    }
    return list;
}

static json_t *finding_json(const struct finding *finding)
{
    char text[AMOUNT_TEXT_BYTES];
    json_t *object = json_pack("{s:s, s:s, s:s}", "level", finding_level_word((enum finding_level)finding->level),
                               "rule", rule_word((enum rule)finding->rule), "text", finding->text);
    if (*finding->compare.old != '\0')
        (void)json_object_set_new(object, "compare",
                                  json_pack("{s:s?, s:s, s:s, s:s}", "drug", drug_word(finding->limit.drug), "old",
                                            finding->compare.old, "new", finding->compare.new, "times",
                                            finding->compare.times));
    if (finding->level != FINDING_SOFT)
        return object;
    (void)json_object_set_new(object, "second", json_boolean(finding->ask.second));
    if (!finding->ask.again)
        return object;
    amount_write_of(text, (enum dimension)finding->ask.dimension, finding->ask.value);
    (void)json_object_set_new(object, "again", json_string(text));
    return object;
}

static json_t *findings_json(const struct findings *findings)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < findings->count; i++)
        (void)json_array_append_new(list, finding_json(&findings->item[i]));
    return list;
}

static json_t *passed_json(const struct workflow *workflow)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < workflow->passed_count; i++) {
        const struct passed *passed = &workflow->passed[i];
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "step", step_word(passed->step), "rule",
                                                    rule_word((enum rule)passed->rule), "reason",
                                                    list_word(LIST_REASON, passed->reason), "text", passed->text));
    }
    return list;
}

/* From the reservoir to the tip. */
static json_t *contents_json(const struct task *task, const struct interrogation *seen)
{
    char text[NAMES_BYTES];
    json_t *list = json_array();
    for (unsigned i = 0; i < seen->stretches; i++) {
        names_mixture(task->practice.formulary, &seen->stretch[i], text);
        (void)json_array_append_new(list, json_string(text));
    }
    return list;
}

static json_t *alarms_json(uint32_t alarms)
{
    json_t *list = json_array();
    for (unsigned i = 0; alarm_row(i) != NULL; i++)
        if ((alarms >> i & 1) != 0)
            (void)json_array_append_new(list, json_string(alarm_row(i)->name));
    return list;
}

static json_t *doses_json(const struct task *task, const struct therapy *therapy)
{
    char text[AMOUNT_TEXT_BYTES];
    json_t *list = json_array();
    for (unsigned i = 0; i < therapy->mixture.count; i++) {
        uint16_t drug = therapy->mixture.component[i].drug;
        names_dose(task->practice.formulary, drug, daydose_most(therapy, drug, PART_ALL), text);
        (void)json_array_append_new(list, json_pack("{s:s, s:s}", "drug", drug_word(drug), "most_in_a_day", text));
    }
    return list;
}

/* What the pump said. */
static json_t *seen_json(const struct task *task, const struct interrogation *seen)
{
    char flow[AMOUNT_TEXT_BYTES], clock[CLOCKDIFF_TEXT_BYTES];
    amount_write_flow(flow, seen->base.nl_day);
    json_t *object = json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "serial", seen->serial, "model",
                               model_name(seen->model) != NULL ? model_name(seen->model) : "unknown", "mode",
                               mode_word(seen->mode), "contents", contents_json(task, seen), "alarms",
                               alarms_json(seen->alarms), "reservoir_calculated", volume_json(seen->reservoir));
    const struct calendar calendar = interrogation_calendar(seen);
    clockdiff_words(&calendar, seen->now, seen->asked_ms, clock);
    (void)json_object_set_new(object, "clock", json_string(clock));
    (void)json_object_set_new(object, "base", json_string(flow));
    (void)json_object_set_new(object, "therapy", seen->has_therapy ? json_string(seen->therapy.name) : json_null());
    (void)json_object_set_new(object, "doses", seen->has_therapy ? doses_json(task, &seen->therapy) : json_array());
    (void)json_object_set_new(object, "in_force",
                              seen->has_therapy ? prescribed_json(task->practice.formulary, &seen->therapy)
                                                : json_null());
    return object;
}

static json_t *finish_json(const struct task *task)
{
    struct finish finish;
    json_t *list = json_array();
    finish_workflow(&finish, &task->workflow, &task->practice);
    for (unsigned i = 0; i < finish.count; i++) {
        const struct finish_row *row = &finish.row[i];
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:b}", "label", row->label, "old", row->old,
                                                    "new", row->new, "change", row->change, "changes", row->changes));
    }
    return list;
}

static void digest_of(json_t *finish, char text[CARD_DIGEST_TEXT])
{
    uint8_t hash[HASH_BYTES] = { 0 };
    char *bytes = json_dumps(finish, JSON_COMPACT | JSON_SORT_KEYS);
    if (bytes != NULL)
        hash_of((const uint8_t *)bytes, strlen(bytes), hash);
    free(bytes);
    for (unsigned i = 0; i < HASH_BYTES; i++)
        snprintf(text + (size_t)(2 * i), 3, "%02x", hash[i]);
}

void card_digest(const struct task *task, char text[CARD_DIGEST_TEXT])
{
    json_t *finish = finish_json(task);
    digest_of(finish, text);
    json_decref(finish);
}

/* What the step at hand shows besides its findings. */
static void step_set(json_t *card, const struct task *task, uint8_t step)
{
    static const unsigned CHANGING = 1U << STEP_AT_FINISH | 1U << STEP_AT_SECOND | 1U << STEP_AT_READBACK;
    const struct workflow *workflow = &task->workflow;
    struct readback readback;
    char digest[CARD_DIGEST_TEXT];
    if (step != STEPS && (CHANGING >> step & 1) != 0) {
        json_t *finish = finish_json(task);
        digest_of(finish, digest);
        (void)json_object_set_new(card, "finish", finish);
        (void)json_object_set_new(card, "digest", json_string(digest));
    }
    if (step ==
        STEP_AT_READBACK) { /* the amount itself is not told: it is read from what the pump has stored, and typed */
        readback_ask(workflow, &readback);
        (void)json_object_set_new(card, "readback", json_string(readback.question));
    }
    if (step == STEP_AT_WATCH)
        (void)json_object_set_new(card, "watch_until", moment_json(workflow->watch_until_ms));
}

/* What became of the change, where there is one. */
static void change_set(json_t *card, const struct task *task)
{
    const struct workflow *workflow = &task->workflow;
    char fate[FATE_TEXT_BYTES];
    (void)json_object_set_new(card, "change", json_string(CHANGES[workflow->change]));
    if (workflow->change == CHANGE_NONE)
        return;
    json_t *reasons = json_array();
    for (unsigned bit = 0; bit < VERDICT_COUNT; bit++)
        if ((workflow->receipt.reasons >> bit & 1) != 0)
            (void)json_array_append_new(
                reasons, json_pack("{s:s, s:s}", "reason", verdict_word(bit), "text", verdict_text(bit)));
    (void)json_object_set_new(card, "reasons", reasons);
    if (workflow->has_after)
        (void)json_object_set_new(card, "as_sent", json_boolean(workflow->as_sent));
    if (workflow->change != CHANGE_UNKNOWN)
        return;
    fate_tell(workflow, fate);
    (void)json_object_set_new(card, "fate", json_string(fate));
}

json_t *card_json(const struct task *task, int64_t now_ms)
{
    const struct workflow *workflow = &task->workflow;
    uint8_t step = workflow_step(workflow);
    bool draft = workflow->ending == ENDING_NONE && workflow->change == CHANGE_NONE;
    json_t *card = json_pack("{s:I, s:s, s:s, s:s, s:s, s:b, s:s, s:o, s:o, s:o}", "task", (json_int_t)task->number,
                             "serial", task->serial, "workflow", work_word(workflow->work), "owner",
                             task->session->user.name, "wants", WANTS[workflow_want(workflow)], "busy", task->busy,
                             "ending", workflow_ending_word(workflow->ending), "steps", steps_json(workflow),
                             "findings", findings_json(&task->findings), "passed", passed_json(workflow));
    (void)json_object_set_new(card, "now", moment_json(task_time(task, now_ms)));
    (void)json_object_set_new(card, "step", step != STEPS ? json_string(step_word(step)) : json_null());
    (void)json_object_set_new(card, "fault", *task->fault != '\0' ? json_string(task->fault) : json_null());
    (void)json_object_set_new(card, "dropped_at",
                              draft ? moment_json(workflow->touched_ms + WORKFLOW_IDLE_MS) : json_null());
    json_t *pump =
        workflow->place > 0 ? seen_json(task, workflow->has_after ? &workflow->after : &workflow->seen) : json_null();
    if (workflow->place > 0)
        (void)json_object_set_new(pump, "seen", json_string(workflow->has_after ? "after" : "before"));
    (void)json_object_set_new(card, "pump", pump);
    if (!task->busy && workflow->place > 0 && task->practice.formulary != NULL)
        step_set(card, task, step);
    change_set(card, task);
    return card;
}
