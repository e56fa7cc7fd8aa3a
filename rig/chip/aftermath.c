// SPDX-License-Identifier: Apache-2.0
#include "rig/chip/aftermath.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Sums of doubles over thousands of quanta stray by less than this share of one. */
static const double FORGIVEN_QUANTA = 1e-3;

static const struct {
    const char *word, *text;
    bool fails;
} CLASSES[AFTERMATH_CLASSES] = {
#define AFTERMATH(name, word, fails, text) { word, text, fails },
    AFTERMATHS_EACH(AFTERMATH)
#undef AFTERMATH
};

const char *aftermath_class_word(enum aftermath_class aftermath)
{
    return aftermath < AFTERMATH_CLASSES ? CLASSES[aftermath].word : "";
}

const char *aftermath_class_text(enum aftermath_class aftermath)
{
    return aftermath < AFTERMATH_CLASSES ? CLASSES[aftermath].text : "";
}

bool aftermath_class_fails(enum aftermath_class aftermath)
{
    return aftermath >= AFTERMATH_CLASSES || CLASSES[aftermath].fails;
}

enum aftermath_class aftermath_class_find(const char *word)
{
    unsigned aftermath = 0;
    while (aftermath < AFTERMATH_CLASSES && strcmp(CLASSES[aftermath].word, word) != 0)
        aftermath++;
    return (enum aftermath_class)aftermath;
}

static struct aftermath found(struct aftermath aftermath, enum aftermath_class class, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static struct aftermath found(struct aftermath aftermath, enum aftermath_class class, const char *format, ...)
{
    va_list list;
    aftermath.class = class;
    va_start(list, format);
    vsnprintf(aftermath.text, sizeof aftermath.text, format, list);
    va_end(list);
    return aftermath;
}

static const struct ordeal_point *backward(const struct ordeal_record *run)
{
    for (unsigned i = 1; i < run->points; i++)
        if (run->point[i].displaced_m3 < run->point[i - 1].displaced_m3 ||
            run->point[i].delivered_m3 < run->point[i - 1].delivered_m3 ||
            run->point[i].fired < run->point[i - 1].fired)
            return &run->point[i];
    return NULL;
}

/* The most that left the reservoir in any window of this length. A point stands for what moved since the one before it,
 * all at its own instant: so nothing is judged too mildly. */
static double most_in(const struct ordeal_record *run, int64_t window_ms)
{
    double most = 0;
    unsigned oldest = 0; /* what stands there had moved before the window began */
    for (unsigned i = 1; i < run->points; i++) {
        while (oldest + 1 < i && run->point[oldest + 1].at_ms <= run->point[i].at_ms - window_ms)
            oldest++;
        double in = run->point[i].displaced_m3 - run->point[oldest].displaced_m3;
        most = in > most ? in : most;
    }
    return most;
}

/* The most that was displaced beyond the undisturbed run at any moment; may be negative nowhere: 0 at the begin. */
static double most_beyond(const struct ordeal_record *undisturbed, const struct ordeal_record *run)
{
    double most = 0;
    unsigned other = 0;
    for (unsigned i = 0; i < run->points; i++) {
        while (other + 1 < undisturbed->points && undisturbed->point[other + 1].at_ms <= run->point[i].at_ms)
            other++;
        double beyond = run->point[i].displaced_m3 - undisturbed->point[other].displaced_m3;
        most = beyond > most ? beyond : most;
    }
    return most;
}

static bool event_same(const struct event *a, const struct event *b)
{
    return a->sequence == b->sequence && a->at.ms == b->at.ms && a->epoch == b->epoch && a->code == b->code &&
           a->actor == b->actor && memcmp(a->field, b->field, sizeof a->field) == 0;
}

static bool events_same(const struct ordeal_record *undisturbed, const struct ordeal_record *run)
{
    if (undisturbed->events != run->events)
        return false;
    for (unsigned i = 0; i < run->events; i++)
        if (!event_same(&undisturbed->event[i], &run->event[i]))
            return false;
    return true;
}

static bool points_same(const struct ordeal_record *undisturbed, const struct ordeal_record *run)
{
    if (undisturbed->points != run->points)
        return false;
    for (unsigned i = 0; i < run->points; i++) {
        const struct ordeal_point *a = &undisturbed->point[i], *b = &run->point[i];
        if (a->at_ms != b->at_ms || a->fired != b->fired ||
            memcmp(&a->displaced_m3, &b->displaced_m3, sizeof(double)) != 0 ||
            memcmp(&a->delivered_m3, &b->delivered_m3, sizeof(double)) != 0)
            return false;
    }
    return true;
}

/* Does the log of the run hold a word of trouble that the undisturbed one does not? What is told is told by its kind: an
 * alarm, or an event of a fault. */
static bool trouble(uint16_t code)
{
    static const uint16_t codes[] = { EVENT_BOOT,     EVENT_MODE,           EVENT_ALARM_RAISED,   EVENT_STALL,
                                      EVENT_WITHHELD, EVENT_DRIVER_REFUSED, EVENT_SENSOR,         EVENT_MEMORY_LOST,
                                      EVENT_MENDED,   EVENT_STORE_FAILED,   EVENT_LOG_GAP,        EVENT_SELFTEST,
                                      EVENT_RESETS,   EVENT_CLOCK_LOST,     EVENT_COURSE_SKIPPED, EVENT_REFUSED };
    for (unsigned i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (codes[i] == code)
            return true;
    return false;
}

static unsigned troubles(const struct ordeal_record *run)
{
    unsigned count = 0;
    for (unsigned i = 0; i < run->events; i++)
        count += trouble(run->event[i].code);
    return count;
}

/* So long before the end of the undisturbed run the last quantum of this one. */
static bool flow_ended(const struct ordeal_record *undisturbed, const struct ordeal_record *run)
{
    int64_t end_ms = undisturbed->points > 0 ? undisturbed->point[undisturbed->points - 1].at_ms : 0;
    int64_t last_ms = run->points > 0 ? run->point[run->points - 1].at_ms : 0;
    /* The safe rate is a flow too: its quanta come at longer intervals. */
    const int64_t safe_ms = 250 * (int64_t)DAY_MS / 48000 + 1000;
    return end_ms - last_ms > safe_ms + ordeal_bounds().interval_ms;
}

static uint32_t refusals(const struct ordeal_record *run)
{
    uint32_t sum = 0;
    for (unsigned i = 0; i < DRIVER_REFUSALS; i++)
        sum += run->refused[i];
    return sum;
}

static double displaced_at_end(const struct ordeal_record *run)
{
    return run->points > 0 ? run->point[run->points - 1].displaced_m3 : 0;
}

/* What a limit allows and a quantum more: a limit is judged by whole quanta. */
static bool limit_passed(const struct ordeal_record *run, const struct ordeal_bounds *bounds,
                         struct aftermath *aftermath)
{
    static const int64_t windows[] = { HOUR_MS, DAY_MS };
    const double limits[] = { bounds->hour_m3, bounds->day_m3 };
    for (unsigned i = 0; i < 2; i++) {
        double in = most_in(run, windows[i]), rate = bounds->rate_m3_ms * (double)windows[i];
        double limit = limits[i] < rate ? limits[i] : rate;
        if (in <= limit + bounds->quantum_m3 * FORGIVEN_QUANTA)
            continue;
        *aftermath = found(*aftermath, AFTERMATH_OVERDOSE, "%.3f uL left the reservoir within %s; the limit is %.3f uL",
                           in * 1e9, i == 0 ? "an hour" : "a day", limit * 1e9);
        return true;
    }
    return false;
}

static struct aftermath deliver_judge(const struct ordeal_record *undisturbed, const struct ordeal_record *run,
                                      struct aftermath aftermath)
{
    if (aftermath.more_quanta > 1 + FORGIVEN_QUANTA)
        return aftermath.told ? found(aftermath, AFTERMATH_RAISED, "%.2f quanta more than undisturbed, and told",
                                      aftermath.more_quanta)
                              : found(aftermath, AFTERMATH_OVERDOSE, "%.2f quanta more than undisturbed, and not told",
                                      aftermath.more_quanta);
    if (events_same(undisturbed, run) && points_same(undisturbed, run))
        return found(aftermath, AFTERMATH_MASKED, "nothing to be seen");
    bool ended = flow_ended(undisturbed, run);
    if (ended && !aftermath.heard && !aftermath.reset)
        return found(aftermath, AFTERMATH_STARVED, "flow ended %.2f quanta short, and no alarm was heard",
                     aftermath.less_quanta);
    if (!ended && aftermath.reset)
        return found(aftermath, AFTERMATH_RECOVERED, "reset; %.2f quanta less", aftermath.less_quanta);
    if (!aftermath.told && aftermath.less_quanta > 1 + FORGIVEN_QUANTA)
        return found(aftermath, AFTERMATH_LOWERED, "%.2f quanta less, and not told", aftermath.less_quanta);
    return found(aftermath, AFTERMATH_SAFE, "%.2f quanta less%s%s", aftermath.less_quanta, ended ? ", flow ended" : "",
                 aftermath.told ? ", and told" : "");
}

struct aftermath aftermath_judge(const struct ordeal_record *undisturbed, const struct ordeal_record *run, bool stuck)
{
    const struct ordeal_bounds bounds = ordeal_bounds();
    struct aftermath aftermath = { .refused = refusals(run) - refusals(undisturbed) };
    aftermath.more_quanta = most_beyond(undisturbed, run) / bounds.quantum_m3;
    aftermath.less_quanta = (displaced_at_end(undisturbed) - displaced_at_end(run)) / bounds.quantum_m3;
    aftermath.reset = run->resets > undisturbed->resets;
    aftermath.heard = run->tones > undisturbed->tones;
    aftermath.told = aftermath.reset || aftermath.heard || troubles(run) > troubles(undisturbed) ||
                     run->undone > undisturbed->undone;
    const struct ordeal_point *back = backward(run);
    if (back != NULL)
        return found(aftermath, AFTERMATH_BACKWARD, "at %lld ms less had moved than before", (long long)back->at_ms);
    if (limit_passed(run, &bounds, &aftermath))
        return aftermath;
    if (stuck || !run->whole)
        return found(aftermath, AFTERMATH_UNKNOWN,
                     stuck ? "the run did not come to its end" : "more happened than could be recorded");
    return deliver_judge(undisturbed, run, aftermath);
}
