/* patientbook.c - the book of presses as a small JSON file that is replaced as a whole. */
// SPDX-License-Identifier: Apache-2.0
#include "app/patientbook.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/patientclock.h"

enum { BOOK_VERSION = 1 };

static const char *const OUTCOMES[] = {
    [PRESS_ASKED] = "asked", [PRESS_APPLIED] = "applied", [PRESS_NOT_APPLIED] = "not_applied", [PRESS_LOST] = "lost"
};

static bool refuse(char fault[PATIENTBOOK_FAULT_BYTES], const char *path, const char *text)
{
    snprintf(fault, PATIENTBOOK_FAULT_BYTES, "%.80s: %s", path, text);
    return false;
}

static json_t *press_json(const struct press *press)
{
    char id[24];
    snprintf(id, sizeof id, "%" PRIu64, press->id);
    return json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:s}", "command", id, "outcome", OUTCOMES[press->outcome],
                     "reasons", (json_int_t)press->reasons, "pump_ms", (json_int_t)press->at_ms, "earliest_ms",
                     (json_int_t)press->earliest_ms, "epoch", (json_int_t)press->epoch, "when", press->when);
}

static bool press_read(json_t *json, struct press *press)
{
    const char *id = NULL, *outcome = NULL, *when = NULL;
    json_int_t reasons = 0, at_ms = 0, earliest_ms = 0, epoch = 0;
    char *end = NULL;
    if (json_unpack(json, "{s:s, s:s, s:I, s:I, s:I, s:I, s:s !}", "command", &id, "outcome", &outcome, "reasons",
                    &reasons, "pump_ms", &at_ms, "earliest_ms", &earliest_ms, "epoch", &epoch, "when", &when) != 0 ||
        strlen(when) >= PATIENTBOOK_WHEN_BYTES || epoch < 0 || epoch > UINT32_MAX || *id < '0' || *id > '9')
        return false;
    *press = (struct press){ .id = strtoull(id, &end, 10),
                             .reasons = (verdict)reasons,
                             .at_ms = at_ms,
                             .earliest_ms = earliest_ms,
                             .epoch = (uint32_t)epoch };
    snprintf(press->when, sizeof press->when, "%s", when);
    for (enum press_outcome i = PRESS_ASKED; i <= PRESS_LOST; i++)
        if (strcmp(outcome, OUTCOMES[i]) == 0)
            press->outcome = i;
    return press->outcome != 0 && *end == '\0';
}

/* Only the newest can be open. */
static bool presses_read(struct patientbook *book, json_t *list)
{
    size_t count = json_array_size(list);
    if (!json_is_array(list) || count > PATIENTBOOK_PRESSES_MAX)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!press_read(json_array_get(list, i), &book->press[i]) ||
            (book->press[i].outcome == PRESS_ASKED && i + 1 < count))
            return false;
    book->presses = (unsigned)count;
    return true;
}

static bool book_read(struct patientbook *book, const uint8_t *bytes, size_t size, char fault[PATIENTBOOK_FAULT_BYTES])
{
    json_int_t version = 0;
    const char *serial = NULL;
    json_t *list = NULL, *json = json_loadb((const char *)bytes, size, JSON_REJECT_DUPLICATES, NULL);
    bool form = json != NULL && json_unpack(json, "{s:I, s:s, s:o !}", "cisterna_patient", &version, "pump", &serial,
                                            "presses", &list) == 0;
    bool good = form && version == BOOK_VERSION && strcmp(serial, book->serial) == 0 && presses_read(book, list);
    if (form && version > BOOK_VERSION)
        (void)refuse(fault, book->file.path, "was written by a later version of cisterna");
    else if (form && !good && strcmp(serial, book->serial) != 0)
        (void)refuse(fault, book->file.path, "is the book of another pump; name another with --book");
    else if (!good)
        (void)refuse(fault, book->file.path,
                     "is no book of a patient's controller; move it away, or name another with --book");
    json_decref(json);
    return good;
}

bool patientbook_open(struct patientbook *book, const char *path, const char *serial,
                      char fault[PATIENTBOOK_FAULT_BYTES])
{
    uint8_t *bytes = malloc(KEYFILE_BYTES_MAX + 1);
    size_t size = 0;
    *book = (struct patientbook){ .presses = 0 };
    snprintf(book->serial, sizeof book->serial, "%s", serial);
    if (bytes == NULL)
        return refuse(fault, path, "no memory");
    enum keyfile_fault held = keyfile_hold(&book->file, path);
    enum keyfile_fault read = held == KEYFILE_OK ? keyfile_read(&book->file, bytes, &size) : held;
    bool good = read == KEYFILE_NONE;
    if (read == KEYFILE_BUSY)
        (void)refuse(fault, path, "another controller uses it");
    else if (read == KEYFILE_IO)
        (void)refuse(fault, path, strerror(errno));
    else if (read == KEYFILE_OK)
        good = book_read(book, bytes, size, fault);
    if (!good && held == KEYFILE_OK)
        keyfile_release(&book->file);
    free(bytes);
    return good;
}

void patientbook_close(struct patientbook *book)
{
    keyfile_release(&book->file);
}

static bool book_write(const struct patientbook *book)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < book->presses; i++)
        (void)json_array_append_new(list, press_json(&book->press[i]));
    json_t *json =
        json_pack("{s:i, s:s, s:o}", "cisterna_patient", BOOK_VERSION, "pump", book->serial, "presses", list);
    char *text = json != NULL ? json_dumps(json, JSON_INDENT(1)) : NULL;
    bool good = text != NULL && json_array_size(list) == book->presses &&
                keyfile_replace(&book->file, (const uint8_t *)text, strlen(text)) == KEYFILE_OK;
    free(text);
    json_decref(json);
    return good;
}

struct press *patientbook_asked(struct patientbook *book)
{
    struct press *newest = book->presses > 0 ? &book->press[book->presses - 1] : NULL;
    return newest != NULL && newest->outcome == PRESS_ASKED ? newest : NULL;
}

bool patientbook_ask(struct patientbook *book, const struct press *press)
{
    struct patientbook *before = malloc(sizeof *before);
    if (before == NULL || patientbook_asked(book) != NULL) {
        free(before);
        return false;
    }
    *before = *book;
    if (book->presses == PATIENTBOOK_PRESSES_MAX) {
        book->presses--;
        memmove(&book->press[0], &book->press[1], book->presses * sizeof book->press[0]);
    }
    book->press[book->presses++] = *press;
    bool good = book_write(book);
    if (!good)
        *book = *before;
    free(before);
    return good;
}

bool patientbook_settle(struct patientbook *book, const struct receipt *receipt, const struct calendar *calendar)
{
    struct press *press = patientbook_asked(book);
    if (press == NULL)
        return true;
    press->outcome = receipt->outcome == OUTCOME_APPLIED       ? PRESS_APPLIED
                     : receipt->outcome == OUTCOME_NOT_APPLIED ? PRESS_NOT_APPLIED
                                                               : PRESS_LOST;
    press->reasons = receipt->reasons;
    press->earliest_ms = receipt->earliest.ms;
    if (receipt->at.ms > 0) { /* the pump told when; one it has never seen keeps the time it was asked at */
        press->at_ms = receipt->at.ms;
        patientclock_moment(press->when, calendar, press->at_ms);
    }
    return book_write(book);
}

bool patientbook_learn(const struct patientbook *book, const struct key *key, struct receipt *receipt)
{
    const struct press *press = book->presses > 0 ? &book->press[book->presses - 1] : NULL;
    if (press == NULL || press->outcome != PRESS_ASKED || key->pending.id != 0)
        return false;
    *receipt = (struct receipt){ .id = press->id, .kind = COMMAND_PATIENT_BOLUS };
    if (key->command_id < press->id)
        receipt->outcome = OUTCOME_NOT_APPLIED; /* the key is written before anything is sent */
    else if (key->last.id == press->id)
        *receipt = key->last;
    return true;
}
