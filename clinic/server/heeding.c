/* heeding.c - limits that were shown, counted by rule. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/heeding.h"

#include <string.h>

#include "clinic/records/overrides.h"

enum { AT_ONCE = 64, RULES_MAX = 4096 }; /* more than a library has */

void limits_get(struct request *request, struct answer *answer)
{
    struct override_count counts[AT_ONCE];
    char after[OVERRIDE_RULE_BYTES] = "";
    unsigned count = AT_ONCE;
    json_t *list = json_array();
    struct records *records = request_records(request);
    enum records_fault fault = RECORDS_OK;
    while (fault == RECORDS_OK && count == AT_ONCE && json_array_size(list) < RULES_MAX) {
        fault = overrides_table(records, after, counts, AT_ONCE, &count);
        for (unsigned i = 0; i < count && fault == RECORDS_OK; i++)
            (void)json_array_append_new(list, json_pack("{s:s, s:I, s:I}", "rule", counts[i].rule, "shown",
                                                        (json_int_t)counts[i].shown, "overridden",
                                                        (json_int_t)counts[i].overridden));
        if (count > 0)
            memcpy(after, counts[count - 1].rule, sizeof after);
    }
    if (fault == RECORDS_OK)
        answer_page(answer, "limits", json_incref(list), 0);
    else
        answer_records(answer, records, fault);
    request_done(request);
    json_decref(list);
}
