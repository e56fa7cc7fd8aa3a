/* control_test.c - acts from outside the simulation: each does what it says to the twin and nothing to the pump, and what is not
 * a request is told why and does nothing. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/control.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/rig/den.h"

static struct control control;
static struct pace pace;
static unsigned saves;
static bool save_works;

static bool save(void *context, const char *name, char fault[CONTROL_FAULT_BYTES])
{
    assert_ptr_equal(context, &saves);
    assert_string_equal(name, "one");
    saves++;
    snprintf(fault, CONTROL_FAULT_BYTES, "the disk is full");
    return save_works;
}

static int begin(void **state)
{
    (void)den_begin(state);
    assert_true(cradle_fill(&live));
    drain(&live);
    pace = pace_from(10, live.implant.rig->now, (instant_ms){ IMPLANT_LIFE_MS }, 0);
    control_begin(&control);
    control.live = &live;
    control.pace = &pace;
    control.edge = (struct control_edge){ .context = &saves, .save = save };
    saves = 0;
    save_works = true;
    return 0;
}

static json_t *ask(const char *line)
{
    char *text = control_answer(&control, line, strlen(line), 5000, 2000);
    assert_non_null(text);
    assert_null(strchr(text, '\n'));
    json_t *answer = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_true(json_is_object(answer));
    free(text);
    return answer;
}

static void does(const char *line)
{
    json_t *answer = ask(line);
    if (!json_is_true(json_object_get(answer, "done")))
        print_error("%s: %s\n", line, json_string_value(json_object_get(answer, "error")));
    assert_true(json_is_true(json_object_get(answer, "done")));
    json_decref(answer);
}

static void refused(const char *line, const char *word)
{
    json_t *answer = ask(line);
    const char *error = json_string_value(json_object_get(answer, "error"));
    assert_null(json_object_get(answer, "done"));
    if (error == NULL || strstr(error, word) == NULL)
        print_error("%s: %s, not %s\n", line, error != NULL ? error : "done", word);
    assert_true(error != NULL && strstr(error, word) != NULL);
    json_decref(answer);
}

static struct twin *twin(void)
{
    return &live.implant.rig->twin;
}

/* Nothing of pump or truth changes by what is no request. */
static void what_is_no_request_is_told_and_does_nothing(void **state)
{
    (void)state;
    static struct rig before;
    before = *live.implant.rig;
    static const struct {
        const char *line, *word;
    } REQUESTS[] = {
        { "", "well-formed" },
        { "{", "well-formed" },
        { "{\"do\":\"look\",\"do\":\"look\"}", "well-formed" },
        { "{\"do\":\"look\"} {}", "well-formed" },
        { "\xff\xfe", "well-formed" },
        { "[]", "object" },
        { "7", "well-formed" },
        { "{}", "do" },
        { "{\"do\":7}", "do" },
        { "{\"do\":\"lok\"}", "look" },
        { "{\"do\":\"look\",\"speed\":\"1\"}", "unknown field" },
        { "{\"do\":\"speed\",\"speed\":\"100\",\"spee\":\"1\"}", "unknown field" },
        { "{\"do\":\"fault\",\"fault\":\"stall\",\"on\":true,\"of\":1}", "unknown field" },
        { "{\"do\":\"battery\",\"left\":\"2 %\",\"on\":true}", "unknown field" },
        { "{\"do\":\"speed\"}", "speed" },
        { "{\"do\":\"speed\",\"speed\":100}", "speed" },
        { "{\"do\":\"speed\",\"speed\":\"0\"}", "1 to 1000000" },
        { "{\"do\":\"speed\",\"speed\":\"1000001\"}", "1 to 1000000" },
        { "{\"do\":\"speed\",\"speed\":\"-1\"}", "1 to 1000000" },
        { "{\"do\":\"speed\",\"speed\":\"1e3\"}", "1 to 1000000" },
        { "{\"do\":\"speed\",\"speed\":\"\"}", "speed" },
        { "{\"do\":\"fault\",\"fault\":\"kinkk\",\"on\":true}", "kink" },
        { "{\"do\":\"fault\",\"fault\":\"kink\"}", "on" },
        { "{\"do\":\"fault\",\"fault\":\"kink\",\"on\":1,\"amount\":\"20 %\"}", "on" },
        { "{\"do\":\"fault\",\"fault\":\"kink\",\"on\":true}", "amount" },
        { "{\"do\":\"fault\",\"fault\":\"kink\",\"on\":true,\"amount\":\"101 %\"}", "amount" },
        { "{\"do\":\"fault\",\"fault\":\"kink\",\"on\":true,\"amount\":\"0 %\"}", "amount" },
        { "{\"do\":\"fault\",\"fault\":\"kink\",\"on\":true,\"amount\":0.2}", "amount" },
        { "{\"do\":\"fault\",\"fault\":\"stall\",\"on\":true,\"amount\":\"20 %\"}", "no amount" },
        { "{\"do\":\"migrate\",\"level\":\"T13\"}", "level" },
        { "{\"do\":\"battery\",\"left\":\"101 %\"}", "left" },
        { "{\"do\":\"battery\",\"left\":\"100 %\"}", "never charged" },
        { "{\"do\":\"radio\"}", "on" },
        { "{\"do\":\"skip\",\"span\":\"0 d\"}", "span" },
        { "{\"do\":\"skip\",\"span\":\"30\"}", "span" },
        { "{\"do\":\"skip\",\"span\":\"4000 d\"}", "span" },
        { "{\"do\":\"save\",\"name\":\"../one\"}", "letters" },
        { "{\"do\":\"save\",\"name\":\".one\"}", "letters" },
        { "{\"do\":\"save\",\"name\":\"\"}", "name" },
        { "{\"do\":\"save\",\"name\":\"a234567890123456789012345678901x\"}", "name" },
        { "{\"do\":\"fork\",\"name\":\"one\"}", "do" },
    };
    for (unsigned i = 0; i < sizeof REQUESTS / sizeof REQUESTS[0]; i++)
        refused(REQUESTS[i].line, REQUESTS[i].word);
    assert_memory_equal(&before.twin, twin(), sizeof before.twin);
    assert_memory_equal(&before.pump, &live.implant.rig->pump, sizeof before.pump);
    assert_int_equal(pace.speed, 10);
    assert_false(pace.skips);
    assert_int_equal(saves, 0);
}

static void each_fault_comes_and_goes(void **state)
{
    (void)state;
    char line[128];
    run_to(&live, 7 * (int64_t)HOUR_MS); /* so that "since" is not the beginning */
    for (unsigned i = 0; trouble_at(i) != NULL; i++) {
        const struct trouble_row *row = trouble_at(i);
        bool plain = row->amount == TROUBLE_PLAIN;
        snprintf(line, sizeof line, "{\"do\":\"fault\",\"fault\":\"%s\",\"on\":true%s}", row->word,
                 plain ? "" : ",\"amount\":\"30 %\"");
        does(line);
        assert_true(twin()->fault[row->fault] == (plain ? 1.0 : 0.3));
        json_t *view = ask("{\"do\":\"look\"}");
        const json_t *troubles = json_object_get(view, "troubles"), *one = json_array_get(troubles, 0);
        assert_int_equal(json_array_size(troubles), 1);
        assert_string_equal(json_string_value(json_object_get(one, "name")), row->word);
        assert_int_equal(json_integer_value(json_object_get(one, "since_ms")), live.implant.rig->now.ms);
        if (plain)
            assert_true(json_is_null(json_object_get(one, "amount")));
        else
            assert_string_equal(json_string_value(json_object_get(one, "amount")), "30 %");
        json_decref(view);
        snprintf(line, sizeof line, "{\"do\":\"fault\",\"fault\":\"%s\",\"on\":false}", row->word);
        does(line);
        assert_true(twin()->fault[row->fault] == 0.0);
    }
}

/* A mark is taken: what was done survives a kill. */
static void what_was_done_outlives_a_kill(void **state)
{
    (void)state;
    int64_t wall_ms = 0;
    does("{\"do\":\"fault\",\"fault\":\"kink\",\"on\":true,\"amount\":\"20 %\"}");
    snapshot();
    assert_int_equal(reopen(&wall_ms), IMPLANT_OK);
    assert_int_equal(wall_ms, 2000);
    assert_true(again.implant.rig->twin.fault[TWIN_FAULT_KINK] == 0.2);
}

static void speed_and_skip_turn_the_clock(void **state)
{
    (void)state;
    does("{\"do\":\"speed\",\"speed\":\"1000000\"}");
    assert_int_equal(pace.speed, 1000000);
    assert_int_equal(pace_shows(&pace, 5000).ms, live.implant.rig->now.ms); /* 5 s had passed: not a jump */
    does("{\"do\":\"skip\",\"span\":\"30 d\"}");
    assert_int_equal(pace_shows(&pace, 5000).ms, live.implant.rig->now.ms + 30 * (int64_t)DAY_MS);
    json_t *view = ask("{\"do\":\"look\"}");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(view, "skipping"), "until_ms")),
                     pace.skip_to.ms);
    json_decref(view);
    instant_ms until = pace.skip_to; /* one at a time: nobody's skip is cut short or drawn out by another's */
    refused("{\"do\":\"skip\",\"span\":\"1 d\"}", "under way");
    assert_true(pace.skips && pace.skip_to.ms == until.ms);
}

/* Drained to a share; and drained wholly, the core runs no more. */
static void the_battery_is_drained_and_never_charged(void **state)
{
    (void)state;
    does("{\"do\":\"battery\",\"left\":\"2 %\"}");
    double left = battery_left(&twin()->battery, live.implant.rig->now);
    assert_true(left > 0.0199999 && left < 0.0200001);
    assert_true(rig_runs(live.implant.rig));
    refused("{\"do\":\"battery\",\"left\":\"50 %\"}", "never charged");
    does("{\"do\":\"battery\",\"left\":\"0 %\"}");
    assert_false(rig_runs(live.implant.rig));
    double displaced = twin()->totals.displaced;
    run_to(&live, live.implant.rig->now.ms + 10 * (int64_t)DAY_MS);
    assert_true(twin()->totals.displaced == displaced);
    assert_false(rig_runs(live.implant.rig));
}

static void the_tip_moves(void **state)
{
    (void)state;
    json_t *view = ask("{\"do\":\"look\"}");
    assert_string_equal(json_string_value(json_object_get(json_object_get(view, "catheter"), "tip_level")), "L2");
    json_decref(view);
    does("{\"do\":\"migrate\",\"level\":\"T10\"}");
    view = ask("{\"do\":\"look\"}");
    assert_string_equal(json_string_value(json_object_get(json_object_get(view, "catheter"), "tip_level")), "T10");
    const json_t *one = json_array_get(json_object_get(view, "troubles"), 0);
    assert_string_equal(json_string_value(json_object_get(one, "name")), "migration");
    json_decref(view);
}

/* It holds back what is said, grows in strong drug by itself, and is gone when it is taken away. */
static void a_mass_at_the_tip_comes_grows_and_goes(void **state)
{
    (void)state;
    refused("{\"do\":\"granuloma\"}", "on");
    refused("{\"do\":\"granuloma\",\"on\":true,\"amount\":\"101 %\"}", "amount");
    does("{\"do\":\"granuloma\",\"on\":true,\"amount\":\"30 %\"}");
    assert_true(twin()->fault[TWIN_FAULT_GRANULOMA] > 0.299 && twin()->fault[TWIN_FAULT_GRANULOMA] < 0.301);
    json_t *view = ask("{\"do\":\"look\"}");
    const json_t *one = json_array_get(json_object_get(view, "troubles"), 0);
    assert_string_equal(json_string_value(json_object_get(one, "name")), "granuloma");
    assert_string_equal(json_string_value(json_object_get(one, "amount")), "30 %");
    double passes = json_real_value(json_object_get(json_object_get(view, "catheter"), "passes"));
    assert_true(passes > 0.699 && passes < 0.701);
    json_decref(view);
    does("{\"do\":\"granuloma\",\"on\":false}");
    assert_true(twin()->fault[TWIN_FAULT_GRANULOMA] == 0.0);
    does("{\"do\":\"granuloma\",\"on\":true}");
    assert_true(twin()->fault[TWIN_FAULT_GRANULOMA] > 0.099 && twin()->fault[TWIN_FAULT_GRANULOMA] < 0.101);
    run_to(&live, 30 * (int64_t)DAY_MS);
    assert_true(twin()->fault[TWIN_FAULT_GRANULOMA] > 0.2); /* 10 mg/mL of morphine */
}

/* "0.051667 mL" as nanolitres; -1: null. */
static int64_t today_nl(void)
{
    json_t *view = ask("{\"do\":\"look\"}");
    const json_t *today = json_object_get(json_object_get(view, "truth"), "delivered_today");
    int64_t nl = json_is_string(today) ? (int64_t)(strtod(json_string_value(today), NULL) * 1e6 + 0.5) : -1;
    assert_true(nl >= 0 || json_is_null(today));
    json_decref(view);
    return nl;
}

/* Since the midnight of the pump's clock, which is at whole days here until the clock is set. */
static void what_was_delivered_today_is_told(void **state)
{
    (void)state;
    struct receipt receipt;
    const double *delivered = &twin()->totals.delivered;
    struct command clock = { .kind = COMMAND_SET_CLOCK,
                             .calendar = { .offset = { 20000 * (int64_t)DAY_MS + 2 * HOUR_MS }, .zone = "+02" } };
    run_to(&live, 10 * (int64_t)HOUR_MS);
    assert_int_equal(today_nl(), (int64_t)(*delivered * 1e12 + 0.5)); /* the first day, from the implant on */
    for (int64_t day = 1; day < 4; day++) {
        run_to(&live, day * (int64_t)DAY_MS);
        double before = *delivered;
        run_to(&live, day * (int64_t)DAY_MS + 10 * (int64_t)HOUR_MS);
        int64_t nl = (int64_t)((*delivered - before) * 1e12 + 0.5);
        assert_true(nl > 40000);
        assert_in_range(today_nl(), nl, nl + 250); /* and a quantum under way */
    }
    rig_command(live.implant.rig, ROLE_CLINICIAN, &clock, &receipt);
    assert_int_equal(receipt.outcome, OUTCOME_APPLIED);
    drain(&live);
    assert_int_equal(today_nl(), -1);
    run_to(&live, 4 * (int64_t)DAY_MS - 2 * (int64_t)HOUR_MS);
    double before = *delivered;
    run_to(&live, 4 * (int64_t)DAY_MS);
    int64_t nl = (int64_t)((*delivered - before) * 1e12 + 0.5);
    assert_in_range(today_nl(), nl, nl + 250);
}

/* The person has a fever, and all the pump can know of it is how warm it is. */
static void an_infection_is_felt_and_only_its_warmth_reaches_the_pump(void **state)
{
    (void)state;
    static struct rig before;
    struct sensors sensors;
    const struct board board = twin_board(twin());
    refused("{\"do\":\"infection\"}", "on");
    refused("{\"do\":\"infection\",\"on\":true,\"amount\":\"30 %\"}", "amount");
    before = *live.implant.rig;
    does("{\"do\":\"infection\",\"on\":true}");
    assert_memory_equal(&before.pump, &live.implant.rig->pump, sizeof before.pump);
    assert_true(person_view(&live.body.person).fever > 0.9);
    board.doors->sense(board.hardware, &sensors);
    assert_in_range(sensors.temperature_mdeg, 37900, 39600); /* docs/complications.md */
    for (unsigned i = 0; i < TWIN_FAULTS; i++)
        assert_true(i == TWIN_FAULT_TEMPERATURE || twin()->fault[i] == before.twin.fault[i]);
    json_t *view = ask("{\"do\":\"look\"}");
    const json_t *one = json_array_get(json_object_get(view, "troubles"), 0);
    assert_string_equal(json_string_value(json_object_get(one, "name")), "infection");
    assert_true(json_is_null(json_object_get(one, "amount")));
    json_decref(view);
    run_to(&live, 2 * (int64_t)DAY_MS);
    struct pump_status status;
    rig_status(live.implant.rig, &status);
    assert_int_equal(status.alarms, 0);
    does("{\"do\":\"infection\",\"on\":false}");
    assert_true(person_view(&live.body.person).fever < 0.1);
    board.doors->sense(board.hardware, &sensors);
    assert_in_range(sensors.temperature_mdeg, 36500, 37500);
    view = ask("{\"do\":\"look\"}");
    assert_int_equal(json_array_size(json_object_get(view, "troubles")), 0);
    json_decref(view);
}

static void a_moment_has_a_name_and_is_kept_once(void **state)
{
    (void)state;
    save_works = false;
    refused("{\"do\":\"save\",\"name\":\"one\"}", "the disk is full");
    assert_int_equal(control.moments, 0);
    save_works = true;
    does("{\"do\":\"save\",\"name\":\"one\"}");
    refused("{\"do\":\"save\",\"name\":\"one\"}", "already");
    assert_int_equal(saves, 2);
    json_t *view = ask("{\"do\":\"look\"}");
    const json_t *one = json_array_get(json_object_get(view, "moments"), 0);
    assert_string_equal(json_string_value(json_object_get(one, "name")), "one");
    json_decref(view);
    control.moments = CONTROL_MOMENTS_MAX;
    refused("{\"do\":\"save\",\"name\":\"two\"}", "no more");
}

static void radio_is_cut_and_comes_back(void **state)
{
    (void)state;
    does("{\"do\":\"radio\",\"on\":false}");
    assert_true(control.radio_off);
    does("{\"do\":\"radio\",\"on\":true}");
    assert_false(control.radio_off);
}

/* What the view tells of catheter and drug, after days of morphine by hand: its shares and the twin's own numbers. */
static void the_view_tells_the_truth(void **state)
{
    (void)state;
    run_to(&live, 6 * (int64_t)DAY_MS);
    json_t *view = ask("{\"do\":\"look\"}");
    const json_t *segments = json_object_get(json_object_get(view, "catheter"), "segments"), *drug = NULL;
    double at = 0;
    for (size_t i = 0; i < json_array_size(segments); i++) {
        const json_t *one = json_array_get(segments, i);
        assert_true(json_real_value(json_object_get(one, "from")) == at);
        at = json_real_value(json_object_get(one, "to"));
    }
    assert_true(at == 1.0);
    assert_string_equal(json_string_value(json_object_get(json_array_get(segments, 0), "drug")), "morphine");
    assert_string_equal(json_string_value(json_object_get(json_array_get(segments, 0), "concentration")), "10 mg/mL");
    drug = json_array_get(json_object_get(view, "drugs"), 0);
    assert_string_equal(json_string_value(json_object_get(drug, "drug")), "morphine");
    assert_int_equal(json_array_size(json_object_get(drug, "levels")), LEVELS_ALL);
    double tip = json_real_value(json_object_get(drug, "tip")); /* mcg/mL */
    static struct body_view seen;
    body_look(&live.body, &seen);
    double truth = seen.drug[0].tip * 1000.0;
    assert_true(truth > 0 && tip > truth * 0.9994 && tip < truth * 1.0006);
    assert_true(json_array_size(json_object_get(json_object_get(view, "history"), "rows")) > 100);
    assert_int_equal(json_array_size(json_object_get(json_object_get(view, "history"), "levels")), 0);
    json_decref(view);
    control_pass(&control);
    assert_int_equal(control_next(&control).ms, live.implant.rig->now.ms + BODY_ROW_MS);
    view = ask("{\"do\":\"look\"}");
    const json_t *column = json_array_get(json_object_get(json_object_get(view, "history"), "levels"), 0);
    const json_t *curve = json_object_get(json_object_get(column, "drugs"), "morphine");
    assert_int_equal(json_array_size(curve), LEVELS_ALL);
    assert_true(json_real_value(json_array_get(curve, LEVEL_L2)) > 0);
    assert_true(strlen(json_string_value(json_object_get(view, "time"))) > 20);
    json_decref(view);
}

static void text_is(const json_t *object, const char *name, const char *text)
{
    const char *found = json_string_value(json_object_get(object, name));
    assert_non_null(found);
    assert_string_equal(found, text);
}

/* What the pump was told of a refill stands beside what was so, in numbers by hand. */
static void the_view_tells_what_came_of_a_refill(void **state)
{
    (void)state;
    struct receipt receipt;
    struct command command = { .kind = COMMAND_REFILL };
    command.refill = (struct refill){ .withdrawn = { 11699000 }, .filled = { 19000000 }, .drawn_up = { 19000000 },
                                      .fill = { .count = 1, .component = { { DRUG_MORPHINE, { 10000000 } } } } };
    json_t *view = ask("{\"do\":\"look\"}");
    text_is(json_object_get(view, "truth"), "spilled", "0.000000 mL");
    json_decref(view);
    const int64_t out_nl[] = { 2676000, 17000000 }; /* of 20 mL, so that more and less is there than is told */
    static const char *const TOLD[][5] = { { "11.699000 mL", "11.699000 mL", "19.000000 mL", "14.375000 mL", "4.625000 mL" },
                                           { "11.699000 mL", "3.000000 mL", "19.000000 mL", "19.000000 mL", "0.000000 mL" } };
    static const char *const NAMES[] = { "told", "drawn", "filled", "entered", "spilled" };
    for (unsigned i = 0; i < 2; i++) {
        assert_true(twin_withdraw(twin(), rig_m3((vol_nl){ out_nl[i] })) > 0);
        rig_command(live.implant.rig, ROLE_CLINICIAN, &command, &receipt);
        assert_int_equal(receipt.outcome, OUTCOME_APPLIED);
        drain(&live);
        view = ask("{\"do\":\"look\"}");
        const json_t *truth = json_object_get(view, "truth"), *refill = json_object_get(truth, "last_refill");
        for (unsigned k = 0; k < 5; k++)
            text_is(refill, NAMES[k], TOLD[i][k]);
        assert_int_equal(json_integer_value(json_object_get(refill, "elapsed_ms")), live.implant.rig->now.ms);
        text_is(truth, "spilled", "4.625000 mL");
        text_is(truth, "reservoir", i == 0 ? "20.000000 mL" : "19.000000 mL");
        json_decref(view);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_no_request_is_told_and_does_nothing, begin, den_end),
        cmocka_unit_test_setup_teardown(each_fault_comes_and_goes, begin, den_end),
        cmocka_unit_test_setup_teardown(what_was_done_outlives_a_kill, begin, den_end),
        cmocka_unit_test_setup_teardown(speed_and_skip_turn_the_clock, begin, den_end),
        cmocka_unit_test_setup_teardown(the_battery_is_drained_and_never_charged, begin, den_end),
        cmocka_unit_test_setup_teardown(the_tip_moves, begin, den_end),
        cmocka_unit_test_setup_teardown(a_mass_at_the_tip_comes_grows_and_goes, begin, den_end),
        cmocka_unit_test_setup_teardown(what_was_delivered_today_is_told, begin, den_end),
        cmocka_unit_test_setup_teardown(an_infection_is_felt_and_only_its_warmth_reaches_the_pump, begin, den_end),
        cmocka_unit_test_setup_teardown(a_moment_has_a_name_and_is_kept_once, begin, den_end),
        cmocka_unit_test_setup_teardown(radio_is_cut_and_comes_back, begin, den_end),
        cmocka_unit_test_setup_teardown(the_view_tells_the_truth, begin, den_end),
        cmocka_unit_test_setup_teardown(the_view_tells_what_came_of_a_refill, begin, den_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
