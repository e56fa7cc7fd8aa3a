/* controlline.h - one line asked at a control socket, and the one answered: rig/wire.h from the other side. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_CONTROLLINE_H
#define APP_CONTROLLINE_H

#include <stdint.h>

/* Asks at "folder/control". A text for free(); null, with errno, when nobody answers within so many milliseconds. */
char *controlline_ask(const char *folder, const char *request, int64_t patience_ms);

#endif
