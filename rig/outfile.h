/* outfile.h - a file that appears whole or not at all: written under another name beside its place, put there at the
 * end. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_OUTFILE_H
#define RIG_OUTFILE_H

#include <stdbool.h>
#include <stdio.h>

struct outfile {
    FILE *stream; /* null when nothing is to be written */
    char path[1024], part[1040];
};

/* Opens DIR/.NAME.part. Makes DIR, and the folders above it, when they are missing. False, with errno, when that cannot
 * be. */
bool outfile_open(struct outfile *file, const char *dir, const char *name);
/* The same of a file that only its owner may read, whatever stood under either name before. */
bool outfile_open_private(struct outfile *file, const char *dir, const char *name);
/* Puts it in its place, on the disk before it gets its name; an old file stays until then. False, with errno, on
 * failure. */
bool outfile_commit(struct outfile *file);
/* Gives it up. */
void outfile_drop(struct outfile *file);

#endif
