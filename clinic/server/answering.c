/* answering.c - bodies as answers, step by step. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "clinic/server/answering.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clinic/formulary/limitsfile.h"
#include "clinic/records/list.h"
#include "clinic/server/schema.h"
#include "clinic/workflow/interval.h"
#include "core/text.h"
#include "document/prescription.h"
#include "document/regimen.h"

static void said_read(const struct node *body, const char *name, char *text, size_t room)
{
    const char *given = NULL;
    if (reader_has(body, name) && reader_text(body, name, OPTIONAL, room - 1, &given))
        memcpy(text, given, strlen(given) + 1);
}

static void volume_read(const struct node *body, const char *name, struct said_volume *said)
{
    int64_t nl = 0;
    if (!reader_has(body, name) || !reader_amount(body, name, OPTIONAL, DIMENSION_VOLUME, 0, VOL_NL_MAX, &nl))
        return;
    said->said = true;
    said->volume.nl = nl;
}

static void yes_no_read(const struct node *body, const char *name, uint8_t *answer)
{
    bool yes = false;
    if (reader_has(body, name) && reader_flag(body, name, &yes))
        *answer = yes ? ANSWER_YES : ANSWER_NO;
}

static bool flag_read(const struct node *body, const char *name)
{
    bool yes = false;
    return reader_has(body, name) && reader_flag(body, name, &yes) && yes;
}

/* The position of a word in its list, above `first`; 0 when it was not said. */
static uint8_t word_read(const struct node *body, const char *name, const char *const *words, uint8_t first)
{
    unsigned at = 0;
    return reader_has(body, name) && reader_choice(body, name, OPTIONAL, words, &at) ? (uint8_t)(at + first) : 0;
}

static void rule_complain(const struct node *element)
{
    reader_complain(
        element, COMPLAINT_MALFORMED,
        "\"rule\" and \"reason\" are those of a soft finding and of the list of reasons, \"again\" the amount");
}

/* Each soft limit that is passed: which, why, and the amount once more. */
static void passing_read(const struct node *body, struct answers *answers)
{
    static const char *const fields[] = { "rule", "reason", "again", NULL };
    struct node list = reader_member(body, "passing", OPTIONAL);
    if (list.value == NULL || !reader_array(&list, 0, OVERRIDES_MAX))
        return;
    for (size_t i = 0; i < json_array_size(list.value); i++) {
        struct node element = reader_element(&list, i);
        struct override *override = &answers->override[answers->overrides++];
        const char *rule = NULL, *reason = NULL;
        unsigned at = 0;
        if (!reader_object(&element, fields) || !reader_text(&element, "rule", REQUIRED, TYPED_BYTES, &rule) ||
            !reader_text(&element, "reason", REQUIRED, TYPED_BYTES, &reason))
            continue;
        while (at < RULE_COUNT && strcmp(rule_word((enum rule)at), rule) != 0)
            at++;
        int64_t code = list_code(LIST_REASON, reason);
        if (at == RULE_COUNT || code <= WORD_REASON_NONE)
            rule_complain(&element);
        override->rule = (uint8_t)at;
        override->reason = (uint8_t)(code > 0 ? code : WORD_REASON_NONE);
        said_read(&element, "again", override->again, sizeof override->again);
    }
}

static void identify_read(const struct node *body, struct answers *answers)
{
    said_read(body, "patient", answers->identify.patient, sizeof answers->identify.patient);
    said_read(body, "serial", answers->identify.serial, sizeof answers->identify.serial);
    (void)prescription_mixture(body, "drugs", &answers->identify.mixture);
}

static void catheter_read(const struct node *body, struct answers *answers)
{
    struct said_volume volume = { .said = false };
    int64_t length = 0, trimmed = 0;
    volume_read(body, "volume", &volume);
    bool long_one = reader_has(body, "length") &&
                    reader_amount(body, "length", OPTIONAL, DIMENSION_LENGTH, 1, CATHETER_MM_MAX, &length);
    if (reader_has(body, "trimmed"))
        (void)reader_amount(body, "trimmed", OPTIONAL, DIMENSION_LENGTH, 0, CATHETER_MM_MAX, &trimmed);
    if (volume.said == long_one)
        reader_complain(body, COMPLAINT_MALFORMED, "either \"volume\" or \"length\", with what was \"trimmed\" off it");
    answers->catheter = (struct implanted_catheter){ volume.said, volume.volume, (int32_t)length, (int32_t)trimmed };
}

static void residual_read(const struct node *body, struct answers *answers)
{
    const char *word = NULL;
    volume_read(body, "withdrawn", &answers->residual.withdrawn);
    volume_read(body, "left", &answers->residual.left);
    answers->residual.retitrated = flag_read(body, "retitrated");
    if (reader_has(body, "cause") && reader_text(body, "cause", OPTIONAL, TYPED_BYTES, &word))
        answers->residual.cause = (uint8_t)list_code(LIST_CAUSE, word);
}

static void fill_read(const struct node *body, struct answers *answers)
{
    volume_read(body, "filled", &answers->fill.filled);
    volume_read(body, "drawn_up", &answers->fill.drawn_up);
    (void)prescription_mixture(body, "drugs", &answers->fill.mixture);
    said_read(body, "lot", answers->fill.lot, sizeof answers->fill.lot);
    answers->fill.rinsed = flag_read(body, "rinsed");
    answers->fill.retitrated = flag_read(body, "retitrated");
}

/* Tubing and catheter, by what was said, else by the therapy in force, else by the record. */
static vol_nl dead_volume_of(const struct task *task)
{
    const struct workflow *workflow = &task->workflow;
    if (workflow->draft.dead_volume.nl > 0)
        return workflow->draft.dead_volume;
    return workflow->seen.has_therapy ? workflow->seen.therapy.dead_volume : task->practice.dead_volume;
}

/* The limits as the site has signed them, for a pump that takes no others. */
static void limits_read(const struct node *body, const struct task *task, struct answers *answers)
{
    struct node member = reader_member(body, "limits", OPTIONAL);
    const char *text = json_string_value(member.value);
    struct signed_limits limits;
    char *lines = NULL;
    size_t size = 0;
    if (member.value == NULL)
        return;
    FILE *messages = open_memstream(&lines, &size);
    if (text == NULL || task->tasks->site_key == NULL || messages == NULL) {
        reader_complain(&member, COMPLAINT_MALFORMED,
                        "must be a text; and this server has to know the key of its site (--site-key)");
    } else if (limitsfile_read("limits", text, strlen(text), task->tasks->site_key, &limits, messages) !=
                   FORMULARY_OK ||
               limitsfile_fit("limits", &limits, task->practice.formulary, &answers->therapy.therapy, messages) !=
                   FORMULARY_OK) {
        (void)fflush(messages);
        reader_complain(&member, COMPLAINT_REFUSED, "%.*s", (int)strcspn(lines, "\n"), lines);
    } else {
        answers->therapy.has_signature = true;
        memcpy(answers->therapy.signature, limits.signature, sizeof answers->therapy.signature);
    }
    if (messages != NULL)
        (void)fclose(messages);
    free(lines);
}

static void therapy_read(const struct node *body, const struct task *task, struct answers *answers)
{
    const struct interrogation *seen = &task->workflow.seen;
    const struct regimen_pump pump = { interrogation_model(seen), seen->serial, seen->calibration,
                                       dead_volume_of(task) };
    struct node node = reader_member(body, "therapy", REQUIRED);
    answers->therapy.retitrated = flag_read(body, "retitrated");
    said_read(body, "stopped_for", answers->therapy.stopped_for, sizeof answers->therapy.stopped_for);
    volume_read(body, "tubing", &answers->therapy.tubing);
    if (pump.model == NULL)
        reader_complain(body, COMPLAINT_REFUSED, "this programmer does not know the pump's model");
    else if (regimen_read(&node, &pump, &answers->therapy.therapy))
        limits_read(body, task, answers);
}

static void schedule_read(const struct node *body, struct answers *answers)
{
    char interval[TYPED_BYTES] = "";
    said_read(body, "interval", interval, sizeof interval);
    for (uint8_t i = 0; *interval != '\0' && interval_word(i) != NULL; i++)
        if (text_same(interval_word(i), interval)) {
            answers->schedule.interval = i;
            answers->schedule.has_interval = true;
        }
    said_read(body, "dose", answers->schedule.dose, sizeof answers->schedule.dose);
    said_read(body, "total", answers->schedule.total, sizeof answers->schedule.total);
}

static void prime_read(const struct node *body, struct answers *answers)
{
    int64_t ng_ml = 0;
    answers->prime.holds = word_read(body, "holds", SCHEMA_HOLDS, HOLDS_NO_DRUG);
    if (reader_has(body, "concentration") &&
        reader_amount(body, "concentration", OPTIONAL, DIMENSION_CONC, 0, CONC_NG_ML_MAX, &ng_ml))
        answers->prime.conc.ng_ml = (int32_t)ng_ml;
}

static void lower_read(const struct node *body, struct answers *answers)
{
    static const uint8_t kinds[] = { COMMAND_STOP, COMMAND_MINIMUM, COMMAND_CANCEL_COURSE };
    unsigned at = 0;
    if (reader_choice(body, "lower", REQUIRED, SCHEMA_LOWERS, &at))
        answers->lower = kinds[at];
}

static void empty_read(const struct node *body, struct answers *answers)
{
    yes_no_read(body, "emptied", &answers->empty.emptied);
    volume_read(body, "withdrawn", &answers->empty.withdrawn);
}

static void port_read(const struct node *body, struct answers *answers)
{
    answers->port.port = word_read(body, "port", SCHEMA_PORTS, PORT_RESERVOIR);
    yes_no_read(body, "aspirated", &answers->port.aspirated);
}

bool answering_read(const struct node *body, const struct task *task, uint8_t step, int64_t user,
                    struct answers *answers)
{
    *answers = (struct answers){ .step = step, .user = user };
    passing_read(body, answers);
    switch ((enum step_at)step) {
    case STEP_AT_IDENTIFY:
        identify_read(body, answers);
        break;
    case STEP_AT_LOWER:
        lower_read(body, answers);
        break;
    case STEP_AT_CATHETER:
        catheter_read(body, answers);
        break;
    case STEP_AT_PORT:
        port_read(body, answers);
        break;
    case STEP_AT_RESIDUAL:
        residual_read(body, answers);
        break;
    case STEP_AT_FILL:
        fill_read(body, answers);
        break;
    case STEP_AT_THERAPY:
        therapy_read(body, task, answers);
        break;
    case STEP_AT_SCHEDULE:
        schedule_read(body, answers);
        break;
    case STEP_AT_PRIME:
        prime_read(body, answers);
        break;
    case STEP_AT_ASPIRATE:
        yes_no_read(body, "aspirated", &answers->aspirated);
        break;
    case STEP_AT_INJECT:
        yes_no_read(body, "inject", &answers->inject);
        break;
    case STEP_AT_SCAN:
        answers->scan = word_read(body, "plan", SCHEMA_SCANS, SCAN_KEEP);
        break;
    case STEP_AT_EMPTY:
        empty_read(body, answers);
        break;
    case STEP_AT_READBACK:
        said_read(body, "amount", answers->readback, sizeof answers->readback);
        break;
    case STEP_AT_WATCH:
        yes_no_read(body, "signs", &answers->signs);
        break;
    case STEP_AT_BRIDGE: /* nothing but what is passed */
    case STEP_AT_FINISH:
    case STEP_AT_SECOND:
    case STEP_AT_INTERROGATE: /* no person's */
    case STEP_AT_STAGE:
    case STEP_AT_SEND:
    case STEP_AT_VERIFY:
    case STEP_AT_AGAIN:
    case STEP_AT_REPORT:
    case STEPS:
        break;
    }
    return body->reader->count == 0;
}
