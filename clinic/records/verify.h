/* verify.h - finds every row that was edited, deleted, added, moved or cut off outside of this software: needs the audit key,
 * so anybody who can sign in may run it. HZ-33, REQ-SECU-12.
 *
 * What it goes through: the chain of the audit from its first row to its sealed head; every row of every audited table
 * against its last hash in the audit; the chain of pulled pump logs against the hashes of the pulls; and, given an anchor,
 * whether the audit still holds the row that was its last when the anchor was made. Without an anchor a whole database put
 * back to an earlier state of itself is not found. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_VERIFY_H
#define CLINIC_RECORDS_VERIFY_H

#include "clinic/records/audit.h"

struct verify {
    struct records *records;
    void (*say)(void *context, const char *text); /* one fault found, in a sentence */
    void *context;
    uint64_t audit_rows, rows, log_rows, faults;
    struct audit_head head; /* where the audit ends: the next anchor */
};

/* `anchor` may be null. RECORDS_OK: nothing was found; RECORDS_DAMAGED: verify->faults were, each one said; anything else: it
 * could not be gone through. */
enum records_fault verify_run(struct verify *verify, struct records *records, const struct audit_head *anchor,
                              void (*say)(void *context, const char *text), void *context);

/* For the parts of it: one fault. */
__attribute__((format(printf, 2, 3))) void verify_fault(struct verify *verify, const char *format, ...);

#endif
