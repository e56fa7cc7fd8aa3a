/* command.h - `cisterna spine`: a dosing history in, concentrations along the spine out. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SPINE_COMMAND_H
#define APP_SPINE_COMMAND_H

/* words[0] is "spine". Returns the exit code. */
int spine_main(int count, char **words);

#endif
