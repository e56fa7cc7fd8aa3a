/* reportfile.h - what `cisterna report` reads: one JSON document with what every report says, the therapy in force, and a
 * section for each kind of report (docs/report.md, docs/report.schema.json). */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_REPORTFILE_H
#define APP_REPORTFILE_H

#include "clinic/report/emergency.h"
#include "clinic/report/refillcard.h"
#include "clinic/report/session.h"
#include "clinic/report/therapy.h"
#include "clinic/report/trend.h"
#include "document/reader.h"

enum report_kind { REPORT_SESSION, REPORT_REFILL, REPORT_THERAPY, REPORT_TREND, REPORT_EMERGENCY, REPORT_KINDS };

/* The document as the reports want it; only the parts of the asked kind are filled in. Texts belong to `root`. */
struct reportfile {
    json_t *root;
    bool has_formulary;
    struct formulary formulary;
    struct report_head head;
    vol_nl dead_volume;
    struct therapy therapy, before; /* in force, and the one before a session */
    struct mixture mixture;         /* before a refill */
    struct report_session session;
    struct report_refill refill;
    struct report_trend trend;
    struct report_emergency emergency;
};

/* "session" and the like. */
const char *report_kind_word(enum report_kind kind);

/* Reads what this kind of report needs. 0, or the exit code of what is wrong, told by the reader's complaints. To be freed in
 * either case. */
int reportfile_read(struct reader *reader, enum report_kind kind, struct reportfile *file);
void reportfile_free(struct reportfile *file);

#endif
