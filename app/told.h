/* told.h - what is said of a command: applied, not applied and why, or unknown and what to do. REQ-LINK-04, HZ-28. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_TOLD_H
#define APP_TOLD_H

#include <jansson.h>

#include "app/visit.h"

/* A sentence for how a conversation went; never null. */
const char *told_contact(enum contact contact);
int told_contact_exit(enum contact contact);

/* Gives a command, says what came of it, and returns the exit code. */
int told_give(struct visit *visit, struct command *command);
/* Says what came of a command: a line for people, or a whole object. */
int told_say(const struct visit *visit, enum told told, const struct receipt *receipt, enum contact contact);
/* Says on standard error what became of an earlier command, if this session settled one. */
void told_settled(const struct visit *visit);

/* A receipt as JSON: members of `object`. */
void told_receipt(const struct visit *visit, const struct receipt *receipt, json_t *object);
/* Writes an object to standard output and lets it go. */
void told_print(json_t *object);
/* An instant of the pump as a civil time; "never" for the one that never comes. */
void told_instant(const struct visit *visit, int64_t at_ms, char *text, size_t room);

#endif
