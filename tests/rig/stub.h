/* stub.h - a pump of a few lines that writes down each time it is entered, for tests of what enters it. It writes a word of
 * flash at each step, three at each command and one for each frame, which it answers, between two counts in the retained
 * memory. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_RIG_STUB_H
#define TESTS_RIG_STUB_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rig/power.h"
#include "rig/rig.h"

enum { BOOTS_MAX = 64, STEP_MS = 1000, COMMAND_WORDS = 3, BEGUN = 0, ENDED = 1, NEXT_WORD = 2, ERASE_SECTOR = 300 };

struct seen {
    unsigned boots, steps, commands, frames;
    struct { int64_t tick, now; uint8_t cause, image; bool clock_lost; } boot[BOOTS_MAX];
    int64_t step_tick, step_now; /* of the last */
    unsigned boot_words;         /* the boot writes so many */
    bool erase;                  /* the next step begins an erase */
    bool key;                    /* the next step fires the motor */
    bool restart;                /* the next step asks to be started again */
    uint8_t choice;              /* of the boot code: the slot that starts */
};
extern struct seen seen;
extern struct rig *rig;

/* Around each test: a rig that has started, and its end. */
int stub_begin(void **state);
int stub_end(void **state);
void run_to(int64_t ms);

#endif
