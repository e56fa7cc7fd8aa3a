/* status.c - `cisterna status`: one picture of the pump, made of all that this role may ask, for people or as JSON. What the role
 * may not ask is left out; nothing is filled in for it. */
// SPDX-License-Identifier: Apache-2.0
#include "app/status.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/bolustime.h"
#include "app/told.h"
#include "app/visit.h"
#include "core/catalog.h"
#include "core/therapy.h"
#include "document/plain.h"
#include "link/permit.h"
#include "rig/journal.h"
#include "rig/series.h"

/* All that was told. */
struct picture {
    cisterna_Capability capability;
    cisterna_Energy energy;
    cisterna_Sensors sensors;
    struct therapy therapy; /* in force */
    bool has_sensors, has_therapy;
    cisterna_Alarm alarm[ALARM_COUNT];
    unsigned alarms;
};

static bool alarms_read(struct visit *visit, struct picture *picture)
{
    cisterna_Reply reply;
    do {
        if (!visit_ask(visit, QUERY_ALARMS, picture->alarms, &reply))
            return false;
        for (unsigned i = 0; i < reply.tell.alarms.alarm_count && picture->alarms < ALARM_COUNT; i++)
            picture->alarm[picture->alarms++] = reply.tell.alarms.alarm[i];
    } while (reply.tell.alarms.alarm_count > 0 && picture->alarms < reply.tell.alarms.standing &&
             picture->alarms < ALARM_COUNT);
    return true;
}

static bool therapy_read(struct visit *visit, struct picture *picture)
{
    uint8_t bytes[THERAPY_BYTES_MAX];
    size_t size = 0;
    enum contact contact = programmer_read_therapy(&visit->programmer, &visit->air, false, bytes, &size);
    if (contact == CONTACT_OK && size > 0)
        picture->has_therapy = therapy_decode(bytes, size, &picture->therapy) == RESULT_OK;
    bool good = contact == CONTACT_OK && picture->has_therapy == (size > 0);
    if (!good)
        fprintf(stderr, "cisterna status: the therapy in force: %s\n",
                contact == CONTACT_OK ? "it cannot be read" : told_contact(contact));
    return good;
}

static bool picture_take(struct visit *visit, struct picture *picture)
{
    cisterna_Reply reply;
    uint8_t role = visit->programmer.role;
    *picture = (struct picture){ .alarms = 0 };
    if (!visit_ask(visit, QUERY_CAPABILITY, 0, &reply))
        return false;
    picture->capability = reply.tell.capability;
    if (!visit_ask(visit, QUERY_ENERGY, 0, &reply))
        return false;
    picture->energy = reply.tell.energy;
    picture->has_sensors = permit_query(QUERY_SENSORS, role);
    if (picture->has_sensors && !visit_ask(visit, QUERY_SENSORS, 0, &reply))
        return false;
    picture->sensors = reply.tell.sensors;
    if (!alarms_read(visit, picture))
        return false;
    return !visit->status.has_therapy || !permit_query(QUERY_THERAPY, role) || therapy_read(visit, picture);
}

/* The dose that a flow gives in a day at the reservoir's concentration. */
static void dose_write(char text[AMOUNT_TEXT_BYTES], int32_t nl_day, conc_ng_ml conc)
{
    amount_write(text, (int64_t)nl_day * conc.ng_ml, 12, 0, "mg/day");
}

static const char *course_text(const cisterna_Status *status)
{
    static const char *const texts[] = { "none", "priming bolus", "bridge bolus", "single bolus", "periodic bolus",
                                         "patient's bolus", "clinician's bolus" };
    return status->course < sizeof texts / sizeof *texts ? texts[status->course] : "unknown";
}

static const char *mode_text(uint32_t mode)
{
    switch (mode) {
#define MODE(name, code, word, text)                                                                                   \
    case code:                                                                                                         \
        return word ": " text;
#include "core/mode.def"
#undef MODE
    default:
        return "unknown: this programmer does not know the mode that the pump tells";
    }
}

/* Whether a bolus would pass its limits is judged when it is asked for. */
static void bolus_print(const struct visit *visit, const struct picture *picture)
{
    char text[AMOUNT_TEXT_BYTES] = "";
    struct bolustime bolus = bolustime_of(&visit->status, picture->has_therapy ? &picture->therapy : NULL);
    bool now = bolus.from.ms <= visit->status.now_ms;
    if (bolus.from.ms != INSTANT_NEVER.ms && !now)
        told_instant(visit, bolus.from.ms, text, sizeof text);
    printf("  %-26s %s%s%s\n", "patient's bolus from", now ? "now on, within its limits" : text,
           *text != '\0' && *bolus.why != '\0' ? ", " : "", bolus.why);
}

static void flow_print(const struct visit *visit, const struct picture *picture)
{
    char text[AMOUNT_TEXT_BYTES], name[32];
    const cisterna_Status *status = &visit->status;
    amount_write_flow(text, status->base_nl_day);
    printf("  %-26s %s\n", "base flow now", text);
    for (unsigned i = 0; picture->has_therapy && i < picture->therapy.mixture.count; i++) {
        const struct component *component = &picture->therapy.mixture.component[i];
        dose_write(text, status->base_nl_day, component->conc);
        series_drug_name(name, component->drug);
        printf("    %-24s %s at this flow\n", name, text);
    }
    if (status->tip_after_nl > 0) {
        amount_write_volume(text, status->tip_after_nl);
        printf("  %-26s not surely what the reservoir holds, until %s more has flowed\n", "at the tip", text);
    }
    amount_write_volume(text, status->course_left_nl);
    printf("  %-26s %s%s%s\n", "besides", course_text(status), status->course != 0 ? ", left: " : "",
           status->course != 0 ? text : "");
    if (status->interrupted_since_ms != INSTANT_NEVER.ms) {
        told_instant(visit, status->interrupted_since_ms, text, sizeof text);
        printf("  %-26s since %s\n", "interrupted", text);
    }
    bolus_print(visit, picture);
}

static void reservoir_print(const struct visit *visit, const struct picture *picture)
{
    char volume[AMOUNT_TEXT_BYTES], error[AMOUNT_TEXT_BYTES];
    amount_write_volume(volume, visit->status.reservoir_nl);
    amount_write_volume(error, visit->status.reservoir_error_nl);
    printf("  %-26s %s, give or take %s\n", "reservoir, calculated", volume, error);
    if (picture->has_sensors && picture->sensors.reservoir_nl >= 0) {
        amount_write_volume(volume, picture->sensors.reservoir_nl);
        printf("  %-26s %s\n", "reservoir, fill sensor", volume);
    }
}

static void energy_print(const struct visit *visit, const struct picture *picture)
{
    char text[AMOUNT_TEXT_BYTES];
    if (picture->has_sensors)
        printf("  %-26s %ld mV\n", "battery", (long)picture->sensors.battery_mv);
    told_instant(visit, picture->energy.replace_ms, text, sizeof text);
    printf("  %-26s %s%s\n", "replacement due", picture->energy.replace_reached ? "REACHED on " : "",
           picture->energy.replace_ms == INSTANT_NEVER.ms ? "not known yet" : text);
    told_instant(visit, picture->energy.end_ms, text, sizeof text);
    if (picture->energy.replace_reached && !picture->energy.ended)
        printf("  %-26s %s at the latest\n", "end of service", text);
    if (picture->energy.ended)
        printf("  %-26s %s\n", "battery", "END OF SERVICE: it can no longer be relied on");
}

static void alarms_print(const struct visit *visit, const struct picture *picture)
{
    static const char *const marks[] = { "  ?", "  !", " !!", "***" };
    char since[AMOUNT_TEXT_BYTES], name[32];
    if (picture->alarms == 0)
        printf("  %-26s none\n", "alarms");
    for (unsigned i = 0; i < picture->alarms; i++) {
        unsigned index = alarm_position((uint8_t)picture->alarm[i].alarm);
        const struct alarm_row *row = alarm_row(index);
        told_instant(visit, picture->alarm[i].since_ms, since, sizeof since);
        if (row == NULL) {
            printf("  ***                        unknown alarm 0x%02X, since %s\n", (unsigned)picture->alarm[i].alarm, since);
            continue;
        }
        uint8_t priority = row->priority == ALARM_PRIORITY_DRUG && picture->has_therapy ? picture->therapy.under_delivery
                                                                                         : row->priority;
        journal_alarm_name(name, index);
        printf("  %s %-22s %s; since %s%s\n", marks[priority <= 3 ? priority : 3], name, row->text, since,
               picture->alarm[i].latched ? "; stays until it is cleared" : "");
    }
}

static const char *outcome_text(const struct receipt *last)
{
    return last->outcome == OUTCOME_APPLIED ? "applied" : last->outcome == OUTCOME_NOT_APPLIED ? "not applied" : "not known";
}

static void text_print(const struct visit *visit, const struct picture *picture)
{
    char text[AMOUNT_TEXT_BYTES], name[PLAIN_TEXT_BYTES];
    const char *model = model_name((uint8_t)picture->capability.model);
    printf("SIMULATION, never for use in people\n%.16s: %s, software %lu\n\n", picture->capability.serial,
           model != NULL ? model : "unknown model", (unsigned long)picture->capability.software);
    printf("  %-26s %s\n", "mode", mode_text(visit->status.mode));
    if (picture->has_therapy) {
        plain_write(picture->therapy.name, name, sizeof name);
        printf("  %-26s %s\n", "therapy", name);
    }
    flow_print(visit, picture);
    reservoir_print(visit, picture);
    alarms_print(visit, picture);
    energy_print(visit, picture);
    told_instant(visit, visit->status.now_ms, text, sizeof text);
    printf("  %-26s %s\n", "the pump's clock", text);
    printf("  %-26s %016" PRIx64 "\n", "ledger head", visit->status.ledger_head);
    if (visit->programmer.key.pending.id != 0)
        printf("  %-26s %s\n", "not known yet", command_word(visit->programmer.key.pending.kind));
    const struct receipt *last = &visit->programmer.key.last;
    if (last->id != 0)
        printf("  %-26s %s: %s\n", "last command of this key", command_word(last->kind), outcome_text(last));
}

static void set_amount(json_t *object, const char *name, void (*write)(char *text, int64_t value), int64_t value)
{
    char text[AMOUNT_TEXT_BYTES];
    write(text, value);
    json_object_set_new(object, name, json_string(text));
}

/* An instant as a civil time; null when it never comes. */
static void set_instant(const struct visit *visit, json_t *object, const char *name, int64_t at_ms)
{
    char text[AMOUNT_TEXT_BYTES];
    told_instant(visit, at_ms, text, sizeof text);
    json_object_set_new(object, name, at_ms == INSTANT_NEVER.ms ? json_null() : json_string(text));
}

static json_t *alarms_json(const struct visit *visit, const struct picture *picture)
{
    json_t *list = json_array();
    char name[32] = "unknown";
    for (unsigned i = 0; i < picture->alarms; i++) {
        json_t *row = json_object();
        unsigned index = alarm_position((uint8_t)picture->alarm[i].alarm);
        if (index < ALARM_COUNT)
            journal_alarm_name(name, index);
        json_object_set_new(row, "alarm", json_string(name));
        json_object_set_new(row, "code", json_integer(picture->alarm[i].alarm));
        json_object_set_new(row, "latched", json_boolean(picture->alarm[i].latched));
        set_instant(visit, row, "since", picture->alarm[i].since_ms);
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *drugs_json(const struct visit *visit, const struct picture *picture)
{
    json_t *object = json_object();
    char text[AMOUNT_TEXT_BYTES], name[32];
    for (unsigned i = 0; i < picture->therapy.mixture.count; i++) {
        const struct component *component = &picture->therapy.mixture.component[i];
        json_t *row = json_object();
        amount_write(text, component->conc.ng_ml, 6, 0, "mg/mL");
        json_object_set_new(row, "concentration", json_string(text));
        dose_write(text, visit->status.base_nl_day, component->conc);
        json_object_set_new(row, "dose_at_this_flow", json_string(text));
        series_drug_name(name, component->drug);
        json_object_set_new(object, name, row);
    }
    return object;
}

static json_t *picture_json(const struct visit *visit, const struct picture *picture)
{
    char text[AMOUNT_TEXT_BYTES];
    const cisterna_Status *status = &visit->status;
    const char *model = model_name((uint8_t)picture->capability.model), *mode = mode_word((uint8_t)status->mode);
    json_t *object = json_object();
    json_object_set_new(object, "cisterna_status", json_integer(1));
    json_object_set_new(object, "notice", json_string("SIMULATION, never for use in people"));
    json_object_set_new(object, "pump", json_string(picture->capability.serial));
    json_object_set_new(object, "model", json_string(model != NULL ? model : "unknown"));
    json_object_set_new(object, "software", json_integer(picture->capability.software));
    json_object_set_new(object, "mode", json_string(mode != NULL ? mode : "unknown"));
    if (picture->has_therapy) {
        json_object_set_new(object, "therapy", json_string(picture->therapy.name));
        json_object_set_new(object, "drugs", drugs_json(visit, picture));
    }
    set_amount(object, "base", amount_write_flow, status->base_nl_day);
    json_object_set_new(object, "course", json_string(journal_course_word(status->course)));
    set_amount(object, "course_left", amount_write_volume, status->course_left_nl);
    set_amount(object, "tip_after", amount_write_volume, status->tip_after_nl);
    set_instant(visit, object, "interrupted_since", status->interrupted_since_ms);
    struct bolustime bolus = bolustime_of(status, picture->has_therapy ? &picture->therapy : NULL);
    set_instant(visit, object, "patient_bolus_from", bolus.from.ms);
    if (*bolus.why != '\0')
        json_object_set_new(object, "patient_bolus_waits_for", json_string(bolus.why));
    set_amount(object, "reservoir_calculated", amount_write_volume, status->reservoir_nl);
    set_amount(object, "reservoir_calculated_error", amount_write_volume, status->reservoir_error_nl);
    if (picture->has_sensors && picture->sensors.reservoir_nl >= 0)
        set_amount(object, "reservoir_sensor", amount_write_volume, picture->sensors.reservoir_nl);
    json_object_set_new(object, "alarms", alarms_json(visit, picture));
    if (picture->has_sensors)
        json_object_set_new(object, "battery_mv", json_integer(picture->sensors.battery_mv));
    set_instant(visit, object, "replacement_due", picture->energy.replace_ms);
    json_object_set_new(object, "replacement_reached", json_boolean(picture->energy.replace_reached));
    json_object_set_new(object, "end_of_service", json_boolean(picture->energy.ended));
    json_object_set_new(object, "now_ms", json_integer(status->now_ms));
    set_instant(visit, object, "now", status->now_ms);
    snprintf(text, sizeof text, "%016" PRIx64, status->ledger_head);
    json_object_set_new(object, "ledger_head", json_string(text));
    return object;
}

json_t *status_json(struct visit *visit)
{
    struct picture picture;
    return picture_take(visit, &picture) ? picture_json(visit, &picture) : NULL;
}

int status_run(const struct desk *desk)
{
    struct visit visit;
    struct picture picture;
    int code = visit_begin(desk, PURPOSE_LOOK, &visit);
    if (code != EXIT_DONE)
        return code;
    bool good = picture_take(&visit, &picture);
    if (good && desk_has(desk, OPTION_AT_JSON))
        told_print(picture_json(&visit, &picture));
    else if (good)
        text_print(&visit, &picture);
    visit_end(&visit);
    return good ? EXIT_DONE : EXIT_FAILED;
}
