/* programmer.h - the other end of the link: pairs with a pump, opens sessions, asks, and gives commands whose outcome is always
 * one of three: applied, not applied, unknown. link/SPEC.md. REQ-LINK-02, -04, -09, -11, HZ-17, HZ-28.
 *
 * Calls block until an answer came or was given up; time passes in air->receive() only. Plain data without pointers: a run is
 * forked by assignment. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PROGRAMMER_PROGRAMMER_H
#define CLINIC_PROGRAMMER_PROGRAMMER_H

#include "clinic/programmer/air.h"
#include "core/therapy.h"
#include "link/cisterna.pb.h"
#include "link/session.h"

/* How long is waited for each answer and how often it is asked for. */
struct patience {
    int32_t wait_ms; /* guess: 500 */
    uint16_t tries;  /* guess: 12 */
};

/* How a conversation went. */
enum contact {
    CONTACT_OK = 0,
    CONTACT_SILENCE = 1,     /* no answer: out of reach, not near enough, no session, or not let in */
    CONTACT_NOT_PAIRED = 2,  /* the key has no slot */
    CONTACT_REFUSED = 3,     /* the pump answered that it will not (reply.refusal, or an outcome of pairing) */
    CONTACT_VERSION = 4,     /* the pump speaks another version of the link, therapy or commands (REQ-LINK-11) */
    CONTACT_PENDING = 5,     /* the outcome of an earlier command is not known yet: programmer_open() settles that */
    CONTACT_KEEP_FAILED = 6, /* the key could not be kept: what depends on it was not sent, and what was already done stands */
    CONTACT_MALFORMED = 7    /* what was to be sent cannot be */
};

/* What can be said of a command. After an unknown one nothing but queries goes out before programmer_open() has settled it. */
enum told { TOLD_APPLIED = 1, TOLD_NOT_APPLIED = 2, TOLD_UNKNOWN = 3 };

struct programmer {
    struct key key;
    struct session session;
    struct patience patience;
    uint32_t request;     /* of the last request in this session */
    uint8_t role;         /* as the pump told when the session was opened */
    uint64_t head;        /* the pump's ledger head, as last told */
    /* What became of the pending command when programmer_open() asked, even where that failed after it; id 0: none was settled.
     * Not applied without a reason: the pump has never seen it. Outcome 0: it may have been carried out and its receipt is gone
     * (a key restored from a backup): only the log tells. */
    struct receipt settled;
    struct programmer_cost { /* since the beginning */
        uint64_t frames_sent, frames_heard, bytes_sent, bytes_heard, repeats;
        uint64_t public_key; /* handshake messages worked out, made or heard: one to three agreements each */
    } cost;
};

/* A programmer with a key. Patience as above. */
void programmer_start(struct programmer *programmer, const struct key *key);

/* Pairs: the pump id and the card's secret come from the implant card; needs near. On success the key has its slot. Outcome codes
 * of the pump (SPEC §5) in *outcome when CONTACT_REFUSED. A key without a secret gets a fresh one. When no answer came, or the
 * key could not be kept at the end, the pump may have paired all the same: pairing again gives the same slot. */
MUST_USE enum contact programmer_pair(struct programmer *programmer, const struct air *air,
                                      const uint8_t card[CARD_SECRET_BYTES], enum role role, uint8_t *outcome);
/* Opens a session (resynchronising the counter when told so), checks the versions of both sides, and settles a pending
 * command. */
MUST_USE enum contact programmer_open(struct programmer *programmer, const struct air *air);
/* Ends it, on both sides if the pump hears it. */
void programmer_close(struct programmer *programmer, const struct air *air);

/* One request, one reply. `request->request` is filled in. */
MUST_USE enum contact programmer_ask(struct programmer *programmer, const struct air *air, cisterna_Request *request,
                                     cisterna_Reply *reply);
/* Gives a command: id and, where it states one, the head last told are filled in. *receipt is filled in where one came; its id
 * and kind always are. TOLD_NOT_APPLIED without a receipt (outcome 0) when it was never sent, or the pump refused the request:
 * *contact tells why. A known outcome with CONTACT_KEEP_FAILED stands; the next session settles it once more. */
MUST_USE enum told programmer_command(struct programmer *programmer, const struct air *air, struct command *command,
                                      struct receipt *receipt, enum contact *contact);
/* Reads the status; and with it the ledger head that the next command states. */
MUST_USE enum contact programmer_status(struct programmer *programmer, const struct air *air, cisterna_Status *status);
/* Reads therapy bytes, in force or staged; *size 0 when there are none. */
MUST_USE enum contact programmer_read_therapy(struct programmer *programmer, const struct air *air, bool staged,
                                              uint8_t bytes[THERAPY_BYTES_MAX], size_t *size);
/* Stages a therapy in chunks and reads back what the pump stored: `token` is the hash of the bytes sent, which is also what
 * stands there. TOLD_NOT_APPLIED with the receipt of the chunk that failed, or without one when what was read back differs or
 * could not be read: *contact tells. TOLD_UNKNOWN leaves nothing pending: staging changes nothing that flows, and begins anew. */
MUST_USE enum told programmer_stage(struct programmer *programmer, const struct air *air, const struct therapy *therapy,
                                    uint8_t token[TOKEN_BYTES], struct receipt *receipt, enum contact *contact);

#endif
