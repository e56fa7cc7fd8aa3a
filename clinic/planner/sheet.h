/* sheet.h - a calculation as a person or a program reads it: inputs, formula, results with units, checks passed and violated,
 * and where the facts come from. Every plan becomes one. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PLANNER_SHEET_H
#define CLINIC_PLANNER_SHEET_H

#include <jansson.h>
#include <stdio.h>

#include "clinic/formulary/entry.h"
#include "clinic/guard/finding.h"

enum { SHEET_ROWS_MAX = 96, SHEET_SOURCES_MAX = 24, SHEET_KEY_BYTES = 32, SHEET_TEXT_BYTES = 320, SHEET_WORDS_BYTES = 96 };

enum sheet_part { SHEET_INPUT, SHEET_FORMULA, SHEET_RESULT };

struct sheet_row {
    uint8_t part;                  /* enum sheet_part */
    char group[SHEET_KEY_BYTES];   /* of a result: the object it stands in, in JSON */
    char key[SHEET_KEY_BYTES];     /* of inputs and results */
    char words[SHEET_WORDS_BYTES]; /* what it is, for people */
    char text[SHEET_TEXT_BYTES];
};

struct sheet {
    const char *plan; /* "bridge" */
    unsigned rows;
    struct sheet_row row[SHEET_ROWS_MAX];
    struct findings findings;
    unsigned sources;
    struct source source[SHEET_SOURCES_MAX];
};

void sheet_begin(struct sheet *sheet, const char *plan);
__attribute__((format(printf, 4, 5))) void sheet_input(struct sheet *sheet, const char *key, const char *words,
                                                       const char *format, ...);
__attribute__((format(printf, 2, 3))) void sheet_formula(struct sheet *sheet, const char *format, ...);
/* Group null: the plan's own. */
__attribute__((format(printf, 5, 6))) void sheet_result(struct sheet *sheet, const char *group, const char *key,
                                                        const char *words, const char *format, ...);
/* Where a number came from; each once. */
void sheet_source(struct sheet *sheet, const struct source *source);
/* The source of a figure, when it is known. */
void sheet_figure(struct sheet *sheet, const struct entry *entry, const struct figure *figure);

void sheet_print(const struct sheet *sheet, FILE *out);
/* A new object, for the caller to free. */
json_t *sheet_json(const struct sheet *sheet);

#endif
