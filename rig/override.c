/* override.c - other values of the body's figures. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/override.h"

enum { WORD_MOST = 64, SOURCE_MOST = 200 };

static const char *nearest_word(const char *word)
{
    const char *words[FIGURES_ALL + 1];
    for (int i = 0; i < FIGURES_ALL; i++)
        words[i] = figure_row((enum figure)i)->word;
    words[FIGURES_ALL] = NULL;
    return reader_nearest(word, words);
}

static void unknown_tell(const struct node *node, const char *word)
{
    struct node member = reader_member(node, "figure", REQUIRED);
    const char *nearest = nearest_word(word);
    if (nearest != NULL)
        reader_complain(&member, COMPLAINT_MALFORMED, "there is no figure \"%s\"; did you mean \"%s\"?", word, nearest);
    else
        reader_complain(&member, COMPLAINT_MALFORMED, "there is no figure \"%s\"; see cisterna spine figures", word);
}

static void beyond_tell(const struct node *value, enum figure figure)
{
    double low = 0, high = 0;
    figure_range(figure, &low, &high);
    reader_complain(value, COMPLAINT_MALFORMED, "out of range: %s lies between %g and %g %s", figure_row(figure)->word,
                    low, high, figure_row(figure)->unit);
}

static void origin_check(const struct node *node)
{
    const char *source = NULL;
    bool guess = false;
    (void)reader_text(node, "source", OPTIONAL, SOURCE_MOST, &source);
    (void)reader_flag(node, "guess", &guess);
    if (source == NULL && !guess)
        reader_complain(node, COMPLAINT_MALFORMED, "needs \"source\": where the value comes from, or \"guess\": true");
}

static void row_take(const struct node *node, struct figures *figures, bool seen[FIGURES_ALL])
{
    static const char *const fields[] = { "figure", "value", "unit", "source", "guess", NULL };
    const char *word = NULL, *unit = NULL;
    if (!reader_object(node, fields))
        return;
    origin_check(node);
    struct node value = reader_member(node, "value", REQUIRED);
    bool whole = reader_text(node, "figure", REQUIRED, WORD_MOST, &word);
    whole &= reader_text(node, "unit", REQUIRED, WORD_MOST, &unit);
    if (value.value != NULL && !json_is_number(value.value)) {
        reader_complain(&value, COMPLAINT_MALFORMED, "is no number");
        return;
    }
    if (!whole || value.value == NULL)
        return;
    int figure = figure_find(word);
    switch (figures_put(figures, word, json_number_value(value.value), unit)) {
    case FIGURE_GOOD:
        if (seen[figure])
            reader_complain(node, COMPLAINT_MALFORMED, "%s stands there twice", word);
        seen[figure] = true;
        return;
    case FIGURE_UNKNOWN:
        unknown_tell(node, word);
        return;
    case FIGURE_OTHER_UNIT:
        reader_complain(node, COMPLAINT_MALFORMED, "%s is counted in \"%s\", not \"%s\"", word,
                        figure_row((enum figure)figure)->unit, unit);
        return;
    case FIGURE_BEYOND:
        beyond_tell(&value, (enum figure)figure);
        return;
    }
}

void override_member(const struct node *node, const char *name, struct figures *figures)
{
    bool seen[FIGURES_ALL] = { false };
    struct node list = reader_member(node, name, OPTIONAL);
    if (list.value == NULL || !reader_array(&list, 1, OVERRIDES_MAX))
        return;
    for (size_t i = 0; i < json_array_size(list.value); i++) {
        struct node element = reader_element(&list, i);
        row_take(&element, figures, seen);
    }
}

int override_read(struct reader *reader, struct figures *figures)
{
    static const char *const fields[] = { "figures", NULL };
    struct node document = reader_document(reader);
    if (document.value != NULL && reader_object(&document, fields)) {
        (void)reader_member(&document, "figures", REQUIRED);
        override_member(&document, "figures", figures);
    }
    json_decref(document.value);
    return reader_exit(reader);
}
