/* courier.c - one Bundle on standard output, or a folder with a file for each kind of resource. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* fdopen(), O_NOFOLLOW */
#include "app/records/courier.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clinic/fhir/export.h"

struct folder {
    char path[KIND_END][CLERK_PATH_BYTES];
    FILE *file[KIND_END];
};

static int failed(const struct clerk *clerk, const char *name)
{
    fprintf(stderr, "cisterna records %s: %s: %s\n", clerk->command, name, strerror(errno));
    return EXIT_FAILED;
}

/* Closes what is open, and removes what nothing was written into; all of it, unless it was kept. */
static bool folder_close(struct folder *folder, bool keep)
{
    for (unsigned i = 0; i < KIND_END; i++) {
        if (folder->file[i] == NULL)
            continue;
        bool empty = ftell(folder->file[i]) == 0;
        keep = fsync(fileno(folder->file[i])) == 0 && keep;
        keep = fclose(folder->file[i]) == 0 && keep;
        if (empty)
            (void)unlink(folder->path[i]);
    }
    for (unsigned i = 0; i < KIND_END && !keep; i++)
        if (folder->file[i] != NULL)
            (void)unlink(folder->path[i]);
    return keep;
}

/* A new file for each kind, for its owner alone; never over one that is there. */
static int folder_open(const struct clerk *clerk, const char *name, struct folder *folder)
{
    if (mkdir(name, 0700) != 0 && errno != EEXIST)
        return failed(clerk, name);
    for (unsigned i = 0; i < KIND_END; i++) {
        int size = snprintf(folder->path[i], sizeof folder->path[i], "%s/%s.ndjson", name, kind_word((enum kind)i));
        if (size >= (int)sizeof folder->path[i])
            return clerk_say(clerk, EXIT_USAGE, "the name is too long: ", name);
        int file = open(folder->path[i], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (file < 0 && errno == EEXIST)
            return clerk_say(clerk, EXIT_REFUSED,
                             "there is such a file already; name another folder: ", folder->path[i]);
        folder->file[i] = file < 0 ? NULL : fdopen(file, "wb");
        if (folder->file[i] == NULL)
            return failed(clerk, folder->path[i]);
    }
    return EXIT_DONE;
}

static int lines_write(struct clerk *clerk, const char *name, bool clear)
{
    struct folder folder = { .file = { NULL } };
    uint64_t resources = 0;
    int code = folder_open(clerk, name, &folder);
    if (code == EXIT_DONE)
        code = clerk_fault(clerk, fhir_export_lines(&clerk->records, folder.file, clear, &resources));
    bool kept = folder_close(&folder, code == EXIT_DONE);
    if (code == EXIT_DONE && !kept)
        code = failed(clerk, name);
    if (code == EXIT_DONE && clerk_has(clerk, CLERK_AT_JSON))
        clerk_print(json_pack("{s:s, s:I}", "folder", name, "resources", (json_int_t)resources));
    else if (code == EXIT_DONE)
        printf("%s: %" PRIu64 " resources\n", name, resources);
    return code;
}

int courier_fhir(struct clerk *clerk)
{
    bool clear = clerk_has(clerk, CLERK_AT_CLEAR);
    const char *folder = clerk->value[CLERK_AT_NDJSON];
    int code = clerk_open(clerk);
    if (code != EXIT_DONE)
        return code;
    code = clerk_note(clerk, clear ? WORD_ACTION_DISCLOSE : WORD_ACTION_EXPORT);
    if (code == EXIT_DONE && folder != NULL)
        code = lines_write(clerk, folder, clear);
    else if (code == EXIT_DONE)
        code = clerk_fault(clerk, fhir_export_bundle(&clerk->records, stdout, clear, clerk_now(), NULL));
    records_close(&clerk->records);
    return code;
}
