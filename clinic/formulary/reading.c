/* reading.c - one file of the formulary, read strictly. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/formulary/reading.h"

#include <string.h>

#include "clinic/formulary/figure.h"
#include "clinic/formulary/judging.h"
#include "core/therapy.h"

static const char *const REGIONS[] = { "US", "EU", NULL };
static const char *const UNITS[] = { "mg", "mcg", NULL };
_Static_assert(sizeof REGIONS / sizeof REGIONS[0] == REGIONS_MAX + 1, "every region has its place in a file");

const char *region_word(unsigned position)
{
    return position < REGIONS_MAX ? REGIONS[position] : NULL;
}

static void regions_read(const struct node *root, struct entry_file *file)
{
    struct node list = reader_member(root, "regions", REQUIRED);
    if (!reader_array(&list, 1, REGIONS_MAX))
        return;
    for (size_t i = 0; i < json_array_size(list.value); i++) {
        struct node element = reader_element(&list, i);
        unsigned region = 0;
        if (!reader_word(&element, REGIONS, &region))
            return;
        if (file->regions > 0 && file->region[0] == REGIONS[region])
            reader_complain(&element, COMPLAINT_MALFORMED, "the region stands here twice");
        else
            file->region[file->regions++] = REGIONS[region];
    }
}

static void drug_read(const struct node *root, struct entry *entry)
{
    static const char *const words[] = {
#define DRUG(name, code, word, opioid, withdrawal) word,
#include "core/drug.def"
#undef DRUG
        NULL
    };
    unsigned drug = 0, unit = 0;
    if (reader_choice(root, "drug", REQUIRED, words, &drug))
        entry->drug = drug_code(words[drug]);
    if (reader_choice(root, "unit", REQUIRED, UNITS, &unit))
        entry->milligrams = unit == 0;
    if (!reader_has(root, "opioid"))
        (void)reader_member(root, "opioid", REQUIRED);
    (void)reader_flag(root, "opioid", &entry->opioid);
}

static void decisions_read(struct figures *figures, const struct node *root)
{
    static const char *const priorities[] = { "low", "medium", "high", NULL };
    static const char *const safe_states[] = { "stopped", "least flow", NULL };
    struct entry *entry = figures->entry;
    struct origin *origin = entry->origin;
    unsigned word = 0;
    struct node class = reader_member(root, "class", REQUIRED), bolus = reader_member(root, "patient_bolus", REQUIRED),
                second = reader_member(root, "second_clinician", REQUIRED),
                under = reader_member(root, "under_delivery", REQUIRED), safe = reader_member(root, "safe_state", REQUIRED);
    (void)decision_text(figures, &class, entry->drug_class, &origin[DECISION_CLASS]);
    (void)decision_flag(figures, &bolus, &entry->patient_bolus, &origin[DECISION_PATIENT_BOLUS]);
    (void)decision_flag(figures, &second, &entry->second_clinician, &origin[DECISION_SECOND_CLINICIAN]);
    if (decision_word(figures, &under, priorities, &word, &origin[DECISION_UNDER_DELIVERY]))
        entry->under_delivery = (uint8_t)(PRIORITY_LOW + word);
    if (decision_word(figures, &safe, safe_states, &word, &origin[DECISION_SAFE_STATE]))
        entry->safe_minimum = word == 1;
}

static void figure_member(struct figures *figures, const struct node *root, const char *name, enum need need,
                          enum dimension dimension, struct figure *figure)
{
    struct node member = reader_member(root, name, need);
    (void)figure_read(figures, &member, dimension, figure);
}

static void bounds_read(struct figures *figures, const struct node *root)
{
    const char *keys[FIELD_COUNT + 1] = { NULL }, *places[BOUND_PLACES + 1] = { NULL };
    struct node list = reader_member(root, "bounds", REQUIRED);
    for (enum entry_field field = 0; field < FIELD_COUNT; field++)
        keys[field] = field_key(field);
    for (unsigned place = 0; place < BOUND_PLACES; place++)
        places[place] = bound_key(place);
    if (!reader_object(&list, keys))
        return;
    for (enum entry_field field = 0; field < FIELD_COUNT; field++) {
        struct node node = reader_member(&list, keys[field], OPTIONAL);
        struct bounds *bounds = &figures->entry->bounds[field];
        if (!reader_object(&node, places))
            continue;
        for (unsigned place = 0; place < BOUND_PLACES; place++)
            figure_member(figures, &node, places[place], OPTIONAL, field_dimension(field), bound_at(bounds, place));
    }
}

static void concentrations_read(struct figures *figures, const struct node *root)
{
    struct entry *entry = figures->entry;
    struct node list = reader_member(root, "concentrations", REQUIRED);
    if (!reader_array(&list, 0, ENTRY_CONCENTRATIONS_MAX))
        return;
    for (size_t i = 0; i < json_array_size(list.value); i++) {
        struct node element = reader_element(&list, i);
        (void)figure_read(figures, &element, DIMENSION_CONC, &entry->concentration[entry->concentrations++]);
    }
}

static void who_read(const struct node *node, char who[ENTRY_WORD_BYTES])
{
    const char *text = NULL;
    if (reader_text(node, "who", REQUIRED, ENTRY_WORD_BYTES - 1, &text))
        memcpy(who, text, strlen(text) + 1);
}

static void starts_read(struct figures *figures, const struct node *root)
{
    static const char *const fields[] = { "who", "opioid_naive", "low", "high", NULL };
    struct entry *entry = figures->entry;
    struct node list = reader_member(root, "starts", REQUIRED);
    if (!reader_array(&list, 0, ENTRY_STARTS_MAX))
        return;
    for (size_t i = 0; i < json_array_size(list.value); i++) {
        struct node element = reader_element(&list, i);
        struct start_range *start = &entry->start[entry->starts++];
        if (!reader_object(&element, fields))
            continue;
        who_read(&element, start->who);
        (void)reader_flag(&element, "opioid_naive", &start->opioid_naive);
        figure_member(figures, &element, "low", OPTIONAL, DIMENSION_DOSE, &start->low);
        figure_member(figures, &element, "high", REQUIRED, DIMENSION_DOSE, &start->high);
    }
}

/* Is the step written as a share of the present dose? The sign of per cent tells. */
static bool is_share(const struct node *titration)
{
    const char *text = json_string_value(json_object_get(json_object_get(titration->value, "high"), "value"));
    return text != NULL && strchr(text, '%') != NULL;
}

static void titrations_read(struct figures *figures, const struct node *root)
{
    static const char *const fields[] = { "who", "direction", "low", "high", "interval", "advised", NULL };
    static const char *const directions[] = { "up", "down", NULL };
    struct entry *entry = figures->entry;
    struct node list = reader_member(root, "titrations", REQUIRED);
    if (!reader_array(&list, 0, ENTRY_TITRATIONS_MAX))
        return;
    for (size_t i = 0; i < json_array_size(list.value); i++) {
        struct node element = reader_element(&list, i);
        struct titration *titration = &entry->titration[entry->titrations++];
        unsigned direction = 0;
        if (!reader_object(&element, fields))
            continue;
        who_read(&element, titration->who);
        if (reader_choice(&element, "direction", REQUIRED, directions, &direction))
            titration->downward = direction == 1;
        titration->share = is_share(&element);
        enum dimension dimension = titration->share ? DIMENSION_RATIO : DIMENSION_DOSE;
        figure_member(figures, &element, "low", OPTIONAL, dimension, &titration->low);
        figure_member(figures, &element, "high", REQUIRED, dimension, &titration->high);
        figure_member(figures, &element, "interval", OPTIONAL, DIMENSION_SPAN, &titration->interval);
        figure_member(figures, &element, "advised", OPTIONAL, DIMENSION_SPAN, &titration->advised);
    }
}

static void keeping_read(struct figures *figures, const struct node *root)
{
    const char *states[FILL_STATES + 1] = { NULL };
    struct entry *entry = figures->entry;
    struct node stability = reader_member(root, "stability", REQUIRED);
    figure_member(figures, root, "restart_limit", REQUIRED, DIMENSION_SPAN, &entry->restart_limit);
    figure_member(figures, root, "refill_policy", OPTIONAL, DIMENSION_SPAN, &entry->refill_policy);
    for (unsigned state = 0; state < FILL_STATES; state++)
        states[state] = fill_state_key(state);
    if (!reader_object(&stability, states))
        return;
    for (unsigned state = 0; state < FILL_STATES; state++)
        figure_member(figures, &stability, states[state], OPTIONAL, DIMENSION_SPAN, &entry->stability[state]);
}

static void compatibility_read(struct figures *figures, const struct node *root)
{
    static const char *const words[] = { "declared", "refused", NULL };
    const char *models[ENTRY_MODELS] = { NULL };
    struct entry *entry = figures->entry;
    struct node list = reader_member(root, "compatibility", REQUIRED);
    for (uint8_t model = 1; model < ENTRY_MODELS; model++)
        models[model - 1] = model_name(model);
    if (!reader_object(&list, models))
        return;
    for (uint8_t model = 1; model < ENTRY_MODELS; model++) {
        struct node member = reader_member(&list, model_name(model), OPTIONAL);
        unsigned word = 0;
        if (member.value != NULL && decision_word(figures, &member, words, &word, &entry->compatibility_origin[model]))
            entry->compatibility[model] = (uint8_t)(COMPATIBILITY_DECLARED + word);
    }
}

static void statements_read(struct figures *figures, const struct node *root)
{
    struct entry *entry = figures->entry;
    for (unsigned kind = 0; kind < STATEMENT_KINDS; kind++) {
        struct node list = reader_member(root, statement_key(kind), OPTIONAL);
        if (!reader_array(&list, 1, ENTRY_STATEMENTS_MAX))
            continue;
        for (size_t i = 0; i < json_array_size(list.value); i++) {
            struct node element = reader_element(&list, i);
            (void)statement_read(figures, &element, &entry->statement[kind][entry->statements[kind]++]);
        }
    }
}

bool entry_read(const struct node *root, struct entry_file *file)
{
    static const char *const fields[] = {
        "cisterna_formulary_entry", "drug",       "regions",       "unit",      "opioid",        "class",    "patient_bolus",
        "second_clinician",         "under_delivery", "safe_state", "restart_limit", "refill_policy", "concentrations", "bounds",
        "starts",                   "titrations", "stability",     "compatibility", "withdrawal", "overdose", "granuloma",
        "notes",                    "sources",    NULL
    };
    struct figures figures = { .entry = &file->entry };
    unsigned before = root->reader->count;
    int64_t version = 0;
    *file = (struct entry_file){ .regions = 0 };
    if (!reader_object(root, fields) || !reader_integer(root, "cisterna_formulary_entry", REQUIRED, 1, 1, &version))
        return false;
    sources_read(root, &file->entry);
    regions_read(root, file);
    drug_read(root, &file->entry);
    if (root->reader->count != before)
        return false; /* nothing below can be read without knowing the sources, the drug and its unit */
    decisions_read(&figures, root);
    concentrations_read(&figures, root);
    bounds_read(&figures, root);
    starts_read(&figures, root);
    titrations_read(&figures, root);
    keeping_read(&figures, root);
    compatibility_read(&figures, root);
    statements_read(&figures, root);
    if (root->reader->count == before) {
        sources_used(root, &file->entry, figures.used);
        entry_judge(root, &file->entry);
    }
    return root->reader->count == before;
}
