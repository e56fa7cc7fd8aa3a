/* pumpbutton.h - the button of the patient of `cisterna pump`, who asks for boluses freely: rig/button.h, with its key in the
 * file `button` of the implant's folder. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PUMPBUTTON_H
#define APP_PUMPBUTTON_H

#include "clinic/programmer/keystore.h"
#include "rig/button.h"

enum { PUMPBUTTON_FAULT_BYTES = 192 };

/* All of it; nothing is done while `on` is false. */
struct pumpbutton {
    bool on;
    struct button button;
    bool held; /* the store */
    struct keystore store;
    char fault[PUMPBUTTON_FAULT_BYTES]; /* why the key could not be kept when that was last tried; empty: it was kept */
    void (*tell)(void *context);
    void *context; /* of tell */
};

/* For an implant that runs in this folder; `tell` takes the events that wait. Nothing is done where nobody asks freely. A
 * patient's programmer never stops a pump: whatever is wrong with the file is said, each press is in vain until the process is
 * started anew, and the implant runs. */
void pumpbutton_begin(struct pumpbutton *pump, const char *folder, struct live *live, void (*tell)(void *context),
                      void *context);
/* Presses, when it is wanted, and says what became of it. */
enum button_press pumpbutton_pass(struct pumpbutton *pump, bool radio);
/* Words for why the last press was not heard; never null. */
const char *pumpbutton_reason(const struct pumpbutton *pump);
void pumpbutton_end(struct pumpbutton *pump);

#endif
