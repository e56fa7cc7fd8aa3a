/* logbook.c - `cisterna log`: page after page of the pump's log, a line an event. */
// SPDX-License-Identifier: Apache-2.0
#include "app/logbook.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/told.h"
#include "app/visit.h"
#include "document/plain.h"
#include "rig/journal.h"

enum { RING_EVENTS = 1, RING_FAULTS = 2, ITEM_EVENT = 1, ITEM_GAP = 2, ITEM_BREAK = 3, ITEM_UNKNOWN = 4, LAST_SHOWN = 100 };

struct logbook {
    struct visit *visit;
    struct journal journal; /* with a stream: JSON */
    uint32_t ring;
    uint64_t events, gaps, breaks;
};

static const char *why_text(uint32_t why)
{
    static const char *const texts[] = { "", ": older than the oldest that is held", ": damaged or torn",
                                         ": there is no trace of them" };
    return why < sizeof texts / sizeof *texts ? texts[why] : "";
}

static struct event event_of(const cisterna_LogItem *item)
{
    struct event event = { .code = (uint16_t)item->code, .actor = (uint8_t)item->actor, .epoch = item->epoch,
                           .at = { item->at_ms }, .sequence = item->from_sequence };
    for (unsigned i = 0; i < item->field_count && i < 4; i++)
        event.field[i] = item->field[i];
    return event;
}

/* The word that stands for a field; null when its number says all there is. */
static const char *field_word(json_t *words, const char *field)
{
    char key[40];
    if (strcmp(field, "lot_low") == 0)
        return json_string_value(json_object_get(words, "lot"));
    snprintf(key, sizeof key, "%s_%s", field, strcmp(field, "alarm") == 0 ? "name" : "word");
    return json_string_value(json_object_get(words, key));
}

static void reasons_print(json_t *reasons)
{
    for (size_t i = 0; i < json_array_size(reasons); i++)
        printf("%s%s", i == 0 ? "  because of " : ", ", json_string_value(json_array_get(reasons, i)));
}

/* Somebody else's words; null when they are no text at all. */
static void lot_print(const char *word)
{
    char lot[PLAIN_TEXT_BYTES];
    plain_write(word != NULL ? word : "?", lot, sizeof lot);
    printf("  \"%s\"", lot);
}

/* Its fields, in words where the events of a scenario have words too. */
static void fields_print(const struct event_row *row, const struct event *event)
{
    json_t *words = journal_words(event);
    for (unsigned i = 0; i < 4 && row->field[i][0] != '\0'; i++) {
        const char *field = row->field[i], *word = field_word(words, field);
        if (strcmp(field, "verdict") == 0)
            reasons_print(json_object_get(words, "reasons"));
        else if (strcmp(field, "lot_high") == 0)
            continue; /* the rest of what is printed for lot_low */
        else if (strcmp(field, "lot_low") == 0)
            lot_print(word);
        else if (word != NULL)
            printf("  %s %s", field, word);
        else if (event->field[i] == INT64_MAX)
            printf("  %s never", field);
        else
            printf("  %s %" PRId64, field, event->field[i]);
    }
    json_decref(words);
}

static void event_print(const struct visit *visit, const struct event *event)
{
    char at[AMOUNT_TEXT_BYTES];
    const struct event_row *row = event_row(event->code);
    told_instant(visit, event->at.ms, at, sizeof at);
    printf("%8" PRIu64 "  %s  %-10s %s", event->sequence, at, journal_actor_word(event->actor),
           row != NULL ? row->word : "unknown");
    if (row == NULL)
        printf(" 0x%02X", event->code);
    else
        fields_print(row, event);
    printf("\n");
}

/* What is not an event: the same line for people and, as JSON, for programs. */
static void trouble_say(struct logbook *book, const char *word, const char *text, const cisterna_LogItem *item)
{
    if (book->journal.stream == NULL) {
        printf("     ---  %s: %s, records %" PRIu64 " to %" PRIu64 "%s\n", word, text, item->from_sequence, item->to_sequence,
               why_text(item->why));
        return;
    }
    printf("{\"%s\":true,\"from\":%" PRIu64 ",\"to\":%" PRIu64 ",\"why\":%u}\n", word, item->from_sequence, item->to_sequence,
           (unsigned)item->why);
}

static void item_say(struct logbook *book, const cisterna_LogItem *item)
{
    struct event event = event_of(item);
    switch (item->what) {
    case ITEM_EVENT:
        book->events++;
        if (book->journal.stream != NULL)
            journal_event(&book->journal, &event, &book->visit->calendar);
        else
            event_print(book->visit, &event);
        break;
    case ITEM_GAP:
        book->gaps++;
        trouble_say(book, "gap", "these are missing", item);
        break;
    case ITEM_BREAK:
        book->breaks++;
        trouble_say(book, "break", "THE CHAIN DOES NOT HOLD: something was deleted, changed or put elsewhere", item);
        break;
    case ITEM_UNKNOWN: /* its second number is the version */
    default:
        book->gaps++;
        trouble_say(book, "unknown", "written in a version that cannot be read", item);
        break;
    }
}

static enum contact pages_say(struct logbook *book, uint64_t from)
{
    enum contact contact = CONTACT_OK;
    while (from != 0 && contact == CONTACT_OK) {
        cisterna_Request request = { .which_ask = cisterna_Request_read_log_tag,
                                     .ask.read_log = { .ring = book->ring, .from_sequence = from } };
        cisterna_Reply reply;
        contact = programmer_ask(&book->visit->programmer, &book->visit->air, &request, &reply);
        if (contact != CONTACT_OK)
            break;
        for (unsigned i = 0; i < reply.tell.log.item_count; i++)
            item_say(book, &reply.tell.log.item[i]);
        if (reply.tell.log.next_sequence != 0 && reply.tell.log.next_sequence <= from)
            return CONTACT_VERSION; /* it would never end */
        from = reply.tell.log.next_sequence;
    }
    return contact;
}

static int ring_read(const struct desk *desk, uint32_t *ring)
{
    const char *word = desk_has(desk, OPTION_AT_RING) ? desk->value[OPTION_AT_RING] : "events";
    *ring = strcmp(word, "events") == 0 ? RING_EVENTS : strcmp(word, "faults") == 0 ? RING_FAULTS : 0;
    return *ring != 0 ? EXIT_DONE : desk_usage(desk, "--ring is events or faults, not ", word);
}

int logbook_run(const struct desk *desk)
{
    struct visit visit;
    struct logbook book = { .visit = &visit, .journal = { .stream = desk_has(desk, OPTION_AT_JSON) ? stdout : NULL } };
    uint64_t from = 0;
    int code = ring_read(desk, &book.ring);
    if (code == EXIT_DONE && desk_has(desk, OPTION_AT_FROM))
        code = desk_number(desk, desk->value[OPTION_AT_FROM], 1, UINT64_MAX, &from);
    if (code == EXIT_DONE)
        code = visit_begin(desk, PURPOSE_LOOK, &visit);
    if (code != EXIT_DONE)
        return code;
    if (from == 0)
        from = book.ring == RING_EVENTS && visit.status.log_last > LAST_SHOWN ? visit.status.log_last - LAST_SHOWN + 1 : 1;
    enum contact contact = pages_say(&book, from);
    visit_end(&visit);
    if (contact != CONTACT_OK) {
        fprintf(stderr, "cisterna log: %s\n", told_contact(contact));
        return told_contact_exit(contact);
    }
    fprintf(stderr, "cisterna log: %" PRIu64 " events, %" PRIu64 " gaps, %" PRIu64 " breaks of the chain\n", book.events,
            book.gaps, book.breaks);
    return book.breaks == 0 ? EXIT_DONE : EXIT_DAMAGED;
}
