/* papers.h - reports of what is on record of a pump, as PDFs: clinic/report draws them, this finds what stands in them. What the
 * records do not know, the report says it does not know. REQ-CLIN-13, REQ-RSVR-04, REQ-RSVR-07.
 * Handlers: clinic/server/route.def says which requests they answer. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_PAPERS_H
#define CLINIC_SERVER_PAPERS_H

#include "clinic/report/head.h"
#include "clinic/server/request.h"

/* Draws a report and answers with its file, or with the problem that there was. */
void papers_answer(struct answer *answer, bool (*draw)(const void *what, struct report_out *out), const void *what);
/* The library of a region; null when there is none here. */
const struct formulary *papers_formulary(const struct server *server, const char *region);

void paper_get(struct request *request, struct answer *answer);

#endif
