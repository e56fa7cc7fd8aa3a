/* expect.c - is a run's summary what the scenario expected? Amounts are compared digit by digit, never as binary
 * floats. */
// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "rig/summary.h"

static const char *digits_end(const char *at)
{
    return at + strspn(at, "0123456789");
}

/* A decimal number taken apart: whole digits without leading zeros, fraction digits without trailing ones, and its
 * unit. */
struct number {
    bool negative;
    const char *whole, *fraction, *unit;
    size_t whole_size, fraction_size;
};

static bool number_read(const char *text, struct number *number)
{
    number->negative = *text == '-';
    const char *at = text + number->negative, *end = digits_end(at);
    if (end == at)
        return false;
    at += strspn(at, "0");
    number->whole = at;
    number->whole_size = end > at ? (size_t)(end - at) : 0;
    number->fraction = end;
    number->fraction_size = 0;
    if (*end == '.') {
        number->fraction = end + 1;
        end = digits_end(number->fraction);
        number->fraction_size = (size_t)(end - number->fraction);
    }
    number->unit = end;
    while (number->fraction_size > 0 && number->fraction[number->fraction_size - 1] == '0')
        number->fraction_size--;
    if (number->whole_size == 0 && number->fraction_size == 0)
        number->negative = false;
    return true;
}

static int sign_of(int value)
{
    return (value > 0) - (value < 0);
}

static int size_compare(const struct number *a, const struct number *b)
{
    if (a->whole_size != b->whole_size)
        return a->whole_size < b->whole_size ? -1 : 1;
    int order = memcmp(a->whole, b->whole, a->whole_size);
    if (order != 0)
        return sign_of(order);
    size_t both = a->fraction_size < b->fraction_size ? a->fraction_size : b->fraction_size;
    order = memcmp(a->fraction, b->fraction, both);
    if (order != 0)
        return sign_of(order);
    return sign_of((a->fraction_size > both) - (b->fraction_size > both));
}

int summary_compare(const char *a, const char *b)
{
    struct number x, y;
    if (!number_read(a, &x) || !number_read(b, &y) || strcmp(x.unit, y.unit) != 0)
        return 2;
    if (x.negative != y.negative)
        return x.negative ? -1 : 1;
    return x.negative ? size_compare(&y, &x) : size_compare(&x, &y);
}

const char *summary_text(const json_t *summary, const char *path, char room[32])
{
    const json_t *at = summary;
    char name[LOCATOR_PATH_BYTES];
    while (*path != '\0') {
        size_t size = strcspn(path, ".");
        snprintf(name, sizeof name, "%.*s", (int)size, path);
        at = json_object_get(at, name);
        path += size + (path[size] == '.');
    }
    if (json_is_integer(at)) {
        snprintf(room, 32, "%lld", (long long)json_integer_value(at));
        return room;
    }
    const char *text = json_string_value(at);
    return text != NULL ? text : "";
}

static bool expectation_met(const struct expectation *expectation, const char *found)
{
    int order = summary_compare(found, expectation->value);
    if (order == 2)
        return expectation->kind == EXPECT_EQUALS && strcmp(found, expectation->value) == 0;
    switch (expectation->kind) {
    case EXPECT_EQUALS:
        return order == 0;
    case EXPECT_AT_LEAST:
        return order >= 0;
    case EXPECT_AT_MOST:
        return order <= 0;
    }
    return false;
}

unsigned summary_unmet(const json_t *summary, const struct scenario *scenario, const char *file, FILE *messages)
{
    static const char *const words[] = {
        [EXPECT_EQUALS] = "", [EXPECT_AT_LEAST] = "at least ", [EXPECT_AT_MOST] = "at most "
    };
    unsigned unmet = 0;
    for (size_t i = 0; i < scenario->expectations; i++) {
        const struct expectation *expectation = &scenario->expectation[i];
        char room[32];
        const char *found = summary_text(summary, expectation->path, room);
        if (expectation_met(expectation, found))
            continue;
        unmet++;
        fprintf(messages, "%s:%d: expected %s to be %s%s, found %s\n", file, expectation->line, expectation->path,
                words[expectation->kind], expectation->value, *found != '\0' ? found : "nothing");
    }
    return unmet;
}
