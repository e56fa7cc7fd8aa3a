/* moments.h - moments of a live implant that were kept, each a folder `moments/NAME` in the implant's own: copies of its file and
 * of its patient's, the therapy in force as canonical bytes, a line about it, and a check value over all these. A moment is
 * there whole or not at all, whenever the process ends. It is never opened again as this implant: what becomes of it is a new
 * one. docs/decisions/0030-moments.md */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_MOMENTS_H
#define RIG_MOMENTS_H

#include "rig/control.h"

enum { MOMENT_TEXT_BYTES = 64 };

/* What stands in `moment.json` of one. */
struct moment_about {
    struct control_moment moment;
    char mode[MOMENT_TEXT_BYTES]; /* of the pump, its word */
    char time[MOMENT_TEXT_BYTES]; /* its clock, with its zone; empty: never set */
    int64_t left_nl;              /* truly in the reservoir, rounded down */
    int64_t
        interrupted_ms; /* for so long nothing was metered that should have been; 0: it was, -1: longer than is known */
};

/* Keeps the moment. False, with a sentence. */
bool moments_keep(struct live *live, const char *name, int64_t wall_ms, char fault[CONTROL_FAULT_BYTES]);
/* Those that are there, oldest first (damaged ones before all, under their folder's name), into `control`; what a killed
 * process left half is taken away. */
void moments_list(const struct live *live, struct control *control);
enum moment_fault {
    MOMENT_OK = 0,
    MOMENT_NONE,   /* no folder of a moment */
    MOMENT_DAMAGED /* something of it is not what was kept: nothing of it is to be used */
};

/* Is the folder that of a moment, and all in it as it was kept? */
enum moment_fault moments_judge(const char *folder);
/* The same, and what the moment tells. `size` 0: no therapy was in force. */
enum moment_fault moments_read(const char *folder, struct moment_about *about, uint8_t therapy[THERAPY_BYTES_MAX],
                               size_t *size);

#endif
