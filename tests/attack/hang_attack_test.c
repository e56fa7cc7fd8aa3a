/* hang_attack_test.c - an attack after which the pump never came back: one flipped bit in where a window stands, and a
 * bolus asked for before the next bucket. Fails by its time limit. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/attack/ward.h"

static struct ward ward;

/* E29 */
static void flipped_bucket_number_is_found_before_it_is_counted_to(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        struct mixture morphine = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
        ward_admit(&ward, "C20", &morphine);
        struct therapy therapy = bedside_therapy(&ward.bed, &morphine, 200000);
        bedside_permit(&therapy, 1000, NL_PER_ML, 60, 4);
        bedside_treat(&ward.bed, &therapy);
        ward_pass(&ward, DAY_MINUTES);
        ward_memory(&ward)->governor.watch[kind].newest ^= INT64_C(1) << 40;
        (void)bedside_press(&ward.bed);
        ward_pass(&ward, DAY_MINUTES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(flipped_bucket_number_is_found_before_it_is_counted_to) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
