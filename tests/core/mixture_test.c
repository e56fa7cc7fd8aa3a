/* mixture_test.c - drugs, canonical mixtures, and blends against exact rational arithmetic. HZ-16, REQ-LIBR-09. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "core/mixture.h"
#include "tests/core/sample.h"

static struct mixture two(uint16_t a, int32_t a_conc, uint16_t b, int32_t b_conc)
{
    return (struct mixture){ .count = 2, .component = { { a, { a_conc } }, { b, { b_conc } } } };
}

static void drugs_have_frozen_codes_and_tall_man_words(void **state)
{
    (void)state;
    assert_int_equal(DRUG_MORPHINE, 1);
    assert_int_equal(DRUG_SUFENTANIL, 8);
    assert_string_equal(drug_word(DRUG_HYDROMORPHONE), "HYDROmorphone");
    assert_null(drug_word(DRUG_NONE));
    assert_null(drug_word(9));
    assert_int_equal(drug_code("clonidine"), DRUG_CLONIDINE);
    assert_int_equal(drug_code("water"), DRUG_NONE);
    for (uint16_t drug = 1; drug <= 8; drug++)
        assert_int_equal(drug_code(drug_word(drug)), drug);
    assert_true(drug_is_opioid(DRUG_FENTANYL) && !drug_is_opioid(DRUG_BACLOFEN) && !drug_is_opioid(0));
    assert_true(drug_stop_is_hazard(DRUG_BACLOFEN) && !drug_stop_is_hazard(DRUG_ZICONOTIDE));
}

static void only_canonical_mixtures_are_valid(void **state)
{
    (void)state;
    struct mixture mixture = two(DRUG_SUFENTANIL, 1, DRUG_BACLOFEN, CONC_NG_ML_MAX);
    assert_true(mixture_valid(&mixture));
    assert_true(mixture_valid(&(struct mixture){ 0 })); /* saline */
    struct mixture wrong = mixture;
    wrong.component[1].drug = DRUG_SUFENTANIL; /* twice */
    assert_false(mixture_valid(&wrong));
    wrong = mixture;
    wrong.component[0].conc.ng_ml = 0;
    assert_false(mixture_valid(&wrong));
    wrong = mixture;
    wrong.component[1].conc.ng_ml = CONC_NG_ML_MAX + 1;
    assert_false(mixture_valid(&wrong));
    wrong = mixture;
    wrong.component[0].drug = 9;
    assert_false(mixture_valid(&wrong));
    wrong = mixture;
    wrong.component[3].drug = DRUG_MORPHINE; /* in an unused place */
    assert_false(mixture_valid(&wrong));
    wrong = mixture;
    wrong.count = 3;
    wrong.component[2] = (struct component){ DRUG_MORPHINE, { 5 } }; /* adjuvants fall */
    assert_false(mixture_valid(&wrong));
    wrong = mixture;
    wrong.unknown = true;
    assert_false(mixture_valid(&wrong));
    wrong = mixture;
    wrong.count = 5;
    assert_false(mixture_valid(&wrong));
}

static void same_means_known_and_equal(void **state)
{
    (void)state;
    struct mixture a = two(1, 10, 5, 20), b = a;
    assert_true(mixture_same(&a, &b));
    b.component[1].conc.ng_ml++;
    assert_false(mixture_same(&a, &b));
    b = two(1, 10, 6, 20);
    assert_false(mixture_same(&a, &b));
    b = (struct mixture){ .unknown = true };
    assert_false(mixture_same(&b, &b));
}

/* What the exact rational, rounded up, would be. */
static int64_t conc_exact(const struct mixture *a, int64_t a_nl, const struct mixture *b, int64_t b_nl, uint16_t drug)
{
    __int128 mass = 0, volume = (__int128)a_nl + b_nl, conc = 0;
    for (unsigned i = 0; i < a->count; i++)
        mass += a->component[i].drug == drug ? (__int128)a->component[i].conc.ng_ml * a_nl : 0;
    for (unsigned i = 0; i < b->count; i++)
        mass += b->component[i].drug == drug ? (__int128)b->component[i].conc.ng_ml * b_nl : 0;
    conc = mass / volume;
    return (int64_t)(conc * volume < mass ? conc + 1 : conc);
}

static void blends_like_exact_rationals(void **state)
{
    (void)state;
    uint64_t seed = 11;
    unsigned blended = 0;
    for (unsigned round = 0; round < 20000; round++) {
        struct mixture left = sample_mixture(&seed), fill = sample_mixture(&seed), blend = { .count = 77 };
        vol_nl left_volume = { chance_between(&seed, 0, chance_next(&seed) % 2 ? 3 : VOL_NL_MAX) };
        vol_nl fill_volume = { chance_between(&seed, left_volume.nl == 0, chance_next(&seed) % 2 ? 3 : VOL_NL_MAX) };
        unsigned drugs = 0;
        for (uint16_t drug = 1; drug <= 8; drug++)
            drugs += conc_exact(&left, left_volume.nl, &fill, fill_volume.nl, drug) > 0;
        enum result result = mixture_blend(&left, left_volume, &fill, fill_volume, &blend);
        if (drugs > MIXTURE_DRUGS_MAX) {
            assert_int_equal(result, RESULT_NO_ROOM);
            assert_int_equal(blend.count, 77);
            continue;
        }
        blended++;
        assert_int_equal(result, RESULT_OK);
        assert_true(mixture_valid(&blend));
        assert_int_equal(blend.count, drugs);
        for (uint16_t drug = 1; drug <= 8; drug++)
            assert_int_equal(mixture_conc(&blend, drug).ng_ml,
                             conc_exact(&left, left_volume.nl, &fill, fill_volume.nl, drug));
        if (fill_volume.nl > 0 && fill.count > 0)
            assert_int_equal(blend.component[0].drug, fill.component[0].drug);
    }
    assert_true(blended > 5000);
}

static void refuses_what_it_cannot_know(void **state)
{
    (void)state;
    struct mixture unknown = { .unknown = true }, drug = two(1, 10, 5, 20), blend = { .count = 77 };
    assert_int_equal(mixture_blend(&unknown, (vol_nl){ 1 }, &drug, (vol_nl){ 1 }, &blend), RESULT_MALFORMED);
    assert_int_equal(mixture_blend(&drug, (vol_nl){ 0 }, &drug, (vol_nl){ 0 }, &blend), RESULT_MALFORMED);
    assert_int_equal(mixture_blend(&drug, (vol_nl){ -1 }, &drug, (vol_nl){ 5 }, &blend), RESULT_MALFORMED);
    assert_int_equal(mixture_blend(&drug, (vol_nl){ 1 }, &drug, (vol_nl){ VOL_NL_MAX + 1 }, &blend), RESULT_MALFORMED);
    assert_int_equal(blend.count, 77);
    assert_int_equal(mixture_blend(&unknown, (vol_nl){ 0 }, &drug, (vol_nl){ 1 }, &blend), RESULT_OK);
    assert_true(mixture_same(&blend, &drug));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drugs_have_frozen_codes_and_tall_man_words),
        cmocka_unit_test(only_canonical_mixtures_are_valid),
        cmocka_unit_test(same_means_known_and_equal),
        cmocka_unit_test(blends_like_exact_rationals),
        cmocka_unit_test(refuses_what_it_cannot_know),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
