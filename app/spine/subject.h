/* subject.h - in whom a course is run: the words of the command line that say which drug, tip, regime and figures. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SPINE_SUBJECT_H
#define APP_SPINE_SUBJECT_H

#include <getopt.h>
#include <stdbool.h>

#include "rig/dosing.h"
#include "twin/body/agent.h"

struct subject {
    const char *command; /* "cisterna spine": what messages begin with */
    const char *regime_word;
    int drug; /* -1: not said */
    enum regime regime;
    enum level tip;
    struct figures figures;
    struct dosing_units units;
    double drift_m_s, tolerance;
    int cells;
};

enum subject_letter {
    SUBJECT_DRUG = 256,
    SUBJECT_TIP,
    SUBJECT_REGIME,
    SUBJECT_DRIFT,
    SUBJECT_SET,
    SUBJECT_FIGURES,
    SUBJECT_TIME,
    SUBJECT_AMOUNT,
    SUBJECT_CELLS,
    SUBJECT_TOLERANCE,
    SUBJECT_LETTERS /* where a command's own may begin */
};

#define SUBJECT_OPTIONS                                                                                                \
    { "drug", required_argument, NULL, SUBJECT_DRUG }, { "tip", required_argument, NULL, SUBJECT_TIP },                \
        { "regime", required_argument, NULL, SUBJECT_REGIME }, { "drift", required_argument, NULL, SUBJECT_DRIFT },    \
        { "set", required_argument, NULL, SUBJECT_SET }, { "figures", required_argument, NULL, SUBJECT_FIGURES },      \
        { "time", required_argument, NULL, SUBJECT_TIME }, { "amount", required_argument, NULL, SUBJECT_AMOUNT },      \
        { "cells", required_argument, NULL, SUBJECT_CELLS },                                                           \
    {                                                                                                                  \
        "tolerance", required_argument, NULL, SUBJECT_TOLERANCE                                                        \
    }

/* A typical adult, the tip at L2, hours and milligrams, 64 cells. */
struct subject subject_usual(const char *command);
/* What these options mean, for a command's help. */
void subject_help(void);
/* Takes one of the options above; EXIT_DONE, or the exit code with its message printed. */
int subject_take(struct subject *subject, int letter, const char *value);
/* The subject with other figures. */
struct spine_setup subject_setup(const struct subject *subject, const struct figures *figures);

/* Prints "COMMAND: TEXTWORD; see COMMAND --help", returns EXIT_USAGE. */
int subject_usage(const struct subject *subject, const char *text, const char *word);
/* The same for an option that is none, with the nearest of these. */
int subject_option_unknown(const struct subject *subject, const char *word, const struct option *options);
/* There is no such figure: prints it with the nearest, returns EXIT_USAGE. */
int subject_figure_unknown(const struct subject *subject, const char *word);
/* A finite number written in decimal, within bounds. */
bool subject_number(const char *text, double low, double high, double *value);

#endif
