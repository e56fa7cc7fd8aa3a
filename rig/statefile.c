/* statefile.c - files, and nothing that only looks like one. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "rig/statefile.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int statefile_open(int folder, const char *name, int access)
{
    struct stat about;
    int descriptor = openat(folder, name, access | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (descriptor < 0) /* ENXIO: a socket; EISDIR: a folder that is to be written */
        return errno == ENXIO || errno == EISDIR ? STATEFILE_STRANGE : -1;
    if (fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode))
        return descriptor;
    (void)close(descriptor);
    return STATEFILE_STRANGE;
}

int statefile_make(int folder, const char *name)
{
    if (unlinkat(folder, name, 0) != 0 && errno != ENOENT)
        return -1;
    return openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}
