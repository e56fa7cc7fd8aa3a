/* formularyrun.c - what the commands of `cisterna formulary` do. */
// SPDX-License-Identifier: Apache-2.0
#include "app/formularyrun.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/formularylimits.h"
#include "app/formularytext.h"
#include "app/options.h"
#include "app/textfile.h"
#include "clinic/formulary/releasefile.h"
#include "clinic/formulary/telling.h"
#include "clinic/programmer/keyfile.h"

enum { EVERYBODY_READS = 0644 };

json_t *formulary_answer(const char *what)
{
    return json_pack("{s:i, s:s}", what, 1, "notice", "SIMULATION, never for use in people");
}

void formulary_answer_print(json_t *object)
{
    char *text = json_dumps(object, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    if (text != NULL)
        printf("%s\n", text);
    free(text);
    json_decref(object);
}

/* The formulary of one region that was asked about: the built-in one, or a release's. */
static int region_open(const struct formulary_ask *ask, const char *region, struct formulary *formulary)
{
    uint8_t key[SIGN_KEY_BYTES];
    const char *release = ask->value[FORMULARY_RELEASE_AT], *key_file = ask->value[FORMULARY_KEY_AT];
    if ((release == NULL) != (key_file == NULL))
        return formulary_usage(ask, "--release and --key belong together", "");
    if (release == NULL)
        return formulary_builtin(region, formulary, stderr) ? EXIT_DONE : EXIT_FAILED;
    int code = (int)sitekey_read_public(key_file, key, stderr);
    return code == EXIT_DONE ? (int)formulary_open(release, key, region, formulary, stderr) : code;
}

/* Something done with the formulary of one region, whose answer goes to the list. */
typedef int region_act(const struct formulary_ask *ask, const struct formulary *formulary, json_t *list);

/* Does it for each region that was asked about. */
static int regions_do(const struct formulary_ask *ask, region_act *act, json_t *list)
{
    const char *only = ask->value[FORMULARY_REGION_AT];
    bool known = only == NULL;
    for (unsigned i = 0; region_word(i) != NULL; i++)
        known |= only != NULL && strcmp(only, region_word(i)) == 0;
    if (!known)
        return formulary_usage(ask, "--region is US or EU, not ", only);
    for (unsigned i = 0; region_word(i) != NULL; i++) {
        struct formulary formulary = { .version = 0 };
        if (only != NULL && strcmp(only, region_word(i)) != 0)
            continue;
        int code = region_open(ask, region_word(i), &formulary);
        if (code == EXIT_DONE)
            code = act(ask, &formulary, list);
        formulary_close(&formulary);
        if (code != EXIT_DONE)
            return code;
    }
    return EXIT_DONE;
}

static int list_region(const struct formulary_ask *ask, const struct formulary *formulary, json_t *list)
{
    for (unsigned i = 0; i < formulary->entries; i++) {
        const struct entry *entry = &formulary->entry[i];
        if (ask->value[FORMULARY_JSON_AT] == NULL)
            formularytext_line(entry, stdout);
        json_array_append_new(list, json_pack("{s:s, s:s, s:i}", "drug", drug_word(entry->drug), "region", entry->region,
                                              "release", (int)formulary->version));
    }
    return EXIT_DONE;
}

static int show_region(const struct formulary_ask *ask, const struct formulary *formulary, json_t *list)
{
    uint16_t drug = drug_code(ask->word[0]);
    const struct entry *entry = formulary_find(formulary, drug);
    if (drug == DRUG_NONE)
        return formulary_usage(ask, "there is no such drug: ", ask->word[0]);
    if (entry == NULL) {
        fprintf(stderr, "cisterna formulary show: %s has no entry for region %s, so it cannot be programmed\n", drug_word(drug),
                formulary->region);
        return EXIT_REFUSED;
    }
    if (ask->value[FORMULARY_JSON_AT] == NULL) {
        printf("%srelease %u. SIMULATION. Not a medical device; never for use in people.\n",
               json_array_size(list) > 0 ? "\n" : "", formulary->version);
        formularytext_entry(entry, stdout);
    }
    json_array_append_new(list, entry_json(entry));
    return EXIT_DONE;
}

static int told_list(const struct formulary_ask *ask, region_act *act)
{
    json_t *object = formulary_answer("cisterna_formulary"), *list = json_array();
    json_object_set_new(object, "entries", list);
    int code = regions_do(ask, act, list);
    if (code == EXIT_DONE && ask->value[FORMULARY_JSON_AT] != NULL)
        formulary_answer_print(json_incref(object));
    json_decref(object);
    return code;
}

int formulary_list_run(const struct formulary_ask *ask)
{
    return told_list(ask, list_region);
}

int formulary_show_run(const struct formulary_ask *ask)
{
    return told_list(ask, show_region);
}

/* One file onto the shelf; its complaints go to standard error. The worst exit code of all is kept. */
static void file_take(const char *name, struct reader *reader, struct shelf *shelf, int *worst)
{
    size_t size = 0;
    char *text = textfile_read(name, &size);
    if (text == NULL) {
        *worst = EXIT_USAGE;
        return;
    }
    *reader = (struct reader){ .file = name, .text = text, .size = size };
    struct node root = reader_document(reader);
    bool good = root.value != NULL && shelf_document(shelf, &root);
    json_decref(root.value);
    reader_print(reader, stderr);
    int code = good ? EXIT_DONE : reader_exit(reader) != 0 ? reader_exit(reader) : EXIT_FAILED;
    if (code != EXIT_DONE && *worst != EXIT_USAGE)
        *worst = code;
    free(text);
}

/* All files of the command onto the shelf. */
static int files_take(const struct formulary_ask *ask, struct shelf *shelf)
{
    struct reader *reader = calloc(1, sizeof *reader);
    bool ready = shelf_start(shelf) && reader != NULL;
    int worst = ready ? EXIT_DONE : EXIT_FAILED;
    for (unsigned i = 0; ready && i < ask->words; i++)
        file_take(ask->word[i], reader, shelf, &worst);
    free(reader);
    return worst;
}

int formulary_check_run(const struct formulary_ask *ask)
{
    struct shelf shelf;
    int code = files_take(ask, &shelf);
    if (code == EXIT_DONE && ask->value[FORMULARY_JSON_AT] != NULL) {
        json_t *object = formulary_answer("cisterna_formulary_check");
        json_object_set_new(object, "files", json_integer(ask->words));
        json_object_set_new(object, "entries", json_integer((json_int_t)json_array_size(shelf.entries)));
        formulary_answer_print(object);
    } else if (code == EXIT_DONE) {
        printf("%u file%s in order, %zu entries\n", ask->words, ask->words == 1 ? "" : "s", json_array_size(shelf.entries));
    }
    shelf_close(&shelf);
    return code;
}

int formulary_key_run(const struct formulary_ask *ask)
{
    struct sitekey key = { .public_key = { 0 } };
    char hex[SITEKEY_HEX_BYTES];
    int code = (int)sitekey_make(ask->value[FORMULARY_OUT_AT], &key, stderr);
    sitekey_hex(key.public_key, hex);
    sitekey_forget(&key);
    if (code != EXIT_DONE)
        return code;
    if (ask->value[FORMULARY_JSON_AT] == NULL) {
        printf("%s\n", hex);
        return code;
    }
    json_t *object = formulary_answer("cisterna_formulary_key");
    json_object_set_new(object, "public_key", json_string(hex));
    formulary_answer_print(object);
    return code;
}

/* What a release is, once it was made or found in order. */
static void release_say(const struct formulary_ask *ask, const char *done, const struct shelf *shelf)
{
    const struct release *release = &shelf->release;
    size_t entries = json_array_size(shelf->entries);
    if (ask->value[FORMULARY_JSON_AT] == NULL) {
        printf("%s: release %u of %s, %zu entries\n", done, release->version, release->date, entries);
        return;
    }
    json_t *object = formulary_answer("cisterna_formulary_release_told");
    json_object_set_new(object, "done", json_string(done));
    json_object_set_new(object, "version", json_integer(release->version));
    json_object_set_new(object, "date", json_string(release->date));
    json_object_set_new(object, "notes", json_string(release->notes));
    json_object_set_new(object, "entries", json_integer((json_int_t)entries));
    formulary_answer_print(object);
}

int formulary_put(const struct formulary_ask *ask, const char *text, size_t size)
{
    const char *name = ask->value[FORMULARY_OUT_AT];
    if (keyfile_make(name, EVERYBODY_READS, (const uint8_t *)text, size))
        return EXIT_DONE;
    fprintf(stderr, "cisterna formulary %s: cannot write %s: %s%s\n", ask->command, name, strerror(errno),
            errno == EEXIST ? "; move it away, or choose another name" : "");
    return EXIT_FAILED;
}

static int sign_shelf(const struct formulary_ask *ask, const struct shelf *shelf)
{
    struct sitekey key;
    size_t size = 0;
    if (!shelf->headed || json_array_size(shelf->entries) == 0)
        return formulary_usage(ask, "needs release.json and an entry at least", "");
    int code = (int)sitekey_read(ask->value[FORMULARY_KEY_AT], &key, stderr);
    if (code != EXIT_DONE)
        return code;
    char *text = releasefile_write(shelf, &key, &size);
    sitekey_forget(&key);
    code = text != NULL ? formulary_put(ask, text, size) : EXIT_FAILED;
    free(text);
    if (code == EXIT_DONE)
        release_say(ask, "signed", shelf);
    return code;
}

int formulary_sign_run(const struct formulary_ask *ask)
{
    struct shelf shelf;
    int code = files_take(ask, &shelf);
    if (code == EXIT_DONE)
        code = sign_shelf(ask, &shelf);
    shelf_close(&shelf);
    return code;
}

static int verify_shelf(const struct formulary_ask *ask, struct shelf *shelf)
{
    struct formulary formulary = { .version = 0 };
    const char *region = ask->value[FORMULARY_REGION_AT];
    if (region != NULL && !shelf_region(shelf, region, &formulary)) {
        fprintf(stderr, "cisterna formulary verify: there is nothing for region %s in it\n", region);
        return EXIT_VERSION;
    }
    formulary_close(&formulary);
    release_say(ask, "whole, signed and in order", shelf);
    return EXIT_DONE;
}

int formulary_verify_run(const struct formulary_ask *ask)
{
    struct shelf shelf;
    uint8_t key[SIGN_KEY_BYTES];
    size_t size = 0;
    int code = (int)sitekey_read_public(ask->value[FORMULARY_KEY_AT], key, stderr);
    char *text = code == EXIT_DONE ? textfile_read(ask->word[0], &size) : NULL;
    if (text == NULL)
        return code != EXIT_DONE ? code : EXIT_FAILED;
    code = shelf_start(&shelf) ? (int)releasefile_read(ask->word[0], text, size, key, &shelf, stderr) : EXIT_FAILED;
    if (code == EXIT_DONE)
        code = verify_shelf(ask, &shelf);
    shelf_close(&shelf);
    free(text);
    return code;
}

int formulary_load_run(const struct formulary_ask *ask)
{
    uint8_t key[SIGN_KEY_BYTES];
    int code = (int)sitekey_read_public(ask->value[FORMULARY_KEY_AT], key, stderr);
    if (code == EXIT_DONE)
        code = (int)formulary_load(ask->word[0], ask->value[FORMULARY_INTO_AT], key, stderr);
    if (code != EXIT_DONE)
        return code;
    if (ask->value[FORMULARY_JSON_AT] != NULL)
        formulary_answer_print(formulary_answer("cisterna_formulary_loaded"));
    else
        printf("in force: %s\n", ask->word[0]);
    return code;
}

int formulary_limits_run(const struct formulary_ask *ask)
{
    return formularylimits_sign(ask);
}
