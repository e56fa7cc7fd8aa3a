/* typing.h - the keys that were pressed in fields for numbers, as a page tells them with its answer to a step; kept before the
 * answer is judged, told again, and replayed. Screen rule N8.
 *
 * "keys": {"sent": ms, "fields": [{"field": "dose", "value": "5.5", "missed": 0,
 *                                  "pressed": [[ms, from, to, "key", "value"], ...]}]}
 * A press: when, since the step was opened; which characters of the value before were marked, from-to; the key; the value then.
 * Each begins with an empty field. A key of one character that was taken stands in the place of what was marked; "Backspace",
 * "Delete" and "Clear" take away; "Paste:text", "Step:text" and "Pick:text" bring a text in; a key that was refused, or changes
 * nothing, leaves the value as it was. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_TYPING_H
#define CLINIC_SERVER_TYPING_H

#include "clinic/server/request.h"
#include "clinic/server/task.h"

enum {
    TYPING_FIELDS_MAX = 96,    /* of one answer: a therapy by the hour has 64 steps */
    TYPING_PRESSES_MAX = 160,  /* of one field; what comes after is counted as missed */
    TYPING_KEY_BYTES_MAX = 80, /* with the text of a paste */
    TYPING_VALUE_BYTES_MAX = 63
};

/* Holds "keys" to its form; every fault is a complaint. */
void typing_read(const struct node *keys);
/* Its JSON schema; a new object. */
json_t *typing_schema(void);
/* Do the keys of one field, from the empty field on, lead to its value, each to the value that is told with it? */
bool typing_replays(const json_t *field);

/* Keeps the "keys" of a request's body, if it has any, with the patient of the task. Called with none of the server's locks. What
 * cannot be kept is told in the journal: nobody's therapy waits for it. */
void typing_keep(struct request *request, uint8_t step);

void typed_get(struct request *request, struct answer *answer);

#endif
