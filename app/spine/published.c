/* published.c - published figures as a document. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/published.h"

#include <math.h>

enum { NAME_MOST = 40, SENTENCE_MOST = 200 };

static const struct {
    const char *word, *unit;
} QUANTITIES[] = { { "csf", "ng/mL" },     { "tissue", "ng/mL" },   { "ratio", "" },    { "tissue_ratio", "" },
                   { "half_life", "min" }, { "clearance", "mL/h" }, { "volume", "mL" }, { "peak_time", "min" } };
enum { QUANTITIES_ALL = sizeof QUANTITIES / sizeof QUANTITIES[0] };
static const int64_t FG_MOST = 1000000000000000000, SPAN_MOST_MS = INT64_C(400) * 86400000;

const char *published_unit(enum published_quantity quantity)
{
    return QUANTITIES[quantity].unit;
}

static bool level_take(const struct node *node, const char *name, enum need need, enum level *level)
{
    const char *words[LEVELS_ALL + 1];
    unsigned found = 0;
    for (int i = 0; i < LEVELS_ALL; i++)
        words[i] = level_name(i);
    words[LEVELS_ALL] = NULL;
    if (!reader_choice(node, name, need, words, &found))
        return false;
    *level = (enum level)found;
    return true;
}

static bool drug_take(const struct node *node, enum agent *drug)
{
    const char *words[AGENTS_ALL + 1];
    unsigned found = 0;
    for (int i = 0; i < AGENTS_ALL; i++)
        words[i] = agent_word((enum agent)i);
    words[AGENTS_ALL] = NULL;
    if (!reader_choice(node, "drug", REQUIRED, words, &found))
        return false;
    *drug = (enum agent)found;
    return true;
}

static bool quantity_take(const struct node *node, enum published_quantity *quantity)
{
    const char *words[QUANTITIES_ALL + 1];
    unsigned found = 0;
    for (int i = 0; i < QUANTITIES_ALL; i++)
        words[i] = QUANTITIES[i].word;
    words[QUANTITIES_ALL] = NULL;
    if (!reader_choice(node, "quantity", REQUIRED, words, &found))
        return false;
    *quantity = (enum published_quantity)found;
    return true;
}

static bool number_take(const struct node *node, const char *name, double *value)
{
    struct node member = reader_member(node, name, REQUIRED);
    if (member.value == NULL)
        return false;
    if (json_is_number(member.value) && json_number_value(member.value) > 0) {
        *value = json_number_value(member.value);
        return true;
    }
    reader_complain(&member, COMPLAINT_MALFORMED, "is no number above 0, in the unit of the row's quantity");
    return false;
}

static void figures_take(const struct node *node, struct published_row *row)
{
    struct node figures = reader_member(node, "figures", OPTIONAL);
    const char *word = NULL;
    json_t *value = NULL;
    if (figures.value == NULL)
        return;
    if (!json_is_object(figures.value)) {
        reader_complain(&figures, COMPLAINT_MALFORMED, "is an object of figures, such as {\"morphine.clearance\": 20}");
        return;
    }
    json_object_foreach(figures.value, word, value)
    {
        int figure = figure_find(word);
        if (figure < 0)
            reader_complain(&figures, COMPLAINT_MALFORMED, "there is no figure \"%s\"; see cisterna spine figures",
                            word);
        else
            (void)number_take(&figures, word, &row->set[figure]);
    }
}

static void dose_take(const struct node *node, struct published_row *row)
{
    int64_t fg = 0, span_ms = 0, run_ms = 0;
    (void)reader_amount(node, "dose", REQUIRED, DIMENSION_MASS, 1, FG_MOST, &fg);
    (void)reader_amount(node, "over", OPTIONAL, DIMENSION_SPAN, 1, SPAN_MOST_MS, &span_ms);
    (void)reader_amount(node, "run", REQUIRED, DIMENSION_SPAN, 60000, SPAN_MOST_MS, &run_ms);
    row->dose_kg = (double)fg * 1e-18;
    row->span_s = (double)span_ms / 1000;
    row->run_s = (double)run_ms / 1000;
}

static void row_take(const struct node *node, struct published_row *row)
{
    static const char *const fields[] = { "id",       "what",       "source", "use",  "drug",    "tip",
                                          "level",    "over_level", "regime", "dose", "over",    "run",
                                          "quantity", "published",  "low",    "high", "figures", NULL };
    static const char *const uses[] = { "fit", "predict", NULL }, *const regimes[] = { "mobile", "still", NULL };
    unsigned use = 0, regime = 0;
    *row = (struct published_row){ .over = LEVEL_C1 };
    if (!reader_object(node, fields))
        return;
    (void)reader_text(node, "id", REQUIRED, NAME_MOST, &row->id);
    (void)reader_text(node, "what", REQUIRED, SENTENCE_MOST, &row->what);
    (void)reader_text(node, "source", REQUIRED, SENTENCE_MOST, &row->source);
    (void)reader_choice(node, "use", REQUIRED, uses, &use);
    (void)reader_choice(node, "regime", REQUIRED, regimes, &regime);
    row->fit = use == 0;
    row->regime = regime == 0 ? REGIME_MOBILE : REGIME_STILL;
    (void)drug_take(node, &row->drug);
    (void)level_take(node, "tip", REQUIRED, &row->tip);
    (void)level_take(node, "level", REQUIRED, &row->level);
    bool two = quantity_take(node, &row->quantity) &&
               (row->quantity == PUBLISHED_RATIO || row->quantity == PUBLISHED_TISSUE_RATIO);
    (void)level_take(node, "over_level", two ? REQUIRED : OPTIONAL, &row->over);
    dose_take(node, row);
    if (number_take(node, "published", &row->published) && number_take(node, "low", &row->low) &&
        number_take(node, "high", &row->high) && !(row->low <= row->published && row->published <= row->high))
        reader_complain(node, COMPLAINT_MALFORMED, "published does not lie between low and high");
    figures_take(node, row);
}

int published_read(struct reader *reader, struct published *rows)
{
    static const char *const fields[] = { "rows", NULL };
    struct node document = reader_document(reader);
    *rows = (struct published){ .root = document.value };
    if (document.value != NULL && reader_object(&document, fields)) {
        struct node list = reader_member(&document, "rows", REQUIRED);
        if (reader_array(&list, 1, PUBLISHED_MAX)) {
            rows->count = json_array_size(list.value);
            for (size_t i = 0; i < rows->count; i++) {
                struct node element = reader_element(&list, i);
                row_take(&element, &rows->row[i]);
            }
        }
    }
    return reader_exit(reader);
}

void published_free(struct published *rows)
{
    json_decref(rows->root);
    rows->root = NULL;
}
