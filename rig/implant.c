/* implant.c - a rig in a file. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "rig/implant.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/crc.h"
#include "rig/chip/chip.h"
#include "rig/statefile.h"

enum { IMPLANT_FORMAT = 2, MARKS = 2, PAGE_BYTES = 4096, HEADER_BYTES_LEAST = 64, HEADER_BYTES_MOST = 65536 };
static const double BALANCE_M3 = 1e-12; /* a microlitre: what thirty years of rounding stay far below. Guess */
static const char MAGIC[8] = { 'C', 'I', 'S', 'T', 'E', 'R', 'N', 'A' };
static const char NAME[] = "implant", PART[] = ".implant.part";

/* At the beginning of the file in every version, up to and including `format`. */
struct header {
    char magic[8];
    uint32_t bytes; /* of the whole header */
    uint32_t crc;   /* over what follows in it */
    uint32_t format;
    uint32_t marks_at, rig_at; /* where they lie in the file, and how large things are in this build */
    uint32_t file_bytes, rig_bytes, pump_bytes, twin_bytes;
    struct implant_made made;
};
static const size_t CRC_FROM = offsetof(struct header, format);

/* What lies in front of the pump's memory and of the retained memory. */
struct mark {
    atomic_uint_least64_t number; /* 0: not whole */
    int64_t wall_ms;
    uint8_t rig[offsetof(struct rig, pump)];
    uint8_t twin[offsetof(struct twin, retained)];
};

/* Made by an orderly end over all that is taken from the file; it holds as long as no newer mark is there. */
struct seal {
    uint64_t number; /* of the mark it was made with */
    uint32_t crc, zero;
};

struct front {
    struct header header;
    struct seal seal;
    struct mark mark[MARKS];
};

/* So that the pump's memory begins with a page. */
enum { PUMP_AT = (sizeof(struct front) + offsetof(struct rig, pump) + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES,
       GAP_BYTES = PUMP_AT - offsetof(struct rig, pump) - sizeof(struct front) };

struct implant_file {
    struct header header;
    uint8_t gap[GAP_BYTES];
    struct seal seal;
    struct mark mark[MARKS];
    struct rig rig;
};
_Static_assert(offsetof(struct implant_file, rig) + offsetof(struct rig, pump) == PUMP_AT, "the gap is right");

enum implant_fault implant_enter(struct implant *implant, const char *folder)
{
    *implant = (struct implant){ .folder = -1 };
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return IMPLANT_FAILED;
    implant->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (implant->folder < 0)
        return IMPLANT_FAILED;
    if (flock(implant->folder, LOCK_EX | LOCK_NB) == 0)
        return IMPLANT_OK;
    enum implant_fault fault = errno == EWOULDBLOCK ? IMPLANT_BUSY : IMPLANT_FAILED;
    (void)close(implant->folder);
    implant->folder = -1;
    return fault;
}

static void header_lay_out(struct header *header)
{
    memcpy(header->magic, MAGIC, sizeof MAGIC);
    header->bytes = sizeof *header;
    header->format = IMPLANT_FORMAT;
    header->marks_at = offsetof(struct implant_file, mark);
    header->rig_at = offsetof(struct implant_file, rig);
    header->file_bytes = sizeof(struct implant_file);
    header->rig_bytes = sizeof(struct rig);
    header->pump_bytes = sizeof(struct pump);
    header->twin_bytes = sizeof(struct twin);
}

static uint32_t header_crc(const void *header, uint32_t bytes)
{
    return crc32_of((const uint8_t *)header + CRC_FROM, bytes - CRC_FROM);
}

/* Ordinary memory is not retained: it must not be found in the file after a kill, session keys least of all. Memory of the
 * process is laid over all pages that the pump's fills; its log, which flash has too, has the part of a page that is left.
 * On machines of larger pages all of it stays in the file until the next opening. */
static bool pump_apart(struct rig *rig)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    _Static_assert(offsetof(struct pump, emergency) <= sizeof(struct pump) / PAGE_BYTES * PAGE_BYTES,
                   "sessions and pairings lie on whole pages");
    const uintptr_t from = ((uintptr_t)&rig->pump + page - 1) / page * page;
    const uintptr_t to = (uintptr_t)(&rig->pump + 1) / page * page;
    void *where = (void *)from; /* of the mapping that is there already */
    return to <= from ||
           mmap(where, to - from, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == where;
}

static enum implant_fault map(struct implant *implant, int descriptor, int sharing)
{
    void *memory = mmap(NULL, sizeof(struct implant_file), PROT_READ | PROT_WRITE, sharing, descriptor, 0);
    if (memory == MAP_FAILED)
        return IMPLANT_FAILED;
    implant->file = memory;
    implant->rig = &implant->file->rig;
    return pump_apart(implant->rig) ? IMPLANT_OK : IMPLANT_FAILED;
}

static void unmap(struct implant *implant)
{
    if (implant->file != NULL)
        (void)munmap(implant->file, sizeof *implant->file);
    implant->file = NULL;
    implant->rig = NULL;
}

/* Everything in the file, in its part that nobody sees. */
static enum implant_fault build(struct implant *implant, const struct implant_made *made, const struct rig *before,
                                int64_t wall_ms)
{
    struct header *header = &implant->file->header;
    const struct model *model = &made->unit.model;
    struct twin_setup setup = { .model = model_name(model->code), .seed = made->seed,
                                .calibration = 1.0 + (double)made->unit.calibration.ppm / 1e6 };
    if (setup.model == NULL || made->catheter_mm <= 0)
        return IMPLANT_MALFORMED;
    setup.catheter_m3 = rig_m3((vol_nl){ model_dead_volume(model, made->catheter_mm).nl - model->tubing.nl });
    if (before != NULL ? !rig_succeed(implant->rig, implant->chip, &made->unit, &setup, before)
                       : !rig_start_on(implant->rig, implant->chip, &made->unit, &setup))
        return implant->chip != NULL && chip_end(implant->chip) != CHIP_SLEEPS ? IMPLANT_FAILED : IMPLANT_MALFORMED;
    header_lay_out(header);
    header->made = *made;
    header->crc = header_crc(header, sizeof *header);
    return implant_save(implant, wall_ms) ? IMPLANT_OK : IMPLANT_FAILED;
}

static enum implant_fault make(struct implant *implant, const struct implant_made *made, const struct rig *before,
                               int64_t wall_ms)
{
    struct stat about;
    if (fstatat(implant->folder, NAME, &about, 0) == 0)
        return IMPLANT_THERE;
    int descriptor = statefile_make(implant->folder, PART);
    if (descriptor < 0)
        return IMPLANT_FAILED;
    int refused = posix_fallocate(descriptor, 0, sizeof(struct implant_file));
    enum implant_fault fault = refused == 0 ? map(implant, descriptor, MAP_SHARED) : IMPLANT_FAILED;
    errno = refused != 0 ? refused : errno;
    if (fault == IMPLANT_OK)
        fault = build(implant, made, before, wall_ms);
    if (fault == IMPLANT_OK && (fsync(descriptor) != 0 || linkat(implant->folder, PART, implant->folder, NAME, 0) != 0))
        fault = errno == EEXIST ? IMPLANT_THERE : IMPLANT_FAILED;
    int error = errno;
    (void)unlinkat(implant->folder, PART, 0);
    (void)close(descriptor);
    if (fault != IMPLANT_OK)
        unmap(implant);
    errno = error;
    return fault;
}

enum implant_fault implant_make(struct implant *implant, const struct implant_made *made, int64_t wall_ms)
{
    return make(implant, made, NULL, wall_ms);
}

enum implant_fault implant_succeed(struct implant *implant, const struct implant_made *made, const struct rig *before,
                                   int64_t wall_ms)
{
    return make(implant, made, before, wall_ms);
}

/* Reads so much from the beginning; false when there is less. */
static bool read_whole(int descriptor, void *bytes, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = pread(descriptor, (uint8_t *)bytes + done, size - done, (off_t)done);
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

/* Whole, and of this build? A header of another version is whole when its check value is right, whatever its length. */
static enum implant_fault header_judge(int descriptor)
{
    static union {
        struct header header;
        uint8_t bytes[HEADER_BYTES_MOST];
    } found;
    struct header ours = { .bytes = 0 };
    struct stat about;
    if (fstat(descriptor, &about) != 0)
        return IMPLANT_FAILED;
    if (!read_whole(descriptor, &found, HEADER_BYTES_LEAST) || memcmp(found.header.magic, MAGIC, sizeof MAGIC) != 0)
        return IMPLANT_DAMAGED;
    uint32_t bytes = found.header.bytes;
    if (bytes < HEADER_BYTES_LEAST || bytes > HEADER_BYTES_MOST || !read_whole(descriptor, &found, bytes)
        || found.header.crc != header_crc(&found, bytes))
        return IMPLANT_DAMAGED;
    header_lay_out(&ours);
    if (bytes != ours.bytes || memcmp(&found.header.format, &ours.format, offsetof(struct header, made) - CRC_FROM) != 0)
        return IMPLANT_VERSION;
    return about.st_size == (off_t)sizeof(struct implant_file) ? IMPLANT_OK : IMPLANT_DAMAGED;
}

/* The newest mark that is whole; null when there is none. */
static const struct mark *newest(const struct implant_file *file)
{
    uint64_t first = atomic_load(&file->mark[0].number), second = atomic_load(&file->mark[1].number);
    if (first == 0 && second == 0)
        return NULL;
    return &file->mark[second > first ? 1 : 0];
}

static uint32_t seal_crc(const struct implant_file *file, const struct mark *mark)
{
    uint32_t parts[] = { crc32_of(mark->rig, sizeof mark->rig), crc32_of(mark->twin, sizeof mark->twin),
                         crc32_of((const uint8_t *)file->rig.twin.retained, sizeof file->rig.twin.retained),
                         crc32_of((const uint8_t *)&file->rig.twin.flash, sizeof file->rig.twin.flash),
                         crc32_of((const uint8_t *)&mark->wall_ms, sizeof mark->wall_ms) };
    return crc32_of((const uint8_t *)parts, sizeof parts);
}

/* Can this be the truth of an implant? Time runs from its making to the end of its life, and no drug comes from nowhere. */
static bool plausible(const struct mark *mark)
{
    instant_ms now, twin_now;
    struct twin_totals totals;
    double in_m3, room_m3;
    memcpy(&now, mark->rig + offsetof(struct rig, now), sizeof now);
    memcpy(&twin_now, mark->twin + offsetof(struct twin, now), sizeof twin_now);
    memcpy(&totals, mark->twin + offsetof(struct twin, totals), sizeof totals);
    memcpy(&in_m3, mark->twin + offsetof(struct twin, reservoir_m3), sizeof in_m3);
    memcpy(&room_m3, mark->twin + offsetof(struct twin, reservoir_capacity_m3), sizeof room_m3);
    double off_m3 = totals.filled - totals.withdrawn - totals.displaced - in_m3;
    return now.ms >= 0 && now.ms <= IMPLANT_LIFE_MS && twin_now.ms >= 0 && twin_now.ms <= now.ms && mark->wall_ms >= 0 &&
           in_m3 >= 0 && in_m3 <= room_m3 && off_m3 < BALANCE_M3 && off_m3 > -BALANCE_M3;
}

/* The truth as it was marked. Frames under way have gone elsewhere, and the core's memory is empty. */
static enum implant_fault restore(struct implant *implant)
{
    const struct mark *mark = newest(implant->file);
    struct rig *rig = implant->rig;
    if (mark == NULL)
        return IMPLANT_DAMAGED;
    const struct seal *seal = &implant->file->seal;
    bool sealed = seal->number == atomic_load(&mark->number);
    if (!plausible(mark) || (sealed && seal->crc != seal_crc(implant->file, mark)))
        return IMPLANT_DAMAGED; /* and nothing was changed */
    memcpy(rig, mark->rig, sizeof mark->rig);
    memcpy(&rig->twin, mark->twin, sizeof mark->twin);
    memset(&rig->pump, 0, sizeof rig->pump);
    rig->unit = implant->file->header.made.unit;
    rig->chip = implant->chip;
    rig->twin.cut = (struct twin_cut){ .doors = 0 };
    ether_silence(&rig->twin.ether);
    implant->marks = atomic_load(&mark->number);
    return IMPLANT_OK;
}

static enum implant_fault open_as(struct implant *implant, int64_t *wall_ms, int access, int sharing)
{
    int descriptor = statefile_open(implant->folder, NAME, access);
    if (descriptor == STATEFILE_STRANGE)
        return IMPLANT_DAMAGED;
    if (descriptor < 0)
        return errno == ENOENT ? IMPLANT_NONE : IMPLANT_FAILED;
    enum implant_fault fault = header_judge(descriptor);
    if (fault == IMPLANT_OK)
        fault = map(implant, descriptor, sharing);
    if (fault == IMPLANT_OK)
        fault = restore(implant);
    int error = errno;
    (void)close(descriptor);
    if (fault == IMPLANT_OK)
        *wall_ms = newest(implant->file)->wall_ms;
    else
        unmap(implant);
    errno = error;
    return fault;
}

enum implant_fault implant_open(struct implant *implant, int64_t *wall_ms)
{
    return open_as(implant, wall_ms, O_RDWR, MAP_SHARED);
}

enum implant_fault implant_look(struct implant *implant, int64_t *wall_ms)
{
    return open_as(implant, wall_ms, O_RDONLY, MAP_PRIVATE);
}

const struct implant_made *implant_made(const struct implant *implant)
{
    return &implant->file->header.made;
}

void implant_mark(struct implant *implant, int64_t wall_ms)
{
    struct mark *mark = &implant->file->mark[(implant->marks + 1) % MARKS];
    const struct rig *rig = implant->rig;
    /* The fences keep the compiler, and the machine as others see it, to this order. */
    atomic_store_explicit(&mark->number, 0, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    mark->wall_ms = wall_ms;
    memcpy(mark->rig, rig, sizeof mark->rig);
    memcpy(mark->twin, &rig->twin, sizeof mark->twin);
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&mark->number, ++implant->marks, memory_order_relaxed);
}

bool implant_save(struct implant *implant, int64_t wall_ms)
{
    implant_mark(implant, wall_ms);
    struct implant_file *file = implant->file;
    file->seal = (struct seal){ .number = implant->marks, .crc = seal_crc(file, &file->mark[implant->marks % MARKS]) };
    return msync(implant->file, sizeof *implant->file, MS_SYNC) == 0;
}

void implant_close(struct implant *implant)
{
    if (implant->file != NULL)
        memset(&implant->rig->pump, 0, sizeof implant->rig->pump);
    if (implant->file != NULL)
        implant->rig->chip = NULL;
    unmap(implant);
    if (implant->folder >= 0)
        (void)close(implant->folder);
    implant->folder = -1;
}

bool implant_note(const struct implant *implant, const char *name, const char *text)
{
    int descriptor = openat(implant->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return false;
    size_t size = strlen(text);
    bool good = write(descriptor, text, size) == (ssize_t)size && fsync(descriptor) == 0;
    return close(descriptor) == 0 && good;
}
