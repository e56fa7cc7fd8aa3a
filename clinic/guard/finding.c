/* finding.c - what a guard has to say. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/guard/finding.h"

#include <stdarg.h>
#include <stdio.h>

#define RULE(name, word, answers) { word, answers },
static const struct {
    const char *word, *answers;
} RULES[RULE_COUNT] = {
#include "clinic/guard/rule.def"
};
#undef RULE

void findings_add(struct findings *findings, enum rule rule, enum finding_level level, const char *format, ...)
{
    va_list list;
    if (findings->count == FINDINGS_MAX) {
        struct finding *last = &findings->item[FINDINGS_MAX - 1];
        *last =
            (struct finding){ .rule = (uint8_t)rule, .level = FINDING_HARD, .text = "more findings than can be shown" };
        return;
    }
    struct finding *finding = &findings->item[findings->count++];
    finding->rule = (uint8_t)rule;
    finding->level = (uint8_t)level;
    finding->ask = (struct finding_ask){ .again = false };
    finding->limit = (struct finding_limit){ .drug = 0 };
    finding->compare = (struct finding_compare){ .old = "" };
    va_start(list, format);
    vsnprintf(finding->text, sizeof finding->text, format, list);
    va_end(list);
}

void findings_ask(struct findings *findings, struct finding_ask ask)
{
    if (findings->count > 0 && findings->item[findings->count - 1].level == FINDING_SOFT)
        findings->item[findings->count - 1].ask = ask;
}

void findings_limit(struct findings *findings, struct finding_limit limit)
{
    if (findings->count > 0)
        findings->item[findings->count - 1].limit = limit;
}

void findings_compare(struct findings *findings, const char *old, const char *new, const char *times)
{
    struct finding *last = findings->count > 0 ? &findings->item[findings->count - 1] : NULL;
    if (last == NULL || (last->level != FINDING_SOFT && last->level != FINDING_HARD))
        return;
    snprintf(last->compare.old, sizeof last->compare.old, "%s", old);
    snprintf(last->compare.new, sizeof last->compare.new, "%s", new);
    snprintf(last->compare.times, sizeof last->compare.times, "%s", times);
}

enum finding_level findings_worst(const struct findings *findings)
{
    enum finding_level worst = FINDING_PASSED;
    for (unsigned i = 0; i < findings->count; i++)
        if (findings->item[i].level > worst)
            worst = (enum finding_level)findings->item[i].level;
    return worst;
}

unsigned findings_of(const struct findings *findings, enum finding_level level)
{
    unsigned count = 0;
    for (unsigned i = 0; i < findings->count; i++)
        count += findings->item[i].level == level;
    return count;
}

const char *rule_word(enum rule rule)
{
    return RULES[rule].word;
}

const char *rule_answers(enum rule rule)
{
    return RULES[rule].answers;
}

const char *finding_level_word(enum finding_level level)
{
    static const char *const words[] = { "passed", "note", "soft limit", "hard limit" };
    return words[level];
}
