/* amount.c - amounts as people write them, read and written as exact integers. */
// SPDX-License-Identifier: Apache-2.0
#include "amount/amount.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/quantity.h"

struct unit {
    const char *word;
    enum dimension dimension;
    int64_t factor; /* of the dimension's integer unit */
};

static const struct unit UNITS[] = {
    { "mL", DIMENSION_VOLUME, 1000000 },
    { "uL", DIMENSION_VOLUME, 1000 },
    { "nL", DIMENSION_VOLUME, 1 },
    { "mL/day", DIMENSION_FLOW, 1000000 },
    { "uL/day", DIMENSION_FLOW, 1000 },
    { "nL/day", DIMENSION_FLOW, 1 },
    { "mL/h", DIMENSION_FLOW, 24000000 },
    { "mg/mL", DIMENSION_CONC, 1000000 },
    { "mcg/mL", DIMENSION_CONC, 1000 },
    { "ug/mL", DIMENSION_CONC, 1000 },
    { "ng/mL", DIMENSION_CONC, 1 },
    { "mg", DIMENSION_MASS, INT64_C(1000000000000) },
    { "mcg", DIMENSION_MASS, 1000000000 },
    { "ug", DIMENSION_MASS, 1000000000 },
    { "ng", DIMENSION_MASS, 1000000 },
    { "mg/day", DIMENSION_DOSE, INT64_C(1000000000000) },
    { "mcg/day", DIMENSION_DOSE, 1000000000 },
    { "ug/day", DIMENSION_DOSE, 1000000000 },
    { "ng/day", DIMENSION_DOSE, 1000000 },
    { "mcg/h", DIMENSION_DOSE, INT64_C(24000000000) },
    { "ug/h", DIMENSION_DOSE, INT64_C(24000000000) },
    { "d", DIMENSION_SPAN, DAY_MS },
    { "h", DIMENSION_SPAN, HOUR_MS },
    { "min", DIMENSION_SPAN, MINUTE_MS },
    { "s", DIMENSION_SPAN, 1000 },
    { "ms", DIMENSION_SPAN, 1 },
    { "cm", DIMENSION_LENGTH, 10 },
    { "mm", DIMENSION_LENGTH, 1 },
    { "ppm", DIMENSION_PPM, 1 },
    { "%", DIMENSION_RATIO, 10000 },
    { "", DIMENSION_RATIO, 1000000 },
    { "C", DIMENSION_TEMPERATURE, 1000 },
    { "nA", DIMENSION_CURRENT, 1 },
    { "uA", DIMENSION_CURRENT, 1000 },
    { "", DIMENSION_COUNT, 1 },
};
enum { UNIT_COUNT = sizeof UNITS / sizeof UNITS[0], DIGITS_MAX = 18 };

const char *amount_example(enum dimension dimension)
{
    static const char *const example[] = {
        [DIMENSION_VOLUME] = "a volume, such as \"0.2 mL\"",
        [DIMENSION_FLOW] = "a flow, such as \"0.2 mL/day\"",
        [DIMENSION_CONC] = "a concentration, such as \"25 mg/mL\" or \"2000 mcg/mL\"",
        [DIMENSION_MASS] = "a mass of drug, such as \"250 mcg\"",
        [DIMENSION_DOSE] = "a daily dose, such as \"5 mg/day\"",
        [DIMENSION_SPAN] = "a span of time, such as \"12 d 06:00\", \"8 h\" or \"30 min\"",
        [DIMENSION_LENGTH] = "a length, such as \"45 cm\"",
        [DIMENSION_PPM] = "a calibration, such as \"15 ppm\"",
        [DIMENSION_RATIO] = "a share or factor, such as \"0.5\" or \"20 %\"",
        [DIMENSION_TEMPERATURE] = "a temperature, such as \"38.5 C\"",
        [DIMENSION_CURRENT] = "a current, such as \"80 nA\"",
        [DIMENSION_COUNT] = "a whole number, such as \"8\"",
    };
    return example[dimension];
}

const char *amount_base_unit(enum dimension dimension)
{
    static const char *const unit[] = {
        [DIMENSION_VOLUME] = "nL", [DIMENSION_FLOW] = "nL/day", [DIMENSION_CONC] = "ng/mL",
        [DIMENSION_MASS] = "fg",   [DIMENSION_DOSE] = "fg/day", [DIMENSION_SPAN] = "ms",
        [DIMENSION_LENGTH] = "mm", [DIMENSION_PPM] = "ppm",     [DIMENSION_RATIO] = "millionths",
        [DIMENSION_TEMPERATURE] = "thousandths of a degree", [DIMENSION_CURRENT] = "nA",
        [DIMENSION_COUNT] = "1",
    };
    return unit[dimension];
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

struct decimal {
    int64_t mantissa;
    unsigned decimals;
};

/* Reads "12.50" as 125 / 10: digits, at most one point with digits on both sides, no sign, no exponent, and no zero before other
 * digits: "05" is a key too many or a point too few, and nobody knows which (screen rule N2). */
static enum amount_fault decimal_read(const char **at, struct decimal *decimal)
{
    const char *c = *at;
    int64_t mantissa = 0;
    unsigned decimals = 0, digits = 0;
    bool point = false;
    if (!is_digit(*c) || (*c == '0' && is_digit(c[1])))
        return AMOUNT_FORM;
    for (; is_digit(*c) || (*c == '.' && !point && is_digit(c[1])); c++) {
        if (*c == '.') {
            point = true;
            continue;
        }
        if (mantissa > 0)
            digits++;
        if (digits >= DIGITS_MAX)
            return AMOUNT_RANGE;
        mantissa = mantissa * 10 + (*c - '0');
        decimals += point;
    }
    while (decimals > 0 && mantissa % 10 == 0) {
        mantissa /= 10;
        decimals--;
    }
    *at = c;
    *decimal = (struct decimal){ mantissa, decimals };
    return AMOUNT_OK;
}

/* mantissa / 10^decimals * factor, when that is whole. */
static enum amount_fault decimal_scale(struct decimal decimal, int64_t factor, int64_t *value)
{
    int64_t product;
    while (decimal.decimals > 0 && factor % 10 == 0) {
        factor /= 10;
        decimal.decimals--;
    }
    if (__builtin_mul_overflow(decimal.mantissa, factor, &product))
        return AMOUNT_RANGE;
    for (; decimal.decimals > 0; decimal.decimals--) {
        if (product % 10 != 0)
            return AMOUNT_FRACTION;
        product /= 10;
    }
    *value = product;
    return AMOUNT_OK;
}

/* The word alone tells the unit, but for the empty one: a share and a count have none, and what is asked for decides. */
static const struct unit *unit_find(const char *word, size_t size, enum dimension dimension)
{
    const struct unit *found = NULL;
    for (unsigned i = 0; i < UNIT_COUNT; i++)
        if (strlen(UNITS[i].word) == size && memcmp(UNITS[i].word, word, size) == 0 &&
            (found == NULL || UNITS[i].dimension == dimension))
            found = &UNITS[i];
    return found;
}

int32_t amount_minute_of_day(const char *text)
{
    if (strlen(text) != 5 || text[2] != ':' || !is_digit(text[0]) || !is_digit(text[1]) || !is_digit(text[3]) ||
        !is_digit(text[4]))
        return -1;
    int32_t hour = (text[0] - '0') * 10 + (text[1] - '0'), minute = (text[3] - '0') * 10 + (text[4] - '0');
    return hour > 23 || minute > 59 ? -1 : hour * 60 + minute;
}

/* One number and its unit, up to the end of the text or the next blank after the unit. */
static enum amount_fault part_read(const char **at, enum dimension dimension, const struct unit **unit, int64_t *value)
{
    struct decimal decimal;
    enum amount_fault fault = decimal_read(at, &decimal);
    if (fault != AMOUNT_OK)
        return fault;
    if (**at == ' ')
        (*at)++;
    size_t size = strcspn(*at, " ");
    *unit = unit_find(*at, size, dimension);
    if (*unit == NULL)
        return is_digit(**at) || **at == '.' ? AMOUNT_FORM : AMOUNT_UNIT;
    *at += size;
    return decimal_scale(decimal, (*unit)->factor, value);
}

static enum amount_fault span_read(const char *text, int64_t *value)
{
    int64_t total = 0, factor = INT64_MAX;
    const char *at = text;
    if (*at == '\0')
        return AMOUNT_FORM;
    for (;;) {
        const struct unit *unit = NULL;
        int64_t part = 0;
        int32_t minute = amount_minute_of_day(at);
        if (minute >= 0 && factor == DAY_MS) {
            *value = total + (int64_t)minute * MINUTE_MS; /* total is below 2^62: see below */
            return AMOUNT_OK;
        }
        enum amount_fault fault = part_read(&at, DIMENSION_SPAN, &unit, &part);
        if (fault != AMOUNT_OK)
            return fault;
        if (unit->dimension != DIMENSION_SPAN)
            return AMOUNT_UNIT;
        if (unit->factor >= factor)
            return AMOUNT_FORM;
        factor = unit->factor;
        if (__builtin_add_overflow(total, part, &total) || total > INT64_MAX / 2)
            return AMOUNT_RANGE;
        if (*at == '\0')
            break;
        at++;
    }
    *value = total;
    return AMOUNT_OK;
}

enum amount_fault amount_read(const char *text, enum dimension dimension, int64_t *value)
{
    if (dimension == DIMENSION_SPAN)
        return span_read(text, value);
    bool negative = dimension == DIMENSION_PPM && *text == '-';
    const char *at = text + negative;
    const struct unit *unit = NULL;
    int64_t amount = 0;
    enum amount_fault fault = part_read(&at, dimension, &unit, &amount);
    if (unit != NULL && unit->dimension != dimension)
        return *unit->word == '\0' ? AMOUNT_FORM : AMOUNT_UNIT;
    if (fault != AMOUNT_OK)
        return fault;
    if (*at != '\0')
        return AMOUNT_FORM;
    *value = negative ? -amount : amount;
    return AMOUNT_OK;
}

enum amount_fault amount_read_any(const char *text, enum dimension *dimension, int64_t *value)
{
    for (unsigned kind = DIMENSION_VOLUME; kind <= DIMENSION_LENGTH; kind++) {
        enum amount_fault fault = amount_read(text, (enum dimension)kind, value);
        *dimension = (enum dimension)kind;
        if (fault != AMOUNT_UNIT)
            return fault;
    }
    return AMOUNT_UNIT;
}

void amount_write(char text[AMOUNT_TEXT_BYTES], int64_t value, unsigned scale, unsigned decimals, const char *unit)
{
    uint64_t size = value < 0 ? (uint64_t) - (value + 1) + 1 : (uint64_t)value;
    uint64_t power = 1;
    for (unsigned i = 0; i < scale; i++)
        power *= 10;
    uint64_t whole = size / power, rest = size % power;
    while (scale > decimals && rest % 10 == 0) {
        rest /= 10;
        scale--;
    }
    const char *sign = value < 0 ? "-" : "", *blank = *unit != '\0' ? " " : "";
    if (scale == 0)
        snprintf(text, AMOUNT_TEXT_BYTES, "%s%llu%s%s", sign, (unsigned long long)whole, blank, unit);
    else
        snprintf(text, AMOUNT_TEXT_BYTES, "%s%llu.%0*llu%s%s", sign, (unsigned long long)whole, (int)scale,
                 (unsigned long long)rest, blank, unit);
}

void amount_write_volume(char text[AMOUNT_TEXT_BYTES], int64_t nl)
{
    amount_write(text, nl, 6, 6, "mL");
}

void amount_write_volume_fl(char text[AMOUNT_TEXT_BYTES], int64_t fl)
{
    amount_write(text, fl, 12, 6, "mL");
}

void amount_write_flow(char text[AMOUNT_TEXT_BYTES], int64_t nl_day)
{
    amount_write(text, nl_day, 6, 0, "mL/day");
}

void amount_write_span(char text[AMOUNT_TEXT_BYTES], int64_t ms)
{
    int64_t rest = ms % DAY_MS;
    snprintf(text, AMOUNT_TEXT_BYTES, "%lld d %02d:%02d:%02d.%03d", (long long)(ms / DAY_MS), (int)(rest / HOUR_MS),
             (int)(rest % HOUR_MS / MINUTE_MS), (int)(rest % MINUTE_MS / 1000), (int)(rest % 1000));
}

void amount_write_of(char text[AMOUNT_TEXT_BYTES], enum dimension dimension, int64_t value)
{
    switch (dimension) {
    case DIMENSION_VOLUME:
        amount_write_volume(text, value);
        break;
    case DIMENSION_FLOW:
        amount_write_flow(text, value);
        break;
    case DIMENSION_CONC:
        amount_write(text, value, 6, 0, "mg/mL");
        break;
    case DIMENSION_MASS:
    case DIMENSION_DOSE:
        amount_write(text, value, 12, 0, dimension == DIMENSION_DOSE ? "mg/day" : "mg");
        break;
    case DIMENSION_SPAN:
        amount_write_span(text, value);
        break;
    case DIMENSION_LENGTH:
        amount_write(text, value, 1, 0, "cm");
        break;
    case DIMENSION_RATIO:
        amount_write(text, value, 4, 0, "%");
        break;
    case DIMENSION_PPM:
    case DIMENSION_TEMPERATURE:
    case DIMENSION_CURRENT:
    case DIMENSION_COUNT:
        amount_write(text, value, 0, 0, dimension == DIMENSION_COUNT ? "" : amount_base_unit(dimension));
        break;
    }
}
