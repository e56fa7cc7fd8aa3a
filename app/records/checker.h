/* checker.h - `cisterna records verify`, and the anchor: where the audit ended when it was last sound, in a file kept
 * elsewhere. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_RECORDS_CHECKER_H
#define APP_RECORDS_CHECKER_H

#include "app/records/clerk.h"

int checker_verify(struct clerk *clerk);
/* The rows of the audit, one a line. */
int checker_audit(struct clerk *clerk);

#endif
