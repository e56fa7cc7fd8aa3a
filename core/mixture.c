/* mixture.c - the drugs that are known, and what comes of pouring one mixture upon another. */
// SPDX-License-Identifier: Apache-2.0
#include "core/mixture.h"

#include <stddef.h>

#include "core/text.h"

struct drug_row {
    uint16_t code;
    const char *word;
    bool opioid, withdrawal;
};

#define DRUG(name, ...) DRUG_AT_##name,
enum drug_position {
#include "core/drug.def"
    DRUG_COUNT
};
#undef DRUG

#define DRUG(name, code_, word_, opioid_, withdrawal_)                                                                 \
    [DRUG_AT_##name] = { .code = code_, .word = word_, .opioid = opioid_, .withdrawal = withdrawal_ },
static const struct drug_row DRUGS[DRUG_COUNT] = {
#include "core/drug.def"
};
#undef DRUG

/* One case for each row: a code used twice does not compile. */
static const struct drug_row *drug_row(uint16_t drug)
{
#define DRUG(name, number, ...)                                                                                        \
    case number:                                                                                                       \
        return &DRUGS[DRUG_AT_##name];
    switch (drug) {
#include "core/drug.def"
    default:
        return NULL;
    }
#undef DRUG
}

const char *drug_word(uint16_t drug)
{
    const struct drug_row *row = drug_row(drug);
    return row != NULL ? row->word : NULL;
}

uint16_t drug_code(const char *word)
{
    for (unsigned i = 0; i < DRUG_COUNT; i++)
        if (text_same_ignoring_case(DRUGS[i].word, word))
            return DRUGS[i].code;
    return DRUG_NONE;
}

bool drug_is_opioid(uint16_t drug)
{
    const struct drug_row *row = drug_row(drug);
    return row != NULL && row->opioid;
}

bool drug_stop_is_hazard(uint16_t drug)
{
    const struct drug_row *row = drug_row(drug);
    return row != NULL && row->withdrawal;
}

conc_ng_ml mixture_conc(const struct mixture *mixture, uint16_t drug)
{
    for (unsigned i = 0; i < mixture->count && i < MIXTURE_DRUGS_MAX; i++)
        if (mixture->component[i].drug == drug)
            return mixture->component[i].conc;
    return (conc_ng_ml){ 0 };
}

static bool component_valid(const struct component *component)
{
    return drug_row(component->drug) != NULL && component->conc.ng_ml >= 1 && component->conc.ng_ml <= CONC_NG_ML_MAX;
}

bool mixture_valid(const struct mixture *mixture)
{
    if (mixture->unknown || mixture->count > MIXTURE_DRUGS_MAX)
        return false;
    for (unsigned i = 0; i < MIXTURE_DRUGS_MAX; i++) {
        const struct component *component = &mixture->component[i];
        if (i >= mixture->count) {
            if (component->drug != DRUG_NONE || component->conc.ng_ml != 0)
                return false;
            continue;
        }
        if (!component_valid(component))
            return false;
        if (i >= 1 && component->drug == mixture->component[0].drug)
            return false;
        if (i >= 2 && component->drug <= mixture->component[i - 1].drug)
            return false;
    }
    return true;
}

bool mixture_same(const struct mixture *a, const struct mixture *b)
{
    if (a->unknown || b->unknown || a->count != b->count)
        return false;
    for (unsigned i = 0; i < a->count && i < MIXTURE_DRUGS_MAX; i++)
        if (a->component[i].drug != b->component[i].drug || a->component[i].conc.ng_ml != b->component[i].conc.ng_ml)
            return false;
    return true;
}

/* The concentration of one drug in the blend, rounded up. */
static conc_ng_ml conc_blend(conc_ng_ml left, vol_nl left_volume, conc_ng_ml fill, vol_nl fill_volume)
{
    int64_t mass_fg_sum = mass_of(left_volume, left).fg + mass_of(fill_volume, fill).fg;
    int64_t volume_nl = left_volume.nl + fill_volume.nl;
    return (conc_ng_ml){ (int32_t)((mass_fg_sum + volume_nl - 1) / volume_nl) };
}

/* Puts a component where canonical order wants it: the first to come is the primary drug, the others by code. */
static void component_insert(struct mixture *mixture, struct component component)
{
    unsigned at = mixture->count;
    while (at > 1 && mixture->component[at - 1].drug > component.drug) {
        mixture->component[at] = mixture->component[at - 1];
        at--;
    }
    mixture->component[at] = component;
    mixture->count++;
}

static bool volume_valid(vol_nl volume)
{
    return volume.nl >= 0 && volume.nl <= VOL_NL_MAX;
}

enum result mixture_blend(const struct mixture *left, vol_nl left_volume, const struct mixture *fill,
                          vol_nl fill_volume, struct mixture *blend)
{
    if (!volume_valid(left_volume) || !volume_valid(fill_volume) || left_volume.nl + fill_volume.nl == 0)
        return RESULT_MALFORMED;
    if ((left_volume.nl > 0 && !mixture_valid(left)) || (fill_volume.nl > 0 && !mixture_valid(fill)))
        return RESULT_MALFORMED;
    if (left_volume.nl == 0) {
        *blend = *fill;
        return RESULT_OK;
    }
    if (fill_volume.nl == 0) {
        *blend = *left;
        return RESULT_OK;
    }
    struct mixture poured = { 0 };
    for (unsigned i = 0; i < fill->count; i++) {
        struct component component = fill->component[i];
        component.conc = conc_blend(mixture_conc(left, component.drug), left_volume, component.conc, fill_volume);
        component_insert(&poured, component);
    }
    for (unsigned i = 0; i < left->count; i++) {
        struct component component = left->component[i];
        if (mixture_conc(fill, component.drug).ng_ml != 0)
            continue;
        if (poured.count == MIXTURE_DRUGS_MAX)
            return RESULT_NO_ROOM;
        component.conc = conc_blend(component.conc, left_volume, (conc_ng_ml){ 0 }, fill_volume);
        component_insert(&poured, component);
    }
    *blend = poured;
    return RESULT_OK;
}

void mixture_write(struct byte_writer *writer, const struct mixture *mixture)
{
    byte_write(writer, mixture->count, 1);
    for (unsigned i = 0; i < mixture->count && i < MIXTURE_DRUGS_MAX; i++) {
        byte_write(writer, mixture->component[i].drug, 2);
        byte_write(writer, (uint32_t)mixture->component[i].conc.ng_ml, 4);
    }
}

void mixture_read(struct byte_reader *reader, struct mixture *mixture)
{
    *mixture = (struct mixture){ .count = (uint8_t)byte_read(reader, 1) };
    if (mixture->count > MIXTURE_DRUGS_MAX)
        reader->bad = true;
    for (unsigned i = 0; i < mixture->count && i < MIXTURE_DRUGS_MAX; i++) {
        mixture->component[i].drug = (uint16_t)byte_read(reader, 2);
        mixture->component[i].conc.ng_ml = (int32_t)byte_read(reader, 4);
    }
}
