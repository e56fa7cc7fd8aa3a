// SPDX-License-Identifier: Apache-2.0
#include "pump/forecast.h"

enum { BUCKETS_MAX = 4000 }; /* how far ahead to look; beyond it the highest concentration is taken for all */

/* A moving point in the future: what will have been commanded up to it. */
struct cursor {
    int64_t at_ms;
    int64_t grain; /* prescribed since now, in hand included */
    int64_t quanta;
    int64_t mass_fg[GOVERNOR_DRUGS];
};

/* The whole question, with the part that runs before the change (when a later start is tried). */
struct view {
    const struct pump *pump;
    const struct governor *governor;
    const struct forecast_ask *ask;
    struct forecast_ask running; /* the course under way now, for the time before the change */
    int64_t now_ms, change_ms;
    int64_t metered_fl; /* position of the contents, the quantum under way counted as metered */
};

struct base_source forecast_base(const struct pump *pump)
{
    struct base_source base = { NULL, { 0 }, pump->now.calendar.offset.ms, INT64_MAX };
    uint8_t mode = pump->now.mode == MODE_EMPTY ? pump->now.before_empty : pump->now.mode; /* a refill brings it back */
    if (mode == MODE_RUNNING && pump->has_therapy) {
        base.program = &pump->therapy.program;
        base.periodic_next_ms = pump->now.periodic_next_ms;
    } else if (mode == MODE_MINIMUM) {
        base.fixed = pump->now.minimum_rate;
    } else if (mode == MODE_SAFE) {
        base.fixed = pump->now.safe_rate;
    }
    return base;
}

static int64_t base_grain(const struct base_source *base, int64_t from_ms, int64_t to_ms)
{
    if (to_ms <= from_ms) {
        return 0;
    }
    span_ms span = { to_ms - from_ms };
    if (base->program == NULL) {
        return grain_of_rate(base->fixed, span).grain;
    }
    int64_t grain = program_base_volume(base->program, (civil_ms){ from_ms + base->offset_ms }, span).grain;
    if (base->periodic_next_ms < to_ms) {
        int64_t interval = (int64_t)base->program->periodic.interval_minutes * MINUTE_MS;
        int64_t first = base->periodic_next_ms;
        int64_t before = from_ms > first ? (from_ms - first + interval - 1) / interval : 0;
        int64_t starts = (to_ms - first + interval - 1) / interval - before;
        grain += starts * grain_of_nl(base->program->periodic.volume).grain;
    }
    return grain;
}

/* Base and course of one phase that began at `start_ms`, between two instants within it. */
static int64_t phase_grain(const struct forecast_ask *ask, int64_t start_ms, int64_t from_ms, int64_t to_ms)
{
    if (ask->course.grain == 0) {
        return base_grain(&ask->base, from_ms, to_ms);
    }
    int64_t end_ms = start_ms + span_until_due(ask->course, ask->course_rate).ms;
    int64_t upto[2];
    const int64_t at[2] = { from_ms, to_ms };
    for (unsigned i = 0; i < 2; i++) {
        upto[i] =
            at[i] >= end_ms ? ask->course.grain : grain_of_rate(ask->course_rate, (span_ms){ at[i] - start_ms }).grain;
    }
    int64_t base_from = ask->exclusive && from_ms < end_ms ? end_ms : from_ms;
    return upto[1] - upto[0] + base_grain(&ask->base, base_from, to_ms);
}

/* Charges the quanta from `cursor` on, one after another as far as the contents change. */
static void cursor_charge(const struct view *view, struct cursor *cursor, int64_t quanta)
{
    int64_t quantum_fl = view->pump->quantum.fl;
    const struct contents *contents = view->ask->contents;
    while (quanta > 0) {
        vol_fl position = { view->metered_fl + cursor->quanta * quantum_fl };
        int64_t run = quanta;
        int64_t next_fl = contents_next(contents, position).fl;
        if (next_fl != INT64_MAX) {
            int64_t until = (next_fl - position.fl + quantum_fl - 1) / quantum_fl;
            run = until < quanta ? until : quanta;
        }
        for (unsigned slot = 0; slot < view->governor->drugs; slot++) {
            conc_ng_ml conc = contents_conc(contents, view->governor->drug[slot], position);
            cursor->mass_fg[slot] += run * mass_of_quantum(view->pump->quantum, conc).fg;
        }
        cursor->quanta += run;
        quanta -= run;
    }
}

static void cursor_move(const struct view *view, struct cursor *cursor, int64_t to_ms)
{
    int64_t from_ms = cursor->at_ms;
    if (from_ms < view->change_ms) {
        int64_t until = to_ms < view->change_ms ? to_ms : view->change_ms;
        cursor->grain += phase_grain(&view->running, view->now_ms, from_ms, until);
        from_ms = until;
    }
    if (to_ms > from_ms) {
        cursor->grain += phase_grain(view->ask, view->change_ms, from_ms, to_ms);
    }
    cursor->at_ms = to_ms;
    cursor_charge(view, cursor, cursor->grain / view->pump->quantum_grain.grain - cursor->quanta);
}

static int64_t limit_new(const struct view *view, const struct watch *watch, unsigned kind, unsigned slot)
{
    const struct limits *limits = view->ask->limits;
    for (unsigned row = 0; limits != NULL && row < limits->count; row++) {
        if (limits->drug[row].drug == view->governor->drug[slot]) {
            return limits->drug[row].window[kind].fg;
        }
    }
    return watch->era[watch->eras - 1].limit_fg[slot];
}

/* What stands in the window now and will still be counted when `later` more buckets have begun. */
static int64_t history_fg(const struct watch *watch, unsigned slot, int64_t later)
{
    int64_t sum = 0;
    for (int64_t bucket = watch->newest - WINDOW_BUCKETS + later; bucket <= watch->newest; bucket++) {
        if (bucket >= 0) {
            sum += watch->window[slot].bucket_fg[bucket % WINDOW_RING];
        }
    }
    return sum;
}

/* How many of the oldest eras will have been left behind when this bucket is the newest (the governor ends them
 * then). */
static unsigned eras_left(const struct watch *watch, int64_t bucket)
{
    unsigned left = 0;
    while (left + 1u < watch->eras && bucket - WINDOW_BUCKETS > watch->era[left + 1].bucket) {
        left++;
    }
    return left;
}

/* The later eras still in force against what will have been charged since now, and the new limits against what since
 * the change. */
static bool eras_hold(const struct watch *watch, unsigned slot, unsigned left, int64_t new_fg, int64_t since_now_fg,
                      int64_t since_change_fg)
{
    int64_t limit = new_fg;
    if (since_change_fg > limit) {
        return false;
    }
    for (unsigned era = watch->eras - 1u; era > left; era--) {
        if (watch->era[era].limit_fg[slot] > limit) {
            limit = watch->era[era].limit_fg[slot];
        }
        if (watch->era[era].spent_fg[slot] + since_now_fg > limit) {
            return false;
        }
    }
    return true;
}

/* All windows that reach back before now; this one ends with `bucket`. `at_change` is the state at the change. */
static bool window_holds(const struct view *view, const struct watch *watch, unsigned kind, const struct cursor *end,
                         const struct cursor *at_change, int64_t bucket)
{
    unsigned left = eras_left(watch, bucket);
    for (unsigned slot = 0; slot < view->governor->drugs; slot++) {
        int64_t new_fg = limit_new(view, watch, kind, slot);
        int64_t ceiling = new_fg;
        for (unsigned era = left; era < watch->eras; era++) {
            ceiling = watch->era[era].limit_fg[slot] > ceiling ? watch->era[era].limit_fg[slot] : ceiling;
        }
        if (history_fg(watch, slot, bucket - watch->newest) + end->mass_fg[slot] > ceiling) {
            return false;
        }
        if (end->at_ms >= view->change_ms &&
            !eras_hold(watch, slot, left, new_fg, end->mass_fg[slot], end->mass_fg[slot] - at_change->mass_fg[slot])) {
            return false;
        }
    }
    return true;
}

/* The most this base can ever command in a window: of what the reservoir holds once the catheter is settled, else of
 * the strongest anywhere. */
static bool worst_holds(const struct view *view, const struct watch *watch, unsigned kind, bool settled)
{
    const struct base_source *base = &view->ask->base;
    const struct contents *contents = view->ask->contents;
    span_ms window = { window_span((enum window_kind)kind).ms + window_bucket_span((enum window_kind)kind).ms };
    vol_grain worst =
        base->program != NULL ? program_worst_volume(base->program, window) : grain_of_rate(base->fixed, window);
    for (unsigned slot = 0; slot < view->governor->drugs; slot++) {
        uint16_t drug = view->governor->drug[slot];
        conc_ng_ml conc = settled ? mixture_conc(contents_reservoir(contents), drug) : contents_highest(contents, drug);
        if (limits_mass(worst, view->pump->quantum, conc).fg > limit_new(view, watch, kind, slot)) {
            return false;
        }
    }
    return true;
}

/* All windows that begin after now: exact up to the horizon, then the program's worst at the highest concentration. */
static bool future_holds(const struct view *view, const struct watch *watch, unsigned kind, struct cursor *begin,
                         struct cursor *end)
{
    int64_t bucket_ms = window_bucket_span((enum window_kind)kind).ms;
    int64_t settle_ms = view->change_ms;
    if (view->ask->course.grain > 0) {
        settle_ms += span_until_due(view->ask->course, view->ask->course_rate).ms;
    }
    const struct contents *contents = view->ask->contents;
    int64_t clear_fl = contents->stretch[contents->count - 1].from_fl + contents->dead_fl + contents->tolerance_fl;
    for (unsigned n = 0; n < BUCKETS_MAX; n++) {
        bool settled = begin->at_ms > settle_ms &&
                       (contents->count == 1 || view->metered_fl + begin->quanta * view->pump->quantum.fl >= clear_fl);
        if (settled) { /* from here on the static judgement of the therapy holds, but no therapy judged a fixed rate */
            return view->ask->base.program != NULL || worst_holds(view, watch, kind, true);
        }
        cursor_move(view, end, end->at_ms + bucket_ms);
        for (unsigned slot = 0; slot < view->governor->drugs; slot++) {
            /* Older eras than the last are behind such a window. */
            int64_t last_fg = watch->era[watch->eras - 1].limit_fg[slot];
            int64_t straddled = begin->at_ms < view->change_ms ? last_fg : 0;
            int64_t new_fg = limit_new(view, watch, kind, slot);
            int64_t limit = new_fg > straddled ? new_fg : straddled;
            if (end->mass_fg[slot] - begin->mass_fg[slot] > limit) {
                return false;
            }
        }
        cursor_move(view, begin, begin->at_ms + bucket_ms);
    }
    return worst_holds(view, watch, kind, false);
}

static bool kind_holds(const struct view *view, const struct ledger *ledger, unsigned kind)
{
    const struct watch *watch = &view->governor->watch[kind];
    int64_t bucket_ms = window_bucket_span((enum window_kind)kind).ms;
    int64_t newest = view->now_ms / bucket_ms;
    struct cursor start = { .at_ms = view->now_ms, .grain = ledger_in_hand(ledger).grain };
    struct cursor end = start;
    struct cursor at_change = start;
    cursor_move(view, &at_change, view->change_ms);
    for (int64_t n = 0; n <= WINDOW_BUCKETS; n++) {
        cursor_move(view, &end, (newest + 1 + n) * bucket_ms);
        if (!window_holds(view, watch, kind, &end, &at_change, newest + n)) {
            return false;
        }
    }
    struct cursor begin = start;
    cursor_move(view, &begin, (newest + 1) * bucket_ms);
    return future_holds(view, watch, kind, &begin, &end);
}

/* Would it pass if the change came this many buckets later and the pump went on as it is until then? */
static bool holds_later(struct view *view, const struct ledger *ledger, enum window_kind kind, int64_t later)
{
    const struct forecast_ask *ask = view->ask;
    struct forecast_ask put_off = *ask;
    int64_t bucket_ms = window_bucket_span(kind).ms;
    view->change_ms = (view->now_ms / bucket_ms + later) * bucket_ms;
    if (ask->anew && ask->base.periodic_next_ms != INT64_MAX) {
        put_off.base.periodic_next_ms = ask->base.periodic_next_ms + view->change_ms - view->now_ms;
    }
    view->ask = &put_off;
    bool holds = kind_holds(view, ledger, WINDOW_HOUR) && kind_holds(view, ledger, WINDOW_DAY);
    view->ask = ask;
    return holds;
}

/* The first start of a bucket from which it would pass: in strides first, because each try costs a whole reckoning. */
static instant_ms forecast_later(struct view *view, const struct ledger *ledger, enum window_kind kind)
{
    static const int64_t stride[] = { 0, 1, 2, 3, 4, 6, 8, 12, 16, 24, WINDOW_RING };
    for (unsigned i = 1; i < sizeof stride / sizeof stride[0]; i++) {
        if (holds_later(view, ledger, kind, stride[i])) {
            int64_t later = stride[i - 1] + 1;
            while (later < stride[i] && !holds_later(view, ledger, kind, later)) {
                later++;
            }
            int64_t bucket_ms = window_bucket_span(kind).ms;
            return (instant_ms){ (view->now_ms / bucket_ms + later) * bucket_ms };
        }
    }
    return INSTANT_NEVER;
}

struct forecast forecast_judge(const struct pump *pump, const struct governor *governor, const struct ledger *ledger,
                               instant_ms now, const struct forecast_ask *ask)
{
    struct view view = { .pump = pump, .governor = governor, .ask = ask, .now_ms = now.ms, .change_ms = now.ms };
    view.metered_fl = (ledger->metered + (ledger->intent != INTENT_NONE)) * pump->quantum.fl;
    view.running = *ask;
    view.running.base = forecast_base(pump);
    view.running.course = (vol_grain){ ledger->course_left_grain };
    view.running.course_rate = pump->now.course_rate;
    view.running.exclusive = pump->now.course == COURSE_PRIME || pump->now.course == COURSE_BRIDGE;
    if (pump->now.course == COURSE_NONE) {
        view.running.course.grain = 0;
    }
    struct forecast forecast = { 0, INSTANT_NEVER };
    const verdict reason[WINDOW_KINDS] = { VERDICT_HOUR_LIMIT, VERDICT_DAY_LIMIT };
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        if (!kind_holds(&view, ledger, kind)) {
            forecast.reasons |= reason[kind];
        }
    }
    if (forecast.reasons == 0) {
        return forecast;
    }
    forecast.earliest =
        forecast_later(&view, ledger, (forecast.reasons & VERDICT_DAY_LIMIT) ? WINDOW_DAY : WINDOW_HOUR);
    return forecast;
}
