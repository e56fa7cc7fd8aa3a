/* ask.h - one request and its reply inside a session: numbered, sealed anew for each repeat. link/SPEC.md §6, §7. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PROGRAMMER_ASK_H
#define CLINIC_PROGRAMMER_ASK_H

#include "clinic/programmer/programmer.h"

/* Sends a request at most `tries` times until its reply comes. CONTACT_MALFORMED when it cannot be sent as it is: nothing was. */
MUST_USE enum contact ask_repeat(struct programmer *programmer, const struct air *air, cisterna_Request *request, unsigned tries,
                                 cisterna_Reply *reply);
/* Would it fit a frame as the session's next request? Nothing changes. */
bool ask_fits(const struct programmer *programmer, const cisterna_Request *request);

#endif
