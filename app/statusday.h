/* statusday.h - what a therapy amounts to in a day, and when the reservoir is due, in the words of the reports: for pages, which
 * reckon nothing of it themselves. REQ-CLIN-02, REQ-RSVR-07, HZ-01. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_STATUSDAY_H
#define APP_STATUSDAY_H

#include <jansson.h>

#include "app/picture.h"

/* Adds "day", an array with for each drug its name, its concentration, the dose of the program in 24 h, and the most with all
 * boluses the patient may ask for; and "refill": by when the volume is used up, by the pump's own account, or since when it is
 * ("volume_reached"; null where the pump does not tell), and how many days a fill may be used from the day it was put in, which
 * the pump does not know; of a first fill, which it does not know either, by itself. The picture has a therapy. */
void statusday_add(json_t *object, const struct visit *visit, const struct picture *picture);

#endif
