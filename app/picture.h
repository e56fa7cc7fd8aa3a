/* picture.h - what a pump tells of itself, put together: all that a role may ask. What it may not ask is left out; nothing is
 * filled in for it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PICTURE_H
#define APP_PICTURE_H

#include <jansson.h>

#include "app/visit.h"
#include "core/catalog.h"
#include "core/therapy.h"

/* Besides the status, which stands in the visit. */
struct picture {
    cisterna_Capability capability;
    cisterna_Energy energy;
    cisterna_Sensors sensors;
    struct therapy therapy; /* in force */
    bool has_sensors, has_therapy;
    cisterna_Alarm alarm[ALARM_COUNT];
    unsigned alarms;
};

/* Asks for all of it; false with a message when the pump does not answer. */
bool picture_take(struct visit *visit, struct picture *picture);
/* It and the visit's status, as a new object. */
json_t *picture_json(const struct visit *visit, const struct picture *picture);
/* The dose that a flow gives in a day at this concentration. */
void picture_dose(char text[AMOUNT_TEXT_BYTES], int32_t nl_day, conc_ng_ml conc);

/* What a mode is, in a sentence that begins with its word. */
const char *picture_mode(uint32_t mode);

#endif
