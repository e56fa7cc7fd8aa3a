/* button.h - the bolus button of a live implant's patient: who asks freely presses it by what is felt, over the air, with a
 * patient's key of its own, like any patient's programmer; and the pump says what it makes of it. The key is paired when it is
 * wanted for the first time. Nobody has a button whose therapy has no patient bolus.
 *
 * A conversation passes in the implant's own time, ahead of the clock outside by what it took (seconds); until that has caught
 * up, the implant waits. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_BUTTON_H
#define RIG_BUTTON_H

#include "clinic/programmer/programmer.h"
#include "rig/live.h"

/* What it needs of the world. */
struct button_edge {
    void *context;
    void (*chance)(void *context, uint8_t *bytes, size_t size);
    /* Keeps the key safely, before anything that depends on it is sent. False: it could not. */
    bool (*keep)(void *context, const struct key *key);
    /* Takes the events that wait in the live implant: no time passes before. */
    void (*tell)(void *context);
};

/* What became of a press. */
enum button_press {
    BUTTON_NOTHING, /* none was wanted, or there is no button */
    BUTTON_APPLIED,
    BUTTON_REFUSED, /* by the pump */
    BUTTON_UNHEARD  /* no answer, or none could be sent: it is asked at the next press what became of it */
};

struct button {
    struct live *live;
    struct programmer programmer;
    struct button_edge edge;
    struct ether_ear ear;
    enum reach reach;
    bool off;             /* no radio comes to the pump */
    enum contact contact; /* how the last press went */
    uint8_t outcome;      /* of a pairing that it needed and the pump refused (SPEC §5); else 0 */
    int64_t wall_ms;
};

/* After live_start(), where the person asks freely; else nothing is done, and false returned. `kept`: the key that was kept last;
 * null: there is none, and it is paired, in the slot it had if it ever had one. Button and implant must stay where they are. */
bool button_begin(struct button *button, struct live *live, const struct key *kept, const struct button_edge *edge);
/* Presses, when it is wanted. `radio` is whether frames come to the pump at all. */
enum button_press button_pass(struct button *button, bool radio, int64_t wall_ms);
/* Words for why the last press was not heard; never null. */
const char *button_reason(const struct button *button);

#endif
