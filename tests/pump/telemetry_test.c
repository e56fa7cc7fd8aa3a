/* telemetry_test.c - sessions with the pump, over a programmer that is written apart from it. REQ-LINK-01, -07, REQ-SECU-01,
 * -03, -04, -06, HZ-20, HZ-42. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/ether.h"

static struct programmer doctor, patient;

static void start(void)
{
    ether_on();
    ether_pair(&doctor, ROLE_CLINICIAN, "doctor");
    ether_pair(&patient, ROLE_PATIENT, "patient");
}

static void a_session_opens_asks_and_closes(void **state)
{
    (void)state;
    cisterna_Status status;
    start();
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    assert_int_equal(doctor.role, ROLE_CLINICIAN);
    assert_int_equal(programmer_status(&doctor, &AIR, &status), CONTACT_OK);
    assert_int_equal(status.mode, MODE_RUNNING);
    assert_int_equal(status.base_nl_day, BENCH_RATE);
    assert_int_equal(status.ledger_head, stand.pump.now.head);
    programmer_close(&doctor, &AIR);
    assert_int_equal(stand.pump.line[LINE_CLINIC].session.id, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_opens_asks_and_closes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
