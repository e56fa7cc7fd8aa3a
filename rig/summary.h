/* summary.h - what a run came to: totals, balances, drugs, boluses, alarms; and whether it is what was expected. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_SUMMARY_H
#define RIG_SUMMARY_H

#include "rig/play.h"

/* The summary of a run that has ended, as JSON. */
json_t *summary_make(struct play *play);
/* The exact integral of the programs while they were allowed to run, rounded down to whole femtolitres. */
vol_fl summary_prescribed(const struct pump_status *status);
/* How many of the scenario's expectations the summary does not meet; each is told on `messages`. */
unsigned summary_unmet(const json_t *summary, const struct scenario *scenario, const char *file, FILE *messages);
/* The text of the member at a path such as "totals.delivered"; "" when there is none. Whole numbers are written into
 * `room`. */
const char *summary_text(const json_t *summary, const char *path, char room[32]);

/* -1, 0, 1 when amount a is less, equal, greater than b; 2 when they cannot be compared (not decimal numbers with the
 * same unit). Exact for any number of digits. */
int summary_compare(const char *a, const char *b);

#endif
