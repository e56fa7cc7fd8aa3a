/* ratio_test.c - fractions against GMP's: another author's arithmetic, of any length. */
// SPDX-License-Identifier: Apache-2.0
#include "amount/ratio.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <gmp.h>

enum { ROUNDS = 200000, WIDE_BITS = 127, DECIMALS = 6 };

static uint64_t draw(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15u;
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Any length of number is as likely as any other, and small ones that share factors come often. */
static int64_t number(uint64_t *state)
{
    uint64_t bits = draw(state), size = draw(state) % 64;
    int64_t value = (int64_t)(size == 0 ? 0 : bits >> (64 - size));
    return draw(state) & 1 ? -value : value;
}

static void wide_to_mpz(mpz_t out, wide value)
{
    unsigned __int128 size = value < 0 ? -(unsigned __int128)value : (unsigned __int128)value;
    mpz_set_ui(out, (unsigned long)(uint64_t)(size >> 64));
    mpz_mul_2exp(out, out, 64);
    mpz_add_ui(out, out, (unsigned long)(uint64_t)size);
    if (value < 0)
        mpz_neg(out, out);
}

static bool same(struct ratio ours, const mpq_t theirs)
{
    mpq_t q;
    mpq_init(q);
    wide_to_mpz(mpq_numref(q), ours.num);
    wide_to_mpz(mpq_denref(q), ours.den);
    /* In lowest terms already: not canonicalized here. */
    bool equal = mpz_cmp(mpq_numref(q), mpq_numref(theirs)) == 0 && mpz_cmp(mpq_denref(q), mpq_denref(theirs)) == 0;
    mpq_clear(q);
    return equal;
}

static bool fits(const mpq_t q)
{
    return mpz_sizeinbase(mpq_numref(q), 2) <= WIDE_BITS && mpz_sizeinbase(mpq_denref(q), 2) <= WIDE_BITS;
}

/* The same fraction of two random numbers in both; theirs is one where ours is none. */
static struct ratio pair(uint64_t *state, mpq_t theirs)
{
    int64_t num = number(state), den = number(state);
    mpz_set_si(mpq_numref(theirs), den == 0 ? 1 : num);
    mpz_set_si(mpq_denref(theirs), den == 0 ? 1 : den);
    mpq_canonicalize(theirs);
    assert_int_equal(ratio_is(ratio_over(num, den)), den != 0);
    return ratio_over(num, den);
}

typedef struct ratio ours_do(struct ratio a, struct ratio b);
typedef void theirs_do(mpq_ptr out, mpq_srcptr a, mpq_srcptr b);
static const struct {
    ours_do *ours;
    theirs_do *theirs;
    bool exact; /* none only where the result itself does not fit: products are reduced before they are made */
} OPERATIONS[] = { { ratio_add, mpq_add, false }, { ratio_sub, mpq_sub, false }, { ratio_mul, mpq_mul, true },
                   { ratio_div, mpq_div, true } };

static void as_gmp_does(void **state)
{
    (void)state;
    uint64_t seed = 51;
    mpq_t a, b, out;
    unsigned none = 0, numbers = 0;
    mpq_inits(a, b, out, NULL);
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct ratio x = pair(&seed, a), y = pair(&seed, b);
        if (i % 2 == 0 && ratio_is(x)) { /* twice as long, so that results do not always fit */
            x = ratio_mul(x, pair(&seed, out));
            mpq_mul(a, a, out);
        }
        if (!ratio_is(x) || !ratio_is(y))
            continue;
        assert_true(same(x, a) && same(y, b));
        int order = mpq_cmp(a, b);
        assert_int_equal(ratio_compare(x, y), order < 0 ? -1 : order > 0);
        for (unsigned kind = 0; kind < sizeof OPERATIONS / sizeof OPERATIONS[0]; kind++) {
            struct ratio ours = OPERATIONS[kind].ours(x, y);
            if (OPERATIONS[kind].theirs == mpq_div && y.num == 0) {
                assert_false(ratio_is(ours));
                continue;
            }
            OPERATIONS[kind].theirs(out, a, b);
            if (ratio_is(ours))
                assert_true(same(ours, out));
            else if (OPERATIONS[kind].exact)
                assert_false(fits(out));
            none += !ratio_is(ours);
            numbers += ratio_is(ours);
        }
    }
    mpq_clears(a, b, out, NULL);
    assert_true(none > 1000 && numbers > 100000); /* both were met */
}

/* Whole numbers in three directions, against GMP's division. */
static void rounds_as_gmp_does(void **state)
{
    (void)state;
    uint64_t seed = 52;
    mpz_t n, d, q;
    mpz_inits(n, d, q, NULL);
    for (unsigned i = 0; i < ROUNDS; i++) {
        int64_t num = number(&seed), den = number(&seed), whole = 0;
        if (den == 0)
            continue;
        struct ratio a = ratio_over(num, den);
        mpz_set_si(n, num);
        mpz_set_si(d, den);
        mpz_fdiv_q(q, n, d);
        assert_true(ratio_whole(a, ROUND_DOWN, &whole) && mpz_cmp_si(q, whole) == 0);
        mpz_cdiv_q(q, n, d);
        assert_true(ratio_whole(a, ROUND_UP, &whole) && mpz_cmp_si(q, whole) == 0);
        mpz_mul_2exp(n, n, 1); /* nearest, halves up: floor of (2n + d) / 2d */
        mpz_add(n, n, d);
        mpz_mul_2exp(d, d, 1);
        mpz_fdiv_q(q, n, d);
        assert_true(ratio_whole(a, ROUND_NEAREST, &whole) && mpz_cmp_si(q, whole) == 0);
    }
    mpz_clears(n, d, q, NULL);
}

static void assert_text(struct ratio a, unsigned decimals, unsigned least, enum rounding rounding, const char *expected)
{
    char text[RATIO_TEXT_BYTES];
    ratio_text(text, a, decimals, least, rounding);
    assert_string_equal(text, expected);
}

static void texts(void **state)
{
    (void)state;
    assert_text(ratio_over(408, 40), 2, 2, ROUND_NEAREST, "10.20");
    assert_text(ratio_over(4, 5), 6, 0, ROUND_NEAREST, "0.8");
    assert_text(ratio_over(2, 3), 3, 0, ROUND_DOWN, "0.666");
    assert_text(ratio_over(2, 3), 3, 0, ROUND_UP, "0.667");
    assert_text(ratio_over(-2, 3), 3, 0, ROUND_DOWN, "-0.667");
    assert_text(ratio_over(-1, 1000), 2, 2, ROUND_NEAREST, "0.00");
    assert_text(ratio_of(0), 0, 0, ROUND_DOWN, "0");
    assert_text(ratio_of(INT64_MIN), 0, 0, ROUND_DOWN, "-9223372036854775808");
    assert_text(ratio_over(5, 10), 0, 0, ROUND_NEAREST, "1");
    assert_text(ratio_of(INT64_MAX), DECIMALS, 0, ROUND_DOWN, "not a number");
    assert_text(RATIO_NONE, DECIMALS, 0, ROUND_DOWN, "not a number");
}

static void none_stays_none(void **state)
{
    (void)state;
    struct ratio one = ratio_of(1), huge = ratio_of(INT64_MAX);
    int64_t whole = 7;
    assert_false(ratio_is(ratio_add(one, RATIO_NONE)) || ratio_is(ratio_sub(RATIO_NONE, one)) ||
                 ratio_is(ratio_mul(one, RATIO_NONE)) || ratio_is(ratio_div(RATIO_NONE, one)) ||
                 ratio_is(ratio_div(one, RATIO_NONE)));
    assert_true(ratio_compare(ratio_least(RATIO_NONE, one), one) == 0 && ratio_compare(ratio_least(one, RATIO_NONE), one) == 0);
    huge = ratio_mul(huge, huge);
    assert_false(ratio_is(ratio_mul(huge, huge)));
    assert_false(ratio_whole(huge, ROUND_DOWN, &whole) || ratio_whole(RATIO_NONE, ROUND_DOWN, &whole));
    assert_int_equal(whole, 7);
    assert_true(ratio_is_whole(one) && !ratio_is_whole(ratio_over(1, 2)) && !ratio_is_whole(RATIO_NONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(as_gmp_does), cmocka_unit_test(rounds_as_gmp_does),
                                        cmocka_unit_test(texts), cmocka_unit_test(none_stays_none) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
