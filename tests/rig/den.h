/* den.h - a live implant in a folder, and beside it what a process leaves that is killed. For cmocka. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_RIG_DEN_H
#define TESTS_RIG_DEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/rig/cradle.h"

enum { PATH_ROOM = 128, FOREVER = INT32_MAX, SEED = 6 };

extern char folder[PATH_ROOM], other[PATH_ROOM];
extern struct live live; /* in `folder`, as new */
extern struct live again; /* in `other`, once there is something */

int den_begin(void **state);
int den_end(void **state);
void path_in(char path[PATH_ROOM + 16], const char *dir, const char *name);
/* The files as they are now, in the other folder: what a process leaves that is killed at this instant. */
void snapshot(void);
/* Opens that, with the person who has it. */
enum implant_fault reopen(int64_t *wall_ms);
/* Takes all events that wait. */
void drain(struct live *which);
void run_to(struct live *which, int64_t ms);

#endif
