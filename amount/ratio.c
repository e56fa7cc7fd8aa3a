/* ratio.c - exact fractions. */
// SPDX-License-Identifier: Apache-2.0
#include "amount/ratio.h"

#include <stdio.h>

enum { DECIMALS_MAX = 18 };

static wide divisor(wide a, wide b)
{
    while (b != 0) {
        wide rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

/* The one value whose negative does not fit is none. */
static struct ratio kept(wide num, wide den)
{
    const wide least = (wide)1 << 126;
    return num < -least - (least - 1) ? RATIO_NONE : (struct ratio){ num, den };
}

/* In lowest terms, the sign above. */
static struct ratio lowest(wide num, wide den)
{
    wide common = divisor(num, den);
    if (den == 0)
        return RATIO_NONE;
    if (den < 0)
        common = -common;
    return (struct ratio){ num / common, den / common };
}

struct ratio ratio_of(int64_t value)
{
    return (struct ratio){ value, 1 };
}

struct ratio ratio_over(int64_t a, int64_t b)
{
    return lowest(a, b);
}

struct ratio ratio_mul(struct ratio a, struct ratio b)
{
    wide num, den;
    if (!ratio_is(a) || !ratio_is(b))
        return RATIO_NONE;
    /* Common factors go first, across: so what fits in lowest terms is never lost on the way there. */
    wide left = divisor(a.num, b.den), right = divisor(b.num, a.den);
    if (__builtin_mul_overflow(a.num / left, b.num / right, &num) || __builtin_mul_overflow(a.den / right, b.den / left, &den))
        return RATIO_NONE;
    return kept(num, den);
}

struct ratio ratio_div(struct ratio a, struct ratio b)
{
    if (!ratio_is(b) || b.num == 0)
        return RATIO_NONE;
    return ratio_mul(a, b.num < 0 ? (struct ratio){ -b.den, -b.num } : (struct ratio){ b.den, b.num });
}

struct ratio ratio_add(struct ratio a, struct ratio b)
{
    wide left, right, num, den;
    if (!ratio_is(a) || !ratio_is(b))
        return RATIO_NONE;
    wide common = divisor(a.den, b.den);
    if (__builtin_mul_overflow(a.num, b.den / common, &left) || __builtin_mul_overflow(b.num, a.den / common, &right) ||
        __builtin_add_overflow(left, right, &num) || __builtin_mul_overflow(a.den, b.den / common, &den) ||
        !ratio_is(kept(num, den)))
        return RATIO_NONE;
    return lowest(num, den);
}

struct ratio ratio_sub(struct ratio a, struct ratio b)
{
    return ratio_add(a, (struct ratio){ -b.num, b.den });
}

static wide floored(struct ratio a)
{
    wide whole = a.num / a.den;
    return whole - (a.num % a.den < 0);
}

/* By continued fractions: whole parts first, then the reciprocals of what is left, the other way round. Nothing is multiplied,
 * so nothing overflows. */
int ratio_compare(struct ratio a, struct ratio b)
{
    for (int sign = 1;; sign = -sign) {
        wide whole_a = floored(a), whole_b = floored(b);
        if (whole_a != whole_b)
            return whole_a < whole_b ? -sign : sign;
        struct ratio rest_a = { a.num - whole_a * a.den, a.den }, rest_b = { b.num - whole_b * b.den, b.den };
        if (rest_a.num == 0 || rest_b.num == 0)
            return rest_a.num == rest_b.num ? 0 : rest_a.num == 0 ? -sign : sign;
        a = (struct ratio){ rest_a.den, rest_a.num };
        b = (struct ratio){ rest_b.den, rest_b.num };
    }
}

struct ratio ratio_least(struct ratio a, struct ratio b)
{
    if (!ratio_is(a) || !ratio_is(b))
        return ratio_is(a) ? a : b;
    return ratio_compare(a, b) <= 0 ? a : b;
}

static wide rounded(struct ratio a, enum rounding rounding)
{
    wide down = floored(a), rest = a.num - down * a.den;
    if (rounding == ROUND_UP)
        return down + (rest > 0);
    if (rounding == ROUND_NEAREST)
        return down + (rest >= a.den - rest);
    return down;
}

bool ratio_whole(struct ratio a, enum rounding rounding, int64_t *value)
{
    if (!ratio_is(a))
        return false;
    wide whole = rounded(a, rounding);
    if (whole < INT64_MIN || whole > INT64_MAX)
        return false;
    *value = (int64_t)whole;
    return true;
}

bool ratio_is_whole(struct ratio a)
{
    return a.den == 1;
}

void ratio_text(char text[RATIO_TEXT_BYTES], struct ratio a, unsigned decimals, unsigned least, enum rounding rounding)
{
    int64_t power = 1, units;
    unsigned shown = decimals < DECIMALS_MAX ? decimals : DECIMALS_MAX;
    for (unsigned i = 0; i < shown; i++)
        power *= 10;
    if (!ratio_whole(ratio_mul(a, ratio_of(power)), rounding, &units)) {
        snprintf(text, RATIO_TEXT_BYTES, "not a number");
        return;
    }
    uint64_t size = units < 0 ? (uint64_t)-(units + 1) + 1 : (uint64_t)units;
    uint64_t whole = size / (uint64_t)power, rest = size % (uint64_t)power;
    for (; shown > least && rest % 10 == 0; shown--)
        rest /= 10;
    const char *sign = units < 0 ? "-" : "";
    if (shown == 0)
        snprintf(text, RATIO_TEXT_BYTES, "%s%llu", sign, (unsigned long long)whole);
    else
        snprintf(text, RATIO_TEXT_BYTES, "%s%llu.%0*llu", sign, (unsigned long long)whole, (int)shown, (unsigned long long)rest);
}
