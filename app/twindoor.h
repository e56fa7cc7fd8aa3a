/* twindoor.h - simulations of a folder of pumps, lent to the server: each answers at `SERIAL/control` in it, and what makes new
 * pumps of kept moments at `control`. Null is answered when nobody does in time. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_TWINDOOR_H
#define APP_TWINDOOR_H

#include "clinic/server/twindoor.h"

/* `folder` is kept, not copied. */
struct server_twin twindoor_of(const char *folder);

#endif
