/* surveillance_test.c - which pumps are watched more closely, against a table typed once more from the formulary's files: every
 * drug in every model of both regions, and every pair of them. REQ-LIBR-10, HZ-07, HZ-16. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/guard/surveillance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/catalog.h"

static struct formulary formulary;

/* Typed once more by hand from the files: who is declared for what. */
static bool declared(uint16_t drug, uint8_t model)
{
    switch (drug) {
    case DRUG_MORPHINE:
    case DRUG_BACLOFEN:
        return true;
    case DRUG_ZICONOTIDE:
        return model != MODEL_V20;
    default:
        return false;
    }
}

static void holds(uint8_t code, struct mixture mixture)
{
    const struct model *model = model_find(code, 1);
    struct surveillance surveillance = { .mixed = false };
    char text[SURVEILLANCE_TEXT_BYTES];
    bool raised = mixture.count > 1;
    for (unsigned i = 0; i < mixture.count; i++)
        raised |= !declared(mixture.component[i].drug, code);
    surveillance_mixture(&surveillance, &formulary, model, &mixture);
    surveillance_words(&surveillance, model, text);
    assert_int_equal(surveillance_raised(&surveillance), raised);
    assert_int_equal(strstr(text, "surveillance: raised") != NULL, raised);
    assert_int_equal(strstr(text, "a guess") != NULL, raised);
    assert_int_equal(strstr(text, "a mixture of drugs") != NULL, mixture.count > 1);
    for (unsigned i = 0; i < mixture.count; i++)
        assert_int_equal(strstr(text, drug_word(mixture.component[i].drug)) != NULL,
                         !declared(mixture.component[i].drug, code));
}

static void every_drug_in_every_model(void **state)
{
    (void)state;
    static const char *const regions[] = { "US", "EU" };
    for (unsigned region = 0; region < 2; region++) {
        assert_true(formulary_builtin(regions[region], &formulary, stderr));
        for (uint8_t model = MODEL_C20; model <= MODEL_V20; model++)
            for (uint16_t drug = DRUG_MORPHINE; drug <= DRUG_SUFENTANIL; drug++) {
                holds(model, (struct mixture){ .count = 1, .component = { { drug, { 1000000 } } } });
                for (uint16_t other = DRUG_MORPHINE; other <= DRUG_SUFENTANIL; other++)
                    if (other != drug)
                        holds(model,
                              (struct mixture){ .count = 2, .component = { { drug, { 1000000 } }, { other, { 1000 } } } });
            }
        formulary_close(&formulary);
    }
}

/* Another drug later does not undo what the first has worn; the words hold whatever comes. */
static void it_is_never_lowered(void **state)
{
    (void)state;
    struct surveillance surveillance = { .mixed = false };
    char text[SURVEILLANCE_TEXT_BYTES];
    const struct model *model = model_find(MODEL_C20, 1);
    assert_true(formulary_builtin("US", &formulary, stderr));
    surveillance_drug(&surveillance, &formulary, model, DRUG_MORPHINE);
    assert_false(surveillance_raised(&surveillance));
    surveillance_drug(&surveillance, &formulary, model, DRUG_CLONIDINE);
    surveillance_drug(&surveillance, &formulary, model, DRUG_MORPHINE);
    assert_true(surveillance_raised(&surveillance));
    surveillance_drug(&surveillance, &formulary, model, DRUG_CLONIDINE);
    assert_int_equal(surveillance.drugs, 1);
    for (uint16_t drug = 1; drug < 200; drug++) /* numbers that are no drugs too */
        surveillance_drug(&surveillance, &formulary, model, drug);
    assert_int_equal(surveillance.drugs, SURVEILLANCE_DRUGS_MAX);
    surveillance_words(&surveillance, model, text);
    assert_true(strstr(text, "an unknown drug") != NULL && strlen(text) < sizeof text);
    struct surveillance none = { .mixed = false };
    surveillance_drug(&none, NULL, model, DRUG_MORPHINE); /* no library: nothing is declared */
    surveillance_drug(&none, &formulary, NULL, DRUG_BACLOFEN);
    assert_int_equal(none.drugs, 2);
    surveillance_words(&none, NULL, text);
    assert_non_null(strstr(text, "not declared for this model"));
    formulary_close(&formulary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_drug_in_every_model),
        cmocka_unit_test(it_is_never_lowered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
