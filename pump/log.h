/* log.h - the pump's event log: numbered events, the newest in memory, all of them in the flash. REQ-STOR-04, -05, -06.
 *
 * log_write() numbers an event and keeps it in memory; log_flush() carries what is new into the ring of events, and what is a
 * fault into the ring of faults as well. Between the two at most LOG_EVENTS events wait. Numbers are never used twice, not
 * after a reset either; one that is missing in the flash is reported at boot and by the reader (pump/logread.h). */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_LOG_H
#define PUMP_LOG_H

#include "core/event.h"
#include "pump/logring.h"

enum { LOG_EVENTS = 32, LOG_RINGS = 2 };

/* Fields are private, but for last. */
struct log {
    uint64_t last; /* number of the newest event; 0 when none */
    struct event ring[LOG_EVENTS];
    struct logring flash[LOG_RINGS];
    uint64_t carried[LOG_RINGS]; /* number of the last event that was carried into the flash, given up or passed over */
};

/* What log_boot() found: when lost_to is not 0, the events lost_from to lost_to are lost, or their numbers were never given. */
struct log_found {
    uint64_t lost_from, lost_to;
    bool torn;    /* a record was cut or damaged at the end of a ring */
    bool unknown; /* a ring ends in a version this software does not know: it goes on in a fresh sector */
};

/* What somebody outside needs to know of a ring in order to trust what is read from it later. */
struct log_head {
    uint64_t first, last; /* numbers: the oldest held, the last stored or given up */
    uint8_t chain[HASH_BYTES];
};

/* Empties the memory and finds the end of both rings. `known` is the number of the newest event by retained memory, 0 when
 * that is lost: numbers up to it are not given again. Without it, LOG_EVENTS numbers are skipped when the ring ended where
 * events may have waited for a sector. Reads every header and at most three whole sectors of each ring; erases, if need be. */
void log_boot(struct log *log, const struct board *board, uint64_t known, struct log_found *found);
/* Appends an event in memory; the log numbers it. */
void log_write(struct log *log, const struct event *event);
/* Carries what waits into the flash, and the erase ahead on. To be called after anything was written, before anybody is told,
 * and once again a little later while it answers LOG_WAITS. LOG_FAILED: something was given up, the flash is worn. */
enum log_answer log_flush(struct log *log, const struct board *board);
/* Does anything wait for log_flush()? */
bool log_waits(const struct log *log);
/* The event with this number, from memory; false when it is gone from there or not yet written. */
bool log_read(const struct log *log, uint64_t sequence, struct event *event);
void log_head(const struct log *log, enum log_kind kind, struct log_head *head);

#endif
