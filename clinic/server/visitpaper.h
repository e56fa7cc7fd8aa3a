/* visitpaper.h - the report of a session of which a visit is the record: what was changed, what was typed again, which limits
 * were passed and by whom; as a PDF to be kept. What the records do not know, it says. REQ-CLIN-02, REQ-CLIN-13, REQ-LIBR-04.
 * Handlers: clinic/server/route.def says which requests they answer. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_VISITPAPER_H
#define CLINIC_SERVER_VISITPAPER_H

#include "clinic/server/request.h"

void visit_report(struct request *request, struct answer *answer);
/* Was a therapy sent in this visit? Then there is a report of it. */
enum records_fault visitpaper_is(struct records *records, int64_t visit, bool *is);

#endif
