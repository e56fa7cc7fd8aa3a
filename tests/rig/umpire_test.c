/* umpire_test.c - each kind of breach, made by hand: what is asked, heard, told and logged agrees, but for one thing. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/umpire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pump/state.h"
#include "pump/supervisor.h"

enum { SLOT = 2, QUANTUM_NL = 250, BASE_NL_DAY = 360000 };

static struct umpire *umpire;
static struct therapy therapy;
static int64_t pump_ms;

/* The pump's clock runs 7 s ahead of the true time. */
static void pass(int64_t ms)
{
    umpire->now_ms += ms;
    pump_ms = umpire->now_ms + 7000;
}

static void entry(uint16_t code, int64_t f0, int64_t f1, int64_t f2, int64_t f3)
{
    struct event event = { .at = { pump_ms }, .code = code, .field = { f0, f1, f2, f3 } };
    umpire_event(umpire, &event);
}

static struct command bolus(uint64_t id)
{
    return (struct command){ .kind = COMMAND_CLINICIAN_BOLUS, .id = id, .head = 77, .volume = { 2500 }, .rate = { 3600000 } };
}

static struct receipt applied(const struct command *command)
{
    return (struct receipt){ .id = command->id, .kind = command->kind, .outcome = OUTCOME_APPLIED, .at = { pump_ms },
                             .earliest = { pump_ms }, .head = 78 };
}

static struct receipt refused(const struct command *command, verdict reasons)
{
    return (struct receipt){ .id = command->id, .kind = command->kind, .outcome = OUTCOME_NOT_APPLIED, .reasons = reasons,
                             .at = { pump_ms }, .earliest = INSTANT_NEVER };
}

static void course_begins(void)
{
    entry(EVENT_COURSE_START, COURSE_CLINICIAN, 2500, 3600000, 0);
}

static void send(const struct command *command)
{
    umpire_wants(umpire, SLOT, command);
    umpire_sent(umpire, SLOT, command);
    umpire_sent(umpire, SLOT, command); /* frames are repeated */
    umpire_wants_no_more(umpire, SLOT);
}

static void answer_and_tell(const struct command *command, const struct receipt *receipt)
{
    umpire_answered(umpire, SLOT, command->id, receipt);
    umpire_told(umpire, SLOT, command->id, receipt);
}

static int begin(void **state)
{
    (void)state;
    umpire = calloc(1, sizeof *umpire);
    assert_non_null(umpire);
    umpire_start(umpire, QUANTUM_NL, 48000, 0);
    pass(1000);
    therapy = (struct therapy){ .name = "t", .serial = "S", .model = 1, .revision = 1, .dead_volume = { 100 },
                                .restart_limit_hours = 1, .under_delivery = PRIORITY_LOW, .mri_rule = MRI_KEEP_PROGRAM };
    therapy.program.kind = PROGRAM_CONTINUOUS;
    therapy.program.base.nl_day = BASE_NL_DAY;
    umpire_therapy(umpire, &therapy);
    struct command activate = { .kind = COMMAND_ACTIVATE, .id = 1, .head = 1 };
    for (unsigned i = 0; i < 6; i++)
        activate.token[i] = (uint8_t)(umpire->known[0].token_low >> (8 * i));
    send(&activate);
    entry(EVENT_MODE, MODE_NEW, MODE_RUNNING, HAPPENING_ACTIVATE, 0);
    entry(EVENT_ACTIVATED, umpire->known[0].token_low, 0, BASE_NL_DAY, 0);
    struct receipt receipt = applied(&activate);
    answer_and_tell(&activate, &receipt);
    pass(1000);
    return 0;
}

static int end(void **state)
{
    (void)state;
    free(umpire);
    return 0;
}

static void assert_wrong(enum wrong wrong)
{
    if (umpire->breach.wrong != wrong)
        print_message("%s: %s\n", wrong_word(umpire->breach.wrong), umpire->breach.text);
    assert_int_equal(umpire->breach.wrong, wrong);
}

static void assert_end(enum wrong wrong)
{
    umpire_end(umpire);
    assert_wrong(wrong);
}

static void what_agrees_passes(void **state)
{
    (void)state;
    struct command one = bolus(2), two = bolus(3), three = bolus(4);
    send(&one);
    course_begins();
    struct receipt receipt = applied(&one);
    answer_and_tell(&one, &receipt);
    pass(600000);
    entry(EVENT_COURSE_END, COURSE_CLINICIAN, 3, 3, COURSE_RESET);
    send(&two);
    receipt = refused(&two, VERDICT_LOCKOUT);
    umpire_told(umpire, SLOT, two.id, NULL); /* unknown at first */
    pass(50000);
    answer_and_tell(&two, &receipt);
    send(&three);
    umpire_told(umpire, SLOT, three.id, NULL);
    umpire_answered(umpire, SLOT, three.id, NULL);
    umpire_told(umpire, SLOT, three.id, &(struct receipt){ .id = 4, .outcome = OUTCOME_NOT_APPLIED });
    umpire_look(umpire, MODE_RUNNING, pump_ms);
    assert_end(WRONG_NONE);
}

static void one_wish_sent_as_two_commands(void **state)
{
    (void)state;
    struct command one = bolus(2), two = bolus(3);
    umpire_wants(umpire, SLOT, &one);
    umpire_sent(umpire, SLOT, &one);
    umpire_sent(umpire, SLOT, &two);
    assert_wrong(WRONG_TWICE);
}

static void a_command_repeated_later_under_another_id(void **state)
{
    (void)state;
    struct command one = bolus(2), two = bolus(3);
    send(&one);
    umpire_sent(umpire, SLOT, &two);
    assert_wrong(WRONG_TWICE);
}

static void another_command_than_was_asked_for(void **state)
{
    (void)state;
    struct command one = bolus(2), other = bolus(2);
    other.volume.nl++;
    umpire_wants(umpire, SLOT, &one);
    umpire_sent(umpire, SLOT, &other);
    assert_wrong(WRONG_UNASKED);
}

static void an_id_used_for_two_commands(void **state)
{
    (void)state;
    struct command one = bolus(2), other = bolus(2);
    send(&one);
    other.rate.nl_day++;
    umpire_wants(umpire, SLOT, &other);
    umpire_sent(umpire, SLOT, &other);
    assert_wrong(WRONG_REUSED);
}

static void one_command_with_two_effects(void **state)
{
    (void)state;
    struct command one = bolus(2);
    send(&one);
    course_begins();
    struct receipt receipt = applied(&one);
    answer_and_tell(&one, &receipt);
    course_begins();
    assert_end(WRONG_TWICE);
}

static void a_course_that_nobody_asked_for(void **state)
{
    (void)state;
    course_begins();
    assert_end(WRONG_UNASKED);
}

static void what_was_told_not_applied_happens_late(void **state)
{
    (void)state;
    for (unsigned never = 0; never < 2; never++) {
        struct command one = bolus(2);
        struct receipt receipt = refused(&one, VERDICT_LOCKOUT);
        send(&one);
        if (never)
            umpire_answered(umpire, SLOT, one.id, NULL);
        else
            answer_and_tell(&one, &receipt);
        pass(5000);
        course_begins();
        umpire_told(umpire, SLOT, one.id, &(struct receipt){ .id = 2, .outcome = OUTCOME_NOT_APPLIED,
                                                             .reasons = never ? 0 : VERDICT_LOCKOUT });
        umpire_end(umpire);
        assert_wrong(WRONG_UNTRUE);
        (void)end(state);
        (void)begin(state);
    }
}

static void what_never_was_has_a_receipt_later(void **state)
{
    (void)state;
    struct command one = bolus(2);
    struct receipt receipt = applied(&one);
    send(&one);
    umpire_answered(umpire, SLOT, one.id, NULL);
    umpire_answered(umpire, SLOT, one.id, &receipt);
    assert_wrong(WRONG_UNTRUE);
}

static void told_without_the_pumps_word(void **state)
{
    (void)state;
    struct command one = bolus(2);
    struct receipt receipt = applied(&one);
    send(&one);
    umpire_told(umpire, SLOT, one.id, &receipt);
    assert_wrong(WRONG_UNTRUE);
}

static void told_unsent_and_sent(void **state)
{
    (void)state;
    struct command one = bolus(2);
    send(&one);
    umpire_told_unsent(umpire, SLOT);
    assert_wrong(WRONG_UNTRUE);
}

static void applied_without_a_trace(void **state)
{
    (void)state;
    struct command one = bolus(2);
    struct receipt receipt = applied(&one);
    send(&one);
    answer_and_tell(&one, &receipt);
    struct umpire *copy = malloc(sizeof *copy);
    assert_non_null(copy);
    *copy = *umpire;
    assert_end(WRONG_LOST);
    *umpire = *copy; /* the entry may be among those that a cut took along */
    umpire_gap(umpire, pump_ms - 10, pump_ms + 10);
    assert_end(WRONG_NONE);
    free(copy);
}

static void a_receipt_that_is_forgotten(void **state)
{
    (void)state;
    struct command one = bolus(2);
    struct receipt receipt = refused(&one, VERDICT_LOCKOUT);
    send(&one);
    umpire_answered(umpire, SLOT, one.id, &receipt);
    struct umpire_breach none = umpire->breach;
    umpire_answered(umpire, SLOT, one.id, NULL);
    assert_wrong(WRONG_LOST);
    umpire->breach = none;
    umpire_gone(umpire, SLOT, one.id); /* it is the newest: it must be kept */
    assert_wrong(WRONG_LOST);
    umpire->breach = none;
    umpire_gone(umpire, SLOT, 1);
    assert_wrong(WRONG_NONE);
}

static void a_receipt_that_changes(void **state)
{
    (void)state;
    struct command one = bolus(2);
    struct receipt receipt = refused(&one, VERDICT_LOCKOUT);
    send(&one);
    umpire_answered(umpire, SLOT, one.id, &receipt);
    umpire_answered(umpire, SLOT, one.id, &receipt);
    assert_wrong(WRONG_NONE);
    receipt.at.ms++;
    umpire_answered(umpire, SLOT, one.id, &receipt);
    assert_wrong(WRONG_RECEIPT);
}

static void what_stays_unknown(void **state)
{
    (void)state;
    struct command one = bolus(2);
    send(&one);
    umpire_told(umpire, SLOT, one.id, NULL);
    struct umpire *copy = malloc(sizeof *copy);
    assert_non_null(copy);
    *copy = *umpire;
    assert_end(WRONG_UNSETTLED);
    *umpire = *copy;
    umpire_forgets(umpire, SLOT); /* whoever lost all memory of it cannot ask; it may have happened once */
    course_begins();
    *copy = *umpire;
    assert_end(WRONG_NONE);
    *umpire = *copy;
    pass(600000);
    course_begins();
    assert_end(WRONG_TWICE);
    free(copy);
}

static void a_stop_that_does_not_stop(void **state)
{
    (void)state;
    struct command stop = { .kind = COMMAND_STOP, .id = 2 };
    struct receipt receipt = applied(&stop);
    send(&stop);
    umpire_answered(umpire, SLOT, stop.id, &receipt);
    umpire_look(umpire, MODE_RUNNING, pump_ms);
    assert_wrong(WRONG_MODE);
}

/* Power goes between the answer and the end of the wake: what was logged in it is read at the next start. */
static void a_stop_whose_entry_is_read_after_its_answer(void **state)
{
    (void)state;
    for (unsigned stops = 0; stops < 2; stops++) {
        struct command stop = { .kind = COMMAND_STOP, .id = 2 };
        struct receipt receipt = applied(&stop);
        send(&stop);
        answer_and_tell(&stop, &receipt);
        assert_wrong(WRONG_NONE);
        if (stops == 1)
            entry(EVENT_MODE, MODE_RUNNING, MODE_STOPPED, HAPPENING_STOP, 0);
        pass(350);
        entry(EVENT_BOOT, BOOT_BROWN_OUT, 1, 1, 0);
        umpire_look(umpire, stops == 1 ? MODE_STOPPED : MODE_RUNNING, pump_ms);
        assert_end(stops == 1 ? WRONG_NONE : WRONG_MODE);
        (void)end(state);
        (void)begin(state);
    }
}

static void a_stop_that_nobody_chose(void **state)
{
    (void)state;
    umpire_look(umpire, MODE_RUNNING, pump_ms);
    assert_wrong(WRONG_NONE);
    umpire_look(umpire, MODE_STOPPED, pump_ms);
    assert_wrong(WRONG_MODE);
}

static void a_stop_that_the_log_tells_and_nobody_asked_for(void **state)
{
    (void)state;
    entry(EVENT_MODE, MODE_RUNNING, MODE_STOPPED, HAPPENING_STOP, 0);
    assert_end(WRONG_UNASKED);
}

static void another_therapy_in_force(void **state)
{
    (void)state;
    uint8_t token[TOKEN_BYTES] = { 1, 2, 3 };
    umpire_in_force(umpire, token);
    assert_wrong(WRONG_MODE);
}

static void quanta_that_nothing_covers(void **state)
{
    (void)state;
    struct command one = bolus(2);
    send(&one);
    course_begins();
    struct receipt receipt = applied(&one);
    answer_and_tell(&one, &receipt);
    for (unsigned i = 0; i < 10; i++) { /* 2500 nL at 3.6 mL a day: a minute */
        pass(6000);
        umpire_moved(umpire, 1);
    }
    assert_wrong(WRONG_NONE);
    for (unsigned i = 0; i < 3; i++) {
        pass(6000);
        umpire_moved(umpire, 1);
    }
    assert_wrong(WRONG_DOSE);
}

static void less_than_was_said(void **state)
{
    (void)state;
    course_begins();
    pass(60000);
    umpire_moved(umpire, 1);
    entry(EVENT_COURSE_END, COURSE_CLINICIAN, 10, 10, COURSE_COMPLETE);
    assert_wrong(WRONG_DOSE);
}

#define JUDGED(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JUDGED(what_agrees_passes),
        JUDGED(one_wish_sent_as_two_commands),
        JUDGED(a_command_repeated_later_under_another_id),
        JUDGED(another_command_than_was_asked_for),
        JUDGED(an_id_used_for_two_commands),
        JUDGED(one_command_with_two_effects),
        JUDGED(a_course_that_nobody_asked_for),
        JUDGED(what_was_told_not_applied_happens_late),
        JUDGED(what_never_was_has_a_receipt_later),
        JUDGED(told_without_the_pumps_word),
        JUDGED(told_unsent_and_sent),
        JUDGED(applied_without_a_trace),
        JUDGED(a_receipt_that_is_forgotten),
        JUDGED(a_receipt_that_changes),
        JUDGED(what_stays_unknown),
        JUDGED(a_stop_that_does_not_stop),
        JUDGED(a_stop_whose_entry_is_read_after_its_answer),
        JUDGED(a_stop_that_nobody_chose),
        JUDGED(a_stop_that_the_log_tells_and_nobody_asked_for),
        JUDGED(another_therapy_in_force),
        JUDGED(quanta_that_nothing_covers),
        JUDGED(less_than_was_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
