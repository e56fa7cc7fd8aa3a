/* entry.c - what the formulary knows of one drug, asked. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/formulary/entry.h"

#include <stddef.h>

static const struct {
    const char *key;
    enum dimension dimension;
    const char *words;
} FIELDS[FIELD_COUNT] = {
#define FIELD(name, key, dimension, words) [FIELD_##name] = { key, dimension, words },
#include "clinic/formulary/field.def"
#undef FIELD
};

const char *field_key(enum entry_field field)
{
    return FIELDS[field].key;
}

const char *field_words(enum entry_field field)
{
    return FIELDS[field].words;
}

enum dimension field_dimension(enum entry_field field)
{
    return FIELDS[field].dimension;
}

const char *mark_word(uint8_t mark)
{
    static const char *const words[] = {
        [MARK_READ] = "read", [MARK_DERIVED] = "derived", [MARK_WEAK] = "weak", [MARK_GUESS] = "guess"
    };
    return mark < sizeof words / sizeof words[0] ? words[mark] : NULL;
}

const char *bound_key(unsigned place)
{
    static const char *const keys[BOUND_PLACES] = { "hard_low", "soft_low", "soft_high", "hard_high" };
    return place < BOUND_PLACES ? keys[place] : NULL;
}

struct figure *bound_at(struct bounds *bounds, unsigned place)
{
    struct figure *const figures[BOUND_PLACES] = { &bounds->hard_low, &bounds->soft_low, &bounds->soft_high,
                                                         &bounds->hard_high };
    return figures[place];
}

const char *fill_state_key(unsigned state)
{
    static const char *const keys[FILL_STATES] = {
        [FILL_FIRST] = "first_fill", [FILL_UNDILUTED] = "undiluted", [FILL_DILUTED] = "diluted"
    };
    return state < FILL_STATES ? keys[state] : NULL;
}

const char *statement_key(unsigned kind)
{
    static const char *const keys[STATEMENT_KINDS] = { [STATEMENT_WITHDRAWAL] = "withdrawal",
                                                       [STATEMENT_OVERDOSE] = "overdose",
                                                       [STATEMENT_GRANULOMA] = "granuloma",
                                                       [STATEMENT_NOTE] = "notes" };
    return kind < STATEMENT_KINDS ? keys[kind] : NULL;
}

bool entry_marketed(const struct entry *entry, conc_ng_ml conc)
{
    for (unsigned i = 0; i < entry->concentrations; i++)
        if (entry->concentration[i].value == conc.ng_ml)
            return true;
    return false;
}

bool entry_concentration_known(const struct entry *entry, conc_ng_ml conc)
{
    const struct bounds *bounds = &entry->bounds[FIELD_CONCENTRATION];
    return entry_marketed(entry, conc) || (bounds->hard_low.known && bounds->hard_high.known &&
                                           conc.ng_ml >= bounds->hard_low.value && conc.ng_ml <= bounds->hard_high.value);
}
