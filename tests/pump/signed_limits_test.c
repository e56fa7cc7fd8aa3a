/* signed_limits_test.c - a pump that was made with a formulary's key takes only limits that bear its signature, for this pump.
 * Signed here by libsodium itself, over bytes found as core/SPEC.md says. REQ-SECU-02, HZ-42. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/bench.h"
#include "tests/pump/signer.h"

static struct stand stand;
static struct signer formulary;

/* A pump with the bench's therapy in force from before it had a key: it is the next change that must be signed. */
static void start(void)
{
    bench_running(&stand);
    formulary = signer_make(5);
    memcpy(stand.unit.formulary_key, formulary.key, sizeof stand.unit.formulary_key);
    stand_reset(&stand);
    stand_run(&stand, DAY_MS);
}

static struct therapy less(void)
{
    struct therapy therapy = bench_therapy(&stand);
    therapy.program.base.nl_day = 1000000;
    return therapy;
}

/* Signs the limits section of these bytes for a pump of this serial. */
static void sign(const struct signer *signer, const struct therapy *therapy, const char serial[SERIAL_BYTES],
                 uint8_t signature[COMMAND_SIGNATURE_BYTES])
{
    enum { HEAD_BYTES = 8, SECTION_HEAD = 3, LIMITS_TAG = 4 };
    uint8_t bytes[THERAPY_BYTES_MAX], hash[32];
    size_t size = 0, at = HEAD_BYTES;
    assert_int_equal(therapy_encode(therapy, bytes, sizeof bytes, &size), RESULT_OK);
    while (bytes[at] != LIMITS_TAG)
        at += SECTION_HEAD + bytes[at + 1] + 256u * bytes[at + 2];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, (const uint8_t *)"cisterna limits 1", 17);
    crypto_generichash_update(&state, (const uint8_t *)serial, SERIAL_BYTES);
    crypto_generichash_update(&state, bytes + at, SECTION_HEAD + bytes[at + 1] + 256u * bytes[at + 2]);
    crypto_generichash_final(&state, hash, sizeof hash);
    crypto_sign_detached(signature, NULL, hash, sizeof hash, signer->secret);
}

/* Stages a therapy and hands over a signature; the reasons against it. */
static verdict hand_over(const struct therapy *therapy, const uint8_t signature[COMMAND_SIGNATURE_BYTES],
                         uint8_t token[TOKEN_BYTES])
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

static void unsigned_limits_do_not_come_into_force(void **state)
{
    (void)state;
    start();
    struct therapy therapy = less();
    struct mixture drug = bench_drug(1000000);
    assert_true(stand_activate(&stand, &therapy, false).reasons == VERDICT_UNSIGNED_LIMITS);
    assert_true(stand_refill(&stand, &drug, (vol_nl){ 19000000 }, &therapy).reasons == VERDICT_UNSIGNED_LIMITS);
    assert_int_equal(stand_status(&stand).base.nl_day, BENCH_RATE);
}

static void signed_limits_come_into_force_once(void **state)
{
    (void)state;
    uint8_t signature[COMMAND_SIGNATURE_BYTES], token[TOKEN_BYTES];
    start();
    struct therapy therapy = less();
    sign(&formulary, &therapy, stand.unit.serial, signature);
    assert_true(hand_over(&therapy, signature, token) == 0);
    assert_int_equal(bench_events(&stand, EVENT_LIMITS_SIGNED, NULL), 1);
    assert_true(activate(token) == 0);
    assert_int_equal(stand_status(&stand).base.nl_day, 1000000);
    /* What is staged next bears no signature yet. */
    therapy.program.base.nl_day = 900000;
    assert_true(stand_activate(&stand, &therapy, false).reasons == VERDICT_UNSIGNED_LIMITS);
}

/* The program is the clinician's, the limits are the formulary's: one signature serves every program under them. */
static void the_same_limits_bear_the_same_signature(void **state)
{
    (void)state;
    uint8_t signature[COMMAND_SIGNATURE_BYTES], token[TOKEN_BYTES];
    start();
    struct therapy signed_for = bench_therapy(&stand), therapy = less();
    sign(&formulary, &signed_for, stand.unit.serial, signature);
    assert_true(hand_over(&therapy, signature, token) == 0);
    assert_true(activate(token) == 0);
}

static void signatures_of_anything_else_do_not_hold(void **state)
{
    (void)state;
    static const char other_serial[SERIAL_BYTES] = "STAND-2";
    uint8_t signature[COMMAND_SIGNATURE_BYTES], token[TOKEN_BYTES];
    start();
    struct signer stranger = signer_make(6);
    struct therapy therapy = less(), more = less();
    more.limits.drug[0].window[WINDOW_DAY].fg += 1;
    sign(&stranger, &therapy, stand.unit.serial, signature);
    assert_true(hand_over(&therapy, signature, token) == VERDICT_SIGNATURE);
    sign(&formulary, &therapy, other_serial, signature);
    assert_true(hand_over(&therapy, signature, token) == VERDICT_SIGNATURE);
    sign(&formulary, &therapy, stand.unit.serial, signature);
    assert_true(hand_over(&more, signature, token) == VERDICT_SIGNATURE);
    for (unsigned bit = 0; bit < COMMAND_SIGNATURE_BYTES * 8; bit += 37) {
        signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_true(hand_over(&therapy, signature, token) == VERDICT_SIGNATURE);
        signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_true(activate(token) == VERDICT_UNSIGNED_LIMITS);
    assert_int_equal(bench_events(&stand, EVENT_LIMITS_SIGNED, NULL), 0);
}

/* Signed, then exchanged: the signature stays with the bytes that it was given for. */
static void another_staging_forgets_the_signature(void **state)
{
    (void)state;
    uint8_t signature[COMMAND_SIGNATURE_BYTES], token[TOKEN_BYTES];
    start();
    struct therapy therapy = less(), more = less();
    more.limits.drug[0].window[WINDOW_DAY].fg *= 2;
    sign(&formulary, &therapy, stand.unit.serial, signature);
    assert_true(hand_over(&therapy, signature, token) == 0);
    stand_stage(&stand, &more, token);
    assert_true(activate(token) == VERDICT_UNSIGNED_LIMITS);
    /* Nor does a signature come too late: with nothing staged, or after a start. */
    stand_reset(&stand);
    struct command command = { .kind = COMMAND_SIGN_LIMITS };
    memcpy(command.signature, signature, sizeof command.signature);
    assert_true(stand_tell(&stand, ROLE_CLINICIAN, command).reasons == VERDICT_NOTHING_STAGED);
}

static void a_pump_without_a_key_knows_no_signature(void **state)
{
    (void)state;
    uint8_t signature[COMMAND_SIGNATURE_BYTES], token[TOKEN_BYTES];
    start();
    memset(stand.unit.formulary_key, 0, sizeof stand.unit.formulary_key);
    stand_reset(&stand);
    struct therapy therapy = less();
    sign(&formulary, &therapy, stand.unit.serial, signature);
    assert_true(hand_over(&therapy, signature, token) == VERDICT_SIGNATURE);
    assert_true(activate(token) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unsigned_limits_do_not_come_into_force),
        cmocka_unit_test(signed_limits_come_into_force_once),
        cmocka_unit_test(the_same_limits_bear_the_same_signature),
        cmocka_unit_test(signatures_of_anything_else_do_not_hold),
        cmocka_unit_test(another_staging_forgets_the_signature),
        cmocka_unit_test(a_pump_without_a_key_knows_no_signature),
    };
    if (sodium_init() < 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
