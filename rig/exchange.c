// SPDX-License-Identifier: Apache-2.0
#include "rig/exchange.h"

#include <inttypes.h>
#include <string.h>

#include "rig/crew.h"

_Static_assert(sizeof(struct calls_report) <= CREW_REPORT_MAX, "a report is written in one piece");

struct exchange {
    const struct exchange_ask *ask;
    const struct exchange_watch *watch;
    struct exchange_sum *sum;
};

uint64_t exchange_lives(const struct exchange_ask *ask)
{
    return (ask->sessions + EXCHANGE_SESSIONS - 1) / EXCHANGE_SESSIONS;
}

struct calls_ask exchange_life(const struct exchange_ask *ask, uint64_t index)
{
    uint64_t left = ask->sessions - index * EXCHANGE_SESSIONS;
    return (struct calls_ask){ .seed = ask->seed, .loss_percent = ask->loss_percent,
                               .sessions = (uint32_t)(left < EXCHANGE_SESSIONS ? left : EXCHANGE_SESSIONS) };
}

static bool live(void *context, void *room, uint64_t index, void *report)
{
    const struct exchange *exchange = context;
    struct calls *calls = room;
    struct calls_ask ask = exchange_life(exchange->ask, index);
    calls_live(calls, &ask, index);
    memcpy(report, &calls->report, sizeof calls->report);
    return false;
}

static void counts_add(uint64_t *sum, const uint64_t *add, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        sum[i] += add[i];
}

static void ether_add(struct ether_count *sum, const struct ether_count *add)
{
    sum->frames += add->frames;
    sum->bytes += add->bytes;
    sum->lost += add->lost;
    sum->repeated += add->repeated;
    sum->overtaken += add->overtaken;
    sum->damaged += add->damaged;
    sum->crowded += add->crowded;
}

static void report_add(struct exchange_sum *sum, const struct calls_report *report)
{
    struct calls_report *total = &sum->total;
    sum->lives++;
    total->lived_ms += report->lived_ms;
    total->sessions += report->sessions;
    total->opened += report->opened;
    total->died += report->died;
    total->restored += report->restored;
    total->unkept += report->unkept;
    total->unknown += report->unknown;
    total->gone += report->gone;
    counts_add(total->fate, report->fate, FATES);
    counts_add(total->wish, report->wish, CALLS_KINDS);
    total->courses += report->courses;
    total->modes += report->modes;
    total->replayed += report->replayed;
    total->resets += report->resets;
    total->cuts += report->cuts;
    total->hangs += report->hangs;
    total->lost += report->lost;
    total->quanta += report->quanta;
    ether_add(&total->to_pump, &report->to_pump);
    ether_add(&total->from_pump, &report->from_pump);
    sum->broken[report->breach.wrong]++;
    if (report->breach.wrong != WRONG_NONE && sum->worst.breach.wrong == WRONG_NONE)
        sum->worst = *report;
}

static void told(void *context, const void *bytes)
{
    const struct exchange *exchange = context;
    struct calls_report report;
    memcpy(&report, bytes, sizeof report);
    report_add(exchange->sum, &report);
    if (exchange->watch != NULL && exchange->watch->life != NULL)
        exchange->watch->life(exchange->watch->context, &report);
}

static void progressed(void *context, uint64_t done, uint64_t lives)
{
    const struct exchange *exchange = context;
    if (exchange->watch != NULL && exchange->watch->progress != NULL)
        exchange->watch->progress(exchange->watch->context, done, lives);
}

bool exchange_run(const struct exchange_ask *ask, const struct exchange_watch *watch, struct exchange_sum *sum)
{
    struct exchange exchange = { ask, watch, sum };
    memset(sum, 0, sizeof *sum);
    return crew_run(&(struct crew_work){ .count = exchange_lives(ask), .jobs = ask->jobs, .context = &exchange,
                                         .room_size = sizeof(struct calls), .report_size = sizeof(struct calls_report),
                                         .work = live, .told = told, .progress = progressed });
}

void exchange_replay(char *line, size_t room, const struct exchange_ask *ask, const struct calls_report *report)
{
    snprintf(line, room, "cisterna calls --seed %" PRIu64 " --sessions %" PRIu64 " --loss %" PRIu32 " --life %" PRIu64 " --trace",
             ask->seed, ask->sessions, ask->loss_percent, report->index);
}
