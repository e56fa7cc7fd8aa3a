/* therapy_test.c - one therapy: its bytes as the specification prints them, its limits section, and what a pump
 * refuses. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/command.h"
#include "core/therapy.h"

/* The example of core/SPEC.md: morphine 25 mg/mL at 0.2 mL/day (5 mg/day) with patient boluses of 8 uL (0.2 mg). */
static struct therapy example(void)
{
    struct therapy therapy = { .name = "morphine, start",
                               .serial = "C20-0001",
                               .model = MODEL_C20,
                               .revision = 1,
                               .calibration = { -1200 },
                               .dead_volume = { 270000 },
                               .formulary_version = 1,
                               .region = "US",
                               .safe_rate = { 48000 },
                               .restart_limit_hours = 48,
                               .under_delivery = PRIORITY_HIGH,
                               .reservoir_low = { 2000000 },
                               .mri_rule = MRI_KEEP_PROGRAM };
    therapy.mixture = (struct mixture){ .count = 1, .component = { { DRUG_MORPHINE, { 25000000 } } } };
    therapy.program.kind = PROGRAM_CONTINUOUS;
    therapy.program.base.nl_day = 200000;
    therapy.program.patient = (struct patient_bolus){ 1, { 8000 }, { 1440000 }, 240, 4, 90 };
    therapy.limits.count = 1;
    therapy.limits.drug[0].drug = DRUG_MORPHINE;
    therapy.limits.drug[0].window[WINDOW_HOUR].fg = INT64_C(600000000000);
    therapy.limits.drug[0].window[WINDOW_DAY].fg = INT64_C(8000000000000);
    therapy.limits.bolus_max.nl = 10000;
    therapy.limits.rate_max.nl_day = 2000000;
    return therapy;
}

static verdict judged(const struct therapy *therapy)
{
    return therapy_judge(therapy, model_find(MODEL_C20, 1));
}

/* Reads the hexadecimal bytes of the specification's block that begins with this line. */
static size_t specification_bytes(const char *fence, uint8_t *bytes, size_t room)
{
    FILE *file = fopen("core/SPEC.md", "r");
    assert_non_null(file);
    char line[256];
    bool inside = false;
    size_t size = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, fence, strlen(fence)) == 0 && line[strlen(fence)] == '\n')
            inside = true;
        else if (strncmp(line, "```", 3) == 0)
            inside = false;
        else if (inside)
            for (char *at = line, *next = line;; at = next) {
                unsigned long byte = strtoul(at, &next, 16);
                if (next == at)
                    break;
                assert_true(byte <= 0xFF && size < room);
                bytes[size++] = (uint8_t)byte;
            }
    }
    fclose(file);
    return size;
}

static void specification_prints_the_examples_bytes(void **state)
{
    (void)state;
    struct therapy therapy = example();
    uint8_t bytes[THERAPY_BYTES_MAX], printed[THERAPY_BYTES_MAX];
    size_t size = 0;
    assert_int_equal(therapy_encode(&therapy, bytes, sizeof bytes, &size), RESULT_OK);
    assert_int_equal(specification_bytes("```hex therapy", printed, sizeof printed), size);
    assert_memory_equal(bytes, printed, size);
}

static void specification_prints_the_commands_bytes(void **state)
{
    (void)state;
    const struct { const char *fence; struct command command; } examples[] = {
        { "```hex mri_begin", { .kind = COMMAND_MRI_BEGIN, .id = 0x105, .head = 0x304 } },
        { "```hex update_chunk", { .kind = COMMAND_UPDATE_CHUNK, .id = 0x106,
                                   .stage = { .offset = 0x1F808, .size = 10, .bytes = "0123456789" } } },
        { "```hex unpair", { .kind = COMMAND_UNPAIR, .id = 0x107, .slot = 3 } },
    };
    for (unsigned i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        uint8_t bytes[COMMAND_BYTES_MAX], printed[COMMAND_BYTES_MAX];
        size_t size = 0;
        assert_int_equal(command_encode(&examples[i].command, bytes, sizeof bytes, &size), RESULT_OK);
        assert_int_equal(specification_bytes(examples[i].fence, printed, sizeof printed), size);
        assert_memory_equal(bytes, printed, size);
    }
}

static void specification_prints_the_records_bytes(void **state)
{
    (void)state;
    uint8_t record[CAPABILITY_BYTES], printed[CAPABILITY_BYTES];
    model_capability(model_find(MODEL_C20, 1), record);
    assert_int_equal(specification_bytes("```hex capability", printed, sizeof printed), CAPABILITY_BYTES);
    assert_memory_equal(record, printed, CAPABILITY_BYTES);
}

static void limits_section_stands_alone(void **state)
{
    (void)state;
    struct therapy therapy = example();
    uint8_t bytes[THERAPY_BYTES_MAX], other_bytes[THERAPY_BYTES_MAX];
    size_t size = 0, offset = 0, length = 0, other_size = 0, other_offset = 0, other_length = 0;
    assert_int_equal(therapy_encode(&therapy, bytes, sizeof bytes, &size), RESULT_OK);
    assert_int_equal(therapy_limits_section(bytes, size, &offset, &length), RESULT_OK);
    assert_int_equal(bytes[offset], 4);
    assert_int_equal(length, 3 + 1 + 18 + 8);
    /* The same limits in a therapy that differs in all else are the same bytes. */
    memcpy(therapy.name, (char[NAME_BYTES]){ "another" }, NAME_BYTES);
    therapy.program.base.nl_day = 100000;
    therapy.safe_rate.nl_day = 0;
    assert_int_equal(therapy_encode(&therapy, other_bytes, sizeof other_bytes, &other_size), RESULT_OK);
    assert_int_equal(therapy_limits_section(other_bytes, other_size, &other_offset, &other_length), RESULT_OK);
    assert_int_equal(other_length, length);
    assert_memory_equal(bytes + offset, other_bytes + other_offset, length);
    assert_int_equal(therapy_limits_section(bytes, size - 1, &offset, &length), RESULT_TRUNCATED);
}

static void wrong_headers_are_named(void **state)
{
    (void)state;
    struct therapy therapy = example(), back;
    uint8_t bytes[THERAPY_BYTES_MAX];
    size_t size = 77;
    assert_int_equal(therapy_encode(&therapy, bytes, 20, &size), RESULT_NO_ROOM);
    assert_int_equal(size, 77);
    assert_int_equal(therapy_encode(&therapy, bytes, sizeof bytes, &size), RESULT_OK);
    assert_int_equal(therapy_decode(bytes, 7, &back), RESULT_TRUNCATED);
    assert_int_equal(therapy_decode(bytes, size - 1, &back), RESULT_TRUNCATED);
    bytes[4] = 2;
    assert_int_equal(therapy_decode(bytes, size, &back), RESULT_UNKNOWN_VERSION);
    bytes[4] = 1;
    bytes[0] = 'X';
    assert_int_equal(therapy_decode(bytes, size, &back), RESULT_MALFORMED);
    bytes[0] = 'C';
    bytes[8] = 2; /* another section where the identity must stand */
    assert_int_equal(therapy_decode(bytes, size, &back), RESULT_NOT_CANONICAL);
}

static void members_outside_their_range_are_not_encoded(void **state)
{
    (void)state;
    uint8_t bytes[THERAPY_BYTES_MAX];
    size_t size;
#define REFUSED(change)                                                                                                \
    {                                                                                                                  \
        struct therapy therapy = example();                                                                            \
        change;                                                                                                        \
        assert_int_equal(therapy_encode(&therapy, bytes, sizeof bytes, &size), RESULT_MALFORMED);                      \
        assert_true((judged(&therapy) & VERDICT_THERAPY_FORM) != 0);                                                   \
    }
    REFUSED(therapy.serial[0] = '\0')
    REFUSED(therapy.name[3] = '\n')
    REFUSED(therapy.name[31] = 'x')
    REFUSED(therapy.model = 0)
    REFUSED(therapy.calibration.ppm = CALIB_PPM_MAX + 1)
    REFUSED(therapy.dead_volume.nl = 0)
    REFUSED(therapy.mixture.unknown = true)
    REFUSED(therapy.mixture.component[0].drug = 99)
    REFUSED(therapy.program.base.nl_day = -1)
    REFUSED(therapy.program.patient.lockout_minutes = 0)
    REFUSED(therapy.limits.drug[0].window[WINDOW_HOUR].fg = 0)
    REFUSED(therapy.limits.drug[1].drug = DRUG_BACLOFEN)
    REFUSED(therapy.limits.bolus_max.nl = -1)
    REFUSED(therapy.restart_limit_hours = 0)
    REFUSED(therapy.restart_limit_hours = 721)
    REFUSED(therapy.under_delivery = 4)
    REFUSED(therapy.mri_rule = 0)
    REFUSED(therapy.reservoir_low.nl = -1)
#undef REFUSED
}

static void fit_therapy_is_allowed(void **state)
{
    (void)state;
    struct therapy therapy = example();
    assert_true(judged(&therapy) == 0);
}

static void other_pumps_are_refused(void **state)
{
    (void)state;
    struct therapy therapy = example();
    assert_true(therapy_judge(&therapy, model_find(MODEL_C40, 1)) == VERDICT_MODEL_MISMATCH);
    therapy.revision = 2;
    assert_true(judged(&therapy) == VERDICT_MODEL_MISMATCH);
    therapy = example();
    therapy.dead_volume.nl = 139999; /* less than the tubing alone: HZ-10 */
    assert_true(judged(&therapy) == VERDICT_MODEL_MISMATCH);
    therapy.dead_volume.nl = 140000;
    assert_true(judged(&therapy) == 0);
    therapy.dead_volume.nl = 660000; /* with two metres of catheter */
    assert_true(judged(&therapy) == 0);
    therapy.dead_volume.nl = 660001;
    assert_true(judged(&therapy) == VERDICT_MODEL_MISMATCH);
}

static void safe_rate_is_zero_or_deliverable(void **state)
{
    (void)state;
    struct therapy therapy = example();
    therapy.safe_rate.nl_day = 0;
    assert_true(judged(&therapy) == 0);
    therapy.safe_rate.nl_day = 47999;
    assert_true(judged(&therapy) == VERDICT_SAFE_RATE);
    therapy.safe_rate.nl_day = 2000001; /* above the limits' largest flow */
    assert_true(judged(&therapy) == VERDICT_SAFE_RATE);
    therapy.safe_rate.nl_day = 1000000; /* 25 mg/day against a limit of 8 */
    assert_true(judged(&therapy) == VERDICT_SAFE_RATE);
}

static void all_reasons_are_told_at_once(void **state)
{
    (void)state;
    struct therapy therapy = example();
    therapy.program.base.nl_day = 1000;
    therapy.limits.bolus_max.nl = 7999;
    therapy.reservoir_low.nl = 20000001;
    therapy.safe_rate.nl_day = 1;
    verdict all = VERDICT_RATE_RANGE | VERDICT_BOLUS_SIZE | VERDICT_LIMITS_FORM | VERDICT_SAFE_RATE;
    assert_true(judged(&therapy) == all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(specification_prints_the_examples_bytes),
        cmocka_unit_test(specification_prints_the_records_bytes),
        cmocka_unit_test(specification_prints_the_commands_bytes),
        cmocka_unit_test(limits_section_stands_alone),
        cmocka_unit_test(wrong_headers_are_named),
        cmocka_unit_test(members_outside_their_range_are_not_encoded),
        cmocka_unit_test(fit_therapy_is_allowed),
        cmocka_unit_test(other_pumps_are_refused),
        cmocka_unit_test(safe_rate_is_zero_or_deliverable),
        cmocka_unit_test(all_reasons_are_told_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
