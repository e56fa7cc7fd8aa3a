/* faultsfile.h - the runs of a fault campaign as lines of JSON, one a run: written as they are done, and read again by a campaign
 * that goes on where it ended. docs/faults.md has the fields. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_FAULTSFILE_H
#define APP_FAULTSFILE_H

#include <stdio.h>

#include "rig/chip/faults.h"

/* What a campaign came to. */
struct faults_sum {
    uint64_t runs;
    uint64_t count[AFTERMATH_CLASSES][GLITCH_KINDS];
    uint64_t early, resets, hangs, lockups, core_faults, wire;
    uint64_t refused[DRIVER_REFUSALS];
    uint64_t worst; /* the first run of a class that fails; UINT64_MAX none */
};
void faults_sum_clear(struct faults_sum *sum);
void faults_sum_add(struct faults_sum *sum, const struct faults_run *run);

/* The same campaign has the same of these. */
struct faults_head {
    uint64_t seed, from;
    uint32_t image; /* CRC of its code */
};

/* One line, ended. */
void faults_line(FILE *out, const struct faults_run *run);

/* Opens a file to write lines into. One that is there is read first: its runs are added to `sum`, and `*next` is the first
 * that is
 * missing; a last line without an end is dropped. Null, with the fault told on standard error and `*code` its exit code, when it
 * cannot be written, is damaged, or is of another campaign. */
FILE *faultsfile_open(const char *name, const struct faults_head *head, struct faults_sum *sum, uint64_t *next,
                      int *code);

#endif
