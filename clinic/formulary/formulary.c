/* formulary.c - the drug library in force. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "clinic/formulary/formulary.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clinic/formulary/builtin.h"
#include "clinic/formulary/releasefile.h"
#include "clinic/programmer/keyfile.h"

bool formulary_start(struct formulary *formulary, const char *region, uint16_t version)
{
    *formulary = (struct formulary){ .version = version };
    for (unsigned i = 0; region_word(i) != NULL; i++)
        if (strcmp(region_word(i), region) == 0) {
            memcpy(formulary->region, region, strlen(region) + 1);
            return true;
        }
    return false;
}

static bool has_region(const struct entry_file *file, const char *region)
{
    for (unsigned i = 0; i < file->regions; i++)
        if (strcmp(file->region[i], region) == 0)
            return true;
    return false;
}

bool formulary_add(struct formulary *formulary, const struct entry_file *file)
{
    if (!has_region(file, formulary->region))
        return true;
    if (formulary->entries == FORMULARY_ENTRIES_MAX || formulary_find(formulary, file->entry.drug) != NULL)
        return false;
    struct entry *grown = realloc(formulary->entry, (formulary->entries + 1) * sizeof *grown);
    if (grown == NULL)
        return false;
    formulary->entry = grown;
    unsigned at = formulary->entries++;
    for (; at > 0 && grown[at - 1].drug > file->entry.drug; at--)
        grown[at] = grown[at - 1];
    grown[at] = file->entry;
    memcpy(grown[at].region, formulary->region, sizeof grown[at].region);
    return true;
}

/* One file that was built in; complaints go to `messages`. */
static bool builtin_take(const struct builtin_file *source, struct reader *reader, struct shelf *shelf, FILE *messages)
{
    *reader = (struct reader){ .file = source->name, .text = source->text, .size = source->size };
    struct node root = reader_document(reader);
    bool good = root.value != NULL && shelf_document(shelf, &root);
    json_decref(root.value);
    reader_print(reader, messages);
    return good;
}

/* What is wrong when a region has no formulary here. */
static enum formulary_fault region_missing(const char *name, const char *region, FILE *messages)
{
    fprintf(messages, "%s: nothing for region \"%s\"; there are US and EU\n", name, region);
    return FORMULARY_MISMATCH;
}

bool formulary_builtin(const char *region, struct formulary *formulary, FILE *messages)
{
    struct reader *reader = calloc(1, sizeof *reader);
    struct shelf shelf;
    *formulary = (struct formulary){ .version = 0 };
    bool good = shelf_start(&shelf) && reader != NULL && builtin_take(&BUILTIN_RELEASE, reader, &shelf, messages);
    for (size_t i = 0; good && i < BUILTIN_ENTRIES_COUNT; i++)
        good = builtin_take(&BUILTIN_ENTRIES[i], reader, &shelf, messages);
    if (good && !shelf_region(&shelf, region, formulary)) {
        (void)region_missing("the formulary that is built in", region, messages);
        good = false;
    }
    free(reader);
    shelf_close(&shelf);
    return good;
}

/* Reads and judges a release file. The shelf is to be closed in any case. */
static enum formulary_fault release_open(const char *path, const uint8_t key[SIGN_KEY_BYTES], struct shelf *shelf, char **text,
                                         size_t *size, FILE *messages)
{
    FILE *file = fopen(path, "rb");
    bool ready = shelf_start(shelf);
    *text = malloc(RELEASEFILE_BYTES_MAX + 1);
    if (file == NULL || !ready || *text == NULL) {
        fprintf(messages, "formulary: cannot read %s: %s\n", path, strerror(errno));
        if (file != NULL)
            (void)fclose(file);
        return FORMULARY_FAILED;
    }
    *size = fread(*text, 1, RELEASEFILE_BYTES_MAX + 1, file);
    bool bad = ferror(file) != 0;
    (void)fclose(file);
    if (bad)
        fprintf(messages, "formulary: cannot read %s\n", path);
    return bad ? FORMULARY_FAILED : releasefile_read(path, *text, *size, key, shelf, messages);
}

enum formulary_fault formulary_open(const char *path, const uint8_t key[SIGN_KEY_BYTES], const char *region,
                                    struct formulary *formulary, FILE *messages)
{
    struct shelf shelf;
    char *text;
    size_t size = 0;
    *formulary = (struct formulary){ .version = 0 };
    enum formulary_fault fault = release_open(path, key, &shelf, &text, &size, messages);
    if (fault == FORMULARY_OK && !shelf_region(&shelf, region, formulary))
        fault = region_missing(path, region, messages);
    free(text);
    shelf_close(&shelf);
    return fault;
}

/* Where a release is to go, there is nothing, a file, or a link to a file that can be read. Anything else may hide a release that
 * is in force, such as a link to a disk that is not there: it stays, and so does its number. */
static enum formulary_fault place_judge(const char *current, bool *there, FILE *messages)
{
    struct stat status;
    *there = lstat(current, &status) == 0;
    if (!*there && (errno == ENOENT || errno == ENOTDIR))
        return FORMULARY_OK;
    bool link = *there && S_ISLNK(status.st_mode);
    if (!*there || (link && (stat(current, &status) != 0 || access(current, R_OK) != 0)))
        fprintf(messages, "formulary: %s %s: %s; %s\n", current,
                link ? "is a link to what cannot be read" : "cannot be looked at", strerror(errno),
                link ? "bring back what it points to, or remove the link to start anew" : "see to its folder");
    else if (!S_ISREG(status.st_mode))
        fprintf(messages, "formulary: %s is no file%s; it must be a release, a link to one, or nothing: move it away\n",
                current, link ? ", and no link to one" : "");
    else
        return FORMULARY_OK;
    return FORMULARY_FAILED;
}

/* Is a release newer than the one in force at a path? Numbers only rise, so that nobody brings old limits back. */
static enum formulary_fault newer_judge(const char *current, const uint8_t key[SIGN_KEY_BYTES], uint16_t version, FILE *messages)
{
    struct shelf shelf;
    char *text;
    size_t size = 0;
    enum formulary_fault fault = release_open(current, key, &shelf, &text, &size, messages);
    if (fault != FORMULARY_OK)
        fprintf(messages, "formulary: what is in force cannot be judged; move %s away to start anew\n", current);
    else if (version <= shelf.release.version) {
        fprintf(messages, "formulary: release %u is in force, and release %u is not newer\n", shelf.release.version, version);
        fault = FORMULARY_MISMATCH;
    }
    free(text);
    shelf_close(&shelf);
    return fault;
}

static enum formulary_fault current_replace(const char *current, const uint8_t key[SIGN_KEY_BYTES], uint16_t version,
                                            const char *text, size_t size, FILE *messages)
{
    struct keyfile file;
    bool there = false;
    enum formulary_fault fault = place_judge(current, &there, messages);
    if (fault != FORMULARY_OK)
        return fault; /* before the folders that a link names are made */
    enum keyfile_fault held = keyfile_hold(&file, current);
    if (held != KEYFILE_OK) {
        fprintf(messages, "formulary: cannot hold %s: %s\n", current, held == KEYFILE_BUSY ? "in use" : strerror(errno));
        return FORMULARY_FAILED;
    }
    fault = place_judge(current, &there, messages); /* once more: another process may have been here before the hold */
    if (fault == FORMULARY_OK && there)
        fault = newer_judge(current, key, version, messages);
    if (fault == FORMULARY_OK && keyfile_replace(&file, (const uint8_t *)text, size) != KEYFILE_OK) {
        fprintf(messages, "formulary: cannot write %s: %s\n", current, strerror(errno));
        fault = FORMULARY_FAILED;
    }
    keyfile_release(&file);
    return fault;
}

enum formulary_fault formulary_load(const char *path, const char *folder, const uint8_t key[SIGN_KEY_BYTES], FILE *messages)
{
    struct shelf shelf;
    char *text, current[KEYFILE_PATH_BYTES];
    size_t size = 0;
    enum formulary_fault fault = release_open(path, key, &shelf, &text, &size, messages);
    if (fault == FORMULARY_OK && (size_t)snprintf(current, sizeof current, "%s/current", folder) >= sizeof current) {
        fprintf(messages, "formulary: the name of the folder is too long\n");
        fault = FORMULARY_FAILED;
    }
    if (fault == FORMULARY_OK)
        fault = current_replace(current, key, shelf.release.version, text, size, messages);
    free(text);
    shelf_close(&shelf);
    return fault;
}

void formulary_close(struct formulary *formulary)
{
    free(formulary->entry);
    *formulary = (struct formulary){ .version = 0 };
}

const struct entry *formulary_find(const struct formulary *formulary, uint16_t drug)
{
    for (unsigned i = 0; i < formulary->entries; i++)
        if (formulary->entry[i].drug == drug)
            return &formulary->entry[i];
    return NULL;
}
