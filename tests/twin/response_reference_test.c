/* response_reference_test.c - what drugs do, beside CVODE, for a course with a rise, swings, a stop and a second rise. */
// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "tests/twin/near.h"
#include "tests/twin/response_reference.h"
#include "twin/body/response.h"

static const double DAY = 86400, HOUR = 3600, MINUTE = 60;

/* Days 0 to 20 up with swings of six hours, then down within hours, then up again from day 30. */
static void course(double time_s, double *cord, double *head)
{
    double day = time_s / DAY, up = 1 - exp(-day);
    double off = 1 / (1 + exp((day - 20) * 12)), again = 1 / (1 + exp((30 - day) * 12));
    *cord = 4 * up * (off + 0.5 * again) * (1 + 0.3 * sin(8 * acos(-1) * day));
    *head = 0.4 * *cord * (1 + 0.2 * sin(2 * acos(-1) * day));
}

static double half_time(const struct figures *figures, enum figure figure, double unit_s)
{
    return figures->value[figure] * unit_s;
}

static struct response run(const struct figures *figures, enum agent agent, double end_s, double step_s)
{
    struct response response = { 0 };
    for (double t = step_s; t < end_s + 0.5 * step_s; t += step_s) {
        struct response_input input = { 0 };
        course(t, &input.cord[agent], &input.head[agent]);
        response_pass(&response, figures, &input, step_s);
    }
    return response;
}

static double apart(const struct response_state *is, const struct reference_state *should)
{
    double worst = 0;
    double pair[][2] = { { is->cord, should->cord },
                         { is->head, should->head },
                         { is->cord_fast, should->fast },
                         { is->cord_slow, should->slow },
                         { is->head_fast, should->head_fast },
                         { is->habit, should->habit },
                         { is->withdrawal, should->withdrawal } };
    for (size_t i = 0; i < sizeof pair / sizeof pair[0]; i++) {
        worst = fmax(worst, fabs(pair[i][0] - pair[i][1]));
    }
    return worst;
}

static void held_to(enum agent agent, const struct reference_drug *drug)
{
    struct figures figures;
    figures_typical(&figures);
    static const double days[] = { 1, 10, 20, 21, 23, 26, 30.5, 40 };
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        struct reference_state should = response_reference(drug, course, days[i] * DAY);
        struct response coarse = run(&figures, agent, days[i] * DAY, 600),
                        fine = run(&figures, agent, days[i] * DAY, 300);
        const struct response_state *state = &fine.state[response_pathway(agent)];
        double far = apart(&coarse.state[response_pathway(agent)], &should), near_by = apart(state, &should);
        print_message("%-12s day %4.1f: cord %.4f withdrawal %.4f; apart %.1e at 10 min, %.1e at 5 min\n",
                      agent_word(agent), days[i], should.cord, should.withdrawal, far, near_by);
        assert_true(near_by < 3e-4);                    /* of 4, with a swing of a third every six hours */
        assert_true(far < 1e-6 || near_by < 0.3 * far); /* second order */
    }
}

static void opioids_are_as_the_reference(void **state)
{
    (void)state;
    struct figures f;
    figures_typical(&f);
    struct reference_drug drug = { half_time(&f, FIGURE_MORPHINE_CORD_DELAY, MINUTE),
                                   half_time(&f, FIGURE_MORPHINE_HEAD_DELAY, HOUR),
                                   half_time(&f, FIGURE_OPIOID_FAST, HOUR),
                                   half_time(&f, FIGURE_OPIOID_SLOW, DAY),
                                   half_time(&f, FIGURE_OPIOID_HABIT, HOUR),
                                   half_time(&f, FIGURE_OPIOID_LAG, HOUR),
                                   f.value[FIGURE_OPIOID_FAST_GAIN],
                                   f.value[FIGURE_OPIOID_SLOW_GAIN] };
    held_to(AGENT_MORPHINE, &drug);
}

static void baclofen_is_as_the_reference(void **state)
{
    (void)state;
    struct figures f;
    figures_typical(&f);
    struct reference_drug drug = { half_time(&f, FIGURE_BACLOFEN_CORD_DELAY, MINUTE),
                                   half_time(&f, FIGURE_BACLOFEN_HEAD_DELAY, HOUR),
                                   0,
                                   half_time(&f, FIGURE_GABA_SLOW, DAY),
                                   half_time(&f, FIGURE_GABA_HABIT, HOUR),
                                   half_time(&f, FIGURE_GABA_LAG, HOUR),
                                   0,
                                   f.value[FIGURE_GABA_SLOW_GAIN] };
    held_to(AGENT_BACLOFEN, &drug);
}

static void clonidine_and_ziconotide_are_as_the_reference(void **state)
{
    (void)state;
    struct figures f;
    figures_typical(&f);
    struct reference_drug clonidine = { .cord_delay_s = half_time(&f, FIGURE_CLONIDINE_CORD_DELAY, MINUTE),
                                        .head_delay_s = half_time(&f, FIGURE_CLONIDINE_HEAD_DELAY, HOUR),
                                        .habit_s = half_time(&f, FIGURE_ALPHA2_HABIT, HOUR),
                                        .lag_s = half_time(&f, FIGURE_ALPHA2_LAG, HOUR) };
    struct reference_drug ziconotide = { .cord_delay_s = half_time(&f, FIGURE_ZICONOTIDE_CORD_DELAY, MINUTE),
                                         .head_delay_s = half_time(&f, FIGURE_ZICONOTIDE_HEAD_DELAY, HOUR) };
    held_to(AGENT_CLONIDINE, &clonidine);
    held_to(AGENT_ZICONOTIDE, &ziconotide);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opioids_are_as_the_reference),
        cmocka_unit_test(baclofen_is_as_the_reference),
        cmocka_unit_test(clonidine_and_ziconotide_are_as_the_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
