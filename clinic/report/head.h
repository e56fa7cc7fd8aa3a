/* head.h - what every report says of itself: whose pump, who made it when, how old its data are, and by which software and
 * formulary. REQ-LIBR-06, screen rule W9. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_REPORT_HEAD_H
#define CLINIC_REPORT_HEAD_H

#include "clinic/report/page.h"
#include "clinic/report/words.h"
#include "core/model.h"

/* Texts are UTF-8, not null. */
struct report_head {
    const char *patient; /* a name or a code */
    const char *serial;  /* of the pump */
    const struct model *model;
    const char *pump_software; /* "" when not known */
    const char *software;      /* of what makes the report: "0.1.0" */
    const struct formulary *formulary;
    struct moment made;
    struct moment read; /* when what it says was read from the pump */
};

/* Where a report goes, and what went wrong when it did not. */
struct report_out {
    page_sink *sink;
    void *context;
    char fault[PAGE_FAULT_BYTES];
};

/* Frame and footer of a report with this title, around what `draw` draws. */
bool report_write(const struct report_head *head, const char *title, page_drawing *draw, const void *what,
                  struct report_out *out);

/* A remark where what it says is older than a day: what was true of the pump then may not be any more. */
void head_age(struct page *page, const struct report_head *head);

/* The rows that say whose pump it is and when. */
void head_facts(struct page *page, const struct report_head *head);

#endif
