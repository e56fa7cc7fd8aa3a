/* umpire.h - the judge of the campaign of sessions. Told what people asked for, what was heard on the air, what people were
 * told and what the pump logged, it stops at the first thing that does not agree: docs/calls.md. It takes nobody's word for
 * what happened: neither the programmer's nor the pump's answers count without the trace in the log, nor the log without the
 * quanta of the twin. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_UMPIRE_H
#define RIG_UMPIRE_H

#include "rig/chosen.h"
#include "rig/errand.h"
#include "rig/quota.h"

enum wrong {
    WRONG_NONE = 0,
    WRONG_TWICE,     /* what was asked for once was sent as two commands, or happened twice */
    WRONG_UNASKED,   /* something was sent, or happened, that nobody asked for */
    WRONG_UNTRUE,    /* somebody was told what is not so */
    WRONG_LOST,      /* a receipt was forgotten, or what was applied left no trace */
    WRONG_UNSETTLED, /* contact returned, and what became of a command did not become known */
    WRONG_RECEIPT,   /* the same command got two receipts */
    WRONG_REUSED,    /* a counter, nonce or command id stood on the air twice with different content, or went back */
    WRONG_MODE,      /* the pump was left in a mode nobody chose */
    WRONG_DOSE,      /* more was moved than asked for, or less than was said */
    WRONG_STUCK,     /* the pump or the campaign cannot go on */
    WRONGS
};
const char *wrong_word(enum wrong wrong);

struct umpire_breach {
    enum wrong wrong;
    int64_t at_ms; /* true time */
    char text[200];
};

enum { UMPIRE_ERRANDS = 1024, UMPIRE_TRACES = 128, UMPIRE_REGIMES = 128, UMPIRE_GAPS = 64 };

struct umpire {
    struct umpire_breach breach;
    int64_t now_ms;                 /* true time: set it before anything is told */
    int64_t event_ms;               /* of the newest entry of the log, the pump's time */
    struct chosen chosen;
    struct quota quota;
    int32_t rate_min_nl_day;        /* of the model */
    struct regime regime;           /* in force */
    unsigned errands, traces, regimes, gaps;
    unsigned modes_open;            /* errands whose mode is still to be looked up in the log */
    struct errand errand[UMPIRE_ERRANDS];
    struct trace trace[UMPIRE_TRACES]; /* found in the log, and not yet known whose */
    struct regime known[UMPIRE_REGIMES];
    struct umpire_gap { int64_t from_ms, to_ms; } gap[UMPIRE_GAPS];
    struct umpire_wish {
        bool open;
        uint8_t kind;
        uint64_t print;
        unsigned sent; /* commands heard for it */
    } wish[SENDER_SLOTS + 1];       /* by slot: what its sender wants just now */
};

void umpire_start(struct umpire *umpire, double quantum_nl, int32_t rate_min_nl_day, int64_t now_ms);
/* Records the first breach; later ones are not kept. */
void umpire_break(struct umpire *umpire, enum wrong wrong, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* People. One is about to have this given (a STAGE stands for all chunks of its therapy); has stopped wanting it; was told what
 * became of a command (receipt outcome 0: none came); or that it was never sent; has lost all memory of what he sent. */
void umpire_therapy(struct umpire *umpire, const struct therapy *therapy);
void umpire_wants(struct umpire *umpire, uint8_t slot, const struct command *command);
void umpire_wants_no_more(struct umpire *umpire, uint8_t slot);
void umpire_told(struct umpire *umpire, uint8_t slot, uint64_t id, const struct receipt *receipt);
void umpire_told_unsent(struct umpire *umpire, uint8_t slot);
void umpire_forgets(struct umpire *umpire, uint8_t slot);

/* The air. A command set out; the pump answered with a receipt, or (null) that it has never seen this id. */
void umpire_sent(struct umpire *umpire, uint8_t slot, const struct command *command);
void umpire_answered(struct umpire *umpire, uint8_t slot, uint64_t id, const struct receipt *receipt);
/* Or that others have followed it, and its receipt is gone. */
void umpire_gone(struct umpire *umpire, uint8_t slot, uint64_t id);

/* The pump: one entry of its log; entries between two moments are missing; the therapy that stands in force; its true mode,
 * when it runs and all entries up to now are told; quanta set out. */
void umpire_event(struct umpire *umpire, const struct event *event);
void umpire_gap(struct umpire *umpire, int64_t from_ms, int64_t to_ms);
void umpire_in_force(struct umpire *umpire, const uint8_t token[TOKEN_BYTES]);
void umpire_look(struct umpire *umpire, uint8_t mode, int64_t pump_ms);
void umpire_moved(struct umpire *umpire, uint64_t quanta);

/* Contact has returned, and everybody has settled: nothing may be left over. */
void umpire_end(struct umpire *umpire);

#endif
