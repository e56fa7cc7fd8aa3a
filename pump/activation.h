/* activation.h - how a therapy comes into force: staged in chunks, hashed as stored, judged, then activated in one
 * step by a token tied to the staged bytes. The therapy before runs until then. REQ-LINK-05, -06, -09, REQ-THER-15,
 * HZ-17. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_ACTIVATION_H
#define PUMP_ACTIVATION_H

#include "pump/state.h"

struct activation_answer {
    verdict reasons;
    instant_ms earliest; /* when an increase could first pass; INSTANT_NEVER when waiting alone will not help */
};

/* Takes one chunk into the staging slot. Offset 0 starts over; other offsets must follow on. Returns 0, or the
 * reason. */
verdict staging_take(struct pump *pump, const struct stage_chunk *chunk, instant_ms now);
/* Forgets what was staged and not activated in time (REQ-LINK-05). Returns when the next look at it is due. */
instant_ms staging_expire(struct pump *pump, instant_ms now);

/* Takes a signature over the limits of the staged therapy: Ed25519 by the formulary's key over BLAKE2b-256 of "cisterna limits
 * 1", the serial and the limits section of the bytes staged (core/SPEC.md). Returns 0, or the reason. REQ-LIBR-02. */
verdict staging_sign(struct pump *pump, const uint8_t token[TOKEN_BYTES], const uint8_t signature[COMMAND_SIGNATURE_BYTES],
                     instant_ms now);

/* Judges the staged therapy against a token, this unit, the contents that the reservoir will then have, interruption
 * and limits. Opens governor slots for its drugs; changes nothing else. */
struct activation_answer activation_judge(struct pump *pump, struct kept *kept, const struct contents *contents,
                                          const uint8_t token[TOKEN_BYTES], bool retitrated, instant_ms now);
/* Puts the staged therapy in force. Call only after activation_judge() gave no reason, and after the contents were
 * changed. */
void activation_enact(struct pump *pump, const struct board *board, instant_ms now);

/* Does an older drug stand in the catheter that the program in force was given a prime or bridge for? Then its own flow was
 * never meant for that drug. */
bool activation_bridged(const struct pump *pump);

/* Works out what is derived from the therapy in force (worst windows); after boot and activation. */
void activation_derive(struct pump *pump);

#endif
