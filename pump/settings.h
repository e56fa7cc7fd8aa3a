/* settings.h - the bytes of the standing facts and of a checkpoint, as they stand in flash. A checkpoint holds what changes
 * all the time (counts, ids, receipts); a settings record is a checkpoint followed by the facts. Byte by byte: pump/SPEC.md.
 * REQ-STOR-01, -02, -10, REQ-LINK-02. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_SETTINGS_H
#define PUMP_SETTINGS_H

#include "core/result.h"
#include "pump/state.h"

/* Older versions can still be read. Version 1 of the settings ended with the limits, before self-test, resets, field, motor
 * load and history of refills. Before version 3 of the settings and version 2 of the checkpoint receipts were counted by the
 * four roles, which become the slots 1 to 4. */
enum {
    SETTINGS_VERSION = 3,
    CHECKPOINT_VERSION = 2,
    SETTINGS_BY_SLOT = 3,
    CHECKPOINT_BY_SLOT = 2,
    SETTINGS_BYTES_MAX = 1315,
    CHECKPOINT_BYTES_MAX = 870
};

/* Writes a checkpoint; returns its length, at most CHECKPOINT_BYTES_MAX. Neither argument is changed (one walk over the
 * members both writes and reads, so they are not const). */
uint32_t checkpoint_encode(struct checkpoint *checkpoint, struct standing *standing, uint8_t *bytes);
/* Reads one: *checkpoint, and the members of *standing that belong to it; the others stay. After RESULT_UNKNOWN_VERSION both
 * are untouched; after RESULT_MALFORMED or RESULT_TRUNCATED they hold nothing to be relied on (a second copy of the standing
 * facts would not fit the chip's stack). */
MUST_USE enum result checkpoint_decode(uint8_t version, const uint8_t *bytes, uint32_t size,
                                       struct checkpoint *checkpoint, struct standing *standing);

/* The first members of either kind of record, which stand at the same place in every version; false when it is too short. */
bool checkpoint_peek(const uint8_t *bytes, uint32_t size, struct checkpoint *checkpoint);

/* Writes a checkpoint and the facts; returns its length, at most SETTINGS_BYTES_MAX. *facts is the check value of the facts
 * alone: while it stays the same no new record is needed. */
uint32_t settings_encode(struct checkpoint *checkpoint, struct standing *standing, uint8_t *bytes, uint32_t *facts);
/* Reads one, of this version or the one before; members that it does not hold stay. Errors as above. */
MUST_USE enum result settings_decode(uint8_t version, const uint8_t *bytes, uint32_t size,
                                     struct checkpoint *checkpoint, struct standing *standing);

#endif
