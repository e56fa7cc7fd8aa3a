/* status.c - `cisterna status`: one picture of the pump, made of all that this role may ask, for people or as JSON. What the role
 * may not ask is left out; nothing is filled in for it. */
// SPDX-License-Identifier: Apache-2.0
#include "app/status.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/alarmact.h"
#include "app/bolustime.h"
#include "app/picture.h"
#include "app/told.h"
#include "app/visit.h"
#include "clinic/workflow/clockdiff.h"
#include "core/catalog.h"
#include "core/therapy.h"
#include "document/plain.h"
#include "link/permit.h"
#include "rig/journal.h"
#include "rig/series.h"

static const char *course_text(const cisterna_Status *status)
{
    static const char *const texts[] = { "none", "priming bolus", "bridge bolus", "single bolus", "periodic bolus",
                                         "patient's bolus", "clinician's bolus" };
    return status->course < sizeof texts / sizeof *texts ? texts[status->course] : "unknown";
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
        picture_dose(text, status->base_nl_day, component->conc);
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

static void act_print(unsigned index)
{
    const struct alarmact *act = alarmact_of(index);
    printf("  %-26s %s Do, %s: %s\n", "", act->does, act->by, act->act);
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
            act_print(index);
            continue;
        }
        uint8_t priority = row->priority == ALARM_PRIORITY_DRUG && picture->has_therapy ? picture->therapy.under_delivery
                                                                                         : row->priority;
        journal_alarm_name(name, index);
        printf("  %s %-22s %s; since %s%s\n", marks[priority <= 3 ? priority : 3], name, row->text, since,
               picture->alarm[i].latched ? "; stays until it is cleared" : "");
        act_print(index);
    }
}

static const char *outcome_text(const struct receipt *last)
{
    return last->outcome == OUTCOME_APPLIED ? "applied" : last->outcome == OUTCOME_NOT_APPLIED ? "not applied" : "not known";
}

static void text_print(const struct visit *visit, const struct picture *picture)
{
    char text[AMOUNT_TEXT_BYTES], name[PLAIN_TEXT_BYTES], clock[CLOCKDIFF_TEXT_BYTES];
    const char *model = model_name((uint8_t)picture->capability.model);
    printf("SIMULATION, never for use in people\n%.16s: %s, software %lu\n\n", picture->capability.serial,
           model != NULL ? model : "unknown model", (unsigned long)picture->capability.software);
    printf("  %-26s %s\n", "mode", picture_mode(visit->status.mode));
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
    clockdiff_words(&visit->calendar, (instant_ms){ visit->status.now_ms }, visit->heard_utc_ms, clock);
    printf("  %-26s %s\n", "", clock);
    printf("  %-26s %016" PRIx64 "\n", "ledger head", visit->status.ledger_head);
    if (visit->programmer.key.pending.id != 0)
        printf("  %-26s %s\n", "not known yet", command_word(visit->programmer.key.pending.kind));
    const struct receipt *last = &visit->programmer.key.last;
    if (last->id != 0)
        printf("  %-26s %s: %s\n", "last command of this key", command_word(last->kind), outcome_text(last));
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
