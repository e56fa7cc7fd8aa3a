/* figure.c - a number of an entry file with where it comes from. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/formulary/figure.h"

#include <string.h>

#include "core/limits.h"

static const char *const SOURCE_MARKS[] = { "read", "derived", "weak", NULL };
enum { SPAN_MS_MAX_DAYS = 1000, RATIO_MAX = 100 * 1000000, COUNT_MAX = 255 };

static void source_read(const struct node *node, struct entry *entry)
{
    static const char *const fields[] = { "id", "text", "mark", NULL };
    struct source *source = &entry->source[entry->sources];
    const char *id = NULL, *text = NULL;
    unsigned mark = 0;
    if (!reader_object(node, fields) || !reader_text(node, "id", REQUIRED, sizeof source->id - 1, &id) ||
        !reader_text(node, "text", REQUIRED, sizeof source->text - 1, &text) ||
        !reader_choice(node, "mark", REQUIRED, SOURCE_MARKS, &mark))
        return;
    for (unsigned i = 0; i < entry->sources; i++)
        if (strcmp(entry->source[i].id, id) == 0) {
            reader_complain(node, COMPLAINT_MALFORMED, "the source \"%s\" stands here twice; each needs an id of its own", id);
            return;
        }
    memcpy(source->id, id, strlen(id) + 1);
    memcpy(source->text, text, strlen(text) + 1);
    source->mark = (uint8_t)(MARK_READ + mark);
    entry->sources++;
}

void sources_read(const struct node *root, struct entry *entry)
{
    struct node list = reader_member(root, "sources", REQUIRED);
    if (!reader_array(&list, 1, ENTRY_SOURCES_MAX))
        return;
    for (size_t i = 0; i < json_array_size(list.value); i++) {
        struct node element = reader_element(&list, i);
        source_read(&element, entry);
    }
}

void sources_used(const struct node *root, const struct entry *entry, uint32_t used)
{
    struct node list = reader_member(root, "sources", OPTIONAL);
    for (unsigned i = 0; i < entry->sources; i++)
        if ((used >> i & 1) == 0) {
            struct node element = reader_element(&list, i);
            reader_complain(&element, COMPLAINT_MALFORMED,
                            "nothing names the source \"%s\"; remove it, or name it where it belongs", entry->source[i].id);
        }
}

/* Keeps why something is guessed, or how it was worked out; its position, counted from 1. */
static bool reason_keep(struct figures *figures, const struct node *node, const char *name, uint8_t *reason)
{
    struct entry *entry = figures->entry;
    const char *text = NULL;
    if (!reader_text(node, name, REQUIRED, ENTRY_TEXT_BYTES - 1, &text))
        return false;
    for (unsigned i = 0; i < entry->reasons; i++)
        if (strcmp(entry->reason[i], text) == 0) {
            *reason = (uint8_t)(i + 1);
            return true;
        }
    if (entry->reasons == ENTRY_REASONS_MAX) {
        reader_complain(node, COMPLAINT_MALFORMED, "one reason too many; an entry holds %d that differ", ENTRY_REASONS_MAX);
        return false;
    }
    memcpy(entry->reason[entry->reasons++], text, strlen(text) + 1);
    *reason = entry->reasons;
    return true;
}

static bool source_find(struct figures *figures, const struct node *node, uint8_t *position)
{
    const char *names[ENTRY_SOURCES_MAX + 1] = { NULL };
    unsigned found = 0;
    for (unsigned i = 0; i < figures->entry->sources; i++)
        names[i] = figures->entry->source[i].id;
    if (!reader_choice(node, "source", REQUIRED, names, &found))
        return false;
    figures->used |= UINT32_C(1) << found;
    *position = (uint8_t)found;
    return true;
}

/* Either a source, with how the value was worked out where it does not stand there itself, or a guess with its reason. */
static bool origin_read(struct figures *figures, const struct node *node, struct origin *origin)
{
    bool guess = false;
    *origin = (struct origin){ .mark = MARK_GUESS };
    if (reader_has(node, "guess") && (!reader_flag(node, "guess", &guess) || !guess)) {
        struct node member = reader_member(node, "guess", OPTIONAL);
        if (json_is_false(member.value))
            reader_complain(&member, COMPLAINT_MALFORMED, "is true or absent: what is no guess names its source");
        return false;
    }
    if (guess == reader_has(node, "source")) {
        reader_complain(node, COMPLAINT_MALFORMED, "needs either a \"source\" or \"guess\": true with its \"why\"");
        return false;
    }
    if (guess && reader_has(node, "derived")) {
        reader_complain(node, COMPLAINT_MALFORMED, "a guess is not derived: say it in its \"why\"");
        return false;
    }
    if (guess)
        return reason_keep(figures, node, "why", &origin->reason);
    if (reader_has(node, "why")) {
        reader_complain(node, COMPLAINT_MALFORMED,
                        "\"why\" belongs to a guess; how a value follows from a source is \"derived\"");
        return false;
    }
    if (!source_find(figures, node, &origin->source))
        return false;
    origin->mark = figures->entry->source[origin->source].mark;
    if (!reader_has(node, "derived"))
        return true;
    if (origin->mark < MARK_DERIVED)
        origin->mark = MARK_DERIVED;
    return reason_keep(figures, node, "derived", &origin->reason);
}

/* The value's own field, and those of an origin. */
static const char *const FIGURE_FIELDS[] = { "value", "source", "derived", "guess", "why", NULL };
static const char *const STATEMENT_FIELDS[] = { "text", "source", "derived", "guess", "why", NULL };

/* The unit that an amount of this dimension must be written in; null where any is right. */
static const char *unit_of(const struct entry *entry, enum dimension dimension)
{
    bool mg = entry->milligrams;
    if (dimension == DIMENSION_CONC)
        return mg ? "mg/mL" : "mcg/mL";
    if (dimension == DIMENSION_MASS)
        return mg ? "mg" : "mcg";
    if (dimension == DIMENSION_DOSE)
        return mg ? "mg/day" : "mcg/day";
    return NULL;
}

static bool unit_right(const struct figures *figures, const struct node *node, enum dimension dimension)
{
    const char *unit = unit_of(figures->entry, dimension), *text = json_string_value(json_object_get(node->value, "value"));
    if (unit == NULL || strcmp(text + strspn(text, "0123456789. "), unit) == 0)
        return true;
    struct node member = reader_member(node, "value", OPTIONAL);
    reader_complain(&member, COMPLAINT_MALFORMED, "\"%s\" must be in %s: an entry keeps to the one unit it declares", text, unit);
    return false;
}

static int64_t most_of(enum dimension dimension)
{
    switch (dimension) {
    case DIMENSION_CONC:
        return CONC_NG_ML_MAX;
    case DIMENSION_MASS:
    case DIMENSION_DOSE:
        return LIMIT_FG_MAX;
    case DIMENSION_SPAN:
        return (int64_t)SPAN_MS_MAX_DAYS * DAY_MS;
    case DIMENSION_RATIO:
        return RATIO_MAX;
    case DIMENSION_COUNT:
        return COUNT_MAX;
    case DIMENSION_VOLUME:
    case DIMENSION_FLOW:
    case DIMENSION_LENGTH:
    case DIMENSION_PPM:
    case DIMENSION_TEMPERATURE:
    case DIMENSION_CURRENT:
        break;
    }
    return 0; /* an entry measures nothing of these */
}

bool figure_read(struct figures *figures, const struct node *node, enum dimension dimension, struct figure *figure)
{
    struct origin origin;
    int64_t value = 0;
    if (!reader_object(node, FIGURE_FIELDS) || !origin_read(figures, node, &origin) ||
        !reader_amount(node, "value", REQUIRED, dimension, 1, most_of(dimension), &value) ||
        !unit_right(figures, node, dimension))
        return false;
    *figure = (struct figure){ .known = true, .mark = origin.mark, .source = origin.source, .reason = origin.reason,
                               .value = value };
    return true;
}

bool decision_flag(struct figures *figures, const struct node *node, bool *value, struct origin *origin)
{
    if (!reader_object(node, FIGURE_FIELDS) || !origin_read(figures, node, origin))
        return false;
    if (!reader_has(node, "value")) {
        (void)reader_member(node, "value", REQUIRED);
        return false;
    }
    return reader_flag(node, "value", value);
}

bool decision_word(struct figures *figures, const struct node *node, const char *const *words, unsigned *value,
                   struct origin *origin)
{
    return reader_object(node, FIGURE_FIELDS) && origin_read(figures, node, origin) &&
           reader_choice(node, "value", REQUIRED, words, value);
}

bool decision_text(struct figures *figures, const struct node *node, char text[ENTRY_WORD_BYTES], struct origin *origin)
{
    const char *read = NULL;
    if (!reader_object(node, FIGURE_FIELDS) || !origin_read(figures, node, origin) ||
        !reader_text(node, "value", REQUIRED, ENTRY_WORD_BYTES - 1, &read))
        return false;
    memcpy(text, read, strlen(read) + 1);
    return true;
}

bool statement_read(struct figures *figures, const struct node *node, struct entry_statement *statement)
{
    const char *text = NULL;
    struct origin origin;
    if (!reader_object(node, STATEMENT_FIELDS) || !origin_read(figures, node, &origin) ||
        !reader_text(node, "text", REQUIRED, sizeof statement->text - 1, &text))
        return false;
    memcpy(statement->text, text, strlen(text) + 1);
    statement->mark = origin.mark;
    statement->source = origin.source;
    statement->reason = origin.reason;
    return true;
}
