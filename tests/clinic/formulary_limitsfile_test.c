/* formulary_limitsfile_test.c - signed limits as a file: what is read back is what was signed, no bit of it can be another, and
 * it fits one therapy of one pump by one release. Both signatures are checked here once more by libsodium itself, by the words of
 * clinic/formulary/limitsfile.h and core/SPEC.md. REQ-LIBR-02, -05, REQ-SECU-02, HZ-42. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* fmemopen() */
#include "tests/core/check.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clinic/formulary/limitsfile.h"
#include "clinic/formulary/signedtext.h"

#define MG INT64_C(1000000000000)      /* fg */
enum { HEAD_END = 23 + 10 + 128 + 1 }; /* two lines */

static struct sitekey site, stranger;
static struct formulary formulary;
static char *good;
static size_t good_size;

/* Morphine with bupivacaine, for a pump of its own; no more of it than limits need. */
static struct therapy therapy_made(void)
{
    struct therapy therapy = {
        .serial = "SIM-0042", .name = "both", .formulary_version = formulary.version, .region = "US"
    };
    therapy.model = model_named("C20")->code;
    therapy.revision = model_named("C20")->revision;
    therapy.program.kind = PROGRAM_STOPPED;
    therapy.dead_volume.nl = 200000;
    therapy.restart_limit_hours = 24;
    therapy.under_delivery = PRIORITY_HIGH;
    therapy.mri_rule = MRI_KEEP_PROGRAM;
    therapy.mixture =
        (struct mixture){ .count = 2,
                          .component = { { DRUG_MORPHINE, { 10000000 } }, { DRUG_BUPIVACAINE, { 5000000 } } } };
    therapy.limits = (struct limits){ .count = 2,
                                      .drug = { { DRUG_MORPHINE, { { 2 * MG }, { 9 * MG } } },
                                                { DRUG_BUPIVACAINE, { { 3 * MG }, { 11 * MG } } } },
                                      .bolus_max = { 30000 },
                                      .rate_max = { 4000000 } };
    return therapy;
}

static int start(void **state)
{
    (void)state;
    uint8_t seed[SITEKEY_SEED_BYTES];
    if (sodium_init() < 0 || !formulary_builtin("US", &formulary, stderr))
        return -1;
    memset(seed, 5, sizeof seed);
    sitekey_from_seed(seed, &site);
    memset(seed, 6, sizeof seed);
    sitekey_from_seed(seed, &stranger);
    struct therapy therapy = therapy_made();
    return limitsfile_write(&site, &formulary, &therapy, &good, &good_size, stderr) == FORMULARY_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    free(good);
    formulary_close(&formulary);
    return 0;
}

/* Reads bytes, or fits what was read, with what is said kept. */
static enum formulary_fault read_bytes(const char *text, size_t size, const struct sitekey *key,
                                       struct signed_limits *limits, const char *words)
{
    char said[4096] = "";
    FILE *messages = fmemopen(said, sizeof said, "w");
    assert_non_null(messages);
    enum formulary_fault fault = limitsfile_read("file", text, size, key->public_key, limits, messages);
    assert_int_equal(fclose(messages), 0);
    if (strstr(said, words) == NULL || (fault == FORMULARY_OK && *said != '\0'))
        fail_msg("\"%s\" not in \"%s\"", words, said);
    return fault;
}

static enum formulary_fault fit(const struct therapy *therapy, const struct formulary *in_force, const char *words)
{
    char said[4096] = "";
    struct signed_limits limits;
    assert_int_equal(read_bytes(good, good_size, &site, &limits, ""), FORMULARY_OK);
    FILE *messages = fmemopen(said, sizeof said, "w");
    assert_non_null(messages);
    enum formulary_fault fault = limitsfile_fit("file", &limits, in_force, therapy, messages);
    assert_int_equal(fclose(messages), 0);
    if (strstr(said, words) == NULL || (fault == FORMULARY_OK && *said != '\0'))
        fail_msg("\"%s\" not in \"%s\"", words, said);
    return fault;
}

static void what_is_read_is_what_was_signed(void **state)
{
    (void)state;
    struct signed_limits limits;
    struct therapy therapy = therapy_made();
    assert_int_equal(read_bytes(good, good_size, &site, &limits, ""), FORMULARY_OK);
    assert_string_equal(limits.serial, "SIM-0042");
    assert_string_equal(limits.region, "US");
    assert_int_equal(limits.release, formulary.version);
    assert_true(mixture_same(&limits.mixture, &therapy.mixture));
    assert_int_equal(limits.limits.count, 2);
    assert_true(limits.limits.drug[0].window[WINDOW_HOUR].fg == 2 * MG &&
                limits.limits.drug[0].window[WINDOW_DAY].fg == 9 * MG);
    assert_true(limits.limits.drug[1].window[WINDOW_HOUR].fg == 3 * MG &&
                limits.limits.drug[1].window[WINDOW_DAY].fg == 11 * MG);
    assert_int_equal(limits.limits.bolus_max.nl, 30000);
    assert_int_equal(limits.limits.rate_max.nl_day, 4000000);
    assert_int_equal(fit(&therapy, &formulary, ""), FORMULARY_OK);
}

static void hash_words(uint8_t hash[32], const char *about, const void *more, size_t more_size, const void *rest,
                       size_t rest_size)
{
    crypto_generichash_state state;
    assert_int_equal(crypto_generichash_init(&state, NULL, 0, 32), 0);
    crypto_generichash_update(&state, (const uint8_t *)about, strlen(about));
    crypto_generichash_update(&state, more, more_size);
    crypto_generichash_update(&state, rest, rest_size);
    crypto_generichash_final(&state, hash, 32);
}

/* The file's own signature, and the pump's, over a limits section written down from core/SPEC.md by hand. */
static void both_signatures_are_what_the_words_say(void **state)
{
    (void)state;
    uint8_t hash[32], signature[64], section[64], *at = section;
    struct signed_limits limits;
    assert_memory_equal(good, "cisterna limits file 1\nsignature ", 33);
    assert_int_equal(sodium_hex2bin(signature, 64, good + 33, 128, NULL, NULL, NULL), 0);
    hash_words(hash, "cisterna limits file 1", "", 0, good + HEAD_END, good_size - HEAD_END);
    assert_int_equal(crypto_sign_verify_detached(signature, hash, 32, site.public_key), 0);
    const struct {
        uint64_t value;
        unsigned bytes;
    } rows[] = { { 2, 1 },      { DRUG_MORPHINE, 2 }, { 2 * MG, 8 }, { 9 * MG, 8 }, { DRUG_BUPIVACAINE, 2 },
                 { 3 * MG, 8 }, { 11 * MG, 8 },       { 30000, 4 },  { 4000000, 4 } };
    *at++ = 4;
    *at++ = 45; /* two bytes of length */
    *at++ = 0;
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (unsigned byte = 0; byte < rows[i].bytes; byte++)
            *at++ = (uint8_t)(rows[i].value >> (8 * byte));
    assert_int_equal(at - section, 48);
    assert_int_equal(read_bytes(good, good_size, &site, &limits, ""), FORMULARY_OK);
    hash_words(hash, "cisterna limits 1", "SIM-0042\0\0\0\0\0\0\0", 16, section, 48);
    assert_int_equal(crypto_sign_verify_detached(limits.signature, hash, 32, site.public_key), 0);
}

static void no_bit_can_be_another(void **state)
{
    (void)state;
    struct signed_limits limits = { .release = 77 };
    char *text = malloc(good_size + 1);
    assert_non_null(text);
    for (size_t bit = 0; bit < 8 * good_size; bit++) {
        memcpy(text, good, good_size + 1);
        text[bit / 8] ^= (char)(1 << bit % 8);
        assert_int_equal(read_bytes(text, good_size, &site, &limits, "no limits that are whole"), FORMULARY_DAMAGED);
    }
    for (size_t size = 0; size < good_size; size++)
        assert_int_equal(read_bytes(good, size, &site, &limits, "no limits that are whole"), FORMULARY_DAMAGED);
    free(text);
    assert_int_equal(read_bytes(good, good_size, &stranger, &limits, "signed by this key"), FORMULARY_DAMAGED);
    assert_int_equal(limits.release, 77);
}

static void another_pump_or_release_does_not_fit(void **state)
{
    (void)state;
    struct formulary other = formulary;
    struct therapy therapy = therapy_made();
    memcpy(therapy.serial, "SIM-0043", 8);
    assert_int_equal(fit(&therapy, &formulary, "signed for pump SIM-0042, and this is SIM-0043"), FORMULARY_MISMATCH);
    therapy = therapy_made();
    other.version++;
    assert_int_equal(fit(&therapy, &other, "release 2 for US is in force"), FORMULARY_MISMATCH);
    other = formulary;
    memcpy(other.region, "EU", 3);
    assert_int_equal(fit(&therapy, &other, "release 1 for EU is in force"), FORMULARY_MISMATCH);
}

static void other_limits_do_not_fit(void **state)
{
    (void)state;
    struct therapy therapy = therapy_made();
    therapy.mixture.component[0].conc.ng_ml *= 2; /* the pump's signature would not tell */
    assert_int_equal(fit(&therapy, &formulary, "other drugs or concentrations"), FORMULARY_REFUSED);
    static const char *const words[] = {
        "morphine in an hour is signed as 2 mg",      "morphine in a day is signed as 9 mg",
        "BUPivacaine in an hour is signed as 3 mg",   "BUPivacaine in a day is signed as 11 mg",
        "the largest bolus is signed as 0.030000 mL", "the largest flow is signed as 4 mL/day"
    };
    for (int step = -1; step <= 1; step += 2)
        for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
            therapy = therapy_made();
            therapy.limits.drug[i / 2 % 2].window[i % 2].fg += i < 4 ? step : 0;
            therapy.limits.bolus_max.nl += i == 4 ? step : 0;
            therapy.limits.rate_max.nl_day += i == 5 ? step : 0;
            assert_int_equal(fit(&therapy, &formulary, words[i]), FORMULARY_REFUSED);
        }
}

/* Signed by the site, and yet not in the form: whoever signs with another program is told what is wrong. */
static void a_form_that_is_not_known_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *old, *new, *words;
    } rows[] = {
        { "\"cisterna_limits\":1", "\"cisterna_limits\":2", "cisterna_limits" },
        { "\"drug\":\"morphine\"", "\"drug\":\"morphina\"", "there is no such drug" },
        { "\"drug\":\"BUPivacaine\"", "\"drug\":\"morphine\"", "each drug stands there once" },
        { "\"hour_fg\":2000000000000", "\"hour_fg\":0", "hour_fg" },
        { "\"region\":", "\"religion\":", "religion" },
        { "\"signature\":\"", "\"signature\":\"Z", "signature" },
    };
    static const struct signedtext kind = { "cisterna limits file 1", "cisterna limits file 1" };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char content[1024];
        size_t size = 0;
        struct signed_limits limits;
        const char *from = good + HEAD_END, *at = strstr(from, rows[i].old);
        assert_non_null(at);
        int length = snprintf(content, sizeof content, "%.*s%s%s", (int)(at - from), from, rows[i].new,
                              at + strlen(rows[i].old));
        char *text = signedtext_write(&kind, &site, content, (size_t)length, &size);
        assert_non_null(text);
        assert_int_equal(read_bytes(text, size, &site, &limits, rows[i].words), FORMULARY_MALFORMED);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_what_was_signed), cmocka_unit_test(both_signatures_are_what_the_words_say),
        cmocka_unit_test(no_bit_can_be_another),           cmocka_unit_test(another_pump_or_release_does_not_fit),
        cmocka_unit_test(other_limits_do_not_fit),         cmocka_unit_test(a_form_that_is_not_known_is_refused),
    };
    return cmocka_run_group_tests(tests, start, end);
}
