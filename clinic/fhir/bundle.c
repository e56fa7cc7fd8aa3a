/* bundle.c - bundles, NDJSON, ids, and shared elements. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/fhir/bundle.h"

#include <string.h>

#include "link/hash.h"

enum { UUID_BYTES = 16, REFERENCE_BYTES = UUID_TEXT_BYTES + 40 };

#define KIND(name, word) [KIND_##name] = word,
static const char *const KINDS[KIND_END] = {
#include "clinic/fhir/kind.def"
};
#undef KIND

struct unit_row {
    const char *text, *code;
    unsigned scale;
};
#define UNIT(name, text_, code_, scale_) [UNIT_##name] = { .text = text_, .code = code_, .scale = scale_ },
static const struct unit_row UNITS[] = {
#include "clinic/fhir/unit.def"
};
#undef UNIT

const char *kind_word(enum kind kind)
{
    return KINDS[kind];
}

static void uuid(const struct bundle *bundle, const char *seed, size_t size, char text[UUID_TEXT_BYTES])
{
    struct hash_state state;
    uint8_t hash[HASH_BYTES];
    char *at = text;
    hash_begin(&state);
    hash_add(&state, bundle->name, sizeof bundle->name);
    hash_add(&state, (const uint8_t *)seed, size);
    hash_end(&state, hash);
    hash[6] = (uint8_t)((hash[6] & 0x0F) | 0x80); /* version 8 */
    hash[8] = (uint8_t)((hash[8] & 0x3F) | 0x80); /* variant of RFC 9562 */
    for (unsigned i = 0; i < UUID_BYTES; i++)
        at += snprintf(at, 4, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", hash[i]);
}

void bundle_id(const struct bundle *bundle, struct identity identity, char text[UUID_TEXT_BYTES])
{
    char seed[REFERENCE_BYTES];
    int size = snprintf(seed, sizeof seed, "%s/%lld/%u", KINDS[identity.kind], (long long)identity.row, identity.part);
    uuid(bundle, seed, (size_t)size, text);
}

static void labels(struct bundle *bundle)
{
    writer_object(&bundle->writer, "meta");
    if (!bundle->clear) {
        writer_array(&bundle->writer, "security");
        code_coding(&bundle->writer, NULL, CODE_PSEUDONYMIZED);
        writer_end(&bundle->writer);
    }
    writer_array(&bundle->writer, "tag");
    code_coding(&bundle->writer, NULL, CODE_TEST_DATA);
    writer_end(&bundle->writer);
    writer_end(&bundle->writer);
}

void bundle_begin(struct bundle *bundle, FILE *out, int64_t at_ms)
{
    writer_begin(&bundle->writer, out);
    for (unsigned i = 0; i < KIND_END; i++)
        bundle->file[i] = out;
    writer_object(&bundle->writer, NULL);
    writer_text(&bundle->writer, "resourceType", "Bundle");
    labels(bundle);
    writer_text(&bundle->writer, "type", "collection");
    writer_moment(&bundle->writer, "timestamp", at_ms);
    writer_array(&bundle->writer, "entry");
}

void bundle_end(struct bundle *bundle)
{
    writer_end(&bundle->writer);
    writer_end(&bundle->writer);
    (void)fputc('\n', bundle->writer.out);
}

static void target(const struct bundle *bundle, struct identity to, char text[REFERENCE_BYTES])
{
    char id[UUID_TEXT_BYTES];
    bundle_id(bundle, to, id);
    (void)snprintf(text, REFERENCE_BYTES, "%s%s%s",
                   bundle->lines ? KINDS[to.kind] : "urn:uuid:", bundle->lines ? "/" : "", id);
}

void bundle_open(struct bundle *bundle, struct identity identity)
{
    char id[UUID_TEXT_BYTES], url[REFERENCE_BYTES];
    bundle_id(bundle, identity, id);
    bundle->resources++;
    if (bundle->lines) {
        writer_begin(&bundle->writer, bundle->file[identity.kind]);
        writer_object(&bundle->writer, NULL);
    } else {
        target(bundle, identity, url);
        (void)fputc('\n', bundle->writer.out);
        writer_object(&bundle->writer, NULL);
        writer_text(&bundle->writer, "fullUrl", url);
        writer_object(&bundle->writer, "resource");
    }
    writer_text(&bundle->writer, "resourceType", KINDS[identity.kind]);
    writer_text(&bundle->writer, "id", id);
    labels(bundle);
}

void bundle_close(struct bundle *bundle)
{
    writer_end(&bundle->writer);
    if (bundle->lines)
        (void)fputc('\n', bundle->writer.out);
    else
        writer_end(&bundle->writer);
}

void bundle_reference(struct bundle *bundle, const char *key, struct identity to)
{
    char text[REFERENCE_BYTES];
    if (to.row == 0)
        return;
    target(bundle, to, text);
    writer_object(&bundle->writer, key);
    writer_text(&bundle->writer, "reference", text);
    writer_end(&bundle->writer);
}

void bundle_references(struct bundle *bundle, const char *key, struct identity to)
{
    if (to.row == 0)
        return;
    writer_array(&bundle->writer, key);
    bundle_reference(bundle, NULL, to);
    writer_end(&bundle->writer);
}

void bundle_quantity(struct bundle *bundle, const char *key, enum unit unit, int64_t value)
{
    writer_object(&bundle->writer, key);
    writer_decimal(&bundle->writer, "value", value, UNITS[unit].scale);
    writer_text(&bundle->writer, "unit", UNITS[unit].text);
    writer_text(&bundle->writer, "system", "http://unitsofmeasure.org");
    writer_text(&bundle->writer, "code", UNITS[unit].code);
    writer_end(&bundle->writer);
}

void bundle_period(struct bundle *bundle, const char *key, int64_t from_ms, int64_t to_ms)
{
    if (from_ms == 0 && to_ms == 0)
        return;
    writer_object(&bundle->writer, key);
    writer_moment(&bundle->writer, "start", from_ms);
    writer_moment(&bundle->writer, "end", to_ms);
    writer_end(&bundle->writer);
}

void bundle_system(struct bundle *bundle, const char *word)
{
    char id[UUID_TEXT_BYTES], text[REFERENCE_BYTES];
    uuid(bundle, word, strlen(word), id);
    (void)snprintf(text, sizeof text, "urn:uuid:%s", id);
    writer_text(&bundle->writer, "system", text);
}
