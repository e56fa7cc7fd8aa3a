/* stage_test.c - a therapy goes to the pump in chunks and is read back as it stands there. REQ-LINK-05, -09, HZ-17. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/clinic/fake_pump.h"

#include <limits.h>
#include <string.h>

#include "link/hash.h"
#include "tests/core/sample.h"

struct case_of {
    struct fake_pump pump;
    struct air air;
    struct programmer programmer;
    struct therapy therapy;
    uint8_t bytes[THERAPY_BYTES_MAX], token[TOKEN_BYTES];
    size_t size;
    struct receipt receipt;
    enum contact contact;
};

/* A therapy of several chunks. */
static void begin(struct case_of *at, uint64_t seed)
{
    fake_start(&at->pump, seed);
    at->air = fake_air(&at->pump);
    at->programmer = fake_open(&at->pump, &at->air, ROLE_CLINICIAN);
    do {
        at->therapy = sample_therapy(&seed);
        assert_int_equal(therapy_encode(&at->therapy, at->bytes, sizeof at->bytes, &at->size), RESULT_OK);
    } while (at->size <= 2 * STAGE_CHUNK_MAX);
    memset(at->token, 0, sizeof at->token);
}

static enum told stage(struct case_of *at)
{
    return programmer_stage(&at->programmer, &at->air, &at->therapy, at->token, &at->receipt, &at->contact);
}

static void what_was_sent_stands_there(void **state)
{
    (void)state;
    struct case_of at;
    uint8_t hash[HASH_BYTES], read[THERAPY_BYTES_MAX];
    size_t size = 0;
    begin(&at, 1);
    assert_int_equal(stage(&at), TOLD_APPLIED);
    assert_int_equal(at.contact, CONTACT_OK);
    assert_int_equal(at.receipt.outcome, OUTCOME_APPLIED);
    assert_int_equal(at.pump.staged_size, at.size);
    assert_memory_equal(at.pump.staged, at.bytes, at.size);
    hash_of(at.bytes, at.size, hash);
    assert_memory_equal(at.token, hash, HASH_BYTES);
    assert_int_equal(programmer_read_therapy(&at.programmer, &at.air, true, read, &size), CONTACT_OK);
    assert_int_equal(size, at.size);
    assert_memory_equal(read, at.bytes, size);
    at.pump.staged_size = 0;
    assert_int_equal(programmer_read_therapy(&at.programmer, &at.air, true, read, &size), CONTACT_OK);
    assert_int_equal(size, 0);
}

static void one_bad_frame_anywhere_does_no_harm(void **state)
{
    (void)state;
    for (enum way way = WAY_TO_PUMP; way < WAYS; way++) {
        for (enum fate fate = FATE_LOSE; fate <= FATE_GARBLE; fate++) {
            for (unsigned position = 0; position < 8; position++) {
                struct case_of at;
                begin(&at, 300 + position);
                fake_plan(&at.pump, way, position, position, fate);
                assert_int_equal(stage(&at), TOLD_APPLIED);
                assert_memory_equal(at.pump.staged, at.bytes, at.size);
            }
        }
    }
}

static void what_stands_there_is_compared(void **state)
{
    (void)state;
    struct case_of at;
    begin(&at, 2);
    at.pump.spoil_staged = true;
    assert_int_equal(stage(&at), TOLD_NOT_APPLIED);
    assert_int_equal(at.contact, CONTACT_OK);
    assert_int_equal(at.receipt.outcome, 0);
    for (unsigned i = 0; i < TOKEN_BYTES; i++)
        assert_int_equal(at.token[i], 0);
    at.pump.spoil_staged = false;
    at.pump.wrong_offset = true;
    assert_int_equal(stage(&at), TOLD_NOT_APPLIED);
    assert_int_equal(at.contact, CONTACT_VERSION);
}

static void a_chunk_refused_is_told(void **state)
{
    (void)state;
    struct case_of at;
    begin(&at, 3);
    at.pump.reasons = VERDICT_THERAPY_FORM;
    assert_int_equal(stage(&at), TOLD_NOT_APPLIED);
    assert_int_equal(at.receipt.outcome, OUTCOME_NOT_APPLIED);
    assert_true(at.receipt.reasons == VERDICT_THERAPY_FORM);
    assert_int_equal(at.pump.commands_heard, 1);
}

/* Staging changes nothing that flows and is read back: an unknown chunk holds nothing up, and staging begins anew. */
static void an_unknown_chunk_leaves_nothing_pending(void **state)
{
    (void)state;
    struct case_of at;
    begin(&at, 4);
    fake_plan(&at.pump, WAY_TO_PROGRAMMER, 1, UINT_MAX, FATE_LOSE);
    assert_int_equal(stage(&at), TOLD_UNKNOWN);
    assert_int_equal(at.contact, CONTACT_SILENCE);
    assert_int_equal(at.programmer.key.pending.id, 0);
    at.pump.plan = plan_pass;
    assert_int_equal(stage(&at), TOLD_APPLIED);
    assert_memory_equal(at.pump.staged, at.bytes, at.size);
}

static void what_cannot_be_read_back_is_not_staged(void **state)
{
    (void)state;
    struct case_of at;
    begin(&at, 5);
    unsigned chunks = (unsigned)((at.size + STAGE_CHUNK_MAX - 1) / STAGE_CHUNK_MAX);
    fake_plan(&at.pump, WAY_TO_PROGRAMMER, chunks + 1, UINT_MAX, FATE_LOSE);
    assert_int_equal(stage(&at), TOLD_NOT_APPLIED);
    assert_int_equal(at.contact, CONTACT_SILENCE);
    assert_int_equal(at.receipt.outcome, 0);
}

static void what_is_no_therapy_is_not_sent(void **state)
{
    (void)state;
    struct case_of at;
    begin(&at, 6);
    unsigned sent = at.pump.ways[WAY_TO_PUMP].frames;
    at.therapy.model = 0;
    assert_int_equal(stage(&at), TOLD_NOT_APPLIED);
    assert_int_equal(at.contact, CONTACT_MALFORMED);
    assert_int_equal(at.pump.ways[WAY_TO_PUMP].frames, sent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_sent_stands_there),
        cmocka_unit_test(one_bad_frame_anywhere_does_no_harm),
        cmocka_unit_test(what_stands_there_is_compared),
        cmocka_unit_test(a_chunk_refused_is_told),
        cmocka_unit_test(an_unknown_chunk_leaves_nothing_pending),
        cmocka_unit_test(what_cannot_be_read_back_is_not_staged),
        cmocka_unit_test(what_is_no_therapy_is_not_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
