/* interrogation.h - what a pump said when it was asked: all that a workflow is judged by, of one moment. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_INTERROGATION_H
#define CLINIC_WORKFLOW_INTERROGATION_H

#include <string.h>

#include "core/command.h"
#include "core/therapy.h"

enum { STRETCHES_MAX = 3 };

struct interrogation {
    char serial[SERIAL_BYTES];
    uint8_t model, revision;
    calib_ppm calibration;
    uint8_t mode;            /* enum mode */
    uint8_t course;          /* 0: none is under way */
    rate_nl_day base;        /* what flows now */
    vol_nl reservoir;        /* calculated by the pump, never measured */
    vol_nl metered;          /* since its first start */
    uint32_t alarms;         /* by enum alarm_index */
    instant_ms now, replace; /* of the pump; replace INSTANT_NEVER: not known */
    instant_ms
        interrupted_since; /* INSTANT_NEVER: it flows, or a clinician has stopped it: that the pump does not tell */
    int64_t civil_offset_ms;
    char zone[ZONE_LABEL_BYTES]; /* "": its clock was never set */
    int64_t asked_ms;            /* the programmer's own time then, UTC: see clockdiff.h */
    uint64_t head; /* of the ledger: what is done on the strength of this interrogation states it */
    bool has_therapy;
    struct therapy therapy;
    uint8_t token[TOKEN_BYTES]; /* of the therapy in force */
    uint8_t stretches;          /* from the reservoir to the tip; 0: nobody has told the pump yet */
    struct mixture stretch[STRETCHES_MAX];
    struct receipt settled; /* what became of an earlier command, when this session settled one; else id 0 */
    bool limits_signed;     /* the pump takes only hard limits that its site has signed */
};

/* Its civil time. */
static inline struct calendar interrogation_calendar(const struct interrogation *seen)
{
    struct calendar calendar = { .offset = { seen->civil_offset_ms } };
    memcpy(calendar.zone, seen->zone, sizeof calendar.zone);
    return calendar;
}

/* The model it says it is; null when this programmer does not know it. */
static inline const struct model *interrogation_model(const struct interrogation *seen)
{
    return model_find(seen->model, seen->revision);
}

/* True while a person, or a fault, has lowered the flow below what the program in force gives in a day. */
bool interrogation_lowered(const struct interrogation *seen);

#endif
