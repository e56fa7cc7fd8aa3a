/* calls.h - `cisterna calls`: sessions by the hundred thousand over a bad air, under the eyes of the umpire. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_CALLS_H
#define APP_CALLS_H

/* `words[0]` is the command's name. Returns the exit code. */
int calls_main(int count, char **words);

#endif
