/* releasefile.c - a release as one file. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/formulary/releasefile.h"

#include <stdlib.h>
#include <string.h>

#include "clinic/formulary/signedtext.h"

static const struct signedtext KIND = { "cisterna formulary release 1", "cisterna formulary 1" };

static char *content_write(const struct shelf *shelf)
{
    json_t *root =
        json_pack("{s:i, s:i, s:s, s:s, s:O}", "cisterna_formulary_release", 1, "version", (int)shelf->release.version,
                  "date", shelf->release.date, "notes", shelf->release.notes, "entries", shelf->entries);
    char *content = root != NULL ? json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(root);
    return content;
}

char *releasefile_write(const struct shelf *shelf, const struct sitekey *key, size_t *size)
{
    char *content = content_write(shelf);
    size_t length = content != NULL ? strlen(content) : 0;
    if (content == NULL)
        return NULL;
    content[length] = '\n'; /* in the place of the closing zero: from here on its length counts */
    char *text = signedtext_write(&KIND, key, content, length + 1, size);
    free(content);
    return text;
}

static bool content_read(struct reader *reader, struct shelf *shelf)
{
    struct node root = reader_document(reader);
    bool good = root.value != NULL && release_read(&root, true, &shelf->release);
    struct node list = reader_member(&root, "entries", REQUIRED);
    shelf->headed = good;
    good = good && reader_array(&list, 1, (size_t)FORMULARY_ENTRIES_MAX * REGIONS_MAX);
    for (size_t i = 0; good && i < json_array_size(list.value); i++) {
        struct node element = reader_element(&list, i);
        good = shelf_entry(shelf, &element);
    }
    json_decref(root.value);
    return good;
}

enum formulary_fault releasefile_read(const char *name, const char *text, size_t size,
                                      const uint8_t key[SIGN_KEY_BYTES], struct shelf *shelf, FILE *messages)
{
    const char *content = size <= RELEASEFILE_BYTES_MAX ? signedtext_content(&KIND, text, size, key) : NULL;
    if (content == NULL) {
        fprintf(messages, "%s: no release that is whole and signed by this key\n", name);
        return FORMULARY_DAMAGED;
    }
    struct reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return FORMULARY_FAILED;
    *reader = (struct reader){ .file = name, .text = content, .size = size - (size_t)(content - text) };
    bool good = content_read(reader, shelf);
    reader_print(reader, messages);
    int fault = reader_exit(reader);
    free(reader);
    if (good)
        return FORMULARY_OK;
    return fault == COMPLAINT_MALFORMED ? FORMULARY_MALFORMED
           : fault == COMPLAINT_REFUSED ? FORMULARY_REFUSED
                                        : FORMULARY_FAILED;
}
