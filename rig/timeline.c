/* timeline.c - what clinic, patient and hardware do in a scenario, and when. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/timeline.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "document/prescription.h"
#include "document/regimen.h"
#include "rig/deed.h"
#include "rig/harmread.h"
#include "rig/mishap.h"

enum { TIMELINE_MAX = 10000, ACTIONS_MAX = 200000, REPEATS_MAX = 100000, DAILY_MAX = 48 };

bool timeline_fill_read(const struct node *node, const struct model *model, struct refill *refill)
{
    bool good = reader_amount(node, "fill", REQUIRED, DIMENSION_VOLUME, 1, INT64_MAX, &refill->filled.nl);
    if (good && refill->filled.nl > model->reservoir.nl) {
        char most[AMOUNT_TEXT_BYTES];
        struct node member = reader_member(node, "fill", OPTIONAL);
        amount_write(most, model->reservoir.nl, 6, 0, "mL");
        reader_complain(&member, COMPLAINT_REFUSED, "more than the reservoir of a %s holds, which is %s",
                        model_name(model->code), most);
        good = false;
    }
    refill->drawn_up = refill->filled;
    return prescription_mixture(node, "contents", &refill->fill) && good;
}

/* What a reading of the timeline knows on its way. */
struct progress {
    struct scenario *scenario;
    struct regimen_pump pump;
    struct calendar calendar; /* as the clinic last set it */
    struct mixture mixture;   /* of the therapy last written */
    unsigned drugs;           /* different ones so far */
    uint16_t drug[FLUID_DRUGS_MAX];
};

/* The twin follows so many drugs in one life and no more: better said before the play than found in its middle. */
static bool drugs_follow(struct progress *progress, const struct node *node, const struct mixture *mixture)
{
    for (unsigned c = 0; c < mixture->count; c++) {
        unsigned at = 0;
        while (at < progress->drugs && progress->drug[at] != mixture->component[c].drug)
            at++;
        if (at == FLUID_DRUGS_MAX) {
            reader_complain(node, COMPLAINT_REFUSED,
                            "a simulation follows at most %d different drugs in one pump's life", FLUID_DRUGS_MAX);
            return false;
        }
        if (at == progress->drugs)
            progress->drug[progress->drugs++] = mixture->component[c].drug;
    }
    return true;
}

static void action_add(struct progress *progress, const struct node *node, const struct action *action)
{
    struct scenario *scenario = progress->scenario;
    if (scenario->actions == scenario->action_room) {
        size_t room = scenario->action_room * 2 + 64;
        struct action *grown = room <= ACTIONS_MAX * 2 ? realloc(scenario->action, room * sizeof *grown) : NULL;
        if (grown == NULL) {
            reader_complain(node, COMPLAINT_MALFORMED, "the timeline holds more than %d actions, repeats included",
                            ACTIONS_MAX);
            return;
        }
        scenario->action = grown;
        scenario->action_room = room;
    }
    scenario->action[scenario->actions++] = *action;
}

/* Reads a therapy into the scenario's list; its index, or -1. */
static int32_t therapy_add(struct progress *progress, const struct node *node)
{
    struct scenario *scenario = progress->scenario;
    if (scenario->therapies == scenario->therapy_room) {
        size_t room = scenario->therapy_room * 2 + 8;
        struct therapy *grown = realloc(scenario->therapy, room * sizeof *grown);
        if (grown == NULL) {
            reader_complain(node, COMPLAINT_MALFORMED, "no memory for so many therapies");
            return -1;
        }
        scenario->therapy = grown;
        scenario->therapy_room = room;
    }
    struct therapy *therapy = &scenario->therapy[scenario->therapies];
    bool good = regimen_read(node, &progress->pump, therapy);
    progress->mixture = therapy->mixture;
    return good ? (int32_t)scenario->therapies++ : -1;
}

static void refill_read(struct progress *progress, const struct node *node, struct action *action)
{
    struct refill *refill = &action->refill;
    const char *withdrawn = json_string_value(json_object_get(node->value, "withdrawn"));
    if (!timeline_fill_read(node, progress->pump.model, refill) || !drugs_follow(progress, node, &refill->fill))
        return;
    refill->withdrawn.nl = -1;
    if (withdrawn == NULL || strcmp(withdrawn, "all") != 0)
        (void)reader_amount(node, "withdrawn", REQUIRED, DIMENSION_VOLUME, 0, VOL_NL_MAX, &refill->withdrawn.nl);
    refill->left.nl = -1;
    (void)reader_amount(node, "left", OPTIONAL, DIMENSION_VOLUME, 0, VOL_NL_MAX, &refill->left.nl);
    (void)reader_amount(node, "drawn_up", OPTIONAL, DIMENSION_VOLUME, 0, VOL_NL_MAX, &refill->drawn_up.nl);
    struct node therapy = reader_member(node, "activate", OPTIONAL);
    if (therapy.value != NULL)
        action->therapy = therapy_add(progress, &therapy);
}

static void clock_read(struct progress *progress, const struct node *node, struct action *action)
{
    const char *text = NULL;
    struct calendar *calendar = &action->calendar;
    bool civil = reader_has(node, "civil");
    if (civil == reader_has(node, "zone")) {
        reader_complain(node, COMPLAINT_MALFORMED,
                        "needs either \"zone\" (\"+02:00\", the same moment elsewhere) or \"civil\" "
                        "(\"2026-03-29T03:00:00+02:00\", what the clock shall show)");
        return;
    }
    const char *name = civil ? "civil" : "zone";
    struct node member = reader_member(node, name, OPTIONAL);
    if (!reader_text(node, name, REQUIRED, 40, &text))
        return;
    char whole[48];
    civil_ms shown = { 0 };
    snprintf(whole, sizeof whole, "%s%s", civil ? "" : "2000-01-01T00:00:00", text);
    if (!scenario_date_read(whole, &shown, calendar->zone)) {
        reader_complain(&member, COMPLAINT_MALFORMED, "must be %s",
                        civil ? "a date and time that exist, with their offset"
                              : "an offset from UTC, such as \"+02:00\"");
        return;
    }
    calendar->offset.ms = shown.ms - action->at.ms;
    if (!civil) {
        const char *zone[2] = { progress->calendar.zone, calendar->zone };
        int64_t minutes[2];
        for (unsigned i = 0; i < 2; i++) {
            int64_t size =
                (zone[i][1] - '0') * 600 + (zone[i][2] - '0') * 60 + (zone[i][4] - '0') * 10 + (zone[i][5] - '0');
            minutes[i] = zone[i][0] == '-' ? -size : size;
        }
        calendar->offset.ms = progress->calendar.offset.ms + (minutes[1] - minutes[0]) * MINUTE_MS;
    }
    progress->calendar = *calendar;
}

static void alarm_read(const struct node *node, struct action *action)
{
#define ALARM(name, ...) #name,
    static const char *const names[] = {
#include "core/alarm.def"
        NULL
    };
#undef ALARM
    static char lower[ALARM_COUNT][32];
    static const char *words[ALARM_COUNT + 1];
    unsigned index = 0;
    for (unsigned i = 0; i < ALARM_COUNT; i++) {
        for (unsigned j = 0; names[i][j] != '\0'; j++)
            lower[i][j] = (char)tolower((unsigned char)names[i][j]);
        words[i] = lower[i];
    }
    if (reader_choice(node, "alarm", REQUIRED, words, &index))
        action->alarm = alarm_row(index)->code;
}

/* What is particular to the kind of action. */
static void details_read(struct progress *progress, const struct node *node, struct action *action)
{
    const struct model *model = progress->pump.model;
    int64_t ms = 0;
    struct node therapy;
    (void)reader_flag(node, "retitrated", &action->retitrated);
    switch (action->kind) {
    case ACTION_PROGRAM:
        therapy = reader_member(node, "therapy", REQUIRED);
        action->therapy = therapy.value != NULL ? therapy_add(progress, &therapy) : -1;
        break;
    case ACTION_REFILL:
        refill_read(progress, node, action);
        break;
    case ACTION_CLINICIAN_BOLUS:
        (void)prescription_bolus(node, &progress->mixture, model, (vol_nl){ 0 }, &action->volume, &action->rate);
        break;
    case ACTION_SET_CLOCK:
        clock_read(progress, node, action);
        break;
    case ACTION_CLEAR_ALARM:
        alarm_read(node, action);
        break;
    case ACTION_SILENCE:
        if (reader_amount(node, "for", REQUIRED, DIMENSION_SPAN, MINUTE_MS, INT64_C(720) * MINUTE_MS, &ms))
            action->minutes = (uint16_t)(ms / MINUTE_MS);
        break;
    case ACTION_FAULT:
    case ACTION_RESET:
    case ACTION_POWER_CUT:
    case ACTION_FLASH_FLIP:
    case ACTION_FLASH_WORN:
    case ACTION_HANG:
    case ACTION_CLOCK_DRIFT:
    case ACTION_RADIO:
        mishap_read(node, action);
        break;
    case ACTION_GRANULOMA:
    case ACTION_INFECTION:
    case ACTION_MIGRATION:
        harm_deed_read(node, action);
        break;
    case ACTION_MRI_BEGIN:
    case ACTION_MRI_END:
    case ACTION_CANCEL:
    case ACTION_STOP:
    case ACTION_MINIMUM:
    case ACTION_RESUME:
    case ACTION_BOLUS:
        break;
    }
}

static void repeat_daily(struct progress *progress, const struct node *repeat, const struct action *first, int64_t days)
{
    struct node list = reader_member(repeat, "daily_at", REQUIRED);
    if (!reader_array(&list, 1, DAILY_MAX))
        return;
    int64_t midnight = first->at.ms - civil_time_of_day(calendar_civil(&progress->calendar, first->at)).ms;
    for (size_t i = 0; i < json_array_size(list.value); i++) {
        struct node element = reader_element(&list, i);
        const char *text = json_string_value(element.value);
        int32_t minute = text != NULL ? amount_minute_of_day(text) : -1;
        if (minute < 0) {
            reader_complain(&element, COMPLAINT_MALFORMED, "must be a time of day, such as \"06:30\"");
            continue;
        }
        for (int64_t day = 0; day <= days; day++) {
            struct action action = *first;
            action.at.ms = midnight + day * DAY_MS + (int64_t)minute * MINUTE_MS;
            bool within = action.at.ms >= first->at.ms && action.at.ms < first->at.ms + days * DAY_MS;
            if (within && action.at.ms <= progress->scenario->until.ms)
                action_add(progress, repeat, &action);
        }
    }
}

/* The same wish again and again: so many times, or at times of day on so many days. */
static void repeat_read(struct progress *progress, const struct node *repeat, const struct action *first)
{
    static const char *const fields[] = { "every", "times", "daily_at", "days", NULL };
    int64_t every = 0, times = 0, days = 0;
    if (!reader_object(repeat, fields))
        return;
    bool daily = reader_has(repeat, "daily_at");
    if (daily == reader_has(repeat, "every")) {
        reader_complain(repeat, COMPLAINT_MALFORMED,
                        "needs either \"every\" and \"times\", or \"daily_at\" and \"days\"");
        return;
    }
    if (daily) {
        if (reader_integer(repeat, "days", REQUIRED, 1, 7305, &days))
            repeat_daily(progress, repeat, first, days);
        return;
    }
    if (!reader_amount(repeat, "every", REQUIRED, DIMENSION_SPAN, 1000, INT64_C(366) * DAY_MS, &every) ||
        !reader_integer(repeat, "times", REQUIRED, 1, REPEATS_MAX, &times))
        return;
    for (int64_t i = 0; i < times; i++) {
        struct action action = *first;
        action.at.ms += i * every;
        if (action.at.ms <= progress->scenario->until.ms)
            action_add(progress, repeat, &action);
    }
}

static bool at_read(const struct progress *progress, const struct node *node, int64_t before, instant_ms *at)
{
    struct node member = reader_member(node, "at", OPTIONAL);
    if (!reader_amount(node, "at", REQUIRED, DIMENSION_SPAN, 0, INT64_MAX, &at->ms))
        return false;
    if (at->ms < before) {
        char text[AMOUNT_TEXT_BYTES];
        amount_write_span(text, before);
        reader_complain(&member, COMPLAINT_MALFORMED, "time goes backwards: the action before it is at %s", text);
        return false;
    }
    if (at->ms > progress->scenario->until.ms) {
        reader_complain(&member, COMPLAINT_MALFORMED, "lies after the end of the run (\"until\")");
        return false;
    }
    return true;
}

static void element_read(struct progress *progress, const struct node *node, int64_t *before)
{
    static const char *const musts[] = { "apply", NULL };
    unsigned must = 0;
    if (!json_is_object(node->value)) {
        reader_complain(node, COMPLAINT_MALFORMED, "must be an object, in braces");
        return;
    }
    const struct deed *deed = deed_read(node);
    if (deed == NULL || !reader_object(node, deed->fields))
        return;
    struct action action = { .who = deed->who, .kind = deed->kind, .fault = deed->fault, .therapy = -1 };
    if (!at_read(progress, node, *before, &action.at))
        return;
    *before = action.at.ms;
    action.line = locator_line(node->reader->text, node->reader->size, node->path);
    if (reader_has(node, "must"))
        action.must_apply = reader_choice(node, "must", REQUIRED, musts, &must);
    details_read(progress, node, &action);
    struct node repeat = reader_member(node, "repeat", OPTIONAL);
    if (repeat.value != NULL) {
        repeat_read(progress, &repeat, &action);
        return;
    }
    action_add(progress, node, &action);
    if (action.who != WHO_HARDWARE)
        return;
    struct action rest = action, risen;
    if (mishap_rest(node, &rest, &risen)) {
        action_add(progress, node, &rest);
        if (risen.at.ms <= progress->scenario->until.ms)
            action_add(progress, node, &risen);
    }
    if (mishap_end(node, &action) && action.at.ms <= progress->scenario->until.ms)
        action_add(progress, node, &action);
}

/* Merges by time; what was written earlier comes first at the same instant. */
static void actions_sort(struct action *action, size_t count)
{
    if (count < 2)
        return;
    struct action *sorted = malloc(count * sizeof *sorted);
    for (size_t width = 1; sorted != NULL && width < count; width *= 2) {
        for (size_t low = 0; low < count; low += 2 * width) {
            size_t middle = low + width < count ? low + width : count,
                   high = low + 2 * width < count ? low + 2 * width : count;
            size_t left = low, right = middle;
            for (size_t i = low; i < high; i++) {
                bool take_left = left < middle && (right >= high || action[left].at.ms <= action[right].at.ms);
                sorted[i] = take_left ? action[left++] : action[right++];
            }
        }
        memcpy(action, sorted, count * sizeof *action);
    }
    free(sorted);
}

/* Of infections that overlap the latest end is the one at which the body is well again; one without an end stays. */
static void infections_join(struct scenario *scenario)
{
    size_t kept = 0, running = 0;
    for (size_t i = 0; i < scenario->actions; i++) {
        const struct action *action = &scenario->action[i];
        bool infection = action->kind == ACTION_INFECTION, ends = infection && !(action->amount > 0);
        if (infection)
            running = ends ? running - 1 : running + 1;
        if (!ends || running == 0)
            scenario->action[kept++] = *action;
    }
    scenario->actions = kept;
}

void timeline_read(const struct node *root, struct scenario *scenario)
{
    struct progress progress = { .scenario = scenario,
                                 .pump = { &scenario->unit.model, scenario->unit.serial, scenario->unit.calibration,
                                           scenario->dead_volume },
                                 .calendar = scenario->calendar };
    (void)drugs_follow(&progress, root, &scenario->implant.fill); /* at most four: they are the first */
    struct node therapy = reader_member(root, "therapy", REQUIRED);
    if (therapy.value != NULL)
        (void)therapy_add(&progress, &therapy);
    struct node list = reader_member(root, "timeline", OPTIONAL);
    int64_t before = 0;
    if (!reader_array(&list, 0, TIMELINE_MAX))
        return;
    for (size_t i = 0; i < json_array_size(list.value); i++) {
        struct node element = reader_element(&list, i);
        element_read(&progress, &element, &before);
    }
    actions_sort(scenario->action, scenario->actions);
    infections_join(scenario);
}
