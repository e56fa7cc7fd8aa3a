// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "rig/soak.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { JOBS_MAX = 256 };

/* Seen by all processes: which life is next, and behind which none is wanted any more. */
struct shared {
    uint64_t next, last;
};

static void work(const struct soak_ask *ask, struct shared *shared, int out)
{
    struct life *life = calloc(1, sizeof *life);
    if (life == NULL)
        _exit(1);
    for (;;) {
        uint64_t index = __atomic_fetch_add(&shared->next, 1, __ATOMIC_RELAXED);
        if (index > __atomic_load_n(&shared->last, __ATOMIC_RELAXED))
            break;
        life_live(life, ask->seed, index, &ask->mix, ask->until_ms);
        if (life->report.breach.promise != PROMISE_NONE) {
            uint64_t last = __atomic_load_n(&shared->last, __ATOMIC_RELAXED);
            while (index < last && !__atomic_compare_exchange_n(&shared->last, &last, index, false, __ATOMIC_RELAXED,
                                                                __ATOMIC_RELAXED)) {
            }
        }
        if (write(out, &life->report, sizeof life->report) != (ssize_t)sizeof life->report)
            _exit(1);
    }
    _exit(0);
}
_Static_assert(sizeof(struct life_report) <= 4096, "a report is written in one piece");

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

static bool read_whole(int in, struct life_report *report)
{
    size_t got = 0;
    while (got < sizeof *report) {
        ssize_t more = read(in, (char *)report + got, sizeof *report - got);
        if (more <= 0 && !(more < 0 && errno == EINTR))
            return false;
        got += more > 0 ? (size_t)more : 0;
    }
    return true;
}

/* Reads reports until all processes have gone, and hands them on in order of index. */
static void gather(const struct soak_ask *ask, int in, const struct soak_watch *watch, struct soak_sum *sum,
                   struct life_report *all, bool *there)
{
    uint64_t next = 0, done = 0;
    struct life_report report;
    while (read_whole(in, &report)) {
        uint64_t at = report.index - ask->first;
        all[at] = report;
        there[at] = true;
        done++;
        for (; next < ask->lives && there[next]; next++) {
            if (sum->broken > 0)
                continue; /* lived beyond the first breach by another process: not part of the answer */
            report_add(sum, &all[next]);
            if (watch != NULL && watch->life != NULL)
                watch->life(watch->context, &all[next]);
        }
        if (watch != NULL && watch->progress != NULL)
            watch->progress(watch->context, done, ask->lives);
    }
}

static bool all_ended(const pid_t *children, unsigned jobs)
{
    bool well = true;
    for (unsigned i = 0; i < jobs; i++) {
        int status = 0;
        while (waitpid(children[i], &status, 0) < 0 && errno == EINTR) {
        }
        well &= WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    return well;
}

bool soak_run(const struct soak_ask *ask, const struct soak_watch *watch, struct soak_sum *sum)
{
    unsigned jobs = ask->jobs < 1 ? 1 : ask->jobs > JOBS_MAX ? JOBS_MAX : ask->jobs;
    int ends[2];
    pid_t children[JOBS_MAX];
    memset(sum, 0, sizeof *sum);
    struct life_report *all = calloc(ask->lives, sizeof *all);
    bool *there = calloc(ask->lives, sizeof *there);
    struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    bool well = all != NULL && there != NULL && shared != MAP_FAILED && pipe(ends) == 0;
    if (well) {
        *shared = (struct shared){ ask->first, ask->first + ask->lives - 1 };
        fflush(NULL);
        unsigned started = 0;
        for (; started < jobs && (children[started] = fork()) >= 0; started++) {
            if (children[started] == 0) {
                close(ends[0]);
                work(ask, shared, ends[1]);
            }
        }
        close(ends[1]);
        gather(ask, ends[0], watch, sum, all, there);
        close(ends[0]);
        well = all_ended(children, started) && started == jobs && (sum->broken > 0 || sum->lives == ask->lives);
    }
    if (shared != MAP_FAILED)
        munmap(shared, sizeof *shared);
    free(there);
    free(all);
    return well;
}

void soak_replay(char *line, size_t room, uint64_t seed, const char *faults, const struct life_report *report)
{
    snprintf(line, room, "cisterna soak --seed %llu --life %llu --faults '%s' --until '%lld ms'", (unsigned long long)seed,
             (unsigned long long)report->index, faults, (long long)(report->breach.at_ms + 1000));
}
