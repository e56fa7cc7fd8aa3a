/* update.h - another image of the pump's software: received piece by piece into the slot that does not run, checked, tried by a
 * start, and given up unless it is confirmed. Therapy goes on through all of it but the start itself; none begins while a bolus,
 * prime or bridge runs. REQ-SECU-09, HZ-15, HZ-17; pump/SPEC.md, docs/decisions/0018-update.md.
 *
 * Each state stands in flash before anything is done about it. A power cut therefore finds the slots as they were, or as they are
 * to be, and what is being received is lost by it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_UPDATE_H
#define PUMP_UPDATE_H

#include "core/event.h"
#include "pump/state.h"

struct update_answer {
    verdict reasons;     /* 0: done */
    instant_ms earliest; /* as in a receipt */
    int64_t detail;      /* of IMAGE, to a chunk or a seal: the offset at which the next chunk must begin; of ROLLBACK: the
                            least version that would pass */
};

/* Carries out an UPDATE_ command. */
struct update_answer update_command(struct pump *pump, const struct board *board, enum actor actor,
                                    const struct command *command, instant_ms now);

/* Is there anything left to write or erase? */
bool update_waits(const struct pump *pump);
/* Does what can be done of it now, after all else has been kept: a sector at a time, so that therapy's own records need not
 * wait. */
void update_keep(struct pump *pump, const struct board *board, instant_ms now);
/* Reads the records again; true when the newest was damaged. They are written anew at the end of the step. */
bool update_scrub(struct pump *pump, const struct board *board);

/* What an interrogation tells. */
struct update_status {
    struct {
        uint8_t state;    /* enum image_state */
        uint32_t version; /* 0 while EMPTY */
        uint32_t bytes;
    } slot[IMAGE_SLOTS];
    uint8_t running_slot; /* 0: the image that the factory wrote */
    uint32_t running_version;
    uint32_t floor_version;
    uint32_t filled_bytes;    /* of the image that is being received */
    instant_ms revert;        /* when the image that is tried is given up, by the pump's time; INSTANT_NEVER when none is */
};
void update_tell(const struct pump *pump, struct update_status *status);

#endif
