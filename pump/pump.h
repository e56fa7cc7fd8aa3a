/* pump.h - the implant's software, as one step function.
 *
 * pump_step() does all that is due and returns the next instant at which it wants to be woken. pump_command() is the
 * only way in. Everything lives in `struct pump` and in the board's retained memory: no globals, no heap, no floating
 * point, no recursion, so that a million pumps can live in one process and a run can be forked by plain assignment. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_PUMP_H
#define PUMP_PUMP_H

#include "board/board.h"
#include "core/command.h"
#include "core/event.h"
#include "core/therapy.h"
#include "link/gate.h"
#include "link/sign.h"
#include "pump/state.h"

/* What the factory wrote into this unit. */
struct pump_unit {
    struct model model;
    calib_ppm calibration;
    char serial[SERIAL_BYTES];
    uint32_t software;                    /* version of the image the factory wrote */
    uint8_t secret[KEY_BYTES];            /* the pump's static X25519 key; all zero: no session or pairing is possible */
    uint8_t card[CARD_SECRET_BYTES];      /* printed on the implant card; all zero: no pairing is possible */
    uint8_t formulary_key[SIGN_KEY_BYTES];/* who signs limits; all zero: limits need no signature */
    uint8_t firmware_key[SIGN_KEY_BYTES]; /* who signs images; all zero: no image is taken */
};

/* What the factory does once: writes an empty ledger and empty standing facts into the retained memory. Without it a
 * first boot could not be told from a loss of all memory. */
void pump_make(const struct board *board, instant_ms now);

/* Starts the software, at first and after any reset: takes over what the retained memory still holds and is
 * pessimistic about the rest. `now` is the board's monotonic clock. A pump that lost its therapy delivers nothing and
 * says so. */
void pump_boot(struct pump *pump, const struct board *board, const struct pump_unit *unit, instant_ms now);

/* Does all that is due at `now` (never less than at the last call). Call it again at the instant returned, and before
 * that whenever the hardware has a result or a command was given. */
instant_ms pump_step(struct pump *pump, const struct board *board, instant_ms now);

/* Carries out one command, given as bytes (core/SPEC.md) by this sender. The receipt always says what came
 * of it; a command id seen before gets its first receipt again and has no second effect. Call pump_step()
 * afterwards. */
void pump_command(struct pump *pump, const struct board *board, instant_ms now, struct sender sender, const uint8_t *bytes,
                  size_t size, struct receipt *receipt);

/* The radio has woken the core: fetches every frame that came, answers what deserves an answer, and drops the rest in silence
 * (link/SPEC.md). Call pump_step() afterwards. */
void pump_radio(struct pump *pump, const struct board *board, instant_ms now);

/* What an interrogation tells; changes nothing. */
struct pump_status {
    uint8_t mode;   /* enum mode */
    uint8_t course; /* enum course_kind (pump/state.h), 0 none */
    bool has_therapy;
    rate_nl_day base;               /* the base flow now */
    vol_nl course_left;             /* of the bolus, prime or bridge under way, rounded up */
    int64_t commanded_quanta;       /* told to the motor, since manufacture; of these: */
    int64_t commanded_bolus_quanta; /* attributed to boluses, primes and bridges */
    int64_t metered_quanta;         /* confirmed by the encoder */
    int64_t missed_quanta;          /* commanded and not confirmed */
    int64_t withheld_quanta;        /* held back by governor or driver */
    vol_fl quantum;                 /* what one quantum holds, calibrated */
    vol_fl commanded, metered;      /* volumes of the above */
    vol_grain in_hand;              /* prescribed and not yet a whole quantum */
    vol_grain dropped;              /* fractions dropped at stops and resets, ever */
    vol_fl remaining;               /* in the reservoir, calculated: last confirmed fill less what was metered */
    vol_fl remaining_error;         /* it may be off by so much either way: the label's bound on what was metered since */
    vol_nl tip_after;               /* until so much more is metered the tip may not give what the reservoir holds, rounded up */
    uint64_t head;                  /* ledger head */
    uint32_t alarms;                /* bit set by alarm_index: active or latched */
    uint32_t epoch;
    uint8_t token[TOKEN_BYTES];        /* of the therapy in force */
    uint8_t staged_token[TOKEN_BYTES]; /* of the whole therapy in the staging slot, as stored there */
    uint16_t staged_bytes;             /* 0 when none is whole */
    struct calendar calendar;
    struct mixture reservoir; /* what the pump believes is in it */
    instant_ms bolus_from; /* earliest instant by lockout, count and permission; INSTANT_NEVER when none is allowed */
    instant_ms interrupted_since; /* since when nothing was metered although it should; INSTANT_NEVER when it flows */
};
void pump_status(const struct pump *pump, const struct board *board, instant_ms now, struct pump_status *status);

/* The therapy in force, for read-back: its canonical bytes; 0 when there is none. */
size_t pump_therapy(const struct board *board, uint8_t bytes[THERAPY_BYTES_MAX]);

/* The log: sequence numbers from 1 to pump_log_last(); the ring keeps the newest LOG_EVENTS of them. False when gone
 * or not yet written. */
uint64_t pump_log_last(const struct pump *pump);
bool pump_log_read(const struct pump *pump, uint64_t sequence, struct event *event);

#endif
