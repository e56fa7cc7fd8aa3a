/* activation_test.c - staged whole, read back, activated by its token; the old program runs until then. Promise 2. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/bench.h"

#include "link/hash.h"

static struct stand stand;

static struct therapy twice_as_fast(void)
{
    struct therapy therapy = bench_therapy(&stand);
    therapy.program.base.nl_day = 2 * BENCH_RATE;
    return therapy;
}

static struct receipt chunk(const uint8_t *bytes, size_t total, size_t offset, size_t size)
{
    struct command command = { .kind = COMMAND_STAGE };
    command.stage.total = (uint16_t)total;
    command.stage.offset = (uint16_t)offset;
    command.stage.size = (uint8_t)size;
    memcpy(command.stage.bytes, bytes + offset, size);
    return stand_tell(&stand, ROLE_CLINICIAN, command);
}

static void chunks_in_order_and_once(void **state)
{
    (void)state;
    bench_running(&stand);
    struct therapy therapy = twice_as_fast();
    uint8_t bytes[THERAPY_BYTES_MAX], token[TOKEN_BYTES];
    size_t size = 0;
    assert_int_equal(therapy_encode(&therapy, bytes, sizeof bytes, &size), RESULT_OK);
    assert_int_equal(chunk(bytes, size, 0, 50).reasons, 0);
    assert_int_equal(chunk(bytes, size, 60, 50).reasons, VERDICT_NOTHING_STAGED); /* a gap */
    assert_int_equal(chunk(bytes, size, 50, 30).reasons, 0);
    assert_int_equal(chunk(bytes, size, 50, 30).reasons, 0); /* its answer was lost, it comes again */
    assert_int_equal(chunk(bytes, size + 1, 80, 10).reasons, VERDICT_NOTHING_STAGED);
    assert_int_equal(stand_status(&stand).staged_bytes, 0);
    assert_int_equal(chunk(bytes, size, 80, size - 80).reasons, 0);
    struct pump_status status = stand_status(&stand);
    hash_of(bytes, size, token);
    assert_int_equal(status.staged_bytes, size);
    assert_memory_equal(status.staged_token, token, TOKEN_BYTES);
    assert_int_equal(status.base.nl_day, BENCH_RATE);
}

static void bytes_that_are_no_therapy_are_not_staged(void **state)
{
    (void)state;
    bench_running(&stand);
    uint8_t bytes[100] = { 1, 2, 3 };
    assert_int_equal(chunk(bytes, sizeof bytes, 0, sizeof bytes).reasons, VERDICT_THERAPY_FORM);
    assert_int_equal(stand_status(&stand).staged_bytes, 0);
}

static void only_the_token_of_the_staged_bytes_activates(void **state)
{
    (void)state;
    bench_running(&stand);
    struct command command = { .kind = COMMAND_ACTIVATE };
    assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, command).reasons, VERDICT_NOTHING_STAGED);
    struct therapy therapy = twice_as_fast();
    stand_stage(&stand, &therapy, command.token);
    command.token[31] ^= 1;
    assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, command).reasons, VERDICT_TOKEN);
    assert_int_equal(stand_status(&stand).base.nl_day, BENCH_RATE);
    command.token[31] ^= 1;
    assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, command).reasons, 0);
    assert_int_equal(stand_status(&stand).base.nl_day, 2 * BENCH_RATE);
    assert_memory_equal(stand_status(&stand).token, command.token, TOKEN_BYTES);
    assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, command).reasons, VERDICT_NOTHING_STAGED); /* once */
}

static void a_reset_forgets_what_was_staged_and_the_old_program_goes_on(void **state)
{
    (void)state;
    bench_running(&stand);
    struct command command = { .kind = COMMAND_ACTIVATE };
    struct therapy therapy = twice_as_fast();
    stand_stage(&stand, &therapy, command.token);
    stand_reset(&stand);
    assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, command).reasons, VERDICT_NOTHING_STAGED);
    assert_int_equal(stand_status(&stand).base.nl_day, BENCH_RATE);
    uint8_t bytes[THERAPY_BYTES_MAX];
    struct therapy kept;
    struct board board = stand_board(&stand);
    assert_int_equal(therapy_decode(bytes, pump_therapy(&board, bytes), &kept), RESULT_OK);
    assert_int_equal(kept.program.base.nl_day, BENCH_RATE);
}

static void a_therapy_for_another_pump_is_refused(void **state)
{
    (void)state;
    bench_running(&stand);
    struct therapy therapy = twice_as_fast();
    therapy.serial[0] ^= 1;
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, VERDICT_MODEL_MISMATCH);
    therapy = twice_as_fast();
    therapy.calibration.ppm = 1;
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, VERDICT_MODEL_MISMATCH);
    therapy = twice_as_fast();
    therapy.model = MODEL_C40;
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, VERDICT_MODEL_MISMATCH);
    therapy = twice_as_fast();
    therapy.mixture.component[0].conc.ng_ml++;
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, VERDICT_CONTENTS);
    assert_int_equal(stand_status(&stand).base.nl_day, BENCH_RATE);
}

static void a_course_under_way_is_not_cut_short(void **state)
{
    (void)state;
    bench_running(&stand);
    assert_int_equal(bench_bolus(&stand, 50000, 14400000).reasons, 0);
    struct therapy therapy = twice_as_fast();
    struct receipt receipt = stand_activate(&stand, &therapy, false);
    assert_int_equal(receipt.reasons, VERDICT_COURSE_RUNNING);
    stand_run(&stand, receipt.earliest.ms);
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, 0);
}

static void the_fraction_in_hand_survives_the_change(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, 9000); /* half a quantum */
    struct therapy therapy = twice_as_fast();
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, 0);
    stand_run(&stand, 9000 + 4499);
    assert_int_equal(stand_status(&stand).commanded_quanta, 0);
    stand_run(&stand, 9000 + 4500);
    assert_int_equal(stand_status(&stand).commanded_quanta, 1);
}

static void what_was_staged_is_forgotten_after_half_an_hour(void **state)
{
    (void)state;
    bench_running(&stand);
    struct therapy therapy = twice_as_fast();
    struct command command = { .kind = COMMAND_ACTIVATE };
    stand_stage(&stand, &therapy, command.token);
    stand_run(&stand, 30 * MINUTE_MS - 1);
    assert_true(stand_status(&stand).staged_bytes > 0);
    stand_run(&stand, 30 * MINUTE_MS);
    assert_int_equal(stand_status(&stand).staged_bytes, 0);
    assert_int_equal(bench_events(&stand, EVENT_STAGING_EXPIRED, NULL), 1);
    assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, command).reasons, VERDICT_NOTHING_STAGED);
    assert_int_equal(stand_status(&stand).base.nl_day, BENCH_RATE);
    stand_stage(&stand, &therapy, command.token); /* and may be staged again */
    stand_run(&stand, 60 * MINUTE_MS - 1);
    assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, command).reasons, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_in_order_and_once),
        cmocka_unit_test(bytes_that_are_no_therapy_are_not_staged),
        cmocka_unit_test(only_the_token_of_the_staged_bytes_activates),
        cmocka_unit_test(a_reset_forgets_what_was_staged_and_the_old_program_goes_on),
        cmocka_unit_test(a_therapy_for_another_pump_is_refused),
        cmocka_unit_test(a_course_under_way_is_not_cut_short),
        cmocka_unit_test(the_fraction_in_hand_survives_the_change),
        cmocka_unit_test(what_was_staged_is_forgotten_after_half_an_hour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
