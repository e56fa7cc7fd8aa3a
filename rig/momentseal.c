/* momentseal.c - one check value over the files of a moment. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "rig/momentseal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "link/hash.h"
#include "rig/statefile.h"

enum { MODE_FILE = 0600, PIECE_BYTES = 65536 };
static const char *const FILES[] = { MOMENT_IMPLANT, MOMENT_BODY, MOMENT_THERAPY, MOMENT_ABOUT };

/* Its name, whether it is there, its size, and what is in it: no two moments are the same bytes in a row. */
static bool file_add(struct hash_state *state, int folder, const char *name)
{
    static uint8_t bytes[PIECE_BYTES];
    struct stat about = { .st_size = 0 };
    int file = statefile_open(folder, name, O_RDONLY);
    if (file == STATEFILE_STRANGE || (file < 0 && errno != ENOENT))
        return false;
    bool good = file < 0 || fstat(file, &about) == 0;
    uint8_t head[9] = { file >= 0 };
    for (unsigned i = 0; i < 8; i++)
        head[1 + i] = (uint8_t)((uint64_t)about.st_size >> 8 * i);
    hash_add(state, (const uint8_t *)name, strlen(name) + 1);
    hash_add(state, head, sizeof head);
    for (ssize_t got = 1; file >= 0 && good && got > 0;) {
        got = read(file, bytes, sizeof bytes);
        good = got >= 0;
        if (good)
            hash_add(state, bytes, (size_t)got);
    }
    int error = errno;
    if (file >= 0)
        (void)close(file);
    errno = error;
    return good;
}

static bool seal_of(int folder, uint8_t seal[HASH_BYTES])
{
    struct hash_state state;
    bool good = true;
    hash_begin(&state);
    for (unsigned i = 0; good && i < sizeof FILES / sizeof FILES[0]; i++)
        good = file_add(&state, folder, FILES[i]);
    hash_end(&state, seal);
    return good;
}

bool momentseal_put(int folder)
{
    uint8_t seal[HASH_BYTES];
    if (!seal_of(folder, seal))
        return false;
    int file = openat(folder, MOMENT_SEAL, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, MODE_FILE);
    bool good = file >= 0 && write(file, seal, sizeof seal) == (ssize_t)sizeof seal && fsync(file) == 0;
    return (file < 0 || close(file) == 0) && good;
}

bool momentseal_good(int folder)
{
    uint8_t seal[HASH_BYTES], kept[HASH_BYTES + 1];
    int file = statefile_open(folder, MOMENT_SEAL, O_RDONLY);
    ssize_t got = file >= 0 ? read(file, kept, sizeof kept) : -1;
    if (file >= 0)
        (void)close(file);
    return got == HASH_BYTES && seal_of(folder, seal) && memcmp(seal, kept, sizeof seal) == 0;
}
