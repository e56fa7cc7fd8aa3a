/* entry.h - what the formulary knows of one drug in one region: every number with its source, and no number where none was found.
 * REQ-LIBR-01, REQ-LIBR-06. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FORMULARY_ENTRY_H
#define CLINIC_FORMULARY_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "amount/amount.h"
#include "core/mixture.h"
#include "core/model.h"

enum {
    ENTRY_TEXT_BYTES = 640,
    ENTRY_WORD_BYTES = 64,
    ENTRY_SOURCES_MAX = 24,
    ENTRY_CONCENTRATIONS_MAX = 8,
    ENTRY_STARTS_MAX = 6,
    ENTRY_TITRATIONS_MAX = 8,
    ENTRY_STATEMENTS_MAX = 12,
    ENTRY_REASONS_MAX = 48,
    ENTRY_REGION_BYTES = 4
};

/* How far a source carries: read there; worked out from what was read there; a page of low authority; our own guess. */
enum mark { MARK_READ = 1, MARK_DERIVED, MARK_WEAK, MARK_GUESS };
/* "read", "derived", "weak", "guess". */
const char *mark_word(uint8_t mark);

struct source {
    char id[ENTRY_WORD_BYTES];   /* as figures name it */
    char text[ENTRY_TEXT_BYTES]; /* what and where */
    uint8_t mark;                /* no figure from it carries further */
};

/* A number, in the integer unit of its dimension, or its absence. */
struct figure {
    bool known;
    uint8_t mark;   /* enum mark */
    uint8_t source; /* position in the entry's sources; meaningless for a guess */
    uint8_t reason; /* position in the entry's reasons, counted from 1: why it is guessed, or how it was worked out; 0: none */
    int64_t value;
};

/* Where something that is no number comes from; the members mean what a figure's mean. */
struct origin {
    uint8_t mark, source, reason;
};

#define FIELD(name, ...) FIELD_##name,
enum entry_field {
#include "clinic/formulary/field.def"
    FIELD_COUNT
};
#undef FIELD

/* Nothing outside `hard` can be passed by anybody; outside `soft` needs a reason and, where the entry says so, a second
 * clinician. Any of the four may be unknown. hard_low <= soft_low <= soft_high <= hard_high where known. */
struct bounds {
    struct figure hard_low, soft_low, soft_high, hard_high;
};

/* A starting dose: for whom, from, to. */
struct start_range {
    char who[ENTRY_WORD_BYTES];
    struct figure low, high; /* fg/day; low may be unknown ("at most") */
    bool opioid_naive;       /* for patients without opioid tolerance */
};

/* One step of titration: by an amount of daily dose or by a share of it. */
struct titration {
    char who[ENTRY_WORD_BYTES];
    bool share;              /* low and high in millionths of the present dose; else fg/day */
    bool downward;           /* a step down */
    struct figure low, high; /* low may be unknown ("at most") */
    struct figure interval;  /* least time between steps, ms */
    struct figure advised;   /* time between steps that is recommended, ms */
};

/* State of the drug in the reservoir, for its stability. */
enum fill_state { FILL_FIRST, FILL_UNDILUTED, FILL_DILUTED, FILL_STATES };

struct entry_statement {
    char text[ENTRY_TEXT_BYTES];
    uint8_t mark, source;
    uint8_t reason; /* as a figure's */
};

enum statement_kind { STATEMENT_WITHDRAWAL, STATEMENT_OVERDOSE, STATEMENT_GRANULOMA, STATEMENT_NOTE, STATEMENT_KINDS };

/* Whether the pump's maker names the drug for the model's materials. */
enum compatibility { COMPATIBILITY_UNKNOWN, COMPATIBILITY_DECLARED, COMPATIBILITY_REFUSED };

/* What an entry settles that is no number. */
enum decision {
    DECISION_CLASS,
    DECISION_PATIENT_BOLUS,
    DECISION_SECOND_CLINICIAN,
    DECISION_UNDER_DELIVERY,
    DECISION_SAFE_STATE,
    DECISION_COUNT
};

enum { ENTRY_MODELS = 4 }; /* one more than the largest enum model_code */

struct entry {
    uint16_t drug;                   /* enum drug */
    char region[ENTRY_REGION_BYTES]; /* "US", "EU" */
    char drug_class[ENTRY_WORD_BYTES];
    bool opioid;                     /* as core/drug.def says; a file that says otherwise is refused */
    bool milligrams;                 /* doses are written in mg; else in mcg (one unit for ever, screen rule U6) */
    bool second_clinician;           /* outside a soft bound a second signed-in clinician confirms */
    bool patient_bolus;              /* a patient may be given leave to ask for boluses */
    uint8_t under_delivery;          /* enum priority: how bad too little of it is */
    bool safe_minimum;               /* the safe state is the least flow; else stopped */
    struct figure restart_limit;     /* longest interruption after which the same dose may go on, ms */
    uint8_t concentrations;
    struct figure concentration[ENTRY_CONCENTRATIONS_MAX]; /* marketed, rising, ng/mL */
    struct bounds bounds[FIELD_COUNT];
    uint8_t starts;
    struct start_range start[ENTRY_STARTS_MAX];
    uint8_t titrations;
    struct titration titration[ENTRY_TITRATIONS_MAX];
    struct figure stability[FILL_STATES]; /* ms in the pump */
    struct figure refill_policy;          /* longest time between refills that is advised, ms */
    uint8_t compatibility[ENTRY_MODELS];  /* enum compatibility, by enum model_code */
    struct origin compatibility_origin[ENTRY_MODELS]; /* meaningless where it is unknown */
    struct origin origin[DECISION_COUNT];
    uint8_t statements[STATEMENT_KINDS];
    struct entry_statement statement[STATEMENT_KINDS][ENTRY_STATEMENTS_MAX];
    uint8_t sources;
    struct source source[ENTRY_SOURCES_MAX];
    uint8_t reasons;
    char reason[ENTRY_REASONS_MAX][ENTRY_TEXT_BYTES];
};

/* The key of a limit in files by its place, rising: "hard_low", "soft_low", "soft_high", "hard_high"; and the figure there. */
enum { BOUND_PLACES = 4 };
const char *bound_key(unsigned place);
struct figure *bound_at(struct bounds *bounds, unsigned place);
/* The names that files have for a state of the drug in the reservoir, and for a kind of statement. */
const char *fill_state_key(unsigned state);
const char *statement_key(unsigned kind);
/* The key of a field in files, what it is for people, and the dimension of its integer. */
const char *field_key(enum entry_field field);
const char *field_words(enum entry_field field);
enum dimension field_dimension(enum entry_field field);

/* Is this concentration one that the drug is marketed in? */
bool entry_marketed(const struct entry *entry, conc_ng_ml conc);
/* May a pump be programmed with it: marketed, or within the hard bounds of concentration on both sides? REQ-LIBR-03 */
bool entry_concentration_known(const struct entry *entry, conc_ng_ml conc);

#endif
