/* limits.c - the hard limits of a therapy, signed for one pump. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/formulary/limits.h"

#include <string.h>

#include "link/hash.h"

static const char ABOUT[] = "cisterna limits 1";

bool limits_day_most(const struct entry *entry, const struct therapy *therapy, const struct model *model, conc_ng_ml conc,
                     mass_fg *most)
{
    const struct figure *total = &entry->bounds[FIELD_TOTAL].hard_high, *dose = &entry->bounds[FIELD_DOSE].hard_high;
    const struct figure *bound = total->known ? total : dose;
    if (!bound->known)
        return false;
    /* LIMIT_FG_MAX times 33 stays far below 2^63. */
    int64_t counted = (bound->value * (WINDOW_BUCKETS + 1) + WINDOW_BUCKETS - 1) / WINDOW_BUCKETS;
    most->fg = counted + 2 * mass_of_quantum(quantum_volume(model->quantum, therapy->calibration), conc).fg;
    return true;
}

/* Does the formulary carry the limits of one drug? Each reason against it is told. */
static bool drug_carried(const struct formulary *formulary, const struct therapy *therapy, const struct model *model, unsigned i,
                         FILE *messages)
{
    const struct component *component = &therapy->mixture.component[i];
    const struct entry *entry = formulary_find(formulary, component->drug);
    const char *word = drug_word(component->drug);
    mass_fg most;
    bool good = true;
    if (entry == NULL) {
        fprintf(messages, "formulary: %s has no entry for region %s\n", word, formulary->region);
        return false;
    }
    if (!entry_concentration_known(entry, component->conc)) {
        fprintf(messages, "formulary: %s is not known at %d ng/mL\n", word, (int)component->conc.ng_ml);
        good = false;
    }
    if (!limits_day_most(entry, therapy, model, component->conc, &most)) {
        fprintf(messages, "formulary: %s has no hard bound for a day, so no limit of it is signed\n", word);
        good = false;
    } else if (therapy->limits.drug[i].window[WINDOW_DAY].fg > most.fg) {
        fprintf(messages, "formulary: the limit of %s in a day, %lld fg, is above the hard bound; at most %lld fg are signed\n",
                word, (long long)therapy->limits.drug[i].window[WINDOW_DAY].fg, (long long)most.fg);
        good = false;
    }
    const struct figure *bolus = &entry->bounds[FIELD_BOLUS].hard_high;
    if (bolus->known && mass_of(therapy->limits.bolus_max, component->conc).fg > bolus->value) {
        fprintf(messages, "formulary: the largest bolus, %lld nL, holds more %s than the hard bound\n",
                (long long)therapy->limits.bolus_max.nl, word);
        good = false;
    }
    return good;
}

/* The hash that a pump checks the signature over; false when the therapy has no canonical bytes. */
static bool limits_hash(const struct therapy *therapy, uint8_t hash[HASH_BYTES])
{
    uint8_t bytes[THERAPY_BYTES_MAX];
    size_t size = 0, offset = 0, length = 0;
    struct hash_state state;
    if (therapy_encode(therapy, bytes, sizeof bytes, &size) != RESULT_OK ||
        therapy_limits_section(bytes, size, &offset, &length) != RESULT_OK)
        return false;
    hash_begin(&state);
    hash_add(&state, (const uint8_t *)ABOUT, sizeof ABOUT - 1);
    hash_add(&state, (const uint8_t *)therapy->serial, SERIAL_BYTES);
    hash_add(&state, bytes + offset, length);
    hash_end(&state, hash);
    return true;
}

/* Limits that name the mixture's drugs in its order, of a model that is known. */
static const struct model *form_known(const struct therapy *therapy)
{
    const struct model *model = model_find(therapy->model, therapy->revision);
    if (model == NULL || !mixture_valid(&therapy->mixture) || therapy->limits.count != therapy->mixture.count ||
        therapy->limits.bolus_max.nl < 0 || therapy->limits.bolus_max.nl > VOL_NL_MAX)
        return NULL;
    for (unsigned i = 0; i < therapy->limits.count; i++)
        if (therapy->limits.drug[i].drug != therapy->mixture.component[i].drug)
            return NULL;
    return model;
}

enum formulary_fault formulary_sign_limits(const struct sitekey *key, const struct formulary *formulary,
                                           const struct therapy *therapy, uint8_t signature[SIGNATURE_BYTES], FILE *messages)
{
    uint8_t hash[HASH_BYTES];
    const struct model *model = form_known(therapy);
    if (model == NULL || !limits_hash(therapy, hash)) {
        fprintf(messages, "formulary: that is no whole therapy of a model that is known\n");
        return FORMULARY_MALFORMED;
    }
    if (therapy->formulary_version != formulary->version ||
        strncmp(therapy->region, formulary->region, sizeof formulary->region) != 0) {
        fprintf(messages,
                "formulary: the therapy was checked against release %u for region %.3s, and this is release %u for %s\n",
                therapy->formulary_version, therapy->region, formulary->version, formulary->region);
        return FORMULARY_MISMATCH;
    }
    bool carried = true;
    for (unsigned i = 0; i < therapy->mixture.count; i++)
        carried = drug_carried(formulary, therapy, model, i, messages) && carried;
    if (!carried)
        return FORMULARY_REFUSED;
    sitekey_sign(key, hash, signature);
    return FORMULARY_OK;
}
