// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "rig/crew.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Seen by all processes: which piece is next, and behind which none is wanted any more. */
struct shared {
    uint64_t next, last;
};

/* What goes through the pipe. */
struct letter {
    uint64_t number;
    bool last;
    unsigned char report[CREW_REPORT_MAX];
};
_Static_assert(sizeof(struct letter) <= 4096, "a letter is written in one piece");

static size_t letter_size(const struct crew_work *work)
{
    return offsetof(struct letter, report) + work->report_size;
}

static void last_lower(struct shared *shared, uint64_t number)
{
    uint64_t last = __atomic_load_n(&shared->last, __ATOMIC_RELAXED);
    while (number < last && !__atomic_compare_exchange_n(&shared->last, &last, number, false, __ATOMIC_RELAXED,
                                                         __ATOMIC_RELAXED)) {
    }
}

static void labour(const struct crew_work *work, struct shared *shared, int out)
{
    void *room = calloc(1, work->room_size);
    struct letter letter;
    if (room == NULL)
        _exit(1);
    memset(&letter, 0, sizeof letter);
    for (;;) {
        letter.number = __atomic_fetch_add(&shared->next, 1, __ATOMIC_RELAXED);
        if (letter.number > __atomic_load_n(&shared->last, __ATOMIC_RELAXED))
            break;
        letter.last = work->work(work->context, room, letter.number, letter.report);
        if (letter.last)
            last_lower(shared, letter.number);
        if (write(out, &letter, letter_size(work)) != (ssize_t)letter_size(work))
            _exit(1);
    }
    _exit(0);
}

static bool read_whole(int in, void *bytes, size_t size)
{
    size_t got = 0;
    while (got < size) {
        ssize_t more = read(in, (char *)bytes + got, size - got);
        if (more <= 0 && !(more < 0 && errno == EINTR))
            return false;
        got += more > 0 ? (size_t)more : 0;
    }
    return true;
}

/* What is here already of each piece: its report behind one byte. */
enum { PIECE_MISSING = 0, PIECE_DONE = 1, PIECE_LAST = 2 };

/* Reads letters until all processes have gone, and hands their reports on in order. True when all that was wanted came. */
static bool gather(const struct crew_work *work, int in, unsigned char *pieces)
{
    const size_t stride = 1 + work->report_size;
    uint64_t next = 0, done = 0;
    bool over = false; /* what other processes did beyond the last that is wanted is no part of the answer */
    struct letter letter;
    while (read_whole(in, &letter, letter_size(work))) {
        unsigned char *piece = pieces + (letter.number - work->first) * stride;
        piece[0] = letter.last ? PIECE_LAST : PIECE_DONE;
        memcpy(piece + 1, letter.report, work->report_size);
        done++;
        for (; !over && next < work->count && pieces[next * stride] != PIECE_MISSING; next++) {
            over = pieces[next * stride] == PIECE_LAST;
            if (work->told != NULL)
                work->told(work->context, pieces + next * stride + 1);
        }
        if (work->progress != NULL)
            work->progress(work->context, done, work->count);
    }
    return over || next == work->count;
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

static bool share_out(const struct crew_work *work, struct shared *shared, unsigned char *pieces)
{
    unsigned jobs = work->jobs < 1 ? 1 : work->jobs > CREW_JOBS_MAX ? CREW_JOBS_MAX : work->jobs;
    unsigned started = 0;
    int ends[2];
    pid_t children[CREW_JOBS_MAX];
    if (pipe(ends) != 0)
        return false;
    *shared = (struct shared){ work->first, work->first + work->count - 1 };
    fflush(NULL);
    for (; started < jobs && (children[started] = fork()) >= 0; started++) {
        if (children[started] == 0) {
            close(ends[0]);
            labour(work, shared, ends[1]);
        }
    }
    close(ends[1]);
    bool whole = gather(work, ends[0], pieces);
    close(ends[0]);
    return all_ended(children, started) && started == jobs && whole;
}

bool crew_run(const struct crew_work *work)
{
    if (work->count == 0 || work->report_size > CREW_REPORT_MAX)
        return work->count == 0;
    unsigned char *pieces = calloc(work->count, 1 + work->report_size);
    struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    bool well = pieces != NULL && shared != MAP_FAILED && share_out(work, shared, pieces);
    if (shared != MAP_FAILED)
        munmap(shared, sizeof *shared);
    free(pieces);
    return well;
}
