/* formulary.c - entries and releases of the drug library, as anybody may have written them: any bytes as an entry, and the same
 * bytes as a release and, truly signed, as its content. What is refused is complained of; what is taken keeps its order, tells
 * itself again in amounts that read as the same numbers, and has no drug twice; what is not signed is damaged.
 * REQ-LIBR-01, REQ-LIBR-02. */
// SPDX-License-Identifier: Apache-2.0
#include "fuzz/fuzz.h"

#include <sodium.h>
#include <string.h>

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

/* The same bytes as the content of a release that the site did sign. */
static void as_content(const struct sitekey *key, const uint8_t *bytes, size_t size, FILE *messages)
{
    static const char about[] = "cisterna formulary 1";
    static const char head[] = "cisterna formulary release 1\nsignature ";
    enum { HEAD_BYTES = sizeof head - 1, DIGITS = 128 };
    uint8_t hash[HASH_BYTES], signature[SIGNATURE_BYTES];
    struct hash_state state;
    char *text = malloc(HEAD_BYTES + DIGITS + 1 + size);
    MUST(text != NULL);
    hash_begin(&state);
    hash_add(&state, (const uint8_t *)about, sizeof about - 1);
    hash_add(&state, bytes, size);
    hash_end(&state, hash);
    sitekey_sign(key, hash, signature);
    memcpy(text, head, HEAD_BYTES);
    (void)sodium_bin2hex(text + HEAD_BYTES, DIGITS + 1, signature, sizeof signature);
    text[HEAD_BYTES + DIGITS] = '\n';
    memcpy(text + HEAD_BYTES + DIGITS + 1, bytes, size);
    enum formulary_fault fault = release_read_by(key, text, HEAD_BYTES + DIGITS + 1 + size, messages);
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
    as_content(&key, bytes, size, nowhere);
    MUST(release_read_by(&key, text, size, nowhere) == FORMULARY_DAMAGED); /* nobody finds a signature by chance */
    free(text);
    return 0;
}
