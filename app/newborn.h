/* newborn.h - what the command line says of an implant: what a new one is made of, or what the one that is there must be. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_NEWBORN_H
#define APP_NEWBORN_H

#include <stdbool.h>

#include "rig/implant.h"

struct newborn {
    const char *model, *serial, *catheter, *seed, *formulary_key, *firmware_key; /* as written; null: not said */
    const char *like; /* folder of a moment, in whose truth a new one comes to stand: rig/moments.h */
};

/* Random bytes of the system's, for keys. False, with a message, when there are none. */
bool newborn_chance(void *bytes, size_t size);
/* An implant out of what was said, the usual for the rest, and keys of the system's chance. Its card is told on standard error,
 * once, and written into the folder. An exit code. */
int newborn_make(struct implant *implant, const struct newborn *newborn, const char *folder, int64_t wall_ms);
/* Does what was said agree with the implant that is there? An exit code. */
int newborn_compare(const struct implant *implant, const struct newborn *newborn);
/* The exit code of a fault, told on standard error. */
int newborn_fault(enum implant_fault fault, const char *folder);

#endif
