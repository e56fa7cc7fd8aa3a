/* faults.h - the campaign of faults in the core: the same stretch of therapy on an emulated chip, each time with one fault
 * drawn by chance, and what became of it. docs/faults.md. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CHIP_FAULTS_H
#define RIG_CHIP_FAULTS_H

#include "rig/chip/aftermath.h"
#include "rig/chip/corefault.h"
#include "rig/chip/glitch.h"
#include "rig/chip/imagecode.h"

struct faults_run {
    uint64_t run;
    struct glitch glitch;
    bool done;   /* false: its place never came */
    uint32_t pc; /* where the core stood, */
    char where[IMAGECODE_NAME_BYTES]; /* and in which function */
    struct aftermath aftermath;
    bool early; /* core and twin were those of the undisturbed run again at once, so the rest was not lived */
    uint32_t resets, hangs;
    uint32_t lockups;    /* of the hangs: the core locked up, which ends its emulator */
    uint32_t core_fault; /* enum bus_fault_kind that the core told first; 0 none */
    uint32_t refused[DRIVER_REFUSALS];
};

struct faults;

/* Starts the image and lives the stretch undisturbed, twice, which must be the same. Null, with `why`, when any of it fails. */
struct faults *faults_begin(const char *image, uint64_t seed, char *why, size_t room);
void faults_end(struct faults *faults);
/* Wakes of the stretch that faults may strike in, and the requests to the twin in them. */
uint32_t faults_wakes(const struct faults *faults, uint64_t *requests);
/* One run. False, with `why`, when the harness failed and not the chip: the run must be done again in a new one. */
MUST_USE bool faults_live(struct faults *faults, uint64_t run, struct faults_run *report, char *why, size_t room);

/* Of the last run: what moved, and what the pump logged. An early one ends where it was the same again. */
const struct ordeal_record *faults_record(const struct faults *faults);

#endif
