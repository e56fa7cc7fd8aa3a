/* figure.h - a number of an entry file with where it comes from: {"value": "2.4 mcg/day", "source": "label"}, or {"value": ...,
 * "guess": true, "why": "..."}. Nothing in an entry stands without one or the other. REQ-LIBR-01. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FORMULARY_FIGURE_H
#define CLINIC_FORMULARY_FIGURE_H

#include "clinic/formulary/entry.h"
#include "document/reader.h"

/* The sources of a file, and which of them anything names. */
void sources_read(const struct node *root, struct entry *entry);
/* Complains of sources that nothing named. */
void sources_used(const struct node *root, const struct entry *entry, uint32_t used);

/* Where figures are read into, and what was found on the way. */
struct figures {
    struct entry *entry; /* its unit and its sources are known already */
    uint32_t used;       /* sources, a bit each */
};

/* Each is true when the node was there and right. The node is {"value": ...} with its origin; absent nodes leave the figure
 * unknown. Amounts of drug must be written in the entry's one unit (screen rule U6). */
bool figure_read(struct figures *figures, const struct node *node, enum dimension dimension, struct figure *figure);
bool decision_flag(struct figures *figures, const struct node *node, bool *value, struct origin *origin);
bool decision_word(struct figures *figures, const struct node *node, const char *const *words, unsigned *value,
                   struct origin *origin);
bool decision_text(struct figures *figures, const struct node *node, char text[ENTRY_WORD_BYTES], struct origin *origin);
bool statement_read(struct figures *figures, const struct node *node, struct entry_statement *statement);

#endif
