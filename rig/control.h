/* control.h - what can be asked of and done to a live implant and its patient from outside the simulation: for training and for
 * tests, never over the pump's radio. A request is a line of JSON, and so is its answer: docs/training.md. No file, no socket
 * and no clock here. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CONTROL_H
#define RIG_CONTROL_H

#include "rig/columns.h"
#include "rig/live.h"
#include "rig/pace.h"
#include "rig/trouble.h"

enum { CONTROL_NAME_BYTES = 32, CONTROL_MOMENTS_MAX = 16 /* guess */, CONTROL_FAULT_BYTES = 240 };

/* A moment that was kept. */
struct control_moment {
    char name[CONTROL_NAME_BYTES];
    int64_t elapsed_ms; /* 0 where it is damaged */
    bool damaged;       /* it is not what was kept: nobody can go back to it */
};

/* What needs files: done by whoever has them. */
struct control_edge {
    void *context; /* handed back */
    /* Keeps this moment under its name, whole or not at all. False, with a sentence, when that cannot be. Null: it cannot. */
    bool (*save)(void *context, const char *name, char fault[CONTROL_FAULT_BYTES]);
};

struct control {
    struct live *live;
    struct pace *pace;
    struct control_edge edge;
    bool radio_off;                                                        /* frames neither come nor go */
    int64_t radio_since_ms, battery_since_ms, tip_since_ms, mass_since_ms, ill_since_ms; /* as since_ms */
    int64_t since_ms[TROUBLES_MAX]; /* of each row of rig/trouble.h; -1: from before this control was there */
    struct columns columns;
    unsigned moments; /* oldest first */
    struct control_moment moment[CONTROL_MOMENTS_MAX];
};

/* Nothing has been done, and no moment is known. The rest is to be set. */
void control_begin(struct control *control);
/* When control_pass() wants to be called next; INSTANT_NEVER: never. */
instant_ms control_next(const struct control *control);
/* Notes what is to be seen now, when that is due, for the pictures of later. */
void control_pass(struct control *control);
/* Is this a name for a moment? Letters, digits, "-" and "_", 1 to 31: it becomes the name of a folder. */
bool control_name_good(const char *name);
/* Answers one line. `now_ms`: of the clock that paces; `wall_ms`: for marks. A text for free(); null: no memory. */
char *control_answer(struct control *control, const char *line, size_t size, int64_t now_ms, int64_t wall_ms);

#endif
