/* keyfile.c - a file held by a lock beside it, written under another name and put in its place on the disk. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* flock(), readlink() */
#include "clinic/programmer/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_ROOM = KEYFILE_PATH_BYTES + 8, OWNER_ONLY = 0600, OWNER_FOLDER = 0700 };
enum { LINKS_MAX = 8 /* guess */, PARTS_MAX = 100 /* guess */ };

/* Where the last folder of a path ends; 0 when it names none. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
}

bool keyfile_folders(const char *path)
{
    char folder[KEYFILE_PATH_BYTES];
    size_t length = folder_length(path);
    memcpy(folder, path, length);
    folder[length] = '\0';
    for (size_t i = 1; i <= length; i++) {
        if (folder[i] != '/' && folder[i] != '\0')
            continue;
        char kept = folder[i];
        folder[i] = '\0';
        if (mkdir(folder, OWNER_FOLDER) != 0 && errno != EEXIST)
            return false;
        folder[i] = kept;
    }
    return true;
}

/* Puts what a path that is a link points to in its place, link after link: the file behind it is replaced, not the link, and all
 * who come by a link meet at the same lock. The last one need not exist. */
static bool link_follow(char path[KEYFILE_PATH_BYTES])
{
    for (unsigned i = 0; i < LINKS_MAX; i++) {
        char target[KEYFILE_PATH_BYTES];
        ssize_t read = readlink(path, target, sizeof target);
        if (read < 0)
            return errno == EINVAL || errno == ENOENT || errno == ENOTDIR; /* no link, or nothing yet */
        const char *slash = strrchr(path, '/');
        size_t size = (size_t)read;
        size_t kept = target[0] == '/' || slash == NULL ? 0 : (size_t)(slash - path) + 1; /* from the folder the link is in */
        if (kept + size >= KEYFILE_PATH_BYTES) {
            errno = ENAMETOOLONG;
            return false;
        }
        memcpy(path + kept, target, size);
        path[kept + size] = '\0';
    }
    errno = ELOOP;
    return false;
}

enum keyfile_fault keyfile_hold(struct keyfile *file, const char *path)
{
    *file = (struct keyfile){ .lock = -1 };
    if (strlen(path) >= sizeof file->path || *path == '\0') {
        errno = *path == '\0' ? ENOENT : ENAMETOOLONG;
        return KEYFILE_IO;
    }
    memcpy(file->path, path, strlen(path) + 1);
    return link_follow(file->path) && keyfile_folders(file->path) ? keyfile_hold_again(file) : KEYFILE_IO;
}

enum keyfile_fault keyfile_hold_again(struct keyfile *file)
{
    char lock[NAME_ROOM];
    snprintf(lock, sizeof lock, "%s.lock", file->path);
    file->lock = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, OWNER_ONLY);
    if (file->lock < 0)
        return KEYFILE_IO;
    if (flock(file->lock, LOCK_EX | LOCK_NB) == 0)
        return KEYFILE_OK;
    enum keyfile_fault fault = errno == EWOULDBLOCK ? KEYFILE_BUSY : KEYFILE_IO;
    keyfile_release(file);
    return fault;
}

enum keyfile_fault keyfile_read(const struct keyfile *file, uint8_t bytes[KEYFILE_BYTES_MAX + 1], size_t *size)
{
    *size = 0;
    struct stat about;
    int from = open(file->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC); /* what is no file is not waited for */
    if (from < 0)
        return errno == ENOENT ? KEYFILE_NONE : KEYFILE_IO;
    FILE *stream = fstat(from, &about) == 0 && S_ISREG(about.st_mode) ? fdopen(from, "rb") : NULL;
    if (stream == NULL) {
        (void)close(from);
        errno = EINVAL;
        return KEYFILE_IO;
    }
    *size = fread(bytes, 1, KEYFILE_BYTES_MAX + 1, stream);
    bool bad = ferror(stream) != 0;
    (void)fclose(stream);
    if (bad)
        errno = EIO;
    return bad ? KEYFILE_IO : KEYFILE_OK;
}

static bool bytes_write(int to, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(to, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

bool keyfile_sync_folder(const char *path)
{
    char folder[KEYFILE_PATH_BYTES];
    size_t length = folder_length(path);
    memcpy(folder, length == 0 ? "." : path, length == 0 ? 1 : length);
    folder[length == 0 ? 1 : length] = '\0';
    int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = at >= 0 && fsync(at) == 0;
    if (at >= 0)
        (void)close(at);
    return good;
}

enum keyfile_fault keyfile_replace(const struct keyfile *file, const uint8_t *bytes, size_t size)
{
    char part[NAME_ROOM];
    snprintf(part, sizeof part, "%s.part", file->path);
    (void)unlink(part); /* left by a process that was killed */
    int to = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, OWNER_ONLY);
    if (to < 0)
        return KEYFILE_IO;
    bool good = bytes_write(to, bytes, size) && fsync(to) == 0;
    good = close(to) == 0 && good;
    good = good && rename(part, file->path) == 0 && keyfile_sync_folder(file->path);
    return good ? KEYFILE_OK : KEYFILE_IO;
}

/* Opens a name beside a path that nobody has: what others left, or are just writing, is passed over. */
static int part_open(const char *path, mode_t mode, char part[NAME_ROOM])
{
    int to = -1;
    for (unsigned i = 0; i < PARTS_MAX && to < 0; i++) {
        if ((size_t)snprintf(part, NAME_ROOM, "%s.part%u", path, i) >= NAME_ROOM) {
            errno = ENAMETOOLONG;
            return -1;
        }
        to = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        if (to < 0 && errno != EEXIST)
            return -1;
    }
    return to;
}

bool keyfile_make(const char *path, unsigned mode, const uint8_t *bytes, size_t size)
{
    char part[NAME_ROOM];
    int to = part_open(path, (mode_t)mode, part);
    if (to < 0)
        return false;
    bool good = bytes_write(to, bytes, size) && fsync(to) == 0;
    good = close(to) == 0 && good;
    good = good && link(part, path) == 0; /* unlike rename() it replaces nothing */
    bool made = good;
    good = good && keyfile_sync_folder(path);
    int fault = errno;
    (void)unlink(part);
    if (made && !good)
        (void)unlink(path);
    errno = fault;
    return good;
}

void keyfile_release(struct keyfile *file)
{
    if (file->lock >= 0)
        (void)close(file->lock); /* and with it the lock goes */
    file->lock = -1;
}
