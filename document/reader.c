/* reader.c - strict reading of a JSON document. */
// SPDX-License-Identifier: Apache-2.0
#include "document/reader.h"

#include <stdarg.h>
#include <string.h>

#include "document/plain.h"

void reader_complain(const struct node *node, enum complaint_kind kind, const char *format, ...)
{
    struct reader *reader = node->reader;
    reader->malformed |= kind == COMPLAINT_MALFORMED;
    reader->refused |= kind == COMPLAINT_REFUSED;
    if (reader->count++ >= COMPLAINTS_MAX)
        return;
    struct complaint *complaint = &reader->complaint[reader->count - 1];
    memset(complaint->offer, 0, sizeof complaint->offer);
    complaint->kind = kind;
    complaint->line = locator_line(reader->text, reader->size, node->path);
    snprintf(complaint->path, sizeof complaint->path, "%s", node->path);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(complaint->text, sizeof complaint->text, format, arguments);
    va_end(arguments);
}

void reader_offer(const struct node *node, const char *low, const char *high)
{
    struct reader *reader = node->reader;
    if (reader->count == 0 || reader->count > COMPLAINTS_MAX)
        return;
    struct complaint *complaint = &reader->complaint[reader->count - 1];
    snprintf(complaint->offer[0], sizeof complaint->offer[0], "%s", low);
    snprintf(complaint->offer[1], sizeof complaint->offer[1], "%s", high);
}

void reader_print(const struct reader *reader, FILE *out)
{
    unsigned kept = reader->count < COMPLAINTS_MAX ? reader->count : COMPLAINTS_MAX;
    for (unsigned i = 0; i < kept; i++) {
        const struct complaint *complaint = &reader->complaint[i];
        char path[PLAIN_TEXT_BYTES], text[PLAIN_TEXT_BYTES]; /* both may quote what the file holds */
        plain_write(complaint->path, path, sizeof path);
        plain_write(complaint->text, text, sizeof text);
        fprintf(out, "%s:%d: %s: %s\n", reader->file, complaint->line, *path != '\0' ? path : "(document)", text);
    }
    if (kept < reader->count)
        fprintf(out, "%s: and %u more\n", reader->file, reader->count - kept);
}

int reader_exit(const struct reader *reader)
{
    return reader->malformed ? COMPLAINT_MALFORMED : reader->refused ? COMPLAINT_REFUSED : 0;
}

struct node reader_document(struct reader *reader)
{
    json_error_t error;
    struct node root = { .reader = reader,
                         .value = json_loadb(reader->text, reader->size, JSON_REJECT_DUPLICATES, &error) };
    if (root.value == NULL) {
        reader_complain(&root, COMPLAINT_MALFORMED, "not well-formed JSON: %s", error.text);
        reader->complaint[0].line = error.line > 0 ? error.line : 1;
    }
    return root;
}

static unsigned least_of(unsigned a, unsigned b, unsigned c)
{
    unsigned ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Levenshtein distance, for names of up to 31 letters. */
static unsigned letters_apart(const char *a, const char *b)
{
    enum { LETTERS = 32 };
    size_t rows = strlen(a), columns = strlen(b);
    unsigned row[LETTERS];
    if (rows >= LETTERS || columns >= LETTERS)
        return LETTERS;
    for (size_t j = 0; j <= columns; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; i <= rows; i++) {
        unsigned corner = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= columns; j++) {
            unsigned above = row[j];
            row[j] = least_of(above + 1, row[j - 1] + 1, corner + (a[i - 1] != b[j - 1]));
            corner = above;
        }
    }
    return row[columns];
}

const char *reader_nearest(const char *word, const char *const *words)
{
    const char *nearest = NULL;
    unsigned least = 3;
    for (; *words != NULL; words++) {
        unsigned apart = letters_apart(word, *words);
        if (apart < least) {
            least = apart;
            nearest = *words;
        }
    }
    return nearest;
}

static void list_words(char *text, size_t room, const char *const *words)
{
    size_t size = 0;
    text[0] = '\0';
    for (unsigned i = 0; words[i] != NULL && size < room; i++)
        size += (size_t)snprintf(text + size, room - size, "%s%s", i > 0 ? ", " : "", words[i]);
}

bool reader_object(const struct node *node, const char *const *fields)
{
    if (node->value == NULL)
        return false;
    if (!json_is_object(node->value)) {
        reader_complain(node, COMPLAINT_MALFORMED, "must be an object, in braces");
        return false;
    }
    const char *name;
    json_t *value;
    json_object_foreach(node->value, name, value)
    {
        unsigned i = 0;
        while (fields[i] != NULL && strcmp(fields[i], name) != 0)
            i++;
        if (fields[i] != NULL)
            continue;
        struct node stray = { .reader = node->reader, .value = value };
        locator_member(stray.path, node->path, name);
        const char *nearest = reader_nearest(name, fields);
        char known[200];
        list_words(known, sizeof known, fields);
        if (nearest != NULL)
            reader_complain(&stray, COMPLAINT_MALFORMED, "unknown field; did you mean \"%s\"?", nearest);
        else
            reader_complain(&stray, COMPLAINT_MALFORMED, "unknown field; known here: %s", known);
    }
    return true;
}

bool reader_array(const struct node *node, size_t least, size_t most)
{
    if (node->value == NULL)
        return false;
    if (!json_is_array(node->value)) {
        reader_complain(node, COMPLAINT_MALFORMED, "must be a list, in brackets");
        return false;
    }
    size_t size = json_array_size(node->value);
    if (size < least || size > most) {
        reader_complain(node, COMPLAINT_MALFORMED, "has %zu elements; must have %zu to %zu", size, least, most);
        return false;
    }
    return true;
}

struct node reader_element(const struct node *node, size_t index)
{
    struct node element = { .reader = node->reader, .value = json_array_get(node->value, index) };
    locator_element(element.path, node->path, index);
    return element;
}

bool reader_has(const struct node *node, const char *name)
{
    return json_object_get(node->value, name) != NULL;
}

struct node reader_member(const struct node *node, const char *name, enum need need)
{
    struct node member = { .reader = node->reader, .value = json_object_get(node->value, name) };
    locator_member(member.path, node->path, name);
    if (member.value == NULL && need == REQUIRED && json_is_object(node->value))
        reader_complain(node, COMPLAINT_MALFORMED, "the field \"%s\" is missing", name);
    return member;
}

bool reader_text(const struct node *node, const char *name, enum need need, size_t most, const char **out)
{
    struct node member = reader_member(node, name, need);
    if (member.value == NULL)
        return false;
    const char *text = json_string_value(member.value);
    if (text == NULL) {
        reader_complain(&member, COMPLAINT_MALFORMED, "must be a text, in quotes");
        return false;
    }
    if (*text == '\0' || strlen(text) > most) {
        reader_complain(&member, COMPLAINT_MALFORMED, "must be 1 to %zu bytes long", most);
        return false;
    }
    char fault[PLAIN_FAULT_BYTES];
    if (!plain_fits(text, fault)) {
        reader_complain(&member, COMPLAINT_MALFORMED, "%s", fault);
        return false;
    }
    *out = text;
    return true;
}

bool reader_integer(const struct node *node, const char *name, enum need need, int64_t least, int64_t most,
                    int64_t *out)
{
    struct node member = reader_member(node, name, need);
    if (member.value == NULL)
        return false;
    if (!json_is_integer(member.value) || json_integer_value(member.value) < least ||
        json_integer_value(member.value) > most) {
        reader_complain(&member, COMPLAINT_MALFORMED, "must be a whole number from %lld to %lld", (long long)least,
                        (long long)most);
        return false;
    }
    *out = json_integer_value(member.value);
    return true;
}

bool reader_flag(const struct node *node, const char *name, bool *out)
{
    struct node member = reader_member(node, name, OPTIONAL);
    if (member.value == NULL)
        return false;
    if (!json_is_boolean(member.value)) {
        reader_complain(&member, COMPLAINT_MALFORMED, "must be true or false");
        return false;
    }
    *out = json_is_true(member.value);
    return true;
}

bool reader_amount(const struct node *node, const char *name, enum need need, enum dimension dimension, int64_t least,
                   int64_t most, int64_t *out)
{
    const char *text = NULL;
    int64_t value = 0;
    struct node member = reader_member(node, name, need);
    if (member.value == NULL)
        return false;
    if (!json_is_string(member.value)) {
        reader_complain(&member, COMPLAINT_MALFORMED, "must be %s, in quotes and with its unit",
                        amount_example(dimension));
        return false;
    }
    if (!reader_text(node, name, need, 40, &text))
        return false;
    enum amount_fault fault = amount_read(text, dimension, &value);
    if (fault != AMOUNT_OK && strchr(text, ',') != NULL) {
        reader_complain(&member, COMPLAINT_MALFORMED,
                        "\"%s\" has a comma, and is not guessed at: decimals stand behind a point; must be %s", text,
                        amount_example(dimension));
        return false;
    }
    switch (fault) {
    case AMOUNT_OK:
        break;
    case AMOUNT_FORM:
        reader_complain(&member, COMPLAINT_MALFORMED, "\"%s\" is no amount; must be %s", text,
                        amount_example(dimension));
        return false;
    case AMOUNT_UNIT:
        reader_complain(&member, COMPLAINT_MALFORMED, "\"%s\" has the wrong unit; must be %s", text,
                        amount_example(dimension));
        return false;
    case AMOUNT_FRACTION:
        reader_complain(&member, COMPLAINT_MALFORMED, "\"%s\" is not a whole number of %s", text,
                        amount_base_unit(dimension));
        return false;
    case AMOUNT_RANGE:
        reader_complain(&member, COMPLAINT_MALFORMED, "\"%s\" is too large or too finely written", text);
        return false;
    }
    if (value < least || value > most) {
        char low[AMOUNT_TEXT_BYTES], high[AMOUNT_TEXT_BYTES];
        amount_write_of(low, dimension, least);
        amount_write_of(high, dimension, most);
        reader_complain(&member, COMPLAINT_MALFORMED, "\"%s\" is outside its range, %s to %s", text, low, high);
        return false;
    }
    *out = value;
    return true;
}

bool reader_word(const struct node *node, const char *const *words, unsigned *out)
{
    const char *text = json_string_value(node->value);
    char known[240];
    if (node->value == NULL)
        return false;
    for (unsigned i = 0; text != NULL && words[i] != NULL; i++)
        if (strcmp(words[i], text) == 0) {
            *out = i;
            return true;
        }
    const char *nearest = text != NULL ? reader_nearest(text, words) : NULL;
    list_words(known, sizeof known, words);
    if (nearest != NULL)
        reader_complain(node, COMPLAINT_MALFORMED, "\"%.60s\" is not known here; did you mean \"%s\"?", text, nearest);
    else
        reader_complain(node, COMPLAINT_MALFORMED, "must be one of: %s", known);
    return false;
}

bool reader_choice(const struct node *node, const char *name, enum need need, const char *const *words, unsigned *out)
{
    struct node member = reader_member(node, name, need);
    return reader_word(&member, words, out);
}
