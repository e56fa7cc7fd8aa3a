/* formulary_limits_test.c - limits signed by the clinic, handed to the real pump: it takes them, and nothing that was changed
 * after; and the clinic signs nothing that its formulary does not carry. REQ-SECU-02, REQ-LIBR-05, HZ-42. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* fmemopen() */
#include "tests/pump/bench.h"

#include "clinic/formulary/limits.h"

#define MG INT64_C(1000000000000) /* fg */

static struct stand stand;
static struct sitekey site;
static struct formulary formulary;

static int start(void **state)
{
    (void)state;
    uint8_t seed[SITEKEY_SEED_BYTES];
    memset(seed, 5, sizeof seed);
    sitekey_from_seed(seed, &site);
    return formulary_builtin("US", &formulary, stderr) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    formulary_close(&formulary);
    return 0;
}

/* A pump that gets the site's key while the bench's therapy runs: it is the next change that must be signed. */
static void pump_start(void)
{
    bench_running(&stand);
    memcpy(stand.unit.formulary_key, site.public_key, sizeof stand.unit.formulary_key);
    stand_reset(&stand);
    stand_run(&stand, DAY_MS);
}

/* A little less of the bench's drug, checked against this formulary. */
static struct therapy less(void)
{
    struct therapy therapy = bench_therapy(&stand);
    therapy.program.base.nl_day = 1000000;
    therapy.formulary_version = formulary.version;
    memcpy(therapy.region, formulary.region, sizeof therapy.region);
    return therapy;
}

/* Signs, or says why not: `words` stand in what is said. */
static enum formulary_fault sign(const struct therapy *therapy, uint8_t signature[SIGNATURE_BYTES], const char *words)
{
    char said[2048] = "";
    FILE *messages = fmemopen(said, sizeof said, "w");
    uint8_t before[SIGNATURE_BYTES];
    memcpy(before, signature, sizeof before);
    assert_non_null(messages);
    enum formulary_fault fault = formulary_sign_limits(&site, &formulary, therapy, signature, messages);
    assert_int_equal(fclose(messages), 0);
    if (fault == FORMULARY_OK) {
        assert_string_equal(said, "");
    } else {
        assert_memory_equal(signature, before, sizeof before);
        if (strstr(said, words) == NULL)
            fail_msg("\"%s\" not in \"%s\"", words, said);
    }
    return fault;
}

static verdict hand_over(const struct therapy *therapy, const uint8_t signature[SIGNATURE_BYTES], uint8_t token[TOKEN_BYTES])
{
    struct command command = { .kind = COMMAND_SIGN_LIMITS };
    stand_stage(&stand, therapy, token);
    memcpy(command.token, token, TOKEN_BYTES);
    memcpy(command.signature, signature, sizeof command.signature);
    return stand_tell(&stand, ROLE_CLINICIAN, command).reasons;
}

static verdict activate(const uint8_t token[TOKEN_BYTES])
{
    struct command command = { .kind = COMMAND_ACTIVATE };
    memcpy(command.token, token, TOKEN_BYTES);
    return stand_tell(&stand, ROLE_CLINICIAN, command).reasons;
}

static void the_pump_takes_what_the_clinic_signed(void **state)
{
    (void)state;
    uint8_t signature[SIGNATURE_BYTES] = { 0 }, token[TOKEN_BYTES];
    pump_start();
    struct therapy therapy = less();
    assert_true(stand_activate(&stand, &therapy, false).reasons == VERDICT_UNSIGNED_LIMITS);
    assert_int_equal(sign(&therapy, signature, ""), FORMULARY_OK);
    assert_true(hand_over(&therapy, signature, token) == 0);
    assert_int_equal(bench_events(&stand, EVENT_LIMITS_SIGNED, NULL), 1);
    assert_true(activate(token) == 0);
    assert_int_equal(stand_status(&stand).base.nl_day, 1000000);
}

/* Every limit of the section, one up and one down, after it was signed. */
static void the_pump_refuses_a_section_that_was_changed(void **state)
{
    (void)state;
    uint8_t signature[SIGNATURE_BYTES] = { 0 }, token[TOKEN_BYTES];
    pump_start();
    struct therapy therapy = less();
    assert_int_equal(sign(&therapy, signature, ""), FORMULARY_OK);
    for (int step = -1; step <= 1; step += 2) {
        struct therapy changed[4] = { therapy, therapy, therapy, therapy };
        changed[0].limits.drug[0].window[WINDOW_HOUR].fg += step;
        changed[1].limits.drug[0].window[WINDOW_DAY].fg += step;
        changed[2].limits.bolus_max.nl += step;
        changed[3].limits.rate_max.nl_day += step;
        for (unsigned i = 0; i < 4; i++)
            assert_true(hand_over(&changed[i], signature, token) == VERDICT_SIGNATURE);
    }
    for (unsigned bit = 0; bit < SIGNATURE_BYTES * 8; bit += 31) {
        signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_true(hand_over(&therapy, signature, token) == VERDICT_SIGNATURE);
        signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_true(activate(token) == VERDICT_UNSIGNED_LIMITS);
    assert_int_equal(bench_events(&stand, EVENT_LIMITS_SIGNED, NULL), 0);
    assert_int_equal(stand_status(&stand).base.nl_day, BENCH_RATE);
}

static void a_signature_is_for_one_pump(void **state)
{
    (void)state;
    uint8_t signature[SIGNATURE_BYTES] = { 0 }, token[TOKEN_BYTES];
    pump_start();
    struct therapy therapy = less(), other = less();
    memcpy(other.serial, "OTHER-1", sizeof "OTHER-1");
    assert_int_equal(sign(&other, signature, ""), FORMULARY_OK);
    assert_true(hand_over(&therapy, signature, token) == VERDICT_SIGNATURE);
}

/* 40 mg a day is the hard bound of morphine: with the bucket that the pump counts beside the 32 of a day, and two quanta. */
static void a_limit_above_the_hard_bound_is_not_signed(void **state)
{
    (void)state;
    uint8_t signature[SIGNATURE_BYTES] = { 0 };
    const int64_t quantum_fg = 250 * INT64_C(1000000); /* 250 nL of 1 mg/mL */
    const int64_t most = 40 * MG / 32 * 33 + 2 * quantum_fg;
    bench_running(&stand);
    struct therapy therapy = less();
    therapy.limits.drug[0].window[WINDOW_DAY].fg = most;
    assert_int_equal(sign(&therapy, signature, ""), FORMULARY_OK);
    therapy.limits.drug[0].window[WINDOW_DAY].fg = most + 1;
    assert_int_equal(sign(&therapy, signature, "is above the hard bound"), FORMULARY_REFUSED);
    therapy = less();
    therapy.limits.bolus_max.nl = 1000000; /* 1 mg, the hard bound */
    assert_int_equal(sign(&therapy, signature, ""), FORMULARY_OK);
    therapy.limits.bolus_max.nl++;
    assert_int_equal(sign(&therapy, signature, "holds more morphine than the hard bound"), FORMULARY_REFUSED);
}

/* What is signed at most lets a steady flow of the hard bound pass, and none that is a fiftieth above it. */
static void the_hard_bound_itself_can_be_given(void **state)
{
    (void)state;
    bench_running(&stand);
    struct therapy therapy = less();
    const struct entry *entry = formulary_find(&formulary, DRUG_MORPHINE);
    therapy.mixture = bench_drug(10000000);
    const struct model *model = &stand.unit.model;
    const calib_ppm calibration = stand.unit.calibration;
    struct limits *limits = &therapy.limits;
    limits->drug[0].window[WINDOW_HOUR].fg = 10 * MG;
    assert_true(limits_day_most(entry, &therapy, model, (conc_ng_ml){ 10000000 }, &limits->drug[0].window[WINDOW_DAY]));
    const rate_nl_day bound = { 4000000 }, above = { 4080000 }; /* 40 and 40.8 mg/day */
    assert_true(limits_judge_rate(limits, bound, &therapy.mixture, model, calibration) == 0);
    assert_true(limits_judge_rate(limits, above, &therapy.mixture, model, calibration) == VERDICT_DAY_LIMIT);
}

static void what_has_no_entry_is_not_signed(void **state)
{
    (void)state;
    uint8_t signature[SIGNATURE_BYTES] = { 0 };
    bench_running(&stand);
    struct therapy therapy = less();
    therapy.mixture.component[0].drug = therapy.limits.drug[0].drug = DRUG_FENTANYL;
    assert_int_equal(sign(&therapy, signature, "fentaNYL has no entry for region US"), FORMULARY_REFUSED);
    therapy = less();
    therapy.mixture = bench_drug(999999);
    assert_int_equal(sign(&therapy, signature, "morphine is not known at 999999 ng/mL"), FORMULARY_REFUSED);
    struct entry *entry = &formulary.entry[0];
    struct bounds kept = entry->bounds[FIELD_DOSE], kept_total = entry->bounds[FIELD_TOTAL];
    assert_int_equal(entry->drug, DRUG_MORPHINE);
    entry->bounds[FIELD_TOTAL].hard_high.known = false;
    therapy = less();
    assert_int_equal(sign(&therapy, signature, ""), FORMULARY_OK); /* by the bound of the program's dose */
    entry->bounds[FIELD_DOSE].hard_high.known = false;
    assert_int_equal(sign(&therapy, signature, "morphine has no hard bound for a day"), FORMULARY_REFUSED);
    entry->bounds[FIELD_DOSE] = kept;
    entry->bounds[FIELD_TOTAL] = kept_total;
}

/* HZ-16, REQ-LIBR-09: each drug of a mixture, and every reason said. */
static void each_drug_of_a_mixture_is_judged(void **state)
{
    (void)state;
    uint8_t signature[SIGNATURE_BYTES] = { 0 };
    bench_running(&stand);
    struct therapy therapy = less();
    therapy.mixture.component[therapy.mixture.count++] = (struct component){ DRUG_BUPIVACAINE, { 5000000 } };
    therapy.limits.drug[therapy.limits.count++] = (struct drug_limit){ DRUG_BUPIVACAINE, { { 5 * MG }, { 20 * MG } } };
    assert_int_equal(sign(&therapy, signature, ""), FORMULARY_OK);
    therapy.limits.drug[1].window[WINDOW_DAY].fg = 21 * MG;
    assert_int_equal(sign(&therapy, signature, "the limit of BUPivacaine in a day"), FORMULARY_REFUSED);
    therapy.limits.drug[0].window[WINDOW_DAY].fg = 50 * MG;
    assert_int_equal(sign(&therapy, signature, "the limit of morphine in a day"), FORMULARY_REFUSED);
    assert_int_equal(sign(&therapy, signature, "the limit of BUPivacaine in a day"), FORMULARY_REFUSED);
    therapy.limits.drug[1].window[WINDOW_DAY].fg = 20 * MG;
    assert_int_equal(sign(&therapy, signature, "the limit of morphine in a day"), FORMULARY_REFUSED);
    therapy.limits.count = 1;
    assert_int_equal(sign(&therapy, signature, "no whole therapy"), FORMULARY_MALFORMED);
}

static void a_therapy_of_another_formulary_is_not_signed(void **state)
{
    (void)state;
    uint8_t signature[SIGNATURE_BYTES] = { 0 };
    bench_running(&stand);
    struct therapy therapy = less();
    therapy.formulary_version++;
    assert_int_equal(sign(&therapy, signature, "was checked against release 2 for region US"), FORMULARY_MISMATCH);
    therapy = less();
    memcpy(therapy.region, "EU", 3);
    assert_int_equal(sign(&therapy, signature, "for region EU, and this is release 1 for US"), FORMULARY_MISMATCH);
    therapy = less();
    therapy.name[0] = '\n';
    assert_int_equal(sign(&therapy, signature, "no whole therapy"), FORMULARY_MALFORMED);
    therapy = less();
    therapy.model = 9;
    assert_int_equal(sign(&therapy, signature, "no whole therapy"), FORMULARY_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_pump_takes_what_the_clinic_signed),
        cmocka_unit_test(the_pump_refuses_a_section_that_was_changed),
        cmocka_unit_test(a_signature_is_for_one_pump),
        cmocka_unit_test(a_limit_above_the_hard_bound_is_not_signed),
        cmocka_unit_test(the_hard_bound_itself_can_be_given),
        cmocka_unit_test(what_has_no_entry_is_not_signed),
        cmocka_unit_test(each_drug_of_a_mixture_is_judged),
        cmocka_unit_test(a_therapy_of_another_formulary_is_not_signed),
    };
    return cmocka_run_group_tests(tests, start, end);
}
