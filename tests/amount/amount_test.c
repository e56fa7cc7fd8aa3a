/* amount_test.c - written amounts become exactly the integer their digits say, or are refused. The reference writes
 * every amount digit by digit from the integer, in another way than the reader takes it. */
// SPDX-License-Identifier: Apache-2.0
#include "amount/amount.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/quantity.h"

static uint64_t dice(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

struct scale {
    const char *unit;
    enum dimension dimension;
    int zeros; /* the unit is 10^zeros of the integer's unit */
};

static const struct scale SCALES[] = {
    { "mL", DIMENSION_VOLUME, 6 },      { "uL", DIMENSION_VOLUME, 3 },   { "nL", DIMENSION_VOLUME, 0 },
    { "mL/day", DIMENSION_FLOW, 6 },    { "mg/mL", DIMENSION_CONC, 6 },  { "mcg/mL", DIMENSION_CONC, 3 },
    { "ng/mL", DIMENSION_CONC, 0 },     { "mg", DIMENSION_MASS, 12 },    { "mcg", DIMENSION_MASS, 9 },
    { "ug/day", DIMENSION_DOSE, 9 },    { "mg/day", DIMENSION_DOSE, 12 }, { "cm", DIMENSION_LENGTH, 1 },
    { "s", DIMENSION_SPAN, 3 },         { "ms", DIMENSION_SPAN, 0 },     { "ppm", DIMENSION_PPM, 0 },
};
enum { SCALE_COUNT = sizeof SCALES / sizeof SCALES[0], ROUNDS = 20000 };

/* Sets the point into the digits of the number by counting from their end. */
static void reference_write(char *text, uint64_t value, int zeros, const char *unit)
{
    char digits[48];
    int size = snprintf(digits, sizeof digits, "%0*llu", zeros + 1, (unsigned long long)value);
    int whole = size - zeros;
    int at = sprintf(text, "%.*s", whole, digits);
    if (zeros > 0)
        at += sprintf(text + at, ".%s", digits + whole);
    sprintf(text + at, " %s", unit);
}

static void reads_what_was_written(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int round = 0; round < ROUNDS; round++) {
        const struct scale *scale = &SCALES[dice(&seed) % SCALE_COUNT];
        uint64_t value = dice(&seed) >> (dice(&seed) % 40 + 8);
        char text[96];
        int64_t read = -1;
        enum dimension dimension = DIMENSION_PPM;
        value %= UINT64_C(100000000000000000); /* 17 digits: within what may be written */
        reference_write(text, value, scale->zeros, scale->unit);
        assert_int_equal(amount_read(text, scale->dimension, &read), AMOUNT_OK);
        assert_true(read == (int64_t)value);
        if (scale->dimension == DIMENSION_PPM)
            continue;
        assert_int_equal(amount_read_any(text, &dimension, &read), AMOUNT_OK);
        assert_int_equal(dimension, scale->dimension);
    }
}

static void one_digit_too_fine_is_refused(void **state)
{
    (void)state;
    uint64_t seed = 2;
    for (int round = 0; round < ROUNDS; round++) {
        const struct scale *scale = &SCALES[dice(&seed) % SCALE_COUNT];
        uint64_t value = dice(&seed) % UINT64_C(1000000000000000) * 10 + 1 + dice(&seed) % 9; /* last digit not zero */
        char text[96];
        int64_t read = -77;
        reference_write(text, value, scale->zeros + 1, scale->unit);
        assert_int_equal(amount_read(text, scale->dimension, &read), AMOUNT_FRACTION);
        assert_true(read == -77);
    }
}

static void writes_what_reads_back(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (int round = 0; round < ROUNDS; round++) {
        int64_t value = (int64_t)(dice(&seed) % UINT64_C(100000000000000000)) * (dice(&seed) % 2 ? 1 : -1);
        char text[AMOUNT_TEXT_BYTES], expected[96];
        amount_write(text, value, 6, 6, "mL");
        reference_write(expected, (uint64_t)(value < 0 ? -value : value), 6, "mL");
        assert_string_equal(text + (value < 0), expected);
        assert_int_equal(text[0] == '-', value < 0);
        amount_write(text, value, 12, 0, "mg");
        size_t size = strlen(text);
        assert_true(strchr(text, '.') == NULL || text[size - 4] != '0'); /* no zero at the end of the fraction */
    }
}

static void good_examples(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum dimension dimension;
        int64_t value;
    } good[] = {
        { "0.2 mL/day", DIMENSION_FLOW, 200000 },
        { "0.5 mL/h", DIMENSION_FLOW, 12000000 },
        { "0.0000005 mL/h", DIMENSION_FLOW, 12 },
        { "25 mg/mL", DIMENSION_CONC, 25000000 },
        { "2000mcg/mL", DIMENSION_CONC, 2000000 },
        { "5 mg/day", DIMENSION_DOSE, INT64_C(5000000000000) },
        { "0.1 ug/h", DIMENSION_DOSE, INT64_C(2400000000) }, /* EX-03: 2.4 ug/day */
        { "250 mcg", DIMENSION_MASS, INT64_C(250000000000) },
        { "12 d 06:00", DIMENSION_SPAN, 12 * (int64_t)DAY_MS + 6 * (int64_t)HOUR_MS },
        { "12 d 6 h 30 min", DIMENSION_SPAN, 12 * (int64_t)DAY_MS + 6 * (int64_t)HOUR_MS + 30 * (int64_t)MINUTE_MS },
        { "1.5 h", DIMENSION_SPAN, 5400000 },
        { "45 cm", DIMENSION_LENGTH, 450 },
        { "8", DIMENSION_COUNT, 8 },
        { "-15 ppm", DIMENSION_PPM, -15 },
        { "20 %", DIMENSION_RATIO, 200000 },
        { "1.2", DIMENSION_RATIO, 1200000 },
        { "0.000 mL", DIMENSION_VOLUME, 0 },
    };
    int64_t value;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(amount_read(good[i].text, good[i].dimension, &value), AMOUNT_OK);
        assert_true(value == good[i].value);
    }
}

static void bad_examples(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum dimension dimension;
        enum amount_fault fault;
    } bad[] = {
        { "8.5", DIMENSION_COUNT, AMOUNT_FRACTION },
        { "8 %", DIMENSION_COUNT, AMOUNT_UNIT },
        { "", DIMENSION_VOLUME, AMOUNT_FORM },
        { "", DIMENSION_SPAN, AMOUNT_FORM },
        { "mL", DIMENSION_VOLUME, AMOUNT_FORM },
        { ".5 mL", DIMENSION_VOLUME, AMOUNT_FORM },
        { "5", DIMENSION_VOLUME, AMOUNT_FORM },
        { "-5 mL", DIMENSION_VOLUME, AMOUNT_FORM },
        { "+5 mL", DIMENSION_VOLUME, AMOUNT_FORM },
        { " 5 mL", DIMENSION_VOLUME, AMOUNT_FORM },
        { "5 mL ", DIMENSION_VOLUME, AMOUNT_FORM },
        { "5 mL 3", DIMENSION_VOLUME, AMOUNT_FORM },
        { "1.2.3 mL", DIMENSION_VOLUME, AMOUNT_FORM },
        { "5. mL", DIMENSION_VOLUME, AMOUNT_FORM },
        { "5,5 mL", DIMENSION_VOLUME, AMOUNT_UNIT },
        { "1e3 mL", DIMENSION_VOLUME, AMOUNT_UNIT },
        { "5 ml", DIMENSION_VOLUME, AMOUNT_UNIT },
        { "5 mg", DIMENSION_DOSE, AMOUNT_UNIT },
        { "5 mL/day", DIMENSION_VOLUME, AMOUNT_UNIT },
        { "1 h 1 d", DIMENSION_SPAN, AMOUNT_FORM },
        { "1 d 1 d", DIMENSION_SPAN, AMOUNT_FORM },
        { "06:00", DIMENSION_SPAN, AMOUNT_FORM },
        { "05 mL", DIMENSION_VOLUME, AMOUNT_FORM },
        { "00.5 mL", DIMENSION_VOLUME, AMOUNT_FORM },
        { "-05 ppm", DIMENSION_PPM, AMOUNT_FORM },
        { "1 d 24:00", DIMENSION_SPAN, AMOUNT_UNIT },
        { "0.1 ms", DIMENSION_SPAN, AMOUNT_FRACTION },
        { "0.0000001 mL", DIMENSION_VOLUME, AMOUNT_FRACTION },
        { "9223372036855 mL", DIMENSION_VOLUME, AMOUNT_RANGE },
        { "99999999999999999999 nL", DIMENSION_VOLUME, AMOUNT_RANGE },
    };
    int64_t value;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        value = -1;
        if (amount_read(bad[i].text, bad[i].dimension, &value) != bad[i].fault)
            fail_msg("\"%s\" gave %d", bad[i].text, (int)amount_read(bad[i].text, bad[i].dimension, &value));
        assert_true(value == -1);
    }
}

static void minutes(void **state)
{
    (void)state;
    assert_int_equal(amount_minute_of_day("00:00"), 0);
    assert_int_equal(amount_minute_of_day("23:59"), 1439);
    assert_int_equal(amount_minute_of_day("24:00"), -1);
    assert_int_equal(amount_minute_of_day("6:00"), -1);
    assert_int_equal(amount_minute_of_day("06:60"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_was_written), cmocka_unit_test(one_digit_too_fine_is_refused),
        cmocka_unit_test(writes_what_reads_back), cmocka_unit_test(good_examples), cmocka_unit_test(bad_examples),
        cmocka_unit_test(minutes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
