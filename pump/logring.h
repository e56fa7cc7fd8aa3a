/* logring.h - one ring of events over sectors of the flash, oldest dropped first: the writing half.
 * REQ-STOR-04, -05, -06, -07, REQ-SECU-12.
 *
 * The sector after the one being written is erased ahead of time, so that writing never waits for an erase in ordinary life.
 * Every call does a bounded amount of work and none waits. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_LOGRING_H
#define PUMP_LOGRING_H

#include "pump/logsector.h"

enum {
    LOGRING_TRIES = 3,        /* places at which a record, or erases with which a sector, is tried: guess */
    LOGRING_RECORDS_MAX = (FLASH_SECTOR_BYTES - LOG_HEADER_BYTES) / LOG_RECORD_BYTES_MIN /* in a sector */
};

enum log_answer {
    LOG_KEPT = 1,  /* it stands in the flash and has been read back */
    LOG_WAITS = 2, /* the next sector is not erased yet: try again at a later wake */
    LOG_FAILED = 3 /* the flash did not take it; its number is given up and shows as a gap */
};

enum logring_ahead { AHEAD_SOILED = 1, AHEAD_ERASING = 2, AHEAD_BLANK = 3, AHEAD_NONE = 4 };

/* Fields are private, but for first, last, chain and the two counts. */
struct logring {
    uint64_t first;            /* number of the oldest record held; all before it are dropped */
    uint64_t last;             /* number last stored or given up; 0 none */
    uint8_t chain[HASH_BYTES]; /* after the last record stored */
    uint32_t epoch, erases;    /* as the header of the sector being written says */
    uint32_t ahead_erases;     /* as the header of the next one will say */
    uint16_t sector, end;      /* being written, and the offset of the next word */
    uint16_t ahead;            /* the next sector. Sectors count from the start of the region */
    uint8_t kind;              /* enum log_kind */
    uint8_t ahead_state;       /* enum logring_ahead */
    uint8_t ahead_tries;
    uint32_t words_programmed, erases_begun; /* since somebody last counted them */
    bool worn;                 /* a sector could not be erased, or an event not be written */
};

/* What a boot found. */
struct logring_found {
    uint64_t whole;    /* number of the newest whole record; 0 none */
    uint64_t event;    /* and of the event in it */
    bool torn;         /* there was something behind it that is no record */
    bool unknown;      /* the newest sector was written in a version this software does not know */
};

/* Finds where the ring ends and makes it ready. Numbers that may have been given to records that are not to be seen any more
 * are skipped: ring->last may be above found->whole. Nothing is written; the erase ahead may begin. */
void logring_boot(struct logring *ring, const struct board *board, enum log_kind kind, struct logring_found *found);
/* May the next record need a new sector? */
bool logring_full(const struct logring *ring);
/* Carries the erase ahead on by one step. */
void logring_poll(struct logring *ring, const struct board *board);
/* Appends an event under this number, above ring->last. `given` is the highest number given so far; it goes into the header of
 * a sector that this event begins. */
enum log_answer logring_append(struct logring *ring, const struct board *board, const struct event *event, uint64_t number,
                               uint64_t given);

#endif
