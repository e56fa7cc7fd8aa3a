/* appointment.c - the refill appointments of a play. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/appointment.h"

#include <math.h>

#include "amount/amount.h"
#include "rig/acting.h"
#include "rig/bedside.h"

static const char NOT_COME[] = "the patient did not come", NOT_YET[] = "the patient has not come yet";

/* Is this action of the timeline part of a refill appointment? */
static bool belongs(const struct scenario *scenario, size_t index)
{
    const struct action *action = scenario->action;
    const instant_ms at = action[index].at;
    if (action[index].who != WHO_CLINIC)
        return false;
    size_t first = index;
    while (first > 0 && action[first - 1].at.ms == at.ms)
        first--;
    for (size_t i = first; i < scenario->actions && action[i].at.ms == at.ms; i++)
        if (action[i].kind == ACTION_REFILL)
            return true;
    return false;
}

/* All of the appointment at `made`, in order. */
static void each(struct play *play, void (*run)(struct play *play, const struct action *action))
{
    const struct scenario *scenario = play->scenario;
    for (size_t i = 0; i < scenario->actions && scenario->action[i].at.ms <= play->appointment.made.ms; i++)
        if (scenario->action[i].at.ms == play->appointment.made.ms && belongs(scenario, i))
            run(play, &scenario->action[i]);
}

static void give_up(struct play *play, const struct action *action)
{
    acting_not_done(play, action, NOT_COME);
}

static void still_open(struct play *play, const struct action *action)
{
    if (action->must_apply)
        acting_not_done(play, action, NOT_YET);
}

static void miss(struct play *play)
{
    each(play, give_up);
    play->appointment.awaited = false;
    play->appointment.missed++;
}

/* How late: whole days, so that the clinic is open. */
static int64_t late_ms(struct play *play)
{
    double late_d = ceil(person_late_s(&play->bedside->body.person) * 1000.0 / (double)DAY_MS);
    return late_d < 1e6 ? (int64_t)late_d * DAY_MS : INT64_C(1000000) * DAY_MS;
}

static void judge(struct play *play, instant_ms at)
{
    struct appointment *appointment = &play->appointment;
    if (appointment->awaited)
        miss(play);
    const int64_t late = late_ms(play);
    appointment->judged = true;
    appointment->made = at;
    appointment->appointments++;
    appointment->kept += late == 0;
    appointment->awaited = late > 0;
    appointment->comes.ms = at.ms + late;
    if (appointment->awaited)
        play_outside(play, "patient", "not_come", NULL);
}

instant_ms appointment_next(const struct appointment *appointment)
{
    return appointment->awaited ? appointment->comes : INSTANT_NEVER;
}

bool appointment_holds(struct play *play, size_t index)
{
    const struct scenario *scenario = play->scenario;
    const struct action *action = &scenario->action[index];
    struct appointment *appointment = &play->appointment;
    if (scenario->patient == NULL || !scenario->patient->comes || !belongs(scenario, index))
        return false;
    if (!appointment->judged || appointment->made.ms != action->at.ms)
        judge(play, action->at);
    return appointment->awaited;
}

void appointment_pass(struct play *play)
{
    struct appointment *appointment = &play->appointment;
    char text[AMOUNT_TEXT_BYTES];
    if (appointment_next(appointment).ms > play->rig.now.ms)
        return;
    amount_write_span(text, appointment->comes.ms - appointment->made.ms);
    json_t *detail = json_object();
    json_object_set_new(detail, "late", json_string(text));
    play_outside(play, "patient", "comes_late", detail);
    appointment->awaited = false;
    appointment->late++;
    each(play, acting_do);
}

bool appointment_call(struct appointment *appointment, instant_ms now)
{
    if (!appointment->awaited)
        return false;
    int64_t days = (now.ms - appointment->made.ms) / DAY_MS + 1, soon_ms = appointment->made.ms + days * DAY_MS;
    bool sooner = soon_ms < appointment->comes.ms;
    appointment->comes.ms = sooner ? soon_ms : appointment->comes.ms;
    return sooner;
}

void appointment_end(struct play *play)
{
    if (play->appointment.awaited)
        each(play, still_open);
}
