/* limitsfile.c - the signed hard limits of one pump as one file. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/formulary/limitsfile.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "clinic/formulary/signedtext.h"
#include "core/text.h"
#include "document/reader.h"

static const struct signedtext KIND = { "cisterna limits file 1", "cisterna limits file 1" };
enum { SIGNATURE_DIGITS = 2 * SIGNATURE_BYTES };

static json_t *drugs_json(const struct therapy *therapy)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < therapy->limits.count; i++) {
        const struct drug_limit *limit = &therapy->limits.drug[i];
        json_t *row =
            json_pack("{s:s, s:I, s:I, s:I}", "drug", drug_word(limit->drug), "conc_ng_ml",
                      (json_int_t)therapy->mixture.component[i].conc.ng_ml, "hour_fg",
                      (json_int_t)limit->window[WINDOW_HOUR].fg, "day_fg", (json_int_t)limit->window[WINDOW_DAY].fg);
        if (json_array_append_new(list, row) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static char *content_write(const struct formulary *formulary, const struct therapy *therapy,
                           const uint8_t signature[SIGNATURE_BYTES])
{
    char digits[SIGNATURE_DIGITS + 1];
    (void)sodium_bin2hex(digits, sizeof digits, signature, SIGNATURE_BYTES);
    json_t *root = json_pack("{s:i, s:s, s:i, s:s, s:o, s:I, s:I, s:s}", "cisterna_limits", 1, "pump", therapy->serial,
                             "release", (int)formulary->version, "region", formulary->region, "drugs",
                             drugs_json(therapy), "bolus_max_nl", (json_int_t)therapy->limits.bolus_max.nl,
                             "rate_max_nl_day", (json_int_t)therapy->limits.rate_max.nl_day, "signature", digits);
    char *content = root != NULL ? json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(root);
    return content;
}

enum formulary_fault limitsfile_write(const struct sitekey *key, const struct formulary *formulary,
                                      const struct therapy *therapy, char **text, size_t *size, FILE *messages)
{
    uint8_t signature[SIGNATURE_BYTES];
    enum formulary_fault fault = formulary_sign_limits(key, formulary, therapy, signature, messages);
    if (fault != FORMULARY_OK)
        return fault;
    char *content = content_write(formulary, therapy, signature);
    size_t length = content != NULL ? strlen(content) : 0;
    char *whole = NULL;
    if (content != NULL) {
        content[length] = '\n'; /* in the place of the closing zero: from here on its length counts */
        whole = signedtext_write(&KIND, key, content, length + 1, size);
    }
    free(content);
    if (whole == NULL) {
        fprintf(messages, "formulary: no memory to sign limits with\n");
        return FORMULARY_FAILED;
    }
    *text = whole;
    return FORMULARY_OK;
}

/* One drug, in its place: a file that names one twice, or more than a therapy holds, is refused. */
static bool drug_read(const struct node *element, struct signed_limits *read)
{
    static const char *const fields[] = { "drug", "conc_ng_ml", "hour_fg", "day_fg", NULL };
    const char *word = NULL;
    int64_t conc = 0, hour = 0, day = 0;
    bool good = reader_object(element, fields) && reader_text(element, "drug", REQUIRED, ENTRY_TEXT_BYTES, &word);
    good = good && reader_integer(element, "conc_ng_ml", REQUIRED, 1, CONC_NG_ML_MAX, &conc);
    good = good && reader_integer(element, "hour_fg", REQUIRED, 1, LIMIT_FG_MAX, &hour);
    good = good && reader_integer(element, "day_fg", REQUIRED, 1, LIMIT_FG_MAX, &day);
    uint16_t drug = good ? drug_code(word) : DRUG_NONE;
    if (good && drug == DRUG_NONE) {
        reader_complain(element, COMPLAINT_MALFORMED, "there is no such drug: %s", word);
        good = false;
    }
    if (!good)
        return false;
    read->mixture.component[read->mixture.count++] = (struct component){ drug, { (int32_t)conc } };
    read->limits.drug[read->limits.count++] = (struct drug_limit){ drug, { { hour }, { day } } };
    return true;
}

static bool signature_read(const struct node *root, uint8_t signature[SIGNATURE_BYTES])
{
    const char *digits = NULL;
    if (!reader_text(root, "signature", REQUIRED, SIGNATURE_DIGITS, &digits))
        return false;
    if (strspn(digits, "0123456789abcdef") == SIGNATURE_DIGITS &&
        sodium_hex2bin(signature, SIGNATURE_BYTES, digits, SIGNATURE_DIGITS, NULL, NULL, NULL) == 0)
        return true;
    reader_complain(root, COMPLAINT_MALFORMED, "signature has %u lower-case hexadecimal digits",
                    (unsigned)SIGNATURE_DIGITS);
    return false;
}

static bool root_read(const struct node *root, struct signed_limits *read)
{
    static const char *const fields[] = { "cisterna_limits", "pump",      "release", "region", "drugs", "bolus_max_nl",
                                          "rate_max_nl_day", "signature", NULL };
    const char *serial = NULL, *region = NULL;
    int64_t form = 0, release = 0, bolus = 0, rate = 0;
    bool good = reader_object(root, fields) && reader_integer(root, "cisterna_limits", REQUIRED, 1, 1, &form) &&
                reader_text(root, "pump", REQUIRED, SERIAL_BYTES - 1, &serial) &&
                reader_text(root, "region", REQUIRED, ENTRY_REGION_BYTES - 1, &region) &&
                reader_integer(root, "release", REQUIRED, 1, UINT16_MAX, &release) &&
                reader_integer(root, "bolus_max_nl", REQUIRED, 0, VOL_NL_MAX, &bolus) &&
                reader_integer(root, "rate_max_nl_day", REQUIRED, 0, RATE_NL_DAY_MAX, &rate) &&
                signature_read(root, read->signature);
    struct node list = reader_member(root, "drugs", REQUIRED);
    good = good && reader_array(&list, 0, MIXTURE_DRUGS_MAX);
    for (size_t i = 0; good && i < json_array_size(list.value); i++) {
        struct node element = reader_element(&list, i);
        good = drug_read(&element, read);
    }
    if (good && !mixture_valid(&read->mixture)) {
        reader_complain(&list, COMPLAINT_MALFORMED, "each drug stands there once, adjuvants by rising code");
        good = false;
    }
    if (!good)
        return false;
    memcpy(read->serial, serial, strlen(serial));
    memcpy(read->region, region, strlen(region));
    read->release = (uint16_t)release;
    read->limits.bolus_max.nl = (int32_t)bolus;
    read->limits.rate_max.nl_day = (int32_t)rate;
    return true;
}

enum formulary_fault limitsfile_read(const char *name, const char *text, size_t size, const uint8_t key[SIGN_KEY_BYTES],
                                     struct signed_limits *limits, FILE *messages)
{
    struct signed_limits read = { .release = 0 };
    const char *content = size <= LIMITSFILE_BYTES_MAX ? signedtext_content(&KIND, text, size, key) : NULL;
    if (content == NULL) {
        fprintf(messages,
                "%s: no limits that are whole and signed by this key; cisterna formulary limits makes such a file\n",
                name);
        return FORMULARY_DAMAGED;
    }
    struct reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return FORMULARY_FAILED;
    *reader = (struct reader){ .file = name, .text = content, .size = size - (size_t)(content - text) };
    struct node root = reader_document(reader);
    bool good = root.value != NULL && root_read(&root, &read);
    json_decref(root.value);
    reader_print(reader, messages);
    free(reader);
    if (!good)
        return FORMULARY_MALFORMED;
    *limits = read;
    return FORMULARY_OK;
}

/* One amount of the therapy beside the one that is signed. */
static bool same(const char *name, const char *what, enum dimension dimension, int64_t signed_one, int64_t wanted,
                 FILE *messages)
{
    char here[AMOUNT_TEXT_BYTES], there[AMOUNT_TEXT_BYTES];
    if (signed_one == wanted)
        return true;
    amount_write_of(here, dimension, wanted);
    amount_write_of(there, dimension, signed_one);
    fprintf(messages, "%s: %s is signed as %s, and the therapy has %s: they must be one\n", name, what, there, here);
    return false;
}

/* The drugs of both in their order, and each limit. */
static bool limits_same(const char *name, const struct signed_limits *limits, const struct therapy *therapy,
                        FILE *messages)
{
    char what[96];
    if (!mixture_same(&limits->mixture, &therapy->mixture)) {
        fprintf(messages,
                "%s: signed for other drugs or concentrations than the therapy's: sign the therapy's own limits\n",
                name);
        return false;
    }
    bool good = true;
    for (unsigned i = 0; i < limits->limits.count; i++) {
        const struct drug_limit *signed_one = &limits->limits.drug[i], *wanted = &therapy->limits.drug[i];
        static const char *const windows[WINDOW_KINDS] = { [WINDOW_HOUR] = "an hour", [WINDOW_DAY] = "a day" };
        for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
            (void)snprintf(what, sizeof what, "the limit of %s in %s", drug_word(signed_one->drug), windows[kind]);
            good = same(name, what, DIMENSION_MASS, signed_one->window[kind].fg, wanted->window[kind].fg, messages) &&
                   good;
        }
    }
    good = same(name, "the largest bolus", DIMENSION_VOLUME, limits->limits.bolus_max.nl, therapy->limits.bolus_max.nl,
                messages) &&
           good;
    return same(name, "the largest flow", DIMENSION_FLOW, limits->limits.rate_max.nl_day,
                therapy->limits.rate_max.nl_day, messages) &&
           good;
}

enum formulary_fault limitsfile_fit(const char *name, const struct signed_limits *limits,
                                    const struct formulary *in_force, const struct therapy *therapy, FILE *messages)
{
    if (!text_same(limits->serial, therapy->serial)) {
        fprintf(messages, "%s: signed for pump %s, and this is %s: a signature is for one pump\n", name, limits->serial,
                therapy->serial);
        return FORMULARY_MISMATCH;
    }
    if (limits->release != in_force->version || !text_same(limits->region, in_force->region)) {
        fprintf(messages,
                "%s: signed by release %u for %s, and release %u for %s is in force: sign them anew by that one\n",
                name, limits->release, limits->region, in_force->version, in_force->region);
        return FORMULARY_MISMATCH;
    }
    return limits_same(name, limits, therapy, messages) ? FORMULARY_OK : FORMULARY_REFUSED;
}
