/* controlview.h - what is so in truth, as JSON: the shape of TwinTold in clinic/server/answer.def. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CONTROLVIEW_H
#define RIG_CONTROLVIEW_H

#include <jansson.h>

#include "rig/control.h"

/* A new object. Brings the body up to now, and changes nothing else. */
json_t *controlview_json(const struct control *control);

#endif
