/* body_test.c - the person beside a rig gets all that leaves the tip and nothing else, whenever somebody looks. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/body.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/command.h"
#include "pump/state.h"
#include "rig/play.h"

enum { TEXT_ROOM = 65536 };

struct stage {
    char text[TEXT_ROOM];
    struct reader reader;
    struct scenario scenario;
    struct play play;
    struct body body, other;
    struct body_view view;
};

static struct stage *stage;

static int stage_begin(const char *path)
{
    struct body_setup setup;
    stage = calloc(1, sizeof *stage);
    FILE *file = fopen(path, "rb");
    assert_non_null(stage);
    assert_non_null(file);
    stage->reader.size = fread(stage->text, 1, TEXT_ROOM - 1, file);
    assert_int_equal(fclose(file), 0);
    stage->reader.file = path;
    stage->reader.text = stage->text;
    assert_int_equal(scenario_read(&stage->reader, &stage->scenario), 0);
    assert_true(play_implant(&stage->play, &stage->scenario, NULL, stderr));
    body_typical(&setup);
    assert_true(body_begin(&stage->body, &setup));
    return 0;
}

static int morphine(void **state)
{
    (void)state;
    return stage_begin("examples/morphine-60-days.json");
}

static int mixture(void **state)
{
    (void)state;
    return stage_begin("examples/mixture-stall.json");
}

static int stage_end(void **state)
{
    (void)state;
    scenario_free(&stage->scenario);
    free(stage);
    return 0;
}

static void run_to(int64_t ms)
{
    rig_run_until(&stage->play.rig, (instant_ms){ ms });
}

static bool near(double value, double expected, double share)
{
    return fabs(value - expected) <= share * fabs(expected);
}

/* What the twin has delivered, the person has got, and it is somewhere. */
static void balanced(const struct body *body, const struct twin *twin)
{
    for (unsigned i = 0; i < BODY_DRUGS_MAX; i++) {
        assert_true(body->given_kg[i] == twin->totals.delivered_kg[i]);
        if (body->drug[i] == 0 || body->given_kg[i] == 0)
            continue;
        struct spine_balance balance = spine_balance(body_spine(body, i));
        assert_true(near(balance.given, twin->totals.delivered_kg[i], 1e-12));
        assert_true(fabs(balance.gap) <= 1e-10 * balance.given);
        assert_true(balance.csf > 0 && balance.tissue > 0);
    }
}

static void what_left_the_tip_is_there_at_every_look(void **state)
{
    (void)state;
    struct rig *rig = &stage->play.rig;
    uint64_t dice = 3;
    double before_kg = 0;
    for (int64_t ms = 0; ms < 20 * (int64_t)DAY_MS;) {
        dice = dice * 6364136223846793005u + 1442695040888963407u;
        ms += (int64_t)(dice >> (dice >> 62 == 0 ? 36 : 42)); /* up to three days, mostly within an hour */
        run_to(ms);
        twin_set_fault(&rig->twin, TWIN_FAULT_KINK, dice >> 60 < 4 ? 0.3 : 0.0);
        if (dice >> 61 == 3) {
            struct command command = { .kind = COMMAND_PATIENT_BOLUS };
            struct receipt receipt;
            rig_command(rig, ROLE_PATIENT, &command, &receipt);
        }
        body_follow(&stage->body, &rig->twin);
        assert_int_equal(stage->body.at.ms, ms);
        balanced(&stage->body, &rig->twin);
        assert_true(stage->body.given_kg[0] >= before_kg);
        before_kg = stage->body.given_kg[0];
    }
    assert_true(before_kg > 1e-6);
}

static void a_gap_of_days_is_made_good(void **state)
{
    (void)state;
    run_to(12 * (int64_t)DAY_MS);
    body_follow(&stage->body, &stage->play.rig.twin);
    balanced(&stage->body, &stage->play.rig.twin);
    stage->other = stage->body;
    body_follow(&stage->body, &stage->play.rig.twin); /* no time, no drug */
    assert_memory_equal(&stage->body, &stage->other, sizeof stage->body);
}

static void a_copy_goes_its_own_way(void **state)
{
    (void)state;
    static struct rig fork;
    struct rig *rig = &stage->play.rig;
    run_to(2 * (int64_t)DAY_MS);
    body_follow(&stage->body, &rig->twin);
    stage->other = stage->body;
    fork = *rig;
    for (int hour = 49; hour < 120; hour++) {
        run_to(hour * (int64_t)HOUR_MS);
        body_follow(&stage->body, &rig->twin);
    }
    for (int hour = 49; hour < 120; hour++) {
        rig_run_until(&fork, (instant_ms){ hour * (int64_t)HOUR_MS });
        body_follow(&stage->other, &fork.twin);
    }
    assert_memory_equal(&stage->body, &stage->other, sizeof stage->body);
    twin_set_fault(&fork.twin, TWIN_FAULT_OCCLUSION, 1.0);
    run_to(9 * (int64_t)DAY_MS);
    rig_run_until(&fork, rig->now);
    body_follow(&stage->body, &rig->twin);
    body_follow(&stage->other, &fork.twin);
    balanced(&stage->other, &fork.twin);
    assert_true(stage->other.given_kg[0] < stage->body.given_kg[0]);
    assert_true(spine_csf_at(body_spine(&stage->other, 0), 0.4) < spine_csf_at(body_spine(&stage->body, 0), 0.4));
}

static void each_drug_has_a_spine_of_its_own(void **state)
{
    (void)state;
    struct rig *rig = &stage->play.rig;
    run_to(6 * (int64_t)DAY_MS);
    body_follow(&stage->body, &rig->twin);
    balanced(&stage->body, &rig->twin);
    body_look(&stage->body, &stage->view);
    assert_int_equal(stage->view.drugs, 3);
    for (unsigned i = 0; i < 3; i++) {
        const struct body_drug *drug = &stage->view.drug[i];
        assert_int_equal(drug->drug, rig->twin.totals.drug[i]);
        assert_true(drug->known && drug->given_kg == rig->twin.totals.delivered_kg[i]);
        assert_true(drug->tip > drug->cisterna && drug->cisterna > 0);
        assert_true(drug->csf[LEVEL_L2] > drug->csf[LEVEL_C1] && drug->tissue[LEVEL_L2] > 0);
        assert_true(drug->tip == drug->csf[LEVEL_L2]); /* where the tip is */
    }
    assert_true(stage->view.drug[0].tip != stage->view.drug[1].tip);
}

/* A drug that the spine has no figures of is counted, and nothing is made up for it. */
static void a_drug_without_figures(void **state)
{
    (void)state;
    static struct twin twin;
    twin.totals.drug[0] = 999;
    twin.totals.drug[1] = DRUG_BACLOFEN;
    twin.totals.delivered_kg[0] = twin.totals.delivered_kg[1] = 1e-6;
    twin.now.ms = HOUR_MS;
    body_follow(&stage->body, &twin);
    body_look(&stage->body, &stage->view);
    assert_int_equal(stage->view.drugs, 2);
    assert_true(!stage->view.drug[0].known && stage->view.drug[0].given_kg == 1e-6 && stage->view.drug[0].tip == 0);
    assert_true(stage->view.drug[1].known && stage->view.drug[1].tip > 0);
    twin.totals.drug[2] = DRUG_MORPHINE; /* filled in later */
    twin.totals.delivered_kg[2] = 2e-6;
    twin.now.ms += HOUR_MS;
    body_follow(&stage->body, &twin);
    body_look(&stage->body, &stage->view);
    assert_true(stage->view.drugs == 3 && stage->view.drug[2].given_kg == 2e-6 && stage->view.drug[2].tip > 0);
    balanced(&(struct body){ .drug = { 0 }, .given_kg = { 1e-6, 1e-6, 2e-6 } }, &twin);
    assert_true(near(body_spine(&stage->body, 1)->given_kg, 1e-6, 1e-12));
}

/* A twin that goes back, as where a disk kept files of two moments: nothing is taken back, and nothing is given twice. */
static void nothing_is_given_twice(void **state)
{
    (void)state;
    static struct twin twin;
    twin.totals.drug[0] = DRUG_MORPHINE;
    for (int hour = 1; hour <= 8; hour++) {
        static const int64_t shown[] = { 1, 2, 3, 2, 3, 4, 5, 6 };
        twin.now.ms = shown[hour - 1] * HOUR_MS;
        twin.totals.delivered_kg[0] = 1e-7 * (double)shown[hour - 1];
        body_follow(&stage->body, &twin);
    }
    assert_int_equal(stage->body.at.ms, 6 * (int64_t)HOUR_MS);
    assert_true(near(body_spine(&stage->body, 0)->given_kg, 6e-7, 1e-12));
    twin.now.ms += HOUR_MS;
    twin.totals.delivered_kg[0] = 5e-7; /* later, but less */
    body_follow(&stage->body, &twin);
    assert_true(near(body_spine(&stage->body, 0)->given_kg, 6e-7, 1e-12) && stage->body.given_kg[0] == 1e-7 * 6.0);
}

static void the_tip_moves_within_the_canal(void **state)
{
    (void)state;
    struct rig *rig = &stage->play.rig;
    run_to(6 * (int64_t)DAY_MS);
    body_follow(&stage->body, &rig->twin);
    stage->other = stage->body;
    assert_false(body_tip(&stage->body, -0.01));
    assert_false(body_tip(&stage->body, 2.0));
    assert_false(body_tip(&stage->body, NAN));
    assert_memory_equal(&stage->body, &stage->other, sizeof stage->body);
    assert_true(body_tip(&stage->body, level_middle(LEVEL_T4)));
    balanced(&stage->body, &rig->twin);
    run_to(8 * (int64_t)DAY_MS);
    body_follow(&stage->body, &rig->twin);
    balanced(&stage->body, &rig->twin);
    body_look(&stage->body, &stage->view);
    assert_int_equal(stage->view.tip, LEVEL_T4);
    assert_true(stage->view.drug[0].csf[LEVEL_T4] > stage->view.drug[0].csf[LEVEL_L2]);
    struct body_setup setup = stage->body.setup;
    setup.figures.value[FIGURE_MIXING] = -1;
    assert_false(body_begin(&stage->body, &setup));
}

static void its_history_is_short_and_in_order(void **state)
{
    (void)state;
    struct rig *rig = &stage->play.rig;
    const int64_t every_ms = 100000;
    int64_t ms = 0;
    for (unsigned batches = 0; ms < 7 * (int64_t)DAY_MS; batches++) {
        run_to(ms += every_ms);
        body_pass(&stage->body, rig);
        assert_int_equal(stage->body.at.ms, ms - ms % (3 * every_ms)); /* batches of five minutes */
        if (ms == 1200 * every_ms) {
            body_look(&stage->body, &stage->view);
            assert_int_equal(stage->view.rows, 66 + 1);
        }
    }
    body_look(&stage->body, &stage->view);
    assert_int_equal(stage->view.rows, BODY_ROWS_MAX);
    assert_true(stage->view.row[BODY_ROWS_MAX - 1].at.ms > ms - BODY_ROW_MS - BODY_BATCH_MS);
    for (unsigned i = 1; i < stage->view.rows; i++)
        assert_int_equal(stage->view.row[i].at.ms - stage->view.row[i - 1].at.ms, BODY_ROW_MS);
    assert_int_equal(stage->view.pasts, BODY_PASTS_MAX);
    for (unsigned i = 0; i < BODY_PASTS_MAX; i++) {
        const struct body_past *past = &stage->view.past[i];
        assert_true(i == 0 || past->at.ms - past[-1].at.ms == BODY_PAST_ROWS * BODY_ROW_MS);
        assert_true(past->csf_kg_m3[0][LEVEL_L2] > past->csf_kg_m3[0][LEVEL_C1] && past->csf_kg_m3[1][LEVEL_L2] == 0);
        for (unsigned k = 0; k < BODY_ROWS_MAX; k++) /* the tip is at L2 */
            if (stage->view.row[k].at.ms == past->at.ms)
                assert_true(near((double)past->csf_kg_m3[0][LEVEL_L2], stage->view.row[k].tip_kg_m3[0], 1e-6));
    }
    assert_true(stage->view.row[9].tip_kg_m3[0] > 0 && stage->view.row[9].rate.nl_day > 0);
    assert_true(stage->view.row[9].reservoir.nl > stage->view.row[200].reservoir.nl);
}

/* What is felt comes from what is there: the same life with a tip that nothing leaves any more hurts more, and says so. */
static void what_is_there_is_felt(void **state)
{
    (void)state;
    struct rig *rig = &stage->play.rig;
    static struct rig fork;
    static struct body_view none;
    run_to(10 * (int64_t)DAY_MS);
    body_follow(&stage->body, &rig->twin);
    stage->other = stage->body;
    fork = *rig;
    twin_set_fault(&fork.twin, TWIN_FAULT_DISCONNECTION, 1.0);
    run_to(14 * (int64_t)DAY_MS);
    rig_run_until(&fork, rig->now);
    body_follow(&stage->body, &rig->twin);
    body_follow(&stage->other, &fork.twin);
    body_look(&stage->body, &stage->view);
    body_look(&stage->other, &none);
    assert_true(stage->view.feels && none.feels);
    assert_true(stage->view.baseline_pain == none.baseline_pain); /* the same person at the same moment */
    assert_true(stage->view.relief > none.relief && stage->view.pain < none.pain);
    assert_true(stage->view.pain >= 0 && none.pain <= 10 && none.says > 0 && none.say[0][0] != '\0');
    assert_true(stage->view.withdrawal < none.withdrawal && stage->view.breathing > 0);
    memset(&stage->other, 0, sizeof stage->other); /* nobody */
    body_follow(&stage->other, &rig->twin);
    body_pass(&stage->other, rig);
    assert_false(body_tip(&stage->other, 0.3));
    body_look(&stage->other, &none);
    assert_true(!none.feels && none.drugs == 0 && none.rows == 0);
}

/* Looked at all the time, as by a page, it keeps its history all the same. */
static void looks_take_nothing_away(void **state)
{
    (void)state;
    struct rig *rig = &stage->play.rig;
    for (int64_t ms = 0; ms < DAY_MS; ms += 60000) {
        run_to(ms);
        body_follow(&stage->body, &rig->twin);
        body_look(&stage->body, &stage->view);
        body_pass(&stage->body, rig);
    }
    body_look(&stage->body, &stage->view);
    assert_in_range(stage->view.rows, 47, 48);
    balanced(&stage->body, &rig->twin);
}

/* A mass at the tip holds back what it holds back, grows in strong morphine, and shrinks when none comes any more. */
static void a_granuloma_narrows_the_tip(void **state)
{
    (void)state;
    struct rig *rig = &stage->play.rig;
    double size = 0.3;
    body_pass(&stage->body, rig);
    assert_true(rig->twin.fault[TWIN_FAULT_GRANULOMA] == 0);
    run_to(2 * (int64_t)DAY_MS);
    body_granuloma(&stage->body, &rig->twin, size);
    assert_true(near(rig->twin.fault[TWIN_FAULT_GRANULOMA], size, 1e-12));
    body_pass(&stage->body, rig);
    for (int hour = 49; hour < 24 * 8; hour++) {
        run_to(hour * (int64_t)HOUR_MS);
        body_pass(&stage->body, rig);
        body_look(&stage->body, &stage->view);
        assert_true(stage->view.granuloma > size); /* 25 mg/mL leaves the tip */
        size = stage->view.granuloma;
        double held = size < 1 ? size : 1;
        assert_true(near(rig->twin.fault[TWIN_FAULT_GRANULOMA], held, 1e-12));
        balanced(&stage->body, &rig->twin);
    }
    assert_true(size > 0.6 && rig->twin.trapped_m3 > 0);
    twin_set_fault(&rig->twin, TWIN_FAULT_DISCONNECTION, 1);
    for (int day = 9; day < 40; day++) {
        run_to(day * (int64_t)DAY_MS);
        body_pass(&stage->body, rig);
    }
    body_look(&stage->body, &stage->view);
    assert_true(stage->view.granuloma < 0.05 && rig->twin.fault[TWIN_FAULT_GRANULOMA] < 0.05);
    body_granuloma(&stage->body, &rig->twin, 0.9);
    body_granuloma(&stage->body, &rig->twin, 0);
    body_look(&stage->body, &stage->view);
    assert_true(stage->view.granuloma == 0 && rig->twin.fault[TWIN_FAULT_GRANULOMA] == 0);
}

static void boluses_are_counted(void **state)
{
    (void)state;
    const struct event events[] = {
        { .code = EVENT_COURSE_START, .field = { COURSE_PATIENT } },
        { .code = EVENT_COURSE_START, .field = { COURSE_CLINICIAN } },
        { .code = EVENT_REFUSED, .field = { COMMAND_PATIENT_BOLUS } },
        { .code = EVENT_REFUSED, .field = { COMMAND_REFILL } },
        { .code = EVENT_COURSE_END, .field = { COURSE_PATIENT } },
        { .code = EVENT_REFUSED, .field = { COMMAND_PATIENT_BOLUS } },
    };
    for (unsigned i = 0; i < sizeof events / sizeof events[0]; i++)
        body_event(&stage->body, &events[i]);
    body_look(&stage->body, &stage->view);
    assert_true(stage->view.boluses_asked == 3 && stage->view.boluses_given == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_left_the_tip_is_there_at_every_look, morphine, stage_end),
        cmocka_unit_test_setup_teardown(a_gap_of_days_is_made_good, morphine, stage_end),
        cmocka_unit_test_setup_teardown(a_copy_goes_its_own_way, morphine, stage_end),
        cmocka_unit_test_setup_teardown(each_drug_has_a_spine_of_its_own, mixture, stage_end),
        cmocka_unit_test_setup_teardown(a_drug_without_figures, morphine, stage_end),
        cmocka_unit_test_setup_teardown(nothing_is_given_twice, morphine, stage_end),
        cmocka_unit_test_setup_teardown(the_tip_moves_within_the_canal, morphine, stage_end),
        cmocka_unit_test_setup_teardown(its_history_is_short_and_in_order, morphine, stage_end),
        cmocka_unit_test_setup_teardown(what_is_there_is_felt, morphine, stage_end),
        cmocka_unit_test_setup_teardown(looks_take_nothing_away, morphine, stage_end),
        cmocka_unit_test_setup_teardown(a_granuloma_narrows_the_tip, morphine, stage_end),
        cmocka_unit_test_setup_teardown(boluses_are_counted, morphine, stage_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
