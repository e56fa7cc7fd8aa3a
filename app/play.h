/* play.h - `cisterna play`. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PLAY_H
#define APP_PLAY_H

#include "app/options.h"

/* Plays a scenario and writes its files; returns the exit code. */
int play_main(const struct play_options *options);

#endif
