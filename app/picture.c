/* picture.c - asking for what a pump tells of itself, and its JSON. */
// SPDX-License-Identifier: Apache-2.0
#include "app/picture.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/alarmact.h"
#include "app/bolustime.h"
#include "app/statusday.h"
#include "app/told.h"
#include "clinic/workflow/clockdiff.h"
#include "link/permit.h"
#include "rig/journal.h"
#include "rig/series.h"

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

bool picture_take(struct visit *visit, struct picture *picture)
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

void picture_dose(char text[AMOUNT_TEXT_BYTES], int32_t nl_day, conc_ng_ml conc)
{
    amount_write(text, (int64_t)nl_day * conc.ng_ml, 12, 0, "mg/day");
}

const char *picture_mode(uint32_t mode)
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

/* The priority of a row; of those that the therapy decides, the therapy's. */
static const char *priority_word(const struct picture *picture, const struct alarm_row *row)
{
    static const char *const words[] = { "high", "low", "medium", "high" };
    uint8_t priority = row->priority == ALARM_PRIORITY_DRUG && picture->has_therapy ? picture->therapy.under_delivery
                                                                                    : row->priority;
    return words[priority & 3]; /* what nobody decides is high */
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
        if (index < ALARM_COUNT) {
            json_object_set_new(row, "priority", json_string(priority_word(picture, alarm_row(index))));
            json_object_set_new(row, "text", json_string(alarm_row(index)->text));
        }
        const struct alarmact *act = alarmact_of(index);
        json_object_set_new(row, "does", json_string(act->does));
        json_object_set_new(row, "act", json_string(act->act));
        json_object_set_new(row, "by", json_string(act->by));
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
        picture_dose(text, visit->status.base_nl_day, component->conc);
        json_object_set_new(row, "dose_at_this_flow", json_string(text));
        series_drug_name(name, component->drug);
        json_object_set_new(object, name, row);
    }
    return object;
}

json_t *picture_json(const struct visit *visit, const struct picture *picture)
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
    json_object_set_new(object, "mode_text", json_string(picture_mode(status->mode)));
    if (picture->has_therapy) {
        json_object_set_new(object, "therapy", json_string(picture->therapy.name));
        json_object_set_new(object, "drugs", drugs_json(visit, picture));
        set_amount(object, "dead_volume", amount_write_volume, picture->therapy.dead_volume.nl);
        statusday_add(object, visit, picture);
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
    char clock[CLOCKDIFF_TEXT_BYTES];
    clockdiff_words(&visit->calendar, (instant_ms){ status->now_ms }, visit->heard_utc_ms, clock);
    json_object_set_new(object, "clock", json_string(clock));
    json_object_set_new(object, "now_ms", json_integer(status->now_ms));
    json_object_set_new(object, "epoch", json_integer(status->epoch));
    set_instant(visit, object, "now", status->now_ms);
    snprintf(text, sizeof text, "%016" PRIx64, status->ledger_head);
    json_object_set_new(object, "ledger_head", json_string(text));
    return object;
}
