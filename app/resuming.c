/* resuming.c - the therapy in force is no measure while less flows. */
// SPDX-License-Identifier: Apache-2.0
#include "app/resuming.h"

#include <stdio.h>

#include "app/told.h"
#include "clinic/guard/wording.h"
#include "clinic/workflow/hands.h"

/* In flows: the drug and its concentration stay the same. */
static void step_say(const struct visit *visit, const struct interrogation *seen)
{
    wording now, then, times;
    struct ratio day =
        ratio_over(program_worst_volume(&seen->therapy.program, (span_ms){ DAY_MS }).grain, GRAIN_PER_NL);
    struct ratio factor = ratio_div(day, ratio_of(seen->base.nl_day));
    write_flow(now, ratio_of(seen->base.nl_day), ROUND_NEAREST);
    write_flow(then, day, ROUND_NEAREST);
    write_factor(times, factor, ROUND_NEAREST);
    fprintf(stderr, "cisterna %s: %s flows now; the therapy in force gives up to %s%s%s%s\n", visit->desk->command, now,
            then, ratio_is(factor) ? ": " : "", ratio_is(factor) ? times : "",
            ratio_is(factor) ? " times as much" : "");
}

/* Since when it is less the pump does not tell: somebody must. */
static int span_judge(const struct visit *visit, uint16_t limit_hours)
{
    const struct desk *desk = visit->desk;
    int64_t ms = 0;
    if (desk_has(desk, OPTION_AT_RETITRATED))
        return EXIT_DONE;
    if (!desk_has(desk, OPTION_AT_STOPPED_FOR)) {
        fprintf(stderr,
                "cisterna %s: since when is not known: --stopped-for SPAN would pass, up to %u h, or --retitrated "
                "where the dose "
                "was found anew. Nothing was sent.\n",
                desk->command, limit_hours);
        return EXIT_REFUSED;
    }
    int code = desk_amount(desk, OPTION_AT_STOPPED_FOR, DIMENSION_SPAN, 0, INT64_MAX, &ms);
    if (code != EXIT_DONE || ms <= (int64_t)limit_hours * HOUR_MS)
        return code;
    fprintf(stderr,
            "cisterna %s: after more than %u h of less the tolerance may be gone: the dose must be found anew, and "
            "that be said "
            "(--retitrated). Nothing was sent.\n",
            desk->command, limit_hours);
    return EXIT_REFUSED;
}

int resuming_judge(struct visit *visit)
{
    struct interrogation seen;
    if (visit->programmer.role != ROLE_CLINICIAN) /* the pump refuses the others */
        return EXIT_DONE;
    enum contact contact = hands_interrogate(&visit->programmer, &visit->air, &seen);
    if (contact != CONTACT_OK) {
        fprintf(stderr, "cisterna %s: %s\n", visit->desk->command, told_contact(contact));
        return told_contact_exit(contact);
    }
    if (!interrogation_lowered(&seen) || seen.interrupted_since.ms != INSTANT_NEVER.ms)
        return EXIT_DONE;
    step_say(visit, &seen);
    return span_judge(visit, seen.therapy.restart_limit_hours);
}
