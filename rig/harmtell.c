/* harmtell.c - what the files of a run say of complications. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/harmtell.h"

#include "amount/amount.h"
#include "rig/nearest.h"
#include "rig/rig.h"
#include "rig/scenario.h"

static void set_share(json_t *object, const char *name, double share)
{
    char text[AMOUNT_TEXT_BYTES];
    amount_write(text, nearest(share * 1e6), 4, 0, "%");
    json_object_set_new(object, name, json_string(text));
}

static void set_text(json_t *object, const char *name, const char *text)
{
    json_object_set_new(object, name, json_string(text));
}

json_t *harm_tell(const struct harm *harm, const struct harm_event *event)
{
    char text[AMOUNT_TEXT_BYTES];
    json_t *detail = json_object();
    if (event == NULL || event->kind != HARM_COMPLICATION) {
        if (event != NULL)
            set_text(detail, "complication", event->kind == HARM_GRANULOMA_BEGUN ? "granuloma" : "granuloma_gone");
        set_share(detail, "granuloma_closes", 1.0 - granuloma_passes(&harm->granuloma));
        set_text(detail, "tip", harm_tip_word(harm));
        return detail;
    }
    set_text(detail, "complication", complication_row(event->complication)->word);
    if (event->effect.fault != TWIN_FAULTS) {
        amount_write(text, nearest(event->effect.amount * 1e6), 6, 0, "");
        set_text(detail, "fault", scenario_fault_word(event->effect.fault));
        set_text(detail, "amount", text);
    }
    if (event->effect.drawn_back_m > 0.0)
        set_text(detail, "tip", harm_tip_word(harm));
    return detail;
}

json_t *harm_stands(const struct harm *harm, const struct twin *twin)
{
    char text[AMOUNT_TEXT_BYTES];
    json_t *object = json_object();
    json_object_set_new(object, "happened", json_integer(harm->happened));
    json_object_set_new(object, "granulomas", json_integer(harm->granuloma.begun));
    set_share(object, "granuloma_closes", 1.0 - granuloma_passes(&harm->granuloma));
    set_text(object, "tip", harm_tip_word(harm));
    json_object_set_new(object, "infected", json_integer(harm->infected));
    amount_write_volume(text, rig_nl(twin->totals.pocket).nl);
    set_text(object, "pocket", text);
    return object;
}
