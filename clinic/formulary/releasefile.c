/* releasefile.c - a release as one file. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/formulary/releasefile.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const char HEAD[] = "cisterna formulary release 1\nsignature ", ABOUT[] = "cisterna formulary 1";
enum {
    HEAD_BYTES = sizeof HEAD - 1,
    SIGNATURE_DIGITS = 2 * SIGNATURE_BYTES,
    CONTENT_AT = HEAD_BYTES + SIGNATURE_DIGITS + 1 /* the end of the line */
};

static void content_hash(const char *content, size_t size, uint8_t hash[HASH_BYTES])
{
    struct hash_state state;
    hash_begin(&state);
    hash_add(&state, (const uint8_t *)ABOUT, sizeof ABOUT - 1);
    hash_add(&state, (const uint8_t *)content, size);
    hash_end(&state, hash);
}

static char *content_write(const struct shelf *shelf)
{
    json_t *root = json_pack("{s:i, s:i, s:s, s:s, s:O}", "cisterna_formulary_release", 1, "version", (int)shelf->release.version,
                             "date", shelf->release.date, "notes", shelf->release.notes, "entries", shelf->entries);
    char *content = root != NULL ? json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(root);
    return content;
}

char *releasefile_write(const struct shelf *shelf, const struct sitekey *key, size_t *size)
{
    uint8_t hash[HASH_BYTES], signature[SIGNATURE_BYTES];
    char *content = content_write(shelf);
    size_t length = content != NULL ? strlen(content) : 0;
    char *text = content != NULL ? malloc(CONTENT_AT + length + 2) : NULL;
    if (text != NULL) {
        memcpy(text, HEAD, HEAD_BYTES);
        memcpy(text + CONTENT_AT, content, length);
        text[CONTENT_AT + length] = '\n';
        text[CONTENT_AT + length + 1] = '\0';
        content_hash(text + CONTENT_AT, length + 1, hash);
        sitekey_sign(key, hash, signature);
        (void)sodium_bin2hex(text + HEAD_BYTES, SIGNATURE_DIGITS + 1, signature, SIGNATURE_BYTES);
        text[CONTENT_AT - 1] = '\n';
        *size = CONTENT_AT + length + 1;
    }
    free(content);
    return text;
}

/* Is the file whole, and signed by this key? */
static bool signature_holds(const char *text, size_t size, const uint8_t key[SIGN_KEY_BYTES])
{
    uint8_t hash[HASH_BYTES], signature[SIGNATURE_BYTES];
    if (size <= CONTENT_AT || size > RELEASEFILE_BYTES_MAX || memcmp(text, HEAD, HEAD_BYTES) != 0 || text[CONTENT_AT - 1] != '\n')
        return false;
    /* One way to write a signature: capital digits are refused, which libsodium would take too. */
    for (unsigned i = 0; i < SIGNATURE_DIGITS; i++)
        if (text[HEAD_BYTES + i] == '\0' || strchr("0123456789abcdef", text[HEAD_BYTES + i]) == NULL)
            return false;
    if (sodium_hex2bin(signature, sizeof signature, text + HEAD_BYTES, SIGNATURE_DIGITS, NULL, NULL, NULL) != 0)
        return false;
    content_hash(text + CONTENT_AT, size - CONTENT_AT, hash);
    return sign_verify(key, hash, sizeof hash, signature);
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

enum formulary_fault releasefile_read(const char *name, const char *text, size_t size, const uint8_t key[SIGN_KEY_BYTES],
                                      struct shelf *shelf, FILE *messages)
{
    if (!signature_holds(text, size, key)) {
        fprintf(messages, "%s: no release that is whole and signed by this key\n", name);
        return FORMULARY_DAMAGED;
    }
    struct reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return FORMULARY_FAILED;
    *reader = (struct reader){ .file = name, .text = text + CONTENT_AT, .size = size - CONTENT_AT };
    bool good = content_read(reader, shelf);
    reader_print(reader, messages);
    int fault = reader_exit(reader);
    free(reader);
    if (good)
        return FORMULARY_OK;
    return fault == COMPLAINT_MALFORMED ? FORMULARY_MALFORMED : fault == COMPLAINT_REFUSED ? FORMULARY_REFUSED : FORMULARY_FAILED;
}
