/* workflow_finish_test.c - every setting is on the finish screen, changed or not, with what a day amounts to; and the lists
 * people choose from are those of the records. REQ-CLIN-02, REQ-CLIN-07, HZ-01, HZ-22. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/finish.h"

#include <stdio.h>
#include <string.h>

#include "clinic/workflow/daydose.h"
#include "clinic/workflow/interval.h"
#include "core/catalog.h"
#include "tests/clinic/workflow_stand.h"
#include "tests/core/sample.h"

static struct workflow workflow;
static struct finish finish;

static void assert_row(const char *label, const char *old, const char *new, const char *change)
{
    for (unsigned i = 0; i < finish.count; i++)
        if (strcmp(finish.row[i].label, label) == 0) {
            assert_string_equal(finish.row[i].old, old);
            assert_string_equal(finish.row[i].new, new);
            assert_string_equal(finish.row[i].change, change);
            assert_int_equal(finish.row[i].changes, strcmp(change, "unchanged") != 0);
            return;
        }
    fail_msg("no row %s", label);
}

static void old_new_and_change_stand_beside_each_other(void **state)
{
    (void)state;
    stand_ready(WORK_PROGRAM, false);
    stand.pump.therapy.program.patient = (struct patient_bolus){ 1, { 10000 }, { ML_NL }, 240, 4, 90 };
    stand_walk(&workflow, WORK_PROGRAM, STEP_AT_READBACK);
    finish_workflow(&finish, &workflow, &stand.practice);
    assert_row("morphine, base of a day", "5 mg/day", "6 mg/day", "+20 %");
    assert_row("morphine, most in any 24 h", "6 mg/day", "6 mg/day", "unchanged"); /* four boluses of 0.25 mg before */
    assert_row("volume of a day", "0.2 mL/day", "0.24 mL/day", "+20 %");
    assert_row("base flow", "0.2 mL/day", "0.24 mL/day", "+20 %");
    assert_row("morphine, concentration", "25 mg/mL", "25 mg/mL", "unchanged");
    assert_row("patient's bolus", "allowed", "not allowed", "changes");
    assert_row("patient's bolus, lockout", "240 min", "-", "ends");
    assert_row("limits of morphine", "4 mg in an hour, 30 mg in a day", "4 mg in an hour, 30 mg in a day", "unchanged");
    assert_row("reservoir, calculated", "10.000000 mL", "10.000000 mL", "unchanged");
    /* 2026-03-17: 8 mL at 0.24 mL/day (with four boluses of 0.01 mL, too) last 33 days and 8 hours */
    assert_row("refill by", "2026-04-19, because of volume", "2026-04-19, because of volume", "unchanged");
}

/* After the dose was lowered, or stopped, the old column is what flows, not the therapy in force. */
static void what_flows_now_is_the_old_side(void **state)
{
    (void)state;
    static const struct {
        uint8_t mode;
        int32_t nl_day;
        const char *program, *dose, *flow, *change;
    } rows[] = { { MODE_MINIMUM, 48000, "minimum", "1.2 mg/day", "0.048 mL/day", "+400 %" },
                 { MODE_SAFE, 48000, "minimum", "1.2 mg/day", "0.048 mL/day", "+400 %" },
                 { MODE_SAFE, 0, "stopped", "0 mg/day", "0 mL/day", "changes" },
                 { MODE_STOPPED, 0, "stopped", "0 mg/day", "0 mL/day", "changes" },
                 { MODE_EMPTY, 0, "stopped", "0 mg/day", "0 mL/day", "changes" },
                 { MODE_RUNNING, 200000, "continuous", "5 mg/day", "0.2 mL/day", "+20 %" } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        stand_ready(WORK_PROGRAM, false);
        stand_walk(&workflow, WORK_PROGRAM, STEP_AT_READBACK);
        workflow.seen.mode = rows[i].mode;
        workflow.seen.base.nl_day = rows[i].nl_day;
        finish_workflow(&finish, &workflow, &stand.practice);
        bool runs = rows[i].mode == MODE_RUNNING;
        assert_row("program", rows[i].program, "continuous", runs ? "unchanged" : "changes");
        assert_row("morphine, base of a day", rows[i].dose, "6 mg/day", rows[i].change);
        assert_row("base flow", rows[i].flow, "0.24 mL/day", rows[i].change);
        assert_row("restart limit", "24 h", "24 h", "unchanged");
    }
}

/* 0.2 mL of base, four boluses of 0.01 mL, one of 0.02 mL at the beginning, in 25 mg/mL: each counts where it is asked for. */
static void a_day_is_the_sum_of_its_parts(void **state)
{
    (void)state;
    const int64_t mg = INT64_C(1000000000000);
    stand_ready(WORK_PROGRAM, false);
    struct therapy therapy = stand_therapy(25 * MG_NG, 200000);
    therapy.program.patient = (struct patient_bolus){ 1, { 10000 }, { ML_NL }, 240, 4, 90 };
    therapy.program.opening = (struct opening){ OPENING_SINGLE, { 20000 }, { ML_NL } };
    assert_int_equal(daydose_most(&therapy, DRUG_MORPHINE, PART_BASE), 5 * mg);
    assert_int_equal(daydose_most(&therapy, DRUG_MORPHINE, PART_BASE | PART_PATIENT), 6 * mg);
    assert_int_equal(daydose_most(&therapy, DRUG_MORPHINE, PART_ALL), 6 * mg + mg / 2);
    assert_int_equal(daydose_most(&therapy, DRUG_MORPHINE, PART_BASE | PART_FILLING), 5 * mg);
    assert_int_equal(daydose_most(&therapy, DRUG_NONE, PART_ALL), 260000);
    therapy.program.opening.kind = OPENING_PRIME;
    assert_int_equal(daydose_most(&therapy, DRUG_MORPHINE, PART_BASE | PART_FILLING), 5 * mg + mg / 2);
    assert_int_equal(daydose_most(&therapy, DRUG_MORPHINE, PART_BASE | PART_SINGLE), 5 * mg);
    assert_int_equal(daydose_shown(mg / 3), INT64_C(333333000000));
}

static void a_refill_shows_the_reservoir_and_a_new_date(void **state)
{
    (void)state;
    stand_ready(WORK_REFILL, false);
    stand_walk(&workflow, WORK_REFILL, STEP_AT_FINISH);
    finish_workflow(&finish, &workflow, &stand.practice);
    unsigned changed = 0;
    for (unsigned i = 0; i < finish.count; i++)
        changed += finish.row[i].changes;
    assert_int_equal(changed, 2); /* reservoir values and nothing else: REQ-RSVR-12 */
    assert_row("reservoir, calculated", "10.000000 mL", "18.000000 mL", "+80 %");
    assert_row("refill by", "2026-04-26, because of volume", "2026-06-05, because of volume", "changes"); /* 40 and 80 days */
}

static void mcg_are_kept_for_drugs_that_are_written_so(void **state)
{
    (void)state;
    stand_ready(WORK_PROGRAM, false);
    struct therapy therapy = stand_therapy(MG_NG / 2, 200000);
    therapy.mixture.component[0].drug = therapy.limits.drug[0].drug = DRUG_BACLOFEN;
    struct finish_side side = { .therapy = &therapy }, none = { .therapy = NULL };
    finish_make(&finish, stand.practice.formulary, &none, &side);
    assert_row("baclofen, base of a day", "-", "100 mcg/day", "new");
    assert_row("baclofen, concentration", "-", "500 mcg/mL", "new");
    finish_make(&finish, NULL, &side, &none);
    assert_row("baclofen, base of a day", "0.1 mg/day", "-", "ends");
}

/* Of any two therapies, what is not shown is the same: changing any one setting changes a row. */
static void no_setting_is_left_out(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (unsigned i = 0; i < 400; i++) {
        struct therapy old = sample_therapy(&seed), new = old;
        switch (i % 12) {
        case 0:
            new.safe_rate.nl_day++;
            break;
        case 1:
            new.restart_limit_hours ^= 1;
            break;
        case 2:
            new.under_delivery = (uint8_t)(1 + new.under_delivery % 3);
            break;
        case 3:
            new.reservoir_low.nl++;
            break;
        case 4:
            new.mri_rule = (uint8_t)(3 - new.mri_rule);
            break;
        case 5:
            new.dead_volume.nl++;
            break;
        case 6:
            new.formulary_version ^= 1;
            break;
        case 7:
            new.limits.bolus_max.nl++;
            break;
        case 8:
            new.limits.rate_max.nl_day++;
            break;
        case 9:
            new.program.opening = (struct opening){ OPENING_SINGLE, { 4711 }, { 4711 } };
            break;
        case 10:
            new.program.patient = (struct patient_bolus){ 1, { 4711 }, { 4711 }, 17, 13, 11 };
            break;
        default:
            new.program = (struct program){ .kind = PROGRAM_PERIODIC, .periodic = { { 4711 }, { 4711 }, 60, 4711 } };
            break;
        }
        struct finish_side before = { .therapy = &old }, after = { .therapy = &new };
        finish_make(&finish, stand.practice.formulary, &before, &after);
        unsigned changed = 0;
        for (unsigned row = 0; row < finish.count; row++)
            changed += finish.row[row].changes;
        if (changed == 0)
            fail_msg("a change of kind %u in therapy %u is not shown", i % 12, i);
        assert_true(finish.count < FINISH_ROWS_MAX);
    }
}

/* A day is a whole number of each interval, rising. */
static void intervals_divide_a_day(void **state)
{
    (void)state;
    uint16_t last = 0;
    for (unsigned i = 0; interval_word(i) != NULL; i++) {
        assert_true(interval_minutes(i) > last);
        last = interval_minutes(i);
        assert_int_equal(DAY_MINUTES % last, 0);
        assert_true(last >= INTERVAL_MINUTES_MIN);
    }
    assert_int_equal(last, DAY_MINUTES);
    assert_int_equal(interval_minutes(1000), 0);
}

/* The table of docs/workflows.md is that of the .def files. */
static void the_document_has_the_steps_of_the_table(void **state)
{
    (void)state;
    static char document[65536];
    FILE *file = fopen("docs/workflows.md", "rb");
    assert_non_null(file);
    size_t size = fread(document, 1, sizeof document - 1, file);
    document[size] = '\0';
    assert_int_equal(fclose(file), 0);
    for (unsigned i = 0; work_at(i) != 0; i++) {
        char line[640];
        size_t used = (size_t)snprintf(line, sizeof line, "| `%s` | ", work_word(work_at(i)));
        for (unsigned place = 0; work_step(work_at(i), place) != STEPS; place++)
            used += (size_t)snprintf(line + used, sizeof line - used, "%s%s", place > 0 ? ", " : "",
                                     step_word(work_step(work_at(i), place)));
        snprintf(line + used, sizeof line - used, " |\n");
        if (strstr(document, line) == NULL)
            fail_msg("docs/workflows.md lacks the line:\n%s", line);
    }
    for (uint8_t step = 0; step < STEPS; step++) {
        char line[320];
        snprintf(line, sizeof line, "| `%s` | %s |\n", step_word(step), step_text(step));
        if (strstr(document, line) == NULL)
            fail_msg("docs/workflows.md lacks the line:\n%s", line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(old_new_and_change_stand_beside_each_other),
        cmocka_unit_test(what_flows_now_is_the_old_side),
        cmocka_unit_test(a_day_is_the_sum_of_its_parts),
        cmocka_unit_test(a_refill_shows_the_reservoir_and_a_new_date),
        cmocka_unit_test(mcg_are_kept_for_drugs_that_are_written_so),
        cmocka_unit_test(no_setting_is_left_out),
        cmocka_unit_test(intervals_divide_a_day),
        cmocka_unit_test(the_document_has_the_steps_of_the_table),
    };
    return cmocka_run_group_tests(tests, stand_open, stand_close);
}
