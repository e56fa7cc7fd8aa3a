/* doses.c - tables of doses for `cisterna spine`: any bytes. */
// SPDX-License-Identifier: Apache-2.0
#include <math.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "rig/dosing.h"

static void event_judge(const struct dosing_event *event, double before_s)
{
    MUST(isfinite(event->at_s) && event->at_s >= before_s);
    MUST(event->kg >= 0 && event->kg <= 1);
    MUST(event->span_s >= 0 && event->at_s + event->span_s < 1e10); /* 300 years and a few */
    MUST(event->line > 0);
    switch (event->kind) {
    case DOSING_BOLUS:
        MUST(event->kg > 0 && event->span_s == 0);
        return;
    case DOSING_INFUSION:
        MUST(event->kg > 0 && event->span_s > 0);
        return;
    case DOSING_LOOK:
    case DOSING_RESET:
        MUST(event->kg == 0 && event->span_s == 0);
        return;
    }
    MUST(false);
}

/* Every event belongs to one person, and each person's stand in order of time. */
static void doses_judge(const struct dosing *dosing)
{
    size_t seen = 0;
    for (size_t i = 0; i < dosing->people; i++) {
        const struct dosing_person *person = &dosing->person[i];
        double before_s = 0;
        MUST(person->first == seen && memchr(person->id, '\0', sizeof person->id) != NULL);
        for (size_t k = 0; k < person->count; k++) {
            const struct dosing_event *event = &dosing->event[seen + k];
            event_judge(event, before_s);
            before_s = event->at_s;
            MUST(event->at_s + event->span_s <= person->end_s);
        }
        seen += person->count;
    }
    MUST(seen == dosing->events);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct dosing_units units = { "h", "mg" };
    struct dosing dosing;
    char *text = malloc(size + 1);
    MUST(text != NULL);
    if (size > 0)
        memcpy(text, bytes, size);
    text[size] = '\0';
    if (dosing_read(&dosing, "doses.csv", text, &units, "morphine"))
        doses_judge(&dosing);
    else
        MUST(strncmp(dosing.fault, "doses.csv:", 10) == 0);
    dosing_free(&dosing);
    free(text);
    return 0;
}
