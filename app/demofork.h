/* demofork.h - back to a kept moment: a further pump of the demo, with a serial, keys and memory of its own, in the truth of that
 * moment, and a patient of its own in the records. Nothing that was is taken back. docs/decisions/0030-moments.md */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_DEMOFORK_H
#define APP_DEMOFORK_H

#include "app/demoforkmake.h"
#include "app/demomake.h"
#include "clinic/records/patients.h"
#include "core/therapy.h"
#include "rig/wire.h"

enum { DEMO_FORKS_MAX = 16 /* guess: a process each */ };

/* One that is there. `patient` points into the rest. */
struct demo_fork {
    char serial[SERIAL_BYTES], of[SERIAL_BYTES]; /* of: the pump whose moment it was */
    char name[PATIENT_NAME_BYTES], identifier[PATIENT_IDENTIFIER_BYTES], left[32], note[FORK_NOTE_BYTES];
    const struct demo_patient *root; /* whose patient it was at the very first */
    struct demo_patient patient;
    pid_t pump;
};

struct demoforks {
    const char *folder, *speed;
    unsigned count;
    struct demo_fork fork[DEMO_FORKS_MAX];
    pid_t making;              /* 0: none is being made */
    char serial[SERIAL_BYTES]; /* of that one */
    struct wire wire;
};

/* Starts the pumps that are there, of an earlier time, in the folder of a demo, and listens at `radios/control`. An exit code. */
int demoforks_begin(struct demoforks *forks, const char *folder, const char *speed);
/* Answers whoever asks for one, and never waits: it is made by a process of its own. */
void demoforks_serve(struct demoforks *forks);
/* This process has ended; false when it is none of these. A pump that was made is started. */
bool demoforks_ended(struct demoforks *forks, pid_t pid, int status);
void demoforks_end(struct demoforks *forks);

#endif
