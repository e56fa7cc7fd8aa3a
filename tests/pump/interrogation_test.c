/* interrogation_test.c - every topic tells what the pump knows, and asking changes nothing. REQ-LINK-08. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/ether.h"

#include "core/therapy.h"
#include "link/permit.h"

static struct programmer doctor;

static void start(void)
{
    ether_on();
    ether_pair(&doctor, ROLE_CLINICIAN, "doctor");
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
}

static void ask(uint32_t topic, uint32_t from, cisterna_Reply *reply)
{
    cisterna_Request request = { .which_ask = cisterna_Request_interrogate_tag, .ask.interrogate = { topic, from } };
    assert_int_equal(programmer_ask(&doctor, &AIR, &request, reply), CONTACT_OK);
}

static void status_and_ledger_are_the_pumps_own(void **state)
{
    (void)state;
    cisterna_Reply reply;
    start();
    stand_run(&stand, stand.now.ms + MINUTE_MS);
    ask(QUERY_STATUS, 0, &reply);
    struct pump_status status = stand_status(&stand);
    assert_int_equal(reply.tell.status.mode, status.mode);
    assert_int_equal(reply.tell.status.reservoir_nl, nl_of_fl(status.remaining).nl);
    assert_int_equal(reply.tell.status.therapy_token.size, TOKEN_BYTES);
    assert_memory_equal(reply.tell.status.therapy_token.bytes, status.token, TOKEN_BYTES);
    assert_int_equal(reply.tell.status.staged_token.size, 0);
    assert_int_equal(reply.tell.status.log_last, pump_log_last(&stand.pump));
    ask(QUERY_LEDGER, 0, &reply);
    assert_int_equal(reply.tell.ledger.commanded_quanta, status.commanded_quanta);
    assert_int_equal(reply.tell.ledger.metered_fl, status.metered.fl);
    assert_int_equal(reply.tell.ledger.quantum_fl, status.quantum.fl);
    assert_int_equal(reply.tell.ledger.in_hand_grain, status.in_hand.grain);
}

static void alarms_sensors_energy_and_contents(void **state)
{
    (void)state;
    cisterna_Reply reply;
    start();
    memset(stand.twin.retained, 0, sizeof stand.twin.retained); /* several alarms at once */
    stand_reset(&stand);
    stand_run(&stand, stand.now.ms + HOUR_MS);
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    ask(QUERY_ALARMS, 0, &reply);
    assert_true(reply.tell.alarms.standing >= 1);
    assert_int_equal(reply.tell.alarms.alarm_count, reply.tell.alarms.standing);
    bool memory = false;
    for (unsigned i = 0; i < reply.tell.alarms.alarm_count; i++)
        memory |= reply.tell.alarms.alarm[i].alarm == ALARM_MEMORY_LOST && reply.tell.alarms.alarm[i].latched;
    assert_true(memory);
    ask(QUERY_ALARMS, 1, &reply);
    assert_int_equal(reply.tell.alarms.alarm_count, reply.tell.alarms.standing - 1);
    ask(QUERY_SENSORS, 0, &reply);
    assert_in_range(reply.tell.sensors.temperature_mdeg, 30000, 42000);
    assert_int_equal(reply.tell.sensors.reservoir_nl, -1);
    assert_int_equal(reply.tell.sensors.catheter_pa, INT32_MIN);
    ask(QUERY_ENERGY, 0, &reply);
    assert_int_equal(reply.tell.energy.used_mc, stand.pump.now.energy.used_nc / 1000000);
    assert_false(reply.tell.energy.ended);
    assert_false(reply.tell.energy.replace_reached);
    int64_t to_come_ms = reply.tell.energy.replace_ms - stand.now.ms;
    assert_in_range(to_come_ms, 365 * (int64_t)DAY_MS, 20 * 365 * (int64_t)DAY_MS);
    assert_int_equal(reply.tell.energy.end_ms - reply.tell.energy.replace_ms, ENERGY_NOTICE_DAYS * (int64_t)DAY_MS);
    stand.pump.now.energy.replace_ms = HOUR_MS; /* as if the indicator had come */
    stand.pump.now.energy.end_ms = HOUR_MS + ENERGY_NOTICE_DAYS * (int64_t)DAY_MS;
    ask(QUERY_ENERGY, 0, &reply);
    assert_true(reply.tell.energy.replace_reached);
    assert_int_equal(reply.tell.energy.replace_ms, HOUR_MS);
    ask(QUERY_CONTENTS, 0, &reply);
    assert_true(reply.tell.contents.stretch_count >= 1);
    assert_int_equal(reply.tell.contents.dead_fl, stand.pump.now.contents.dead_fl);
}

static void capability_names_the_unit_and_every_version(void **state)
{
    (void)state;
    cisterna_Reply reply;
    start();
    ask(QUERY_CAPABILITY, 0, &reply);
    const cisterna_Capability *told = &reply.tell.capability;
    assert_int_equal(told->protocol, LINK_VERSION);
    assert_string_equal(told->serial, stand.unit.serial);
    assert_int_equal(told->model, stand.unit.model.code);
    assert_int_equal(told->calibration_ppm, stand.unit.calibration.ppm);
    assert_int_equal(told->rate_min_nl_day, stand.unit.model.rate_min.nl_day);
    assert_int_equal(told->therapy_version, THERAPY_VERSION);
    assert_int_equal(told->commands, (1 << 22) - 2); /* codes 1 to 21 */
    assert_false(told->limits_signed);
}

static void peers_are_listed_in_pages(void **state)
{
    (void)state;
    struct programmer others[PEER_SLOTS - 1];
    cisterna_Reply reply;
    start();
    for (unsigned i = 0; i < PEER_SLOTS - 1; i++) {
        stand_run(&stand, stand.now.ms + HOUR_MS);
        ether_pair(&others[i], ROLE_PATIENT, "a patient's one");
    }
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    ask(QUERY_PEERS, 0, &reply);
    assert_int_equal(reply.tell.peers.peer_count, 6);
    assert_true(reply.tell.peers.peer[0].here);
    assert_string_equal(reply.tell.peers.peer[0].label, "doctor");
    ask(QUERY_PEERS, 6, &reply);
    assert_int_equal(reply.tell.peers.peer_count, 2);
    assert_int_equal(reply.tell.peers.peer[1].slot, 8);
    assert_int_equal(reply.tell.peers.peer[1].role, ROLE_PATIENT);
    assert_false(reply.tell.peers.peer[1].here);
}

static void asking_changes_nothing(void **state)
{
    (void)state;
    cisterna_Reply reply;
    start();
    static struct standing before;
    static uint8_t staging[sizeof stand.pump.staging];
    before = stand.pump.now;
    memcpy(staging, &stand.pump.staging, sizeof staging);
    for (uint32_t topic = QUERY_STATUS; topic <= QUERY_CONTENTS; topic++)
        ask(topic, 0, &reply);
    assert_memory_equal(&stand.pump.now, &before, sizeof before);
    assert_memory_equal(&stand.pump.staging, staging, sizeof staging);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status_and_ledger_are_the_pumps_own),
        cmocka_unit_test(alarms_sensors_energy_and_contents),
        cmocka_unit_test(capability_names_the_unit_and_every_version),
        cmocka_unit_test(peers_are_listed_in_pages),
        cmocka_unit_test(asking_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
