/* reportfile.c - the document of `cisterna report`. */
// SPDX-License-Identifier: Apache-2.0
#include "app/reportfile.h"

#include <stdlib.h>
#include <string.h>

#include "app/moment.h"
#include "app/version.h"
#include "clinic/guard/wording.h"
#include "document/prescription.h"
#include "document/regimen.h"
#include "rig/scenario.h"

enum { NAME_MOST = 64, SENTENCE_MOST = 400 };

static const char *const KINDS[REPORT_KINDS + 1] = { "session", "refill", "therapy", "trend", "emergency", NULL };
static const char *const FILL_WORDS[] = { "first fill", "undiluted", "diluted", NULL }; /* by enum fill_state */

const char *report_kind_word(enum report_kind kind)
{
    return KINDS[kind];
}

/* A date with its offset, "2026-11-23T14:05:00+01:00". */
static bool moment_read(const struct node *node, const char *name, enum need need, struct moment *moment)
{
    const char *text = NULL;
    civil_ms civil;
    char zone[ZONE_LABEL_BYTES];
    if (!reader_text(node, name, need, 40, &text))
        return false;
    if (!scenario_date_read(text, &civil, zone)) {
        struct node member = reader_member(node, name, OPTIONAL);
        reader_complain(&member, COMPLAINT_MALFORMED,
                        "must be a date and time that exist, with their offset, such as \"2026-11-23T14:05:00+01:00\"");
        return false;
    }
    *moment = moment_of(civil, zone);
    return true;
}

static bool volume_read(const struct node *node, const char *name, enum need need, int64_t least, vol_nl *volume)
{
    return reader_amount(node, name, need, DIMENSION_VOLUME, least, VOL_NL_MAX, &volume->nl);
}

/* A volume that is said to be, or to have been, in the reservoir: more than it holds was misread or is of another pump. */
static bool contents_read(const struct node *node, const char *name, const struct reportfile *file, vol_nl *volume)
{
    const struct model *model = file->head.model;
    wording room;
    if (!volume_read(node, name, REQUIRED, 0, volume))
        return false;
    if (model == NULL || volume->nl <= model->reservoir.nl)
        return true;
    struct node member = reader_member(node, name, OPTIONAL);
    write_volume(room, ratio_of(model->reservoir.nl), ROUND_NEAREST);
    reader_complain(&member, COMPLAINT_REFUSED, "the reservoir of %s holds no more than %s: measure or read again",
                    model_name(model->code), room);
    return false;
}

static void tolerance_read(const struct node *node, const struct model *model, vol_nl *tolerance)
{
    wording most;
    if (!volume_read(node, "tolerance", OPTIONAL, 1, tolerance) || model == NULL ||
        tolerance->nl <= residual_tolerance_most(model).nl)
        return;
    struct node member = reader_member(node, "tolerance", OPTIONAL);
    write_volume(most, ratio_of(residual_tolerance_most(model).nl), ROUND_NEAREST);
    reader_complain(
        &member, COMPLAINT_REFUSED,
        "is wider than %s, the most that is taken for %s: every reading would be within it; leave it out for "
        "the published one",
        most, model_name(model->code));
}

static void pump_read(const struct node *root, struct reportfile *file)
{
    static const char *const fields[] = { "model", "serial", "catheter", "software", "note", NULL };
    static const char *const models[] = { "C20", "C40", "V20", NULL };
    struct node pump = reader_member(root, "pump", REQUIRED);
    unsigned model = 0;
    int64_t mm = 0;
    if (!reader_object(&pump, fields))
        return;
    if (reader_choice(&pump, "model", REQUIRED, models, &model))
        file->head.model = model_named(models[model]);
    (void)reader_text(&pump, "serial", REQUIRED, SERIAL_BYTES - 1, &file->head.serial);
    (void)reader_text(&pump, "software", OPTIONAL, NAME_MOST, &file->head.pump_software);
    if (reader_amount(&pump, "catheter", REQUIRED, DIMENSION_LENGTH, 10, CATHETER_MM_MAX, &mm) &&
        file->head.model != NULL)
        file->dead_volume = model_dead_volume(file->head.model, (int32_t)mm);
}

static void head_read(const struct node *root, struct reportfile *file)
{
    static const char *const regions[] = { "US", "EU", NULL };
    int64_t version = 1;
    unsigned region = 0;
    file->head = (struct report_head){ .pump_software = "", .software = CISTERNA_VERSION };
    (void)reader_integer(root, "cisterna_report", REQUIRED, 1, 1, &version);
    bool made = moment_read(root, "made_at", REQUIRED, &file->head.made);
    bool read = moment_read(root, "read_at", REQUIRED, &file->head.read);
    if (made && read && file->head.read.utc_ms > file->head.made.utc_ms) {
        struct node member = reader_member(root, "read_at", OPTIONAL);
        reader_complain(&member, COMPLAINT_MALFORMED,
                        "must not lie after \"made_at\": a report tells what was read before it");
    }
    (void)reader_text(root, "patient", REQUIRED, NAME_MOST, &file->head.patient);
    if (reader_choice(root, "region", REQUIRED, regions, &region))
        file->has_formulary = formulary_builtin(regions[region], &file->formulary, stderr);
    file->head.formulary = &file->formulary;
    pump_read(root, file);
}

/* A therapy as a scenario writes it (docs/scenario.md), judged for the pump of the document. */
static bool therapy_read(const struct node *parent, const char *name, enum need need, const struct reportfile *file,
                         struct therapy *therapy)
{
    struct node node = reader_member(parent, name, need);
    if (node.value == NULL || file->head.model == NULL || file->head.serial == NULL || file->dead_volume.nl == 0)
        return false;
    struct regimen_pump pump = { .model = file->head.model,
                                 .serial = file->head.serial,
                                 .dead_volume = file->dead_volume };
    return regimen_read(&node, &pump, therapy);
}

static void passed_read(const struct node *section, struct report_session *session)
{
    static const char *const fields[] = { "limit", "reason", "second", "note", NULL };
    struct node list = reader_member(section, "passed", OPTIONAL);
    if (!reader_array(&list, 0, SESSION_PASSED_MAX))
        return;
    for (size_t i = 0; i < json_array_size(list.value); i++) {
        struct node element = reader_element(&list, i);
        struct session_passed *pass = &session->pass[session->passed];
        *pass = (struct session_passed){ .second = "" };
        (void)reader_text(&element, "second", OPTIONAL, NAME_MOST, &pass->second);
        bool good =
            reader_object(&element, fields) && reader_text(&element, "limit", REQUIRED, SENTENCE_MOST, &pass->limit);
        if (reader_text(&element, "reason", REQUIRED, SENTENCE_MOST, &pass->reason) && good)
            session->passed++;
    }
}

static void session_read(const struct node *root, const struct node *section, struct reportfile *file)
{
    static const char *const fields[] = { "clinician", "outcome",     "before", "typed", "reservoir", "filled_at",
                                          "fill",      "replacement", "passed", "note",  NULL };
    static const char *const outcomes[] = { "applied", "not applied", "unknown", NULL };
    struct report_session *session = &file->session;
    unsigned outcome = 0, fill = 0;
    if (!reader_object(section, fields))
        return;
    *session = (struct report_session){ .head = file->head, .new = &file->therapy };
    (void)therapy_read(root, "therapy", REQUIRED, file, &file->therapy);
    if (therapy_read(section, "before", OPTIONAL, file, &file->before))
        session->old = &file->before;
    (void)reader_text(section, "clinician", REQUIRED, NAME_MOST, &session->clinician);
    if (reader_choice(section, "outcome", REQUIRED, outcomes, &outcome))
        session->outcome = (enum session_outcome)outcome;
    if (reader_choice(section, "fill", REQUIRED, FILL_WORDS, &fill))
        session->state = (enum fill_state)fill;
    session->has_typed = reader_amount(section, "typed", OPTIONAL, DIMENSION_DOSE, 0, LIMIT_FG_MAX, &session->typed.fg);
    (void)contents_read(section, "reservoir", file, &session->reservoir);
    (void)moment_read(section, "filled_at", REQUIRED, &session->filled);
    session->has_replacement = moment_read(section, "replacement", OPTIONAL, &session->replacement);
    passed_read(section, session);
}

static void refill_read(const struct node *root, const struct node *section, struct reportfile *file)
{
    static const char *const fields[] = { "clinician", "at",   "expected", "found",       "filled", "metered",
                                          "before",    "fill", "observed", "replacement", "note",   NULL };
    struct report_refill *refill = &file->refill;
    unsigned fill = 0;
    if (!reader_object(section, fields))
        return;
    *refill = (struct report_refill){ .head = file->head, .therapy = &file->therapy, .before = &file->mixture };
    (void)therapy_read(root, "therapy", REQUIRED, file, &file->therapy);
    (void)prescription_mixture(section, "before", &file->mixture);
    (void)reader_text(section, "clinician", REQUIRED, NAME_MOST, &refill->clinician);
    (void)moment_read(section, "at", REQUIRED, &refill->at);
    (void)contents_read(section, "expected", file, &refill->expected);
    (void)contents_read(section, "found", file, &refill->found);
    (void)contents_read(section, "filled", file, &refill->filled);
    (void)volume_read(section, "metered", OPTIONAL, 1, &refill->metered);
    if (reader_choice(section, "fill", REQUIRED, FILL_WORDS, &fill))
        refill->state = (enum fill_state)fill;
    (void)reader_amount(section, "observed", OPTIONAL, DIMENSION_SPAN, 0, DAY_MS, &refill->observed.ms);
    refill->has_replacement = moment_read(section, "replacement", OPTIONAL, &refill->replacement);
}

static void trend_read(const struct node *section, struct reportfile *file)
{
    static const char *const fields[] = { "tolerance", "readings", "note", NULL };
    static const char *const reading_fields[] = { "at", "expected", "found", "metered", "note", NULL };
    struct report_trend *trend = &file->trend;
    if (!reader_object(section, fields))
        return;
    *trend = (struct report_trend){ .head = file->head };
    tolerance_read(section, file->head.model, &trend->tolerance);
    struct node list = reader_member(section, "readings", REQUIRED);
    if (!reader_array(&list, 1, READINGS_MAX))
        return;
    for (size_t i = 0; i < json_array_size(list.value); i++) {
        struct node element = reader_element(&list, i), at = reader_member(&element, "at", OPTIONAL);
        struct trend_reading *reading = &trend->reading[trend->count++];
        if (!reader_object(&element, reading_fields) || !moment_read(&element, "at", REQUIRED, &reading->at))
            continue;
        if (i > 0 && reading->at.utc_ms <= trend->reading[i - 1].at.utc_ms)
            reader_complain(&at, COMPLAINT_MALFORMED, "must lie after the reading before it: the newest stands last");
        (void)contents_read(&element, "expected", file, &reading->expected);
        (void)contents_read(&element, "found", file, &reading->found);
        (void)volume_read(&element, "metered", OPTIONAL, 1, &reading->metered);
    }
}

static void emergency_read(const struct node *root, const struct node *section, struct reportfile *file)
{
    static const char *const fields[] = { "clinic", "refill_by", "note", NULL };
    struct report_emergency *card = &file->emergency;
    if (!reader_object(section, fields))
        return;
    *card = (struct report_emergency){ .head = file->head, .therapy = &file->therapy };
    (void)therapy_read(root, "therapy", REQUIRED, file, &file->therapy);
    (void)reader_text(section, "clinic", REQUIRED, 120, &card->clinic);
    card->has_refill = moment_read(section, "refill_by", OPTIONAL, &card->refill);
}

int reportfile_read(struct reader *reader, enum report_kind kind, struct reportfile *file)
{
    static const char *const fields[] = {
        "$schema", "cisterna_report", "made_at", "read_at", "region",    "patient", "pump",
        "therapy", "session",         "refill",  "trend",   "emergency", "note",    NULL
    };
    struct node root = reader_document(reader);
    *file = (struct reportfile){ .root = root.value };
    if (!reader_object(&root, fields))
        return reader_exit(reader);
    head_read(&root, file);
    struct node section = reader_member(&root, KINDS[kind], REQUIRED);
    switch (kind) {
    case REPORT_SESSION:
        session_read(&root, &section, file);
        break;
    case REPORT_REFILL:
        refill_read(&root, &section, file);
        break;
    case REPORT_THERAPY:
        (void)therapy_read(&root, "therapy", REQUIRED, file, &file->therapy);
        break;
    case REPORT_TREND:
        trend_read(&section, file);
        break;
    case REPORT_EMERGENCY:
        emergency_read(&root, &section, file);
        break;
    case REPORT_KINDS:
        break;
    }
    return reader_exit(reader);
}

void reportfile_free(struct reportfile *file)
{
    if (file->has_formulary)
        formulary_close(&file->formulary);
    json_decref(file->root);
}
