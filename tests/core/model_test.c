/* model_test.c - the table of pump models against the numbers of the design, and the capability record. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "core/bytes.h"
#include "core/model.h"

static void table_holds_the_designs_numbers(void **state)
{
    (void)state;
    const struct model *c20 = model_find(MODEL_C20, 1), *c40 = model_find(MODEL_C40, 1);
    const struct model *v20 = model_find(MODEL_V20, 1);
    assert_int_equal(c20->reservoir.nl, 20000000);
    assert_int_equal(c40->reservoir.nl, 40000000);
    assert_int_equal(c20->quantum.nl, 250);
    assert_int_equal(v20->quantum.nl, 2500);
    assert_int_equal(c20->rate_min.nl_day, 48000);
    assert_int_equal(c20->rate_max.nl_day, 24000000);
    assert_int_equal(v20->rate_min.nl_day, 10000);
    assert_int_equal(v20->rate_max.nl_day, 28800000);
    assert_int_equal(v20->mechanism, MECHANISM_VALVE);
}

/* At the largest flow the mechanism must be able to keep up, even in the unit with the smallest quantum. */
static void largest_flow_leaves_time_for_each_quantum(void **state)
{
    (void)state;
    for (uint8_t code = MODEL_C20; code <= MODEL_V20; code++) {
        const struct model *model = model_find(code, 1);
        vol_fl smallest = quantum_volume(model->quantum, (calib_ppm){ -CALIB_PPM_MAX });
        span_ms between = span_until_due(grain_of_fl(smallest), model->rate_max);
        assert_true(model->motor_interval.ms < between.ms);
        assert_true(model->motor_timeout.ms < model->motor_interval.ms);
    }
}

static void finds_models_by_code_and_name(void **state)
{
    (void)state;
    assert_null(model_find(0, 1));
    assert_null(model_find(MODEL_C20, 2));
    assert_null(model_name(0));
    assert_string_equal(model_name(MODEL_V20), "V20");
    assert_ptr_equal(model_named("C40"), model_find(MODEL_C40, 1));
    assert_null(model_named("c40"));
    assert_null(model_named("C4"));
}

static void dead_volume_is_tubing_and_catheter(void **state)
{
    (void)state;
    const struct model *model = model_find(MODEL_C20, 1);
    assert_int_equal(model_dead_volume(model, 0).nl, 140000);
    assert_int_equal(model_dead_volume(model, 1000).nl, 140000 + 260000); /* 100 cm of 0.0026 mL/cm */
    assert_int_equal(model_dead_volume(model, 2000).nl, 140000 + 520000);
}

static void capability_record_stands_as_specified(void **state)
{
    (void)state;
    uint8_t record[CAPABILITY_BYTES];
    memset(record, 0xAA, sizeof record);
    assert_int_equal(model_capability(model_find(MODEL_C20, 1), record), CAPABILITY_BYTES);
    const uint8_t start[8] = { 1, 1, 1, 1, 'C', '2', '0', 0 };
    assert_memory_equal(record, start, sizeof start);
    static const struct { uint8_t at, size; uint64_t value; } FIELDS[] = {
        { 8, 4, 20000000 }, { 12, 4, 250 },   { 16, 4, 48000 }, { 20, 4, 24000000 }, { 24, 4, 140000 },
        { 28, 8, 2600000000 }, { 36, 4, 100000 }, { 40, 4, 700 }, { 44, 4, 600 },    { 48, 1, 1 },
        { 49, 1, 1 },       { 50, 2, 2048 },  { 52, 2, 256 },   { 54, 1, 4 },        { 55, 1, 4 },
        { 56, 1, 16 },      { 57, 1, 48 },    { 58, 2, 30 },    { 60, 4, 0 },
    };
    for (unsigned i = 0; i < sizeof FIELDS / sizeof FIELDS[0]; i++) {
        struct byte_reader reader = { .at = record + FIELDS[i].at, .left = FIELDS[i].size };
        assert_true(byte_read(&reader, FIELDS[i].size) == FIELDS[i].value);
    }
}

/* Whatever constant changes, the record a programmer reads must show it. */
static void every_constant_shows_in_the_record(void **state)
{
    (void)state;
    const struct model *model = model_find(MODEL_V20, 1);
    uint8_t before[CAPABILITY_BYTES], after[CAPABILITY_BYTES];
    model_capability(model, before);
#define PERTURB(name, type, unit, meaning)                                                                             \
    {                                                                                                                  \
        struct model other = *model;                                                                                   \
        other.name.unit++;                                                                                             \
        model_capability(&other, after);                                                                               \
        assert_memory_not_equal(before, after, CAPABILITY_BYTES);                                                      \
    }
    MODEL_CONSTANTS(PERTURB)
#undef PERTURB
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_holds_the_designs_numbers),
        cmocka_unit_test(largest_flow_leaves_time_for_each_quantum),
        cmocka_unit_test(finds_models_by_code_and_name),
        cmocka_unit_test(dead_volume_is_tubing_and_catheter),
        cmocka_unit_test(capability_record_stands_as_specified),
        cmocka_unit_test(every_constant_shows_in_the_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
