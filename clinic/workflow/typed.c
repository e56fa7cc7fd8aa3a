/* typed.c - amounts as people type them. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/typed.h"

#include <string.h>

bool judge_amount(struct findings *findings, enum rule rule, const char *what, const char *text,
                  enum dimension dimension, int64_t *amount)
{
    if (memchr(text, '\0', TYPED_BYTES) == NULL || *text == '\0')
        findings_add(findings, rule, FINDING_HARD, "%s was not said: %s would be", what, amount_example(dimension));
    else if (strchr(text, ',') != NULL)
        findings_add(
            findings, rule, FINDING_HARD,
            "%s: a comma is not read, as in one country it parts thousands and in another decimals; a point parts "
            "decimals, as in %s",
            what, amount_example(dimension));
    else if (amount_read(text, dimension, amount) != AMOUNT_OK)
        findings_add(findings, rule, FINDING_HARD, "%s: \"%s\" is not %s", what, text, amount_example(dimension));
    else
        return true;
    return false;
}
