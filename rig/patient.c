/* patient.c - what a scenario says of its patient. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/patient.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double FIGURE_MOST = 1e9; /* more than any figure in its unit: guess */

void patient_setup(const struct patient *patient, uint64_t seed, struct body_setup *setup)
{
    body_typical(setup);
    setup->seed = seed;
    if (patient == NULL)
        return;
    if (patient->seeded)
        setup->seed = patient->seed;
    if (patient->drawn)
        setup->figures = person_setup_drawn(setup->seed, 0).figures;
    for (int i = 0; i < FIGURES_ALL; i++)
        if (patient->figure[i] > 0)
            setup->figures.value[i] = patient->figure[i];
    setup->regime = patient->regime;
    setup->tip_m = level_middle(patient->tip);
    setup->pain = patient->pain >= 0 ? patient->pain : fmin(setup->figures.value[FIGURE_PAIN], 10.0);
    setup->spasticity = patient->spasticity;
}

/* A decimal number; null when it is none, else what follows it. */
static const char *number_end(const char *text)
{
    size_t whole = strspn(text, "0123456789"), size = whole;
    if (whole > 0 && text[whole] == '.')
        size = whole + 1 + strspn(text + whole + 1, "0123456789");
    return whole == 0 || text[size - 1] == '.' ? NULL : text + size;
}

/* "13.1 mL/h": a decimal number and just the unit of the figure; of the unit 1, the number alone. */
static bool figure_value(const char *text, const char *unit, double *value)
{
    const char *rest = number_end(text);
    if (rest == NULL || strcmp(rest + (*rest == ' '), strcmp(unit, "1") == 0 ? "" : unit) != 0)
        return false;
    *value = strtod(text, NULL);
    return *value > 0 && *value <= FIGURE_MOST;
}

static void figure_read(const struct node *figures, const char *name, struct patient *patient)
{
    const char *words[FIGURES_ALL + 1] = { NULL }, *text = NULL;
    struct node member = reader_member(figures, name, REQUIRED);
    int figure = figure_find(name);
    for (int i = 0; i < FIGURES_ALL; i++)
        words[i] = figure_row((enum figure)i)->word;
    if (figure < 0) {
        const char *near = reader_nearest(name, words);
        reader_complain(&member, COMPLAINT_MALFORMED,
                        "there is no such figure%s%s; `cisterna spine figures` lists them",
                        near != NULL ? ": did you mean " : "", near != NULL ? near : "");
        return;
    }
    const struct figure_row *row = figure_row((enum figure)figure);
    if (!reader_text(figures, name, REQUIRED, 40, &text) || figure_value(text, row->unit, &patient->figure[figure]))
        return;
    reader_complain(&member, COMPLAINT_MALFORMED, "must be a decimal number above 0%s%s, such as \"%g%s%s\"",
                    strcmp(row->unit, "1") == 0 ? "" : " in ", strcmp(row->unit, "1") == 0 ? "" : row->unit, row->value,
                    strcmp(row->unit, "1") == 0 ? "" : " ", strcmp(row->unit, "1") == 0 ? "" : row->unit);
}

static void figures_read(const struct node *node, struct patient *patient)
{
    struct node figures = reader_member(node, "figures", OPTIONAL);
    const char *name;
    json_t *value;
    if (figures.value == NULL)
        return;
    if (!json_is_object(figures.value)) {
        reader_complain(&figures, COMPLAINT_MALFORMED, "must be an object, in braces: {\"body.weight\": \"82 kg\"}");
        return;
    }
    json_object_foreach(figures.value, name, value) figure_read(&figures, name, patient);
}

static void pain_read(const struct node *node, struct patient *patient)
{
    struct node member = reader_member(node, "pain", OPTIONAL);
    const char *text = NULL;
    if (member.value == NULL || !reader_text(node, "pain", REQUIRED, 40, &text))
        return;
    const char *rest = number_end(text);
    double pain = rest != NULL && *rest == '\0' ? strtod(text, NULL) : -1.0;
    if (pain >= 0 && pain <= 10)
        patient->pain = pain;
    else
        reader_complain(&member, COMPLAINT_MALFORMED,
                        "must be a decimal number from 0 (none) to 10 (worst), such as \"7.5\"");
}

static void tip_read(const struct node *node, struct patient *patient)
{
    const char *words[LEVELS_ALL + 1] = { NULL };
    unsigned tip = 0;
    for (int i = 0; i < LEVELS_ALL; i++)
        words[i] = level_name(i);
    if (reader_has(node, "tip") && reader_choice(node, "tip", REQUIRED, words, &tip))
        patient->tip = (enum level)tip;
}

/* Each figure alone is a number, but do they make somebody? */
static bool lives(const struct patient *patient)
{
    struct body *body = calloc(1, sizeof *body);
    struct body_setup setup;
    patient_setup(patient, 0, &setup);
    bool good = body != NULL && body_begin(body, &setup);
    free(body);
    return good;
}

static bool freely(const struct node *node, const char *name)
{
    static const char *const ways[] = { "scripted", "freely", NULL };
    unsigned way = 0;
    return reader_has(node, name) && reader_choice(node, name, REQUIRED, ways, &way) && way == 1;
}

struct patient *patient_read(const struct node *root)
{
    static const char *const fields[] = { "person",  "seed", "tip",   "posture", "pain", "spasticity",
                                          "figures", "asks", "comes", "hears",   "note", NULL };
    static const char *const people[] = { "typical", "drawn", NULL }, *const postures[] = { "mobile", "still", NULL };
    struct node node = reader_member(root, "patient", OPTIONAL);
    unsigned person = 0, posture = 0;
    int64_t seed = 0, spasticity = 0;
    struct patient *patient = node.value != NULL && reader_object(&node, fields) ? calloc(1, sizeof *patient) : NULL;
    if (patient == NULL)
        return NULL;
    if (reader_has(&node, "person"))
        (void)reader_choice(&node, "person", REQUIRED, people, &person);
    if (reader_has(&node, "posture"))
        (void)reader_choice(&node, "posture", REQUIRED, postures, &posture);
    patient->asks = freely(&node, "asks");
    patient->comes = freely(&node, "comes");
    patient->hears = freely(&node, "hears");
    patient->seeded = reader_has(&node, "seed") && reader_integer(&node, "seed", REQUIRED, 0, INT64_MAX, &seed);
    (void)reader_amount(&node, "spasticity", OPTIONAL, DIMENSION_RATIO, 0, 1000000, &spasticity);
    patient->tip = LEVEL_L2;
    tip_read(&node, patient);
    patient->drawn = person == 1;
    patient->regime = posture == 1 ? REGIME_STILL : REGIME_MOBILE;
    patient->seed = (uint64_t)seed;
    patient->pain = -1;
    pain_read(&node, patient);
    patient->spasticity = (double)spasticity / 1e6;
    figures_read(&node, patient);
    if (reader_exit(root->reader) == 0 && !lives(patient))
        reader_complain(&node, COMPLAINT_MALFORMED,
                        "nobody can be made of these figures: one is far from what a body has");
    return patient;
}
