/* workrun.h - a workflow of the clinic at the command line: what the command says are its answers, and what it finds is printed.
 * The same machine as the pages' (clinic/workflow). Where nobody signs in (app/workbook.h) no second clinician can be asked:
 * soft limits are said, and passed with a reason that the command gives. REQ-CLIN-01 to -09, REQ-LIBR-03 to -06. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_WORKRUN_H
#define APP_WORKRUN_H

#include "app/visit.h"
#include "app/workbook.h"
#include "clinic/formulary/limitsfile.h"
#include "clinic/workflow/workflow.h"

struct workrun {
    struct visit *visit;
    struct workbook *book; /* the records behind it; null: none */
    struct interrogation seen;
    bool typed; /* somebody has typed the dose again */
    bool has_therapy;
    struct therapy therapy; /* what is proposed */
    bool has_refill;
    struct refill refill;
    struct formulary formulary; /* of the therapy's region: the release in force at the site, or the one that is built in */
    bool has_signature;
    struct signed_limits limits; /* as the site has signed them for the therapy, where a file of them was named */
    struct practice practice;
    struct workflow workflow;
};

/* Asks the pump. EXIT_DONE, or a message and an exit code. */
int workrun_look(struct workrun *work, struct visit *visit);
/* Takes the therapy, the refill, or both through the workflow that they need, up to where the therapy is to be staged, or,
 * without one, the refill typed again. EXIT_DONE; EXIT_REFUSED with every reason on standard error, and the pump as it was. */
int workrun_draft(struct workrun *work);
/* The pump has stored work->therapy, and tells it back as `stored`. */
void workrun_staged(struct workrun *work, const struct therapy *stored, const uint8_t token[TOKEN_BYTES]);
/* What was typed again; false with a message when it is not what the pump has stored. */
bool workrun_readback(struct workrun *work, const char *text);
/* The same where nobody is asked: what the command says stands for it. */
bool workrun_known(struct workrun *work);
/* Gives the command, says what came of it, and looks whether the pump does what was sent. Returns the exit code. */
int workrun_send(struct workrun *work);
void workrun_end(struct workrun *work);

#endif
