/* told.c - outcomes in words, and as JSON. */
// SPDX-License-Identifier: Apache-2.0
#include "app/told.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/catalog.h"
#include "link/permit.h"
#include "document/advice.h"
#include "rig/journal.h"

const char *told_contact(enum contact contact)
{
    switch (contact) {
    case CONTACT_OK:
        return "done";
    case CONTACT_SILENCE:
        return "no answer: the pump is out of reach, not near enough, called too often of late, or does not let us in; come "
               "nearer, wait two minutes, and ask again";
    case CONTACT_NOT_PAIRED:
        return "this programmer is not paired with the pump; pair it with the implant card: cisterna pair";
    case CONTACT_REFUSED:
        return "the pump refuses: this role may not ask that, or there is no such thing; ask with the key of another role: "
               "--role";
    case CONTACT_VERSION:
        return "the pump speaks another version than this programmer; use the cisterna that fits its software";
    case CONTACT_PENDING:
        return "what became of an earlier command is not known yet; cisterna status asks the pump";
    case CONTACT_KEEP_FAILED:
        return "the file of keys could not be written; make room for it, or its folder writable";
    case CONTACT_MALFORMED:
        return "this cannot be said to a pump";
    }
    return "unknown";
}

int told_contact_exit(enum contact contact)
{
    switch (contact) {
    case CONTACT_OK:
        return EXIT_DONE;
    case CONTACT_REFUSED:
        return EXIT_REFUSED;
    case CONTACT_VERSION:
        return EXIT_VERSION;
    case CONTACT_PENDING:
        return EXIT_UNKNOWN;
    case CONTACT_NOT_PAIRED:
    case CONTACT_MALFORMED:
        return EXIT_USAGE;
    case CONTACT_SILENCE:
    case CONTACT_KEEP_FAILED:
        return EXIT_FAILED;
    }
    return EXIT_FAILED;
}

void told_instant(const struct visit *visit, int64_t at_ms, char *text, size_t room)
{
    char civil[CIVIL_TEXT_BYTES] = "never";
    if (at_ms != INSTANT_NEVER.ms)
        journal_civil(civil, (instant_ms){ at_ms }, &visit->calendar);
    snprintf(text, room, "%s", civil);
}

void told_print(json_t *object)
{
    char *text = json_dumps(object, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    if (text != NULL)
        printf("%s\n", text);
    free(text);
    json_decref(object);
}

/* Only these reasons have a nearest value, and both are volumes (pump/command.c). */
static bool has_nearest(const struct receipt *receipt)
{
    return (receipt->reasons & (VERDICT_BOLUS_SIZE | VERDICT_CAPACITY)) != 0;
}

static bool has_earliest(const struct receipt *receipt)
{
    return receipt->reasons != 0 && receipt->earliest.ms != INSTANT_NEVER.ms && receipt->earliest.ms > receipt->at.ms;
}

static json_t *advice_json(verdict reasons)
{
    json_t *list = json_array();
    for (unsigned bit = 0; bit < VERDICT_COUNT; bit++)
        if ((reasons >> bit & 1) != 0)
            json_array_append_new(list, json_string(advice_text(bit)));
    return list;
}

void told_receipt(const struct visit *visit, const struct receipt *receipt, json_t *object)
{
    char text[AMOUNT_TEXT_BYTES];
    snprintf(text, sizeof text, "%" PRIu64, receipt->id);
    json_object_set_new(object, "id", json_string(text)); /* as a text: a number of JSON does not hold 64 bits everywhere */
    if (receipt->outcome == 0)
        return;
    json_object_set_new(object, "reasons", journal_reasons(receipt->reasons));
    if (receipt->reasons != 0)
        json_object_set_new(object, "what_would_pass", advice_json(receipt->reasons));
    json_object_set_new(object, "at_ms", json_integer(receipt->at.ms));
    told_instant(visit, receipt->at.ms, text, sizeof text);
    json_object_set_new(object, "at", json_string(text));
    if (has_earliest(receipt)) {
        told_instant(visit, receipt->earliest.ms, text, sizeof text);
        json_object_set_new(object, "earliest", json_string(text));
    }
    if (has_nearest(receipt)) {
        amount_write_volume(text, receipt->detail);
        json_object_set_new(object, "nearest", json_string(text));
    }
    snprintf(text, sizeof text, "%016" PRIx64, receipt->head);
    json_object_set_new(object, "ledger_head", json_string(text));
}

static const char *told_word(enum told told)
{
    return told == TOLD_APPLIED ? "applied" : told == TOLD_NOT_APPLIED ? "not_applied" : "unknown";
}

static void json_say(const struct visit *visit, enum told told, const struct receipt *receipt, enum contact contact)
{
    json_t *object = json_object();
    json_object_set_new(object, "cisterna_command", json_integer(1));
    json_object_set_new(object, "notice", json_string("SIMULATION, never for use in people"));
    json_object_set_new(object, "command", json_string(command_word(receipt->kind)));
    json_object_set_new(object, "outcome", json_string(told_word(told)));
    if (receipt->outcome == 0)
        json_object_set_new(object, "why", json_string(told_contact(contact)));
    told_receipt(visit, receipt, object);
    told_print(object);
}

/* Who may give this command, and where it can be given, as words in a row; "" when that is not what stood in the way. */
static void may_write(const struct receipt *receipt, char *text, size_t room)
{
    size_t size = 0, barred = 0;
    bool by_role = (receipt->reasons & VERDICT_ROLE) != 0;
    *text = '\0';
    if (!by_role && (receipt->reasons & (VERDICT_MODE | VERDICT_NOT_RUNNING)) == 0)
        return;
    for (uint8_t role = ROLE_PATIENT; role <= ROLE_SERVICE; role++)
        for (uint8_t mode = MODE_NEW; mode <= MODE_EMPTY; mode++) {
            bool may = permit_command(receipt->kind, role, mode) == 0;
            barred += !may && !by_role && role == ROLE_CLINICIAN;
            const char *word = by_role ? role_word(role) : mode_word(mode);
            if (may && size < room && strstr(text, word) == NULL)
                size += (size_t)snprintf(text + size, room - size, "%s%s", size > 0 ? ", " : "", word);
        }
    if (!by_role && barred == 0)
        *text = '\0'; /* it is not the mode alone */
}

/* What would pass instead, reason by reason. */
static void advice_print(const struct receipt *receipt, FILE *out)
{
    char may[AMOUNT_TEXT_BYTES * 2];
    may_write(receipt, may, sizeof may);
    for (unsigned bit = 0; bit < VERDICT_COUNT; bit++)
        if ((receipt->reasons >> bit & 1) != 0)
            fprintf(out, "  what would pass: %s\n", advice_text(bit));
    if (*may != '\0')
        fprintf(out, "  %s %s\n", (receipt->reasons & VERDICT_ROLE) != 0 ? "roles that may:" : "modes in which it may be:", may);
}

/* Every reason, and what would be possible. */
static void reasons_print(const struct visit *visit, const struct receipt *receipt, FILE *out)
{
    char text[AMOUNT_TEXT_BYTES];
    const char *between = "";
    for (unsigned bit = 0; bit < VERDICT_COUNT; bit++)
        if ((receipt->reasons >> bit & 1) != 0) {
            fprintf(out, "%s%s", between, verdict_text(bit));
            between = "; ";
        }
    fprintf(out, "\n");
    if (has_nearest(receipt)) {
        amount_write_volume(text, receipt->detail);
        fprintf(out, "  nearest possible: %s\n", text);
    }
    if (has_earliest(receipt)) {
        told_instant(visit, receipt->earliest.ms, text, sizeof text);
        fprintf(out, "  possible from: %s\n", text);
    }
    advice_print(receipt, out);
}

static void text_say(const struct visit *visit, enum told told, const struct receipt *receipt, enum contact contact)
{
    const char *word = command_word(receipt->kind);
    char at[AMOUNT_TEXT_BYTES];
    if (told == TOLD_UNKNOWN) {
        printf("unknown: %s was sent, and no answer says what became of it: the pump may have carried it out, or not.\n"
               "  What to do: come nearer and run cisterna status, which asks the pump. Until then nothing else is sent.\n",
               word);
        return;
    }
    if (told == TOLD_APPLIED) {
        told_instant(visit, receipt->at.ms, at, sizeof at);
        printf("applied: %s, at %s\n", word, at);
    } else if (receipt->outcome == 0) {
        printf("not applied: %s: %s\n", word, told_contact(contact));
    } else {
        printf("not applied: %s: ", word);
        reasons_print(visit, receipt, stdout);
    }
    if (contact == CONTACT_KEEP_FAILED && receipt->outcome != 0)
        fprintf(stderr, "cisterna: %s: the next session asks the pump for this outcome once more\n", told_contact(contact));
}

int told_say(const struct visit *visit, enum told told, const struct receipt *receipt, enum contact contact)
{
    if (desk_has(visit->desk, OPTION_AT_JSON))
        json_say(visit, told, receipt, contact);
    else
        text_say(visit, told, receipt, contact);
    if (told == TOLD_UNKNOWN)
        return EXIT_UNKNOWN;
    if (told == TOLD_APPLIED)
        return EXIT_DONE;
    return receipt->outcome != 0 ? EXIT_REFUSED : told_contact_exit(contact);
}

int told_give(struct visit *visit, struct command *command)
{
    struct receipt receipt;
    enum contact contact = CONTACT_OK;
    enum told told = programmer_command(&visit->programmer, &visit->air, command, &receipt, &contact);
    return told_say(visit, told, &receipt, contact);
}

void told_settled(const struct visit *visit)
{
    const struct receipt *settled = &visit->programmer.settled;
    if (settled->id == 0)
        return;
    fprintf(stderr, "cisterna: the earlier %s, whose outcome was unknown, was ", command_word(settled->kind));
    if (settled->outcome == OUTCOME_APPLIED) {
        char at[AMOUNT_TEXT_BYTES];
        told_instant(visit, settled->at.ms, at, sizeof at);
        fprintf(stderr, visit->programmer.session.id != 0 ? "applied, at %s\n" : "applied\n", at);
    } else if (settled->outcome == 0) {
        fprintf(stderr, "perhaps applied: the pump has given later receipts since and kept none of it; look at its log\n");
    } else if (settled->reasons == 0) {
        fprintf(stderr, "not applied: it has never reached the pump\n");
    } else {
        fprintf(stderr, "not applied: ");
        reasons_print(visit, settled, stderr);
    }
}
