/* peers.h - `cisterna peers`: which programmers a pump knows. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PEERS_H
#define APP_PEERS_H

#include "app/desk.h"

int peers_run(const struct desk *desk);

#endif
