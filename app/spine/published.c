/* published.c - published figures as a document. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/published.h"

#include <math.h>
#include <string.h>

enum { NAME_MOST = 40, SENTENCE_MOST = 200 };

static const struct {
    const char *word, *unit;
} QUANTITIES[] = { { "csf", "ng/mL" },     { "tissue", "ng/mL" },   { "ratio", "" },    { "tissue_ratio", "" },
                   { "half_life", "min" }, { "clearance", "mL/h" }, { "volume", "mL" }, { "peak_time", "min" } };
enum { QUANTITIES_ALL = sizeof QUANTITIES / sizeof QUANTITIES[0] };
/* More than this is no concentration, time or volume, in any of the units. */
static const double VALUE_MOST = 1e15;
enum { GROUP_MOST = 1000 };
static const int64_t FG_MOST = 1000000000000000000, SPAN_MOST_MS = INT64_C(400) * 86400000;

const char *published_unit(const struct published_row *row)
{
    return row->of == PUBLISHED_RANGE || row->of == PUBLISHED_CORRELATION ? "" : QUANTITIES[row->quantity].unit;
}

double published_dose(const struct published_row *row, double share)
{
    double span_kg = row->dose_high_kg - row->dose_low_kg;
    if (!(span_kg > 0))
        return row->dose_kg;
    return row->dose_low_kg + span_kg * pow(share, span_kg / (row->dose_kg - row->dose_low_kg) - 1);
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

/* In this order: above `low` (itself too when it is one that can be met), up to `high`. */
static bool number_take(const struct node *node, const char *name, double low, double high, const char *unit,
                        double *value)
{
    struct node member = reader_member(node, name, REQUIRED);
    if (member.value == NULL)
        return false;
    double number = json_number_value(member.value);
    if (json_is_number(member.value) && (low == 0 ? number > 0 : number >= low) && number <= high) {
        *value = number;
        return true;
    }
    reader_complain(&member, COMPLAINT_MALFORMED, "must be a number %s %g, up to %g%s%s", low == 0 ? "above" : "from",
                    low, high, *unit != '\0' ? ", in " : "", unit);
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
        else {
            double low = 0, high = 0;
            figure_range((enum figure)figure, &low, &high);
            (void)number_take(&figures, word, low, high, figure_row((enum figure)figure)->unit, &row->set[figure]);
        }
    }
}

static void dose_take(const struct node *node, struct published_row *row)
{
    int64_t fg = 0, span_ms = 0, run_ms = 0;
    (void)reader_amount(node, "dose", REQUIRED, DIMENSION_MASS, 1, FG_MOST, &fg);
    (void)reader_amount(node, "over", OPTIONAL, DIMENSION_SPAN, 1, SPAN_MOST_MS, &span_ms);
    (void)reader_amount(node, "run", REQUIRED, DIMENSION_SPAN, 60000, SPAN_MOST_MS, &run_ms);
    int64_t low_fg = 0, high_fg = 0;
    if (row->of != PUBLISHED_PERSON && (reader_has(node, "dose_low") || reader_has(node, "dose_high"))) {
        (void)reader_amount(node, "dose_low", REQUIRED, DIMENSION_MASS, 1, FG_MOST, &low_fg);
        (void)reader_amount(node, "dose_high", REQUIRED, DIMENSION_MASS, 1, FG_MOST, &high_fg);
        if (low_fg > 0 && high_fg > 0 && fg > 0 && !(low_fg < fg && fg < high_fg))
            reader_complain(node, COMPLAINT_MALFORMED, "dose, the mean, does not lie between dose_low and dose_high");
    }
    if (row->of == PUBLISHED_CORRELATION && low_fg == 0)
        reader_complain(node, COMPLAINT_MALFORMED, "a correlation with the dose needs dose_low and dose_high");
    if (row->of == PUBLISHED_PERSON && (reader_has(node, "dose_low") || reader_has(node, "dose_high")))
        reader_complain(node, COMPLAINT_MALFORMED,
                        "doses differ between people: of must be median, mean, range or correlation");
    row->dose_low_kg = (double)low_fg * 1e-18;
    row->dose_high_kg = (double)high_fg * 1e-18;
    row->dose_kg = (double)fg * 1e-18;
    row->span_s = (double)span_ms / 1000;
    row->run_s = (double)run_ms / 1000;
}

static void spread_take(const struct node *node, struct published_row *row)
{
    bool signs = row->of == PUBLISHED_CORRELATION;
    double low = signs ? -1 : 0, high = signs ? 1 : VALUE_MOST;
    const char *unit = published_unit(row);
    if (number_take(node, "published", low, high, unit, &row->published) &&
        number_take(node, "low", low, high, unit, &row->low) &&
        number_take(node, "high", low, high, unit, &row->high) &&
        !(row->low <= row->published && row->published <= row->high))
        reader_complain(node, COMPLAINT_MALFORMED, "published does not lie between low and high");
}

/* What each field may be, but not together. */
static void row_complain(const struct node *node, const struct published_row *row, bool two)
{
    bool after = row->quantity == PUBLISHED_HALF_LIFE || row->quantity == PUBLISHED_CLEARANCE ||
                 row->quantity == PUBLISHED_VOLUME;
    if (after && row->run_s > 0 && row->run_s <= row->span_s)
        reader_complain(node, COMPLAINT_MALFORMED,
                        "%s is of what follows the dose, and run ends no later than it (over): make run longer",
                        QUANTITIES[row->quantity].word);
    if (two && row->level == row->over)
        reader_complain(node, COMPLAINT_MALFORMED, "level and over_level are the same, of which every ratio is 1");
    if (!two && reader_has(node, "over_level"))
        reader_complain(node, COMPLAINT_MALFORMED, "over_level belongs to ratio and tissue_ratio alone");
    if (row->of != PUBLISHED_RANGE && reader_has(node, "people"))
        reader_complain(node, COMPLAINT_MALFORMED, "people belongs to the range alone: how many it was found among");
}

static void row_take(const struct node *node, struct published_row *row)
{
    static const char *const fields[] = { "id",       "what",       "source",    "use",  "drug",    "tip",
                                          "level",    "over_level", "regime",    "dose", "over",    "run",
                                          "quantity", "published",  "low",       "high", "figures", "of",
                                          "people",   "dose_low",   "dose_high", NULL };
    static const char *const ofs[] = { "person", "median", "mean", "range", "correlation", NULL };
    static const char *const uses[] = { "fit", "predict", NULL }, *const regimes[] = { "mobile", "still", NULL };
    unsigned use = 0, regime = 0, of = 0;
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
    (void)reader_choice(node, "of", OPTIONAL, ofs, &of);
    row->of = (enum published_of)of;
    if (row->of == PUBLISHED_RANGE)
        (void)reader_integer(node, "people", REQUIRED, 2, GROUP_MOST, &row->group);
    dose_take(node, row);
    spread_take(node, row);
    figures_take(node, row);
    row_complain(node, row, two);
}

/* Who reads the answer must be able to tell two rows apart. */
static void twice_complain(const struct node *list, const struct published *rows, size_t place)
{
    const struct published_row *row = &rows->row[place];
    for (size_t i = 0; i < place && row->id != NULL && row->what != NULL; i++) {
        const struct published_row *other = &rows->row[i];
        if (other->id == NULL || other->what == NULL || strcmp(other->id, row->id) != 0 ||
            strcmp(other->what, row->what) != 0 || other->of != row->of)
            continue;
        struct node element = reader_element(list, place);
        reader_complain(&element, COMPLAINT_MALFORMED, "has the id and the words of rows[%zu]: one of them must differ",
                        i);
        return;
    }
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
                twice_complain(&list, rows, i);
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
