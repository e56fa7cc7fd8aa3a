/* soak.h - `cisterna soak`: pump-years by the thousand under the eyes of the oracle. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SOAK_H
#define APP_SOAK_H

/* `words[0]` is the command's name. Returns the exit code. */
int soak_main(int count, char **words);

#endif
