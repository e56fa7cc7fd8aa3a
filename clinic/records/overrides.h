/* overrides.h - every time a limit was shown: which rule, which value, and whether it was heeded or overridden, by whom and
 * why. A rule that is overridden half of the time is a fault of the rule. REQ-LIBR-04, REQ-LIBR-05, REQ-CLIN-12. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_OVERRIDES_H
#define CLINIC_RECORDS_OVERRIDES_H

#include "clinic/records/records.h"

enum { OVERRIDE_RULE_BYTES = 48 };

struct override_record {
    int64_t id, visit;
    int64_t user; /* 0: a key file */
    int64_t at_ms;
    char rule[OVERRIDE_RULE_BYTES]; /* its name in the formulary, such as "morphine.dose_day.soft" */
    int64_t level;                  /* WORD_LEVEL_... */
    int64_t value, bound;           /* in the rule's unit of core/quantity.h */
    int64_t answer;                 /* WORD_ANSWER_... */
    int64_t reason;                 /* WORD_REASON_...; not NONE when overridden */
    int64_t second;                 /* the user who confirmed it besides; 0: nobody. Another than `user` */
};

/* Inside a transaction; id, user and moment are set here. RECORDS_REFUSED: nobody passes a hard limit, and nobody a soft one
 * without a reason. */
enum records_fault overrides_add(struct records *records, const struct override_record *shown, int64_t *id);
enum records_fault overrides_read(struct records *records, int64_t id, struct override_record *shown);

/* How often each rule was shown and overridden, in the order of their names; those behind `after` ("" for the first). */
struct override_count {
    char rule[OVERRIDE_RULE_BYTES];
    int64_t shown, overridden;
};
enum records_fault overrides_table(struct records *records, const char *after, struct override_count *counts, unsigned room,
                                   unsigned *count);

#endif
