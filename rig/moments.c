/* moments.c - folders of moments. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "rig/moments.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "amount/amount.h"
#include "pump/supervisor.h"
#include "rig/journal.h"
#include "rig/momentseal.h"
#include "rig/statefile.h"

enum { MODE_FOLDER = 0700, MODE_FILE = 0600, COPY_BYTES = 65536 };
static const char MOMENTS[] = "moments", PART[] = ".keeping";

static bool put(int folder, const char *name, const void *bytes, size_t size)
{
    int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, MODE_FILE);
    size_t done = 0;
    while (file >= 0 && done < size) {
        ssize_t some = write(file, (const uint8_t *)bytes + done, size - done);
        if (some < 0 && errno != EINTR)
            break;
        done += some > 0 ? (size_t)some : 0;
    }
    bool good = file >= 0 && done == size && fsync(file) == 0;
    return (file < 0 || close(file) == 0) && good;
}

/* The implant's file as it is now: the pump's own memory is not in it. */
static bool copy_implant(int from, int to)
{
    static uint8_t bytes[COPY_BYTES];
    int in = statefile_open(from, MOMENT_IMPLANT, O_RDONLY);
    int out = openat(to, MOMENT_IMPLANT, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, MODE_FILE);
    bool good = in >= 0 && out >= 0;
    for (ssize_t got = 1; good && got > 0;) {
        got = read(in, bytes, sizeof bytes);
        good = got >= 0 && write(out, bytes, (size_t)got) == got;
    }
    good = good && fsync(out) == 0;
    int error = errno;
    if (in >= 0)
        (void)close(in);
    if (out >= 0)
        (void)close(out);
    errno = error;
    return good;
}

static bool put_about(int folder, const struct live *live, const char *name)
{
    struct rig *rig = live->implant.rig;
    struct pump_status status;
    char civil[CIVIL_TEXT_BYTES] = "", left[AMOUNT_TEXT_BYTES];
    rig_status(rig, &status);
    if (status.calendar.zone[0] != '\0')
        journal_civil(civil, rig_tick(rig), &status.calendar);
    int64_t left_nl = (int64_t)(rig->twin.reservoir_m3 * 1e12); /* rounded down: no drug that is not there */
    amount_write_volume(left, left_nl);
    int64_t interrupted_ms = supervisor_interrupted_told(&rig->pump, rig_tick(rig));
    json_t *about = json_pack("{s:s, s:I, s:s, s:s, s:s, s:I}", "name", name, "elapsed_ms", (json_int_t)rig->now.ms,
                              "mode", mode_word(status.mode), "time", civil, "reservoir", left, "interrupted_ms",
                              (json_int_t)interrupted_ms);
    char *text = about != NULL ? json_dumps(about, JSON_COMPACT) : NULL;
    bool good = text != NULL && put(folder, MOMENT_ABOUT, text, strlen(text));
    free(text);
    json_decref(about);
    return good;
}

static bool fill(int folder, struct live *live, const char *name)
{
    uint8_t therapy[THERAPY_BYTES_MAX];
    const struct board board = twin_board(&live->implant.rig->twin);
    size_t size = pump_therapy(&board, therapy);
    if (live->body.lives)
        body_follow(&live->body, &live->implant.rig->twin);
    return copy_implant(live->implant.folder, folder) && put(folder, MOMENT_THERAPY, therapy, size) &&
           put_about(folder, live, name) &&
           (!live->body.lives || bodyfile_save(folder, &live->body, live->implant.rig->unit.serial, true)) &&
           momentseal_put(folder);
}

/* Takes a folder of ours away, with what is ours in it. */
static void sweep(int moments, const char *name)
{
    static const char *const FILES[] = { MOMENT_IMPLANT, MOMENT_BODY, MOMENT_THERAPY,
                                         MOMENT_ABOUT,   MOMENT_SEAL, ".body.part" };
    int folder = openat(moments, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return;
    for (unsigned i = 0; i < sizeof FILES / sizeof FILES[0]; i++)
        (void)unlinkat(folder, FILES[i], 0);
    (void)close(folder);
    (void)unlinkat(moments, name, AT_REMOVEDIR);
}

bool moments_keep(struct live *live, const char *name, int64_t wall_ms, char fault[CONTROL_FAULT_BYTES])
{
    bool good = mkdirat(live->implant.folder, MOMENTS, MODE_FOLDER) == 0 || errno == EEXIST;
    int moments = good ? openat(live->implant.folder, MOMENTS, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1, folder = -1;
    if (moments >= 0) {
        sweep(moments, PART);
        if (mkdirat(moments, PART, MODE_FOLDER) == 0)
            folder = openat(moments, PART, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    implant_mark(&live->implant, wall_ms);
    /* Whole under a name that nobody takes for a moment; and then that of the moment, in one step. */
    good = folder >= 0 && fill(folder, live, name) && fsync(folder) == 0 &&
           renameat(moments, PART, moments, name) == 0 && fsync(moments) == 0;
    if (!good)
        snprintf(fault, CONTROL_FAULT_BYTES, "the moment cannot be kept in the implant's folder: %s", strerror(errno));
    if (!good && moments >= 0)
        sweep(moments, PART);
    if (folder >= 0)
        (void)close(folder);
    if (moments >= 0)
        (void)close(moments);
    return good;
}

static int by_age(const void *a, const void *b)
{
    const struct control_moment *one = a, *two = b;
    return one->elapsed_ms < two->elapsed_ms ? -1 : one->elapsed_ms > two->elapsed_ms;
}

static bool text_take(const json_t *about, const char *name, char text[MOMENT_TEXT_BYTES])
{
    const char *given = json_string_value(json_object_get(about, name));
    return given != NULL && snprintf(text, MOMENT_TEXT_BYTES, "%s", given) < MOMENT_TEXT_BYTES;
}

static bool about_take(int folder, struct moment_about *about)
{
    int file = statefile_open(folder, MOMENT_ABOUT, O_RDONLY);
    json_t *json = file >= 0 ? json_loadfd(file, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
    const char *name = json_string_value(json_object_get(json, "name"));
    const char *left = json_string_value(json_object_get(json, "reservoir"));
    bool good = name != NULL && control_name_good(name) && text_take(json, "mode", about->mode) &&
                text_take(json, "time", about->time) && left != NULL &&
                amount_read(left, DIMENSION_VOLUME, &about->left_nl) == AMOUNT_OK;
    if (good) {
        snprintf(about->moment.name, sizeof about->moment.name, "%s", name);
        about->moment.damaged = false;
        about->interrupted_ms = json_integer_value(json_object_get(json, "interrupted_ms"));
        about->moment.elapsed_ms = json_integer_value(json_object_get(json, "elapsed_ms"));
    }
    json_decref(json);
    if (file >= 0)
        (void)close(file);
    return good;
}

/* A folder that holds nothing of a moment is somebody else's. */
static enum moment_fault judge(int folder)
{
    if (momentseal_good(folder))
        return MOMENT_OK;
    bool ours = faccessat(folder, MOMENT_ABOUT, F_OK, 0) == 0 || faccessat(folder, MOMENT_SEAL, F_OK, 0) == 0;
    return ours ? MOMENT_DAMAGED : MOMENT_NONE;
}

enum moment_fault moments_judge(const char *folder)
{
    int place = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum moment_fault fault = place >= 0 ? judge(place) : MOMENT_NONE;
    if (place >= 0)
        (void)close(place);
    return fault;
}

enum moment_fault moments_read(const char *folder, struct moment_about *about, uint8_t therapy[THERAPY_BYTES_MAX],
                               size_t *size)
{
    int place = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum moment_fault fault = place >= 0 ? judge(place) : MOMENT_NONE;
    int file = fault == MOMENT_OK ? statefile_open(place, MOMENT_THERAPY, O_RDONLY) : -1;
    ssize_t got = file >= 0 ? read(file, therapy, THERAPY_BYTES_MAX) : -1;
    if (fault == MOMENT_OK && (got < 0 || !about_take(place, about)))
        fault = MOMENT_DAMAGED;
    *size = fault == MOMENT_OK ? (size_t)got : 0;
    if (file >= 0)
        (void)close(file);
    if (place >= 0)
        (void)close(place);
    return fault;
}

/* Into the list, when it is a moment. */
static void moment_add(struct control *control, int folder, const char *name)
{
    struct moment_about about;
    struct control_moment *moment = &control->moment[control->moments];
    enum moment_fault fault = judge(folder);
    if (fault == MOMENT_NONE)
        return;
    control->moments++;
    if (fault == MOMENT_OK && about_take(folder, &about) && strcmp(about.moment.name, name) == 0) {
        *moment = about.moment;
        return;
    }
    *moment = (struct control_moment){ .damaged = true };
    snprintf(moment->name, sizeof moment->name, "%s", name);
}

void moments_list(const struct live *live, struct control *control)
{
    int moments = openat(live->implant.folder, MOMENTS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = moments >= 0 ? fdopendir(moments) : NULL;
    control->moments = 0;
    if (list == NULL)
        return;
    sweep(moments, PART);
    for (struct dirent *entry = readdir(list); entry != NULL && control->moments < CONTROL_MOMENTS_MAX;
         entry = readdir(list)) {
        int folder =
            control_name_good(entry->d_name) ? openat(moments, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
        if (folder < 0)
            continue;
        moment_add(control, folder, entry->d_name);
        (void)close(folder);
    }
    (void)closedir(list); /* and its descriptor */
    qsort(control->moment, control->moments, sizeof control->moment[0], by_age);
}
