/* plan.h - `cisterna plan`: the clinic's arithmetic on its own. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PLAN_H
#define APP_PLAN_H

/* words[0] is "plan". Returns the exit code: 0 when nothing, or only notes, stand against the plan; 3 when a limit does. */
int plan_main(int count, char **words);
/* The lines of `cisterna --help`. */
void plan_help(void);

#endif
