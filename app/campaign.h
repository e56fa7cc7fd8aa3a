/* campaign.h - `cisterna sweep` (every bit turned over) and `cisterna cuts` (power cut at every operation). */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_CAMPAIGN_H
#define APP_CAMPAIGN_H

/* `words[0]` is the command's name. Return the exit code. */
int sweep_main(int count, char **words);
int cuts_main(int count, char **words);

#endif
