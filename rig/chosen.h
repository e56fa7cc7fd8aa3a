/* chosen.h - the mode that somebody chose: what the pump must be doing, reckoned from the entries of its log by a table of its
 * own. A part of the umpire: a pump found in any other mode was left in one that nobody chose. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CHOSEN_H
#define RIG_CHOSEN_H

#include "core/catalog.h"
#include "core/event.h"

enum { CHOSEN_MODES = 64 };

struct chosen {
    uint8_t mode;           /* enum mode */
    uint8_t before;         /* to which a refill returns an empty pump */
    bool unsure;            /* entries of the log, or memory, were lost: the next look may find what somebody asked for */
    bool dropped, reason;   /* at event_ms it fell to the safe rate; and something was told that allows it */
    bool reason_empty;      /* likewise, while it was empty: a refill returns it to the safe rate */
    int64_t event_ms;
    unsigned count;         /* changes so far; the newest are kept */
    struct chosen_was {
        int64_t at_ms;
        uint8_t mode;
    } was[CHOSEN_MODES];
};

void chosen_start(struct chosen *chosen);
/* One entry of the log, in order. What is wrong with it, null when nothing. */
const char *chosen_event(struct chosen *chosen, const struct event *event);
/* The pump's true mode now, all entries told. `asked`: bit set by enum mode of what commands lead to that may have been carried
 * out without an entry. What is wrong with it, null when nothing. */
const char *chosen_look(struct chosen *chosen, uint8_t mode, uint32_t asked, int64_t now_ms);
/* Was this the mode at that instant, at least at one moment of it? */
bool chosen_was(const struct chosen *chosen, int64_t at_ms, uint8_t mode);

#endif
