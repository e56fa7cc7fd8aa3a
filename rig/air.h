/* air.h - what a programmer needs of the world, here a rig: frames go through the twin's radio, and while a programmer waits,
 * virtual time passes for everybody. Several may share one rig: each hears every frame the pump sends. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_AIR_H
#define RIG_AIR_H

#include "clinic/programmer/air.h"
#include "rig/rig.h"

struct rig_air {
    struct rig *rig;       /* set it anew when the rig is copied */
    enum reach reach;      /* how its frames come to the pump; may change at any time */
    struct ether_ear ear;
    uint64_t chance;       /* draws of this one's stream */
    struct key *kept;      /* where its key is copied to; null: it cannot be kept */
    bool gone;             /* there is no radio any more: nothing is sent or heard, time passes all the same */
};

/* Hears what the pump sends from now on. `stream` sets its chance apart from that of others at the same twin. */
void rig_air_start(struct rig_air *air, struct rig *rig, enum reach reach, uint32_t stream, struct key *kept);
/* The same as a programmer wants it. Good as long as `air` stays where it is. */
struct air rig_air_of(struct rig_air *air);

#endif
