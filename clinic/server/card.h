/* card.h - a task as a page shows it: where it stands, what is asked, what was found, what would change. Amounts are texts with
 * their units. REQ-CLIN-02, -03, -07 to -09, screen rules W1 to W9. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_CARD_H
#define CLINIC_SERVER_CARD_H

#include <jansson.h>

#include "clinic/server/task.h"

/* Under tasks->lock; a new object, or null without memory. */
json_t *card_json(const struct task *task, int64_t now_ms);

enum { CARD_DIGEST_TEXT = 2 * HASH_BYTES + 1 };
/* Of the finish screen as the card tells it: who agrees says to which. Under tasks->lock. */
void card_digest(const struct task *task, char text[CARD_DIGEST_TEXT]);

#endif
