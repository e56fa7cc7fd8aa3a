/* twin.h - `cisterna twin`: looks at what is so in truth behind a virtual pump, and does things to it. docs/training.md */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_TWIN_H
#define APP_TWIN_H

/* words[0] is "twin". Returns the exit code. */
int twin_main(int count, char **words);

#endif
