/* implant.h - a rig that outlives its process: it lies in a file that is mapped into memory, one implant a folder. However
 * the process ends, kill -9 included, that is the core losing its power, and the next start goes on from there.
 *
 * Retained memory and flash are in the file as the pump wrote them, to the byte. The rest of the truth is marked: kept in
 * two copies, of which one is whole at every instant. A mark is taken before the pump may learn of what the mechanism has
 * done, and after each of its steps, so the truth never knows less than the pump. The pump's own memory is
 * not in the file, as a brown-out would lose it: its place there, because a rig is one piece, has memory of the process laid over
 * it, but for less than a page at either end. What is there is wiped at each opening and closing, and never taken. What is
 * left when the machine itself loses power is up to its disk: the file may be of several moments then. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_IMPLANT_H
#define RIG_IMPLANT_H

#include <stddef.h>

#include "rig/rig.h"

enum implant_fault {
    IMPLANT_OK = 0,
    IMPLANT_FAILED,    /* the system refused; errno says why */
    IMPLANT_BUSY,      /* another process has the folder */
    IMPLANT_NONE,      /* there is none in this folder */
    IMPLANT_THERE,     /* there is one already */
    IMPLANT_MALFORMED, /* the twin does not know the model, or its catheter has no length */
    IMPLANT_DAMAGED,   /* the file is not one of ours, has been changed or cut off, or holds what cannot be */
    IMPLANT_VERSION    /* made by another version of this program, which lays out its memory otherwise */
};

/* What is decided when an implant is made, and never changes. */
struct implant_made {
    struct pump_unit unit;
    int32_t catheter_mm;
    uint64_t seed; /* of the twin's own chance; what the pump draws is seeded anew at each start */
};

/* Longer than any implant lasts, and well within what the pump reckons with: guess. */
#define IMPLANT_LIFE_MS (INT64_C(30) * 365 * DAY_MS)

struct implant_file;

struct implant {
    int folder;   /* its descriptor, locked; -1 when there is none */
    struct implant_file *file;
    uint64_t marks;
    struct rig *rig;
    struct chip *chip; /* between implant_enter() and making or opening: what shall run the pump's software; null: this program */
};

/* Makes the folder, if need be, and keeps other processes out of it until implant_close(). */
MUST_USE enum implant_fault implant_enter(struct implant *implant, const char *folder);
/* A new one, in an entered folder that has none: boots at instant 0. `wall_ms` here and below: the wall clock now. */
MUST_USE enum implant_fault implant_make(struct implant *implant, const struct implant_made *made, int64_t wall_ms);
/* The same in the place of another, of the same model and catheter: rig_succeed(). */
MUST_USE enum implant_fault implant_succeed(struct implant *implant, const struct implant_made *made, const struct rig *before,
                                            int64_t wall_ms);
/* The one that is there, with what its mark holds: the core is off, and its memory empty. `*wall_ms`: of the mark. */
MUST_USE enum implant_fault implant_open(struct implant *implant, int64_t *wall_ms);
/* The same, and its file stays as it is whatever becomes of the implant in memory. Neither marked nor saved. */
MUST_USE enum implant_fault implant_look(struct implant *implant, int64_t *wall_ms);
const struct implant_made *implant_made(const struct implant *implant);
/* Marks the truth as it is now. Not while the core is inside a door. */
void implant_mark(struct implant *implant, int64_t wall_ms);
/* Marks, seals with a check value what is taken from the file, and waits until all is on the disk. False, with errno, when it
 * cannot get there. */
MUST_USE bool implant_save(struct implant *implant, int64_t wall_ms);
/* Wipes the pump's own memory and leaves the folder. */
void implant_close(struct implant *implant);

/* A small file in the folder, which must not be there yet, for its owner's eyes only. False, with errno, when that cannot be. */
MUST_USE bool implant_note(const struct implant *implant, const char *name, const char *text);

#endif
