/* finding.h - what a guard has to say: which rule, how hard, of which drug, and in words what, why, and how much would pass. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_GUARD_FINDING_H
#define CLINIC_GUARD_FINDING_H

#include <stdbool.h>
#include <stdint.h>

#define RULE(name, ...) RULE_##name,
enum rule {
#include "clinic/guard/rule.def"
    RULE_COUNT
};
#undef RULE

/* Passed is said too: a person who reads a plan sees what it was held to. Soft needs a reason and, where the formulary says so,
 * a second clinician; hard cannot be passed by anybody. REQ-LIBR-04, REQ-LIBR-05 */
enum finding_level { FINDING_PASSED, FINDING_NOTE, FINDING_SOFT, FINDING_HARD };

enum { FINDINGS_MAX = 48, FINDING_TEXT_BYTES = 480 };

/* What passes a soft finding besides a reason. */
struct finding_ask {
    bool second;       /* a second clinician who is signed in: the formulary says so for this drug */
    bool again;        /* this amount, typed again; */
    uint8_t dimension; /* enum dimension of it */
    int64_t value;
};

/* Which limit it is that is passed, and by how much, for the records: in the unit of the rule (core/quantity.h). */
struct finding_limit {
    uint16_t drug;        /* DRUG_NONE: the rule is of no drug */
    uint8_t field;        /* 1 + enum entry_field where the formulary bounds it; 0: another rule */
    int64_t value, bound; /* both 0 where there is no amount */
};

/* What is to be compared, as texts: the value before, the one that is wanted, and how many times as much that is. Rule N7. */
enum { FINDING_VALUE_BYTES = 48 };
struct finding_compare {
    char old[FINDING_VALUE_BYTES], new[FINDING_VALUE_BYTES], times[FINDING_VALUE_BYTES]; /* empty: nothing */
};

struct finding {
    uint8_t rule;  /* enum rule */
    uint8_t level; /* enum finding_level */
    struct finding_ask ask;
    struct finding_limit limit;
    struct finding_compare compare;
    char text[FINDING_TEXT_BYTES];
};

/* When there are more than fit, the last place says so and is hard: what is not seen is not passed. */
struct findings {
    unsigned count;
    struct finding item[FINDINGS_MAX];
};

__attribute__((format(printf, 4, 5))) void findings_add(struct findings *findings, enum rule rule,
                                                        enum finding_level level, const char *format, ...);
/* Says of the newest finding, where it is soft, what passes it. */
void findings_ask(struct findings *findings, struct finding_ask ask);
/* Says of the newest finding which limit it tells of. */
void findings_limit(struct findings *findings, struct finding_limit limit);
/* Says of the newest finding, where it holds something up, what is to be compared. */
void findings_compare(struct findings *findings, const char *old, const char *new, const char *times);
enum finding_level findings_worst(const struct findings *findings);
/* How many of this level. */
unsigned findings_of(const struct findings *findings, enum finding_level level);

const char *rule_word(enum rule rule);
/* The ids of hazards and requirements a rule answers, with blanks between. */
const char *rule_answers(enum rule rule);
const char *finding_level_word(enum finding_level level);

#endif
