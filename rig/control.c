/* control.c - acts from outside the simulation. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/control.h"

#include <stdlib.h>
#include <string.h>

#include "document/reader.h"
#include "rig/controlview.h"

enum {
    TEXT_MOST = 31,
    SPEED_DIGITS = 7,
    SKIP_DAYS_MAX = 3660 /* guess */,
    MASS_PPM = 100000 /* guess: what a mass holds back that nobody has noticed */,
    PERCENT_PPM = 10000
};

/* One request under way. */
struct act {
    struct control *control;
    const struct node *body;
    int64_t now_ms, wall_ms;
    json_t *answer; /* null: done, and no more to say */
};

void control_begin(struct control *control)
{
    *control = (struct control){
        .radio_since_ms = -1, .battery_since_ms = -1, .tip_since_ms = -1, .mass_since_ms = -1, .ill_since_ms = -1
    };
    for (unsigned i = 0; i < TROUBLES_MAX; i++)
        control->since_ms[i] = -1;
    control->columns = columns_none();
}

instant_ms control_next(const struct control *control)
{
    return control->live != NULL && control->live->body.lives ? columns_next(&control->columns) : INSTANT_NEVER;
}

void control_pass(struct control *control)
{
    struct live *live = control->live;
    if (control_next(control).ms > live->implant.rig->now.ms)
        return;
    struct body_view *view = calloc(1, sizeof *view);
    if (view == NULL)
        return;
    body_follow(&live->body, &live->implant.rig->twin);
    body_look(&live->body, view);
    columns_add(&control->columns, view);
    free(view);
}

bool control_name_good(const char *name)
{
    static const char GOOD[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    size_t size = strlen(name);
    return size > 0 && size < CONTROL_NAME_BYTES && strspn(name, GOOD) == size;
}

static struct rig *rig_of(const struct act *act)
{
    return act->control->live->implant.rig;
}

static void look_do(struct act *act)
{
    act->answer = controlview_json(act->control);
}

static void speed_do(struct act *act)
{
    const char *text = NULL;
    if (!reader_text(act->body, "speed", REQUIRED, TEXT_MOST, &text))
        return;
    size_t size = strlen(text);
    long speed = size > 0 && size <= SPEED_DIGITS && strspn(text, "0123456789") == size ? strtol(text, NULL, 10) : 0;
    if (speed >= 1 && speed <= PACE_SPEED_MAX) {
        pace_change(act->control->pace, speed, rig_of(act)->now, act->now_ms);
        return;
    }
    struct node member = reader_member(act->body, "speed", REQUIRED);
    reader_complain(&member, COMPLAINT_MALFORMED, "must be a whole number from 1 to %d, such as \"100\"",
                    PACE_SPEED_MAX);
}

/* How much, in millionths; false, complained, when it is not said as this row wants it. */
static bool amount_said(const struct act *act, const struct trouble_row *row, int64_t *millionths)
{
    const int64_t most = row->amount == TROUBLE_SHARE ? PPM_ONE : 10 * PPM_ONE;
    *millionths = PPM_ONE;
    if (row->amount != TROUBLE_PLAIN)
        return reader_amount(act->body, "amount", REQUIRED, DIMENSION_RATIO, 1, most, millionths);
    if (!reader_has(act->body, "amount"))
        return true;
    struct node member = reader_member(act->body, "amount", OPTIONAL);
    reader_complain(&member, COMPLAINT_MALFORMED, "%s is on or off: it has no amount", row->word);
    return false;
}

static void fault_do(struct act *act)
{
    const char *words[TROUBLES_MAX + 1] = { NULL };
    unsigned at = 0;
    bool on = false;
    int64_t millionths = 0;
    for (unsigned i = 0; trouble_at(i) != NULL; i++)
        words[i] = trouble_at(i)->word;
    (void)reader_member(act->body, "on", REQUIRED);
    if (!reader_choice(act->body, "fault", REQUIRED, words, &at) || !reader_flag(act->body, "on", &on))
        return;
    const struct trouble_row *row = trouble_at(at);
    if (on && !amount_said(act, row, &millionths))
        return;
    struct rig *rig = rig_of(act);
    twin_set_fault(&rig->twin, row->fault, on ? (double)millionths / PPM_ONE : 0.0);
    act->control->since_ms[at] = rig->now.ms;
}

static void migrate_do(struct act *act)
{
    const char *words[LEVELS_ALL + 1] = { NULL };
    unsigned at = 0;
    struct body *body = &act->control->live->body;
    for (unsigned i = 0; i < LEVELS_ALL; i++)
        words[i] = level_name((int)i);
    if (!reader_choice(act->body, "level", REQUIRED, words, &at))
        return;
    if (!body->lives) {
        reader_complain(act->body, COMPLAINT_REFUSED, "this implant has no patient whose spine it could lie in");
        return;
    }
    body_follow(body, &rig_of(act)->twin);
    if (body_tip(body, level_middle((enum level)at)))
        act->control->tip_since_ms = rig_of(act)->now.ms;
    else
        reader_complain(act->body, COMPLAINT_REFUSED, "the tip cannot lie there");
}

/* A mass at the tip, or none. One that is there grows with the concentration around it. */
static void granuloma_do(struct act *act)
{
    struct control *control = act->control;
    struct rig *rig = rig_of(act);
    int64_t ppm = MASS_PPM;
    bool on = false;
    (void)reader_member(act->body, "on", REQUIRED);
    if (!reader_flag(act->body, "on", &on))
        return;
    if (on && reader_has(act->body, "amount") &&
        !reader_amount(act->body, "amount", OPTIONAL, DIMENSION_RATIO, 1, PPM_ONE, &ppm))
        return;
    if (!control->live->body.lives) {
        reader_complain(act->body, COMPLAINT_REFUSED, "this implant has no patient in whom it could grow");
        return;
    }
    body_granuloma(&control->live->body, &rig->twin, on ? (double)ppm / PPM_ONE : 0.0);
    control->mass_since_ms = rig->now.ms;
}

static void infection_do(struct act *act)
{
    struct control *control = act->control;
    bool on = false;
    (void)reader_member(act->body, "on", REQUIRED);
    if (!reader_flag(act->body, "on", &on))
        return;
    if (!control->live->body.lives) {
        reader_complain(act->body, COMPLAINT_REFUSED, "this implant has no patient who could be ill");
        return;
    }
    body_infection(&control->live->body, &rig_of(act)->twin, on);
    control->ill_since_ms = rig_of(act)->now.ms;
}

static void battery_do(struct act *act)
{
    struct rig *rig = rig_of(act);
    int64_t ppm = 0;
    if (!reader_amount(act->body, "left", REQUIRED, DIMENSION_RATIO, 0, PPM_ONE, &ppm))
        return;
    if (battery_drain(&rig->twin.battery, (double)ppm / PPM_ONE, rig->now)) {
        act->control->battery_since_ms = rig->now.ms;
        live_fade(act->control->live, act->wall_ms);
        return;
    }
    struct node member = reader_member(act->body, "left", REQUIRED);
    reader_complain(&member, COMPLAINT_REFUSED, "a cell is never charged: less than %d %% is left of it",
                    (int)(battery_left(&rig->twin.battery, rig->now) * 100.0) + 1);
}

static void radio_do(struct act *act)
{
    bool on = false;
    (void)reader_member(act->body, "on", REQUIRED);
    if (!reader_flag(act->body, "on", &on))
        return;
    act->control->radio_off = !on;
    act->control->radio_since_ms = rig_of(act)->now.ms;
}

static void skip_do(struct act *act)
{
    int64_t ms = 0;
    if (!reader_amount(act->body, "span", REQUIRED, DIMENSION_SPAN, 1, SKIP_DAYS_MAX * (int64_t)DAY_MS, &ms))
        return;
    struct node member = reader_member(act->body, "span", REQUIRED);
    if (act->control->pace->skips)
        reader_complain(act->body, COMPLAINT_REFUSED, "a skip is under way already: wait until it is done");
    else if (!pace_skip(act->control->pace, ms, rig_of(act)->now, act->now_ms))
        reader_complain(&member, COMPLAINT_REFUSED, "is longer than the implant has left of its 30 years");
}

static void save_do(struct act *act)
{
    struct control *control = act->control;
    char fault[CONTROL_FAULT_BYTES] = "this implant keeps no moments";
    const char *name = NULL;
    if (!reader_text(act->body, "name", REQUIRED, CONTROL_NAME_BYTES - 1, &name))
        return;
    struct node member = reader_member(act->body, "name", REQUIRED);
    bool there = false;
    for (unsigned i = 0; i < control->moments; i++)
        there |= strcmp(control->moment[i].name, name) == 0;
    if (!control_name_good(name))
        reader_complain(&member, COMPLAINT_MALFORMED,
                        "is made of letters, digits, '-' and '_', such as \"before-kink\"");
    else if (there)
        reader_complain(&member, COMPLAINT_REFUSED, "there is a moment of this name already: take another");
    else if (control->moments == CONTROL_MOMENTS_MAX)
        reader_complain(&member, COMPLAINT_REFUSED, "%d moments are kept already, and no more", CONTROL_MOMENTS_MAX);
    else if (control->edge.save == NULL || !control->edge.save(control->edge.context, name, fault))
        reader_complain(&member, COMPLAINT_REFUSED, "%s", fault);
    else {
        struct control_moment *moment = &control->moment[control->moments++];
        memcpy(moment->name, name, strlen(name) + 1);
        moment->elapsed_ms = rig_of(act)->now.ms;
        moment->damaged = false;
    }
}

/* Each with the members it takes. */
static const struct {
    const char *word;
    const char *const fields[5];
    void (*run)(struct act *act);
} ACTS[] = {
    { "look", { "do", NULL }, look_do },
    { "speed", { "do", "speed", NULL }, speed_do },
    { "fault", { "do", "fault", "on", "amount", NULL }, fault_do },
    { "granuloma", { "do", "on", "amount", NULL }, granuloma_do },
    { "infection", { "do", "on", NULL }, infection_do },
    { "migrate", { "do", "level", NULL }, migrate_do },
    { "battery", { "do", "left", NULL }, battery_do },
    { "radio", { "do", "on", NULL }, radio_do },
    { "skip", { "do", "span", NULL }, skip_do },
    { "save", { "do", "name", NULL }, save_do },
};
enum { ACTS_COUNT = sizeof ACTS / sizeof ACTS[0] };

static void run(struct act *act)
{
    const char *words[ACTS_COUNT + 1] = { NULL };
    unsigned at = 0;
    for (unsigned i = 0; i < ACTS_COUNT; i++)
        words[i] = ACTS[i].word;
    if (act->body->value == NULL)
        return;
    if (!json_is_object(act->body->value)) {
        reader_complain(act->body, COMPLAINT_MALFORMED, "a request is an object, such as {\"do\":\"look\"}");
        return;
    }
    if (!reader_choice(act->body, "do", REQUIRED, words, &at) || !reader_object(act->body, ACTS[at].fields) ||
        act->body->reader->count > 0) /* an unknown field is complained of, and the object still one */
        return;
    ACTS[at].run(act);
    if (act->answer == NULL && act->body->reader->count == 0)
        implant_mark(&act->control->live->implant, act->wall_ms);
}

/* The first complaint as a sentence: what, where, what would be right. */
static json_t *complaint_json(const struct reader *reader)
{
    const struct complaint *first = &reader->complaint[0];
    json_t *text = *first->path != '\0' ? json_sprintf("%s: %s", first->path, first->text) : json_string(first->text);
    return json_pack("{s:o}", "error", text != NULL ? text : json_string("the request is not as it should be"));
}

char *control_answer(struct control *control, const char *line, size_t size, int64_t now_ms, int64_t wall_ms)
{
    struct reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return NULL;
    reader->file = "request";
    reader->text = line;
    reader->size = size;
    struct node body = reader_document(reader);
    struct act act = { .control = control, .body = &body, .now_ms = now_ms, .wall_ms = wall_ms };
    run(&act);
    json_t *answer = reader->count > 0 ? complaint_json(reader) : act.answer;
    if (answer == NULL)
        answer = json_pack("{s:b}", "done", 1);
    if (answer != act.answer)
        json_decref(act.answer);
    char *text = json_dumps(answer, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(4));
    json_decref(answer);
    json_decref(body.value);
    free(reader);
    return text;
}
