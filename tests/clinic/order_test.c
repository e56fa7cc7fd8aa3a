/* order_test.c - a command is applied, not applied or unknown, and never sent again by itself. link/SPEC.md §7. REQ-LINK-02, -04,
 * HZ-28. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/clinic/fake_pump.h"

#include <limits.h>
#include <string.h>

struct case_of {
    struct fake_pump pump;
    struct air air;
    struct programmer programmer;
    struct receipt receipt;
    enum contact contact;
};

static void begin(struct case_of *at, uint64_t seed)
{
    fake_start(&at->pump, seed);
    at->air = fake_air(&at->pump);
    at->programmer = fake_open(&at->pump, &at->air, ROLE_CLINICIAN);
}

static enum told give(struct case_of *at, uint8_t kind)
{
    struct command command = { .kind = kind, .volume = { 8000 }, .rate = { 1440000 }, .minutes = 10 };
    memset(&at->receipt, 0xEE, sizeof at->receipt);
    return programmer_command(&at->programmer, &at->air, &command, &at->receipt, &at->contact);
}

static void a_command_is_applied_once(void **state)
{
    (void)state;
    struct case_of at;
    begin(&at, 1);
    assert_int_equal(give(&at, COMMAND_CLINICIAN_BOLUS), TOLD_APPLIED); /* states the head told by the status */
    assert_int_equal(at.contact, CONTACT_OK);
    assert_int_equal(at.receipt.outcome, OUTCOME_APPLIED);
    assert_int_equal(at.receipt.kind, COMMAND_CLINICIAN_BOLUS);
    assert_int_equal(fake_done(&at.pump, at.receipt.id), 1);
    assert_true(at.programmer.head == at.pump.head);
    assert_int_equal(at.programmer.key.pending.id, 0);
    assert_int_equal(at.pump.kept.pending.id, 0);
    uint64_t first = at.receipt.id;
    assert_int_equal(give(&at, COMMAND_CLINICIAN_BOLUS), TOLD_APPLIED); /* states the head of the receipt before */
    assert_true(at.receipt.id > first);
    assert_int_equal(give(&at, COMMAND_STOP), TOLD_APPLIED);
    assert_int_equal(at.pump.done_count, 3);
}

static void one_bad_frame_anywhere_does_no_harm(void **state)
{
    (void)state;
    for (enum way way = WAY_TO_PUMP; way < WAYS; way++) {
        for (enum fate fate = FATE_LOSE; fate <= FATE_GARBLE; fate++) {
            for (unsigned position = 0; position < 4; position++) {
                struct case_of at;
                begin(&at, 200 + position);
                fake_plan(&at.pump, way, position, position, fate);
                for (unsigned i = 0; i < 3; i++) {
                    assert_int_equal(give(&at, COMMAND_CLINICIAN_BOLUS), TOLD_APPLIED);
                    assert_int_equal(fake_done(&at.pump, at.receipt.id), 1);
                }
                assert_int_equal(at.pump.done_count, 3);
            }
        }
    }
}

static void reasons_are_told(void **state)
{
    (void)state;
    struct case_of at;
    begin(&at, 2);
    at.pump.reasons = VERDICT_LOCKOUT | VERDICT_DAY_LIMIT;
    assert_int_equal(give(&at, COMMAND_CLINICIAN_BOLUS), TOLD_NOT_APPLIED);
    assert_int_equal(at.contact, CONTACT_OK);
    assert_true(at.receipt.reasons == (VERDICT_LOCKOUT | VERDICT_DAY_LIMIT));
    assert_int_equal(at.receipt.outcome, OUTCOME_NOT_APPLIED);
    assert_int_equal(at.pump.kept.pending.id, 0);
    at.pump.reasons = 0;
    at.pump.head += 5; /* somebody else has been there */
    assert_int_equal(give(&at, COMMAND_RESUME), TOLD_NOT_APPLIED);
    assert_true(at.receipt.reasons == VERDICT_STALE_HEAD);
    assert_int_equal(give(&at, COMMAND_RESUME), TOLD_APPLIED);
}

/* The pump did it, and no receipt came: nothing but queries until a new session has asked. */
static void a_lost_receipt_is_unknown_until_a_new_session_has_asked(void **state)
{
    (void)state;
    struct case_of at;
    begin(&at, 3);
    fake_plan(&at.pump, WAY_TO_PROGRAMMER, 0, UINT_MAX, FATE_LOSE);
    assert_int_equal(give(&at, COMMAND_CLINICIAN_BOLUS), TOLD_UNKNOWN);
    uint64_t id = at.receipt.id;
    assert_int_equal(at.receipt.outcome, 0);
    assert_int_equal(at.receipt.kind, COMMAND_CLINICIAN_BOLUS);
    assert_int_equal(at.contact, CONTACT_SILENCE);
    assert_int_equal(at.pump.commands_heard, at.programmer.patience.tries);
    assert_int_equal(fake_done(&at.pump, id), 1);
    at.pump.plan = plan_pass;
    unsigned sent = at.pump.ways[WAY_TO_PUMP].frames;
    assert_int_equal(give(&at, COMMAND_STOP), TOLD_NOT_APPLIED);
    assert_int_equal(at.contact, CONTACT_PENDING);
    assert_int_equal(at.receipt.outcome, 0);
    assert_int_equal(at.pump.ways[WAY_TO_PUMP].frames, sent);
    cisterna_Status status;
    assert_int_equal(programmer_status(&at.programmer, &at.air, &status), CONTACT_OK);
    assert_int_equal(give(&at, COMMAND_STOP), TOLD_NOT_APPLIED);
    assert_int_equal(at.contact, CONTACT_PENDING);
    assert_true(at.pump.kept.pending.id == id && at.pump.kept.pending.kind == COMMAND_CLINICIAN_BOLUS);
    assert_int_equal(programmer_open(&at.programmer, &at.air), CONTACT_OK);
    assert_true(at.programmer.settled.id == id);
    assert_int_equal(at.programmer.settled.kind, COMMAND_CLINICIAN_BOLUS);
    assert_int_equal(at.programmer.settled.outcome, OUTCOME_APPLIED);
    assert_int_equal(at.pump.kept.pending.id, 0);
    assert_int_equal(give(&at, COMMAND_STOP), TOLD_APPLIED);
    assert_int_equal(fake_done(&at.pump, id), 1);
    assert_int_equal(at.pump.done_count, 2);
    assert_int_equal(programmer_open(&at.programmer, &at.air), CONTACT_OK);
    assert_int_equal(at.programmer.settled.id, 0);
}

/* The pump refused, and the receipt was lost: the reasons are there when it is asked. */
static void a_lost_refusal_is_settled_with_its_reasons(void **state)
{
    (void)state;
    struct case_of at;
    begin(&at, 4);
    at.pump.reasons = VERDICT_LOCKOUT;
    fake_plan(&at.pump, WAY_TO_PROGRAMMER, 0, UINT_MAX, FATE_LOSE);
    assert_int_equal(give(&at, COMMAND_PATIENT_BOLUS), TOLD_UNKNOWN);
    at.pump.plan = plan_pass;
    assert_int_equal(programmer_open(&at.programmer, &at.air), CONTACT_OK);
    assert_int_equal(at.programmer.settled.outcome, OUTCOME_NOT_APPLIED);
    assert_true(at.programmer.settled.reasons == VERDICT_LOCKOUT);
}

/* It never arrived; one of its frames is still under way when the new session has settled it, and does nothing any more. */
static void a_command_never_seen_is_not_applied_for_good(void **state)
{
    (void)state;
    struct case_of at;
    begin(&at, 5);
    fake_plan(&at.pump, WAY_TO_PUMP, 0, UINT_MAX, FATE_LOSE);
    assert_int_equal(give(&at, COMMAND_CLINICIAN_BOLUS), TOLD_UNKNOWN);
    uint64_t id = at.receipt.id;
    struct fake_frame late = at.pump.heard[at.pump.ways[WAY_TO_PUMP].frames - 1];
    at.pump.plan = plan_pass;
    assert_int_equal(programmer_open(&at.programmer, &at.air), CONTACT_OK);
    assert_true(at.programmer.settled.id == id);
    assert_int_equal(at.programmer.settled.outcome, OUTCOME_NOT_APPLIED);
    assert_true(at.programmer.settled.reasons == 0);
    assert_true(at.air.send(at.air.context, late.bytes, late.size));
    assert_int_equal(fake_done(&at.pump, id), 0);
    assert_int_equal(give(&at, COMMAND_STOP), TOLD_APPLIED);
    assert_int_equal(at.pump.done_count, 1);
}

/* The programmer dies while it waits; what was kept is enough to settle it. */
static void a_programmer_that_died_settles_from_what_it_kept(void **state)
{
    (void)state;
    struct case_of at;
    begin(&at, 6);
    fake_plan(&at.pump, WAY_TO_PROGRAMMER, 0, UINT_MAX, FATE_LOSE);
    assert_int_equal(give(&at, COMMAND_CLINICIAN_BOLUS), TOLD_UNKNOWN);
    uint64_t id = at.receipt.id;
    at.pump.plan = plan_pass;
    programmer_start(&at.programmer, &at.pump.kept);
    assert_int_equal(programmer_open(&at.programmer, &at.air), CONTACT_OK);
    assert_true(at.programmer.settled.id == id);
    assert_int_equal(at.programmer.settled.outcome, OUTCOME_APPLIED);
    assert_int_equal(give(&at, COMMAND_STOP), TOLD_APPLIED);
    assert_true(at.receipt.id > id);
}

/* The programmer dies when the outcome is kept and nobody has seen it yet, in the session of the command or in the next: it
 * stands in the key. */
static void an_outcome_that_nobody_saw_is_kept(void **state)
{
    (void)state;
    struct case_of at;
    begin(&at, 15);
    assert_int_equal(at.pump.kept.last.id, 0);
    assert_int_equal(give(&at, COMMAND_CLINICIAN_BOLUS), TOLD_APPLIED);
    struct key kept = at.pump.kept; /* all that is left of a process that ended before it returned */
    assert_int_equal(kept.pending.id, 0);
    assert_true(kept.last.id == at.receipt.id && kept.last.kind == COMMAND_CLINICIAN_BOLUS);
    assert_int_equal(kept.last.outcome, OUTCOME_APPLIED);
    assert_true(kept.last.head == at.receipt.head && kept.last.at.ms == at.receipt.at.ms);
    at.pump.reasons = VERDICT_LOCKOUT;
    fake_plan(&at.pump, WAY_TO_PROGRAMMER, 0, UINT_MAX, FATE_LOSE);
    assert_int_equal(give(&at, COMMAND_PATIENT_BOLUS), TOLD_UNKNOWN);
    uint64_t id = at.receipt.id;
    assert_true(at.pump.kept.last.id == kept.last.id); /* until more is known */
    at.pump.plan = plan_pass;
    programmer_start(&at.programmer, &at.pump.kept);
    assert_int_equal(programmer_open(&at.programmer, &at.air), CONTACT_OK);
    kept = at.pump.kept;
    assert_int_equal(kept.pending.id, 0);
    assert_true(kept.last.id == id && kept.last.kind == COMMAND_PATIENT_BOLUS);
    assert_int_equal(kept.last.outcome, OUTCOME_NOT_APPLIED);
    assert_true(kept.last.reasons == VERDICT_LOCKOUT);
    at.pump.refusal = 1;
    assert_int_equal(give(&at, COMMAND_STOP), TOLD_NOT_APPLIED); /* without a receipt: never carried out */
    assert_true(at.pump.kept.last.id == at.receipt.id && at.pump.kept.last.kind == COMMAND_STOP);
    assert_int_equal(at.pump.kept.last.outcome, OUTCOME_NOT_APPLIED);
    assert_true(at.pump.kept.last.reasons == 0);
}

static void settling_that_fails_leaves_it_pending(void **state)
{
    (void)state;
    struct case_of at;
    begin(&at, 7);
    fake_plan(&at.pump, WAY_TO_PROGRAMMER, 0, UINT_MAX, FATE_LOSE);
    assert_int_equal(give(&at, COMMAND_CLINICIAN_BOLUS), TOLD_UNKNOWN);
    uint64_t id = at.receipt.id;
    fake_plan(&at.pump, WAY_TO_PROGRAMMER, 2, UINT_MAX, FATE_LOSE); /* the receipt again */
    assert_int_equal(programmer_open(&at.programmer, &at.air), CONTACT_SILENCE);
    assert_true(at.programmer.key.pending.id == id);
    assert_int_equal(at.programmer.settled.id, 0);
    at.pump.plan = plan_pass;
    at.pump.keep_fails_from = at.pump.keep_fails_to = at.pump.keeps + 2; /* the counter is kept, the end is not */
    assert_int_equal(programmer_open(&at.programmer, &at.air), CONTACT_KEEP_FAILED);
    assert_true(at.programmer.key.pending.id == id);
    assert_true(at.pump.kept.pending.id == id && at.programmer.key.last.id != id);
    assert_int_equal(give(&at, COMMAND_STOP), TOLD_NOT_APPLIED);
    assert_int_equal(programmer_open(&at.programmer, &at.air), CONTACT_OK);
    assert_true(at.programmer.settled.id == id);
    assert_int_equal(at.programmer.settled.outcome, OUTCOME_APPLIED);
}

static void nothing_is_sent_that_was_not_kept(void **state)
{
    (void)state;
    struct case_of at;
    begin(&at, 8);
    unsigned sent = at.pump.ways[WAY_TO_PUMP].frames;
    uint64_t last = at.programmer.key.command_id;
    at.pump.keep_fails_from = at.pump.keep_fails_to = at.pump.keeps + 1;
    assert_int_equal(give(&at, COMMAND_STOP), TOLD_NOT_APPLIED);
    assert_int_equal(at.contact, CONTACT_KEEP_FAILED);
    assert_int_equal(at.pump.ways[WAY_TO_PUMP].frames, sent);
    assert_true(at.programmer.key.command_id == last && at.programmer.key.pending.id == 0);
    assert_int_equal(give(&at, COMMAND_STOP), TOLD_APPLIED);
}

/* What the pump did stands; the next session settles it once more, and until then nothing else is sent. */
static void an_outcome_that_cannot_be_kept_is_told_all_the_same(void **state)
{
    (void)state;
    struct case_of at;
    begin(&at, 9);
    at.pump.keep_fails_from = at.pump.keep_fails_to = at.pump.keeps + 2;
    assert_int_equal(give(&at, COMMAND_CLINICIAN_BOLUS), TOLD_APPLIED);
    assert_int_equal(at.contact, CONTACT_KEEP_FAILED);
    uint64_t id = at.receipt.id;
    assert_int_equal(give(&at, COMMAND_CLINICIAN_BOLUS), TOLD_NOT_APPLIED);
    assert_int_equal(at.contact, CONTACT_PENDING);
    assert_int_equal(programmer_open(&at.programmer, &at.air), CONTACT_OK);
    assert_true(at.programmer.settled.id == id);
    assert_int_equal(fake_done(&at.pump, id), 1);
    assert_int_equal(at.pump.done_count, 1);
}

static void what_cannot_be_a_command_is_not_sent(void **state)
{
    (void)state;
    struct case_of at;
    begin(&at, 10);
    unsigned sent = at.pump.ways[WAY_TO_PUMP].frames, keeps = at.pump.keeps;
    struct command bad[] = {
        { .kind = COMMAND_CLINICIAN_BOLUS, .volume = { 0 }, .rate = { 1 } },
        { .kind = COMMAND_SILENCE, .minutes = 721 },
        { .kind = COMMAND_UNPAIR, .slot = 9 },
        { .kind = 0 },
        { .kind = COMMAND_UPDATE_CONFIRM + 1 },
        { .kind = COMMAND_REFILL, .refill = { .fill = { .unknown = true } } },
    };
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(programmer_command(&at.programmer, &at.air, &bad[i], &at.receipt, &at.contact), TOLD_NOT_APPLIED);
        assert_int_equal(at.contact, CONTACT_MALFORMED);
        assert_int_equal(at.receipt.outcome, 0);
    }
    assert_int_equal(at.pump.ways[WAY_TO_PUMP].frames, sent);
    assert_int_equal(at.pump.keeps, keeps);
}

static void a_request_refused_is_not_applied(void **state)
{
    (void)state;
    struct case_of at;
    begin(&at, 11);
    at.pump.refusal = 1;
    assert_int_equal(give(&at, COMMAND_STOP), TOLD_NOT_APPLIED);
    assert_int_equal(at.contact, CONTACT_REFUSED);
    assert_int_equal(at.receipt.outcome, 0);
    assert_int_equal(at.pump.kept.pending.id, 0);
    at.pump.refusal = 0;
    assert_int_equal(give(&at, COMMAND_STOP), TOLD_APPLIED);
}

/* An answer that is no receipt of this command tells nothing of it. */
static void another_answer_leaves_it_unknown(void **state)
{
    (void)state;
    struct case_of at;
    begin(&at, 12);
    at.pump.wrong_tell = true;
    assert_int_equal(give(&at, COMMAND_STOP), TOLD_UNKNOWN);
    assert_int_equal(at.contact, CONTACT_VERSION);
    assert_true(at.programmer.key.pending.id == at.receipt.id);
    at.pump.wrong_tell = false;
    assert_int_equal(programmer_open(&at.programmer, &at.air), CONTACT_OK);
    assert_int_equal(at.programmer.settled.outcome, OUTCOME_APPLIED);
    /* The receipt of another command for the one asked for: not believed, and asked again next time. */
    for (unsigned i = 0; i < 2; i++) {
        at.pump.wrong_id = i == 0;
        at.pump.wrong_kind = i == 1;
        assert_int_equal(give(&at, COMMAND_STOP), TOLD_UNKNOWN);
        assert_int_equal(at.contact, CONTACT_VERSION);
        assert_int_equal(programmer_open(&at.programmer, &at.air), CONTACT_VERSION);
        assert_true(at.programmer.key.pending.id != 0);
        at.pump.wrong_id = at.pump.wrong_kind = false;
        assert_int_equal(programmer_open(&at.programmer, &at.air), CONTACT_OK);
        assert_int_equal(at.programmer.settled.outcome, OUTCOME_APPLIED);
    }
}

/* A key from a backup knows neither counters nor ids used since: none of them is used again, so STOP stops. */
static void a_key_from_a_backup_uses_no_id_again(void **state)
{
    (void)state;
    struct case_of at;
    begin(&at, 13);
    struct key backup = at.pump.kept;
    uint64_t highest = 0;
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(programmer_open(&at.programmer, &at.air), CONTACT_OK);
        assert_int_equal(give(&at, COMMAND_STOP), TOLD_APPLIED);
        highest = at.receipt.id;
    }
    programmer_start(&at.programmer, &backup);
    at.programmer.patience = (struct patience){ .wait_ms = 10, .tries = 6 };
    assert_int_equal(programmer_open(&at.programmer, &at.air), CONTACT_OK);
    assert_int_equal(give(&at, COMMAND_STOP), TOLD_APPLIED);
    assert_true(at.receipt.id > highest);
    assert_int_equal(at.pump.done_count, 6);
}

static void without_a_session_nothing_is_sent(void **state)
{
    (void)state;
    struct case_of at;
    begin(&at, 14);
    programmer_close(&at.programmer, &at.air);
    unsigned sent = at.pump.ways[WAY_TO_PUMP].frames;
    assert_int_equal(give(&at, COMMAND_STOP), TOLD_NOT_APPLIED);
    assert_int_equal(at.contact, CONTACT_SILENCE);
    struct key key = fake_key(&at.pump);
    programmer_start(&at.programmer, &key);
    assert_int_equal(give(&at, COMMAND_STOP), TOLD_NOT_APPLIED);
    assert_int_equal(at.contact, CONTACT_NOT_PAIRED);
    assert_int_equal(at.pump.ways[WAY_TO_PUMP].frames, sent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_is_applied_once),
        cmocka_unit_test(one_bad_frame_anywhere_does_no_harm),
        cmocka_unit_test(reasons_are_told),
        cmocka_unit_test(a_lost_receipt_is_unknown_until_a_new_session_has_asked),
        cmocka_unit_test(a_lost_refusal_is_settled_with_its_reasons),
        cmocka_unit_test(a_command_never_seen_is_not_applied_for_good),
        cmocka_unit_test(a_programmer_that_died_settles_from_what_it_kept),
        cmocka_unit_test(an_outcome_that_nobody_saw_is_kept),
        cmocka_unit_test(settling_that_fails_leaves_it_pending),
        cmocka_unit_test(nothing_is_sent_that_was_not_kept),
        cmocka_unit_test(an_outcome_that_cannot_be_kept_is_told_all_the_same),
        cmocka_unit_test(what_cannot_be_a_command_is_not_sent),
        cmocka_unit_test(a_request_refused_is_not_applied),
        cmocka_unit_test(another_answer_leaves_it_unknown),
        cmocka_unit_test(a_key_from_a_backup_uses_no_id_again),
        cmocka_unit_test(without_a_session_nothing_is_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
