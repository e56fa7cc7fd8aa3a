/* sensors_test.c - readings, their noise, the stuck fault, and chance against published numbers. */
// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/twin/near.h"
#include "twin/hardware/sensors.h"

/* Known answers of Philox4x64-10, Random123 kat_vectors: counter 0 key 0. */
static void chance_is_philox(void **state)
{
    (void)state;
    assert_int_equal(chance_bits(0, 0), 0x16554d9eca36314cu);
    assert_int_not_equal(chance_bits(0, 1), chance_bits(0, 0));
    assert_int_not_equal(chance_bits(1, 0), chance_bits(0, 0));
}

static void temperature_strays_around_body_warmth(void **state)
{
    (void)state;
    struct sensor_bank bank;
    double sum = 0.0;
    int32_t least = INT32_MAX;
    int32_t most = INT32_MIN;
    sensors_init(&bank, 3100);
    for (uint64_t i = 0; i < 20000; i++) {
        struct sensors seen = sensors_read(&bank, 3100, chance_bits(7, i));
        assert_int_equal(seen.battery_mv, 3100);
        assert_int_equal(seen.reservoir_nl, -1);
        assert_int_equal(seen.catheter_pa, INT32_MIN);
        assert_int_equal(seen.magnet, 0);
        sum += seen.temperature_mdeg;
        least = seen.temperature_mdeg < least ? seen.temperature_mdeg : least;
        most = seen.temperature_mdeg > most ? seen.temperature_mdeg : most;
    }
    assert_near(sum / 20000.0, 37000.0, 1.0);
    assert_in_range(least, 36950, 36955);
    assert_in_range(most, 37045, 37050);
}

static void stuck_sensors_show_what_they_showed(void **state)
{
    (void)state;
    struct sensor_bank bank;
    sensors_init(&bank, 3200);
    struct sensors before = sensors_read(&bank, 3100, chance_bits(7, 0));
    bank.stuck = true;
    bank.magnet = true;
    bank.temperature_c = 42.0;
    struct sensors stuck = sensors_read(&bank, 2300, chance_bits(7, 1));
    assert_int_equal(stuck.temperature_mdeg, before.temperature_mdeg);
    assert_int_equal(stuck.battery_mv, 3100);
    assert_int_equal(stuck.magnet, 0);
    bank.stuck = false;
    struct sensors freed = sensors_read(&bank, 2300, chance_bits(7, 2));
    assert_in_range(freed.temperature_mdeg, 41950, 42050);
    assert_int_equal(freed.battery_mv, 2300);
    assert_int_equal(freed.magnet, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chance_is_philox),
        cmocka_unit_test(temperature_strays_around_body_warmth),
        cmocka_unit_test(stuck_sensors_show_what_they_showed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
