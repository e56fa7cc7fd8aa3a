/* hands.h - carries out what a workflow wants of a pump, with clinic/programmer, and tells it what came of it. One call, one
 * want; a therapy is staged together with the signature over its hard limits. REQ-LINK-04, -05, -09, HZ-17, HZ-28. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_HANDS_H
#define CLINIC_WORKFLOW_HANDS_H

#include "clinic/programmer/programmer.h"
#include "clinic/workflow/workflow.h"

/* Asks the pump all that an interrogation holds; opens a session where there is none, and always where the outcome of a command
 * is still to be settled. On failure *seen is untouched. */
MUST_USE enum contact hands_interrogate(struct programmer *programmer, const struct air *air,
                                        struct interrogation *seen);
/* Told of each command before it goes out, in the session it goes out in: its workflow, and the number it will have. False keeps
 * it back. */
struct hands_ahead {
    void *context;
    bool (*write)(void *context, const struct workflow *workflow, uint64_t command_id);
};
/* Does what is wanted of the pump now; other wants are the caller's, and CONTACT_OK. What could not be done leaves the workflow
 * where it is, or ends it, as workflow.h says. `ahead` may be null; what it keeps back is CONTACT_KEEP_FAILED. Times as there. */
enum contact hands_do(struct workflow *workflow, struct programmer *programmer, const struct air *air, int64_t now_ms,
                      const struct hands_ahead *ahead);

#endif
