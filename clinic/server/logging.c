/* logging.c - logs of pumps as they were pulled. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/logging.h"

#include <stdlib.h>
#include <string.h>

#include "clinic/records/pumplog.h"
#include "core/catalog.h"

enum { PAGE_USUAL = 50, PAGE_MAX = 100 };

static json_t *event_json(const struct event *event)
{
    static const char *const ACTORS[] = { "pump", "clinician", "patient", "reader", "service" };
    const struct event_row *row = event_row(event->code);
    json_t *fields = json_object();
    for (unsigned i = 0; i < 4 && row != NULL; i++)
        if (row->field[i] != NULL && *row->field[i] != '\0')
            (void)json_object_set_new(fields, row->field[i], json_integer(event->field[i]));
    return json_pack("{s:s, s:i, s:I, s:I, s:I, s:s, s:o}", "event", row != NULL ? row->word : "unknown", "code",
                     (int)event->code, "sequence", (json_int_t)event->sequence, "pump_ms", (json_int_t)event->at.ms, "epoch",
                     (json_int_t)event->epoch, "actor", event->actor <= ACTOR_SERVICE ? ACTORS[event->actor] : "unknown",
                     "fields", fields);
}

static json_t *item_json(const struct pumplog_item *item)
{
    static const char *const WHATS[] = { "unknown", "event", "gap", "break", "unreadable" };
    static const char *const WHYS[] = { "", "dropped_as_oldest", "damaged", "absent" };
    json_t *object = json_pack("{s:s, s:I, s:I}", "what", WHATS[item->what <= PUMPLOG_UNREADABLE ? item->what : 0], "from",
                               (json_int_t)item->from, "to", (json_int_t)item->to);
    if (item->what == PUMPLOG_EVENT)
        (void)json_object_set_new(object, "event", event_json(&item->event));
    if (item->what == PUMPLOG_GAP)
        (void)json_object_set_new(object, "why", json_string(WHYS[item->why <= 3 ? item->why : 0]));
    return object;
}

void log_get(struct request *request, struct answer *answer)
{
    struct pumplog_item *items = calloc(PAGE_MAX + 1, sizeof *items);
    const char *ring = request->query[QUERY_RING];
    unsigned limit = (unsigned)request_query(request, QUERY_LIMIT, PAGE_USUAL), count = 0;
    int64_t implant = 0;
    if (items == NULL) {
        answer_problem(answer, 503, "busy", NULL, "no memory for a page");
        return;
    }
    if (!request_number(request, 0, &implant, answer)) {
        free(items);
        return;
    }
    struct records *records = request_records(request);
    /* One more than is told: it is where the next page begins. */
    enum records_fault fault =
        pumplog_list(records, implant, ring != NULL && strcmp(ring, "faults") == 0 ? PUMPLOG_FAULTS : PUMPLOG_EVENTS,
                     request_query(request, QUERY_FROM, 0), items, limit + 1, &count);
    if (fault == RECORDS_OK) {
        json_t *list = json_array();
        for (unsigned i = 0; i < count && i < limit; i++)
            (void)json_array_append_new(list, item_json(&items[i]));
        answer_page(answer, "items", list, count > limit ? (int64_t)items[limit].from : 0);
    } else {
        answer_records(answer, records, fault);
    }
    request_done(request);
    free(items);
}
