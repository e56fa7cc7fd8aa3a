/* telemetry.h - sessions with programmers: the knock at the gate, the handshake, and messages under its keys. One session of
 * clinicians and service, one of patients and one of readers stand at a time. Nothing here changes the therapy: that is for the
 * commands that come through. link/SPEC.md §4 to §6. REQ-LINK-01, -07, REQ-SECU-01, -03, -04, -06, HZ-20, HZ-42, HZ-43. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_TELEMETRY_H
#define PUMP_TELEMETRY_H

#include "board/board.h"
#include "link/session.h"

/* Guesses: link/SPEC.md §6. */
enum { SESSION_IDLE_MS = 120000, SESSION_LIFE_MS = 1800000, ANSWER_BYTES = 57, SESSION_STALE_FREE = 16 };

/* One session. */
enum line_kind { LINE_CLINIC = 0, LINE_PATIENT = 1, LINE_READER = 2, LINES = 3 };
struct line {
    struct session session; /* id 0: there is none */
    uint8_t slot;
    int64_t began_ms, heard_ms;
    uint32_t stale; /* frames of it that came once more, or too late */
    uint8_t knock[TAG_BYTES];     /* the tag of the knock it came of: the same knock gets the same answer */
    uint8_t answer[ANSWER_BYTES]; /* the body of that, without its kind */
};

struct pump;
struct packet;

/* How a frame was received. */
enum welcome {
    WELCOME_YES = 1,     /* authentic, whether or not it was acted on */
    WELCOME_NOTHING = 2, /* dropped, and nobody is to blame: ordinary losses and repeats of the air */
    WELCOME_STRANGER = 3, /* damaged, or by somebody without a key */
    WELCOME_STALE = 4     /* authentic and not to be acted on: anybody can have recorded it, so it costs what a stranger's does */
};

/* KNOCK. */
enum welcome telemetry_knock(struct pump *pump, const struct board *board, const struct packet *packet, uint8_t reach,
                             instant_ms now);
/* DATA: opens it, has it answered (pump/reply.h), seals the answer and sends it. */
enum welcome telemetry_data(struct pump *pump, const struct board *board, const struct packet *packet, instant_ms now);
/* Ends sessions whose time is over. Returns when the next look is due. */
instant_ms telemetry_look(struct pump *pump, instant_ms now);
/* Ends the session of a slot, if it has one. */
void telemetry_end(struct pump *pump, uint8_t slot);
/* Ends all. */
void telemetry_end_all(struct pump *pump);

/* Fresh random bytes from the hardware. */
void telemetry_chance(const struct board *board, uint8_t *bytes, uint32_t size);
/* Sends one packet as a frame. */
void telemetry_send(struct pump *pump, const struct board *board, const struct packet *packet);
/* Answers that a counter was used: the highest of that slot, bound to the tag it answers. */
void telemetry_counter(struct pump *pump, const struct board *board, const struct packet *packet,
                       const uint8_t gate_key[KEY_BYTES], instant_ms now);

#endif
