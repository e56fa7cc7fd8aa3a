/* limit.c - limits that were shown. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/casebook/limit.h"

#include <stdio.h>

static void name_write(char name[OVERRIDE_RULE_BYTES], uint8_t rule, const struct finding_limit *limit, int64_t level)
{
    const char *drug = drug_word(limit->drug);
    const char *word = limit->field != 0 ? field_key((enum entry_field)(limit->field - 1)) : rule_word((enum rule)rule);
    (void)snprintf(name, OVERRIDE_RULE_BYTES, "%s%s%s.%s", drug != NULL ? drug : "", drug != NULL ? "." : "", word,
                   list_word(LIST_LEVEL, level));
}

struct override_record limit_passed(const struct workflow *workflow, const struct passed *passed)
{
    struct override_record shown = { .level = WORD_LEVEL_SOFT,
                                     .value = passed->limit.value,
                                     .bound = passed->limit.bound,
                                     .answer = WORD_ANSWER_OVERRIDDEN,
                                     .reason = passed->reason,
                                     .second = passed->ask.second ? workflow->second_user : 0 };
    name_write(shown.rule, passed->rule, &passed->limit, shown.level);
    return shown;
}

struct override_record limit_heeded(const struct heeded *heeded)
{
    struct override_record shown = { .level = heeded->level == FINDING_HARD ? WORD_LEVEL_HARD : WORD_LEVEL_SOFT,
                                     .value = heeded->limit.value,
                                     .bound = heeded->limit.bound,
                                     .answer = WORD_ANSWER_HEEDED,
                                     .reason = WORD_REASON_NONE };
    name_write(shown.rule, heeded->rule, &heeded->limit, shown.level);
    return shown;
}
