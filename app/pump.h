/* pump.h - `cisterna pump`: a virtual implant that stays up. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PUMP_H
#define APP_PUMP_H

/* words[0] is the command's name. Returns an exit code. */
int pump_main(int count, char **words);

#endif
