/* errand.h - a command on its way, as it was heard on the air; and the traces in the pump's log that it must or may leave when it
 * is carried out. Written from core/SPEC.md and core/event.def: of pump/ it takes numbers, and no decision. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_ERRAND_H
#define RIG_ERRAND_H

#include "core/command.h"
#include "core/event.h"
#include "core/therapy.h"

/* What of a staged therapy shows in the log, or flows. The opening is a single bolus, or none (volume 0). */
struct regime {
    int64_t token_low; /* as event.def tells of a token: 48 bits */
    int32_t base_nl_day, safe_nl_day;
    int64_t patient_nl, opening_nl;
    int32_t patient_nl_day, opening_nl_day;
};
struct regime regime_of(const struct therapy *therapy);
int64_t token_low(const uint8_t token[TOKEN_BYTES]);

/* An entry of the log behind which a command must stand. */
enum trace_kind {
    TRACE_NONE = 0,
    TRACE_PATIENT,   /* courses began: volume nL, rate nL/day */
    TRACE_CLINICIAN,
    TRACE_OPENING,
    TRACE_COURSE,    /* one of another kind: nobody can ask for that here */
    TRACE_ACTIVATED, /* low bits of the token */
    TRACE_REFILL,    /* withdrawn, filled, nL */
    TRACE_CLOCK,     /* offset, ms */
    TRACE_SILENCED,  /* until, ms */
    TRACE_CLEARED,   /* code of the alarm */
    TRACE_CANCELLED,
    TRACE_STOP,      /* the mode changed, for this reason */
    TRACE_MINIMUM,
    TRACE_RESUME,
    TRACE_RUN,
    TRACES
};
struct trace {
    uint8_t kind; /* enum trace_kind */
    int64_t at_ms, a, b;
};
const char *trace_word(uint8_t kind);
/* TRACE_NONE for an entry that needs no command. */
struct trace trace_of(const struct event *event);

/* What the pump said of it, overheard. */
enum answer {
    ANSWER_NONE = 0, /* nothing that was heard */
    ANSWER_APPLIED,
    ANSWER_REFUSED,
    ANSWER_NEVER     /* never seen */
};

struct errand {
    uint64_t id, print;  /* print: of the bytes, to tell two commands apart */
    uint8_t slot, kind;  /* of its sender; enum command_kind */
    uint8_t answer, told; /* enum answer: overheard; and as its sender was told in the end */
    bool unkept;         /* it was refused in a way that the pump keeps no receipt of */
    bool forgotten;      /* its sender lost all memory of it */
    bool mode_open;      /* applied, and its mode not looked up in the log yet */
    int64_t sent_ms;     /* true time of the first frame */
    int64_t a, b;        /* what its trace tells */
    int32_t minutes;     /* SILENCE */
    uint32_t due, may;   /* traces it must, and may, leave: bits of enum trace_kind */
    uint32_t done;       /* those found */
    struct regime regime; /* that comes into force with it */
    uint8_t receipt[RECEIPT_BYTES];
    int64_t at_ms;       /* when the pump decided, by the receipt */
};

/* Two commands with the same print ask the same, whatever their ids and heads. 0 for one that cannot be encoded. */
uint64_t errand_print(const struct command *command);
/* Of a command from this slot. `regime`: of the therapy its token names; null when it names none. */
struct errand errand_of(uint8_t slot, const struct command *command, const struct regime *regime);
/* Could this trace be of this errand: one that it leaves, not found yet, and telling what it asked for? */
bool errand_fits(const struct errand *errand, const struct trace *trace);

#endif
