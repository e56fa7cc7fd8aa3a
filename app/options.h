/* options.h - what the command line of `cisterna play` asks for. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "app/target.h"

/* Frozen: scripts depend on them. */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,    /* usage, or malformed input */
    EXIT_REFUSED = 3,  /* well formed, but forbidden by a safety limit */
    EXIT_UNKNOWN = 4,  /* outcome unknown */
    EXIT_DAMAGED = 5,  /* data damaged */
    EXIT_VERSION = 6   /* version mismatch */
};

struct play_options {
    const char *scenario; /* file name */
    const char *out;      /* folder, or null */
    bool json, show, has_seed;
    uint64_t seed;
    int64_t until_ms;     /* 0: as the scenario says */
    struct target target;
};

#endif
