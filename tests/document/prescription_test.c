/* prescription_test.c - a dose off the pump's resolution is refused, and what is offered instead is the two nearest that it
 * gives: no other lies between them. Screen rule N6, HZ-36. */
// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "core/model.h"
#include "document/prescription.h"
#include "tests/core/check.h"

/* Reads a dose of a day of morphine at this concentration; the offers, "" where there were none. */
static bool read_dose(const char *dose, int32_t ng_ml, char low[AMOUNT_TEXT_BYTES], char high[AMOUNT_TEXT_BYTES])
{
    char text[128];
    struct mixture mixture = { .count = 1, .component = { { .drug = DRUG_MORPHINE, .conc = { ng_ml } } } };
    snprintf(text, sizeof text, "{\"dose\":\"%s\"}", dose);
    struct reader reader = { .file = "body", .text = text, .size = strlen(text) };
    struct node root = reader_document(&reader);
    rate_nl_day rate = { 0 };
    bool good = prescription_flow(&root, REQUIRED, &mixture, model_find(MODEL_C20, 1), &rate);
    assert_true(good == (reader.count == 0));
    memcpy(low, reader.complaint[0].offer[0], AMOUNT_TEXT_BYTES);
    memcpy(high, reader.complaint[0].offer[1], AMOUNT_TEXT_BYTES);
    json_decref(root.value);
    return good;
}

static void the_two_nearest_are_offered_in_the_unit_that_was_said(void **state)
{
    (void)state;
    static const struct {
        const char *dose;
        int32_t ng_ml;
        const char *low, *high;
    } cases[] = {
        { "5.00001 mg/day", 25000000, "5 mg/day", "5.000025 mg/day" },
        { "5000.01 mcg/day", 25000000, "5000 mcg/day", "5000.025 mcg/day" },
        { "2.0000013 mg/day", 2500000, "2 mg/day", "2.000005 mg/day" }, /* 0.0000025 mg would be seven decimals */
        { "480.0005 mcg/day", 2000000, "480 mcg/day", "480.002 mcg/day" },
        { "50.00005 mcg/h", 25000000, "", "" }, /* no field is by the hour */
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char low[AMOUNT_TEXT_BYTES], high[AMOUNT_TEXT_BYTES], none[2][AMOUNT_TEXT_BYTES];
        assert_false(read_dose(cases[i].dose, cases[i].ng_ml, low, high));
        assert_string_equal(low, cases[i].low);
        assert_string_equal(high, cases[i].high);
        if (*low != '\0')
            assert_true(read_dose(low, cases[i].ng_ml, none[0], none[1]) && read_dose(high, cases[i].ng_ml, none[0], none[1]));
    }
}

static void what_is_wrong_otherwise_offers_nothing(void **state)
{
    (void)state;
    char low[AMOUNT_TEXT_BYTES] = "", high[AMOUNT_TEXT_BYTES] = "";
    assert_false(read_dose("5,5 mg/day", 25000000, low, high));
    assert_true(*low == '\0' && *high == '\0');
    assert_false(read_dose("900 mg/day", 25000000, low, high)); /* more than the pump's largest flow */
    assert_true(*low == '\0' && *high == '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_two_nearest_are_offered_in_the_unit_that_was_said),
        cmocka_unit_test(what_is_wrong_otherwise_offers_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
