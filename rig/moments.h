/* moments.h - moments of a live implant that were kept, each a folder `moments/NAME` in the implant's own: copies of its file and
 * of its patient's, the therapy in force as canonical bytes, and a line about it. A moment is there whole or not at all, whenever
 * the process ends. It is never opened again as this implant: what becomes of it is a new one. docs/decisions/0030-moments.md */
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
};

/* Keeps the moment. False, with a sentence. */
bool moments_keep(struct live *live, const char *name, int64_t wall_ms, char fault[CONTROL_FAULT_BYTES]);
/* Those that are there, oldest first, into `control`; what a killed process left half is taken away. */
void moments_list(const struct live *live, struct control *control);
/* Of the folder of one moment. False when it is none. `size` 0: no therapy was in force. */
bool moments_read(const char *folder, struct moment_about *about, uint8_t therapy[THERAPY_BYTES_MAX], size_t *size);

#endif
