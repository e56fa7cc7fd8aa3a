/* settings_test.c - the bytes of the standing facts: what goes in comes out, each member in its place, nothing else accepted, and
 * a record of the version before can still be read. REQ-STOR-10. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "pump/settings.h"
#include "pump/standing.h"
#include "tests/core/sample.h"

static struct standing standing, back;
static uint8_t bytes[SETTINGS_BYTES_MAX];

/* Facts in which every member differs from every other. */
static struct checkpoint facts_make(void)
{
    standing_clear(&standing);
    standing.mode = MODE_STOPPED;
    standing.course = COURSE_BRIDGE;
    standing.has_contents = 1;
    standing.before_empty = MODE_RUNNING;
    standing.bridge_open = 1;
    standing.boots = 4;
    standing.epoch = 2;
    standing.therapy_sequence = 77;
    standing.clock_base_ms = 123456789;
    standing.head = 0xFEDCBA9876543210u;
    standing.course_rate.nl_day = 48000;
    standing.minimum_rate.nl_day = 49000;
    standing.safe_rate.nl_day = 50000;
    standing.safe_cap.nl_day = 51000;
    standing.course_volume_nl = 257000;
    standing.course_commanded = 91;
    standing.course_missed = 3;
    standing.activated_ms = 86400000;
    standing.periodic_next_ms = 96400000;
    standing.stopped_since_ms = 99400000;
    standing.flow_since_ms = 98400000;
    standing.missed_ms = 98500000;
    standing.interrupted_ms = 1234;
    standing.reservoir_nl = 20000000;
    standing.reservoir_metered = 17;
    standing.dropped_grain = 55;
    standing.withheld = 6;
    standing.latched = 0x80000001u;
    standing.calendar = (struct calendar){ { -3600000 }, "-01:00" };
    standing.contents.count = 2;
    standing.contents.stretch[0] = (struct stretch){ { .count = 1, .component = { { DRUG_MORPHINE, { 10000000 } } } }, 5 };
    standing.contents.stretch[1] = (struct stretch){ { .unknown = true }, -7 };
    standing.contents.dead_fl = 257000000000;
    standing.contents.tolerance_fl = 25700000000;
    standing.limits = 1;
    standing.limit[0] = (struct drug_limit){ DRUG_MORPHINE, { { 1000 }, { 20000 } } };
    standing.highest_id[2] = 40;
    standing.answered[6] = (struct answered){ .fingerprint = 0x1122334455667788u, .slot = 2 };
    standing.answered[6].receipt = (struct receipt){ .id = 40, .kind = COMMAND_STOP, .outcome = OUTCOME_APPLIED,
                                                     .at = { 99400000 }, .earliest = { 99400000 }, .head = 9 };
    return (struct checkpoint){ 12, 99400001, 5, 1000, 100, 998 };
}

static void assert_facts_same(const struct standing *a, const struct standing *b)
{
    assert_int_equal(a->mode, b->mode);
    assert_int_equal(a->course, b->course);
    assert_int_equal(a->before_empty, b->before_empty);
    assert_int_equal(a->course_rate.nl_day, b->course_rate.nl_day);
    assert_int_equal(a->minimum_rate.nl_day, b->minimum_rate.nl_day);
    assert_int_equal(a->safe_rate.nl_day, b->safe_rate.nl_day);
    assert_int_equal(a->safe_cap.nl_day, b->safe_cap.nl_day);
    assert_int_equal(a->course_volume_nl, b->course_volume_nl);
    assert_int_equal(a->course_commanded, b->course_commanded);
    assert_int_equal(a->activated_ms, b->activated_ms);
    assert_int_equal(a->periodic_next_ms, b->periodic_next_ms);
    assert_int_equal(a->stopped_since_ms, b->stopped_since_ms);
    assert_int_equal(a->reservoir_nl, b->reservoir_nl);
    assert_int_equal(a->reservoir_metered, b->reservoir_metered);
    assert_int_equal(a->latched, b->latched);
    assert_memory_equal(&a->calendar, &b->calendar, sizeof a->calendar);
    assert_int_equal(a->contents.count, b->contents.count);
    assert_true(mixture_same(&a->contents.stretch[0].mixture, &b->contents.stretch[0].mixture));
    assert_int_equal(a->contents.stretch[1].mixture.unknown, b->contents.stretch[1].mixture.unknown);
    assert_int_equal(a->contents.stretch[1].from_fl, b->contents.stretch[1].from_fl);
    assert_int_equal(a->contents.dead_fl, b->contents.dead_fl);
    assert_int_equal(a->contents.tolerance_fl, b->contents.tolerance_fl);
    assert_int_equal(a->limits, b->limits);
    assert_memory_equal(a->limit, b->limit, sizeof a->limit[0]);
}

static void assert_counts_same(const struct standing *a, const struct standing *b)
{
    assert_int_equal(a->boots, b->boots);
    assert_int_equal(a->epoch, b->epoch);
    assert_int_equal(a->therapy_sequence, b->therapy_sequence);
    assert_int_equal(a->clock_base_ms, b->clock_base_ms);
    assert_int_equal(a->head, b->head);
    assert_int_equal(a->flow_since_ms, b->flow_since_ms);
    assert_int_equal(a->missed_ms, b->missed_ms);
    assert_int_equal(a->interrupted_ms, b->interrupted_ms);
    assert_int_equal(a->dropped_grain, b->dropped_grain);
    assert_int_equal(a->withheld, b->withheld);
    assert_int_equal(a->course_missed, b->course_missed);
    assert_memory_equal(a->highest_id, b->highest_id, sizeof a->highest_id);
    assert_int_equal(b->answered[1].fingerprint, 0x1122334455667788u);
    assert_int_equal(b->answered[1].receipt.head, 9);
    assert_int_equal(b->answered[1].receipt.kind, COMMAND_STOP);
}

static void settings_come_back(void **state)
{
    (void)state;
    struct checkpoint checkpoint = facts_make(), found;
    uint32_t facts = 0;
    uint32_t size = settings_encode(&checkpoint, &standing, bytes, &facts);
    assert_in_range(size, 300, SETTINGS_BYTES_MAX);
    standing_clear(&back);
    assert_int_equal(settings_decode(SETTINGS_VERSION, bytes, size, &found, &back), RESULT_OK);
    assert_int_equal(found.stamp, 12);
    assert_int_equal(found.at_ms, 99400001);
    assert_int_equal(found.settings_sequence, 5);
    assert_int_equal(found.commanded, 1000);
    assert_int_equal(found.commanded_course, 100);
    assert_int_equal(found.metered, 998);
    assert_facts_same(&standing, &back);
    assert_counts_same(&standing, &back);
}

static void a_checkpoint_brings_counts_and_leaves_facts(void **state)
{
    (void)state;
    struct checkpoint checkpoint = facts_make(), found;
    uint32_t size = checkpoint_encode(&checkpoint, &standing, bytes);
    assert_in_range(size, 100, CHECKPOINT_BYTES_MAX);
    standing_clear(&back);
    back.mode = MODE_EMPTY;
    assert_int_equal(checkpoint_decode(CHECKPOINT_VERSION, bytes, size, &found, &back), RESULT_OK);
    assert_counts_same(&standing, &back);
    assert_int_equal(back.mode, MODE_EMPTY);
    struct checkpoint peeked = { .stamp = 0 };
    assert_true(checkpoint_peek(bytes, size, &peeked));
    assert_int_equal(peeked.stamp, found.stamp);
    assert_int_equal(peeked.metered, found.metered);
    assert_false(checkpoint_peek(bytes, 20, &peeked));
}

/* The facts' check value moves with the facts and not with counts: otherwise flash would be written for every quantum. */
static void only_facts_move_the_check_value(void **state)
{
    (void)state;
    struct checkpoint checkpoint = facts_make();
    uint32_t before, after;
    (void)settings_encode(&checkpoint, &standing, bytes, &before);
    checkpoint.metered++;
    checkpoint.stamp++;
    standing.missed_ms++;
    standing.course_missed++;
    standing.withheld++;
    standing.head++;
    (void)settings_encode(&checkpoint, &standing, bytes, &after);
    assert_int_equal(before, after);
    standing.latched ^= 2;
    (void)settings_encode(&checkpoint, &standing, bytes, &after);
    assert_int_not_equal(before, after);
}

static void other_bytes_are_refused(void **state)
{
    (void)state;
    struct checkpoint checkpoint = facts_make(), found;
    uint32_t facts, size = settings_encode(&checkpoint, &standing, bytes, &facts);
    assert_int_equal(settings_decode(0, bytes, size, &found, &back), RESULT_UNKNOWN_VERSION);
    assert_int_equal(settings_decode(SETTINGS_VERSION + 1, bytes, size, &found, &back), RESULT_UNKNOWN_VERSION);
    assert_int_equal(checkpoint_decode(CHECKPOINT_VERSION + 1, bytes, size, &found, &back), RESULT_UNKNOWN_VERSION);
    assert_int_equal(settings_decode(SETTINGS_VERSION, bytes, size + 1, &found, &back), RESULT_TRUNCATED);
    for (uint32_t shorter = 0; shorter < size; shorter++) {
        standing_clear(&back);
        assert_int_not_equal(settings_decode(SETTINGS_VERSION, bytes, shorter, &found, &back), RESULT_OK);
    }
}

/* Bytes from anywhere are read or refused, and nothing is reached that is not there: the sanitizers watch. */
static void no_bytes_do_harm(void **state)
{
    (void)state;
    struct checkpoint checkpoint = facts_make(), found;
    uint32_t facts, size = settings_encode(&checkpoint, &standing, bytes, &facts);
    uint64_t seed = 99;
    unsigned read = 0;
    for (unsigned round = 0; round < 20000; round++) {
        uint32_t at = (uint32_t)chance_between(&seed, 0, size - 1);
        uint8_t was = bytes[at];
        bytes[at] = (uint8_t)chance_between(&seed, 0, 255);
        standing_clear(&back);
        if (settings_decode(SETTINGS_VERSION, bytes, size, &found, &back) == RESULT_OK) {
            assert_true(back.limits <= GOVERNOR_DRUGS && back.contents.count <= CONTENTS_MAX && back.contents.count > 0);
            read++;
        }
        bytes[at] = was;
    }
    assert_true(read > 0);
}

/* The bounds are those of the longest record, not a guess above it: wear is reckoned with them. */
static void the_longest_record_is_the_bound(void **state)
{
    (void)state;
    struct checkpoint checkpoint = facts_make();
    struct mixture four = { .count = 4 };
    uint32_t facts;
    standing.contents.count = CONTENTS_MAX;
    for (unsigned i = 0; i < CONTENTS_MAX; i++)
        standing.contents.stretch[i].mixture = four;
    standing.limits = GOVERNOR_DRUGS;
    standing.history.refills = HISTORY_REFILLS;
    for (unsigned slot = 1; slot < SENDERS; slot++) {
        struct answered *answered = &standing.answered[slot - 1];
        standing.highest_id[slot] = slot;
        *answered = (struct answered){ .slot = (uint8_t)slot };
        answered->receipt = (struct receipt){ .id = slot, .kind = COMMAND_STOP, .outcome = OUTCOME_APPLIED };
    }
    assert_int_equal(checkpoint_encode(&checkpoint, &standing, bytes), CHECKPOINT_BYTES_MAX);
    assert_int_equal(settings_encode(&checkpoint, &standing, bytes, &facts), SETTINGS_BYTES_MAX);
}

/* The record just encoded as it was when receipts were counted by four roles: without the empty slots 5 to 8. Its length. */
static uint32_t as_by_role(struct checkpoint *checkpoint, uint32_t size)
{
    enum { EMPTY_SLOTS = 4 * (8 + 1) };
    static uint8_t counts[CHECKPOINT_BYTES_MAX];
    uint32_t end = checkpoint_encode(checkpoint, &standing, counts);
    memmove(bytes + end - EMPTY_SLOTS, bytes + end, size - end);
    return size - EMPTY_SLOTS;
}

static void receipts_by_role_can_still_be_read(void **state)
{
    (void)state;
    struct checkpoint checkpoint = facts_make(), found;
    uint32_t facts, size = as_by_role(&checkpoint, settings_encode(&checkpoint, &standing, bytes, &facts));
    standing_clear(&back);
    assert_int_equal(settings_decode(2, bytes, size, &found, &back), RESULT_OK);
    assert_facts_same(&standing, &back);
    assert_counts_same(&standing, &back);
    size = as_by_role(&checkpoint, checkpoint_encode(&checkpoint, &standing, bytes));
    standing_clear(&back);
    assert_int_equal(checkpoint_decode(1, bytes, size, &found, &back), RESULT_OK);
    assert_counts_same(&standing, &back);
}

/* A record as version 1 wrote it, which ended with the limits. */
static void version_1_can_still_be_read(void **state)
{
    (void)state;
    struct checkpoint checkpoint = facts_make(), found;
    uint32_t facts, size = as_by_role(&checkpoint, settings_encode(&checkpoint, &standing, bytes, &facts));
    uint32_t later = 4 + 1 + 3 * 8 + 3 + 2 * 8 + 4 + 2 + 1 + 1; /* what version 2 added, without any refill */
    standing_clear(&back);
    back.selftest_failed = 77;
    assert_int_equal(settings_decode(1, bytes, size - later, &found, &back), RESULT_OK);
    assert_facts_same(&standing, &back);
    assert_counts_same(&standing, &back);
    assert_int_equal(back.selftest_failed, 77); /* what it does not hold stays */
    assert_int_equal(settings_decode(1, bytes, size, &found, &back), RESULT_TRUNCATED);
    assert_int_not_equal(settings_decode(2, bytes, size - later, &found, &back), RESULT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_come_back),
        cmocka_unit_test(a_checkpoint_brings_counts_and_leaves_facts),
        cmocka_unit_test(only_facts_move_the_check_value),
        cmocka_unit_test(other_bytes_are_refused),
        cmocka_unit_test(no_bytes_do_harm),
        cmocka_unit_test(the_longest_record_is_the_bound),
        cmocka_unit_test(receipts_by_role_can_still_be_read),
        cmocka_unit_test(version_1_can_still_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
