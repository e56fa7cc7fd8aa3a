/* answering.h - the body of a request as a person's answers to a step of a workflow. Nothing has a default: what stands in no
 * member was not said. REQ-CLIN-05. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_ANSWERING_H
#define CLINIC_SERVER_ANSWERING_H

#include "clinic/server/task.h"
#include "document/reader.h"

/* Reads a body that its schema has passed. False, with complaints in its reader, when it says what no answer can be: a therapy
 * that this pump refuses, a rule or reason that is none. `step` is the one the body is for, `user` who is signed in. */
bool answering_read(const struct node *body, const struct task *task, uint8_t step, int64_t user,
                    struct answers *answers);

#endif
