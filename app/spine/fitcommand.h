/* fitcommand.h - `cisterna spine fit`: figures estimated from a table of observations. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SPINE_FITCOMMAND_H
#define APP_SPINE_FITCOMMAND_H

/* words[0] is "fit". Returns the exit code: 1 when a figure could not be told from the observations. */
int fit_main(int count, char **words);

#endif
