/* statefile.h - a file of an implant's folder, opened so that nothing but a file is read or waited for: a pipe, a socket or a
 * device under its name must not hang whoever opens it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_STATEFILE_H
#define RIG_STATEFILE_H

/* There is something under the name, and it is no regular file. */
enum { STATEFILE_STRANGE = -2 };

/* The file `name` of a folder, for reading (O_RDONLY) or for both (O_RDWR): a descriptor; -1 with errno; or STATEFILE_STRANGE.
 * Whatever a symbolic link points to is judged. */
int statefile_open(int folder, const char *name, int access);
/* A new file, empty, for its owner alone, in the place of whatever had this name before: a descriptor, for both; or -1 with
 * errno. */
int statefile_make(int folder, const char *name);

#endif
