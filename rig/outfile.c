/* outfile.c - a file that appears whole or not at all. */
// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "rig/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Makes the folder and those above it, as far as they are missing. */
static bool folders_make(const char *dir)
{
    char path[1024];
    if (snprintf(path, sizeof path, "%s", dir) >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        return false;
    }
    for (char *c = path + 1; *c != '\0'; c++)
        if (*c == '/') {
            *c = '\0';
            if (mkdir(path, 0777) != 0 && errno != EEXIST)
                return false;
            *c = '/';
        }
    return mkdir(path, 0777) == 0 || errno == EEXIST;
}

static bool names_make(struct outfile *file, const char *dir, const char *name)
{
    file->stream = NULL;
    int size = snprintf(file->path, sizeof file->path, "%s/%s", dir, name);
    if (size < 0 || (size_t)size >= sizeof file->path) {
        errno = ENAMETOOLONG;
        return false;
    }
    snprintf(file->part, sizeof file->part, "%s/.%s.part", dir, name);
    return folders_make(dir);
}

bool outfile_open(struct outfile *file, const char *dir, const char *name)
{
    if (names_make(file, dir, name))
        file->stream = fopen(file->part, "w");
    return file->stream != NULL;
}

bool outfile_open_private(struct outfile *file, const char *dir, const char *name)
{
    /* What a killed run left goes first: it may be somebody's who could read on. */
    if (!names_make(file, dir, name) || (unlink(file->part) != 0 && errno != ENOENT))
        return false;
    int descriptor = open(file->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0)
        return false;
    file->stream = fdopen(descriptor, "w");
    if (file->stream == NULL)
        (void)close(descriptor);
    return file->stream != NULL;
}

bool outfile_commit(struct outfile *file)
{
    if (file->stream == NULL)
        return true;
    bool good = fflush(file->stream) == 0 && fsync(fileno(file->stream)) == 0;
    good = fclose(file->stream) == 0 && good;
    file->stream = NULL;
    return good && rename(file->part, file->path) == 0;
}

void outfile_drop(struct outfile *file)
{
    if (file->stream == NULL)
        return;
    (void)fclose(file->stream);
    (void)unlink(file->part);
    file->stream = NULL;
}
