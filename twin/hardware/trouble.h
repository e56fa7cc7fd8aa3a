/* trouble.h - what can be wrong with the implant, switched on and off. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_HARDWARE_TROUBLE_H
#define TWIN_HARDWARE_TROUBLE_H

struct twin;

enum twin_fault {
    TWIN_FAULT_STALL,        /* the rotor does not turn (a magnet field, a worn shaft) */
    TWIN_FAULT_SLIP,         /* `amount` = share of quanta (0..1) the encoder confirms though nothing moved */
    TWIN_FAULT_OVERINFUSION, /* `amount` = displaced over nominal, such as 1.2 */
    TWIN_FAULT_KINK,         /* the catheter is narrowed: the mechanism still moves, `amount` = share that passes */
    TWIN_FAULT_OCCLUSION,    /* nothing passes the catheter: what is displaced is squeezed out and lost */
    TWIN_FAULT_LEAK,         /* `amount` = share of what passes the catheter that is lost before the tip */
    TWIN_FAULT_DISCONNECTION,/* all of it is lost between pump and catheter; the catheter stands still */
    TWIN_FAULT_SENSOR_STUCK, /* sensors keep showing what they showed when it began */
    TWIN_FAULT_MAGNET,       /* a magnet is held over the implant */
    TWIN_FAULT_FIELD,        /* the implant is in a scanner: no motor moves, and of a pump with valves the field pulls both
                                open, until what rushes out has closed the safety valve */
    TWIN_FAULT_FIELD_REST,   /* the scanner is left, and the rotor does not turn yet (clinical facts 1.1: 2 to 24 h) */
    TWIN_FAULT_TEMPERATURE,  /* `amount` = true temperature of the implant, C, instead of the body's */
    TWIN_FAULT_LEAKAGE,      /* `amount` = leakage current between the feedthroughs, nA, beyond a sound part's */
    TWIN_FAULT_SOUNDER_DEAD, /* no current flows through the sounder, and no tone is heard */
    TWIN_FAULT_SENSOR_WRONG, /* `amount` = what the fill sensor shows over what is there */
    TWIN_FAULT_LOAD,         /* `amount` = motor load over a new motor's; twin_set_load() lets it rise */
    TWIN_FAULT_GRANULOMA,    /* a mass at the tip: `amount` = share that it holds back, which may change all the time */
    TWIN_FAULT_POCKET,       /* `amount` = share of the next fill that goes beside the reservoir; that fill ends it */
    TWIN_FAULTS
};

/* Switches a fault on (amount, kind above; 1 where it has no meaning) or off (0 or less). Shares above 1 count as 1. */
void twin_set_fault(struct twin *twin, enum twin_fault fault, double amount);

#endif
