/* attack.h - `cisterna attack`: somebody on the air of a virtual pump, and a witness who tells whether it came to anything. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_ATTACK_ATTACK_H
#define APP_ATTACK_ATTACK_H

/* words[0] is "attack". Returns the exit code. */
int attack_main(int count, char **words);

#endif
