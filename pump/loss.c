// SPDX-License-Identifier: Apache-2.0
#include "pump/loss.h"

#include "pump/alarm.h"
#include "pump/engine.h"
#include "pump/standing.h"
#include "pump/supervisor.h"

/* What was lost, as the event memory_lost tells it. */
enum loss { LOSS_LEDGER = 1, LOSS_GOVERNOR = 2, LOSS_THERAPY = 4 };

static void loss_tell(struct pump *pump, enum loss what, enum alarm_index alarm, instant_ms now)
{
    note(pump, now, ACTOR_PUMP, EVENT_MEMORY_LOST, what, 0, 0, 0);
    alarm_happen(pump, alarm, what, now);
    head_move(pump, now);
}

void loss_fit_governor(struct pump *pump, struct kept *kept, instant_ms now)
{
    for (unsigned i = 0; i < pump->now.contents.count; i++) {
        const struct mixture *mixture = &pump->now.contents.stretch[i].mixture;
        for (unsigned c = 0; c < mixture->count; c++) {
            governor_slot(&kept->governor, mixture->component[c].drug); /* room was judged at activation */
        }
    }
    for (unsigned row = 0; row < pump->now.limits; row++) {
        struct limits one = { .count = 1, .drug = { pump->now.limit[row] } };
        governor_limit(&kept->governor, &one, now);
    }
    engine_charge(pump, kept, now);
}

void loss_note_limits(struct pump *pump, const struct kept *kept)
{
    const struct governor *governor = &kept->governor;
    pump->now.limits = 0;
    for (unsigned slot = 0; slot < governor->drugs && slot < GOVERNOR_DRUGS; slot++) {
        struct drug_limit *row = &pump->now.limit[pump->now.limits++];
        row->drug = governor->drug[slot];
        for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
            const struct watch *watch = &governor->watch[kind];
            row->window[kind].fg = watch->era[watch->eras - 1].limit_fg[slot];
        }
    }
    pump->now_changed = true;
}

static uint64_t note_check(const struct ledger_note *note)
{
    return (uint64_t)note->at_ms * 0x9E3779B97F4A7C15u + (uint64_t)note->commanded * 0xC2B2AE3D27D4EB4Fu +
           (uint64_t)note->commanded_course * 0x165667B19E3779F9u + (uint64_t)note->metered * 0xD6E8FEB86659FD93u +
           0x1D8E4E27C47D124Fu;
}

void loss_note_ledger(struct pump *pump, struct kept *kept, instant_ms now)
{
    struct ledger ledger;
    ledger_working(pump, kept, &ledger, now);
    if (!pump->ledger_lost) {
        struct ledger_note note = { now.ms, ledger.commanded, ledger.commanded_course, ledger.metered, 0 };
        note.check = note_check(&note);
        kept->note = note;
        kept->note_again = note;
    }
}

/* The counts noted last: in retained memory, or in flash; none are left when all of these are damaged. */
static struct ledger_note note_last(const struct pump *pump, const struct kept *kept, instant_ms now)
{
    if (note_check(&kept->note) == kept->note.check) {
        return kept->note;
    }
    if (note_check(&kept->note_again) == kept->note_again.check) {
        return kept->note_again;
    }
    const struct checkpoint *last = &pump->keeping.last;
    if (last->stamp != 0) {
        return (struct ledger_note){ last->at_ms, last->commanded, last->commanded_course, last->metered, 0 };
    }
    return (struct ledger_note){ .at_ms = now.ms - DAY_MS };
}

span_ms loss_pace(const struct pump *pump)
{
    rate_nl_day peak = pump->has_therapy ? program_peak(&pump->therapy.program) : pump->now.safe_rate;
    if (course_exclusive(pump->now.course)) {
        peak = pump->now.course_rate; /* until it ends, and then the pace is set anew */
    }
    if (peak.nl_day <= 0) {
        return (span_ms){ 1 };
    }
    int64_t pace_ms = pump->quantum_grain.grain / (GRAIN_PER_RATE_MS * (int64_t)peak.nl_day);
    return (span_ms){ pace_ms > 0 ? pace_ms : 1 };
}

void loss_of_governor(struct pump *pump, struct kept *kept, instant_ms now)
{
    governor_clear(&kept->governor, now);
    loss_fit_governor(pump, kept, now);
    governor_recover(&kept->governor, now, loss_pace(pump));
    pump->now.grants = 0; /* every bolus of the window counts as given: none is granted until recovery is over */
    if (pump->now.course == COURSE_PATIENT || pump->now.course == COURSE_CLINICIAN) {
        course_end(pump, kept, COURSE_RESET, now);
    }
    loss_tell(pump, LOSS_GOVERNOR, ALARM_AT_MEMORY_LOST, now);
}

/* What the limits let pass in so many hours, in quanta, at the lowest concentration that may have been counted. Limits that
 * changed lately are no bound: a window may still be held to older ones. */
static int64_t quanta_within_limits(const struct pump *pump, int64_t hours, instant_ms now)
{
    int64_t quanta = INT64_MAX;
    if (now.ms - pump->now.activated_ms < 2 * (int64_t)DAY_MS) {
        return quanta;
    }
    for (unsigned row = 0; row < pump->now.limits && row < GOVERNOR_DRUGS; row++) {
        conc_ng_ml lowest = { CONC_NG_ML_MAX };
        for (unsigned i = 0; i < pump->now.contents.count; i++) {
            conc_ng_ml conc = mixture_conc(&pump->now.contents.stretch[i].mixture, pump->now.limit[row].drug);
            lowest = conc.ng_ml < lowest.ng_ml ? conc : lowest;
        }
        if (lowest.ng_ml > 0) {
            int64_t each_fg = mass_of_quantum(pump->quantum, lowest).fg;
            int64_t fit = pump->now.limit[row].window[WINDOW_HOUR].fg / each_fg * hours;
            quanta = fit < quanta ? fit : quanta;
        }
    }
    return quanta;
}

/* The most quanta that can have been commanded since the counts were noted, which is done every hour. */
static int64_t quanta_since(const struct pump *pump, const struct ledger_note *note, instant_ms now)
{
    if (!pump->now.has_contents) {
        return 0; /* all memory is lost: there is no reservoir to be careful about, and the counts begin anew */
    }
    rate_nl_day most = pump->has_therapy ? pump->therapy.limits.rate_max : pump->model.rate_max;
    int64_t span = now.ms - note->at_ms + (pump->clock_lost ? HOUR_MS : 0); /* an hour at most passes without a note */
    span_ms since = { span < 0 || span > DAY_MS ? DAY_MS : span };
    int64_t flowed = grain_of_rate(most, since).grain / pump->quantum_grain.grain + 1;
    int64_t allowed = quanta_within_limits(pump, since.ms / HOUR_MS + 1, now);
    return flowed < allowed ? flowed : allowed + 1;
}

void loss_of_ledger(struct pump *pump, struct kept *kept, instant_ms now)
{
    struct ledger ledger;
    struct ledger_note note = note_last(pump, kept, now);
    if (note.metered < pump->now.reservoir_metered) { /* no count goes back behind what else is known */
        note.metered = pump->now.reservoir_metered;
    }
    if (note.commanded < note.metered) {
        note.commanded = note.metered;
    }
    if (note.commanded_course < pump->now.course_commanded) {
        note.commanded_course = pump->now.course_commanded;
    }
    int64_t since = quanta_since(pump, &note, now);
    pump->ledger_lost = false;
    ledger_clear(&ledger, now);
    ledger.commanded = note.commanded + since;
    ledger.commanded_course = note.commanded_course;
    ledger.metered = note.metered + since;
    ledger_store(&kept->ledger, &ledger);
    pump->now.contents.tolerance_fl += since * pump->quantum.fl; /* where a boundary stands is that much less certain */
    if (course_exclusive(pump->now.course)) { /* how much of the prime or bridge was left is not known */
        rate_nl_day cap = pump->now.course_rate;
        supervisor_happen(pump, kept, HAPPENING_FAULT, now);
        pump->now.before_empty = MODE_SAFE;
        pump->now.safe_cap = cap;
    }
    course_end(pump, kept, COURSE_RESET, now);
    loss_tell(pump, LOSS_LEDGER, ALARM_AT_MEMORY_LOST, now);
    loss_of_governor(pump, kept, now);
    engine_flows(pump, kept, now);
}

void loss_of_therapy(struct pump *pump, instant_ms now)
{
    if (pump->now.contents.count > 1 && course_exclusive(pump->now.course)) {
        pump->now.safe_cap = pump->now.course_rate;
    }
    if (pump->now.mode == MODE_RUNNING) {
        note(pump, now, ACTOR_PUMP, EVENT_MODE, MODE_RUNNING, MODE_SAFE, HAPPENING_FAULT, 0);
        pump->now.mode = MODE_SAFE;
    }
    if (pump->now.mode == MODE_EMPTY) {
        pump->now.before_empty = MODE_SAFE;
    }
    if (pump->now.mode == MODE_SAFE && pump->now.safe_rate.nl_day == 0) {
        supervisor_no_flow(pump, now);
    }
    loss_tell(pump, LOSS_THERAPY, ALARM_AT_THERAPY_DAMAGED, now);
}
