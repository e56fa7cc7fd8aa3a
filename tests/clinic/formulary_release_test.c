/* formulary_release_test.c - signed releases: what is read back is what was signed, and no bit of it can be another; what comes
 * into force is newer, and what was in force stays otherwise. Signed here once more by libsodium itself, from the words of
 * clinic/formulary/releasefile.h. REQ-LIBR-02, REQ-LIBR-06. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* mkdtemp(), fmemopen() */
#include "tests/core/check.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clinic/formulary/builtin.h"
#include "clinic/formulary/releasefile.h"
#include "clinic/formulary/telling.h"

enum { HEAD_END = 168, ROOM = 1 << 20 }; /* two lines: 28 + 1, 10 + 128 + 1 bytes */

static char folder[] = P_tmpdir "/cisterna-formulary-XXXXXX";
static struct sitekey site, stranger;
static char *good; /* release 1, signed by the site */
static size_t good_size;

/* The built-in files on a shelf. */
static void shelf_fill(struct shelf *shelf)
{
    static struct reader reader;
    assert_true(shelf_start(shelf));
    for (size_t i = 0; i <= BUILTIN_ENTRIES_COUNT; i++) {
        const struct builtin_file *file = i == 0 ? &BUILTIN_RELEASE : &BUILTIN_ENTRIES[i - 1];
        reader = (struct reader){ .file = file->name, .text = file->text, .size = file->size };
        struct node root = reader_document(&reader);
        assert_true(shelf_document(shelf, &root));
        json_decref(root.value);
    }
}

static char *release_made(uint16_t version, const struct sitekey *key, size_t *size)
{
    struct shelf shelf;
    shelf_fill(&shelf);
    shelf.release.version = version;
    char *text = releasefile_write(&shelf, key, size);
    assert_non_null(text);
    shelf_close(&shelf);
    return text;
}

static int start(void **state)
{
    (void)state;
    uint8_t seed[SITEKEY_SEED_BYTES];
    if (sodium_init() < 0 || mkdtemp(folder) == NULL)
        return -1;
    memset(seed, 7, sizeof seed);
    sitekey_from_seed(seed, &site);
    memset(seed, 8, sizeof seed);
    sitekey_from_seed(seed, &stranger);
    good = release_made(1, &site, &good_size);
    return 0;
}

static const char *name_of(const char *name)
{
    static char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int end(void **state)
{
    (void)state;
    static const char *const names[] = { "force/current", "force/current.lock", "force/current.part", "release", "key",
                                         "key.pub", "other.pub" };
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        (void)unlink(name_of(names[i]));
    (void)rmdir(name_of("force"));
    free(good);
    return rmdir(folder);
}

static enum formulary_fault read_by(const uint8_t key[SIGN_KEY_BYTES], const char *text, size_t size)
{
    struct shelf shelf;
    char said[4096] = "";
    FILE *messages = fmemopen(said, sizeof said, "w");
    assert_true(messages != NULL && shelf_start(&shelf));
    enum formulary_fault fault = releasefile_read("release", text, size, key, &shelf, messages);
    assert_int_equal(fclose(messages), 0);
    assert_int_equal(fault == FORMULARY_OK, *said == '\0'); /* no failure without a word */
    shelf_close(&shelf);
    return fault;
}

/* A release file written by hand around any content. */
static size_t sign_by_hand(char *text, const char *content, const struct sitekey *key)
{
    uint8_t hash[32], signature[64];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, (const uint8_t *)"cisterna formulary 1", 20);
    crypto_generichash_update(&state, (const uint8_t *)content, strlen(content));
    crypto_generichash_final(&state, hash, sizeof hash);
    crypto_sign_detached(signature, NULL, hash, sizeof hash, key->secret);
    int size = sprintf(text, "cisterna formulary release 1\nsignature ");
    for (unsigned i = 0; i < sizeof signature; i++)
        size += sprintf(text + size, "%02x", signature[i]);
    return (size_t)(size + sprintf(text + size, "\n%s", content));
}

static void what_was_signed_is_read_back(void **state)
{
    (void)state;
    static const char *const regions[] = { "US", "EU" };
    struct shelf shelf;
    assert_true(shelf_start(&shelf));
    assert_int_equal(releasefile_read("release", good, good_size, site.public_key, &shelf, stderr), FORMULARY_OK);
    for (unsigned r = 0; r < 2; r++) {
        struct formulary built, read;
        assert_true(formulary_builtin(regions[r], &built, stderr));
        assert_true(shelf_region(&shelf, regions[r], &read));
        assert_int_equal(read.version, built.version);
        assert_int_equal(read.entries, built.entries);
        for (unsigned i = 0; i < built.entries; i++) {
            json_t *one = entry_json(&built.entry[i]), *other = entry_json(&read.entry[i]);
            assert_true(json_equal(one, other));
            json_decref(one);
            json_decref(other);
        }
        formulary_close(&built);
        formulary_close(&read);
    }
    assert_false(shelf_region(&shelf, "UK", &(struct formulary){ .version = 0 }));
    shelf_close(&shelf);
}

/* The bytes are those of the page, signed by other hands: written and read. */
static void the_form_is_the_one_that_is_published(void **state)
{
    (void)state;
    static char text[ROOM];
    size_t size = sign_by_hand(text, good + HEAD_END, &site);
    assert_int_equal(size, good_size);
    assert_memory_equal(text, good, size);
    /* Canonical: compact, and the names of every object rise. */
    json_t *content = json_loads(good + HEAD_END, 0, NULL);
    char *again = json_dumps(content, JSON_COMPACT | JSON_SORT_KEYS);
    assert_int_equal(strlen(again) + 1, good_size - HEAD_END);
    assert_memory_equal(again, good + HEAD_END, strlen(again));
    assert_int_equal(good[good_size - 1], '\n');
    json_decref(content);
    free(again);
}

/* Every bit of the first two lines, and of the content one in 53. */
static void no_bit_can_be_another(void **state)
{
    (void)state;
    unsigned tried = 0;
    for (size_t bit = 0; bit < good_size * 8; bit += bit < (size_t)HEAD_END * 8 ? 1 : 53) {
        good[bit / 8] = (char)(good[bit / 8] ^ (1 << bit % 8));
        enum formulary_fault fault = read_by(site.public_key, good, good_size);
        good[bit / 8] = (char)(good[bit / 8] ^ (1 << bit % 8));
        if (fault != FORMULARY_DAMAGED)
            fail_msg("bit %zu turned over: %d", bit, (int)fault);
        tried++;
    }
    assert_true(tried > 5000);
    assert_int_equal(read_by(site.public_key, good, good_size), FORMULARY_OK);
}

static void nothing_may_be_missing_or_added(void **state)
{
    (void)state;
    static char longer[ROOM];
    memcpy(longer, good, good_size);
    for (size_t size = 0; size < good_size; size += size < 400 ? 1 : 997)
        assert_int_equal(read_by(site.public_key, good, size), FORMULARY_DAMAGED);
    assert_int_equal(read_by(site.public_key, good, good_size - 1), FORMULARY_DAMAGED);
    static const char more[] = { '\n', ' ', '\0', '}' };
    for (unsigned i = 0; i < sizeof more; i++) {
        longer[good_size] = more[i];
        assert_int_equal(read_by(site.public_key, longer, good_size + 1), FORMULARY_DAMAGED);
    }
}

static void another_key_did_not_sign_it(void **state)
{
    (void)state;
    assert_int_equal(read_by(stranger.public_key, good, good_size), FORMULARY_DAMAGED);
    static const uint8_t none[SIGN_KEY_BYTES];
    assert_int_equal(read_by(none, good, good_size), FORMULARY_DAMAGED);
}

/* A signature makes nothing true: what is signed must be in order as well. */
static void what_is_signed_must_be_in_order(void **state)
{
    (void)state;
    static const char head[] = "{\"cisterna_formulary_release\":1,\"version\":1,\"date\":\"2026-11-29\",\"notes\":\"x\"";
    static char text[ROOM], content[ROOM];
    static const struct {
        const char *rest;
        enum formulary_fault fault;
    } rows[] = { { "", FORMULARY_MALFORMED },
                 { "}", FORMULARY_MALFORMED },
                 { ",\"entries\":[]}", FORMULARY_MALFORMED },
                 { ",\"entries\":{}}", FORMULARY_MALFORMED },
                 { ",\"entries\":[{}]}", FORMULARY_MALFORMED },
                 { ",\"entries\":[1]}", FORMULARY_MALFORMED } };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(content, sizeof content, "%s%s\n", head, rows[i].rest);
        assert_int_equal(read_by(site.public_key, text, sign_by_hand(text, content, &site)), rows[i].fault);
    }
    /* An entry that breaks a rule; and the same drug twice. */
    const char *entry = BUILTIN_ENTRIES[0].text, *found = strstr(entry, "\"value\": \"40 mg/day\"");
    assert_non_null(found);
    snprintf(content, sizeof content, "%s,\"entries\":[%.*s\"value\": \"19 mg/day\"%s]}\n", head, (int)(found - entry), entry,
             found + strlen("\"value\": \"40 mg/day\""));
    assert_int_equal(read_by(site.public_key, text, sign_by_hand(text, content, &site)), FORMULARY_REFUSED);
    snprintf(content, sizeof content, "%s,\"entries\":[%s,%s]}\n", head, entry, entry);
    assert_int_equal(read_by(site.public_key, text, sign_by_hand(text, content, &site)), FORMULARY_REFUSED);
    snprintf(content, sizeof content, "%s,\"entries\":[%s]}\n", head, entry);
    assert_int_equal(read_by(site.public_key, text, sign_by_hand(text, content, &site)), FORMULARY_OK);
}

static void file_put(const char *path, const char *text, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static size_t file_get(const char *path, char *text)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(text, 1, ROOM, file);
    assert_int_equal(fclose(file), 0);
    return size;
}

/* Loads a text; what is in force afterwards must be this. */
static void load(const char *text, size_t size, const struct sitekey *key, enum formulary_fault expected, const char *in_force,
                 size_t in_force_size)
{
    static char kept[ROOM];
    char path[200], said[2048] = "";
    snprintf(path, sizeof path, "%s", name_of("release"));
    file_put(path, text, size);
    FILE *messages = fmemopen(said, sizeof said, "w");
    assert_non_null(messages);
    assert_int_equal(formulary_load(path, name_of("force"), key->public_key, messages), expected);
    assert_int_equal(fclose(messages), 0);
    assert_int_equal(expected == FORMULARY_OK, *said == '\0');
    if (in_force == NULL) {
        assert_int_not_equal(access(name_of("force/current"), F_OK), 0);
        return;
    }
    assert_int_equal(file_get(name_of("force/current"), kept), in_force_size);
    assert_memory_equal(kept, in_force, in_force_size);
}

static void only_what_is_newer_comes_into_force(void **state)
{
    (void)state;
    size_t second_size = 0, third_size = 0, foreign_size = 0;
    char *second = release_made(2, &site, &second_size), *third = release_made(3, &site, &third_size);
    char *foreign = release_made(9, &stranger, &foreign_size);
    struct formulary formulary;
    char current[200];
    FILE *messages = tmpfile();
    assert_non_null(messages);
    load(good, good_size - 1, &site, FORMULARY_DAMAGED, NULL, 0);
    load(foreign, foreign_size, &site, FORMULARY_DAMAGED, NULL, 0);
    load(second, second_size, &site, FORMULARY_OK, second, second_size);
    load(second, second_size, &site, FORMULARY_MISMATCH, second, second_size);
    load(good, good_size, &site, FORMULARY_MISMATCH, second, second_size);
    load(foreign, foreign_size, &site, FORMULARY_DAMAGED, second, second_size);
    third[third_size / 2] ^= 1;
    load(third, third_size, &site, FORMULARY_DAMAGED, second, second_size);
    third[third_size / 2] ^= 1;
    load(third, third_size, &site, FORMULARY_OK, third, third_size);
    snprintf(current, sizeof current, "%s", name_of("force/current"));
    assert_int_equal(formulary_open(current, site.public_key, "EU", &formulary, stderr), FORMULARY_OK);
    assert_int_equal(formulary.version, 3);
    assert_non_null(formulary_find(&formulary, DRUG_ZICONOTIDE));
    formulary_close(&formulary);
    /* What lies there is judged again each time: a file that was changed on the disk is not in force. */
    load(foreign, foreign_size, &stranger, FORMULARY_DAMAGED, third, third_size);
    third[third_size - 3] ^= 4;
    file_put(current, third, third_size);
    assert_int_equal(formulary_open(current, site.public_key, "EU", &formulary, messages), FORMULARY_DAMAGED);
    assert_null(formulary.entry);
    assert_int_equal(fclose(messages), 0);
    free(second);
    free(third);
    free(foreign);
}

static void a_region_without_entries_has_no_formulary(void **state)
{
    (void)state;
    static char text[ROOM], content[ROOM];
    const char *us = NULL;
    struct formulary formulary;
    FILE *messages = tmpfile();
    for (size_t i = 0; i < BUILTIN_ENTRIES_COUNT; i++)
        if (strstr(BUILTIN_ENTRIES[i].name, "ziconotide-us") != NULL)
            us = BUILTIN_ENTRIES[i].text;
    snprintf(content, sizeof content,
             "{\"cisterna_formulary_release\":1,\"version\":5,\"date\":\"2026-11-29\",\"notes\":\"x\",\"entries\":[%s]}\n", us);
    file_put(name_of("release"), text, sign_by_hand(text, content, &site));
    assert_non_null(messages);
    assert_int_equal(formulary_open(name_of("release"), site.public_key, "EU", &formulary, messages), FORMULARY_MISMATCH);
    assert_null(formulary.entry);
    assert_int_equal(formulary_open(name_of("release"), site.public_key, "US", &formulary, messages), FORMULARY_OK);
    assert_int_equal(formulary.entries, 1);
    formulary_close(&formulary);
    assert_int_equal(formulary_open(name_of("nothing"), site.public_key, "US", &formulary, messages), FORMULARY_FAILED);
    assert_int_equal(fclose(messages), 0);
}

static void a_key_is_its_owner_s_alone(void **state)
{
    (void)state;
    struct sitekey made, read;
    struct stat status;
    uint8_t public_key[SIGN_KEY_BYTES];
    char path[200], pub[208];
    FILE *messages = tmpfile();
    assert_non_null(messages);
    snprintf(path, sizeof path, "%s", name_of("key"));
    snprintf(pub, sizeof pub, "%s.pub", path);
    assert_int_equal(sitekey_make(path, &made, messages), FORMULARY_OK);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(sitekey_read(path, &read, messages), FORMULARY_OK);
    assert_memory_equal(&read, &made, sizeof read);
    assert_int_equal(sitekey_read_public(pub, public_key, messages), FORMULARY_OK);
    assert_memory_equal(public_key, made.public_key, sizeof public_key);
    /* It is never written over, and no half of another is left beside it. */
    assert_int_equal(sitekey_make(path, &read, messages), FORMULARY_FAILED);
    assert_int_equal(sitekey_read(path, &read, messages), FORMULARY_OK);
    assert_memory_equal(&read, &made, sizeof read);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(sitekey_make(path, &read, messages), FORMULARY_FAILED);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_int_equal(unlink(pub), 0);
    assert_int_equal(sitekey_make(path, &made, messages), FORMULARY_OK);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(sitekey_read(path, &read, messages), FORMULARY_REFUSED);
    assert_int_equal(sitekey_read(pub, &read, messages), FORMULARY_REFUSED);
    assert_int_equal(chmod(pub, 0600), 0);
    assert_int_equal(sitekey_read(pub, &read, messages), FORMULARY_MALFORMED);
    assert_int_equal(sitekey_read_public(path, public_key, messages), FORMULARY_MALFORMED);
    assert_int_equal(fclose(messages), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_signed_is_read_back),
        cmocka_unit_test(the_form_is_the_one_that_is_published),
        cmocka_unit_test(no_bit_can_be_another),
        cmocka_unit_test(nothing_may_be_missing_or_added),
        cmocka_unit_test(another_key_did_not_sign_it),
        cmocka_unit_test(what_is_signed_must_be_in_order),
        cmocka_unit_test(only_what_is_newer_comes_into_force),
        cmocka_unit_test(a_region_without_entries_has_no_formulary),
        cmocka_unit_test(a_key_is_its_owner_s_alone),
    };
    return cmocka_run_group_tests(tests, start, end);
}
