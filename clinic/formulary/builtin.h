/* builtin.h - the files of formulary/ as they were when this was built, written into C by clinic/formulary/embed.cmake. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FORMULARY_BUILTIN_H
#define CLINIC_FORMULARY_BUILTIN_H

#include <stddef.h>

struct builtin_file {
    const char *name; /* "formulary/morphine.json" */
    const char *text;
    size_t size;
};

extern const struct builtin_file BUILTIN_RELEASE; /* formulary/release.json */
extern const struct builtin_file BUILTIN_ENTRIES[];
extern const size_t BUILTIN_ENTRIES_COUNT;

#endif
