/* people.h - a clinician and a patient beside a rig, each with a programmer of their own: what they want goes over the air, by
 * the link, like everybody's. There is no other way from a scenario into the pump. HZ-28, REQ-LINK-02, -04. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_PEOPLE_H
#define RIG_PEOPLE_H

#include "clinic/programmer/programmer.h"
#include "rig/air.h"

/* So often something is tried or asked again before it is given up for this time: guess. */
enum { PEOPLE_TRIES = 20 };

enum party { PARTY_CLINICIAN, PARTY_PATIENT, PARTIES };

struct people {
    struct rig *rig; /* whose pump it is; set it anew when the rig is moved */
    struct party_with {
        struct programmer programmer;
        struct rig_air air;
        struct key key;  /* as it was last kept */
        int64_t used_ms; /* when its session was last used */
        uint32_t resets; /* of the rig, then */
    } with[PARTIES];
    uint8_t asked;       /* enum party: who gave the last command */
    struct receipt last; /* id and kind of that */
    bool unheard;        /* no receipt came: what came of it is not known */
    bool radio;          /* the person asked reached the pump at all */
};

/* The secrets that a factory draws for a unit, here from a seed, so that a run repeats: never for anything but a simulation. */
void people_provision(struct pump_unit *unit, uint64_t seed);

/* Pairs both with the card of this unit: the clinician near, the patient afar from then on. False when the pump does not let
 * them. */
MUST_USE bool people_meet(struct people *people, struct rig *rig);

/* Gives a command. Where no receipt came, people->unheard says so, and the receipt's outcome is 0. */
void people_command(struct people *people, enum party party, struct command *command, struct receipt *receipt);
/* What became of the last command, after silence: asks in a new session. A receipt that is not applied and has no reason: the
 * pump has never seen it, and never will. */
void people_settle(struct people *people, struct receipt *receipt);
/* Has the pump never seen what this receipt is about? */
bool people_never_seen(const struct receipt *receipt);

/* Stages and activates, as one clinician. */
void people_activate(struct people *people, const struct therapy *therapy, bool retitrated, struct receipt *receipt);
/* As rig_refill(): aspirates and fills when the pump has booked it, also when that becomes known only later. */
MUST_USE bool people_refill(struct people *people, const struct rig_refill *refill, struct receipt *receipt);

#endif
