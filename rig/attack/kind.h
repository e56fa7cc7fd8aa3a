/* kind.h - the attacks there are: rig/attack/kind.def as a table. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_ATTACK_KIND_H
#define RIG_ATTACK_KIND_H

#include <stdbool.h>
#include <stdint.h>

/* Where an attacker is: as rig/antenna.h names its sockets. */
enum place { PLACE_FAR, PLACE_NEAR, PLACE_MAGNET, PLACES };

#define KIND(name, ...) KIND_##name,
enum attack_kind {
#include "rig/attack/kind.def"
    ATTACK_KINDS
};
#undef KIND

enum { KIND_PROMISES = 7 };

struct attack;

struct kind_row {
    const char *word;
    bool (*run)(struct attack *attack); /* true when it came to its end */
    unsigned promises;                  /* a bit for the number of each */
    const char *ids, *tries, *fear;
    enum place place;
    uint64_t count;                     /* of frames; 0: as many as there are */
    uint32_t unheard;                   /* ANSWERS_BIT of what must not be heard */
    bool anew;                          /* a witness comes in anew afterwards, to see that it still can */
};

/* The row of a kind; null from ATTACK_KINDS on. */
const struct kind_row *kind_row(unsigned kind);
/* What a patient may rely on, promises 1 to 7, in a sentence; never null. */
const char *kind_promise(unsigned promise);
const char *kind_place(enum place place);

#endif
