/* rig_test.c - one clock for pump and twin: a run can be forked by assignment, does not depend on how often it is
 * looked at, and goes on after a power cut. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rig/nearest.h"
#include "rig/play.h"

enum { TEXT_ROOM = 65536 };

struct stage {
    char text[TEXT_ROOM];
    struct reader reader;
    struct scenario scenario;
    struct play play;
    struct rig twin_run;
};

/* A plain therapy with patient boluses, implanted; nothing of the timeline is done. */
static struct stage *stage_make(void)
{
    struct stage *stage = calloc(1, sizeof *stage);
    FILE *file = fopen("examples/morphine-60-days.json", "rb");
    assert_non_null(stage);
    assert_non_null(file);
    stage->reader.size = fread(stage->text, 1, TEXT_ROOM - 1, file);
    fclose(file);
    stage->reader.file = "morphine";
    stage->reader.text = stage->text;
    assert_int_equal(scenario_read(&stage->reader, &stage->scenario), 0);
    assert_true(play_implant(&stage->play, &stage->scenario, NULL, stderr));
    return stage;
}

static void stage_free(struct stage *stage)
{
    scenario_free(&stage->scenario);
    free(stage);
}

static instant_ms day(int64_t number)
{
    return (instant_ms){ number * DAY_MS };
}

static void bolus(struct rig *rig)
{
    struct command command = { .kind = COMMAND_PATIENT_BOLUS };
    struct receipt receipt;
    rig_command(rig, ROLE_PATIENT, &command, &receipt);
    assert_int_equal(receipt.outcome, OUTCOME_APPLIED);
}

static void fork_by_assignment(void **state)
{
    (void)state;
    struct stage *stage = stage_make();
    struct rig *one = &stage->play.rig, *two = &stage->twin_run;
    rig_run_until(one, (instant_ms){ 3 * (int64_t)DAY_MS + 12345 });
    *two = *one;
    for (int64_t i = 4; i < 20; i++) {
        rig_run_until(one, day(i));
        bolus(one);
    }
    for (int64_t i = 4; i < 20; i++) { /* the copy runs after the original has gone far ahead: nothing is shared */
        rig_run_until(two, day(i));
        bolus(two);
    }
    assert_memory_equal(one, two, sizeof *one);
    twin_set_fault(&two->twin, TWIN_FAULT_STALL, 1);
    rig_run_until(one, day(21));
    rig_run_until(two, day(21));
    assert_memory_not_equal(one, two, sizeof *one);
    stage_free(stage);
}

static void looking_changes_nothing(void **state)
{
    (void)state;
    struct stage *stage = stage_make();
    struct rig *one = &stage->play.rig, *two = &stage->twin_run;
    struct pump_status a, b;
    *two = *one;
    rig_run_until(one, day(10));
    for (int64_t at = 0; at <= day(10).ms; at += 977 * 1000) {
        while (!rig_run_to_event(two, (instant_ms){ at }))
            rig_status(two, &b);
    }
    rig_run_until(two, day(10));
    rig_status(one, &a);
    rig_status(two, &b);
    assert_true(a.metered_quanta == b.metered_quanta && a.commanded_quanta == b.commanded_quanta);
    assert_true(a.in_hand.grain == b.in_hand.grain && a.head == b.head);
    assert_true(rig_nl(one->twin.totals.delivered).nl == rig_nl(two->twin.totals.delivered).nl);
    assert_true(pump_log_last(&one->pump) == pump_log_last(&two->pump));
    stage_free(stage);
}

/* What was delivered is never forgotten; a core that lost its memory takes its therapy from flash and goes on with the base. */
static void power_cuts(void **state)
{
    (void)state;
    struct stage *stage = stage_make();
    struct rig *rig = &stage->play.rig;
    struct pump_status before, after;
    for (int64_t i = 1; i < 60; i++) {
        rig_run_until(rig, (instant_ms){ i * 44444444 }); /* not three in a day: that would hold the safe state */
        rig_status(rig, &before);
        rig_reset(rig, RIG_MEMORY_KEPT);
        rig_status(rig, &after);
        assert_true(after.metered_quanta >= before.metered_quanta && after.commanded_quanta >= before.commanded_quanta);
        assert_true(after.has_therapy && after.mode == before.mode);
    }
    assert_int_equal(rig->resets, 59);
    rig_run_until(rig, (instant_ms){ rig->now.ms + DAY_MS });
    int64_t displaced = rig_nl(rig->twin.totals.displaced).nl;
    int64_t rate = before.base.nl_day;
    rig_reset(rig, RIG_MEMORY_LOST);
    rig_run_until(rig, (instant_ms){ rig->now.ms + DAY_MS });
    rig_status(rig, &after);
    assert_true(after.has_therapy && after.mode == before.mode && after.base.nl_day == rate);
    assert_true(after.metered_quanta >= before.metered_quanta);
    assert_in_range(rig_nl(rig->twin.totals.displaced).nl - displaced, rate - 1000, rate + 250);
    stage_free(stage);
}

/* Power goes at each door of a patient's bolus in turn. The sender says the same again until there is a receipt: the bolus is
 * given no second time, whatever happened, and the truth agrees with the count to the quanta that were under way. */
static void a_command_cut_at_every_door(void **state)
{
    (void)state;
    struct stage *stage = stage_make();
    struct rig *rig = &stage->play.rig, *fork = &stage->twin_run;
    struct pump_status before, after;
    unsigned cuts = 0;
    rig_run_until(rig, (instant_ms){ day(6).ms + 777 });
    rig_status(rig, &before);
    for (unsigned door = 1; door <= 60; door++) {
        struct command command = { .kind = COMMAND_PATIENT_BOLUS };
        struct receipt receipt;
        *fork = *rig;
        assert_true(rig_cut_at_door(fork, door));
        assert_true(rig_cut_at_door(fork, door % 7 + 1)); /* and again while it starts */
        rig_command(fork, ROLE_PATIENT, &command, &receipt);
        assert_true(!rig_unheard(fork) || rig_was_cut(fork));
        while (rig_unheard(fork))
            rig_repeat(fork, &receipt);
        assert_int_equal(receipt.outcome, OUTCOME_APPLIED);
        rig_run_until(fork, (instant_ms){ rig->now.ms + DAY_MS });
        cuts += fork->power.cuts;
        assert_int_equal(fork->resets, fork->power.cuts);
        rig_status(fork, &after);
        /* One bolus is 0.01 mL, 40 quanta: what a cut took away is not made up, and never is there a second one. */
        int64_t bolus_quanta = after.commanded_bolus_quanta - before.commanded_bolus_quanta;
        assert_in_range(bolus_quanta, 0, 40);
        /* Each cut may have caught a quantum in motion, of which a part has moved. */
        int64_t moved_nl = rig_nl(fork->twin.totals.displaced - rig->twin.totals.displaced).nl;
        int64_t metered_nl = (after.metered_quanta - before.metered_quanta) * 250;
        assert_in_range(moved_nl + 250 - metered_nl, 0, 750);
    }
    assert_int_equal(cuts, 120);
    stage_free(stage);
}

/* Power goes in each flash operation of an activation and in each phase of it: afterwards the therapy is the old one or the
 * new one, and it flows. */
static void an_activation_cut_at_every_flash_operation(void **state)
{
    (void)state;
    struct stage *stage = stage_make();
    struct rig *rig = &stage->play.rig, *fork = &stage->twin_run;
    struct pump_status before, after;
    struct therapy other = stage->scenario.therapy[0];
    uint8_t token[TOKEN_BYTES];
    struct receipt receipt;
    unsigned cuts = 0, news = 0;
    memset(&other.program.opening, 0, sizeof other.program.opening);
    rig_run_until(rig, (instant_ms){ day(6).ms + 777 });
    rig_status(rig, &before);
    *fork = *rig;
    uint64_t operations = rig_flash_operations(fork);
    rig_activate(fork, &other, false, &receipt);
    assert_int_equal(receipt.outcome, OUTCOME_APPLIED);
    rig_status(fork, &after);
    memcpy(token, after.token, TOKEN_BYTES);
    operations = rig_flash_operations(fork) - operations;
    assert_true(operations > 10);
    for (uint64_t n = 1; n <= operations; n++) {
        enum flash_cut phase = (enum flash_cut)(n % 4 + FLASH_CUT_BEFORE);
        *fork = *rig;
        assert_true(rig_cut_at_flash(fork, n, phase));
        rig_activate(fork, &other, false, &receipt);
        rig_run_until(fork, (instant_ms){ rig->now.ms + HOUR_MS });
        rig_status(fork, &after);
        bool is_new = memcmp(after.token, token, TOKEN_BYTES) == 0;
        assert_true(is_new || memcmp(after.token, before.token, TOKEN_BYTES) == 0);
        assert_true(is_new || receipt.outcome != OUTCOME_APPLIED);
        assert_true(after.has_therapy && after.mode == before.mode && after.metered_quanta > before.metered_quanta);
        cuts += fork->power.cuts;
        news += is_new;
    }
    print_message("%u flash operations, %u cuts, %u times the new therapy\n", (unsigned)operations, cuts, news);
    assert_true(cuts > 10 && news > 0 && news < operations);
    stage_free(stage);
}

/* A cut that waits is plain data: both copies are cut at the same place, and go on alike. */
static void fork_with_a_cut_waiting(void **state)
{
    (void)state;
    struct stage *stage = stage_make();
    struct rig *one = &stage->play.rig, *two = &stage->twin_run;
    assert_true(rig_cut_at_door(one, 5000));
    assert_true(rig_cut_at_door(one, 2));
    rig_run_until(one, day(1));
    rig_clock_drift(one, -40);
    *two = *one;
    rig_run_until(one, day(5));
    rig_run_until(two, day(5));
    assert_int_equal(one->power.cuts, 2);
    assert_memory_equal(one, two, sizeof *one);
    stage_free(stage);
}

/* A pump whose clock runs fast by a thousandth gives a thousandth more: truth is measured in true time. */
static void a_fast_clock_gives_more(void **state)
{
    (void)state;
    struct stage *stage = stage_make();
    struct rig *one = &stage->play.rig, *two = &stage->twin_run;
    rig_run_until(one, day(3));
    *two = *one;
    rig_clock_drift(two, 1000);
    double from = one->twin.totals.displaced;
    rig_run_until(one, day(23));
    rig_run_until(two, day(23));
    int64_t true_nl = rig_nl(one->twin.totals.displaced - from).nl, fast_nl = rig_nl(two->twin.totals.displaced - from).nl;
    assert_in_range(fast_nl - true_nl, true_nl / 1000 - 250, true_nl / 1000 + 250);
    assert_int_equal(rig_tick(two).ms - two->now.ms, 20 * DAY_MS / 1000);
    stage_free(stage);
}

/* What a hung core does not give is missed, not made up; the watchdog ends it within the minute. */
static void a_hung_core_starts_again(void **state)
{
    (void)state;
    struct stage *stage = stage_make();
    struct rig *rig = &stage->play.rig;
    struct pump_status before, after;
    struct command command = { .kind = COMMAND_PATIENT_BOLUS };
    struct receipt receipt;
    rig_run_until(rig, (instant_ms){ day(4).ms + 333 });
    rig_status(rig, &before);
    rig_hang(rig);
    rig_command(rig, ROLE_PATIENT, &command, &receipt);
    assert_true(rig_unheard(rig) && !rig_was_cut(rig) && !rig_runs(rig));
    assert_int_equal(receipt.outcome, 0);
    rig_run_until(rig, (instant_ms){ day(4).ms + 333 + RIG_WATCHDOG_MS });
    assert_true(rig_runs(rig));
    assert_int_equal(rig->resets, 1);
    rig_repeat(rig, &receipt); /* the start has moved the ledger's head: not done, and safe to ask anew */
    assert_true(receipt.outcome == OUTCOME_APPLIED || receipt.reasons == VERDICT_STALE_HEAD);
    bolus(rig);
    rig_status(rig, &after);
    assert_true(after.has_therapy && after.mode == before.mode);
    assert_true(after.metered_quanta >= before.metered_quanta);
    stage_free(stage);
}

static void refused_refill_moves_nothing(void **state)
{
    (void)state;
    struct stage *stage = stage_make();
    struct rig *rig = &stage->play.rig;
    struct receipt receipt;
    rig_run_until(rig, day(5));
    int64_t there = rig_nl(rig->twin.reservoir_m3).nl;
    struct rig_refill refill = { .told = stage->scenario.implant };
    refill.told.dead_drug_free = 0;
    refill.told.withdrawn.nl = -1;
    refill.told.drawn_up.nl -= 1; /* not what was drawn up */
    assert_true(rig_refill(rig, &refill, &receipt));
    assert_int_equal(receipt.outcome, OUTCOME_NOT_APPLIED);
    assert_true((receipt.reasons & VERDICT_VOLUME_TOLD) != 0);
    assert_true(rig_nl(rig->twin.reservoir_m3).nl == there);
    refill.told.drawn_up.nl += 1;
    refill.told.withdrawn.nl = 0; /* 17 mL are there: 18 more do not fit */
    assert_false(rig_refill(rig, &refill, &receipt));
    assert_true(rig_nl(rig->twin.reservoir_m3).nl == there);
    refill.told.withdrawn.nl = -1;
    assert_true(rig_refill(rig, &refill, &receipt));
    assert_int_equal(receipt.outcome, OUTCOME_APPLIED);
    assert_true(rig_nl(rig->twin.reservoir_m3).nl == 18000000);
    stage_free(stage);
}

static void nearest_integers(void **state)
{
    (void)state;
    assert_true(nearest(2.5) == 3 && nearest(-2.5) == -3 && nearest(2.4999) == 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fork_by_assignment), cmocka_unit_test(looking_changes_nothing), cmocka_unit_test(power_cuts),
        cmocka_unit_test(a_command_cut_at_every_door), cmocka_unit_test(fork_with_a_cut_waiting),
        cmocka_unit_test(an_activation_cut_at_every_flash_operation),
        cmocka_unit_test(a_fast_clock_gives_more), cmocka_unit_test(a_hung_core_starts_again),
        cmocka_unit_test(refused_refill_moves_nothing), cmocka_unit_test(nearest_integers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
