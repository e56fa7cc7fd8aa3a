/* oracle.h - the judge of a simulated life: told what was sent to the pump, what the twin saw move and what the pump
 * logged, it knows at every instant what the promises allow (docs/soak.md lists them) and stops at the first that is
 * broken. Written from the promises and core/SPEC.md; shares no decision with pump/, and of core/ only the types. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_ORACLE_H
#define RIG_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/command.h"
#include "core/event.h"
#include "core/therapy.h"
#include "rig/tip.h"

enum promise {
    PROMISE_NONE = 0,
    PROMISE_LIMITS,     /* more left the tip in an hour or a day than the limits allow */
    PROMISE_PRESCRIBED, /* more was commanded than prescribed */
    PROMISE_FLOW,       /* less was commanded than prescribed, without a reason the pump may have */
    PROMISE_OLD_OR_NEW, /* the therapy in force is neither the one before nor the one sent, or it was stopped unasked */
    PROMISE_ONCE,       /* a bolus came twice, unasked, too early or too often */
    PROMISE_FORGOTTEN,  /* a count, an id or a number of the log went back, or a gap was not told */
    PROMISE_SAYS_SO,    /* a fault that mattered was not told in time, or nothing flows in silence */
    PROMISE_STUCK,      /* the pump asks again and again for the same instant */
    PROMISES
};
const char *promise_word(enum promise promise);

/* What is true of the implant, from the twin's side. */
struct oracle_facts {
    int64_t quantum_fl;   /* true volume of a quantum */
    int32_t rate_min;     /* least flow of the model, nL/day */
    int64_t busy_ms;      /* longest time one quantum takes, stall included */
};

struct oracle_breach {
    enum promise promise; /* PROMISE_NONE: none yet */
    int64_t at_ms;
    char text[240];
};

enum { ORACLE_WAITS = 24, ORACLE_GRANTS = 64, ORACLE_QUIET_MS = 48 * HOUR_MS, ORACLE_UNKNOWN = -1 };

/* A fault that must be told: by an alarm or an event, before a deadline. */
struct oracle_wait {
    bool open;
    unsigned fault;        /* the caller's number */
    uint8_t alarm[2];      /* alarm codes, either will do; 0 none */
    uint16_t event[2];     /* event codes, likewise */
    uint64_t by_fired;     /* broken once so many quanta were commanded, ever ... */
    int64_t by_ms;         /* ... and this instant has passed */
    bool must;             /* false: being told is only counted */
};

struct oracle_therapy {
    bool is;
    struct therapy therapy;
    uint8_t token[TOKEN_BYTES];
    size_t size;
    uint8_t bytes[THERAPY_BYTES_MAX];
};

struct oracle {
    struct oracle_facts facts;
    struct oracle_breach breach;
    /* the flow prescribed, and what of it may be in hand: between lo and hi, in grains */
    int64_t quantum_grain, lo, hi;
    int64_t at_ms;                     /* reckoned up to here */
    int64_t change_ms;                 /* base and course stay as they are until then */
    int32_t base, course_rate;
    int64_t course_left;               /* grains; of the course under way */
    uint8_t course;                    /* kind as in the events; 0 none */
    bool course_late;                  /* quanta were missed in a bridge: it ends at another hour than was judged */
    bool course_loose;                 /* a reset came in between: it ends when the pump says so, within a few quanta */
    bool course_withheld;              /* some of its quanta were held back: how many is told of the first only */
    uint8_t mode;                      /* enum mode */
    bool flows_known;
    int64_t offset_ms;                 /* civil time */
    int64_t periodic_next_ms;          /* INT64_MAX none; ORACLE_UNKNOWN after a command whose receipt was lost */
    int64_t activated_ms;
    /* quanta */
    uint64_t fired, missed;
    int64_t fired_ms;                  /* the last */
    int64_t flow_since_ms;             /* since when a flow should be seen */
    /* why the pump may deliver less for now */
    int64_t recovering_until_ms;
    bool withheld, refused;
    int64_t disturbed_ms;              /* last fault injected; INT64_MIN / 2 never */
    int64_t stopped_ms, minimum_ms;    /* when a clinician last chose so, */
    int64_t cleared_ms;                /* or cleared an alarm */
    int64_t boot_ms;
    bool off;                          /* the core does not run: nothing is prescribed */
    int64_t true_minus_tick;           /* true time less the pump's, at the last quantum */
    int64_t overinfusion_ms;           /* while and a day after the mechanism moves too much: until */
    double overinfusion;               /* by which factor at most */
    bool blind;                        /* what stands where in the catheter is not what any pump could know */
    /* therapies */
    struct oracle_therapy now, before, sent;
    bool uncertain;                    /* power failed while `sent` was being committed: it may be in force */
    bool unread;                       /* what the pump logged last may be gone: its state is read back */
    /* boluses */
    unsigned pressed, ordered;         /* commands applied, their course not yet begun */
    int64_t ordered_nl;
    unsigned grants;
    int64_t grant_ms[ORACLE_GRANTS];   /* true starts of patient boluses, newest last */
    /* what may not go back */
    int64_t metered;
    uint64_t sequence;
    bool storage;                      /* the pump has flash: what is stored there must outlive the retained memory */
    bool lost;                         /* retained memory was lost since the last look */
    uint32_t cuts;                     /* quanta that may have been cut short since the reservoir was filled */
    uint64_t told;                     /* waits that were answered, ever */
    struct oracle_wait wait[ORACLE_WAITS];
    struct tip tip; /* last: it is large */
};

void oracle_start(struct oracle *oracle, const struct oracle_facts *facts, int64_t now_ms);

/* The clinic's and the patient's side. A therapy goes to the staging slot: */
void oracle_sent(struct oracle *oracle, const struct therapy *therapy, const uint8_t *bytes, size_t size,
                 const uint8_t token[TOKEN_BYTES]);
/* A command was answered; before the events it caused are told. `again`: the same command once more, whose receipt was
 * lost. */
void oracle_answered(struct oracle *oracle, const struct command *command, const struct receipt *receipt, bool again);
/* Power failed while a command was carried out: it may have been applied or not. */
void oracle_unanswered(struct oracle *oracle, const struct command *command, int64_t now_ms);

/* All times are those of the pump's clock but where they are called true: what is prescribed follows the pump's clock, but no
 * window, lockout or day may be shortened by it.
 * The twin's side. Time has passed; a quantum was commanded (with what the tip had delivered before, by drug place); it
 * was not confirmed; a fault began (until `lasts_ms` from now); */
void oracle_time(struct oracle *oracle, int64_t now_ms);
void oracle_fired(struct oracle *oracle, int64_t now_ms, int64_t true_ms, const double kg[TIP_DRUGS]);
void oracle_missed(struct oracle *oracle, int64_t now_ms);
void oracle_disturbed(struct oracle *oracle, int64_t now_ms, int64_t lasts_ms);
void oracle_overinfused(struct oracle *oracle, int64_t until_ms, double factor);
/* the core does not run; it was started again, with or without the retained memory, and an entry of its log says so. */
void oracle_off(struct oracle *oracle, int64_t now_ms);
void oracle_booted(struct oracle *oracle, int64_t now_ms, bool memory_kept);

/* The pump's side stands in rig/hearing.h. */

/* A fault was injected that must (or may) be told. `quanta` more quanta and `ms` of time may pass first. False when too
 * many are waited for. */
bool oracle_expect(struct oracle *oracle, const struct oracle_wait *wait, uint64_t quanta, int64_t ms);
/* What came of the waits that are over, one at a time: the fault's number, or -1. */
int oracle_told(struct oracle *oracle, bool *answered);

/* Records the first breach; later ones are not kept. */
void oracle_break(struct oracle *oracle, enum promise promise, int64_t at_ms, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
