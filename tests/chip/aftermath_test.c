/* aftermath_test.c - the judge of the fault campaign: every class by a run made for it, on the host's software. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/chip/aftermath.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ordeal *undisturbed;

static int live_undisturbed(void **state)
{
    (void)state;
    undisturbed = calloc(1, sizeof *undisturbed);
    if (undisturbed == NULL || !ordeal_begin(undisturbed, NULL, 1))
        return 1;
    for (unsigned slice = 0; slice < ORDEAL_SLICES; slice++)
        if (!ordeal_pass(undisturbed))
            return 1;
    return 0;
}

static int forget(void **state)
{
    (void)state;
    free(undisturbed);
    return 0;
}

static struct ordeal_record *copy(void)
{
    struct ordeal_record *record = malloc(sizeof *record);
    assert_non_null(record);
    memcpy(record, &undisturbed->record, sizeof *record);
    return record;
}

static void judged(struct ordeal_record *run, bool stuck, enum aftermath_class class)
{
    struct aftermath aftermath = aftermath_judge(&undisturbed->record, run, stuck);
    if (aftermath.class != class)
        fail_msg("%s: %s", aftermath_class_word(aftermath.class), aftermath.text);
    free(run);
}

/* What the stretch is for: base flow of two paces, two boluses, an activation and a refill. */
static void the_ordeal_holds_what_it_is_for(void **state)
{
    (void)state;
    const struct ordeal_record *record = &undisturbed->record;
    unsigned count[256] = { 0 };
    assert_true(record->whole);
    assert_int_equal(record->undone, 0);
    assert_int_equal(record->resets, 0);
    assert_int_equal(record->tones, 2);
    for (unsigned i = 0; i < record->events; i++)
        count[record->event[i].code & 0xFF]++;
    assert_int_equal(count[EVENT_COURSE_START], 2);
    assert_int_equal(count[EVENT_ACTIVATED], 1);
    assert_int_equal(count[EVENT_REFILL], 1);
    assert_true(count[EVENT_SESSION] >= 3);
    /* 2700 s of 0.5 mL/day, the rest of 0.75 mL/day, two boluses of 10 uL: 364.58 quanta */
    const struct ordeal_point *last = &record->point[record->points - 1];
    double nl = 2700.0 * 500000 / 86400 + (ORDEAL_MS / 1000 - 2700.0) * 750000 / 86400 + 2 * 10000;
    double got = (last->displaced_m3 - record->point[0].displaced_m3) * 1e12;
    assert_true(got <= nl + 250 && got > nl - 2 * 250 - 60 /* a session takes seconds */);
}

static void the_same_is_masked(void **state)
{
    (void)state;
    judged(copy(), false, AFTERMATH_MASKED);
}

/* The first point from there on at which a quantum moved. */
static unsigned moving(unsigned from)
{
    const struct ordeal_record *record = &undisturbed->record;
    while (!(record->point[from].displaced_m3 > record->point[from - 1].displaced_m3))
        from++;
    return from;
}

static void shift(struct ordeal_record *run, unsigned from, double quanta)
{
    for (unsigned i = from; i < run->points; i++) {
        run->point[i].displaced_m3 += quanta * 250e-12;
        run->point[i].delivered_m3 += quanta * 250e-12;
    }
}

static void tell(struct ordeal_record *run, uint16_t code)
{
    run->event[run->events] = run->event[run->events - 1];
    run->event[run->events].sequence++;
    run->event[run->events++].code = code;
}

static void one_quantum_is_forgiven_and_two_are_an_overdose_unless_told(void **state)
{
    (void)state;
    struct ordeal_record *run = copy();
    shift(run, 100, 1);
    judged(run, false, AFTERMATH_SAFE);
    run = copy();
    shift(run, 100, 2);
    judged(run, false, AFTERMATH_OVERDOSE);
    run = copy();
    shift(run, 100, 2);
    tell(run, EVENT_SESSION); /* that tells nobody anything */
    judged(run, false, AFTERMATH_OVERDOSE);
    run = copy();
    shift(run, 100, 2);
    tell(run, EVENT_ALARM_RAISED);
    judged(run, false, AFTERMATH_RAISED);
    run = copy();
    shift(run, 100, 2);
    run->resets = 1;
    judged(run, false, AFTERMATH_RAISED);
    /* also when it is made up for afterwards */
    run = copy();
    unsigned first = moving(140), second = moving(first + 1);
    shift(run, 100, 2);
    shift(run, first, -0.9999999); /* not quite: doubles */
    shift(run, second, -0.9999999);
    judged(run, false, AFTERMATH_OVERDOSE);
}

/* Told or not: 60 uL an hour is the limit. The undisturbed run has its own share of it. */
static void beyond_the_limit_of_an_hour_is_an_overdose_also_when_told(void **state)
{
    (void)state;
    for (unsigned quanta = 0; quanta <= 240; quanta += 20) {
        struct ordeal_record *run = copy();
        double most = 0;
        tell(run, EVENT_ALARM_RAISED);
        shift(run, 20, quanta);
        for (unsigned i = 1; i < run->points; i++) /* the plain way */
            for (unsigned j = 0; j < i; j++)
                if (run->point[i].at_ms - run->point[j + 1].at_ms < 3600000 &&
                    run->point[i].displaced_m3 - run->point[j].displaced_m3 > most)
                    most = run->point[i].displaced_m3 - run->point[j].displaced_m3;
        enum aftermath_class class = most > 60.001e-9 ? AFTERMATH_OVERDOSE
                                     : quanta > 1     ? AFTERMATH_RAISED
                                                      : AFTERMATH_SAFE;
        judged(run, false, class);
    }
}

static void less_is_safe_recovered_lowered_or_starved(void **state)
{
    (void)state;
    struct ordeal_record *run = copy();
    shift(run, moving(100), -0.9999999);
    judged(run, false, AFTERMATH_SAFE);
    run = copy();
    run->points -= 3; /* three quanta less, and the flow goes on */
    judged(run, false, AFTERMATH_LOWERED);
    run = copy();
    run->points -= 3;
    tell(run, EVENT_WITHHELD);
    judged(run, false, AFTERMATH_SAFE);
    run = copy();
    run->points -= 3;
    run->resets = 1;
    judged(run, false, AFTERMATH_RECOVERED);
    run = copy();
    run->points = 100;
    judged(run, false, AFTERMATH_STARVED);
    run = copy();
    run->points = 100;
    tell(run, EVENT_WITHHELD); /* a word in the log is read when it is too late */
    judged(run, false, AFTERMATH_STARVED);
    run = copy();
    run->points = 100;
    run->tones++;
    judged(run, false, AFTERMATH_SAFE);
    run = copy();
    run->points = 100;
    run->resets = 1; /* and then it stands, but somebody has been told */
    judged(run, false, AFTERMATH_SAFE);
}

static void what_flows_back_and_what_has_no_end_fails(void **state)
{
    (void)state;
    struct ordeal_record *run = copy();
    run->point[100].delivered_m3 = run->point[99].delivered_m3 - 1e-15;
    judged(run, false, AFTERMATH_BACKWARD);
    judged(copy(), true, AFTERMATH_UNKNOWN);
    run = copy();
    run->whole = false;
    judged(run, false, AFTERMATH_UNKNOWN);
    run = copy();
    shift(run, 100, 400);
    judged(run, true, AFTERMATH_OVERDOSE); /* what is known of it counts */
    assert_true(aftermath_class_fails(AFTERMATH_OVERDOSE) && aftermath_class_fails(AFTERMATH_BACKWARD) &&
                aftermath_class_fails(AFTERMATH_UNKNOWN));
    assert_false(aftermath_class_fails(AFTERMATH_MASKED) || aftermath_class_fails(AFTERMATH_RECOVERED) ||
                 aftermath_class_fails(AFTERMATH_SAFE));
    for (unsigned class = 0; class < AFTERMATH_CLASSES; class ++)
        assert_int_equal(aftermath_class_find(aftermath_class_word((enum aftermath_class) class)), class);
    assert_int_equal(aftermath_class_find("none"), AFTERMATH_CLASSES);
}

/* The real thing, on the host: a reset, a motor that stands still, a mechanism that moves too much. */
static void live(struct ordeal *ordeal, void (*deed)(struct ordeal *ordeal), enum aftermath_class class)
{
    assert_true(ordeal_begin(ordeal, NULL, 1));
    for (unsigned slice = 0; slice < ORDEAL_SLICES; slice++) {
        if (slice == 10)
            deed(ordeal);
        assert_true(ordeal_pass(ordeal));
    }
    struct aftermath aftermath = aftermath_judge(&undisturbed->record, &ordeal->record, false);
    if (aftermath.class != class)
        fail_msg("%s, not %s: %s", aftermath_class_word(aftermath.class), aftermath_class_word(class), aftermath.text);
}

static void nothing(struct ordeal *ordeal)
{
    (void)ordeal;
}

static void reset(struct ordeal *ordeal)
{
    rig_reset(&ordeal->rig, RIG_MEMORY_KEPT);
}

static void hang(struct ordeal *ordeal)
{
    rig_hang(&ordeal->rig);
}

static void jam(struct ordeal *ordeal)
{
    twin_set_fault(&ordeal->rig.twin, TWIN_FAULT_STALL, 1);
}

static void gush(struct ordeal *ordeal)
{
    twin_set_fault(&ordeal->rig.twin, TWIN_FAULT_OVERINFUSION, 1.5);
}

static void sleep_for_good(struct ordeal *ordeal)
{
    ordeal->rig.wake = INSTANT_NEVER;
}

static void true_runs_are_judged_as_they_are(void **state)
{
    (void)state;
    static const struct {
        void (*deed)(struct ordeal *ordeal);
        enum aftermath_class class;
    } cases[] = { { nothing, AFTERMATH_MASKED },
                  { reset, AFTERMATH_RECOVERED },
                  { hang, AFTERMATH_RECOVERED },
                  { jam, AFTERMATH_SAFE },
                  { gush, AFTERMATH_OVERDOSE } };
    struct ordeal *ordeal = calloc(1, sizeof *ordeal);
    assert_non_null(ordeal);
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++)
        live(ordeal, cases[i].deed, cases[i].class);
    free(ordeal);
}

/* A pump that asks for no wake any more: the next session wakes it, unless there is none. */
static void a_pump_that_does_not_wake_again_is_found(void **state)
{
    (void)state;
    struct ordeal *ordeal = calloc(1, sizeof *ordeal);
    assert_non_null(ordeal);
    assert_true(ordeal_begin(ordeal, NULL, 1));
    for (unsigned slice = 0; slice < ORDEAL_SLICES; slice++) {
        if (slice == ORDEAL_DEEDS_MS / ORDEAL_SLICE_MS)
            sleep_for_good(ordeal);
        assert_true(ordeal_pass(ordeal));
    }
    assert_int_equal(aftermath_judge(&undisturbed->record, &ordeal->record, false).class, AFTERMATH_STARVED);
    free(ordeal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ordeal_holds_what_it_is_for),
        cmocka_unit_test(the_same_is_masked),
        cmocka_unit_test(one_quantum_is_forgiven_and_two_are_an_overdose_unless_told),
        cmocka_unit_test(beyond_the_limit_of_an_hour_is_an_overdose_also_when_told),
        cmocka_unit_test(less_is_safe_recovered_lowered_or_starved),
        cmocka_unit_test(what_flows_back_and_what_has_no_end_fails),
        cmocka_unit_test(true_runs_are_judged_as_they_are),
        cmocka_unit_test(a_pump_that_does_not_wake_again_is_found),
    };
    return cmocka_run_group_tests(tests, live_undisturbed, forget);
}
