/* faults.h - `cisterna faults`: instructions skipped and bits turned over in the core of an emulated chip during therapy. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_FAULTS_H
#define APP_FAULTS_H

/* `words[0]` is the command's name. Returns the exit code. */
int faults_main(int count, char **words);

#endif
