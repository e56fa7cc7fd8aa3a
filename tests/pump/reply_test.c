/* reply_test.c - what a session is told: therapy bytes as stored, the log in pages, receipts, and refusals. REQ-LINK-02, -03,
 * -08, -09, REQ-SECU-12. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/ether.h"

#include "core/therapy.h"
#include "link/hash.h"
#include "link/message.h"
#include "pump/logrecord.h"
#include "pump/reply.h"

static struct programmer doctor;

static void start(void)
{
    ether_on();
    ether_pair(&doctor, ROLE_CLINICIAN, "doctor");
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
}

static void ask(cisterna_Request *request, cisterna_Reply *reply)
{
    assert_int_equal(programmer_ask(&doctor, &AIR, request, reply), CONTACT_OK);
}

static void the_therapy_in_force_reads_back_as_it_was_sent(void **state)
{
    (void)state;
    uint8_t sent[THERAPY_BYTES_MAX], back[THERAPY_BYTES_MAX];
    size_t sent_size = 0, size = 0;
    start();
    struct therapy therapy = bench_therapy(&stand);
    assert_int_equal(therapy_encode(&therapy, sent, sizeof sent, &sent_size), RESULT_OK);
    assert_int_equal(programmer_read_therapy(&doctor, &AIR, false, back, &size), CONTACT_OK);
    assert_int_equal(size, sent_size);
    assert_memory_equal(back, sent, size);
    assert_int_equal(programmer_read_therapy(&doctor, &AIR, true, back, &size), CONTACT_OK);
    assert_int_equal(size, 0);
}

/* What is read back comes from the staging slot: a bit that fell over there shows. */
static void the_echo_proves_the_store(void **state)
{
    (void)state;
    uint8_t back[THERAPY_BYTES_MAX], token[TOKEN_BYTES];
    size_t size = 0;
    struct receipt receipt;
    enum contact contact;
    start();
    struct therapy therapy = bench_therapy(&stand);
    therapy.program.base.nl_day /= 2;
    assert_int_equal(programmer_stage(&doctor, &AIR, &therapy, token, &receipt, &contact), TOLD_APPLIED);
    stand.pump.staging.bytes[40] ^= 1;
    assert_int_equal(programmer_read_therapy(&doctor, &AIR, true, back, &size), CONTACT_OK);
    assert_int_equal(back[40], stand.pump.staging.bytes[40]);
    struct command activate = { .kind = COMMAND_ACTIVATE };
    memcpy(activate.token, token, sizeof token);
    assert_int_equal(programmer_command(&doctor, &AIR, &activate, &receipt, &contact), TOLD_NOT_APPLIED);
    assert_int_equal(receipt.reasons, VERDICT_TOKEN);
    assert_int_equal(stand.pump.base.nl_day, BENCH_RATE);
}

static void a_therapy_is_staged_and_activated(void **state)
{
    (void)state;
    uint8_t token[TOKEN_BYTES];
    struct receipt receipt;
    enum contact contact;
    start();
    struct therapy therapy = bench_therapy(&stand);
    therapy.program.base.nl_day = 600000;
    assert_int_equal(programmer_stage(&doctor, &AIR, &therapy, token, &receipt, &contact), TOLD_APPLIED);
    assert_int_equal(stand.pump.base.nl_day, BENCH_RATE); /* the old one runs until the new one is whole and wanted */
    struct command activate = { .kind = COMMAND_ACTIVATE };
    memcpy(activate.token, token, sizeof token);
    assert_int_equal(programmer_command(&doctor, &AIR, &activate, &receipt, &contact), TOLD_APPLIED);
    assert_int_equal(stand.pump.base.nl_day, 600000);
    assert_int_equal(receipt.head, stand.pump.now.head);
}

/* All events in order, each once, and the chain at the end as the pump's own ring has it. */
static void the_log_comes_in_pages(void **state)
{
    (void)state;
    cisterna_Request request = { .which_ask = cisterna_Request_read_log_tag, .ask.read_log = { .ring = LOG_EVENTS_RING } };
    cisterna_Reply reply;
    start();
    for (unsigned i = 0; i < 30; i++) {
        stand_run(&stand, stand.now.ms + 31 * MINUTE_MS);
        (void)bench_tell(&stand, COMMAND_PATIENT_BOLUS);
    }
    uint64_t last = pump_log_last(&stand.pump), expected = 1;
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    request.ask.read_log.from_sequence = 1;
    for (unsigned pages = 0; pages < 1000 && request.ask.read_log.from_sequence != 0; pages++) {
        ask(&request, &reply);
        assert_int_equal(reply.which_tell, cisterna_Reply_log_tag);
        for (unsigned i = 0; i < reply.tell.log.item_count; i++) {
            const cisterna_LogItem *item = &reply.tell.log.item[i];
            struct event event;
            assert_int_equal(item->what, 1);
            assert_int_equal(item->from_sequence, expected++);
            if (pump_log_read(&stand.pump, item->from_sequence, &event)) {
                assert_int_equal(item->code, event.code);
                assert_int_equal(item->at_ms, event.at.ms);
                for (unsigned f = 0; f < 4; f++)
                    assert_int_equal(f < item->field_count ? item->field[f] : 0, event.field[f]);
            }
        }
        request.ask.read_log.from_sequence = reply.tell.log.next_sequence;
    }
    assert_true(expected > last);
    struct log_head head;
    log_head(&stand.pump.log, LOG_EVENTS_RING, &head);
    assert_int_equal(reply.tell.log.chain.size, HASH_BYTES);
    assert_memory_equal(reply.tell.log.chain.bytes, head.chain, HASH_BYTES);
}

/* Somebody changed a record in flash: the reader says that the chain does not hold. */
static void a_changed_record_shows(void **state)
{
    (void)state;
    cisterna_Request request = { .which_ask = cisterna_Request_read_log_tag };
    cisterna_Reply reply;
    unsigned odd = 0;
    start();
    struct region_span span = region_span(REGION_EVENTS);
    stand.twin.flash.byte[(size_t)span.first * FLASH_SECTOR_BYTES + LOG_HEADER_BYTES + 20] ^= 4;
    request.ask.read_log = (cisterna_ReadLog){ LOG_EVENTS_RING, 1 };
    for (unsigned pages = 0; pages < 1000 && request.ask.read_log.from_sequence != 0; pages++) {
        ask(&request, &reply);
        for (unsigned i = 0; i < reply.tell.log.item_count; i++)
            odd += reply.tell.log.item[i].what != 1;
        request.ask.read_log.from_sequence = reply.tell.log.next_sequence;
    }
    assert_true(odd > 0);
}

static void a_receipt_is_told_to_who_earned_it(void **state)
{
    (void)state;
    struct command silence = { .kind = COMMAND_SILENCE, .minutes = 5 };
    struct receipt receipt;
    enum contact contact;
    cisterna_Request request = { .which_ask = cisterna_Request_read_receipt_tag };
    cisterna_Reply reply;
    start();
    assert_int_equal(programmer_command(&doctor, &AIR, &silence, &receipt, &contact), TOLD_APPLIED);
    request.ask.read_receipt.command_id = receipt.id;
    ask(&request, &reply);
    assert_int_equal(reply.tell.receipt.command, COMMAND_SILENCE);
    assert_int_equal(reply.tell.receipt.outcome, OUTCOME_APPLIED);
    request.ask.read_receipt.command_id++;
    ask(&request, &reply);
    assert_int_equal(reply.tell.receipt.command, 0);
    assert_int_equal(programmer_command(&doctor, &AIR, &silence, &receipt, &contact), TOLD_APPLIED);
    request.ask.read_receipt.command_id = 1; /* older than the newest: that its receipt is gone proves nothing */
    ask(&request, &reply);
    assert_int_equal(reply.tell.receipt.command, 0);
    assert_int_equal(reply.tell.receipt.reasons, VERDICT_REUSED_ID);
    struct programmer other;
    ether_pair(&other, ROLE_READER, "other");
    assert_int_equal(programmer_open(&other, &AIR), CONTACT_OK);
    request.ask.read_receipt.command_id = receipt.id;
    assert_int_equal(programmer_ask(&other, &AIR, &request, &reply), CONTACT_OK);
    assert_int_equal(reply.tell.receipt.command, 0);
}

static void a_stale_head_is_refused(void **state)
{
    (void)state;
    struct command bolus = { .kind = COMMAND_CLINICIAN_BOLUS, .volume = { 5000 }, .rate = { 14400000 } };
    struct receipt receipt;
    enum contact contact;
    start();
    doctor.head ^= 1;
    assert_int_equal(programmer_command(&doctor, &AIR, &bolus, &receipt, &contact), TOLD_NOT_APPLIED);
    assert_int_equal(receipt.reasons, VERDICT_STALE_HEAD);
}

/* Bytes that are no request get no answer; a request without a question, or about what does not exist, a refusal. */
static void what_cannot_be_read_gets_nothing(void **state)
{
    (void)state;
    uint8_t bytes[PACKET_PLAIN_MAX] = { 0xFF, 0xFF, 0xFF, 0xFF };
    bool last = false;
    cisterna_Reply reply;
    start();
    struct board board = stand_board(&stand);
    struct sender sender = { ROLE_CLINICIAN, 1 };
    assert_int_equal(reply_make(&stand.pump, &board, sender, bytes, 4, stand.now, &last), 0);
    cisterna_Request request = { .request = 9 };
    size_t size = message_write_request(&request, bytes);
    size = reply_make(&stand.pump, &board, sender, bytes, size, stand.now, &last);
    assert_true(message_read_reply(bytes, size, &reply));
    assert_int_equal(reply.request, 9);
    assert_int_equal(reply.refusal, REFUSAL_NOT_UNDERSTOOD);
    request.which_ask = cisterna_Request_interrogate_tag;
    for (uint32_t topic = 0; topic < 400; topic += topic < 20 ? 1 : 118) {
        request.ask.interrogate.topic = topic;
        size = message_write_request(&request, bytes);
        size = reply_make(&stand.pump, &board, sender, bytes, size, stand.now, &last);
        assert_true(message_read_reply(bytes, size, &reply));
        assert_int_equal(reply.refusal, topic >= 1 && topic <= 9 ? REFUSAL_NONE : REFUSAL_NOT_FOUND);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_therapy_in_force_reads_back_as_it_was_sent),
        cmocka_unit_test(the_echo_proves_the_store),
        cmocka_unit_test(a_therapy_is_staged_and_activated),
        cmocka_unit_test(the_log_comes_in_pages),
        cmocka_unit_test(a_changed_record_shows),
        cmocka_unit_test(a_receipt_is_told_to_who_earned_it),
        cmocka_unit_test(a_stale_head_is_refused),
        cmocka_unit_test(what_cannot_be_read_gets_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
