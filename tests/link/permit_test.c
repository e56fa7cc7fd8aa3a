/* permit_test.c - who may ask what in which mode, as a table written by hand: rows of modes, columns of roles. What the
 * pump makes of it is compared in hazard.matrix_attack. REQ-SECU-01, -02, REQ-LINK-12. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "link/permit.h"

enum { COMMANDS = COMMAND_UPDATE_CONFIRM, MODES = MODE_EMPTY };

/* One string a mode (new, running, minimum, stopped, safe, empty), one character a command in the order of their codes:
 * 1 stage activate stop, 4 minimum resume, 6 patient_bolus clinician_bolus, 8 cancel refill clock, 11 silence clear mri mri,
 * 15 unpair sign, 17 begin chunk seal apply, 21 confirm. */
static const char *const CLINICIAN[MODES] = {
    "yyynnnnyyyyyyyyynnnny", "yyyyyyyyyyyyyyyynnnny", "yyyyynnyyyyyyyyynnnny",
    "yyyyynnyyyyyyyyynnnny", "yyyyynnyyyyyyyyynnnny", "yyynnnnyyyyyyyyynnnny",
};
static const char *const PATIENT[MODES] = {
    "nnnnnnnnnnynnnnnnnnnn", "nnnnnynnnnynnnnnnnnnn", "nnnnnnnnnnynnnnnnnnnn",
    "nnnnnnnnnnynnnnnnnnnn", "nnnnnnnnnnynnnnnnnnnn", "nnnnnnnnnnynnnnnnnnnn",
};
static const char *const SERVICE[MODES] = {
    "nnnnnnnnnnnnnnnnyyyyy", "nnnnnnnnnnnnnnnnyyyyy", "nnnnnnnnnnnnnnnnyyyyy",
    "nnnnnnnnnnnnnnnnyyyyy", "nnnnnnnnnnnnnnnnyyyyy", "nnnnnnnnnnnnnnnnyyyyy",
};

static void commands_cell_by_cell(void **state)
{
    (void)state;
    for (uint8_t mode = 1; mode <= MODES; mode++) {
        for (uint8_t kind = 1; kind <= COMMANDS; kind++) {
            assert_int_equal(permit_command(kind, ROLE_CLINICIAN, mode) == 0, CLINICIAN[mode - 1][kind - 1] == 'y');
            assert_int_equal(permit_command(kind, ROLE_PATIENT, mode) == 0, PATIENT[mode - 1][kind - 1] == 'y');
            assert_int_equal(permit_command(kind, ROLE_SERVICE, mode) == 0, SERVICE[mode - 1][kind - 1] == 'y');
            assert_int_equal(permit_command(kind, ROLE_READER, mode), VERDICT_ROLE);
        }
    }
}

/* Topics in the order of enum query; y for patient, clinician, reader, service. */
static void queries_cell_by_cell(void **state)
{
    (void)state;
    static const char *const may[] = { "yyyy", "yyyy", "yyyy", "nyyy", "yyyy", "yyyy",
                                       "nyny", "nyyn", "nyny", "nyyn", "nyyy", "yyyy" };
    for (uint8_t query = QUERY_STATUS; query <= QUERY_RECEIPT; query++)
        for (uint8_t role = ROLE_PATIENT; role <= ROLE_SERVICE; role++)
            assert_int_equal(permit_query(query, role), may[query - 1][role - 1] == 'y');
    assert_false(permit_query(0, ROLE_CLINICIAN));
    assert_false(permit_query(QUERY_RECEIPT + 1, ROLE_CLINICIAN));
}

static void what_is_unknown_may_do_nothing(void **state)
{
    (void)state;
    assert_int_equal(permit_command(0, ROLE_CLINICIAN, MODE_RUNNING), VERDICT_ROLE);
    assert_int_equal(permit_command(COMMANDS + 1, ROLE_CLINICIAN, MODE_RUNNING), VERDICT_ROLE);
    assert_int_equal(permit_command(COMMAND_STOP, 0, MODE_RUNNING), VERDICT_ROLE);
    assert_int_equal(permit_command(COMMAND_STOP, ROLE_SERVICE + 1, MODE_RUNNING), VERDICT_ROLE);
    assert_int_equal(permit_command(COMMAND_STOP, ROLE_CLINICIAN, 0), VERDICT_MODE);
    assert_int_equal(permit_command(COMMAND_PATIENT_BOLUS, ROLE_PATIENT, MODE_STOPPED), VERDICT_NOT_RUNNING);
    assert_int_equal(permit_command(COMMAND_RESUME, ROLE_CLINICIAN, MODE_NEW), VERDICT_MODE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_cell_by_cell),
        cmocka_unit_test(queries_cell_by_cell),
        cmocka_unit_test(what_is_unknown_may_do_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
