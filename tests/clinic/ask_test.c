/* ask_test.c - one request, one reply, matched by number, in a session that goes on for long. link/SPEC.md §6, §7. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/clinic/fake_pump.h"

#include "link/permit.h"

static cisterna_Request status_request(void)
{
    return (cisterna_Request){ .which_ask = cisterna_Request_interrogate_tag, .ask.interrogate.topic = QUERY_STATUS };
}

static void requests_are_numbered_and_keys_move_on(void **state)
{
    (void)state;
    struct fake_pump pump;
    fake_start(&pump, 1);
    struct air air = fake_air(&pump);
    struct programmer programmer = fake_open(&pump, &air, ROLE_READER);
    uint32_t before = programmer.request;
    for (uint32_t i = 1; i <= 300; i++) { /* more than four rekeys */
        cisterna_Request request = status_request();
        cisterna_Reply reply;
        pump.head = 5000 + i;
        assert_int_equal(programmer_ask(&programmer, &air, &request, &reply), CONTACT_OK);
        assert_int_equal(request.request, before + i);
        assert_int_equal(reply.request, before + i);
        assert_true(reply.tell.status.ledger_head == 5000 + i);
    }
    assert_true(programmer.session.out.rekeys >= 4);
}

/* A reply to an earlier request, held up on the way, is not taken for the one that is waited for. */
static void a_late_reply_answers_nothing(void **state)
{
    (void)state;
    struct fake_pump pump;
    fake_start(&pump, 2);
    struct air air = fake_air(&pump);
    struct programmer programmer = fake_open(&pump, &air, ROLE_READER);
    for (unsigned i = 0; i < 60; i++) {
        cisterna_Request request = status_request();
        cisterna_Reply reply;
        pump.head = 7000 + i;
        fake_plan(&pump, WAY_TO_PROGRAMMER, 0, 0, i % 2 == 0 ? FATE_LATE : FATE_TWICE);
        assert_int_equal(programmer_ask(&programmer, &air, &request, &reply), CONTACT_OK);
        assert_true(reply.tell.status.ledger_head == 7000 + i);
    }
}

/* Each repeat is sealed anew: no frame of a session is the same as another. */
static void repeats_are_sealed_anew(void **state)
{
    (void)state;
    struct fake_pump pump;
    fake_start(&pump, 3);
    struct air air = fake_air(&pump);
    struct programmer programmer = fake_open(&pump, &air, ROLE_READER);
    unsigned first = pump.ways[WAY_TO_PUMP].frames;
    cisterna_Request request = status_request();
    cisterna_Reply reply;
    pump.deaf = true;
    assert_int_equal(programmer_ask(&programmer, &air, &request, &reply), CONTACT_SILENCE);
    unsigned count = pump.ways[WAY_TO_PUMP].frames - first;
    assert_int_equal(count, programmer.patience.tries);
    for (unsigned i = 0; i < count; i++)
        for (unsigned j = i + 1; j < count; j++)
            assert_memory_not_equal(pump.heard[first + i].bytes, pump.heard[first + j].bytes, pump.heard[first].size);
    pump.deaf = false;
    assert_int_equal(programmer_ask(&programmer, &air, &request, &reply), CONTACT_OK);
}

static void what_is_refused_is_told(void **state)
{
    (void)state;
    struct fake_pump pump;
    fake_start(&pump, 4);
    struct air air = fake_air(&pump);
    struct programmer programmer = fake_open(&pump, &air, ROLE_PATIENT);
    cisterna_Request request = status_request();
    cisterna_Reply reply;
    pump.refusal = 1;
    assert_int_equal(programmer_ask(&programmer, &air, &request, &reply), CONTACT_REFUSED);
    assert_int_equal(reply.refusal, 1);
    pump.refusal = 0;
    pump.wrong_tell = true;
    assert_int_equal(programmer_ask(&programmer, &air, &request, &reply), CONTACT_VERSION);
}

/* A command goes its own way, where it is written down first; and what is no request is not sent. */
static void what_is_no_query_is_not_sent(void **state)
{
    (void)state;
    struct fake_pump pump;
    fake_start(&pump, 5);
    struct air air = fake_air(&pump);
    struct programmer programmer = fake_open(&pump, &air, ROLE_CLINICIAN);
    unsigned sent = pump.ways[WAY_TO_PUMP].frames;
    cisterna_Request request = { .which_ask = cisterna_Request_command_tag };
    cisterna_Reply reply;
    request.ask.command.which_wish = cisterna_Command_stop_tag;
    request.ask.command.command_id = 1;
    assert_int_equal(programmer_ask(&programmer, &air, &request, &reply), CONTACT_MALFORMED);
    request.which_ask = 0;
    assert_int_equal(programmer_ask(&programmer, &air, &request, &reply), CONTACT_MALFORMED);
    request = status_request();
    request.ask.interrogate.topic = 10;
    assert_int_equal(programmer_ask(&programmer, &air, &request, &reply), CONTACT_MALFORMED);
    assert_int_equal(pump.ways[WAY_TO_PUMP].frames, sent);
    programmer_close(&programmer, &air);
    sent = pump.ways[WAY_TO_PUMP].frames;
    request = status_request();
    assert_int_equal(programmer_ask(&programmer, &air, &request, &reply), CONTACT_SILENCE);
    assert_int_equal(pump.ways[WAY_TO_PUMP].frames, sent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_numbered_and_keys_move_on),
        cmocka_unit_test(a_late_reply_answers_nothing),
        cmocka_unit_test(repeats_are_sealed_anew),
        cmocka_unit_test(what_is_refused_is_told),
        cmocka_unit_test(what_is_no_query_is_not_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
