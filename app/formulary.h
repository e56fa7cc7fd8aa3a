/* formulary.h - `cisterna formulary`: the drug library, looked into, checked, signed and put into force. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_FORMULARY_H
#define APP_FORMULARY_H

/* words[0] is "formulary". Returns the exit code. */
int formulary_main(int count, char **words);

#endif
