/* twindoor.h - how the server reaches the simulation behind a pump, where there is one: a door that belongs to somebody else. The
 * server knows no twin: it hands requests on and holds answers to the shape it tells (clinic/server/answer.def). A clinic of
 * real pumps has no such door, and no route then leads to one. docs/training.md */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_TWINDOOR_H
#define CLINIC_SERVER_TWINDOOR_H

struct server_twin {
    void *context; /* handed back */
    /* Asks the simulation of the pump of this serial: one JSON object as text, and one back, to be given to free(). Null: nobody
     * answers for it, or not in time. Null itself: there are no simulations here. Called from several threads at once. */
    char *(*ask)(void *context, const char *serial, const char *request);
};

#endif
