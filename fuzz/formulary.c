/* formulary.c - entries, releases and signed limits of the drug library, as anybody may have written them: any bytes as an entry,
 * and the same bytes as a release or as limits and, truly signed, as their content. What is refused is complained of; what is
 * taken keeps its order, tells itself again in amounts that read as the same numbers, and has no drug twice; limits are such as a
 * therapy can have; what is not signed is damaged. REQ-LIBR-01, REQ-LIBR-02. */
// SPDX-License-Identifier: Apache-2.0
#include "fuzz/fuzz.h"

#include <sodium.h>
#include <string.h>

#include "clinic/formulary/limitsfile.h"
#include "clinic/formulary/releasefile.h"
#include "clinic/formulary/telling.h"

static struct reader reader;
static struct entry_file file;

/* A number told is read as itself. */
static void figure_tells_itself(const struct entry *entry, enum dimension dimension, const struct figure *figure)
{
    char text[AMOUNT_TEXT_BYTES];
    int64_t value = 0;
    if (!figure->known)
        return;
    MUST(figure->value > 0 && mark_word(figure->mark) != NULL && figure->reason <= entry->reasons);
    MUST(figure->mark == MARK_GUESS ? figure->reason > 0 : figure->source < entry->sources);
    figure_text(text, entry, dimension, figure->value);
    MUST(amount_read(text, dimension, &value) == AMOUNT_OK && value == figure->value);
}

static void entry_is_sound(const struct entry *entry)
{
    MUST(entry->opioid == drug_is_opioid(entry->drug));
    MUST((entry->statements[STATEMENT_WITHDRAWAL] > 0) == drug_stop_is_hazard(entry->drug));
    for (enum entry_field field = 0; field < FIELD_COUNT; field++) {
        struct bounds bounds = entry->bounds[field];
        int64_t least = 0;
        for (unsigned place = 0; place < BOUND_PLACES; place++) {
            const struct figure *figure = bound_at(&bounds, place);
            figure_tells_itself(entry, field_dimension(field), figure);
            MUST(!figure->known || figure->value >= least);
            least = figure->known ? figure->value : least;
        }
    }
    for (unsigned i = 0; i < entry->concentrations; i++) {
        figure_tells_itself(entry, DIMENSION_CONC, &entry->concentration[i]);
        MUST(entry_concentration_known(entry, (conc_ng_ml){ (int32_t)entry->concentration[i].value }));
    }
    figure_tells_itself(entry, DIMENSION_SPAN, &entry->restart_limit);
    json_t *told = entry_json(entry);
    MUST(told != NULL && json_is_object(told));
    json_decref(told);
}

static void as_entry(const char *text, size_t size)
{
    reader = (struct reader){ .file = "entry", .text = text, .size = size };
    struct node root = reader_document(&reader);
    bool good = root.value != NULL && entry_read(&root, &file);
    json_decref(root.value);
    MUST(good == (reader_exit(&reader) == 0) && good == (reader.count == 0));
    if (!good)
        return;
    MUST(file.regions >= 1 && file.regions <= REGIONS_MAX);
    entry_is_sound(&file.entry);
}

static enum formulary_fault release_read_by(const struct sitekey *key, const char *text, size_t size, FILE *messages)
{
    struct shelf shelf;
    MUST(shelf_start(&shelf));
    enum formulary_fault fault = releasefile_read("release", text, size, key->public_key, &shelf, messages);
    for (unsigned r = 0; fault == FORMULARY_OK && r < REGIONS_MAX; r++)
        for (unsigned i = 0; i < shelf.region[r].entries; i++) {
            entry_is_sound(&shelf.region[r].entry[i]);
            MUST(i == 0 || shelf.region[r].entry[i - 1].drug < shelf.region[r].entry[i].drug);
        }
    shelf_close(&shelf);
    return fault;
}

/* Limits fit a therapy that has them, and no other pump and no other limit. */
static void limits_fit_themselves(const struct signed_limits *limits, FILE *messages)
{
    struct therapy therapy = { .mixture = limits->mixture, .limits = limits->limits };
    struct formulary in_force = { .version = limits->release };
    memcpy(therapy.serial, limits->serial, sizeof therapy.serial);
    memcpy(in_force.region, limits->region, sizeof in_force.region);
    MUST(limitsfile_fit("limits", limits, &in_force, &therapy, messages) == FORMULARY_OK);
    therapy.limits.bolus_max.nl++;
    MUST(limitsfile_fit("limits", limits, &in_force, &therapy, messages) == FORMULARY_REFUSED);
    therapy.serial[0] ^= 1;
    MUST(limitsfile_fit("limits", limits, &in_force, &therapy, messages) == FORMULARY_MISMATCH);
}

static enum formulary_fault limits_read_by(const struct sitekey *key, const char *text, size_t size, FILE *messages)
{
    struct signed_limits limits = { .release = 0 };
    enum formulary_fault fault = limitsfile_read("limits", text, size, key->public_key, &limits, messages);
    MUST(fault == FORMULARY_OK || (limits.release == 0 && limits.limits.count == 0)); /* untouched */
    if (fault != FORMULARY_OK)
        return fault;
    MUST(limits.release > 0 && mixture_valid(&limits.mixture) && limits.limits.count == limits.mixture.count);
    MUST(limits.serial[SERIAL_BYTES - 1] == '\0' && limits.region[ENTRY_REGION_BYTES - 1] == '\0');
    MUST(limits.limits.bolus_max.nl >= 0 && limits.limits.rate_max.nl_day >= 0);
    for (unsigned i = 0; i < limits.limits.count; i++) {
        MUST(limits.limits.drug[i].drug == limits.mixture.component[i].drug);
        for (unsigned kind = 0; kind < WINDOW_KINDS; kind++)
            MUST(limits.limits.drug[i].window[kind].fg > 0 && limits.limits.drug[i].window[kind].fg <= LIMIT_FG_MAX);
    }
    limits_fit_themselves(&limits, messages);
    return fault;
}

typedef enum formulary_fault read_by(const struct sitekey *key, const char *text, size_t size, FILE *messages);

/* The same bytes as the content of something that the site did sign. */
static void as_content(const char *head, const char *about, read_by *read, const struct sitekey *key,
                       const uint8_t *bytes, size_t size, FILE *messages)
{
    enum { DIGITS = 128 };
    const size_t head_bytes = strlen(head);
    uint8_t hash[HASH_BYTES], signature[SIGNATURE_BYTES];
    struct hash_state state;
    char *text = malloc(head_bytes + DIGITS + 1 + size);
    MUST(text != NULL);
    hash_begin(&state);
    hash_add(&state, (const uint8_t *)about, strlen(about));
    hash_add(&state, bytes, size);
    hash_end(&state, hash);
    sitekey_sign(key, hash, signature);
    memcpy(text, head, head_bytes);
    (void)sodium_bin2hex(text + head_bytes, DIGITS + 1, signature, sizeof signature);
    text[head_bytes + DIGITS] = '\n';
    memcpy(text + head_bytes + DIGITS + 1, bytes, size);
    enum formulary_fault fault = read(key, text, head_bytes + DIGITS + 1 + size, messages);
    MUST(size == 0 ? fault == FORMULARY_DAMAGED : fault != FORMULARY_DAMAGED && fault != FORMULARY_MISMATCH);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct sitekey key;
    static FILE *nowhere;
    if (nowhere == NULL) {
        static const uint8_t seed[SITEKEY_SEED_BYTES] = { 1 };
        sitekey_from_seed(seed, &key);
        nowhere = fopen("/dev/null", "w");
        MUST(nowhere != NULL);
    }
    char *text = malloc(size + 1);
    MUST(text != NULL);
    if (size > 0)
        memcpy(text, bytes, size);
    text[size] = '\0';
    as_entry(text, size);
    as_content("cisterna formulary release 1\nsignature ", "cisterna formulary 1", release_read_by, &key, bytes, size,
               nowhere);
    MUST(release_read_by(&key, text, size, nowhere) == FORMULARY_DAMAGED); /* nobody finds a signature by chance */
    if (size <= LIMITSFILE_BYTES_MAX / 2)
        as_content("cisterna limits file 1\nsignature ", "cisterna limits file 1", limits_read_by, &key, bytes, size,
                   nowhere);
    MUST(limits_read_by(&key, text, size, nowhere) == FORMULARY_DAMAGED);
    free(text);
    return 0;
}
