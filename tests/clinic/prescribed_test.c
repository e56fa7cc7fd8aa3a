/* prescribed_test.c - a therapy that was told as a document is, read again, the same therapy, byte by byte: every program,
 * opening and bolus, drugs in both units, and fluid without drug. REQ-CLIN-02, REQ-THER-01, HZ-01, HZ-22. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/prescribed.h"

#include <string.h>

#include "document/regimen.h"
#include "tests/core/check.h"

#define REST                                                                                                           \
    ",\"bolus_max\":\"0.02 mL\",\"rate_max\":\"4 mL/day\"},\"safe_rate\":\"0 mL/day\",\"restart_limit\":\"24 h\"," \
    "\"under_delivery\":\"high\",\"reservoir_low\":\"2 "                                                               \
    "mL\",\"mri\":\"empty_first\",\"region\":\"US\",\"formulary\":3}"
#define MORPHINE                                                                                                       \
    "{\"name\":\"a name\",\"drugs\":[{\"drug\":\"morphine\",\"concentration\":\"25 mg/mL\"}],"                         \
    "\"limits\":{\"drugs\":[{\"drug\":\"morphine\",\"hour\":\"3 mg\",\"day\":\"40 mg\"}]" REST

/* Each is put in place of "program", and what else there is. */
static const char *const PROGRAMS[] = {
    "{\"program\":{\"kind\":\"stopped\"}}",
    "{\"program\":{\"kind\":\"minimum\"},\"opening\":{\"kind\":\"single\",\"volume\":\"0.01 mL\",\"rate\":\"1 "
    "mL/day\"}}",
    "{\"program\":{\"kind\":\"continuous\",\"dose\":\"5.025 "
    "mg/day\"},\"opening\":{\"kind\":\"bridge\",\"volume\":\"dead "
    "volume\",\"rate\":\"0.2 mL/day\"}}",
    "{\"program\":{\"kind\":\"continuous\",\"dose\":\"5 mg/day\"},\"patient_bolus\":{\"dose\":\"0.25 "
    "mg\",\"over\":\"10 min\","
    "\"lockout\":\"4 h\",\"max_per_day\":4,\"expiry\":\"90 d\"}}",
    "{\"program\":{\"kind\":\"periodic\",\"dose\":\"2 mg/day\",\"bolus\":{\"dose\":\"0.5 mg\",\"rate\":\"2 "
    "mL/day\",\"every\":"
    "\"6 h\",\"first\":\"30 min\"}}}",
    "{\"program\":{\"kind\":\"flex\",\"day_sets\":{\"w\":[{\"from\":\"00:00\",\"dose\":\"2 "
    "mg/day\"},{\"from\":\"06:30\","
    "\"dose\":\"6 mg/day\"}],\"r\":[{\"from\":\"00:00\",\"dose\":\"3 "
    "mg/day\"}]},\"week\":{\"monday\":\"w\",\"tuesday\":\"w\","
    "\"wednesday\":\"w\",\"thursday\":\"w\",\"friday\":\"w\",\"saturday\":\"r\",\"sunday\":\"r\"}}}",
};

static struct regimen_pump the_pump(void)
{
    return (struct regimen_pump){ model_named("C20"), "SIM-0001", { 0 }, { 300000 } };
}

static struct therapy read(json_t *json)
{
    const struct regimen_pump pump = the_pump();
    struct therapy therapy;
    char *text = json_dumps(json, 0);
    struct reader reader = { .file = "a document", .text = text, .size = strlen(text) };
    struct node node = reader_document(&reader);
    bool good = regimen_read(&node, &pump, &therapy);
    if (!good)
        reader_print(&reader, stderr);
    assert_true(good);
    json_decref(node.value);
    free(text);
    return therapy;
}

static void same_again(const struct therapy *therapy)
{
    uint8_t bytes[2][THERAPY_BYTES_MAX];
    size_t size[2];
    json_t *told = prescribed_json(NULL, therapy);
    struct therapy again = read(told);
    json_decref(told);
    assert_int_equal(therapy_encode(therapy, bytes[0], sizeof bytes[0], &size[0]), RESULT_OK);
    assert_int_equal(therapy_encode(&again, bytes[1], sizeof bytes[1], &size[1]), RESULT_OK);
    assert_int_equal(size[0], size[1]);
    assert_memory_equal(bytes[0], bytes[1], size[0]);
}

static void test_every_program_comes_back(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof PROGRAMS / sizeof PROGRAMS[0]; i++) {
        json_t *json = json_loads(MORPHINE, 0, NULL), *program = json_loads(PROGRAMS[i], 0, NULL);
        assert_non_null(json);
        assert_non_null(program);
        (void)json_object_update(json, program);
        struct therapy therapy = read(json);
        same_again(&therapy);
        json_decref(program);
        json_decref(json);
    }
}

static void test_a_fluid_without_drug_is_told_as_flow_and_volume(void **state)
{
    (void)state;
    json_t *json =
        json_loads("{\"name\":\"saline\",\"drugs\":[],\"program\":{\"kind\":\"continuous\",\"rate\":\"0.2 mL/day\"},"
                   "\"limits\":{\"drugs\":[]" REST,
                   0, NULL);
    assert_non_null(json);
    struct therapy therapy = read(json);
    json_t *told = prescribed_json(NULL, &therapy);
    assert_string_equal(json_string_value(json_object_get(json_object_get(told, "program"), "rate")), "0.2 mL/day");
    same_again(&therapy);
    json_decref(told);
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_program_comes_back),
        cmocka_unit_test(test_a_fluid_without_drug_is_told_as_flow_and_volume),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
