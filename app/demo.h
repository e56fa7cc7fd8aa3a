/* demo.h - `cisterna demo`: virtual implants with patients, the clinic's server and its pages, in one command. README.md */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_DEMO_H
#define APP_DEMO_H

/* words[0] is "demo". Runs until SIGTERM or SIGINT. Returns the exit code. */
int demo_main(int count, char **words);

#endif
