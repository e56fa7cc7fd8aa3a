/* live.c - what one wake does to an implant in a file. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/live.h"

#include <errno.h>

#include "rig/patient.h"

/* Off until it is switched on again: longer than anything lasts. */
#define LONG_MS (INT64_C(1) << 60)

/* The body is kept so often, by the wall clock (guess: a fraction of a millisecond each time). */
enum { KEEP_EVERY_MS = 5000 };

/* Who it is, is kept at once: a kill makes nobody another one. */
static enum bodyfile_fault who_begin(struct live *live, const struct body_setup *setup, bool asks)
{
    if (!body_begin(&live->body, setup))
        return BODYFILE_DAMAGED;
    live->body.asks = asks;
    return bodyfile_save(live->implant.folder, &live->body, live->implant.rig->unit.serial, true) ? BODYFILE_OK
                                                                                                  : BODYFILE_FAILED;
}

enum bodyfile_fault live_body(struct live *live, const struct patient *who, int64_t wall_ms)
{
    const struct rig *rig = live->implant.rig;
    struct body_setup setup;
    enum bodyfile_fault fault = bodyfile_open(live->implant.folder, rig->unit.serial, &live->body);
    if (who == NULL)
        body_typical(&setup);
    else
        patient_setup(who, implant_made(&live->implant)->seed, &setup);
    if (fault == BODYFILE_NONE)
        fault = who_begin(live, &setup, who != NULL && who->asks);
    if (fault != BODYFILE_OK)
        return fault;
    body_follow(&live->body, &rig->twin);
    live->body_at.ms = -1;
    live->body_ms = wall_ms;
    return BODYFILE_OK;
}

/* Is it time to keep the body? A clock that was set back counts too. */
static void body_keep(struct live *live, int64_t wall_ms)
{
    int64_t since_ms = wall_ms - live->body_ms;
    if (!live->body.lives || live->body.at.ms == live->body_at.ms || (since_ms >= 0 && since_ms < KEEP_EVERY_MS))
        return;
    live->body_ms = wall_ms;
    live->body_at = live->body.at;
    live->body_error = 0;
    if (!bodyfile_save(live->implant.folder, &live->body, live->implant.rig->unit.serial, false))
        live->body_error = errno;
}

bool live_save(struct live *live, int64_t wall_ms)
{
    body_follow(&live->body, &live->implant.rig->twin);
    bool good = implant_save(&live->implant, wall_ms);
    int error = errno;
    if (live->body.lives && !bodyfile_save(live->implant.folder, &live->body, live->implant.rig->unit.serial, true))
        return false;
    errno = error;
    return good;
}

/* Time passes without the core, and then it starts. It is marked before that what time it is: no start may come earlier. */
static void core_on(struct live *live, instant_ms at, int64_t wall_ms)
{
    struct rig *rig = live->implant.rig;
    rig->power.on_at.ms = LONG_MS;
    rig_run_until(rig, at);
    implant_mark(&live->implant, wall_ms);
    rig->power.on_at = at;
    rig_run_until(rig, at);
}

void live_start(struct live *live, bool opened, int64_t off_ms, uint64_t chance, int64_t wall_ms)
{
    struct rig *rig = live->implant.rig;
    rig->twin.seed = chance;
    rig->twin.random_counter = 0;
    rig->stuck = false;
    if (opened) {
        const struct rig_reset reset = { .cause = BOOT_BROWN_OUT, .off = { LONG_MS } };
        rig->power.stopped = true; /* what it told last went with its memory */
        rig_reset_as(rig, &reset);
        core_on(live, (instant_ms){ rig->now.ms + (off_ms > 0 ? off_ms : 0) }, wall_ms);
    }
    struct pump_status status;
    rig_status(rig, &status);
    live->reservoir = status.reservoir;
    live->refill = (struct live_refill){ .is = false };
    live->day = (struct live_day){ .offset_ms = INT64_MIN };
    live->told = 0;
    live->moved = pump_log_last(&rig->pump); /* what was booked before was moved then */
    live->ear = ether_ear(&rig->twin.ether, rig->now);
    implant_mark(&live->implant, wall_ms);
}

instant_ms live_next(const struct live *live)
{
    return rig_next(live->implant.rig);
}

/* Before anything moves of what comes until `at`: has the pump's day begun meanwhile? */
static void day_pass(struct live *live, instant_ms at)
{
    const struct rig *rig = live->implant.rig;
    const struct calendar *calendar = &live->calendar;
    struct live_day *day = &live->day;
    const instant_ms tick = { rig_tick(rig).ms + at.ms - rig->now.ms };
    const int64_t today = calendar_civil(calendar, tick).ms / DAY_MS;
    const bool set = calendar->zone[0] != '\0', moved = calendar->offset.ms != day->offset_ms;
    if (set && (moved || today != day->day))
        *day = (struct live_day){ .known = !moved || rig->twin.totals.delivered == 0,
                                  .day = today,
                                  .offset_ms = calendar->offset.ms,
                                  .before_m3 = rig->twin.totals.delivered };
}

bool live_today(struct live *live, double *m3)
{
    day_pass(live, live->implant.rig->now);
    *m3 = live->implant.rig->twin.totals.delivered - live->day.before_m3;
    return live->day.known;
}

/* What must have been in the syringe, so that the reservoir came to hold `after` when `filled` was put on top of what was left of
 * `before`. The pump tells what it reckons the blend to be, and the twin blends by itself. */
static struct fluid syringe_fluid(const struct mixture *before, double left, double filled, const struct mixture *after)
{
    struct fluid fluid = rig_fluid(after);
    for (unsigned i = 0; i < after->count && i < FLUID_DRUGS_MAX && filled > 0; i++) {
        double was = (double)mixture_conc(before, after->component[i].drug).ng_ml / 1e6; /* kg/m3 */
        double kg_m3 = (fluid.kg_m3[i] * (left + filled) - was * left) / filled;
        fluid.kg_m3[i] = kg_m3 > 0 ? kg_m3 : 0; /* the pump rounds up */
    }
    return fluid;
}

/* Somebody stands beside with the syringe and does what the pump has booked: draws out and fills in. Without that the reservoir
 * of a live implant would stay empty, whatever it was told. Truth may differ from what is booked: no more comes out than is
 * there, and no more goes in than fits; both is kept for who looks at the truth. */
static void syringe(struct live *live, const struct event *event, const struct mixture *after)
{
    struct twin *twin = &live->implant.rig->twin;
    int64_t withdrawn_nl = event->field[0], filled_nl = event->field[1], left_nl = event->field[3] - filled_nl;
    struct fluid fluid = syringe_fluid(&live->reservoir, (double)left_nl, (double)filled_nl, after);
    struct live_refill *refill = &live->refill;
    *refill = (struct live_refill){ .is = true, .at = event->at, .told = { withdrawn_nl }, .filled = { filled_nl } };
    refill->drawn_m3 = twin_withdraw(twin, rig_m3(refill->told));
    double before_m3 = twin->reservoir_m3;
    refill->spilled_m3 = twin_fill_pressed(twin, rig_m3(refill->filled), &fluid);
    refill->entered_m3 = twin->reservoir_m3 - before_m3;
    live->reservoir = *after;
}

/* The fluid of every refill that the pump has booked since the last look. Booking and fluid are marked together: a kill leaves
 * both, or neither, and nobody is told in between. */
static void syringes(struct live *live)
{
    struct rig *rig = live->implant.rig;
    struct pump_status status;
    struct event event;
    for (uint64_t last = pump_log_last(&rig->pump); live->moved < last;)
        if (pump_log_read(&rig->pump, ++live->moved, &event) && event.code == EVENT_REFILL) {
            rig_status(rig, &status);
            syringe(live, &event, &status.reservoir);
        }
}

/* One wake. What the time and the mechanism have come to is marked before the core learns of it. */
static void wake(struct live *live, instant_ms at, int64_t wall_ms)
{
    struct rig *rig = live->implant.rig;
    day_pass(live, at);
    if (rig_runs(rig)) {
        rig->wake = instant_min(rig->wake, twin_next(&rig->twin));
        rig->now = at;
        twin_advance(&rig->twin, at);
        implant_mark(&live->implant, wall_ms);
        rig_run_until(rig, at);
    } else {
        core_on(live, at, wall_ms);
    }
    syringes(live);
    implant_mark(&live->implant, wall_ms);
    body_pass(&live->body, rig);
}

/* Has the pump written into its log what was not told yet? */
static bool news(const struct live *live)
{
    return pump_log_last(&live->implant.rig->pump) > live->told;
}

bool live_wants(const struct live *live)
{
    return live->body.lives && live->body.asks && live->body.person.wants;
}

bool live_until(struct live *live, instant_ms until, uint32_t wakes, int64_t wall_ms)
{
    struct rig *rig = live->implant.rig;
    for (; live_next(live).ms <= until.ms && !rig->stuck; wakes--) {
        instant_ms next = live_next(live);
        if (wakes == 0 || news(live) || (live->pressed && live_wants(live))) {
            body_keep(live, wall_ms);
            return false;
        }
        wake(live, next.ms > rig->now.ms ? next : rig->now, wall_ms);
    }
    if (until.ms > rig->now.ms) {
        rig_run_until(rig, until);
        implant_mark(&live->implant, wall_ms);
        body_pass(&live->body, rig);
    }
    body_keep(live, wall_ms);
    return true;
}

void live_hear(struct live *live, enum reach reach, const uint8_t *frame, size_t size, int64_t wall_ms)
{
    struct rig *rig = live->implant.rig;
    if (twin_transmit(&rig->twin, frame, size, reach))
        wake(live, rig->now, wall_ms);
}

size_t live_say(struct live *live, uint8_t frame[RADIO_FRAME_MAX])
{
    const struct rig *rig = live->implant.rig;
    return ether_hear(&rig->twin.ether, &live->ear, rig->now, frame);
}

void live_magnet(struct live *live, bool held)
{
    twin_set_fault(&live->implant.rig->twin, TWIN_FAULT_MAGNET, held ? 1.0 : 0.0);
}

void live_fade(struct live *live, int64_t wall_ms)
{
    struct rig *rig = live->implant.rig;
    const struct rig_reset reset = { .cause = BOOT_BROWN_OUT, .off = { LONG_MS } };
    if (!rig_runs(rig) || !battery_brown_out(&rig->twin.battery, rig->now))
        return;
    rig_reset_as(rig, &reset);
    implant_mark(&live->implant, wall_ms);
}

bool live_event(struct live *live, struct event *event)
{
    struct rig *rig = live->implant.rig;
    uint64_t last = pump_log_last(&rig->pump);
    syringes(live); /* of what was not told over the air */
    if (live->told + LOG_EVENTS < last)
        live->told = last - LOG_EVENTS; /* what was written before the start is not in the pump's memory any more */
    while (live->told < last)
        if (pump_log_read(&rig->pump, ++live->told, event)) {
            struct pump_status status;
            rig_status(rig, &status);
            live->calendar = status.calendar;
            body_event(&live->body, event);
            return true;
        }
    return false;
}

bool live_stuck(const struct live *live)
{
    return live->implant.rig->stuck;
}
