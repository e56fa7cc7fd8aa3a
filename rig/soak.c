// SPDX-License-Identifier: Apache-2.0
#include "rig/soak.h"

#include <string.h>
#include <unistd.h>

#include "rig/crew.h"

_Static_assert(sizeof(struct life_report) <= CREW_REPORT_MAX, "a report is written in one piece");

struct soak {
    const struct soak_ask *ask;
    const struct soak_watch *watch;
    struct soak_sum *sum;
    struct chip *chip; /* of this process; it ends with it */
};

static bool live(void *context, void *room, uint64_t index, void *report)
{
    struct soak *soak = context;
    struct life *life = room;
    if (soak->ask->chip != NULL && soak->chip == NULL && (soak->chip = soak->ask->chip(soak->ask->context)) == NULL)
        _exit(1); /* it has told why */
    life->chip = soak->chip;
    life_live(life, soak->ask->seed, index, &soak->ask->mix, soak->ask->until_ms);
    memcpy(report, &life->report, sizeof life->report);
    return life->report.breach.promise != PROMISE_NONE;
}

static void counts_add(uint64_t *sum, const uint64_t *add, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        sum[i] += add[i];
}

static void report_add(struct soak_sum *sum, const struct life_report *report)
{
    struct life_report *total = &sum->total;
    sum->lives++;
    sum->lived_ms += report->lived_ms;
    total->quanta += report->quanta;
    total->missed += report->missed;
    total->resets += report->resets;
    total->refills += report->refills;
    total->activations += report->activations;
    total->boluses += report->boluses;
    total->refused += report->refused;
    total->resent += report->resent;
    total->visits += report->visits;
    counts_add(total->injected, report->injected, FAULTS);
    counts_add(total->detected, report->detected, FAULTS);
    counts_add(total->silent, report->silent, FAULTS);
    if (report->breach.promise != PROMISE_NONE) {
        if (sum->broken++ == 0)
            sum->worst = *report;
    }
}

static void told(void *context, const void *bytes)
{
    const struct soak *soak = context;
    struct life_report report;
    memcpy(&report, bytes, sizeof report);
    report_add(soak->sum, &report);
    if (soak->watch != NULL && soak->watch->life != NULL)
        soak->watch->life(soak->watch->context, &report);
}

static void progressed(void *context, uint64_t done, uint64_t lives)
{
    const struct soak *soak = context;
    if (soak->watch != NULL && soak->watch->progress != NULL)
        soak->watch->progress(soak->watch->context, done, lives);
}

bool soak_run(const struct soak_ask *ask, const struct soak_watch *watch, struct soak_sum *sum)
{
    struct soak soak = { .ask = ask, .watch = watch, .sum = sum };
    memset(sum, 0, sizeof *sum);
    return crew_run(&(struct crew_work){ .first = ask->first, .count = ask->lives, .jobs = ask->jobs, .context = &soak,
                                         .room_size = sizeof(struct life), .report_size = sizeof(struct life_report),
                                         .work = live, .told = told, .progress = progressed });
}

void soak_replay(char *line, size_t room, const struct soak_ask *ask, const char *faults, const struct life_report *report)
{
    snprintf(line, room, "cisterna soak --seed %llu --life %llu --faults '%s' --until '%lld ms'%s", (unsigned long long)ask->seed,
             (unsigned long long)report->index, faults, (long long)(report->breach.at_ms + 1000),
             ask->chip != NULL ? " --target chip" : "");
}
