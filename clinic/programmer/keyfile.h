/* keyfile.h - a small file that one process at a time holds, and that is replaced as a whole or not at all: a process killed, or
 * power cut, at any moment leaves the bytes before or the bytes after. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PROGRAMMER_KEYFILE_H
#define CLINIC_PROGRAMMER_KEYFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KEYFILE_PATH_BYTES = 1024, KEYFILE_BYTES_MAX = 65536 };

enum keyfile_fault {
    KEYFILE_OK = 0,
    KEYFILE_NONE, /* there is no such file */
    KEYFILE_BUSY, /* another process holds it */
    KEYFILE_IO    /* errno tells */
};

struct keyfile {
    char path[KEYFILE_PATH_BYTES];
    int lock; /* of PATH.lock, which stays when the file itself is replaced; -1: not held */
};

/* Takes hold of the file, which need not exist yet; the folders above it are made, for their owner alone. A link is followed:
 * `path` is then that of the file behind it. */
enum keyfile_fault keyfile_hold(struct keyfile *file, const char *path);
/* The same for one that was held and released. */
enum keyfile_fault keyfile_hold_again(struct keyfile *file);
/* Reads it. A longer one than KEYFILE_BYTES_MAX is told as that many bytes and one. */
enum keyfile_fault keyfile_read(const struct keyfile *file, uint8_t bytes[KEYFILE_BYTES_MAX + 1], size_t *size);
/* Replaces it, on the disk when this returns. For its owner alone (mode 0600). */
enum keyfile_fault keyfile_replace(const struct keyfile *file, const uint8_t *bytes, size_t size);
void keyfile_release(struct keyfile *file);

/* For other files of the same care. */
/* Makes a new file of this mode, whole and on the disk when this returns, or none: what is there already stays (EEXIST). A
 * process killed meanwhile may leave PATH.part0 and so on, which nobody takes for the file. */
bool keyfile_make(const char *path, unsigned mode, const uint8_t *bytes, size_t size);
/* Makes the folders above a path, for their owner alone. */
bool keyfile_folders(const char *path);
/* Syncs the folder of a path: a new name is on the disk only then. */
bool keyfile_sync_folder(const char *path);

#endif
