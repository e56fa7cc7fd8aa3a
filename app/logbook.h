/* logbook.h - `cisterna log`: what the pump has written down, with every gap and every break of its chain. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_LOGBOOK_H
#define APP_LOGBOOK_H

#include "app/desk.h"

int logbook_run(const struct desk *desk);

#endif
