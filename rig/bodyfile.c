/* bodyfile.c - a body in a file. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "rig/bodyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/crc.h"
#include "rig/implant.h"
#include "rig/statefile.h"

enum { BODY_FORMAT = 1 };
static const char MAGIC[8] = { 'C', 'I', 'S', 'B', 'O', 'D', 'Y', '\n' };
static const char NAME[] = "body", PART[] = ".body.part";

/* What follows it is a body as this build lays it out: like the implant beside it, it is read by what wrote it. */
struct header {
    char magic[8];
    uint32_t format, bytes; /* of the body */
    uint32_t crc;           /* over serial and body */
    char serial[SERIAL_BYTES];
};

static uint32_t check(const struct header *header, const struct body *body)
{
    return crc32_more(crc32_of((const uint8_t *)header->serial, sizeof header->serial), (const uint8_t *)body,
                      sizeof *body);
}

static bool write_whole(int descriptor, const void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t put = write(descriptor, (const uint8_t *)bytes + done, size - done);
        if (put < 0 && errno != EINTR)
            return false;
        done += put > 0 ? (size_t)put : 0;
    }
    return true;
}

static bool read_whole(int descriptor, void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = read(descriptor, (uint8_t *)bytes + done, size - done);
        if (got == 0 || (got < 0 && errno != EINTR))
            return false;
        done += got > 0 ? (size_t)got : 0;
    }
    return true;
}

bool bodyfile_save(int folder, const struct body *body, const char serial[SERIAL_BYTES], bool whole)
{
    struct header header = { .format = BODY_FORMAT, .bytes = sizeof *body };
    memcpy(header.magic, MAGIC, sizeof header.magic);
    memcpy(header.serial, serial, sizeof header.serial);
    header.crc = check(&header, body);
    int descriptor = statefile_make(folder, PART);
    if (descriptor < 0)
        return false;
    bool good = write_whole(descriptor, &header, sizeof header) && write_whole(descriptor, body, sizeof *body) &&
                (!whole || fsync(descriptor) == 0);
    good =
        close(descriptor) == 0 && good && renameat(folder, PART, folder, NAME) == 0 && (!whole || fsync(folder) == 0);
    int error = errno;
    if (!good)
        (void)unlinkat(folder, PART, 0);
    errno = error;
    return good;
}

/* Can this be somebody? What the check value cannot say of a file that was written on purpose. */
static bool plausible(const struct body *body)
{
    bool good = body->lives && body->at.ms >= 0 && body->at.ms <= IMPLANT_LIFE_MS;
    for (unsigned i = 0; i < BODY_DRUGS_MAX; i++)
        good = good && body->given_kg[i] >= 0 && body->given_kg[i] < 1.0; /* kg: more than any reservoir ever held */
    return good;
}

static enum bodyfile_fault judge(int descriptor, const char serial[SERIAL_BYTES], struct body *body)
{
    struct header header;
    struct stat about;
    if (fstat(descriptor, &about) != 0)
        return BODYFILE_FAILED;
    if (!read_whole(descriptor, &header, sizeof header) || memcmp(header.magic, MAGIC, sizeof MAGIC) != 0)
        return BODYFILE_DAMAGED;
    if (header.format != BODY_FORMAT || header.bytes != sizeof *body)
        return BODYFILE_VERSION;
    if (about.st_size != (off_t)(sizeof header + sizeof *body) || !read_whole(descriptor, body, sizeof *body) ||
        header.crc != check(&header, body) || !plausible(body))
        return BODYFILE_DAMAGED;
    return memcmp(header.serial, serial, sizeof header.serial) == 0 ? BODYFILE_OK : BODYFILE_OTHER;
}

enum bodyfile_fault bodyfile_open(int folder, const char serial[SERIAL_BYTES], struct body *body)
{
    static struct body found;
    int descriptor = statefile_open(folder, NAME, O_RDONLY);
    if (descriptor == STATEFILE_STRANGE)
        return BODYFILE_DAMAGED;
    if (descriptor < 0)
        return errno == ENOENT ? BODYFILE_NONE : BODYFILE_FAILED;
    enum bodyfile_fault fault = judge(descriptor, serial, &found);
    int error = errno;
    (void)close(descriptor);
    errno = error;
    if (fault == BODYFILE_OK)
        *body = found;
    return fault;
}
