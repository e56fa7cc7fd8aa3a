/* formulary_test.c - the library that is built in: what it holds for each region, and what it does not hold. REQ-LIBR-01, -03,
 * -06, -07, HZ-07, HZ-32. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* fmemopen(), strncasecmp() */
#include "clinic/formulary/formulary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "core/therapy.h"

static const char *const REGIONS[] = { "US", "EU" };
enum { REGION_COUNT = 2 };
#define MCG INT64_C(1000000000) /* fg */

static struct formulary open_for(const char *region)
{
    struct formulary formulary;
    assert_true(formulary_builtin(region, &formulary, stderr));
    assert_string_equal(formulary.region, region);
    return formulary;
}

static void each_region_has_the_drugs_that_sources_carry(void **state)
{
    (void)state;
    static const uint16_t drugs[] = { DRUG_MORPHINE, DRUG_HYDROMORPHONE, DRUG_BACLOFEN, DRUG_ZICONOTIDE, DRUG_BUPIVACAINE,
                                      DRUG_CLONIDINE, DRUG_SUFENTANIL };
    enum { COUNT = sizeof drugs / sizeof drugs[0] };
    for (unsigned r = 0; r < REGION_COUNT; r++) {
        struct formulary formulary = open_for(REGIONS[r]);
        assert_int_equal(formulary.entries, COUNT);
        assert_true(formulary.version >= 1);
        for (unsigned i = 0; i < COUNT; i++) {
            const struct entry *entry = formulary_find(&formulary, drugs[i]);
            assert_non_null(entry);
            assert_ptr_equal(entry, &formulary.entry[i]); /* by drug */
            assert_string_equal(entry->region, REGIONS[r]);
            assert_true(entry->second_clinician);
        }
        formulary_close(&formulary);
        assert_null(formulary.entry);
    }
}

/* No number that can be read, no entry; no entry, no programming. REQ-LIBR-03 */
static void fentanyl_has_no_entry(void **state)
{
    (void)state;
    for (unsigned r = 0; r < REGION_COUNT; r++) {
        struct formulary formulary = open_for(REGIONS[r]);
        assert_null(formulary_find(&formulary, DRUG_FENTANYL));
        assert_null(formulary_find(&formulary, DRUG_NONE));
        assert_null(formulary_find(&formulary, 9));
        formulary_close(&formulary);
    }
}

static void a_region_that_is_none_has_no_formulary(void **state)
{
    (void)state;
    static const char *const bad[] = { "", "us", "UK", "USA", "U" };
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct formulary formulary;
        char text[200] = "";
        FILE *messages = fmemopen(text, sizeof text, "w");
        assert_non_null(messages);
        assert_false(formulary_builtin(bad[i], &formulary, messages));
        assert_int_equal(fclose(messages), 0);
        assert_non_null(strstr(text, "there are US and EU"));
        assert_null(formulary.entry);
        assert_int_equal(formulary.entries, 0);
    }
}

/* The same drug ends at 19.2 mcg/day here and at 21.6 there. */
static void ziconotide_differs_by_region(void **state)
{
    (void)state;
    static const int64_t ceiling[] = { 192 * MCG / 10, 216 * MCG / 10 };
    static const int64_t interval[] = { 56, 24 }, advised[] = { 84, 48 };
    for (unsigned r = 0; r < REGION_COUNT; r++) {
        struct formulary formulary = open_for(REGIONS[r]);
        const struct entry *entry = formulary_find(&formulary, DRUG_ZICONOTIDE);
        assert_true(entry->bounds[FIELD_DOSE].hard_high.value == ceiling[r]);
        assert_int_equal(entry->bounds[FIELD_DOSE].hard_high.mark, MARK_READ);
        assert_true(entry->bounds[FIELD_TOTAL].hard_high.value == ceiling[r]);
        assert_true(entry->titration[0].interval.value == interval[r] * HOUR_MS);
        assert_true(entry->titration[0].advised.value == advised[r] * HOUR_MS);
        assert_false(entry->titration[0].share);
        formulary_close(&formulary);
    }
}

static bool holds(const char *text, const char *words)
{
    for (; *text != '\0'; text++)
        if (strncasecmp(text, words, strlen(words)) == 0)
            return true;
    return false;
}

/* What is no opioid says nothing that is true of opioids only, and what has no withdrawal has no text of it. REQ-LIBR-07 */
static void what_is_no_opioid_speaks_of_none(void **state)
{
    (void)state;
    for (unsigned r = 0; r < REGION_COUNT; r++) {
        struct formulary formulary = open_for(REGIONS[r]);
        for (unsigned e = 0; e < formulary.entries; e++) {
            const struct entry *entry = &formulary.entry[e];
            assert_int_equal(entry->opioid, drug_is_opioid(entry->drug));
            assert_int_equal(entry->statements[STATEMENT_WITHDRAWAL] > 0, drug_stop_is_hazard(entry->drug));
            for (unsigned kind = 0; kind < STATEMENT_KINDS && !entry->opioid; kind++)
                for (unsigned i = 0; i < entry->statements[kind]; i++) {
                    assert_false(holds(entry->statement[kind][i].text, "naloxone"));
                    assert_false(holds(entry->statement[kind][i].text, "equivalent"));
                }
        }
        formulary_close(&formulary);
    }
}

/* HZ-32: where a stop can kill, the safe state is the least flow. REQ-PTNT-06: no boluses of baclofen for patients. */
static void decisions_follow_the_drug(void **state)
{
    (void)state;
    static const struct {
        uint16_t drug;
        uint8_t under_delivery;
        bool safe_minimum, patient_bolus, milligrams;
    } rows[] = {
        { DRUG_MORPHINE, PRIORITY_MEDIUM, false, true, true },   { DRUG_HYDROMORPHONE, PRIORITY_MEDIUM, false, false, true },
        { DRUG_SUFENTANIL, PRIORITY_MEDIUM, false, false, false }, { DRUG_BACLOFEN, PRIORITY_HIGH, true, false, false },
        { DRUG_CLONIDINE, PRIORITY_HIGH, true, false, false },   { DRUG_ZICONOTIDE, PRIORITY_LOW, false, false, false },
        { DRUG_BUPIVACAINE, PRIORITY_LOW, false, false, true },
    };
    struct formulary formulary = open_for("US");
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct entry *entry = formulary_find(&formulary, rows[i].drug);
        assert_int_equal(entry->under_delivery, rows[i].under_delivery);
        assert_int_equal(entry->safe_minimum, rows[i].safe_minimum);
        assert_int_equal(entry->patient_bolus, rows[i].patient_bolus);
        assert_int_equal(entry->milligrams, rows[i].milligrams);
    }
    formulary_close(&formulary);
}

static void concentrations_are_marketed_or_within_hard_bounds(void **state)
{
    (void)state;
    struct formulary formulary = open_for("US");
    const struct entry *morphine = formulary_find(&formulary, DRUG_MORPHINE);
    struct entry narrowed = *morphine;
    assert_true(entry_marketed(morphine, (conc_ng_ml){ 10000000 }) && entry_marketed(morphine, (conc_ng_ml){ 25000000 }));
    assert_false(entry_marketed(morphine, (conc_ng_ml){ 10000001 }) || entry_marketed(morphine, (conc_ng_ml){ 0 }));
    assert_true(entry_concentration_known(morphine, (conc_ng_ml){ 1000000 }));
    assert_false(entry_concentration_known(morphine, (conc_ng_ml){ 999999 }));
    assert_true(entry_concentration_known(morphine, (conc_ng_ml){ 25000000 }));
    assert_false(entry_concentration_known(morphine, (conc_ng_ml){ 25000001 }));
    /* A side that is not known lets nothing pass but what is marketed. */
    narrowed.bounds[FIELD_CONCENTRATION].hard_low.known = false;
    assert_false(entry_concentration_known(&narrowed, (conc_ng_ml){ 20000000 }));
    assert_true(entry_concentration_known(&narrowed, (conc_ng_ml){ 25000000 }));
    narrowed = *morphine;
    narrowed.bounds[FIELD_CONCENTRATION].hard_high.known = false;
    assert_false(entry_concentration_known(&narrowed, (conc_ng_ml){ 20000000 }));
    /* Nothing marketed was found for clonidine: only its guessed bounds let it pass. */
    const struct entry *clonidine = formulary_find(&formulary, DRUG_CLONIDINE);
    assert_int_equal(clonidine->concentrations, 0);
    assert_true(entry_concentration_known(clonidine, (conc_ng_ml){ 125000 }));
    assert_false(entry_concentration_known(clonidine, (conc_ng_ml){ 124999 }));
    formulary_close(&formulary);
}

/* The pump needs a ceiling for each drug, so each entry has one, be it a guess; and only marks that were read carry a source. */
static void every_entry_has_a_ceiling(void **state)
{
    (void)state;
    for (unsigned r = 0; r < REGION_COUNT; r++) {
        struct formulary formulary = open_for(REGIONS[r]);
        for (unsigned e = 0; e < formulary.entries; e++) {
            const struct entry *entry = &formulary.entry[e];
            assert_true(entry->bounds[FIELD_DOSE].hard_high.known && entry->bounds[FIELD_TOTAL].hard_high.known);
            assert_true(entry->restart_limit.known);
            assert_true(entry->refill_policy.known || entry->stability[FILL_FIRST].known);
        }
        formulary_close(&formulary);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_region_has_the_drugs_that_sources_carry),
        cmocka_unit_test(fentanyl_has_no_entry),
        cmocka_unit_test(a_region_that_is_none_has_no_formulary),
        cmocka_unit_test(ziconotide_differs_by_region),
        cmocka_unit_test(what_is_no_opioid_speaks_of_none),
        cmocka_unit_test(decisions_follow_the_drug),
        cmocka_unit_test(concentrations_are_marketed_or_within_hard_bounds),
        cmocka_unit_test(every_entry_has_a_ceiling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
