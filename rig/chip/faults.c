// SPDX-License-Identifier: Apache-2.0
#include "rig/chip/faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rig/chip/cage.h"

/* Where a run can begin, and where it can be the same again: core and rig at the begin of each slice. */
struct moment {
    struct cage_moment core;
    struct ordeal ordeal;
};

struct faults {
    uint64_t seed;
    struct cage cage;
    struct ordeal ordeal;     /* of the run under way; where it lies it was begun, so its pointers are good */
    struct ordeal_record end; /* of the undisturbed run, the whole of it */
    uint32_t wakes;           /* that faults may strike in */
    uint16_t requests[CAGE_WAKES];
    struct moment *moment; /* ORDEAL_SLICES of them */
};

static bool because(char *why, size_t room, const char *text, const char *word)
{
    snprintf(why, room, "%s%s", text, word);
    return false;
}

static bool cage_failed(const struct faults *faults, char *why, size_t room)
{
    const char *chip = faults->cage.chip != NULL ? chip_why(faults->cage.chip) : "there is no chip";
    return because(why, room, "the emulated chip: ", faults->cage.wrong[0] != '\0' ? faults->cage.wrong : chip);
}

/* The stretch undisturbed, a moment kept before each slice. */
static bool live_undisturbed(struct faults *faults, char *why, size_t room)
{
    struct ordeal *ordeal = &faults->ordeal;
    if (!ordeal_begin(ordeal, faults->cage.chip, faults->seed))
        return because(why, room,
                       "the pump on the chip does not take its first therapy: ", chip_why(faults->cage.chip));
    faults->cage.wake = 0;
    faults->cage.requests = faults->requests;
    for (unsigned slice = 0; slice < ORDEAL_SLICES; slice++) {
        memcpy(&faults->moment[slice].ordeal, ordeal, sizeof *ordeal);
        if (!cage_keep(&faults->cage, &faults->moment[slice].core))
            return cage_failed(faults, why, room);
        if (slice == ORDEAL_DEEDS_MS / ORDEAL_SLICE_MS)
            faults->wakes = faults->cage.wake;
        if (!ordeal_pass(ordeal))
            return because(why, room, "the undisturbed run is stuck: ", chip_why(faults->cage.chip));
    }
    faults->cage.requests = NULL;
    memcpy(&faults->end, &ordeal->record, sizeof ordeal->record);
    if (!ordeal->record.whole || ordeal->record.undone > 0 || faults->wakes == 0 || faults->cage.wake > CAGE_WAKES)
        return because(why, room, "the undisturbed run is not what it should be", "");
    return true;
}

const struct ordeal_record *faults_record(const struct faults *faults)
{
    return &faults->ordeal.record;
}

/* Back to the begin of a slice. */
static bool put_back(struct faults *faults, unsigned slice)
{
    const struct moment *moment = &faults->moment[slice];
    if (!cage_back(&faults->cage, &moment->core))
        return false;
    memcpy(&faults->ordeal, &moment->ordeal, sizeof faults->ordeal);
    faults->ordeal.rig.chip = faults->cage.chip;
    return true;
}

static bool ordeal_same(const struct ordeal *a, const struct ordeal *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* Core and twin are where they were in the undisturbed run. */
static bool same_again(struct faults *faults, unsigned slice, bool *same)
{
    *same = false;
    return slice >= ORDEAL_SLICES || chip_end(faults->cage.chip) != CHIP_SLEEPS ||
           !ordeal_same(&faults->ordeal, &faults->moment[slice].ordeal) ||
           cage_same(&faults->cage, &faults->moment[slice].core, same);
}

/* What has been kept can be put back, and what follows then is what followed before: else nothing here means anything. */
static bool again(struct faults *faults, char *why, size_t room)
{
    if (!put_back(faults, 0))
        return cage_failed(faults, why, room);
    for (unsigned slice = 0; slice < ORDEAL_SLICES; slice++) {
        bool same;
        if (!same_again(faults, slice, &same))
            return cage_failed(faults, why, room);
        if (!same) {
            char text[80];
            snprintf(text, sizeof text, "slice %u%s", slice,
                     ordeal_same(&faults->ordeal, &faults->moment[slice].ordeal) ? ", in the core" : ", in the twin");
            return because(why, room, "the undisturbed run is not the same twice: ", text);
        }
        if (!ordeal_pass(&faults->ordeal))
            return because(why, room, "the undisturbed run is stuck: ", chip_why(faults->cage.chip));
    }
    if (memcmp(&faults->ordeal.record, &faults->end, sizeof faults->end) != 0)
        return because(why, room, "the undisturbed run does not end the same way twice", "");
    return true;
}

struct faults *faults_begin(const char *image, uint64_t seed, char *why, size_t room)
{
    struct faults *faults = calloc(1, sizeof *faults);
    if (faults != NULL)
        faults->moment = calloc(ORDEAL_SLICES, sizeof faults->moment[0]);
    if (faults == NULL || faults->moment == NULL) {
        (void)because(why, room, "no memory is left", "");
    } else {
        faults->seed = seed;
        if (cage_open(&faults->cage, image, why, room) && live_undisturbed(faults, why, room) &&
            again(faults, why, room))
            return faults;
    }
    if (faults != NULL)
        faults_end(faults);
    return NULL;
}

void faults_end(struct faults *faults)
{
    cage_close(&faults->cage);
    free(faults->moment);
    free(faults);
}

uint32_t faults_wakes(const struct faults *faults, uint64_t *requests)
{
    *requests = 0;
    for (uint32_t i = 0; i < faults->wakes; i++)
        *requests += faults->requests[i];
    return faults->wakes;
}

static unsigned slice_of(const struct faults *faults, uint32_t wake)
{
    unsigned slice = 0;
    while (slice + 1 < ORDEAL_SLICES && faults->moment[slice + 1].core.wake <= wake)
        slice++;
    return slice;
}

/* From the slice of the glitch on, to the end or to where all is as it was. False when the harness failed. */
static bool live_on(struct faults *faults, unsigned slice, struct faults_run *report, bool *stuck)
{
    struct bus_fault fault;
    *stuck = false;
    while (slice < ORDEAL_SLICES) {
        if (!ordeal_pass(&faults->ordeal)) {
            *stuck = true;
            return faults->cage.wrong[0] == '\0';
        }
        while (chip_fault(faults->cage.chip, &fault))
            report->core_fault = report->core_fault != 0 ? report->core_fault : fault.kind;
        slice++;
        if (faults->cage.wrong[0] != '\0' || (faults->cage.done && !same_again(faults, slice, &report->early)))
            return false;
        if (report->early)
            return true;
    }
    return true;
}

bool faults_live(struct faults *faults, uint64_t run, struct faults_run *report, char *why, size_t room)
{
    const struct glitch_ground ground = { .wakes = faults->wakes,
                                          .requests = faults->requests,
                                          .pump_bytes = chip_hello(faults->cage.chip)->pump_bytes };
    struct cage *cage = &faults->cage;
    const struct chip_counts before = chip_counts(cage->chip);
    bool stuck;
    memset(report, 0, sizeof *report);
    report->run = run;
    report->glitch = glitch_plan(faults->seed, run, &ground);
    unsigned slice = slice_of(faults, report->glitch.wake);
    if (!put_back(faults, slice))
        return cage_failed(faults, why, room);
    cage_arm(cage, &report->glitch);
    bool well = live_on(faults, slice, report, &stuck);
    cage->armed = false;
    if (!well)
        return cage_failed(faults, why, room);
    report->done = cage->done;
    report->pc = cage->pc;
    report->hangs = (uint32_t)(chip_counts(cage->chip).hangs - before.hangs);
    report->lockups = (uint32_t)(chip_counts(cage->chip).deaths - before.deaths);
    imagecode_name(&cage->code, cage->pc, report->where);
    report->resets = faults->ordeal.rig.resets;
    memcpy(report->refused, faults->ordeal.record.refused, sizeof report->refused);
    if (report->early)
        report->aftermath =
            (struct aftermath){ .class = AFTERMATH_MASKED, .text = "core and twin are as undisturbed again" };
    else
        report->aftermath = aftermath_judge(&faults->end, &faults->ordeal.record, stuck || !cage->done);
    return true;
}
