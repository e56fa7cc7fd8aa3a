/* keep.h - what of a step or command is written down before it ends, and what a start takes over from flash.
 *
 * Order at the end of a step: first the retained memory, whole; then the flash (facts that changed, or a checkpoint); then the
 * events; last what may be erased. So a cut between two flash words leaves retained memory and flash each whole, and what
 * stands in retained memory is never older than what stands in flash. REQ-STOR-02, HZ-04, HZ-08; docs/decisions/0015-store.md. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_KEEP_H
#define PUMP_KEEP_H

#include "pump/state.h"

/* How much of the standing facts flash could give back. */
enum kept_facts {
    FACTS_WHOLE, /* the newest settings record and the newest checkpoint */
    FACTS_OLDER, /* the newest settings record is damaged: those of the one before */
    FACTS_NONE   /* no settings record can be read, or there never was one */
};

/* Finds the newest records at a start, and with them pump->keeping.last. */
void keep_mount(struct pump *pump, const struct board *board);
/* Reads the standing facts from flash into pump->now; after FACTS_NONE it is that of a new pump. */
enum kept_facts keep_facts(struct pump *pump, const struct board *board);

/* The latest instant, ms, that any sound memory says was reached. */
int64_t keep_known_until(const struct pump *pump, const struct kept *kept);

/* Both copies of the therapy in force in retained memory are damaged: restores them from its record in flash, and says so.
 * False when that cannot be read either. */
bool keep_slots(struct pump *pump, const struct board *board, instant_ms now);

/* Stores the staged therapy: the record that pump->now.therapy_sequence will name once it is in force. Nothing else changes.
 * RESULT_BUSY or RESULT_DAMAGED when flash does not take it (pump/store.h). */
MUST_USE enum result keep_staged(struct pump *pump, const struct board *board, instant_ms now);

/* Stores the state of the image slots. Errors likewise. */
MUST_USE enum result keep_images(struct pump *pump, const struct board *board, const struct images *images, instant_ms now);

/* The end of a step or command. */
void keep_write(struct pump *pump, const struct board *board, instant_ms now);

/* Reads the newest records again, and restores those that are damaged from what is in force: at each start, and as a part of
 * the self-test several times a day. */
void keep_scrub(struct pump *pump, const struct board *board, instant_ms now);

/* Once an hour a checkpoint; at every look what could not be written before. */
void keep_look(struct pump *pump, const struct board *board, instant_ms now);

#endif
