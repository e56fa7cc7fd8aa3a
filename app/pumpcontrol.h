/* pumpcontrol.h - the control socket of `cisterna pump --control`: rig/control.h behind rig/wire.h. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PUMPCONTROL_H
#define APP_PUMPCONTROL_H

#include "rig/control.h"
#include "rig/wire.h"

/* All of it; nothing is done while `on` is false. */
struct pumpcontrol {
    bool on;
    struct control control;
    struct wire wire;
};

/* Milliseconds since 1970, for marks. */
int64_t pumpcontrol_wall(void);
/* The socket `control` in this folder, for an implant that runs. An exit code, with a message. */
int pumpcontrol_begin(struct pumpcontrol *pump, const char *folder, struct live *live, struct pace *pace);
/* Answers whoever asks, and never waits. */
void pumpcontrol_serve(struct pumpcontrol *pump);
/* How far time may pass before pumpcontrol_pass() has to look. */
instant_ms pumpcontrol_until(const struct pumpcontrol *pump, instant_ms until);
/* Looks, when it is time to. */
void pumpcontrol_pass(struct pumpcontrol *pump);
/* Can a wait for others be as long as it likes? */
bool pumpcontrol_idle(const struct pumpcontrol *pump);
void pumpcontrol_end(struct pumpcontrol *pump);

#endif
