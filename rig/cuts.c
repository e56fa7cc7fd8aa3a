// SPDX-License-Identifier: Apache-2.0
#include "rig/cuts.h"

#include <stdlib.h>
#include <string.h>

#include "rig/crash.h"

enum { FAR_DOOR = 1 << 30, BEFORE_MS = 3 * 86400000 };
static const int64_t AFTER_MS = 2 * 86400000;

struct cuts {
    const struct cuts_ask *ask;
    struct cuts_report *report;
    struct life *base, *fork; /* fork: plain data, made anew for each run */
    enum clinic_deed deed;    /* of the run under way */
};

/* Up to the part of the ring that is in use: the rest is never read. */
static void fork_make(struct cuts *cuts, const struct life *from)
{
    uint64_t marks = from->oracle.tip.count < TIP_QUANTA ? from->oracle.tip.count : TIP_QUANTA;
    size_t head = offsetof(struct life, oracle) + offsetof(struct oracle, tip) + offsetof(struct tip, ring);
    size_t tail = offsetof(struct life, report);
    memcpy(cuts->fork, from, head + (size_t)marks * sizeof(struct tip_mark));
    memcpy((char *)cuts->fork + tail, (const char *)from + tail, sizeof *from - tail);
}

/* Doors and flash operations of the deed itself. */
static bool count(struct cuts *cuts, enum clinic_deed deed, struct cuts_row *row)
{
    struct life *life = cuts->fork;
    fork_make(cuts, cuts->base);
    uint64_t operations = rig_flash_operations(&life->rig);
    if (!rig_cut_at_door(&life->rig, FAR_DOOR))
        return false;
    clinic_do(life, deed);
    row->operations = rig_flash_operations(&life->rig) - operations;
    row->doors = FAR_DOOR - life->rig.twin.cut.doors;
    rig_cut_none(&life->rig);
    return true;
}

/* The deed, and what comes after it. */
static void live_on(void *context)
{
    struct cuts *cuts = context;
    struct life *life = cuts->fork;
    clinic_do(life, cuts->deed);
    rig_cut_none(&life->rig);
    for (int64_t passed = 0; passed < AFTER_MS && life->oracle.breach.promise == PROMISE_NONE; passed += AFTER_MS / 8) {
        life_pass(life, life->rig.now.ms + AFTER_MS / 8);
        life_look(life);
    }
}

static void judge(struct cuts *cuts, const struct cuts_report *where, struct cuts_row *row)
{
    struct life *life = cuts->fork;
    cuts->deed = where->deed;
    int number = crash_caught(live_on, cuts);
    row->runs++;
    row->cut += life->rig.power.cuts != cuts->base->rig.power.cuts;
    if (number != 0)
        oracle_break(&life->oracle, PROMISE_STUCK, life_tick(life), "the pump's software crashed: signal %d", number);
    if (life->oracle.breach.promise == PROMISE_NONE)
        return;
    row->broken++;
    if (cuts->report->broken++ == 0) {
        cuts->report->life = where->life;
        cuts->report->deed = where->deed;
        cuts->report->at = where->at;
        cuts->report->second = where->second;
        cuts->report->door = where->door;
        cuts->report->phase = where->phase;
        cuts->report->breach = life->oracle.breach;
    }
}

/* The deed once, with power going where it says. */
static void run(struct cuts *cuts, const struct cuts_report *where, struct cuts_row *row)
{
    struct rig_cut cut = { .phase = where->phase }, second = { .phase = where->phase, .flash_operation = where->second };
    fork_make(cuts, cuts->base);
    *(where->door ? &cut.door : &cut.flash_operation) = where->at;
    oracle_disturbed(&cuts->fork->oracle, life_tick(cuts->fork), 0);
    if (!rig_cut(&cuts->fork->rig, &cut) || (where->second != 0 && !rig_cut(&cuts->fork->rig, &second)))
        return;
    judge(cuts, where, row);
}

static void run_all(struct cuts *cuts, uint64_t life, enum clinic_deed deed)
{
    struct cuts_row one = { 0 }, *row = &cuts->report->row[deed];
    struct cuts_report where = { .life = life, .deed = deed };
    if (!count(cuts, deed, &one))
        return;
    row->operations += one.operations;
    row->doors += one.doors;
    for (where.at = 1; where.at <= one.operations; where.at++) {
        for (unsigned phase = FLASH_CUT_BEFORE; phase <= FLASH_CUT_DURING; phase++) {
            where.phase = (enum flash_cut)phase;
            where.second = 0;
            run(cuts, &where, row);
            bool pairs = cuts->ask->pairs && (deed == CLINIC_PROGRAM || deed == CLINIC_REFILL_OTHER);
            for (where.second = 1; pairs && where.second <= one.operations; where.second++)
                run(cuts, &where, row);
        }
    }
    where.second = 0;
    where.door = true;
    for (where.at = 1; cuts->ask->doors && where.at <= one.doors; where.at++)
        run(cuts, &where, row);
}

bool cuts_run(const struct cuts_ask *ask, struct cuts_report *report,
              void (*progress)(void *context, uint64_t done, uint64_t total), void *context)
{
    struct life *start = calloc(1, sizeof *start);
    struct cuts cuts = { .ask = ask, .report = report, .base = calloc(1, sizeof *start), .fork = calloc(1, sizeof *start) };
    const struct mix none = { { 0 } };
    bool well = start != NULL && cuts.base != NULL && cuts.fork != NULL;
    memset(report, 0, sizeof *report);
    for (uint64_t life = 0; well && life < ask->lives; life++) {
        life_live(start, ask->seed, life, &none, BEFORE_MS);
        well = start->oracle.breach.promise == PROMISE_NONE;
        for (unsigned deed = 0; well && deed < CLINIC_DEEDS; deed++) {
            *cuts.base = *start;
            clinic_prepare(cuts.base, (enum clinic_deed)deed);
            run_all(&cuts, life, (enum clinic_deed)deed);
            if (progress != NULL)
                progress(context, life * CLINIC_DEEDS + deed + 1, ask->lives * CLINIC_DEEDS);
        }
    }
    free(start);
    free(cuts.base);
    free(cuts.fork);
    return well;
}
