/* ahead.c - the clock of a clinic's server that a test can put forward: `cisterna` as it is, but its server's clocks go ahead
 * by what the file says that $CISTERNA_AHEAD names. A watch of an hour at a patient takes an hour otherwise. */
// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "clinic/server/journal.h"

/* The linker puts these in the place of the two clocks (--wrap). */
int64_t __real_server_now(void); // NOLINT: named by the linker
int64_t __real_server_utc(void); // NOLINT
int64_t __wrap_server_now(void); // NOLINT
int64_t __wrap_server_utc(void); // NOLINT

/* In milliseconds; no file: none. It is written under another name and renamed, so that it is whole. */
static int64_t ahead(void)
{
    const char *path = getenv("CISTERNA_AHEAD");
    FILE *file = path != NULL ? fopen(path, "re") : NULL;
    int64_t ms = 0;
    if (file == NULL)
        return 0;
    if (fscanf(file, "%" SCNd64, &ms) != 1)
        ms = 0;
    (void)fclose(file);
    return ms;
}

int64_t __wrap_server_now(void)
{
    return __real_server_now() + ahead();
}

int64_t __wrap_server_utc(void)
{
    return __real_server_utc() + ahead();
}
