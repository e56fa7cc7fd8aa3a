/* command.h - commands and receipts, and their bytes. pump_command() takes these bytes and nothing else does
 * anything to a pump; the link carries them. Byte by byte: core/SPEC.md. REQ-LINK-02, -03, HZ-28. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CORE_COMMAND_H
#define CORE_COMMAND_H

#include <stddef.h>

#include "core/calendar.h"
#include "core/mixture.h"
#include "core/quantity.h"
#include "core/result.h"
#include "core/verdict.h"

enum { COMMAND_VERSION = 1, COMMAND_BYTES_MAX = 256, STAGE_CHUNK_MAX = 192, TOKEN_BYTES = 32, RECEIPT_BYTES = 64, LOT_BYTES = 16,
       COMMAND_SIGNATURE_BYTES = 64, IMAGE_HEADER_BYTES = 48, IMAGE_BYTES_MAX = 131072 };

#define COMMAND(name, code, word, head) COMMAND_##name = code,
enum command_kind {
#include "core/command.def"
};
#undef COMMAND

enum role { ROLE_PATIENT = 1, ROLE_CLINICIAN = 2, ROLE_READER = 3, ROLE_SERVICE = 4 };

/* Who gives a command: the role of a key, and the slot in which the pump knows that key. Each slot counts its ids by itself. */
enum { SENDER_SLOTS = 8 };
struct sender {
    uint8_t role; /* enum role */
    uint8_t slot; /* 1 to SENDER_SLOTS */
};

/* A chunk of a therapy's bytes: offset 0 begins a new staging, the chunk that reaches `total` completes it. Or one of an image's
 * bytes, whose total the image's header told: zero then. */
struct stage_chunk {
    uint32_t total, offset;
    uint8_t size;
    uint8_t bytes[STAGE_CHUNK_MAX];
};

struct refill {
    vol_nl withdrawn;      /* what was aspirated first */
    vol_nl left;           /* what stays in by the clinician's account: 0 when emptied; the fill mixes with it */
    vol_nl filled;         /* what was then put in */
    vol_nl drawn_up;       /* what the syringe held: must equal `filled` (REQ-RSVR-02) */
    struct mixture fill;   /* what it is */
    uint8_t dead_drug_free;/* 1: at implant, tubing and catheter are known to hold no drug */
    uint8_t activate;      /* 1: the staged therapy named by `token` comes into force in the same step */
    char lot[LOT_BYTES];   /* of what was filled, as its label says; all zero: not told */
};

enum { SILENCE_MINUTES_MAX = 720 }; /* of one pause of sound, and of pauses that follow each other */

struct command {
    uint8_t kind;   /* enum command_kind */
    uint64_t id;    /* never zero, never reused by a sender: rising */
    uint64_t head;  /* the ledger head the sender believes; 0 where the command needs none */
    uint8_t retitrated;            /* ACTIVATE, RESUME, REFILL: 1 acknowledges re-titration */
    uint8_t token[TOKEN_BYTES];    /* ACTIVATE, SIGN_LIMITS, REFILL with activate: BLAKE2b-256 of the staged bytes */
    uint8_t signature[COMMAND_SIGNATURE_BYTES]; /* SIGN_LIMITS, UPDATE_BEGIN: Ed25519 */
    uint8_t header[IMAGE_HEADER_BYTES]; /* UPDATE_BEGIN: pump/SPEC.md */
    struct stage_chunk stage;      /* STAGE, UPDATE_CHUNK */
    vol_nl volume;                 /* CLINICIAN_BOLUS */
    rate_nl_day rate;              /* CLINICIAN_BOLUS */
    struct refill refill;          /* REFILL */
    struct calendar calendar;      /* SET_CLOCK */
    uint16_t minutes;              /* SILENCE: 1 to SILENCE_MINUTES_MAX */
    uint8_t alarm;                 /* CLEAR_ALARM: code */
    uint8_t slot;                  /* UNPAIR: 1 to SENDER_SLOTS */
};

enum outcome { OUTCOME_APPLIED = 1, OUTCOME_NOT_APPLIED = 2 };

struct receipt {
    uint64_t id;
    uint8_t kind;         /* enum command_kind; 0 when the command could not be read */
    uint8_t outcome;      /* enum outcome */
    verdict reasons;      /* 0 when applied */
    instant_ms at;        /* when the pump decided */
    instant_ms earliest;  /* when the same wish could first be granted; INSTANT_NEVER when that is not known */
    int64_t detail;       /* with some reasons, the nearest value that would pass (unit of the field refused), else 0 */
    uint64_t head;        /* the ledger head after */
};

/* Members that the kind does not use are not written, and are zero when read. Ranges are those of core/SPEC.md: outside
 * them RESULT_MALFORMED; bytes missing or left over RESULT_TRUNCATED. Outputs are untouched on failure. */
MUST_USE enum result command_encode(const struct command *command, uint8_t *bytes, size_t room, size_t *size);
MUST_USE enum result command_decode(const uint8_t *bytes, size_t size, struct command *command);
void receipt_encode(const struct receipt *receipt, uint8_t bytes[RECEIPT_BYTES]);
MUST_USE enum result receipt_decode(const uint8_t bytes[RECEIPT_BYTES], struct receipt *receipt);
/* The machine word of a command; null when unknown. */
const char *command_word(uint8_t kind);
/* The machine word of a role; null when unknown. */
const char *role_word(uint8_t role);
/* Does this command state the ledger head it expects? */
bool command_needs_head(uint8_t kind);

#endif
