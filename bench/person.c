/* person.c - what a simulated patient costs: a month in batches of ten minutes, by the number of drugs, and a year. Prints
 * figures; asserts nothing. */
// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <time.h>

#include "twin/body/person.h"

enum { BATCHES_DAY = 144 };

static struct person person;

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Batches that differ by a fifth from each other, and presses of the button. */
static double live(int drugs, int days, double batch_s)
{
    static const struct {
        enum agent agent;
        double kg_s;
    } given[PERSON_SPINES_MAX] = { { AGENT_MORPHINE, 2.7e-6 / 86400 },
                                   { AGENT_BUPIVACAINE, 10e-6 / 86400 },
                                   { AGENT_CLONIDINE, 0.3e-6 / 86400 },
                                   { AGENT_ZICONOTIDE, 5e-9 / 86400 } };
    struct person_setup setup = person_setup_typical(1);
    (void)person_init(&person, &setup);
    double begun = seconds();
    for (int i = 0; i < days * 86400 / (int)batch_s; i++) {
        for (int drug = 0; drug < drugs; drug++)
            (void)person_deliver(&person, given[drug].agent, given[drug].kg_s * batch_s * (0.9 + 0.2 * (i % 2)),
                                 batch_s);
        person_pass(&person, batch_s);
        if (person_asks(&person) && drugs > 0)
            (void)person_deliver(&person, AGENT_MORPHINE, 1e-7, 0.0);
    }
    return seconds() - begun;
}

int main(void)
{
    for (int drugs = 1; drugs <= PERSON_SPINES_MAX; drugs++) {
        double took = live(drugs, 30, 86400.0 / BATCHES_DAY);
        (void)printf("a month by ten minutes, %d drugs: %.3f s, %.1e times real time\n", drugs, took,
                     30 * 86400 / took);
    }
    (void)printf("a year by ten minutes, 1 drug: %.3f s\n", live(1, 365, 600.0));
    (void)printf("a year by the hour, 1 drug: %.3f s\n", live(1, 365, 3600.0));
    (void)printf("a day by the second, 1 drug: %.3f s\n", live(1, 1, 1.0));
    (void)printf("%zu bytes\n", sizeof person);
    return 0;
}
