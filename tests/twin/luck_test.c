/* luck_test.c - chance in a body is Philox, written here a second time, and each draw stands alone. */
// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "tests/twin/near.h"
#include "twin/body/luck.h"

/* The upper half of a product, by halves. */
static uint64_t upper(uint64_t a, uint64_t b)
{
    uint64_t a0 = a & 0xffffffffu, a1 = a >> 32, b0 = b & 0xffffffffu, b1 = b >> 32;
    uint64_t middle = a1 * b0 + (a0 * b0 >> 32), other = a0 * b1 + (middle & 0xffffffffu);
    return a1 * b1 + (middle >> 32) + (other >> 32);
}

/* Philox4x64-10 as Salmon 2011 has it. */
static void philox(uint64_t v[4], uint64_t key0, uint64_t key1)
{
    for (int round = 0; round < 10; round++) {
        uint64_t low0 = 0xD2E7470EE14C6C93u * v[0], high0 = upper(0xD2E7470EE14C6C93u, v[0]);
        uint64_t low1 = 0xCA5A826395121157u * v[2], high1 = upper(0xCA5A826395121157u, v[2]);
        uint64_t next[4] = { high1 ^ v[1] ^ key0, low1, high0 ^ v[3] ^ key1, low0 };
        for (int i = 0; i < 4; i++) {
            v[i] = next[i];
        }
        key0 += 0x9E3779B97F4A7C15u;
        key1 += 0xBB67AE8584CAA73Bu;
    }
}

static void a_draw_is_philox_of_its_place(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 5; seed++) {
        for (uint64_t index = 0; index < 200; index++) {
            uint64_t v[4] = { index, LUCK_ASKS, 0, 0 };
            philox(v, seed * 0x1234567890abcdefu, 0x6c6966656f6631u);
            assert_true(luck_share(seed * 0x1234567890abcdefu, LUCK_ASKS, index) == (double)(v[0] >> 11) / 0x1p53);
        }
    }
}

/* Bounds are five standard errors. */
static void draws_have_the_spread_they_should(void **state)
{
    (void)state;
    enum { DRAWS = 100000 };
    double share = 0, wait = 0, wait_square = 0, normal = 0, normal_square = 0, together = 0;
    for (uint64_t i = 0; i < DRAWS; i++) {
        double one = luck_share(1, LUCK_KEEPS, i), waited = luck_wait(2, LUCK_ASKS, i);
        double z = luck_normal(3, LUCK_PAIN_DAYS, i);
        assert_true(one >= 0.0 && one < 1.0 && waited > 0.0 && isfinite(z));
        share += one;
        wait += waited;
        wait_square += waited * waited;
        normal += z;
        normal_square += z * z;
        together += z * luck_normal(3, LUCK_PAIN_HOURS, i);
    }
    double root = sqrt(DRAWS);
    assert_near(share / DRAWS, 0.5, 5.0 * 0.289 / root);
    assert_near(wait / DRAWS, 1.0, 5.0 / root);
    assert_near(wait_square / DRAWS, 2.0, 5.0 * sqrt(20.0) / root);
    assert_near(normal / DRAWS, 0.0, 5.0 / root);
    assert_near(normal_square / DRAWS, 1.0, 5.0 * sqrt(2.0) / root);
    assert_near(together / DRAWS, 0.0, 5.0 / root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_draw_is_philox_of_its_place),
        cmocka_unit_test(draws_have_the_spread_they_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
