/* HZ-35: the screen offers steps the device cannot deliver. REQ-LINK-11 (the pump's part), REQ-THER-01, REQ-THER-02.
 *
 * A screen stepped by 0.05 units, the pump by 0.1; one value in a thousand failed, and only that one. Where a step
 * is rounded in silence, the record is wrong every time. Here the pump tells its grid in its capability record, and
 * this test delivers every bolus that stands on it, one after another, and compares what truly moved. */
// SPDX-License-Identifier: Apache-2.0
#include "core/model.h"
#include "tests/hazard/bedside.h"

static struct bedside bed, with, without;

static void start(int32_t nl_day)
{
    struct mixture saline = { .count = 0 };
    bedside_implant(&bed, "C20", &saline);
    struct therapy therapy = bedside_therapy(&bed, &saline, nl_day);
    therapy.limits.bolus_max.nl = NL_PER_ML;
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, DAY_MS + 12345); /* some fraction in hand */
}

/* Each bolus from one quantum to the largest, at rates from the least to the largest that fits: exactly its quanta
 * more than without. */
static void test_every_bolus_on_the_grid_is_delivered_exactly(void **state)
{
    (void)state;
    static const int32_t RATES[] = { 1000000, 3000001, 10000000, 23952000 };
    start(48000);
    without = bed;
    bedside_pass(&without, 3 * HOUR_MS);
    int64_t plain = bedside_moved(&without);
    for (int64_t quanta = 1; quanta <= 400; quanta++) {
        with = bed;
        assert_applied(bedside_bolus(&with, quanta * 250, RATES[quanta % 4]));
        bedside_pass(&with, 3 * HOUR_MS);
        if (bedside_moved(&with) - plain != quanta)
            fail_msg("a bolus of %lld quanta moved %lld", (long long)quanta, (long long)(bedside_moved(&with) - plain));
        assert_in_range(with.last[EVENT_COURSE_END].field[1], quanta - 1, quanta + 1); /* and is attributed as such */
    }
}

/* Volumes between the quanta: what one bolus cannot give is in hand for the next; nothing is lost and nothing made. */
static void test_volumes_off_the_grid_are_carried(void **state)
{
    (void)state;
    start(48000);
    without = bed;
    with = bed;
    for (unsigned i = 0; i < 50; i++) {
        assert_applied(bedside_bolus(&with, 1255, NL_PER_ML));
        bedside_pass(&with, 10 * MINUTE_MS);
        bedside_pass(&without, 10 * MINUTE_MS);
    }
    assert_int_equal(bedside_moved(&with) - bedside_moved(&without), 251); /* 50 times 1255 nL: 50 times 5.02 quanta */
}

/* Flows over the whole range: what moved is the whole quanta of rate times time, at an instant between two of them. */
static void test_every_flow_is_delivered_exactly(void **state)
{
    (void)state;
    for (int64_t rate = 48000; rate <= 24 * NL_PER_ML; rate = rate * 7 / 6 + 1) {
        struct mixture saline = { .count = 0 };
        bedside_implant(&bed, "C20", &saline);
        struct therapy therapy = bedside_therapy(&bed, &saline, (int32_t)rate);
        bedside_treat(&bed, &therapy);
        int64_t quanta = 1 + rate / 10000, from_ms = bed.rig.now.ms;
        int64_t due_ms = (quanta * 250 * DAY_MS + rate - 1) / rate; /* of that quantum: never early */
        bedside_pass(&bed, due_ms - 1);
        assert_int_equal(bedside_status(&bed).commanded_quanta, quanta - 1);
        bedside_pass(&bed, 1);
        assert_int_equal(bedside_status(&bed).commanded_quanta, quanta);
        assert_int_equal(bed.rig.now.ms - from_ms, due_ms);
    }
}

/* One nanolitre a day beyond either end is refused, and the record says where the ends are. */
static void test_what_is_off_the_range_is_refused(void **state)
{
    (void)state;
    uint8_t record[CAPABILITY_BYTES];
    start(48000);
    assert_true(model_capability(&bed.rig.unit.model, record) > 0);
    assert_refused(bedside_bolus(&bed, 250, 47999), VERDICT_RATE_RANGE);
    assert_refused(bedside_bolus(&bed, 250, 24 * NL_PER_ML + 1), VERDICT_RATE_RANGE);
    assert_refused(bedside_bolus(&bed, 250, 24 * NL_PER_ML - 48000 + 1), VERDICT_FLOW_SUM);
    struct receipt receipt = bedside_bolus(&bed, NL_PER_ML + 1, NL_PER_ML);
    assert_refused(receipt, VERDICT_BOLUS_SIZE);
    assert_int_equal(receipt.detail, NL_PER_ML); /* the nearest that would pass */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_bolus_on_the_grid_is_delivered_exactly),
        cmocka_unit_test(test_volumes_off_the_grid_are_carried),
        cmocka_unit_test(test_every_flow_is_delivered_exactly),
        cmocka_unit_test(test_what_is_off_the_range_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
