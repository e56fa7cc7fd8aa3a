/* formulary.c - the drug library in force. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/formulary/formulary.h"

#include <stdlib.h>
#include <string.h>

#include "clinic/formulary/builtin.h"
#include "clinic/formulary/reading.h"
#include "clinic/formulary/release.h"

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
static bool builtin_add(const struct builtin_file *source, struct reader *reader, struct entry_file *file,
                        struct formulary *formulary, FILE *messages)
{
    *reader = (struct reader){ .file = source->name, .text = source->text, .size = source->size };
    struct node root = reader_document(reader);
    bool good = root.value != NULL && entry_read(&root, file);
    if (good && !formulary_add(formulary, file)) {
        reader_complain(&root, COMPLAINT_REFUSED, "another file has an entry for this drug and region already");
        good = false;
    }
    json_decref(root.value);
    reader_print(reader, messages);
    return good;
}

static bool builtin_release(struct reader *reader, struct release *release, FILE *messages)
{
    *reader = (struct reader){ .file = BUILTIN_RELEASE.name, .text = BUILTIN_RELEASE.text, .size = BUILTIN_RELEASE.size };
    struct node root = reader_document(reader);
    bool good = root.value != NULL && release_read(&root, release);
    json_decref(root.value);
    reader_print(reader, messages);
    return good;
}

static bool builtin_read(struct reader *reader, struct entry_file *file, const char *region, struct formulary *formulary,
                         FILE *messages)
{
    struct release release;
    if (!builtin_release(reader, &release, messages))
        return false;
    if (!formulary_start(formulary, region, release.version)) {
        fprintf(messages, "formulary: there is no region \"%s\"; there are US and EU\n", region);
        return false;
    }
    bool good = true;
    for (size_t i = 0; i < BUILTIN_ENTRIES_COUNT; i++)
        good = builtin_add(&BUILTIN_ENTRIES[i], reader, file, formulary, messages) && good;
    return good;
}

bool formulary_builtin(const char *region, struct formulary *formulary, FILE *messages)
{
    struct reader *reader = calloc(1, sizeof *reader);
    struct entry_file *file = calloc(1, sizeof *file);
    *formulary = (struct formulary){ .version = 0 };
    bool good = reader != NULL && file != NULL && builtin_read(reader, file, region, formulary, messages);
    free(reader);
    free(file);
    if (!good)
        formulary_close(formulary);
    return good;
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
